"""Readers for public data sets in their own formats. Each gives a tidy, typed table, by iso3 and year.

Rows in messages are counted as a spreadsheet does: the header is row 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.errors import BadValue, Missing, did_you_mean, shown
from hegemon.evidence import codes
from hegemon.evidence.tables import first_row, no_twice, numbers, one_of, open_table

if TYPE_CHECKING:
    import pandas as pd

YES, ABSTAIN, NO = 1, 2, 3
VOTES = {"1": 1, "2": 2, "3": 3, "8": 8, "9": 9, "yes": 1, "abstain": 2, "no": 3, "absent": 8, "non-member": 9}
"""A vote as Voeten, Strezhnev and Bailey code it, or as the R package `unvotes` writes it."""

OPENED = 1945  # session s of the General Assembly opens in the autumn of year s + 1945
UNRECORDED_MUSD = 10.0
"""A trade of zero is suspect in a pair that traded this much in another year (million current USD)."""


def read_votes(path: str | Path, roll_calls: str | Path | None = None) -> pd.DataFrame:
    """Votes in the UN General Assembly: rcid, iso3, session, year, vote (1 yes, 2 abstain, 3 no), and core where given.

    path        one row per state and roll call: rcid, vote, and iso3, ccode or country_code (two letters). Parquet of the
                project's data pack, `un_votes.csv` of the R package unvotes, or the Dataverse file
    roll_calls  one row per rcid with session and date, where the votes have no session of their own (unvotes)

    Absences (8) and non-members (9) are left out: not to vote is no position. `year` is the calendar year of the vote where
    the file knows it, else the year the session opened. `session` is what ideal points are estimated by.
    Source: Voeten, Strezhnev and Bailey (2009), doi:10.7910/DVN/LEJUQZ. Raises `UserError` with row, column, remedy.
    """
    place = Path(path).name
    columns = ("iso3", "ccode", "country_code", "country", "session", "year", "date", "core")
    table = open_table(path, ("rcid", "vote"), columns)
    table["rcid"] = numbers(table, "rcid", place, low=0, whole=True)
    table["vote"] = _vote(table["vote"], place)
    if "session" not in table:
        if roll_calls is None:
            raise Missing("column session is missing", "Add it, or name the file of roll calls too.", place=place)
        table = _joined(table, roll_calls, place)
    table["session"] = numbers(table, "session", place, low=1, high=200, whole=True)
    table["year"] = _year(table, place)
    by = one_of(("iso3", "ccode", "country_code"), table, place)
    table["iso3"] = _iso3(table, by, table["year"], place)
    kept = ["rcid", "iso3", "session", "year", "vote", *(["core"] if "core" in table else [])]
    votes = table.loc[table["vote"] <= NO, kept].reset_index(drop=True)
    no_twice(votes, ["rcid", "iso3"], place)
    if votes.empty:
        raise Missing(f"{place} holds no vote", "Every row is an absence (8) or a non-member (9).")
    return votes.astype({"rcid": "int64", "session": "int64", "year": "int64", "vote": "int8"})


def _iso3(table: pd.DataFrame, by: str, year: pd.Series, place: str) -> pd.Series:
    """Alpha-3 codes of the states that a column names."""
    if by == "iso3":
        return codes.from_iso3(table["iso3"], place)
    if by == "ccode":
        return codes.from_cow(numbers(table, "ccode", place, whole=True), year, place)
    return codes.from_iso2(table["country_code"].astype(object), table.get("country"), place)


def _vote(given: pd.Series, place: str) -> pd.Series:
    import pandas as pd

    known: dict[object, int] = {code: code for code in VOTES.values()}
    known.update(VOTES)
    said = given.astype(object)
    read = said.map(known)
    if found := first_row(read.isna(), place):
        codebook = "Known: 1 yes, 2 abstain, 3 no, 8 absent, 9 no member."
        raise BadValue(f"vote = {shown(said.iloc[found[0]])}", codebook, place=found[1])
    return pd.Series(read.astype("int8"), index=given.index)


def _joined(table: pd.DataFrame, roll_calls: str | Path, place: str) -> pd.DataFrame:
    """Votes with the session (and date) of their roll call."""
    other = Path(roll_calls).name
    calls = open_table(roll_calls, ("rcid", "session"), ("year", "date"))
    calls["rcid"] = numbers(calls, "rcid", other, low=0, whole=True)
    no_twice(calls, ["rcid"], other)
    if found := first_row(~table["rcid"].isin(calls["rcid"]), place):
        what = f"rcid = {table['rcid'].iloc[found[0]]} is no roll call of {other}"
        raise Missing(what, "Give the roll calls of the same release.", place=found[1])
    return table.drop(columns=["year", "date"], errors="ignore").merge(calls, on="rcid", how="left")


def _year(table: pd.DataFrame, place: str) -> pd.Series:
    import pandas as pd

    if "year" in table:
        return numbers(table, "year", place, low=codes.EARLIEST, high=2100, whole=True)
    opened = table["session"] + OPENED
    if "date" not in table:
        return opened
    dated = pd.to_datetime(table["date"], errors="coerce").dt.year
    return dated.fillna(opened).astype("int64")


def read_ideal_points(path: str | Path, release: str | None = None, variant: str | None = None) -> pd.DataFrame:
    """Published ideal points: iso3, year (session + 1945), point, votes, by state and year.

    path              the authors' CSV (ccode, session, IdealPointAll, NVotesAll) or the data pack's parquet, which holds
                      several estimates; `release` and `variant` then name one ("2020-04", "all_by_session")

    Scale: mean 0, standard deviation about 1 over all states and years of the release; higher is nearer the United
    States. Source: Bailey, Strezhnev and Voeten (2017), JCR 61:430. Raises `UserError`.
    """
    place = Path(path).name
    table = open_table(path)
    columns = ("iso3", "ccode", "session", "year", "point", "IdealPointAll", "n_votes", "NVotesAll", "release",
               "variant")  # fmt: skip
    table = table[[name for name in columns if name in table]].copy()
    for column, chosen in (("release", release), ("variant", variant)):
        if column not in table:
            continue
        known = sorted(table[column].astype(str).unique())
        if chosen is None and len(known) > 1:
            raise Missing(f"{place} holds several estimates", f"Name a {column}: {', '.join(known)}.")
        if chosen is not None and chosen not in known:
            raise BadValue(f"{column} = {shown(chosen)}", did_you_mean(chosen, known), place=place)
        table = table[table[column].astype(str) == (chosen or known[0])]
    table = table.reset_index(drop=True)
    point, votes = one_of(("point", "IdealPointAll"), table, place), one_of(("n_votes", "NVotesAll"), table, place)
    if "year" in table:
        year = numbers(table, "year", place, low=codes.EARLIEST, high=2100, whole=True)
    else:
        one_of(("year", "session"), table, place)
        year = numbers(table, "session", place, low=1, high=200, whole=True) + OPENED
    state = _iso3(table, one_of(("iso3", "ccode"), table, place), year, place)
    found = table.assign(iso3=state, year=year, point=numbers(table, point, place, low=-10, high=10))
    found = found.assign(votes=numbers(table, votes, place, low=0, whole=True, empty=True))
    found = found[["iso3", "year", "point", "votes"]]
    no_twice(found, ["iso3", "year"], place)
    return found


def read_trade(path: str | Path, first: int = codes.EARLIEST) -> pd.DataFrame:
    """COW dyadic trade 4.0: iso3_1, iso3_2, year, imports_1, imports_2, total (million current USD), flag.

    imports_1 is what the first imports from the second (flow1). -9 is read as missing. `flag` says why a total is missing:
    "missing", or "zero_suspect" where the source has 0 for a pair that trades 10 million or more in another year: zero is
    then most likely unreported. Years before `first` (at least 1946) are left out.
    Source: Barbieri and Keshk (2016), COW Trade 4.0. Raises `UserError` with row, column, remedy.
    """
    import pandas as pd

    place = Path(path).name
    table = open_table(path, ("ccode1", "ccode2", "year", "flow1", "flow2"))
    year = numbers(table, "year", place, low=1800, high=2100, whole=True)
    flows = {}
    for column, name in (("flow1", "imports_1"), ("flow2", "imports_2")):
        flow = numbers(table, column, place, empty=True)
        flow = flow.mask(flow == -9)
        if wrong := first_row(flow < 0, place):
            what = f"{column} = {flow.iloc[wrong[0]]:g}"
            raise BadValue(what, "Only -9, missing, may be below zero.", place=wrong[1])
        flows[name] = flow
    recent = year >= max(first, codes.EARLIEST)
    found = pd.DataFrame({"year": year, **flows})
    for side in ("1", "2"):
        number = numbers(table, f"ccode{side}", place, whole=True)
        found.loc[recent, f"iso3_{side}"] = codes.from_cow(number[recent], year[recent], place)
    found = found[recent].reset_index(drop=True)
    if found.empty:
        raise Missing(f"{place} has no year from {first}", "Lower `first`, or take a newer file.")
    no_twice(found, ["iso3_1", "iso3_2", "year"], place)
    total = found["imports_1"] + found["imports_2"]
    largest = total.groupby([found["iso3_1"], found["iso3_2"]]).transform("max")
    suspect = (total == 0) & (largest >= UNRECORDED_MUSD)
    found["total"] = total.mask(suspect)
    found["flag"] = pd.Series("", index=found.index).mask(total.isna(), "missing").mask(suspect, "zero_suspect")
    return found[["iso3_1", "iso3_2", "year", "imports_1", "imports_2", "total", "flag"]]


def read_vdem(path: str | Path, columns: tuple[str, ...] = ("v2x_polyarchy",)) -> pd.DataFrame:
    """V-Dem country-years: iso3, year and the indices named in `columns` (0 to 1; empty where V-Dem has none).

    Only these columns are read, so the full file of four thousand will do. Source: Coppedge et al., V-Dem Dataset.
    Raises `UserError` with row, column, remedy.
    """
    place = Path(path).name
    table = open_table(path, ("country_text_id", "year", *columns))
    table["year"] = numbers(table, "year", place, low=1700, high=2100, whole=True)
    table = table.rename(columns={"country_text_id": "iso3"})
    for column in columns:
        table[column] = numbers(table, column, place, low=0, high=1, empty=True)
    table["iso3"] = table["iso3"].astype(str)  # V-Dem has territories of its own, such as Zanzibar and Palestine
    no_twice(table, ["iso3", "year"], place)
    return table[["iso3", "year", *columns]]


DYADS = ("trade_total_musd", "trade_flag", "un_common_core", "un_agree_core")


def read_dyads(path: str | Path) -> pd.DataFrame:
    """The data pack's pairs of states, each in both directions: iso3_1, iso3_2, year, trade_total_musd (million current USD),
    trade_flag, un_common_core (roll calls), un_agree_core (share of identical votes, 0 to 1).

    Zero is not zero: a total flagged "missing" or "zero_suspect" is read as missing. Raises `UserError`.
    """
    import pandas as pd

    place = Path(path).name
    table = open_table(path, ("iso3_1", "iso3_2", "year", *DYADS))
    table["year"] = numbers(table, "year", place, low=codes.EARLIEST, high=2100, whole=True)
    table["trade_flag"] = table["trade_flag"].astype(object).where(table["trade_flag"].notna(), "").astype(str)
    flags = ["", "missing", "zero_suspect", "bad_total", "share_gt1"]
    if unknown := first_row(~table["trade_flag"].isin(flags), place):
        known = "Known: missing, zero_suspect, bad_total, share_gt1, or empty."
        raise BadValue(f"trade_flag = {shown(table['trade_flag'].iloc[unknown[0]])}", known, place=unknown[1])
    total = numbers(table, "trade_total_musd", place, low=0, empty=True)
    table["trade_total_musd"] = total.mask(table["trade_flag"].isin(["missing", "zero_suspect"]))
    table["un_common_core"] = numbers(table, "un_common_core", place, low=0, empty=True)
    table["un_agree_core"] = numbers(table, "un_agree_core", place, low=0, high=1, empty=True)
    for side in ("iso3_1", "iso3_2"):
        table[side] = codes.from_iso3(table[side], place)
    no_twice(table, ["iso3_1", "iso3_2", "year"], place)
    turned = table.rename(columns={"iso3_1": "iso3_2", "iso3_2": "iso3_1"})
    return pd.concat([table, turned[table.columns]], ignore_index=True)
