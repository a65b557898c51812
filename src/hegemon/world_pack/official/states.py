"""State-years: the system's members, and what is told of each in a year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hegemon.errors import Missing
from hegemon.evidence import codes
from hegemon.evidence.tables import this_year
from hegemon.world_pack.manifest import FIRST, LAST
from hegemon.world_pack.official.reading import (
    by_year,
    code_of,
    code_of_name,
    filled,
    from_gw,
    left_out,
    number,
    one_each,
    opened,
    whole,
    years,
)

if TYPE_CHECKING:
    import pandas as pd

KEY = ["ccode", "year"]
NOW = 2016
"""A state that is in the system at the end of the list's release is taken to be there still."""

WIDTH = 100
"""Most columns of years the World Bank's file has."""


def system(file: Path) -> pd.DataFrame:
    """iso3, ccode, name, year of every state and year."""
    import pandas as pd

    table = opened(file, ("ccode", "styear", "endyear"))
    listed = codes.table()
    rows = []
    for code, first, last in zip(
        whole(table, "ccode", file, 1, 999), whole(table, "styear", file, 1800, this_year()),
        whole(table, "endyear", file, 1800, this_year()), strict=True,
    ):  # fmt: skip
        rows += [(code, year) for year in range(max(first, FIRST), (LAST if last >= NOW else last) + 1)]
    found = pd.DataFrame(rows, columns=KEY).drop_duplicates()
    named = listed.drop_duplicates("ccode").set_index("ccode")
    found = found[found["ccode"].isin(named.index)]  # what ended in 1945 has no code
    if found.empty:
        raise Missing(f"{file.name} has no state of {FIRST} to {LAST}", "Take the whole release.")
    found["iso3"] = codes.codes_then(found["ccode"].map(named["iso3"]), found["year"])
    found["name"] = found["ccode"].map(named["name"])
    return found[["iso3", "ccode", "name", "year"]].sort_values(KEY).reset_index(drop=True)


def _by_year(file: Path, columns: dict[str, tuple[str, float | None, float | None]], code: str = "ccode", year: str = "year",
             also: dict[str, tuple[str, ...]] | None = None) -> pd.DataFrame:  # fmt: skip
    """A table with a row a state and year: numbers of some columns, by their names in a pack."""
    table = opened(file, (code, year, *(name for name, _, _ in columns.values())), (), also)
    table = years(table[filled(table[code])], year, file)
    found = table[["year"]].assign(ccode=whole(table, code, file, 1, 999))
    for name, (source, low, high) in columns.items():
        found[name] = number(table, source, file, low, high)
    return one_each(found, KEY, file)


def capabilities(file: Path) -> pd.DataFrame:
    """National Material Capabilities."""
    return _by_year(file, {"cinc": ("cinc", 0, 1), "milper": ("milper", 0, None), "tpop": ("tpop", 0, None)})


def trade(file: Path) -> pd.DataFrame:
    """National trade."""
    return _by_year(file, {"imports_musd": ("imports", 0, None), "exports_musd": ("exports", 0, None)})


def democracy(file: Path) -> pd.DataFrame:
    """V-Dem's electoral democracy with its bounds."""
    names = {"": "", "_low": "_codelow", "_high": "_codehigh"}
    return _by_year(file, {f"polyarchy{own}": (f"v2x_polyarchy{end}", 0, 1) for own, end in names.items()}, "COWcode")


def estimates(file: Path) -> pd.DataFrame:
    """Estimates of output."""
    return _by_year(file, {"gdp_est": ("pwtrgdp", 0, None)})


def troops(file: Path) -> pd.DataFrame:
    """Troops of the United States."""
    return _by_year(file, {"us_troops": ("troops", 0, None)}, also={"troops": ("troops_ad",)})


