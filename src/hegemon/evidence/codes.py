"""Which state a data set means: COW numbers, two-letter codes and names, as ISO 3166 alpha-3.

Extinct states have stand-ins (CSK, DDR, YUG, YAR, YMD, ZZB, RVN, and XKX for Kosovo); RUS is code 365 throughout, so before
1992 it means the Soviet Union. COW 345 is Yugoslavia to 2005 and Serbia from 2006.
"""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING

from hegemon.errors import Missing, UnknownName, shown
from hegemon.evidence.tables import first_row

if TYPE_CHECKING:
    import pandas as pd

EARLIEST = 1946
"""First year the table of codes covers; older states (Bavaria, Austria-Hungary) are not in it."""

SPLIT, SERBIA = 345, 2006

NOW_OR_ONCE = {
    "United States": "USA",
    "Russia": "RUS",
    "Soviet Union": "RUS",
    "Federal Republic of Germany": "DEU",
    "Yemen People's Republic": "YMD",
    "Yemen People’s Republic": "YMD",
    "Yemen Arab Republic": "YAR",
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


def from_cow(codes: pd.Series, years: pd.Series, place: str) -> pd.Series:
    """Alpha-3 codes of COW numbers; the years decide where one number has named two states."""
    states = table().drop_duplicates("ccode").set_index("ccode")["iso3"].to_dict() | {SPLIT: "YUG"}
    found = codes.map(states).mask((codes == SPLIT) & (years >= SERBIA), "SRB")
    _all_found(found, codes, place, "COW state code", "Correct it, or leave the row out.")
    return found.astype(str)


def from_iso2(codes: pd.Series, names: pd.Series | None, place: str) -> pd.Series:
    """Alpha-3 codes of two-letter codes; extinct states, which have none, by their name.

    "NA" is Namibia, and what R writes for a missing code: where there are names, the name decides.
    """
    states = table()
    short = states[states["iso2"] != ""].drop_duplicates("iso2").set_index("iso2")["iso3"].to_dict()
    found = codes.map(short)
    if names is not None:
        named = names.map(dict(zip(states["name"], states["iso3"], strict=True)) | NOW_OR_ONCE)
        found = found.mask((codes == "NA") & (names != "Namibia")).fillna(named)
    shown_as = codes if names is None else names.where(names.notna(), codes)
    _all_found(found, shown_as, place, "state", "Give a column iso3 or ccode instead.")
    return found.astype(str)


def from_iso3(codes: pd.Series, place: str) -> pd.Series:
    """Alpha-3 codes, checked against the table."""
    told = codes.astype(object)
    _all_found(told.where(told.isin(known())), told, place, "alpha-3 code", "Write ISO 3166 alpha-3, as in ARM.")
    return told.astype(str)


def _all_found(found: pd.Series, told: pd.Series, place: str, what: str, remedy: str) -> None:
    if lost := first_row(found.isna(), place):
        value, at = told.iloc[lost[0]], lost[1]
        if value is None or value != value or value == "":
            raise Missing(f"the {what} is missing", remedy, place=at)
        raise UnknownName(f"{shown(value)} is no {what} known here", remedy, place=at)
