"""Pairs of states by year: trade, treaties, organisations, votes, disputes, kin; and what holds of them for longer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.errors import BadDate, Missing
from hegemon.evidence import codes
from hegemon.evidence.readers import read_votes
from hegemon.evidence.tables import cell, numbers, refuse, this_year
from hegemon.world_pack.manifest import FIRST, LAST
from hegemon.world_pack.official.reading import number, one_each, opened, whole, years
from hegemon.world_pack.official.states import RULING
from hegemon.world_pack.world import NONE

if TYPE_CHECKING:
    import pandas as pd

KEY = ["ccode1", "ccode2", "year"]
BITS = {"defense": 1, "offense": 2, "neutral": 4, "nonagg": 8, "consul": 16}
DISPUTES = 1900
CARRIED = 2016
"""Contiguity of the last year on record is carried on."""


def _ascending(table: pd.DataFrame, swap: tuple[str, str] | None = None) -> pd.DataFrame:
    """Pairs with the lower number first; two columns change places where a pair is turned."""
    turned = table["ccode1"] > table["ccode2"]
    low, high = np.minimum(table["ccode1"], table["ccode2"]), np.maximum(table["ccode1"], table["ccode2"])
    found = table.assign(ccode1=low, ccode2=high)
    if swap:
        one, two = swap
        found[one], found[two] = table[one].where(~turned, table[two]), table[two].where(~turned, table[one])
    return found[found["ccode1"] < found["ccode2"]]


def trade(file: Path) -> pd.DataFrame:
    """Flows of both directions: flow1 is what the first imports from the second."""
    table = years(opened(file, ("ccode1", "ccode2", "year", "flow1", "flow2")), "year", file)
    found = table[["year"]].assign(
        **{side: whole(table, side, file, 1, 999) for side in ("ccode1", "ccode2")},
        imports_1_from_2=number(table, "flow1", file, 0), imports_2_from_1=number(table, "flow2", file, 0),
    )  # fmt: skip
    found = _ascending(found, ("imports_1_from_2", "imports_2_from_1")).dropna(how="all", subset=list(found)[3:])
    return one_each(found[[*KEY, "imports_1_from_2", "imports_2_from_1"]], KEY, file)


def treaties(file: Path) -> pd.DataFrame:
    """Obligations of alliances as bits, either direction."""
    table = years(opened(file, ("mem1", "mem2", "year", *BITS)), "year", file)
    bits = sum(
        (number(table, name, file, 0, 1).fillna(0) * bit for name, bit in BITS.items()), start=0.0 * table["year"]
    )
    found = table[["year"]].assign(ccode1=whole(table, "mem1", file, 1, 9999), ccode2=whole(table, "mem2", file, 1, 9999),
                                   atop=bits.astype(int))  # fmt: skip
    found = _ascending(found)
    found = found[(found["ccode2"] <= 999) & (found["atop"] > 0)]
    either = found.groupby(KEY)["atop"].agg(lambda each: int(np.bitwise_or.reduce(each.to_numpy())))
    return either.rename("atop").reset_index()


def organisations(file: Path) -> pd.DataFrame:
    """Organisations that both are full members of (code 1)."""
    import pandas as pd

    table = opened(file, (), ())
    for column in ("ccode", "year"):
        if column not in table:
            raise Missing(f"column {column} is missing", "Take the state-year file of the release.", place=file.name)
    table = years(table, "year", file)
    names = [name for name in table if name not in ("ccode", "year", "state", "version")]
    member = (table[names].astype(str).apply(lambda column: column.str.strip()) == "1").to_numpy(np.float32)
    code = whole(table, "ccode", file, 1, 999).to_numpy()
    parts = []
    for year, rows in table.reset_index(drop=True).groupby("year").groups.items():
        at = np.asarray(rows)
        shared = member[at] @ member[at].T
        i, j = np.triu_indices(len(at), 1)
        parts.append(pd.DataFrame({"ccode1": code[at][i], "ccode2": code[at][j], "year": year,
                                   "igos": np.minimum(shared[i, j], NONE - 1)}))  # fmt: skip
    return _ascending(pd.concat(parts, ignore_index=True)).drop_duplicates(KEY)


def votes(file: Path) -> pd.DataFrame:
    """Votes in common, and the share of identical ones, by calendar year."""
    import pandas as pd

    cast = read_votes(file)
    cast = cast[cast["year"].between(FIRST, LAST)]
    number_of = codes.table().drop_duplicates("iso3").set_index("iso3")["ccode"]
    cast = cast.assign(ccode=cast["iso3"].map(number_of))
    parts = []
    for year, own in cast.groupby("year"):
        table = own.pivot_table(index="ccode", columns="rcid", values="vote")
        there = table.notna().to_numpy(np.float32)
        same = sum((table == code).to_numpy(np.float32) @ (table == code).to_numpy(np.float32).T for code in (1, 2, 3))
        both, code = there @ there.T, table.index.to_numpy(int)
        i, j = np.triu_indices(len(table), 1)
        seen = both[i, j] > 0
        parts.append(pd.DataFrame({"ccode1": code[i][seen], "ccode2": code[j][seen], "year": year, "un_common": both[i, j][seen],
                                   "un_agree": np.round(np.asarray(same)[i, j][seen] / both[i, j][seen] * 200)}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def ties(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Treaties, organisations and votes in one table."""
    import pandas as pd

    empty = pd.DataFrame({name: pd.Series(dtype=float) for name in [*KEY, "atop", "igos", "un_common", "un_agree"]})
    found = empty.set_index(KEY)
    for part in parts:
        found = found.combine_first(part.astype(float).set_index(KEY))
    fill = {"atop": 0, "igos": NONE, "un_common": 0, "un_agree": NONE}
    kinds: dict[str, Any] = {"atop": "uint8", "igos": "uint8", "un_common": "uint16", "un_agree": "uint8"}
    return found.fillna(fill).reset_index().astype(kinds | dict.fromkeys(KEY, "int16"))


