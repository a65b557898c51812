"""Triangles: shares of three, a corner for each; colour says how much of something there is at a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict

import numpy as np
import numpy.typing as npt

from hegemon.pages import theme
from hegemon.pages.charts import parts
from hegemon.pages.charts.gauge import gauge
from hegemon.pages.charts.parts import Column, Drawn, alt
from hegemon.pages.figure import Figure, Rows

Numbers = npt.NDArray[np.float64]


class Level(TypedDict):
    """A line of one share of the first corner, with an interval, its name, and what lies above and below it."""

    at: float
    low: float
    high: float
    name: str
    sides: Sequence[str]


class Settings(parts.Panels, total=False):
    """What triangles take."""

    shares: Required[Sequence[Column]]
    """Columns of the three shares: top, left, right. Rows are the middles of the small triangles that tile the large
    one, whose number is a square."""
    value: Required[Column]  # column of the colour
    corners: Required[Sequence[str]]  # names of the three
    short: Sequence[str]  # the same on small triangles
    behind: int
    """How many stand behind the last corner, one if absent. Where there are more, places are moved so that an area is the share
    of all ways to divide everything: the more is left to several, the more ways there are to divide it among them."""
    domain: Sequence[float]  # values of the lightest and the darkest colour
    level: Level  # a line at one share of the first
    trail: Sequence[Sequence[float]]  # places, [[top, left, right], ..]: a way, with a dot at its end
    dates: Sequence[str]  # names of both ends of the trail
    title: str  # of the key of colours
    hover: str  # what is said of a place, on large triangles


HEIGHT = 3.0**0.5 / 2.0  # of a triangle with sides of one
LEFT, TOP, FOOT = 34.0, 34.0, 46.0  # room for labels around the triangle, in pixels
LARGE, SMALL = 360.0, 210.0  # side of a triangle alone, and of one among others, in pixels
APART = 26.0  # ends of a trail further apart than this (in pixels) are both named


def draw(figure: Figure, small: bool) -> Drawn:
    """All panels under one key of colours."""
    s, data = figure.settings, figure.data
    panels = parts.chosen(data, s.get("panel"), s.get("panels"))
    side = LARGE if len(panels) == 1 else SMALL
    ends = s.get("domain") or parts.span(data[s["value"]], zero=True)
    data = parts.hovers(data, s.get("hover")) if side == LARGE else data
    charts: list[Any] = []
    sources: dict[str, Rows] = {}
    for place, (key, name) in enumerate(panels.items()):
        stem = f"{figure.name}_{place}"
        sources |= {f"{stem}_tiles": tiles(parts.part(data, s.get("panel"), key), s, side, ends)}
        sources |= {f"{stem}_{part}": rows for part, rows in over(s, side).items()}
        chart = layers(stem, side, hover="hover" in data)
        charts.append(chart.properties(title=name) if name else chart)
    drawn = parts.beside(charts, 1 if small else 3, 2)
    return alt.vconcat(gauge(ends, s.get("title", "")), drawn, spacing=8), sources


def even(shares: Numbers, behind: int) -> Numbers:
    """Shares [.., 3] moved so that areas are shares of all ways to divide everything, where `behind` stand behind the third.

    All ways to divide a whole among n + 2 are uniform if the first's share is p with density (1 - p)^n, and the third's share u
    of the rest is the largest part of n uniform ones: with 1 - p' = (1 - p)^((n + 1) / 2) and u' = u^n areas are as likely as
    they are large.
    """
    rest = 1.0 - shares[..., 0]
    third = np.divide(shares[..., 2], rest, out=np.zeros_like(rest), where=rest > 1e-12).clip(0.0, 1.0) ** behind
    rest = rest.clip(0.0) ** ((behind + 1) / 2.0)
    return np.stack([1.0 - rest, rest * (1.0 - third), rest * third], -1)


def plane(shares: Any, side: float, behind: int = 1) -> Numbers:
    """Where shares [.., 3] lie on paper, in pixels: the first at the top, the second left below, the third right."""
    at = even(np.asarray(shares, float), behind)
    spot = np.stack([0.5 * at[..., 0] + at[..., 2], HEIGHT * (1.0 - at[..., 0])], -1)
    return np.round(spot * side + np.array([LEFT, TOP]), 1)


def corners_of(middles: Numbers) -> Numbers:
    """The small triangles that have these middles [T, 3] and tile the large one: [T, 3 corners, 3 shares].

    A tile that points up has its middle a third of a step above whole steps, one that points down a third below.
    """
    steps = round(len(middles) ** 0.5)
    at = middles * steps
    upward = (at - np.floor(at)).mean(1, keepdims=True) < 0.5
    base, way = np.where(upward, np.floor(at), np.ceil(at)), np.where(upward, 1.0, -1.0)
    return np.asarray((base[:, None, :] + way[:, None, :] * np.eye(3)) / steps)


def shape(kind: str, at: Any, **more: Any) -> dict[Any, Any]:
    """A piece of GeoJSON."""
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": at}, **more}


def tiles(data: Any, s: Mapping[str, Any], side: float, ends: Sequence[float]) -> Rows:
    """The small triangles with their colours."""
    rings = plane(corners_of(data[list(s["shares"])].to_numpy(float)), side, s.get("behind", 1))
    said = list(data["hover"]) if "hover" in data else [""] * len(data)
    rows: Rows = []
    for ring, value, hover in zip(rings, data[s["value"]].astype(float), said, strict=True):
        # Clockwise, or the reader of GeoJSON takes it for everything outside.
        (ax, ay), (bx, by) = ring[1] - ring[0], ring[2] - ring[0]
        around = ring if ax * by > ay * bx else ring[::-1]
        fill = theme.magnitude(value - ends[0], ends[1] - ends[0])
        rows.append(shape("Polygon", [[*around.tolist(), around[0].tolist()]], fill=fill, hover=hover))
    return rows


def line(share: float, side: float, behind: int = 1) -> list[list[float]]:
    """Both ends of the line of all places with one share of the first."""
    ends: list[list[float]] = plane([[share, 1.0 - share, 0.0], [share, 0.0, 1.0 - share]], side, behind).tolist()
    return ends


def over(s: Mapping[str, Any], side: float) -> dict[str, Rows]:
    """Everything that stands on the colours: lines, dots and words, by role."""
    words: Rows = []
    large, behind = side == LARGE, s.get("behind", 1)

    def say(x: float, y: float, text: str, align: str, weight: str = "normal", ink: str = "ink") -> None:
        words.append({"lon": x, "lat": y, "text": text, "align": align, "weight": weight, "ink": theme.hue(ink)})

    names = s["corners"] if large else s.get("short", s["corners"])
    bottom = TOP + HEIGHT * side + 16
    say(LEFT + side / 2, TOP - 14, names[0], "center", "bold")
    say(LEFT - 4, bottom, names[1], "left", "bold")
    say(LEFT + side + 4, bottom, names[2], "right", "bold")
    for share in (0.25, 0.5, 0.75) if large else ():
        x, y = line(share, side, behind)[0]
        say(x - 6, y, f"{share:.0%}", "right", ink="muted")
    found: dict[str, Rows] = {"line": [], "band": [], "trail": [], "dots": [], "words": words}
    found["frame"] = [shape("LineString", [*line(0.0, side), line(1.0, side)[0], line(0.0, side)[0]])]
    if "level" in s:
        level: Level = s["level"]
        found["line"] = [shape("LineString", line(level["at"], side, behind))]
        found["band"] = [shape("LineString", line(share, side, behind)) for share in (level["low"], level["high"])]
        x, y = line(level["at"], side, behind)[1]
        say(x + 8, y, f"{level['name']} {level['at']:.0%}", "left", "bold", "vermillion")
        for text, dx, dy in zip(level["sides"], (-4, 18), (-17, 17), strict=True) if large else ():
            say(x + dx, y + dy, text, "left", ink="muted")
    if s.get("trail"):
        trail = list(s["trail"])
        ways = plane(trail[:-1:4] + trail[-1:], side, behind)
        begin, here = ways[0], ways[-1]
        if len(ways) > 1:
            found["trail"] = [shape("LineString", ways.tolist())]
            found["dots"] = [{"lon": float(begin[0]), "lat": float(begin[1]), "size": 34}]
        found["dots"].append({"lon": float(here[0]), "lat": float(here[1]), "size": 120})
        aside = 1.0 if here[0] >= begin[0] else -1.0
        places = [(here, s["dates"][-1], aside, "bold"), (begin, s["dates"][0], -aside, "normal")]
        apart = float(((here - begin) ** 2).sum() ** 0.5)
        for place, text, way, weight in places[: 2 if large and apart > APART else 1]:
            say(float(place[0]) + 10 * way, float(place[1]), text, "left" if way > 0 else "right", weight)
    return found


def layers(key: str, side: float, hover: bool) -> Any:
    """The marks, over data named `<key>_tiles`, `<key>_line` ..."""
    ink, red = theme.hue("ink"), theme.hue("vermillion")

    def chart(name: str) -> Any:
        return alt.Chart(alt.NamedData(name=f"{key}_{name}"))

    def stroke(name: str, colour: str, width: float, **more: Any) -> Any:
        more = {"strokeJoin": "round", "strokeCap": "round", **more}
        return chart(name).mark_geoshape(filled=False, stroke=colour, strokeWidth=width, **more)

    colours = chart("tiles").mark_geoshape(
        strokeWidth=0.4, strokeJoin="round", ariaRoleDescription="hover" if hover else alt.Undefined
    ).encode(
        fill=alt.Fill("fill:N", scale=None), stroke=alt.Stroke("fill:N", scale=None),
        description="hover:N" if hover else alt.Undefined,
    )  # fmt: skip
    text = {"longitude": "lon:Q", "latitude": "lat:Q", "text": "text:N"}
    said = []
    for align in ("left", "center", "right"):
        for weight in ("normal", "bold"):
            of = chart("words").transform_filter(f"datum.align === '{align}' && datum.weight === '{weight}'")
            style = {"align": align, "fontWeight": weight, "fontSize": 11.5, "baseline": "middle"}
            said.append(of.mark_text(**style, stroke="#ffffff", strokeWidth=3.0, strokeJoin="round").encode(**text))
            said.append(of.mark_text(**style).encode(**text, color=alt.Color("ink:N", scale=None)))
    dot = chart("dots").mark_point(filled=True, opacity=1, color=ink, stroke="#ffffff", strokeWidth=1.6)
    marks = [
        colours,
        stroke("frame", theme.hue("muted"), 0.8),
        stroke("band", "#ffffff", 2.2, opacity=0.8),
        stroke("band", red, 1.0, strokeDash=[4, 3], strokeCap="butt"),
        stroke("line", "#ffffff", 4.6),
        stroke("line", red, 2.4),
        stroke("trail", "#ffffff", 4.2),
        stroke("trail", ink, 1.8),
        dot.encode(longitude="lon:Q", latitude="lat:Q", size=alt.Size("size:Q", scale=None)),
        *said,
    ]
    flat = alt.Projection(type="identity", scale=1, translate=[0, 0])
    layered = [mark.properties(projection=flat) for mark in marks]
    return alt.layer(*layered).properties(width=side + 2 * LEFT + 44, height=HEIGHT * side + TOP + FOOT - 18)
