"""Fans: bands with a line in them along an axis, one panel per member, one or several series over each other.

Bands, line, points and steps are optional, so that lines alone, a record's dots in a fan, or a step line are fans too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Required

import numpy as np

from hegemon.pages import theme
from hegemon.pages.charts import parts
from hegemon.pages.charts.parts import Axis, Column, Drawn, Look, Number, alt
from hegemon.pages.figure import Figure, Rows, records

if TYPE_CHECKING:
    import pandas as pd


class Settings(parts.Ruled, total=False):
    """What a fan takes. Looks use label, colour, width, dash, and bands of their own."""

    x: Required[Column]  # column along the horizontal axis
    line: Column  # column of the line
    bands: Sequence[Sequence[Column]]  # columns of low and high ends, the widest band first
    points: Column  # column of what was observed, as dots
    outside: Column  # column that is true where a dot lies off
    steps: Column  # column of what happened, as a step line
    series: Column  # column of the series
    looks: Mapping[str, Look]  # how each series looks, in the order in which they are drawn
    ends: Mapping[str, Mapping[str, str]]  # series whose name stands at the line's end, by panel
    up: Axis
    domains: Mapping[str, Sequence[float]]  # vertical range by panel, where panels differ


OPACITY = {1: (0.22,), 2: (0.17, 0.36)}
"""Of bands, the widest first."""


def draw(figure: Figure, small: bool) -> Drawn:
    """All panels, under a key where series have names."""
    s, data = figure.settings, figure.data
    panels = parts.chosen(data, s.get("panel"), s.get("panels"))
    columns = parts.columns_of(len(panels), s.get("columns"), small)
    named = 64 if s.get("ends") else 0
    width = ((parts.NARROW if small else parts.WIDE) - (parts.GAP + named) * columns) // columns
    across = parts.axis_of(s.get("across", {}), domain=parts.span(data[s["x"]]))
    up = parts.axis_of(s.get("up", {}), domain=parts.span(data[drawn_columns(s)], 0.03))
    charts: list[Any] = []
    sources: dict[str, Rows] = {}
    for place, (key, name) in enumerate(panels.items()):
        mine = parts.axis_of({**up, "domain": some(s["domains"][key])}) if key in s.get("domains", {}) else up
        if mine is not up and mine["domain"][0] == 0:
            mine["values"] = parts.even(mine["domain"][1])
        first, last = place % columns == 0, place + columns >= len(panels)
        rows = parts.part(data, s.get("panel"), key)
        marks, found = layers(f"{figure.name}_{place}", rows, s, across, mine, width, (first or mine is not up, last))
        more = parts.rules(parts.within(s.get("rules", ()), key), across, mine)
        ends, at = named_ends(f"{figure.name}_{place}", rows, s, key, across, mine)
        sources |= found | at
        charts.append(parts.panel([*parts.shades(parts.within(s.get("shades", ()), key), across), *marks, *more, *ends],
                            name, width, height(width)))  # fmt: skip
    return parts.layered(charts, columns, s.get("looks", {}), small, parts.GAP + named), sources


def some(domain: Sequence[float]) -> list[float]:
    """A panel's vertical range; where everything in it lies at one height, with some room above."""
    low, high = domain
    return [low, high if high > low else low + 1.0]


def height(width: Number) -> int:
    """Of a panel: wide ones are flatter."""
    return int(min(104 + 0.38 * max(width - 125, 0), 220))


def drawn_columns(s: Mapping[str, Any]) -> list[str]:
    """Columns whose values are heights."""
    looks = s.get("looks", {}).values()
    pairs = [pair for bands in (s.get("bands", ()), *(look.get("bands", ()) for look in looks)) for pair in bands]
    single = [s[name] for name in ("line", "points", "steps") if name in s]
    return list(dict.fromkeys([*(column for pair in pairs for column in pair), *single]))


