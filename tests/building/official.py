"""Official data sets in small: invented numbers in the formats in which the authors publish, for eight states, 1957 to 1966."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

STATES = {  # Correlates of War number: alpha-3, first year, longitude and latitude of the capital
    2: ("USA", 1816, -77.0, 38.9),
    200: ("GBR", 1816, -0.1, 51.5),
    220: ("FRA", 1816, 2.4, 48.9),
    365: ("RUS", 1816, 37.6, 55.8),
    433: ("SEN", 1960, -17.4, 14.7),
    437: ("CIV", 1960, -4.0, 5.3),
    481: ("GAB", 1960, 9.5, 0.4),
    522: ("DJI", 1977, 43.1, 11.6),
}
YEARS = range(1957, 1967)
NAMES = {433: "Senegal", 437: "Cote d'Ivoire", 481: "Gabon"}


def there(year: int) -> list[int]:
    """Numbers of the states of a year."""
    return [code for code, (_, first, *_) in STATES.items() if first <= year]


def both(year: int) -> list[tuple[int, int]]:
    """Pairs of them."""
    return list(combinations(sorted(there(year)), 2))


def write(folder: Path, only: Iterable[str] | None = None) -> Path:
    """All files, or only some by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        if only is None or name in only:
            (folder / name).write_text(text, "utf-8")
    return folder


def table(header: str, rows: Iterable[Sequence[object]], separator: str = ",") -> str:
    """A file of separated text."""
    import io

    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerows([header.split(), *rows])
    return text.getvalue()


def _square(lon: float, lat: float) -> list[list[list[float]]]:
    return [[[lon - 1, lat - 1], [lon + 1, lat - 1], [lon + 1, lat + 1], [lon - 1, lat + 1], [lon - 1, lat - 1]]]


