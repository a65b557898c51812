"""Dots: a row per category with a point and its interval; several series in a row, several panels beside each other.

Intervals alone, as thick as bars, make ranges and tornados.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Required

import numpy as np

from hegemon.pages import theme
from hegemon.pages.charts import parts
from hegemon.pages.charts.parts import Axis, Column, Drawn, Look, alt
from hegemon.pages.figure import Figure, Rows, records

if TYPE_CHECKING:
    import pandas as pd


class Settings(parts.Ruled, total=False):
    """What dots take; what is not explained, as a fan has it.

    Of looks, `mark` is point (the default), tick (`width` thick) or none; `interval` thin (the default), wide (pale, beneath
    all), bar or none.
    """

    row: Required[Column]  # column of the categories
    rows: Mapping[str, str]  # their titles in order
    apart: bool  # every panel has rows of its own
    value: Column  # column of the point
    low: Column  # columns of the interval
    high: Column
    series: Column  # column of the series
    looks: Mapping[str, Look]  # how each series looks, first ones below
    of: Column  # column of classes by which points are coloured and shaped instead
    classes: Mapping[str, Look]  # how each class looks
    dodge: bool  # series stand below each other within their row
    text: Column  # column of words at the right end of a row
    track: Sequence[float]  # range in pale colour along every row
    hover: str  # what is said of a point: "{label}: {value:.2f}"
    domains: Mapping[str, Sequence[float]]  # of the axis across


THICK = {"thin": 2.2, "wide": 7.0, "bar": 12.0}
SAID = 96  # width of the words at the right


def draw(figure: Figure, small: bool) -> Drawn:
    """All panels, under a key where series or classes have names."""
    s, data = figure.settings, parts.hovers(figure.data, figure.settings.get("hover"))
    panels = parts.chosen(data, s.get("panel"), s.get("panels"))
    rows = parts.chosen(data, s["row"], s.get("rows"))
    columns = 1 if small else s.get("columns") or min(len(panels), 3)
    labelled = 0.0 if small else min(max((parts.LETTER * len(name) for name in rows.values()), default=0.0), 260) + 12
    said = SAID if "text" in s and not small else 0
    room = (parts.NARROW if small else parts.WIDE) - parts.GAP * (columns - 1) - said
    width = int((room - labelled * (columns if s.get("apart") else 1)) / columns)
    common = domain(data, s)
    charts: list[Any] = []
    sources: dict[str, Rows] = {}
    for place, (key, name) in enumerate(panels.items()):
        mine = parts.part(data, s.get("panel"), key)
        across = parts.axis_of(s.get("across", {}), domain=common)
        if key in s.get("domains", {}):
            across["domain"] = s["domains"][key]
        elif s.get("apart"):
            across["domain"] = domain(mine, s, [rule["at"] for rule in parts.within(s.get("rules", ()), key)])
        here = rows
        if s.get("apart"):
            found = set(mine[s["row"]].astype(str))
            here = {row: label for row, label in rows.items() if row in found}
        labels = not small and (place % columns == 0 or bool(s.get("apart")))
        marks, found_ = panel(f"{figure.name}_{place}", mine, s, across, here, width, labels, small)
        sources |= found_
        under = parts.shades(parts.within(s.get("shades", ()), key), across)
        lines = parts.rules(parts.within(s.get("rules", ()), key), across)
        charts.append(parts.panel([*under, *lines, *marks], name, width, step(s, small) * len(here)))
    return parts.layered(charts, columns, s.get("classes") or s.get("looks", {}), small), sources


def step(s: Mapping[str, Any], small: bool) -> int:
    """Height of a row."""
    return (28 if s.get("dodge") else 22) + (14 if small else 0)


def domain(data: pd.DataFrame, s: Mapping[str, Any], more: Sequence[float] = ()) -> list[float]:
    """What all points, intervals and rules need."""
    columns = [s[name] for name in ("value", "low", "high") if name in s]
    at = more or [rule["at"] for rule in s.get("rules", ()) if "panel" not in rule]
    return parts.span([*np.asarray(data[columns], float).reshape(-1), *at, *s.get("track", ())], 0.04)


def panel(
    key: str, data: pd.DataFrame, s: Mapping[str, Any], across: Axis, rows: Mapping[str, str], width: int, labels: bool,
    small: bool,
) -> tuple[list[Any], dict[str, Rows]]:  # fmt: skip
    """The marks of one panel: tracks, wide intervals, other intervals, then points, then words."""
    order = list(rows.values())
    left = alt.Axis(title=None, labels=labels, labelLimit=260, labelColor=theme.hue("ink"), grid=True)
    y = alt.Y("row_:N", sort=order, scale=alt.Scale(domain=order), axis=None if small else left)

    def x(column: str) -> Any:
        return alt.X(f"{column}:Q", scale=parts.scale(across), axis=parts.axis(across, width))

    down = 8 if small else 0
    looks: Mapping[str, Look] = s.get("looks") or {name: {} for name in parts.chosen(data, s.get("series"), None)}
    data = data.assign(row_=[rows.get(str(row), str(row)) for row in data[s["row"]]])
    layers: dict[str, list[Any]] = {name: [] for name in ("track", "wide", "bar", "thin", "tick", "point")}
    sources: dict[str, Rows] = {}
    if "track" in s:
        one = alt.Chart(alt.InlineData(values=[{"row_": name, "low": s["track"][0], "high": s["track"][1]} for name in order]))
        bar = one.mark_bar(height=9 if small else THICK["bar"], color=theme.hue("land"), yOffset=down)
        layers["track"].append(bar.encode(x=x("low"), x2="high:Q", y=y))
    for n, (name, look) in enumerate(looks.items()):
        stem = f"{key}_{n}"
        off = down + (9 * n - 4.5 * (len(looks) - 1) if s.get("dodge") else 0)
        sources[stem] = records(coloured(parts.part(data, s.get("series"), name), s, look))
        base, ink = alt.Chart(alt.NamedData(name=stem)), alt.Color("hue_:N", scale=None)
        thick = look.get("interval", "thin") if "low" in s else "none"
        if thick == "wide":
            mark = base.mark_rule(strokeWidth=THICK["wide"], opacity=0.55, color=theme.hue("quiet"), yOffset=off, clip=True)
            layers["wide"].append(mark.encode(x=x(s["low"]), x2=f"{s['high']}:Q", y=y))
        elif thick != "none":
            mark = base.mark_rule(strokeWidth=THICK[thick] * (0.7 if small and thick == "bar" else 1), yOffset=off, clip=True)
            layers[thick].append(mark.encode(x=x(s["low"]), x2=f"{s['high']}:Q", y=y, color=ink))
        if "value" in s and look.get("mark", "point") != "none":
            tick = look.get("mark") == "tick"
            known = base.transform_filter(f"isValid(datum.{s['value']})")
            bold = look.get("width", 2.0)
            mark = known.mark_tick(thickness=bold, size=14, yOffset=off, clip=True) if tick else known.mark_point(
                filled=True, opacity=1, size=66, yOffset=off, ariaRoleDescription="hover")  # fmt: skip
            shape = alt.Undefined if tick else alt.Shape("shape_:N", scale=None)
            hover = "hover:N" if "hover" in s and not tick else alt.Undefined
            drawn = mark.encode(x=x(s["value"]), y=y, color=ink, shape=shape, description=hover)
            layers["tick" if tick else "point"].append(drawn)
    words = said(f"{key}_{len(looks) - 1}", s, order, width, y, small)
    return [*(mark for marks in layers.values() for mark in marks), *words], sources


def coloured(data: pd.DataFrame, s: Mapping[str, Any], look: Look) -> pd.DataFrame:
    """Rows with the colour and the shape of their series, or of their class."""
    classes: Mapping[str, Look] = s.get("classes", {}) if s.get("of") else {}
    own: list[Mapping[str, Any]] = [look] * len(data)
    if classes:
        own = [{**look, **classes.get(str(name), {})} for name in data[s["of"]]]
    columns = [s[name] for name in ("value", "low", "high", "text") if name in s]
    kept = data[list(dict.fromkeys(["row_", *columns, *(["hover"] if "hover" in s else [])]))]
    return kept.assign(hue_=[theme.hue(worn.get("colour", "model")) for worn in own],
                       shape_=[worn.get("shape", "circle") for worn in own])  # fmt: skip


def said(key: str, s: Mapping[str, Any], order: Sequence[str], width: int, y: Any, small: bool) -> list[Any]:
    """Words at the right of rows, and on a telephone their names above them."""
    found = []
    if "text" in s and not small:
        words = alt.Chart(alt.NamedData(name=key)).mark_text(align="left", color=theme.hue("muted"), fontSize=11)
        found.append(words.encode(x=alt.value(width + 10), y=y, text=f"{s['text']}:N"))
    if small:
        base = alt.Chart(alt.InlineData(values=[{"row_": name} for name in order]))
        style: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 12, "dy": -step(s, small) / 2 + 1}
        halo: dict[str, Any] = {"stroke": theme.paper(), "strokeWidth": 3.0}
        ink: dict[str, Any] = {"color": theme.hue("ink")}
        found += [base.mark_text(**style, **more).encode(x=alt.value(0), y=y, text="row_:N") for more in (halo, ink)]
    return found