def disputes(file: Path) -> pd.DataFrame:
    """Participants on opposite sides of each dispute, with their hostility."""
    table = opened(file, ("dispnum", "ccode", "styear", "sidea", "hostlev"))
    found = table.assign(
        ccode=whole(table, "ccode", file, 1, 999), year=whole(table, "styear", file, 1800, this_year()),
        dispnum=whole(table, "dispnum", file, 0, 10**6), sidea=whole(table, "sidea", file, 0, 1),
        hostlev=whole(table, "hostlev", file, -9, 5),
    )[["dispnum", "ccode", "year", "sidea", "hostlev"]]  # fmt: skip
    sides = found[found["sidea"] == 1], found[found["sidea"] == 0]
    both = sides[0].merge(sides[1], on="dispnum", suffixes=("1", "2"))
    both = both.assign(year=both[["year1", "year2"]].max(axis=1))
    both = _ascending(both[both["year"] >= DISPUTES], ("hostlev1", "hostlev2"))
    both["hostlev"] = both[["hostlev1", "hostlev2"]].max(axis=1)
    keep = ["source", *KEY, "dispnum", "onset", "hostlev1", "hostlev2", "hostlev"]
    found = both.assign(source="cow5", onset=1)[keep].drop_duplicates([*KEY, "dispnum"])
    return found[found["year"] <= LAST]


GENERIC = frozenset({
    "white", "black", "mestizo", "muslim", "indigenous people", "african", "european", "christian", "mulatto", "asian",
    "coloured", "creole", "arab", "sunni arab", "shia arab", "other", "east indian", "northerner", "southerner",
})  # fmt: skip
"""Names of groups that say nothing of kin in another state."""