def files() -> dict[str, str]:
    """Text of every file by its name."""
    state_years = [(code, year) for year in YEARS for code in there(year)]
    pair_years = [(one, two, year) for year in YEARS for one, two in both(year)]
    outlines = [
        {
            "type": "Feature",
            "properties": {"ISO_A3_EH": iso, "ADM0_A3": iso},
            "geometry": {"type": "Polygon", "coordinates": _square(lon, lat)},
        }
        for iso, _, lon, lat in STATES.values()
    ]
    seats = [
        {
            "type": "Feature",
            "properties": {"featurecla": "Admin-0 capital", "adm0_a3": iso},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for iso, _, lon, lat in STATES.values()
    ]
    world_bank = [
        '"Data Source","World Development Indicators",',
        "",
        '"Last Updated Date","2024-01-01",',
        "",
        '"Country Name","Country Code","Indicator Name","Indicator Code",' + ",".join(f'"{y}"' for y in YEARS),
    ]
    world_bank += [
        f'"{iso}","{iso}","GDP","NY.GDP.MKTP.KD",' + ",".join(f'"{1000 + 10 * y}"' for y in YEARS)
        for iso, *_ in STATES.values()
    ]
    world_bank += ['"World","WLD","GDP","NY.GDP.MKTP.KD",' + ",".join('"1"' for _ in YEARS)]
    votes = [
        (100 * (year - 1956) + call, year - 1945, f"{year}-10-01", code, 1 if code in (200, 220) or call < 3 else 3)
        for year in YEARS
        for call in range(5)
        for code in there(year)
    ]
    return {
        "states2016.csv": table(
            "stateabb ccode statenme styear stmonth stday endyear endmonth endday version",
            [(iso, code, iso, first, 1, 1, 2016, 12, 31, 2016) for code, (iso, first, *_) in STATES.items()],
        ),
        "NMC-60-abridged.csv": table(
            "stateabb ccode year milex milper irst pec tpop upop cinc version",
            [
                ("", code, year, -9, 10 + code % 7, 0, 0, 4000, 0, 0.2 if code == 2 else 0.01, 6)
                for code, year in state_years
            ],
        ),
        "National_COW_4.0.csv": table(
            "ccode statename stateabb year imports exports",
            [(code, "", "", year, 200, -9 if code == 481 else 100) for code, year in state_years],
        ),
        "Dyadic_COW_4.0.csv": table(
            "ccode1 ccode2 year importer1 importer2 flow1 flow2",
            [
                (one, two, year, "", "", 60 if one == 220 else 5, 40 if one == 220 else 5)
                for one, two, year in pair_years
            ],
        ),
        "MIDB 5.0.csv": table(
            "dispnum stabb ccode stday stmon styear endday endmon endyear sidea hiact hostlev orig version",
            [
                (7, "FRN", 220, 1, 5, 1959, 1, 6, 1959, 1, 14, 4, 1, 5),
                (7, "SEN", 433, 1, 5, 1959, 1, 6, 1959, 0, 3, 2, 1, 5),
            ],
        ),
        "contdird.csv": table(
            "dyad state1no state1ab state2no state2ab year conttype version",
            [
                (0, one, "", two, "", year, 1, 3.2)
                for year in range(1960, 2017)
                for one, two in ((433, 437), (437, 433))
            ],
        ),
        "state_year_formatv3.csv": table(
            "ccode year state AU UN OECD", [(code, year, "", int(code > 400), 1, -9) for code, year in state_years]
        ),
        "atop5_1dy.csv": table(
            "dyad mem1 mem2 year atopally defense offense neutral nonagg consul",
            [(220481, 220, 481, year, 1, 1, 0, 0, 1, 1) for year in range(1960, 1967)],
        ),
        "V-Dem-CY-Core-v15.csv": table(
            "country_name country_text_id COWcode year v2x_polyarchy v2x_polyarchy_codelow v2x_polyarchy_codehigh",
            [
                (
                    "",
                    "",
                    code,
                    year,
                    0.8 if code < 400 else 0.2,
                    0.75 if code < 400 else 0.15,
                    0.85 if code < 400 else 0.3,
                )
                for code, year in state_years
            ],
        ),
        "1March_Archigos_4.1.txt": table(
            "obsid leadid ccode idacr leader startdate enddate entry exit",
            [
                ("x", "y", 437, "CDI", "A", "1960-08-07", "1993-12-07", "Regular", "Natural Death"),
                ("x", "z", 433, "SEN", "B", "1960-09-06", "1962-12-18", "Regular", "Irregular"),
            ],
            "\t",
        ),
        "powell_thyne_coups_final.txt": table(
            "country ccode year month day coup version",
            [("Senegal", 433, 1962, 12, 17, 1, "v"), ("Gabon", 481, 1964, 2, 17, 2, "v")],
            "\t",
        ),
        "UcdpPrioConflict_v25_1.csv": table(
            "conflict_id location side_a side_a_id year intensity_level incompatibility type_of_conflict gwno_a",
            [(1, "Gabon", "g", 1, 1964, 1, 2, 3, 481), (2, "War", "w", 2, 1964, 2, 1, 2, "433, 481")],
        ),
        "EPR-2021.csv": table(
            "gwid statename from to group groupid size status reg_aut",
            [
                (437, "C", 1960, 1966, "Akan", 1, 0.4, "MONOPOLY", "false"),
                (437, "C", 1960, 1966, "Kru", 2, 0.11, "POWERLESS", "true"),
                (433, "S", 1960, 1966, "Krus", 3, 0.05, "SELF-EXCLUSION", "false"),
                (220, "F", 1946, 2021, "Kru", 4, 0.9, "MONOPOLY", "false"),
            ],
        ),
        "HIEF_data.csv": table(
            "Country Year EFindex",
            [(name, year, 0.7) for name in ("Cote d'Ivoire", "Senegal", "Atlantis") for year in YEARS],
        ),
        "NAVCO1.3.tab": table(
            "NAVCOID CAMPAIGN LOCATION BYEAR EYEAR NONVIOL",
            [(1, "c", "Senegal", 1962, 1963, 1), (2, "d", "Gabon", 1964, 1964, 0)],
            "\t",
        ),
        "mmALL_073120_csv.csv": table(
            "id country ccode year protest", [(1, "S", 433, 1962, 1), (2, "S", 433, 1962, 1), (3, "G", 481, 1962, 0)]
        ),
        "UNVotes-1.csv": table("rcid session date ccode vote", votes),
        "API_NY.GDP.MKTP.KD_DS2_en_csv_v2_1.csv": "\n".join(world_bank) + "\n",
        "cw_gdppop.csv": table("ccode year pwtrgdp", [(code, year, 1000 + year) for code, year in state_years]),
        "ne_50m_admin_0_countries.geojson": json.dumps({"type": "FeatureCollection", "features": outlines}),
        "ne_50m_populated_places_simple.geojson": json.dumps({"type": "FeatureCollection", "features": seats}),
        "coldata110.csv": table(
            "State Name ColRuler IndFrom IndDate IndViol IndType",
            [
                (433, "S", 220, 220, 196008, 0, 2),
                (437, "C", 220, 220, 196008, 0, 2),
                (481, "G", 220, 220, 196008, 1, 2),
                (220, "F", -9, -9, -9, -9, -9),
            ],
        ),
        "tss_rivalries.csv": table(
            "rivalryno ccode1 ccode2 start end spatial", [(1, 2, 365, 1945, 1989, 0), (2, 433, 437, 1961, 1965, 1)]
        ),
        "troopdata_rebuild_long.csv": table("ccode year troops", [(433, 1961, 3)]),
    }
