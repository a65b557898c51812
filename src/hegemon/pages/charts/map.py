"""Maps: a value for every state of a region, in colour and in figures; one map per panel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Required

from hegemon.pages import theme
from hegemon.pages.charts import parts
from hegemon.pages.charts.gauge import gauge
from hegemon.pages.charts.parts import Column, Drawn, alt
from hegemon.pages.charts.triangle import shape
from hegemon.pages.figure import Figure, Rows
from hegemon.pages.order import region_map


class Settings(parts.Panels, total=False):
    """What a map takes."""

    region: Required[str]  # which of `maps/` to draw
    state: Required[Column]  # column of the ISO3 code
    value: Required[Column]  # column of the share
    names: Mapping[str, str]  # of states, by code
    middle: str  # what is written on the state around which the region lies
    top: float  # value of the darkest colour


FAR = 26
"""A label further than this from its country's middle (in map units) stands outside and gets a leader."""
PAIR = re.compile(r"-?[\d.]+,-?[\d.]+")
NO_DATA = "#fefefe"
"""Stands for hatching, which Vega cannot draw; `render` swaps it."""


def draw(figure: Figure, small: bool) -> Drawn:
    """All panels under one key of colours. ValueError where there is no map of the region."""
    s, data = figure.settings, figure.data
    atlas = region_map(s["region"])
    if atlas is None:
        raise ValueError(f'figure "{figure.name}": there is no map of "{s["region"]}".')
    panels = parts.chosen(data, s.get("panel"), s.get("panels"))
    columns = 1 if small else min(len(panels), 2)
    width = parts.NARROW if small else 496 if columns == 2 else 700
    top = s.get("top", 1.0)
    values = {key: {str(state): float(value) for state, value in zip(mine[s["state"]], mine[s["value"]], strict=True)
                    if str(state) in atlas["states"]}
              for key in panels for mine in [parts.part(data, s.get("panel"), key)]}  # fmt: skip
    shown = {state for found in values.values() for state in found}
    sources: dict[str, Rows] = {"land": land(atlas, shown), "insets": [framed(inset) for inset in atlas.get("insets", [])]}
    charts = []
    for place, (key, name) in enumerate(panels.items()):
        stem = f"{figure.name}_{place}"
        sources[f"{stem}_labels"] = labels(atlas, values[key], top)
        sources[f"{stem}_shapes"] = [
            outlined(atlas["states"][iso3]["d"], fill=theme.magnitude(value, top) if theme.known(value) else NO_DATA,
                     hover=f"{s.get('names', {}).get(iso3, iso3)}: {theme.share(value) or 'no data'}"
                           + (f" ({name})" if name else ""))
            for iso3, value in values[key].items()
        ]  # fmt: skip
        charts.append(panel(stem, name, atlas, s.get("middle", ""), width))
    return alt.vconcat(gauge((0.0, top)), parts.beside(charts, columns, 16), spacing=14), sources


def outlined(path: str, **properties: Any) -> dict[Any, Any]:
    """A map file's path ("M1,2L3,4Z...") as GeoJSON, its rings closed."""
    rings = [[[float(v) for v in pair.split(",")] for pair in PAIR.findall(piece)] for piece in path.split("M") if piece]
    return shape("MultiPolygon", [[[*ring, ring[0]]] for ring in rings], **properties)


def framed(inset: Mapping[str, float]) -> dict[Any, Any]:
    """The frame of an inset."""
    left, top = inset["x"], inset["y"]
    right, bottom = left + inset["width"], top + inset["height"]
    return outlined(f"M{left},{top}L{right},{top}L{right},{bottom}L{left},{bottom}Z")


def land(atlas: Mapping[str, Any], shown: set[str]) -> Rows:
    """Everything that has no value: what lies around, and the states that are not asked about."""
    grey = theme.hue("land")
    around = [outlined(country["d"], fill=grey) for country in atlas["context"]]
    return around + [outlined(state["d"], fill=theme.hue("patron") if iso3 == atlas["patron"] else grey)
                     for iso3, state in atlas["states"].items() if iso3 not in shown]  # fmt: skip


