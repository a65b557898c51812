"""One look for every figure, read from tokens.json."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from math import isnan
from typing import Any


@cache
def tokens() -> dict[str, Any]:
    return json.loads(resources.files("hegemon.pages").joinpath("tokens.json").read_text(encoding="utf-8"))


def paper() -> str:
    """The colour of the ground by day, on which figures are drawn."""
    return str(tokens()["colour"]["light"]["paper"])


def hue(name: str) -> str:
    """The colour of a name: "#0072b2" itself, a role (model, record, fear), a category, a kind of crisis, or a figure's
    own tone."""
    found = tokens()["colour"]
    if name.startswith("#"):
        return name
    if name in found["role"]:
        return hue(found["role"][name])
    return str({**found["figure"], **found["category"]}[found["kind"].get(name, name)])


def known(value: float) -> bool:
    return not isnan(value)


def share(value: float) -> str:
    return f"{value:.0%}" if known(value) else ""


def index(value: float) -> str:
    return f"{value:.2f}" if known(value) else ""


def magnitude(value: float, top: float) -> str:
    """The colour of a magnitude between 0 and `top`: light is little, dark is much."""
    stops: list[str] = tokens()["colour"]["magnitude"]
    place = min(max(value / top, 0.0), 1.0) * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    mix = [
        round(int(stops[low][i : i + 2], 16) * (low + 1 - place) + int(stops[low + 1][i : i + 2], 16) * (place - low))
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in mix)


@cache
def config() -> dict[str, Any]:
    """Vega-Lite's configuration: quiet axes, no boxes, words before ink."""
    figure, size = tokens()["colour"]["figure"], tokens()["type"]["size"]
    ink, muted, grid = figure["ink"], figure["muted"], figure["grid"]
    quiet_title = {"titleColor": muted, "titleFontSize": size["figure"], "titleFontWeight": "normal"}
    return {
        "font": tokens()["type"]["figure"],
        "padding": 6,
        "axis": {
            "domain": False, "gridColor": grid, "labelColor": muted, "labelFontSize": size["figure"], "tickColor": grid,
            "ticks": False, "labelPadding": 5, **quiet_title, "titlePadding": 8,
        },
        "axisY": {"labelPadding": 6},
        "header": {
            "labelAnchor": "start", "labelColor": ink, "labelFontSize": size["panel"], "labelFontWeight": "bold",
            "labelPadding": 6, "title": None,
        },
        "legend": {
            "labelColor": ink, "labelFontSize": size["figure"],
            "layout": {"top": {"direction": "vertical", "margin": 8}}, "orient": "top", "symbolSize": 80, **quiet_title,
        },
        "title": {
            "anchor": "start", "color": ink, "fontSize": size["panel"], "fontWeight": "bold", "subtitleColor": muted,
            "subtitleFontSize": size["figure"], "subtitlePadding": 6,
        },
        "view": {"stroke": None},
        "facet": {"spacing": 18},
        "concat": {"spacing": 18},
        "line": {"strokeCap": "round", "strokeJoin": "round"},
    }  # fmt: skip
