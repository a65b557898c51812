"""Readers for public data sets in their own formats. Each gives a tidy, typed table, by iso3 and year.

`iso3` names the states of the time in all of them: see `hegemon.evidence.codes`. Rows in messages are counted as a spreadsheet
does: the header is row 1. Which releases were read stands in docs/evidence.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.errors import BadValue, Missing, did_you_mean, shown
from hegemon.evidence import codes
from hegemon.evidence.dates import OPENED, sessions, when
from hegemon.evidence.tables import blank, cell, filled_once, no_twice, numbers, one_of, open_table, refuse, this_year

if TYPE_CHECKING:
    import pandas as pd

YES, ABSTAIN, NO, ABSENT = 1, 2, 3, 8
VOTES = {
    "1": YES, "2": ABSTAIN, "3": NO, "8": ABSENT, "9": 9,
    "yes": YES, "abstain": ABSTAIN, "no": NO, "absent": ABSENT, "non-member": 9,
    "y": YES, "a": ABSTAIN, "n": NO, "x": ABSENT, "nv": ABSENT,
}  # fmt: skip
"""A vote as Voeten, Strezhnev and Bailey code it, as the R package `unvotes` writes it, and as the UN library does."""

UN_LIBRARY = {"rcid": ("undl_id",), "vote": ("ms_vote",), "iso3": ("iso3c", "ms_code")}
"""Columns of the UN library's file of votes by their names here."""

UNRECORDED_MUSD = 10.0
"""A trade of zero is suspect in a pair that traded this much in another year (million current USD)."""


def read_votes(path: str | Path, roll_calls: str | Path | None = None) -> pd.DataFrame:
    """Votes in the UN General Assembly: rcid, iso3, session, year, vote (1 yes, 2 abstain, 3 no), and core where given.

    path        one row per state and roll call: rcid, vote, and ccode, iso3 or country_code (two letters). Parquet of the
                project's data pack, `un_votes.csv` of the R package unvotes, the Dataverse file, or the UN library's
    roll_calls  one row per rcid with session and date, where the votes have no session of their own (unvotes)

    Absences (8, X) and non-members (9) are left out: not to vote is no position. `year` is the calendar year of the date if
    there is one; else that of the column year, which in the Dataverse file is the session's; else the one in which the
    session opened. `session` is what ideal points are estimated by; votes of emergency and special sessions (ES-10) have
    that of the regular one of their date, counted from 15 September. `iso3` names states of the time. Source: Voeten,
    Strezhnev and Bailey (2009), doi:10.7910/DVN/LEJUQZ; UN Dag Hammarskjöld Library. Raises `UserError` with row, column,
    remedy.
    """
    place = Path(path).name
    columns = ("iso3", "ccode", "country_code", "country", "session", "year", "date", "core")
    table = open_table(path, ("rcid", "vote"), columns, UN_LIBRARY)
    table["rcid"] = numbers(table, "rcid", place, low=0, whole=True)
    table["vote"] = _vote(table["vote"], place)
    if roll_calls is not None:
        table = _joined(table, roll_calls, place)
    elif "session" not in table:
        raise Missing("column session is missing", "Add it, or name the file of roll calls too.", place=place)
    else:
        table[["session", "year"]] = when(table, place)[["session", "year"]]
    table["iso3"] = codes.states(table, table["year"], place, table["session"], table["vote"] <= NO)
    kept = ["rcid", "iso3", "session", "year", "vote"]
    if "core" in table:
        table["core"] = numbers(table, "core", place, low=0, high=1, whole=True).astype("int8")
        kept.append("core")
    votes = table.loc[table["vote"] <= NO, kept]
    no_twice(votes, ["rcid", "iso3"], place)
    for column in ("session", "year"):
        apart = votes[column] != votes.groupby("rcid")[column].transform("first")
        refuse(apart, place, lambda row: (
            f"rcid = {votes['rcid'].iloc[row]} has {column} {votes[column].iloc[row]}, and another in a row before"  # noqa: B023
        ), "A roll call is one vote on one day: correct its number, or the date.")  # fmt: skip
    if votes.empty:
        raise Missing(f"{place} holds no vote", "Every row is an absence (8) or a non-member (9).")
    return votes.reset_index(drop=True).astype({"rcid": "int64", "session": "int64", "year": "int64", "vote": "int8"})


