"""Geography: how far territories and capitals of states are from each other (Natural Earth, today's borders)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import BadFile, Missing, shown
from hegemon.world_pack.manifest import LAST

if TYPE_CHECKING:
    import pandas as pd

Points = npt.NDArray[np.float64]

EARTH = 6371.0
"""Radius, km."""

SAME = {"SDS": "SSD", "KOS": "XKX", "CYN": "CYP", "SOL": "SOM", "PSX": "PSE", "SAH": "ESH"}
"""Natural Earth's own codes."""

BEFORE: Mapping[tuple[int, int], tuple[str, ...]] = {
    (365, 1991): ("RUS", "UKR", "BLR", "MDA", "EST", "LVA", "LTU", "GEO", "ARM", "AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB"),
    (345, 1991): ("SRB", "MNE", "HRV", "SVN", "BIH", "MKD", "XKX"), (345, 2005): ("SRB", "MNE", "XKX"),
    (315, 1992): ("CZE", "SVK"), (260, 1990): ("DEU",), (265, 1990): ("DEU",), (817, 1975): ("VNM",), (678, 1990): ("YEM",),
    (680, 1990): ("YEM",), (511, 1964): ("TZA",), (770, 1971): ("PAK", "BGD"), (530, 1992): ("ETH", "ERI"),
    (625, 2010): ("SDN", "SSD"),
}  # fmt: skip
"""By number and last year: today's states whose territory stands in."""

SEATS = {260: (50.73, 7.10), 265: (52.52, 13.40), 817: (10.78, 106.70), 680: (12.80, 45.03), 511: (-6.16, 39.19)}
"""Capitals of states that are no more, latitude and longitude: Bonn, East Berlin, Saigon, Aden, Zanzibar."""


def _features(file: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    """Properties, by names in capitals, and geometry of each feature."""
    try:
        told = json.loads(file.read_text("utf-8"))
        found = [(each["properties"], each["geometry"]) for each in told["features"]]
    except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        said = f"It is no GeoJSON ({type(error).__name__}); download it again"
        raise BadFile(f"cannot read {shown(file.name)}", f"{said}, as GeoJSON.") from None
    for properties, geometry in found:
        yield {str(key).upper(): value for key, value in properties.items()}, geometry


def _code(properties: dict[str, Any]) -> str:
    """The alpha-3 code of a feature."""
    words = (properties.get(key) for key in ("ISO_A3_EH", "ISO_A3", "ADM0_A3"))
    word = next((str(each) for each in words if each and str(each) != "-99"), "")
    return SAME.get(word, word)


def _sphere(lonlat: Points) -> Points:
    """Points on the unit sphere."""
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    return np.c_[np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]


def _corners(geometry: Any) -> list[Any]:
    """Corners of a polygon or several."""
    shapes = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [point[:2] for shape in shapes for ring in shape for point in ring]


def borders(file: Path, system: pd.DataFrame, tick: Callable[[], None] = lambda: None) -> pd.DataFrame:
    """Least distance between territories, km between corners of their outlines, by period."""
    from scipy.spatial import cKDTree

    outline: dict[str, list[Any]] = {}
    for properties, geometry in _features(file):
        if geometry and geometry.get("type") in ("Polygon", "MultiPolygon"):
            outline.setdefault(_code(properties), []).extend(_corners(geometry))
    if not outline:
        raise Missing(f"{file.name} has no outline of a state", "Take the file of countries, admin 0.")
    spells = []
    for code, iso, first, last in _spells(system):
        begin = first
        for (number, until), members in BEFORE.items():
            if number == code and begin <= min(until, last):
                spells.append((code, begin, min(until, last), members))
                begin = until + 1
        if begin <= last:
            spells.append((code, begin, last, (iso,)))
    shapes = []
    for code, first, last, members in spells:
        points = [point for member in members for point in outline.get(member, [])]
        if points:
            shapes.append((code, first, last, cKDTree(_sphere(np.array(points, float)))))
    rows = []
    for i, (one, first, last, tree) in enumerate(shapes):
        tick()
        for two, begin, end, other in shapes[i + 1 :]:
            if one == two or max(first, begin) > min(last, end):
                continue
            small, big = (tree, other) if tree.n < other.n else (other, tree)
            chord = float(big.query(small.data, k=1)[0].min())
            km = round(2 * EARTH * float(np.arcsin(min(chord / 2, 1.0))))
            low, high = sorted((one, two))
            rows.append((low, high, "border_km", max(first, begin), min(last, end), float(km)))
    return _checked(rows, file)


def _checked(rows: list[Any], file: Path) -> pd.DataFrame:
    import pandas as pd

    if not rows:
        raise Missing(f"{file.name} has no two states of the system", "Take the file of the whole world.")
    return pd.DataFrame(rows, columns=["ccode1", "ccode2", "what", "from", "to", "value"])


def _spells(system: pd.DataFrame) -> list[tuple[int, str, int, int]]:
    """Number, today's code, first and last year of every state."""
    own = system.groupby("ccode").agg(iso3=("iso3", "last"), first=("year", "min"), last=("year", "max"))
    rows = zip(own.index, own["iso3"], own["first"], own["last"], strict=True)
    return [(int(code), str(iso), int(first), int(last)) for code, iso, first, last in rows]


def capitals(file: Path, system: pd.DataFrame) -> pd.DataFrame:
    """Great circles between capitals, today's, by the years in which both are states."""
    seat: dict[str, tuple[float, float]] = {}
    for properties, geometry in _features(file):
        kind, code = str(properties.get("FEATURECLA", "")), _code(properties)
        if kind.startswith("Admin-0 capital") and geometry and (code not in seat or kind == "Admin-0 capital"):
            seat[code] = float(geometry["coordinates"][1]), float(geometry["coordinates"][0])
    successor = {"CSK": "CZE", "YUG": "SRB", "YAR": "YEM", "RVN": "VNM", "DDR": "DEU"}
    places = []
    for state, iso, first, last in _spells(system):
        place = SEATS.get(state) or seat.get(iso) or seat.get(successor.get(iso, ""))
        if place:
            places.append((state, first, last, *place))
    rows = []
    for i, (one, first, last, lat, lon) in enumerate(places):
        for two, begin, end, lat2, lon2 in places[i + 1 :]:
            if max(first, begin) <= min(last, end, LAST):
                km = float(round(great_circle(lat, lon, lat2, lon2)))
                low, high = sorted((one, two))
                rows.append((low, high, "capital_km", max(first, begin), min(last, end), km))
    return _checked(rows, file)


def great_circle(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance on the sphere, km (haversine)."""
    a, b, c, d = np.radians([lat1, lon1, lat2, lon2])
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return float(2 * EARTH * np.arcsin(np.sqrt(h)))
