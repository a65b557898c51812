"""Which state a row means. One convention in all of `hegemon.evidence`: `iso3` names the states of the time.

Codes are ISO 3166 alpha-3; a state that is no more keeps its own: CSK to 1992, YUG to 2005 (COW 345, SRB from 2006), YAR and
YMD to the union of 22 May 1990, DDR, RVN, ZZB. DEU is Germany and the Federal Republic (COW 255, 260), XKX Kosovo, and RUS COW
365 throughout, so before 1992 the Soviet Union. `codes_now` and `codes_then` go to today's states and back.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from importlib import resources
from typing import TYPE_CHECKING

from hegemon.errors import BadValue, Missing, UnknownName, did_you_mean, shown
from hegemon.evidence.tables import blank, cell, numbers, one_of, spot

if TYPE_CHECKING:
    import pandas as pd

EARLIEST = 1946
"""First year the table of codes covers; older states (Bavaria, Austria-Hungary) are not in it."""

BEFORE = {"CZE": ("CSK", 1992), "SRB": ("YUG", 2005), "YEM": ("YAR", 1989)}
"""Today's state, the one of the same capital before it, and that one's last full year."""

FOUNDED = 1918
"""First year of the states before: Serbia of 1900 is no Yugoslavia."""

UNITED = 45
"""The first session of the General Assembly in which one Yemen sat."""

ALSO = {
    "SUN": "RUS", "BYS": "BLR", "SCG": "YUG", "GER": "DEU", "BRD": "DEU", "ROM": "ROU", "ZAR": "COD", "BUR": "MMR",
    "TMP": "TLS", "DHY": "BEN", "HVO": "BFA", "EAZ": "ZZB", "KSV": "XKX", "XKO": "XKX", "RKS": "XKX",
}  # fmt: skip
"""Other codes of the same states: withdrawn ones of ISO 3166-3, and those of the UN library and others for Kosovo."""

ONCE = {"SU": "RUS", "DD": "DDR", "CS": "CSK", "YU": "YUG", "YD": "YMD", "ZR": "COD", "BU": "MMR", "TP": "TLS",
        "UK": "GBR", "EL": "GRC"}  # fmt: skip
"""Two-letter codes that are withdrawn, or the European Union's. CS named Serbia and Montenegro from 2003 on."""

ENDED = {"CSK": 1992, "YAR": 1990, "YMD": 1990, "DDR": 1990, "RVN": 1975}
"""Last years of states that are no more."""

NOW_OR_ONCE = {
    "United States": "USA",
    "Russia": "RUS",
    "Soviet Union": "RUS",
    "Federal Republic of Germany": "DEU",
    "Yemen People's Republic": "YMD",
    "Yemen People’s Republic": "YMD",
    "Yemen Arab Republic": "YAR",
    "Serbia and Montenegro": "YUG",
    "German Federal Republic": "DEU",
}
"""Names that the table below spells otherwise."""