def layers(
    key: str, data: pd.DataFrame, s: Mapping[str, Any], across: Axis, up: Axis, width: Number, labels: tuple[bool, bool]
) -> tuple[list[Any], dict[str, Rows]]:
    """The marks of one panel: bands of all series, then lines, then what was observed. `labels`: of the axes up and across."""
    below = parts.axis(across, width, labels[1], grid=False, ticks=labels[1])
    x = alt.X(f"{s['x']}:Q", scale=parts.scale(across), axis=below)

    def y(column: str) -> Any:
        return alt.Y(f"{column}:Q", scale=parts.scale(up), axis=parts.axis(up, 300, labels[0], blank=True))

    sources: dict[str, Rows] = {}
    bands, lines, seen = [], [], []
    for n, (look, members) in enumerate(alike(data, s)):
        name = f"{key}_{n}"
        rows = data[data[s["series"]].astype(str).isin(members)] if members else data
        sources[name] = records(thinned(rows, s, width))
        base, ink = alt.Chart(alt.NamedData(name=name)), theme.hue(look.get("colour", "model"))
        detail = f"{s['series']}:N" if len(members) > 1 else alt.Undefined
        ends = look.get("bands", s.get("bands", ()))
        for (low, high), opacity in zip(ends, OPACITY.get(len(ends), (0.2,) * len(ends)), strict=True):
            area = base.mark_area(color=ink, opacity=opacity, clip=True)
            bands.append(area.encode(x=x, y=y(low), y2=f"{high}:Q", detail=detail))
        if "line" in s and look.get("width", 1):
            dash = [4, 2] if look.get("dash") else alt.Undefined
            line = base.mark_line(color=ink, strokeWidth=look.get("width", 1.8), clip=True, strokeDash=dash)
            lines.append(line.encode(x=x, y=y(s["line"]), detail=detail))
        if "points" in s:
            hue: Any = alt.value(theme.hue("record"))
            if "outside" in s:
                hue = alt.condition(f"datum.{s['outside']}", alt.value(theme.hue("vermillion")), hue)
            dots = base.transform_filter(f"isValid(datum.{s['points']})").mark_point(filled=True, size=18, opacity=1)
            seen.append(dots.encode(x=x, y=y(s["points"]), color=hue))
        if "steps" in s:
            steps = base.mark_line(color=theme.hue("record"), strokeWidth=1.8, interpolate="step-after", clip=True)
            seen.append(steps.encode(x=x, y=y(s["steps"])))
    return [*bands, *lines, *seen], sources


def alike(data: pd.DataFrame, s: Mapping[str, Any]) -> list[tuple[Look, list[str]]]:
    """Series by look, so that a hundred of one look are one mark; a single nameless one where there are no series."""
    if "series" not in s:
        return [({}, [])]
    looks = s.get("looks") or {str(name): {} for name in dict.fromkeys(data[s["series"]])}
    found: dict[str, tuple[Look, list[str]]] = {}
    for name, look in looks.items():
        worn = {key: value for key, value in look.items() if key != "label"}
        found.setdefault(repr(sorted(worn.items())), (look, []))[1].append(name)
    return list(found.values())


def thinned(data: pd.DataFrame, s: Mapping[str, Any], width: Number) -> pd.DataFrame:
    """Rows enough for a line of this width, the first and the last kept; never fewer where single points are shown."""
    columns = list(dict.fromkeys([s["x"], *drawn_columns(s), *(s[k] for k in ("outside", "series") if k in s)]))
    places = np.sort(data[s["x"]].unique())
    step = int(len(places) * 2.5 // max(width, 1)) + 1
    if step > 1 and not {"points", "steps"} & set(s):
        kept = {*places[len(places) - 1 :: -step], places[0]}
        data = data[data[s["x"]].isin(kept)]
    return data[columns]


def named_ends(
    key: str, data: pd.DataFrame, s: Mapping[str, Any], panel: str, across: Axis, up: Axis
) -> tuple[list[Any], dict[str, Rows]]:
    """Names at the ends of lines."""
    wanted: Mapping[str, str] = s.get("ends", {}).get(panel, {})
    if not wanted:
        return [], {}
    last = data[data[s["x"]] == data[s["x"]].max()].set_index(s["series"])
    rows: Rows = [{"x": last.at[name, s["x"]], "y": last.at[name, s["line"]], "word": word} for name, word in wanted.items()]
    words = alt.Chart(alt.NamedData(name=f"{key}_ends")).mark_text(align="left", dx=6, fontSize=11, color=theme.hue("muted"))
    x, y = alt.X("x:Q", scale=parts.scale(across)), alt.Y("y:Q", scale=parts.scale(up))
    return [words.encode(x=x, y=y, text="word:N")], {f"{key}_ends": rows}