def _vote(given: pd.Series, place: str) -> pd.Series:
    import pandas as pd

    known: dict[object, int] = {code: code for code in VOTES.values()}
    known.update(VOTES)
    said = given.astype(object).map(lambda word: word.strip().lower().removesuffix(".0") if isinstance(word, str) else word)
    read = said.map(known)
    refuse(blank(given), place, "vote is empty", "Leave the row out, or write 8 for an absence.", Missing)
    codebook = "Known: 1 yes, 2 abstain, 3 no, 8 absent, 9 no member; or Y, A, N, X."
    refuse(read.isna(), place, lambda row: f"vote = {cell(given.iloc[row])}", codebook)
    return pd.Series(read.astype("int8"), index=given.index)


def _joined(table: pd.DataFrame, roll_calls: str | Path, place: str) -> pd.DataFrame:
    """Votes with the session and year of their roll call."""
    other = Path(roll_calls).name
    calls = open_table(roll_calls, ("rcid", "session"), ("year", "date"), UN_LIBRARY)
    calls["rcid"] = numbers(calls, "rcid", other, low=0, whole=True)
    no_twice(calls, ["rcid"], other)
    same, lost = "Give the roll calls of the same release.", ~table["rcid"].isin(calls["rcid"])
    refuse(lost, place, lambda row: f"rcid = {table['rcid'].iloc[row]} is no roll call of {other}", same, Missing)
    known = when(calls, other).set_index(calls["rcid"])
    found = known.loc[table["rcid"]].set_axis(table.index)
    if "session" in table:
        own = sessions(table, place)
        refuse((own > 0) & (own != found["session"]), place,
               lambda row: f"session = {own.iloc[row]}, which is {found['session'].iloc[row]} in {other}", same)  # fmt: skip
    return table.assign(session=found["session"], year=found["year"])


def read_ideal_points(path: str | Path, release: str | None = None, variant: str | None = None) -> pd.DataFrame:
    """Published ideal points: iso3, year, point, votes, by state and year. `point` is missing where the release has none.

    path              the authors' CSV or .tab (ccode, session, IdealPointAll, NVotesAll, in any capitals), or the data pack's
                      parquet, which holds several estimates; `release` and `variant` then name one ("2020-04",
                      "all_by_session"). In the authors' file variant is "all" or "fp", final passage only; default: "all"
                      where there is one

    year is that in which the session opened, session + 1945; the calendar year in releases that count by years. Scale: mean 0,
    standard deviation about 1 over all states and years of the release; higher is nearer the United States. Source: Bailey,
    Strezhnev and Voeten (2017), JCR 61:430. Raises `UserError`.
    """
    import pandas as pd

    place = Path(path).name
    names = ("ccode", "session", "year", "point", "IdealPointAll", "IdealPointFP", "n_votes", "NVotesAll", "NVotesFP")
    also = {"iso3": ("iso3c",), "IdealPointAll": ("IdealPoint",), "NVotesAll": ("NVotes",)}  # releases up to 2018
    table = open_table(path, (), (*names, "iso3", "release", "variant"), also)
    wide = [word.lower() for word in ("All", "FP") if f"IdealPoint{word}" in table]
    for column, chosen in (("release", release), ("variant", variant)):
        known = sorted(table[column].astype(str).unique()) if column in table else wide if column == "variant" else []
        if chosen is not None and chosen not in known:
            remedy = did_you_mean(chosen, known) if known else f"The file has one only: leave out {column}."
            raise BadValue(f"{column} = {shown(chosen)}", remedy, place=place)
        if column not in table:
            continue
        if chosen is None and len(known) > 1:
            which = did_you_mean("", known).removeprefix("Known: ")
            raise Missing(f"{place} holds several estimates", f"Name a {column}: {which}")
        table = table[table[column].astype(str) == (chosen or known[0])]
    final = "IdealPointFP" if "point" not in table and (variant == "fp" or wide == ["fp"]) else "IdealPointAll"
    point = one_of(("point", final), table, place)
    votes = one_of(("n_votes", final.replace("IdealPoint", "NVotes")), table, place)
    by_session = "session" in table and not blank(table["session"]).all()
    if by_session:
        found = when(table.drop(columns="date", errors="ignore"), place)
        year = found["session"] + OPENED
    else:
        if one_of(("year", "session"), table, place) == "session":
            raise Missing("session is empty in every row", "Fill it in, or give a column year.", place=place)
        year = numbers(table, "year", place, low=codes.EARLIEST, high=this_year(), whole=True)
    state = codes.states(table, year, place, found["session"] if by_session else None)
    read = pd.DataFrame({"iso3": state, "year": year})
    read["point"] = numbers(table, point, place, low=-10, high=10, empty=True)
    read["votes"] = numbers(table, votes, place, low=0, whole=True, empty=True)
    read = filled_once(read, ["iso3", "year"], ["point"])
    no_twice(read, ["iso3", "year"], place)
    return read.reset_index(drop=True)