@functools.cache
def table() -> pd.DataFrame:
    """ccode, from, to, iso3, iso2, name of every state since 1946."""
    import pandas as pd

    with resources.files("hegemon.evidence").joinpath("codes.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, keep_default_na=False)


@functools.cache
def known() -> frozenset[str]:
    """Every alpha-3 code in the table."""
    return frozenset(table()["iso3"])


def codes_then(iso3: pd.Series, year: pd.Series) -> pd.Series:
    """Codes of the states of the time from today's: CZE in 1985 is CSK, SRB in 1999 YUG, YEM in 1989 YAR.

    iso3, year  of every row, calendar years; codes of the time stay as they are, but YUG is SRB from 2006 on

    V-Dem and R's `countrycode` give today's. Missing codes stay missing. Source: COW State System 2016, for the years.
    """
    found = iso3.astype(object)
    for now, (then, last) in BEFORE.items():
        found = found.mask((found == now) & year.between(FOUNDED, last), then)
    return found.mask((found == "YUG") & (year > BEFORE["SRB"][1]), "SRB")


def codes_now(iso3: pd.Series) -> pd.Series:
    """Codes of today's states from those of the time: CSK is CZE, YUG SRB, YAR YEM, as V-Dem has them.

    States that joined another (DDR, YMD, RVN, ZZB) keep their codes: their rows are not the other's. `codes_then` leads back,
    but for YAR in 1990, the year of the union.
    """
    return iso3.astype(object).replace({then: now for now, (then, _) in BEFORE.items()})


def instead(state: str, known: Collection[str]) -> str:
    """What to write for a state that is none of the `known` ones: the same state under another code, else the closest."""
    ways = [pair for now, (then, _) in BEFORE.items() for pair in ((now, then), (then, now))]
    other = ALSO.get(state) or dict(ways).get(state)
    return f"Here it is {other}." if other in known else did_you_mean(state, known)


def states(
    table: pd.DataFrame, years: pd.Series, place: str, sessions: pd.Series | None = None, sat: pd.Series | None = None
) -> pd.Series:
    """The state of every row by COW number (ccode), iso3 or two letters (country_code), as one of its time.

    sessions  where years are those of the General Assembly's
    sat       rows in which the state is there; None: all. Elsewhere it may have ended, or have its codes contradict each other
    """
    by = "ccode" if "ccode" in table else one_of(("iso3", "ccode", "country_code"), table, place)
    sat = years.notna() if sat is None else sat
    if by == "ccode":
        there = ~blank(table["ccode"]) if "iso3" in table else years.notna()
        found = from_cow(numbers(table[there], "ccode", place, whole=True), years[there], place).reindex(table.index)
        if "iso3" in table:
            told = table["iso3"].astype(object).replace(ALSO)
            told = codes_then(told.where(told.isin(known())), years)
            _agree(sat & there & told.notna() & (told != found), table["ccode"], found, table["iso3"], place)
        if not there.all():
            found = found.where(there, from_iso3(table.loc[~there, "iso3"], years[~there], place))
    elif by == "iso3":
        found = from_iso3(table["iso3"], years, place)
    else:
        found = from_iso2(table["country_code"].astype(object), table.get("country"), years, place)
    found = found if sessions is None else found.mask((found == "YAR") & (sessions >= UNITED), "YEM")
    over = sat & (years > found.map(ENDED))
    if over.any():
        row, at = spot(over, place)
        remedy = f"It ended in {ENDED[found.iloc[row]]}; correct code or year."
        raise BadValue(f"{found.iloc[row]} in {years.iloc[row]}", remedy, place=at)
    return found


def _agree(apart: pd.Series, codes: pd.Series, found: pd.Series, other: pd.Series, place: str) -> None:
    """Raise where two columns name two states."""
    if apart.any():
        row, at = spot(apart, place)
        what = f"{cell(codes.iloc[row])} is {found.iloc[row]}, and {shown(other.iloc[row])} stands beside it"
        raise BadValue(what, "Correct one of them, or leave the row out.", place=at)


def from_cow(codes: pd.Series, years: pd.Series, place: str) -> pd.Series:
    """Alpha-3 codes of COW numbers; the years decide where one number has named two states."""
    found = codes.map(table().drop_duplicates("ccode").set_index("ccode")["iso3"].to_dict())
    _all_found(found, codes, place, "COW state code", "Write the Correlates of War's (Serbia is 345), or leave the row out.")
    return codes_then(found, years).astype(str)


def from_iso2(codes: pd.Series, names: pd.Series | None, years: pd.Series, place: str) -> pd.Series:
    """Alpha-3 codes of two-letter codes. Where there are names, they decide: "NA" is Namibia, and what R writes for a missing
    code, and a name tells states of the time apart that have got one code. The name of a state that has a code must be its."""
    listed = table()
    short = listed[listed["iso2"] != ""].drop_duplicates("iso2").set_index("iso2")["iso3"].to_dict() | ONCE
    found = codes.map(short).mask((codes == "CS") & (years > ENDED["CSK"]), "YUG")
    if names is None and (codes == "NA").any():
        what = '"NA" is Namibia, or what R writes for a missing code'
        raise Missing(what, "Add the names, as column country, or give iso3.", place=spot(codes == "NA", place)[1])
    if names is not None:
        named = names.map(dict(zip(listed["name"], listed["iso3"], strict=True)) | NOW_OR_ONCE)
        coded = set(listed.loc[listed["iso2"] != "", "iso3"])
        _agree(named.isin(coded) & found.notna() & (codes != "NA") & (named != found), codes, found, names, place)
        found = named.where(named.notna(), found.mask(codes == "NA"))
    shown_as = codes if names is None else names.where(names.notna(), codes)
    _all_found(found, shown_as, place, "state", "Give a column iso3 or ccode instead.")
    return codes_then(found, years).astype(str)


def from_iso3(codes: pd.Series, years: pd.Series, place: str) -> pd.Series:
    """Alpha-3 codes, checked against the table; today's and withdrawn ones become those of the time."""
    told = codes.astype(object).replace(ALSO)
    _all_found(told.where(told.isin(known())), codes.astype(object), place, "alpha-3 code",
               "Write ISO 3166 alpha-3, as in ARM.")  # fmt: skip
    return codes_then(told, years).astype(str)


def _all_found(found: pd.Series, told: pd.Series, place: str, what: str, remedy: str) -> None:
    lost = found.isna()
    if lost.any():
        row, at = spot(lost, place)
        value = told.iloc[row]
        if value is None or value != value or value == "":
            raise Missing(f"the {what} is missing", remedy, place=at)
        raise UnknownName(f"{shown(value)} is no {what} known here", remedy, place=at)