def output(file: Path) -> pd.DataFrame:
    """The World Bank's series: a row a country, a column a year, after some lines of description."""
    import csv

    import pandas as pd

    with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        rows = [row for row in csv.reader(text) if row]
    at = next((i for i, row in enumerate(rows) if "Country Code" in row), None)
    if at is None:
        raise Missing(f"{file.name} has no column Country Code", "Take the CSV file of the indicator's download.")
    header = rows[at]
    span = [(i, int(word)) for i, word in enumerate(header) if word.isdigit() and FIRST <= int(word) <= LAST]
    code = header.index("Country Code")
    told = [(row[code], year, row[i]) for row in rows[at + 1 :] for i, year in span if len(row) > i and row[i].strip()]
    if not told:
        raise Missing(f"{file.name} has no values", "Take the CSV file of the indicator's download.")
    table = pd.DataFrame(told, columns=["iso3", "year", "gdp_const2015"])
    table["ccode"] = code_of(table["iso3"])
    table["gdp_const2015"] = number(table, "gdp_const2015", file, 0)
    table = table.dropna(subset=["ccode"]).astype({"ccode": int})
    return one_each(table[[*KEY, "gdp_const2015"]], KEY, file)


def leaders(file: Path) -> pd.DataFrame:
    """Tenure of the leader on 1 January, and irregular exits."""
    import pandas as pd

    table = opened(file, ("ccode", "startdate", "enddate", "exit"))
    start, end = (pd.to_datetime(table[name], errors="coerce", format="ISO8601") for name in ("startdate", "enddate"))
    lost = start.isna() | end.isna()
    if lost.any():
        row = int(lost.to_numpy().argmax())
        raise Missing(
            "startdate or enddate is no date", "Write it as 1960-08-07.", place=f"{file.name}, row {table.index[row]}"
        )
    code = whole(table, "ccode", file, 1, 999)
    rows, left = [], []
    for one, began, ended, way in zip(code, start, end, table["exit"], strict=True):
        for year in range(max(began.year + 1, FIRST), min(ended.year, LAST) + 1):
            rows.append((one, year, (pd.Timestamp(year, 1, 1) - began).days / 365.25))
        if way in ("Irregular", "Foreign") and FIRST <= ended.year <= LAST:
            left.append((one, ended.year))
    sat = pd.DataFrame(rows, columns=[*KEY, "tenure"])
    exits = pd.DataFrame(left, columns=KEY).value_counts().rename("leader_irregular").reset_index()
    found = sat.sort_values("tenure").drop_duplicates(KEY).merge(exits, on=KEY, how="outer")
    found["leader_irregular"] = found["leader_irregular"].fillna(0.0)
    return found.assign(ccode=from_gw(found["ccode"], found["year"])).drop_duplicates(KEY)


def coups(file: Path) -> pd.DataFrame:
    """Attempts, and those that succeeded (code 2)."""
    table = opened(file, ("ccode", "year", "coup"))
    table = years(table, "year", file)
    kind = whole(table, "coup", file, 1, 2)
    found = table[["year"]].assign(ccode=from_gw(whole(table, "ccode", file, 1, 999), table["year"]), coups=1.0,
                                   coups_won=(kind == 2).astype(float))  # fmt: skip
    return found.groupby(KEY, as_index=False).sum()


def conflicts(file: Path) -> pd.DataFrame:
    """Armed conflicts at home on the government's side: the highest intensity, and whether one was over territory."""
    table = opened(file, ("gwno_a", "year", "type_of_conflict", "intensity_level", "incompatibility"))
    table = years(table, "year", file)
    inner = table[whole(table, "type_of_conflict", file, 1, 4) >= 3]
    first = inner.assign(gwno_a=inner["gwno_a"].astype(str).str.split(",").str[0].str.strip())
    found = inner[["year"]].assign(
        ccode=from_gw(whole(first, "gwno_a", file, 1, 999), inner["year"]),
        civil_war=whole(inner, "intensity_level", file, 1, 2).astype(float),
        territory_war=(whole(inner, "incompatibility", file, 1, 3) != 2).astype(float),
    )
    return found.groupby(KEY, as_index=False).max()


def protests(file: Path) -> pd.DataFrame:
    """Protests by year; zero where a state is covered and had none."""
    table = opened(file, ("ccode", "year", "protest"))
    table = years(table, "year", file)
    there = whole(table, "protest", file, 0, 1).astype(float)
    found = table[["year"]].assign(ccode=whole(table, "ccode", file, 1, 999), mm_protests=there)
    return found.groupby(KEY, as_index=False).sum()


