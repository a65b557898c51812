"""Bars over an axis: counts in bins, or heights over time, stacked by series; one panel per member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Required

from hegemon.pages import theme
from hegemon.pages.charts import parts
from hegemon.pages.charts.parts import Axis, Column, Drawn, Look, Number, alt
from hegemon.pages.figure import Figure, Rows, records


class Settings(parts.Ruled, total=False):
    """What bars take; what is not explained, as a fan has it."""

    x: Required[Column]  # column of a bar's middle
    step: Required[float]  # the distance of two bars
    height: Required[Column]  # column of a bar's height
    series: Column  # column of what is stacked
    looks: Mapping[str, Look]  # how each series looks, from below; or each panel
    tops: Sequence[Mapping[str, Any]]  # words over bars: {x: word}
    hover: str  # what is said of a bar
    up: Axis



def draw(figure: Figure, small: bool) -> Drawn:
    """All panels, under a key where series have names."""
    s, data = figure.settings, parts.hovers(figure.data, figure.settings.get("hover"))
    panels = parts.chosen(data, s.get("panel"), s.get("panels"))
    columns = parts.columns_of(len(panels), s.get("columns"), small)
    width = ((parts.NARROW if small else parts.WIDE) - (parts.GAP + 30) * columns) // columns
    low, high = parts.span(data[s["x"]])
    across = parts.axis_of(s.get("across", {}), domain=[low - s["step"] / 2, high + s["step"] / 2])
    piles = data.groupby([s["x"], *([s["panel"]] if "panel" in s else [])])[s["height"]].sum()
    up = parts.axis_of(s.get("up", {}), domain=[0.0, 1.1 * float(piles.max())])
    charts: list[Any] = []
    sources: dict[str, Rows] = {}
    for place, (key, name) in enumerate(panels.items()):
        stem, mine = f"{figure.name}_{place}", parts.part(data, s.get("panel"), key)
        sources[stem], marks = panel(stem, mine, s, across, up, width, key, place % columns == 0)
        shades = parts.shades(parts.within(s.get("shades", ()), key), across)
        rules = parts.rules(parts.within(s.get("rules", ()), key), across, up)
        tall = 230 if len(panels) == 1 else 120 if columns < 4 else 84
        charts.append(parts.panel([*shades, *marks, *rules], name, width, tall))
    return parts.layered(charts, columns, s.get("looks", {}), small), sources


def panel(
    stem: str, data: Any, s: Mapping[str, Any], across: Axis, up: Axis, width: Number, key: str, first: bool
) -> tuple[Rows, list[Any]]:
    """The bars of one panel, piled up here, so that Vega need not; and words over them."""
    looks: Mapping[str, Look] = s.get("looks", {})
    order = list(looks) if "series" in s else [""]
    by = s.get("series")
    data = data.assign(place_=[order.index(str(v)) for v in data[by]] if by else 0).sort_values([s["x"], "place_"])
    top = data.groupby(s["x"])[s["height"]].cumsum()
    low, high = across["domain"]
    half = s["step"] / 2 - (0.75 if width / (high - low) * s["step"] > 4 else 0.0) * (high - low) / width
    own = [looks.get(str(v) if by else key, {}).get("colour", "model") for v in (data[by] if by else data[s["x"]])]
    kept = data[["hover"]] if "hover" in s else data[[]]
    bars = kept.assign(from_=data[s["x"]] - half, to_=data[s["x"]] + half, base_=top - data[s["height"]], top_=top,
                       hue_=[theme.hue(name) for name in own])  # fmt: skip
    x = alt.X("from_:Q", scale=parts.scale(across), axis=parts.axis(across, width, grid=False, ticks=True))
    y = alt.Y("base_:Q", scale=parts.scale(up), axis=parts.axis(up, 300, first, blank=True))
    drawn = alt.Chart(alt.NamedData(name=stem)).mark_rect(clip=True, ariaRoleDescription="hover").encode(
        x=x, x2="to_:Q", y=y, y2="top_:Q", color=alt.Color("hue_:N", scale=None),
        description="hover:N" if "hover" in s else alt.Undefined,
    )  # fmt: skip
    words = alt.Chart(alt.InlineData(values=[dict(top) for top in s.get("tops", ())])).mark_text(
        dy=-7, dx=-3, align="left", fontSize=11, color=theme.hue("ink")
    )
    said = [words.encode(x=alt.X("x:Q", scale=parts.scale(across)), y=alt.Y("y:Q", scale=parts.scale(up)), text="word:N")]
    return records(bars), [drawn, *(said if s.get("tops") else [])]

