"""Tracks: per member a strip of events over one or more fans that share its horizontal axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Required, TypedDict

from hegemon.pages import theme
from hegemon.pages.charts import fan, parts, strip
from hegemon.pages.charts.parts import Axis, Column, Drawn, Look, Number, alt
from hegemon.pages.figure import Figure, Rows

if TYPE_CHECKING:
    import pandas as pd


class Track(TypedDict, total=False):
    """One fan of a panel: its series in the order in which they are drawn, its axis, the space beneath one of its lines."""

    series: Sequence[str]
    up: Axis
    below: str
    height: int


class Settings(TypedDict, total=False):
    """What tracks take; what is not explained, as a fan has it."""

    x: Required[Column]
    panel: Required[Column]
    series: Required[Column]
    tracks: Required[Sequence[Track]]  # the fans of a panel, from above
    line: Column
    bands: Sequence[Sequence[Column]]
    looks: Mapping[str, Look]
    panels: Mapping[str, str]
    across: Axis
    events: Sequence[Mapping[str, Any]]  # rows {panel, x, class, hover}: marks over the fans, and lines through them
    classes: Mapping[str, Look]  # how each class of events looks: label, colour, shape
    columns: int


STRIP, SPACE = 34, 4


def draw(figure: Figure, small: bool) -> Drawn:
    """All panels, each a strip over its tracks."""
    s, data = figure.settings, figure.data
    panels = parts.chosen(data, s["panel"], s.get("panels"))
    columns = parts.columns_of(len(panels), s.get("columns", 3), small)
    width = 270 if columns > 1 or small else parts.WIDE - 50
    across = parts.axis_of(s.get("across", {}), domain=parts.span(data[s["x"]]))
    charts: list[Any] = []
    sources: dict[str, Rows] = {}
    for place, (key, name) in enumerate(panels.items()):
        stem = f"{figure.name}_{place}"
        happened = [event for event in s.get("events", ()) if event["panel"] == key]
        mine = parts.part(data, s["panel"], key)
        rows, found = events(stem, happened, s, across, width)
        sources |= found
        for n, track in enumerate(s["tracks"]):
            last = n == len(s["tracks"]) - 1
            inner = {**s, "looks": {series: s["looks"][series] for series in track["series"]}}
            up = parts.axis_of(track.get("up", {}), domain=[0.0, 1.0])
            marks, found = fan.layers(f"{stem}_{n}", mine, inner, across, up, width, (True, last))
            sources |= found
            line = alt.Chart(alt.NamedData(name=f"{stem}_events")).mark_rule(color=theme.hue("grid"), strokeWidth=1)
            lines = [line.encode(x=alt.X("x:Q", scale=parts.scale(across)))] if happened else []
            under = [beneath(f"{stem}_{n}", mine, inner, track["below"], across, up)] if "below" in track else []
            rows = [*rows, parts.panel([*under, *lines, *marks], "", width, track.get("height", 104))]
        charts.append(parts.titled(alt.vconcat(*rows, spacing=SPACE), name, width))
    looks = {**s.get("classes", {}), **s.get("looks", {})} if len(panels) > 1 else {}
    return parts.layered(charts, columns, looks, small), sources


def events(stem: str, happened: Sequence[Mapping[str, Any]], s: Mapping[str, Any], across: Axis, width: Number) -> Any:
    """The strip of a panel and its data; an empty strip keeps panels alike."""
    import pandas as pd

    if not happened:
        return [alt.Chart(alt.InlineData(values=[{}])).mark_point(opacity=0).properties(width=width, height=STRIP)], {}
    rows = strip.placed(pd.DataFrame(happened).assign(row=0), "x", "row", across, width, STRIP)
    key, how = f"{stem}_events", {"x": "x", "of": "class", "classes": s.get("classes", {})}
    blank = alt.Axis(labels=False, title=None, grid=False)
    marks = strip.marks(key, how, parts.scale(across), blank, alt.Scale(domain=[-0.5, 0.5], nice=False), None)
    return [marks.properties(width=width, height=STRIP)], {key: strip.dressed(rows, how)}


def beneath(key: str, data: pd.DataFrame, s: Mapping[str, Any], series: str, across: Axis, up: Axis) -> Any:
    """The space beneath a line."""
    place = next(n for n, (_, members) in enumerate(fan.alike(data, s)) if series in members)
    base = alt.Chart(alt.NamedData(name=f"{key}_{place}")).mark_area(color=theme.hue("land"), opacity=0.85, clip=True)
    x = alt.X(f"{s['x']}:Q", scale=parts.scale(across))
    return base.encode(x=x, y=alt.Y(f"{s['line']}:Q", scale=parts.scale(up)), y2=alt.Y2Datum(up["domain"][0]))