def fractions(file: Path) -> pd.DataFrame:
    """Ethnic fractionalisation, by names of countries; of two names of one state, the first."""
    table = one_each(opened(file, ("Country", "Year", "EFindex")), ["Country", "Year"], file)
    table = years(table, "Year", file)
    code = by_year(code_of_name(table["Country"]), table["year"])
    found = table[["year"]].assign(ccode=code, hief=number(table, "EFindex", file, 0, 1))
    known = found.dropna(subset=["ccode"]).astype({"ccode": int}).drop_duplicates(KEY)
    return left_out(known, table["Country"], code)


def campaigns(file: Path) -> pd.DataFrame:
    """Campaigns under way, nonviolent and violent, by names of countries."""
    import pandas as pd

    table = opened(file, ("LOCATION", "BYEAR", "EYEAR", "NONVIOL"))
    code = code_of_name(table["LOCATION"])
    begin, end = whole(table, "BYEAR", file, 1800, LAST + 5), whole(table, "EYEAR", file, 1800, LAST + 5)
    calm = whole(table, "NONVIOL", file, 0, 1)
    rows = []
    for one, first, last, quiet in zip(code, begin, end, calm, strict=True):
        if one == one:  # a place that is a state
            span = range(max(first, FIRST), min(last, LAST) + 1)
            rows += [(int(one), year, float(quiet), float(1 - quiet)) for year in span]
    found = pd.DataFrame(rows, columns=[*KEY, "campaigns_nonviolent", "campaigns_violent"])
    found["ccode"] = by_year(found["ccode"], found["year"])
    return left_out(found.groupby(KEY, as_index=False).sum(), table["LOCATION"], code)


EXCLUDED = ("POWERLESS", "DISCRIMINATED", "SELF-EXCLUSION")
RULING = ("MONOPOLY", "DOMINANT", "SENIOR PARTNER")


def groups(file: Path) -> pd.DataFrame:
    """Ethnic groups by year: ccode, year, group, size, status, reg_aut."""
    table = opened(file, ("gwid", "from", "to", "group", "size", "status", "reg_aut"))
    first, last = whole(table, "from", file, 1800, LAST + 5), whole(table, "to", file, 1800, LAST + 5)
    table = table.assign(
        first=first, last=last, gwid=whole(table, "gwid", file, 1, 999), size=number(table, "size", file, 0, 1)
    )
    table = table[table["last"] >= table["first"]]
    long = table.loc[table.index.repeat(table["last"] - table["first"] + 1)]
    long = long.assign(year=long["first"] + long.groupby(level=0).cumcount()).reset_index(drop=True)
    return long.assign(ccode=from_gw(long["gwid"], long["year"]))


def ethnic(each: pd.DataFrame) -> pd.DataFrame:
    """Of groups: excluded ones' share of the people, self-excluding ones, autonomy of one that is not in power alone."""
    alone = each["status"].isin(RULING[:2])
    told = each[KEY].assign(
        epr_excluded=each["size"].where(each["status"].isin(EXCLUDED), 0.0),
        epr_self_excluding=(each["status"] == "SELF-EXCLUSION").astype(float),
        epr_autonomy=((each["reg_aut"].astype(str).str.lower() == "true") & ~alone).astype(float),
    )
    how = {"epr_excluded": "sum", "epr_self_excluding": "sum", "epr_autonomy": "max"}
    return told.groupby(KEY, as_index=False).agg(how)


ZERO = (
    "leader_irregular",
    "coups",
    "coups_won",
    "civil_war",
    "territory_war",
    "campaigns_nonviolent",
    "campaigns_violent",
)
"""What is nought where a release covers a year and tells nothing."""


def joined(spine: pd.DataFrame, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One table of state-years."""
    found = spine
    for part in parts:
        part = part[part["year"] <= LAST]
        found = found.merge(part.astype({"ccode": int, "year": int}), on=KEY, how="left")
        for name in ZERO:
            if name in part and len(part):
                covered = found["year"].between(part["year"].min(), part["year"].max())
                found[name] = found[name].where(found[name].notna() | ~covered, 0.0)
    measured = [name for name in found if name not in ("iso3", "ccode", "name", "year")]
    return found.astype(dict.fromkeys(measured, np.float32) | {"ccode": np.int16, "year": np.int16})