def _flow(table: pd.DataFrame, column: str, place: str) -> pd.Series:
    """Trade in millions; -9 is missing."""
    flow = numbers(table, column, place, empty=True)
    flow = flow.mask(flow == -9)
    refuse(flow < 0, place, lambda row: f"{column} = {flow.iloc[row]:g}", "Only -9, missing, may be below zero.")
    return flow


def read_trade(path: str | Path, first: int = codes.EARLIEST) -> pd.DataFrame:
    """COW dyadic trade 4.0: iso3_1, iso3_2, year, imports_1, imports_2, total (million current USD), flag.

    imports_1 is what the first imports from the second (flow1). -9 and empty cells are read as missing. `flag` says why a
    total is missing: "missing", or "zero_suspect" where the source has 0 for a pair that trades 10 million or more in another
    year: zero is then most likely unreported. Germany is one state under two COW numbers, 255 and 260: a year that has both
    keeps the row with numbers. Years before `first` (at least 1946) are left out.
    Source: Barbieri and Keshk (2016), COW Trade 4.0. Raises `UserError` with row, column, remedy.
    """
    import pandas as pd

    place = Path(path).name
    table = open_table(path, ("ccode1", "ccode2", "year", "flow1", "flow2"))
    found = pd.DataFrame({"year": numbers(table, "year", place, low=1800, high=this_year(), whole=True)})
    for column, name in (("flow1", "imports_1"), ("flow2", "imports_2")):
        found[name] = _flow(table, column, place)
    for side in ("1", "2"):
        found[f"iso3_{side}"] = numbers(table, f"ccode{side}", place, whole=True)
    found = found[found["year"] >= max(first, codes.EARLIEST)]
    if found.empty:
        raise Missing(f"{place} has no year from {first}", "Lower `first`, or take a newer file.")
    for side in ("iso3_1", "iso3_2"):
        found[side] = codes.from_cow(found[side], found["year"], place)
    itself = found["iso3_1"] == found["iso3_2"]
    told = itself & found[["imports_1", "imports_2"]].notna().any(axis=1)
    refuse(told, place, lambda row: f"{found['iso3_1'].iloc[row]} trades with itself", "Leave the row out.")
    key = ["iso3_1", "iso3_2", "year"]
    found = filled_once(found[~itself], key, ["imports_1", "imports_2"])
    no_twice(found, key, place)
    _one_way(found, place)
    found = found.reset_index(drop=True)
    total = found["imports_1"] + found["imports_2"]
    largest = total.groupby([found["iso3_1"], found["iso3_2"]]).transform("max")
    suspect = (total == 0) & (largest >= UNRECORDED_MUSD)
    found["total"] = total.mask(suspect)
    found["flag"] = pd.Series("", index=found.index).mask(total.isna(), "missing").mask(suspect, "zero_suspect")
    return found[["iso3_1", "iso3_2", "year", "imports_1", "imports_2", "total", "flag"]]