def kin(each: pd.DataFrame) -> pd.DataFrame:
    """Part of the second's people in groups named like one that rules the first, as periods."""
    name = each["group"].astype(str).str.lower().str.replace(r"\(.*?\)|/.*$", "", regex=True).str.strip()
    told = each.assign(name=name.str.replace(r"s$", "", regex=True))
    told = told[~told["name"].isin(GENERIC) & told["year"].between(FIRST, LAST)]
    rule = told.loc[told["status"].isin(RULING), ["ccode", "year", "name"]].drop_duplicates()
    both = rule.merge(told[["ccode", "year", "name", "size"]], on=["year", "name"], suffixes=("1", "2"))
    both = both[both["ccode1"] != both["ccode2"]]
    share = both.groupby(["ccode1", "ccode2", "year"])["size"].sum().rename("share").reset_index()
    return periods(share, "share")


def periods(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Pair-years as periods in which a value stays."""
    import pandas as pd

    table = table.sort_values(KEY)
    sides = ["ccode1", "ccode2"]
    same = (table[sides].shift() == table[sides]).all(axis=1) & (table[value].shift() == table[value])
    same &= table["year"].shift() + 1 == table["year"]
    grouped = table.groupby((~same).cumsum())
    return pd.DataFrame({"ccode1": grouped["ccode1"].first(), "ccode2": grouped["ccode2"].first(), "from": grouped["year"].min(),
                         "to": grouped["year"].max(), value: grouped[value].first()}).reset_index(drop=True)  # fmt: skip


def contiguity(file: Path) -> pd.DataFrame:
    """The closest relation by period."""
    table = years(opened(file, ("state1no", "state2no", "year", "conttype")), "year", file)
    found = table[["year"]].assign(ccode1=whole(table, "state1no", file, 1, 999), ccode2=whole(table, "state2no", file, 1, 999),
                                   value=whole(table, "conttype", file, 1, 5))  # fmt: skip
    found = periods(_ascending(found).groupby(KEY)["value"].min().reset_index(), "value")
    found.loc[found["to"] >= CARRIED, "to"] = LAST
    return found.assign(what="contiguity")


def rivalries(file: Path) -> pd.DataFrame:
    """Strategic rivalries: 2 where over territory."""
    table = opened(file, ("ccode1", "ccode2", "start", "end", "spatial"))
    end = whole(table, "end", file, 1400, 2100)
    found = table.assign(
        ccode1=whole(table, "ccode1", file, 1, 999), ccode2=whole(table, "ccode2", file, 1, 999), to=end.clip(upper=LAST),
        value=1 + (number(table, "spatial", file, 0, 1) == 1), what="rivalry",
    )  # fmt: skip
    found["from"] = whole(table, "start", file, 1400, 2100)
    found = _ascending(found[(end >= FIRST) & (found["from"] <= LAST)])
    return found[["ccode1", "ccode2", "what", "from", "to", "value"]]


def rule(file: Path) -> pd.DataFrame:
    """Who left whose rule when, and whether by violence."""
    import pandas as pd

    table = opened(file, ("State", "ColRuler", "IndFrom", "IndDate", "IndViol"))
    state = whole(table, "State", file, 1, 999)
    violent = number(table, "IndViol", file, 0, 1)
    date = numbers(table, "IndDate", file.name, whole=True, empty=True)  # year and month; negative: before our era, or unknown
    month = date % 100
    refuse((date > 0) & ~month.between(0, 12), file.name, lambda row: f"IndDate = {cell(table['IndDate'].iloc[row])}",
           "Write year and month, as in 196008.", BadDate)  # fmt: skip
    rulers = [numbers(table, name, file.name, high=999, whole=True, empty=True) for name in ("ColRuler", "IndFrom")]
    rows = []
    for one, when, force, *two in zip(state, date, violent, *rulers, strict=True):
        for ruler in {int(code) for code in two if code > 0} - {one} if when > 0 else ():
            low, high = sorted((one, ruler))
            what = f"freed_from_{1 if ruler == low else 2}"
            rows.append((low, high, what, max(int(when) // 100, 1), LAST, 2.0 if force == 1 else 1.0))
    if not rows:
        raise Missing(f"{file.name} names no ruler", "Take coldata110.csv of the release.")
    return pd.DataFrame(rows, columns=["ccode1", "ccode2", "what", "from", "to", "value"])
