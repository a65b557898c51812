"""Opening an official file, and bringing its codes to the Correlates of War's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.errors import BadFile, Missing, shown
from hegemon.evidence import codes
from hegemon.evidence.tables import Names, blank, missing, no_twice, numbers, open_table
from hegemon.world_pack.manifest import FIRST, LAST

if TYPE_CHECKING:
    import pandas as pd

MISSING = (-9, -99, -999)
"""What stands for a missing number."""

GW = {340: 345, 970: 946, 971: 970, 972: 955, 973: 947}
"""Gleditsch and Ward's numbers that are others than the Correlates of War's: Serbia, Kiribati, Nauru, Tonga, Tuvalu."""

UNITED = ((260, 255), (678, 679))
"""Germany and Yemen keep one number there, and get another here with the union of 1990."""


def opened(file: Path, wanted: Sequence[str], optional: Sequence[str] = (), also: Names | None = None) -> pd.DataFrame:
    """The wanted columns of a table of text, every cell as it is written; tab-separated .txt too."""
    if file.suffix.lower() != ".txt":
        return open_table(file, wanted, optional, also)
    import pandas as pd

    try:
        table = pd.read_csv(file, sep="\t", dtype=str, encoding="latin-1", keep_default_na=False)
    except (OSError, ValueError) as error:
        raise BadFile(
            f"cannot read {shown(file.name)}", f"{' '.join(str(error).split())[:120]}. Download it again."
        ) from None
    table.columns = table.columns.str.strip()
    for column in wanted:
        if column not in table:
            raise missing(column, list(table.columns), file.name)
    if table.empty:
        raise Missing(f"{shown(file.name)} has no rows", "Download it again.")
    table.index = pd.RangeIndex(2, len(table) + 2)
    return table[[*wanted, *(column for column in optional if column in table)]]


def number(
    table: pd.DataFrame, column: str, file: Path, low: float | None = None, high: float | None = None
) -> pd.Series:
    """A column as numbers, missing ones NaN; the rest lies in a range."""
    given = table[column].mask(table[column].astype(str).str.strip().isin([str(code) for code in MISSING]))
    return numbers(table.assign(**{column: given}), column, file.name, low=low, high=high, empty=True)


def whole(table: pd.DataFrame, column: str, file: Path, low: int = 0, high: int = 10_000) -> pd.Series:
    """A column as whole numbers; none is missing."""
    return numbers(table, column, file.name, low=low, high=high, whole=True)


def years(table: pd.DataFrame, column: str, file: Path, first: int = FIRST) -> pd.DataFrame:
    """The rows of a pack's years, with the year as a number. Raises where there is none."""
    year = whole(table, column, file, 1000, 2100)
    kept = table.assign(year=year)[(year >= first) & (year <= LAST)]
    if kept.empty:
        remedy = f"A pack covers {FIRST} to {LAST}; take the whole release."
        raise Missing(f"{shown(file.name)} has no year from {first} on", remedy)
    return kept


def one_each(table: pd.DataFrame, key: list[str], file: Path) -> pd.DataFrame:
    """A row for each key: what is said twice counts once. Raises where two rows say different things."""
    found = table.drop_duplicates()
    no_twice(found, key, file.name)
    return found


def from_gw(code: pd.Series, year: pd.Series) -> pd.Series:
    """Gleditsch and Ward's numbers as the Correlates of War's."""
    found = code.replace(GW)
    for old, new in UNITED:
        found = found.mask((found == old) & (year > 1990), new)
    return found


def code_of(iso3: pd.Series) -> pd.Series:
    """Numbers of alpha-3 codes, NaN for one that is no state."""
    known = codes.table().drop_duplicates("iso3").set_index("iso3")["ccode"]
    return iso3.astype(object).replace(codes.ALSO).map(known)


NAMED = {
    "USA": "United States of America", "United States": "United States of America",
    "Russian Federation": "Russia", "Burma": "Myanmar", "Cote d'Ivoire": "Ivory Coast",
    "Congo-Brazzaville": "Congo", "Democratic Republic of Congo": "Democratic Republic of the Congo",
    "Zaire": "Democratic Republic of the Congo", "Kyrgyz Republic": "Kyrgyzstan", "Czechia": "Czech Republic",
    "North Macedonia": "Macedonia", "Eswatini": "Swaziland", "Cabo Verde": "Cape Verde", "Timor-Leste": "East Timor",
    "USSR": "Russia", "Soviet Union": "Russia", "Bosnia-Herzegovina": "Bosnia and Herzegovina",
    "East Germany": "German Democratic Republic", "West Germany": "Germany", "German Federal Republic": "Germany",
    "Republic of Yemen": "Yemen", "South Vietnam": "Republic of Vietnam", "North Vietnam": "Vietnam",
    "Democratic Republic of Vietnam": "Vietnam", "Republic of the Congo": "Congo", "Congo-Brazzaville (ROC)": "Congo",
    "Zaire/DRC": "Democratic Republic of the Congo", "Congo-Kinshasa": "Democratic Republic of the Congo",
}  # fmt: skip
"""Names that releases use, as the table of codes has them."""


def code_of_name(names: pd.Series) -> pd.Series:
    """Numbers of states by name, NaN for one that is not known."""
    known = {
        name.casefold(): int(code) for name, code in zip(codes.table()["name"], codes.table()["ccode"], strict=True)
    }
    told = names.astype(str).str.strip()
    return told.replace(NAMED).str.casefold().map(known)


def by_year(code: pd.Series, year: pd.Series) -> pd.Series:
    """Numbers of states that are known by name: of a state that was united in 1990, the one of the year."""
    found = code
    for old, new in UNITED:
        found = found.mask(code.isin([old, new]) & (year <= 1990), old).mask(code.isin([old, new]) & (year > 1990), new)
    return found


def left_out(table: pd.DataFrame, names: pd.Series, code: pd.Series) -> pd.DataFrame:
    """A table whose `attrs` say which names are no state's."""
    table.attrs["left_out"] = sorted(set(names[code.isna()].astype(str)))
    return table


def filled(values: pd.Series) -> pd.Series:
    """Rows in which something is written."""
    return ~blank(values)