def shore(x: float, y: float, px: float, py: float) -> tuple[float, float]:
    """Where a leader from a label at x, y to its country at px, py leaves the label's box."""
    half, tall = 60.0, 17.0
    reach = min(half / max(abs(px - x), 1e-9), tall / max(abs(py - y), 1e-9), 1.0)
    return x + (px - x) * reach, y + (py - y) * reach


def labels(atlas: Mapping[str, Any], values: Mapping[str, float], top: float) -> Rows:
    """Code and value, inside large countries and beside small ones."""
    rows: Rows = []
    for iso3, value in values.items():
        place = atlas["states"][iso3]
        px, py, x, y = (float(v) for v in (*place["point"], *place["label"]))
        far = abs(px - x) + abs(py - y) > FAR
        known = theme.known(value)
        dark = known and value / top > 0.45 and not far
        fx, fy = shore(x, y, px, py) if far else (px, py)
        rows.append({
            "lon": x, "lat": y, "lon1": fx, "lat1": fy, "lon2": px, "lat2": py,
            "text": f"{iso3} {theme.share(value) if known else 'no data'}",
            "ink": "#ffffff" if dark else theme.hue("ink"),
            "halo": theme.magnitude(value, top) if dark else "#ffffff",
        })  # fmt: skip
    return rows


def panel(key: str, title: str, atlas: Mapping[str, Any], middle: str, width: int) -> Any:
    """One map over the named data `land`, `insets`, `<key>_shapes` and `<key>_labels`."""
    figure = theme.tokens()["colour"]["figure"]
    flat = alt.Projection(type="identity", scale=width / atlas["width"], translate=[0, 0])
    ground = alt.Chart(alt.NamedData(name="land")).mark_geoshape(stroke=figure["border"], strokeWidth=0.5, clip=True)
    shades = alt.Chart(alt.NamedData(name=f"{key}_shapes")).mark_geoshape(
        stroke=figure["border"], strokeWidth=0.8, clip=True, ariaRoleDescription="hover"
    )
    named = alt.Chart(alt.NamedData(name=f"{key}_labels"))
    leaders = named.mark_rule(color=figure["ink"], strokeWidth=0.6)
    ends = named.transform_filter("datum.lon1 != datum.lon2").mark_point(
        filled=True, opacity=1, size=14, color=figure["ink"], stroke="#ffffff", strokeWidth=0.8
    )
    letters: dict[str, Any] = {"fontSize": 10.5 if width > parts.NARROW else 9.0, "fontWeight": "bold"}
    text, halo = named.mark_text(**letters), named.mark_text(**letters, strokeWidth=2.4, strokeJoin="round")
    place = {"longitude": "lon:Q", "latitude": "lat:Q", "text": "text:N"}
    at = atlas["states"].get(atlas["patron"], {}).get("label", [0, 0])
    name = alt.Chart(alt.InlineData(values=[{"lon": at[0], "lat": at[1], "text": middle}])).mark_text(
        fontSize=12, fontStyle="italic", color=figure["muted"]
    )
    frames = alt.Chart(alt.NamedData(name="insets")).mark_geoshape(filled=False, stroke=figure["muted"], strokeWidth=0.8)
    fill, ink = alt.Fill("fill:N", scale=None), alt.Color("ink:N", scale=None)
    layers = [
        ground.encode(fill=fill),
        shades.encode(fill=fill, description="hover:N"),
        *([frames] if "insets" in atlas else []),
        leaders.encode(longitude="lon1:Q", latitude="lat1:Q", longitude2="lon2:Q", latitude2="lat2:Q"),
        ends.encode(longitude="lon2:Q", latitude="lat2:Q"),
        halo.encode(**place, color=ink, stroke=alt.Stroke("halo:N", scale=None)),
        text.encode(**place, color=ink),
        name.encode(**place),
    ]
    layered = [layer.properties(projection=flat) for layer in layers]
    height = width * atlas["height"] / atlas["width"]
    view = alt.ViewBackground(fill=figure["sea"], stroke=None)
    return alt.layer(*layered).properties(title=title, width=width, height=height, view=view)
