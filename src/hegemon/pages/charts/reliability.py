"""Reliability: what was said against what happened, in bins of the probabilities said; on the diagonal they agree."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Required

from hegemon.pages import theme
from hegemon.pages.charts import parts
from hegemon.pages.charts.parts import Axis, Column, Drawn, Look, alt
from hegemon.pages.figure import Figure, Rows, records


class Settings(parts.Panels, total=False):
    """What a reliability curve takes; what is not explained, as a fan has it."""

    said: Required[Column]  # column of the mean probability of a bin
    happened: Required[Column]  # column of the share of its cases that happened
    low: Column  # columns of the interval of that share
    high: Column
    count: Column  # column of the number of cases, which dots grow with
    series: Column
    looks: Mapping[str, Look]
    across: str  # titles of the axes
    up: str



def draw(figure: Figure, small: bool) -> Drawn:
    """All panels side by side."""
    s, data = figure.settings, figure.data
    panels = parts.chosen(data, s.get("panel"), s.get("panels"))
    looks: Mapping[str, Look] = s.get("looks") or {name: {} for name in parts.chosen(data, s.get("series"), None)}
    side = 250 if small else 340
    unit: Axis = {"domain": [0.0, 1.0], "values": [0, 0.25, 0.5, 0.75, 1.0], "format": ".0%"}
    charts: list[Any] = []
    sources: dict[str, Rows] = {"diagonal": [{"at": 0.0}, {"at": 1.0}]}
    for place, (key, name) in enumerate(panels.items()):
        below = parts.axis({**unit, "title": s.get("across", "")}, side)
        left = parts.axis({**unit, "title": s.get("up", "")} if place == 0 or small else unit, side)
        x, y = (partial(way, scale=parts.scale(unit), axis=axis) for way, axis in ((alt.X, below), (alt.Y, left)))
        line = alt.Chart(alt.NamedData(name="diagonal")).mark_line(color=theme.hue("quiet"), strokeDash=[3, 3])
        marks = [line.encode(x=x("at:Q"), y=y("at:Q"))]
        for n, (series, look) in enumerate(looks.items()):
            stem, ink = f"{figure.name}_{place}_{n}", theme.hue(look.get("colour", "model"))
            mine = parts.part(parts.part(data, s.get("panel"), key), s.get("series"), series)
            sources[stem] = records(mine)
            base = alt.Chart(alt.NamedData(name=stem))
            if "low" in s:
                rule = base.mark_rule(color=ink, opacity=0.5, strokeWidth=1.6)
                marks.append(rule.encode(x=x(f"{s['said']}:Q"), y=y(f"{s['low']}:Q"), y2=f"{s['high']}:Q"))
            grown = alt.Scale(domain=[1, 300], range=[20, 260])
            size = alt.Size(f"{s['count']}:Q", scale=grown, legend=None) if "count" in s else alt.Undefined
            dot = base.mark_point(color=ink, filled=True, opacity=1)
            marks.append(dot.encode(x=x(f"{s['said']}:Q"), y=y(f"{s['happened']}:Q"), size=size))
        charts.append(parts.panel(marks, name, side, side))
    return parts.layered(charts, 1 if small else len(charts), looks, small, 40), sources
