"""A triangle of orientations: the patron at the top, the main rival left, all others right; colour says how dangerous a place
is, a line parallel to the base where the red line runs, a dot where the neighbour stands, and its trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.experiments.manoeuvre.positions import HEIGHT, corners, plane
from hegemon.pages import theme
from hegemon.pages.figure import Rows

Numbers = npt.NDArray[np.float64]

LEFT, TOP, FOOT = 34.0, 34.0, 46.0
"""Room for labels around the triangle."""

APART = 26.0
"""Ends of a trail further apart than this are both named."""


@dataclass(frozen=True)
class Look:
    """What is drawn over the colours.

    line      the red line: mean, low and high share of ties with the patron
    trail     positions [T, 3] from the earlier date to the later; empty: none
    dates     names of the trail's ends
    ends      names of the corners: patron, rival, others
    """

    line: tuple[float, float, float]
    trail: Numbers
    dates: tuple[str, str]
    ends: tuple[str, str, str]


ROUND = (0.0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def ceiling(values: Numbers) -> float:
    """The value of the darkest colour: round, and no smaller than any."""
    return next(top for top in (*ROUND[1:], float(values.max())) if float(values.max()) <= top)


def floor(values: Numbers) -> float:
    """The value of the lightest colour: round, and no larger than any; nought unless values crowd far from it."""
    low = max(bottom for bottom in ROUND if bottom <= max(float(values.min()), 0.0))
    return low if low > 0.3 * ceiling(values) else 0.0


def shape(kind: str, at: Any, **more: Any) -> dict[Any, Any]:
    """A piece of GeoJSON."""
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": at}, **more}


def on_paper(shares: Numbers, side: float) -> Numbers:
    """Positions in picture units."""
    return np.round(plane(np.asarray(shares, float)) * side + np.array([LEFT, TOP]), 1)


def tiles(steps: int, values: Numbers, ends: tuple[float, float], side: float, hovers: Sequence[str]) -> Rows:
    """The triangles with their colours."""
    rows: Rows = []
    for n, ring in enumerate(corners(steps)):
        at = on_paper(ring, side)
        # Clockwise, or the reader of GeoJSON takes it for everything outside.
        turn = np.cross(np.append(at[1] - at[0], 0.0), np.append(at[2] - at[0], 0.0))[2]
        around = at if turn > 0 else at[::-1]
        closed = [[float(v) for v in point] for point in (*around, around[0])]
        more = {"hover": hovers[n]} if hovers else {}
        rows.append(
            shape("Polygon", [closed], fill=theme.magnitude(float(values[n]) - ends[0], ends[1] - ends[0]), **more)
        )
    return rows


def level(share: float, side: float) -> list[list[float]]:
    """The line of all positions with one share of ties with the patron."""
    ends = np.array([[share, 1.0 - share, 0.0], [share, 0.0, 1.0 - share]])
    return [[float(v) for v in point] for point in on_paper(ends, side)]


def over(look: Look, side: float, wide: bool) -> dict[str, Rows]:
    """Everything that stands on the colours: lines, dots and words, by role."""
    line, low, high = look.line
    words: Rows = []

    def say(x: float, y: float, text: str, align: str, weight: str = "normal", ink: str = "") -> None:
        words.append({"lon": x, "lat": y, "text": text, "align": align, "weight": weight,
                      "ink": ink or theme.colour("figure", "ink")})  # fmt: skip

    right, bottom = LEFT + side, TOP + HEIGHT * side
    say(LEFT + side / 2, TOP - 14, look.ends[0], "center", "bold")
    say(LEFT - 4, bottom + 16, look.ends[1], "left", "bold")
    say(right + 4, bottom + 16, look.ends[2], "right", "bold")
    red = theme.colour("category", "vermillion")
    end = level(line, side)[1]
    if wide:
        for share in (0.25, 0.5, 0.75):
            x, y = level(share, side)[0]
            say(x - 6, y, f"{share:.0%}", "right", ink=theme.colour("figure", "muted"))
    say(end[0] + 8, end[1], f"red line {line:.0%}", "left", "bold", red)
    if wide:
        quiet = theme.colour("figure", "muted")
        say(end[0] + 8 - 12, end[1] - 17, "permitted", "left", ink=quiet)
        say(end[0] + 8 + 10, end[1] + 17, "beyond", "left", ink=quiet)
    dots: Rows = []
    trail: Rows = []
    if len(look.trail):
        ways = on_paper(look.trail[sorted({*range(0, len(look.trail), 4), len(look.trail) - 1})], side)
        begin, here = ways[0], ways[-1]
        if len(ways) > 1:
            trail.append(shape("LineString", [[float(v) for v in point] for point in ways]))
            dots.append({"lon": float(begin[0]), "lat": float(begin[1]), "size": 34})
        dots.append({"lon": float(here[0]), "lat": float(here[1]), "size": 120})
        aside = 1.0 if here[0] >= begin[0] else -1.0
        places = [(here, look.dates[1], aside, "bold"), (begin, look.dates[0], -aside, "normal")]
        apart = float(np.hypot(*(here - begin)))
        for place, text, way, weight in places[: 2 if wide and apart > APART else 1]:
            say(float(place[0]) + 10 * way, float(place[1]), text, "left" if way > 0 else "right", weight)
    return {
        "line": [shape("LineString", level(line, side))],
        "band": [shape("LineString", level(share, side)) for share in (low, high)],
        "frame": [shape("LineString", [*level(0.0, side), level(1.0, side)[0], level(0.0, side)[0]])],
        "trail": trail,
        "dots": dots,
        "words": words,
    }


def layers(key: str, side: float, hover: bool) -> Any:
    """The marks, over data named `<key>_tiles`, `<key>_line` ..."""
    import altair as alt

    ink, red = theme.colour("figure", "ink"), theme.colour("category", "vermillion")
    flat = alt.Projection(type="identity", scale=1, translate=[0, 0])

    def chart(name: str) -> Any:
        return alt.Chart(alt.NamedData(name=f"{key}_{name}"))

    def stroke(name: str, colour: str, width: float, **more: Any) -> Any:
        more = {"strokeJoin": "round", "strokeCap": "round", **more}
        return chart(name).mark_geoshape(filled=False, stroke=colour, strokeWidth=width, **more)

    more = {"ariaRoleDescription": "hover"} if hover else {}
    colours = chart("tiles").mark_geoshape(strokeWidth=0.4, strokeJoin="round", **more)
    encodings: dict[str, Any] = {"fill": alt.Fill("fill:N", scale=None), "stroke": alt.Stroke("fill:N", scale=None)}
    if hover:
        encodings["description"] = "hover:N"
    text = {"longitude": "lon:Q", "latitude": "lat:Q", "text": "text:N"}
    said = []
    for align in ("left", "center", "right"):
        for weight in ("normal", "bold"):
            of = chart("words").transform_filter(f"datum.align === '{align}' && datum.weight === '{weight}'")
            style = {"align": align, "fontWeight": weight, "fontSize": 11.5, "baseline": "middle"}
            said.append(of.mark_text(**style, stroke="#ffffff", strokeWidth=3.0, strokeJoin="round").encode(**text))
            said.append(of.mark_text(**style).encode(**text, color=alt.Color("ink:N", scale=None)))
    dot = chart("dots").mark_point(filled=True, opacity=1, color=ink, stroke="#ffffff", strokeWidth=1.6)
    parts = [
        colours.encode(**encodings),
        stroke("frame", theme.colour("figure", "muted"), 0.8),
        stroke("band", "#ffffff", 2.2, opacity=0.8),
        stroke("band", red, 1.0, strokeDash=[4, 3], strokeCap="butt"),
        stroke("line", "#ffffff", 4.6),
        stroke("line", red, 2.4),
        stroke("trail", "#ffffff", 4.2),
        stroke("trail", ink, 1.8),
        dot.encode(longitude="lon:Q", latitude="lat:Q", size=alt.Size("size:Q", scale=None)),
        *said,
    ]
    width, height = side + 2 * LEFT + 44, HEIGHT * side + TOP + FOOT - 18
    layered = [part.properties(projection=flat) for part in parts]
    return alt.layer(*layered).properties(width=width, height=height)


def key_bar(ends: tuple[float, float], title: str, width: float = 220) -> Any:
    """The legend: a strip of colour with its numbers."""
    import altair as alt

    stops = theme.tokens()["colour"]["magnitude"]
    ramp = [{"offset": i / (len(stops) - 1), "color": stop} for i, stop in enumerate(stops)]
    low, top = ends
    form = ".1%" if top - low < 0.04 else ".0%"
    place: dict[str, Any] = {"titleAnchor": "start", "titleAlign": "left", "titleX": 0}
    axis = alt.Axis(title=title, values=[low, (low + top) / 2, top], format=form, grid=False, labelFlush=True, **place)
    return (
        alt.Chart(alt.InlineData(values=[{"a": low, "b": top}]))
        .mark_rect(color={"gradient": "linear", "x1": 0, "x2": 1, "y1": 0, "y2": 0, "stops": ramp})
        .encode(x=alt.X("a:Q", axis=axis, scale=alt.Scale(domain=[low, top], nice=False)), x2="b:Q")
        .properties(width=width, height=10)
    )