def read_vdem(path: str | Path, columns: tuple[str, ...] = ("v2x_polyarchy",)) -> pd.DataFrame:
    """V-Dem country-years: iso3, year and the indices named in `columns` (0 to 1; empty where V-Dem has none).

    V-Dem names states by those of today; here they have the codes of their time (`codes_then`): CSK, YUG and YAR where V-Dem
    has CZE, SRB and YEM, and RVN for its VDR. Only these columns are read, so the full file of four thousand will do.
    Source: Coppedge et al., V-Dem Dataset. Raises `UserError` with row, column, remedy.
    """
    place = Path(path).name
    table = open_table(path, ("country_text_id", "year", *columns))
    table["year"] = numbers(table, "year", place, low=1700, high=this_year(), whole=True)
    table = table.rename(columns={"country_text_id": "iso3"})
    for column in columns:
        table[column] = numbers(table, column, place, low=0, high=1, empty=True)
    refuse(table["iso3"].isna(), place, "country_text_id is empty", "Write the code, or leave the row out.", Missing)
    odd = ~table["iso3"].astype(str).str.fullmatch("[A-Z]{3}")
    refuse(odd, place, lambda row: f"country_text_id = {shown(table['iso3'].iloc[row])}", "Write three capitals, as in ARM.")
    told = table["iso3"].astype(object).replace({"VDR": "RVN"})  # unchecked: V-Dem has territories of its own
    table["iso3"] = codes.codes_then(told, table["year"]).astype(str)
    no_twice(table, ["iso3", "year"], place)
    return table[["iso3", "year", *columns]].reset_index(drop=True)


def _one_way(pairs: pd.DataFrame, place: str) -> None:
    """Raise for a pair of states and year that stands there in both directions."""
    import pandas as pd

    ends = pairs[["iso3_1", "iso3_2"]]
    no_twice(pd.DataFrame({"iso3_1": ends.min(axis=1), "iso3_2": ends.max(axis=1), "year": pairs["year"]}),
             ["iso3_1", "iso3_2", "year"], place)  # fmt: skip


DYADS = ("trade_total_musd", "trade_flag", "un_common_core", "un_agree_core")


def read_dyads(path: str | Path) -> pd.DataFrame:
    """The data pack's pairs of states, each in both directions: iso3_1, iso3_2, year, trade_total_musd (million current USD),
    trade_flag, un_common_core (roll calls), un_agree_core (share of identical votes, 0 to 1).

    Zero is not zero: a total flagged "missing" or "zero_suspect" is read as missing. Raises `UserError`.
    """
    import pandas as pd

    place = Path(path).name
    table = open_table(path, ("iso3_1", "iso3_2", "year", *DYADS))
    table["year"] = numbers(table, "year", place, low=1945, high=this_year(), whole=True)
    table["trade_flag"] = table["trade_flag"].astype(object).mask(blank(table["trade_flag"]), "").astype(str)
    unknown = ~table["trade_flag"].isin(["", "missing", "zero_suspect", "bad_total", "share_gt1"])
    known = "Known: missing, zero_suspect, bad_total, share_gt1, or empty."
    refuse(unknown, place, lambda row: f"trade_flag = {shown(table['trade_flag'].iloc[row])}", known)
    total = numbers(table, "trade_total_musd", place, low=0, empty=True)
    table["trade_total_musd"] = total.mask(table["trade_flag"].isin(["missing", "zero_suspect"]))
    table["un_common_core"] = numbers(table, "un_common_core", place, low=0, empty=True)
    table["un_agree_core"] = numbers(table, "un_agree_core", place, low=0, high=1, empty=True)
    for side in ("iso3_1", "iso3_2"):
        table[side] = codes.from_iso3(table[side], table["year"], place)
    itself = table["iso3_1"] == table["iso3_2"]
    refuse(itself, place, lambda row: f"{table['iso3_1'].iloc[row]} stands on both sides", "Leave the row out.")
    _one_way(table, place)
    turned = table.rename(columns={"iso3_1": "iso3_2", "iso3_2": "iso3_1"})
    return pd.concat([table, turned[table.columns]], ignore_index=True)
