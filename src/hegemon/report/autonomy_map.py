"""Maps: how much foreign policy each neighbour is left, then and now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hegemon.pages import theme
from hegemon.pages.figure import Figure, Rows, Table
from hegemon.pages.order import OrderInfo, reading_order, region_map
from hegemon.report import readings

if TYPE_CHECKING:
    import xarray as xr

WIDTH = 496
FAR = 26
"""A label further than this from its country's middle (in map units) stands outside and gets a leader."""
PAIR = re.compile(r"-?[\d.]+,-?[\d.]+")
NO_DATA = "#fefefe"
"""Stands for hatching, which Vega cannot draw; `render` swaps it."""


def outline(path: str) -> list[list[list[list[float]]]]:
    """A map file's path ("M1,2L3,4Z...") as the rings of a GeoJSON multipolygon, closed."""
    rings = [
        [[float(v) for v in pair.split(",")] for pair in PAIR.findall(piece)] for piece in path.split("M") if piece
    ]
    return [[[*ring, ring[0]]] for ring in rings]


def edge(inset: dict[str, float]) -> str:
    """The frame of an inset, as a path."""
    left, top = inset["x"], inset["y"]
    right, bottom = left + inset["width"], top + inset["height"]
    return f"M{left},{top}L{right},{top}L{right},{bottom}L{left},{bottom}Z"


def shape(path: str, **properties: Any) -> dict[Any, Any]:
    geometry = {"type": "MultiPolygon", "coordinates": outline(path)}
    return {"type": "Feature", "geometry": geometry, **properties}


def shore(x: float, y: float, px: float, py: float) -> tuple[float, float]:
    """Where a leader from a label at x, y to its country at px, py leaves the label's box."""
    half, tall = 60.0, 17.0
    reach = min(half / max(abs(px - x), 1e-9), tall / max(abs(py - y), 1e-9), 1.0)
    return x + (px - x) * reach, y + (py - y) * reach


def labels(atlas: dict[str, Any], values: dict[str, float], top: float) -> Rows:
    """Code and value, inside large countries and beside small ones."""
    rows: Rows = []
    for iso3, value in values.items():
        if iso3 not in atlas["states"]:
            continue
        place = atlas["states"][iso3]
        px, py, x, y = (float(v) for v in (*place["point"], *place["label"]))
        far = abs(px - x) + abs(py - y) > FAR
        known = theme.known(value)
        dark = known and value / top > 0.45 and not far
        fx, fy = shore(x, y, px, py) if far else (px, py)
        rows.append(
            {
                "lon": x,
                "lat": y,
                "lon1": fx,
                "lat1": fy,
                "lon2": px,
                "lat2": py,
                "text": f"{iso3} {theme.share(value) if known else 'no data'}",
                "ink": "#ffffff" if dark else theme.colour("figure", "ink"),
                "halo": theme.magnitude(value, top) if dark else "#ffffff",
            }
        )
    return rows


def panel(key: str, title: str, atlas: dict[str, Any], patron: str) -> Any:
    """One map over the named data `land`, `<key>_shapes` and `<key>_labels`."""
    import altair as alt

    figure = theme.tokens()["colour"]["figure"]
    flat = alt.Projection(type="identity", scale=WIDTH / atlas["width"], translate=[0, 0])
    land = (
        alt.Chart(alt.NamedData(name="land"))
        .mark_geoshape(stroke=figure["border"], strokeWidth=0.5, clip=True)
        .encode(fill=alt.Fill("fill:N", scale=None))
    )
    shades = (
        alt.Chart(alt.NamedData(name=f"{key}_shapes"))
        .mark_geoshape(stroke=figure["border"], strokeWidth=0.8, clip=True, ariaRoleDescription="hover")
        .encode(fill=alt.Fill("fill:N", scale=None), description="hover:N")
    )
    leaders = (
        alt.Chart(alt.NamedData(name=f"{key}_labels"))
        .mark_rule(color=figure["ink"], strokeWidth=0.6)
        .encode(longitude="lon1:Q", latitude="lat1:Q", longitude2="lon2:Q", latitude2="lat2:Q")
    )
    ends = (
        alt.Chart(alt.NamedData(name=f"{key}_labels"))
        .transform_filter("datum.lon1 != datum.lon2")
        .mark_point(filled=True, opacity=1, size=14, color=figure["ink"], stroke="#ffffff", strokeWidth=0.8)
        .encode(longitude="lon2:Q", latitude="lat2:Q")
    )
    text = alt.Chart(alt.NamedData(name=f"{key}_labels")).mark_text(fontSize=10.5, fontWeight="bold")
    halo = text.mark_text(fontSize=10.5, fontWeight="bold", strokeWidth=2.4, strokeJoin="round")
    place = {"longitude": "lon:Q", "latitude": "lat:Q", "text": "text:N"}
    middle = atlas["states"].get(atlas["patron"], {}).get("label", [0, 0])
    name = (
        alt.Chart(alt.InlineData(values=[{"lon": middle[0], "lat": middle[1], "text": patron}]))
        .mark_text(fontSize=12, fontStyle="italic", color=figure["muted"])
        .encode(**place)
    )
    edges = alt.Chart(alt.NamedData(name="insets")).mark_geoshape(filled=False, stroke=figure["muted"], strokeWidth=0.8)
    layers = [
        land,
        shades,
        *([edges] if "insets" in atlas else []),
        leaders,
        ends,
        halo.encode(**place, color=alt.Color("ink:N", scale=None), stroke=alt.Stroke("halo:N", scale=None)),
        text.encode(**place, color=alt.Color("ink:N", scale=None)),
        name,
    ]
    layered = [layer.properties(projection=flat) for layer in layers]
    height = WIDTH * atlas["height"] / atlas["width"]
    view = alt.ViewBackground(fill=figure["sea"], stroke=None)
    return alt.layer(*layered).properties(title=title, width=WIDTH, height=height, view=view)


def key_bar(top: float) -> Any:
    """The legend: a strip of colour with its numbers, drawn as a chart so that it needs no scale."""
    import altair as alt

    stops = theme.tokens()["colour"]["magnitude"]
    ramp = [{"offset": i / (len(stops) - 1), "color": stop} for i, stop in enumerate(stops)]
    axis = alt.Axis(title=None, values=[0, top / 2, top], format=theme.number("share"), grid=False, labelFlush=True)
    return (
        alt.Chart(alt.InlineData(values=[{"a": 0, "b": top}]))
        .mark_rect(color={"gradient": "linear", "x1": 0, "x2": 1, "y1": 0, "y2": 0, "stops": ramp})
        .encode(x=alt.X("a:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=False)), x2="b:Q")
        .properties(width=240, height=10)
    )


def autonomy_map(summary: xr.Dataset, info: OrderInfo) -> Figure | None:
    """Median autonomy at the first and at the last quarter, or nothing where the region has no map."""
    import altair as alt

    atlas = region_map(info.region)
    if atlas is None:
        return None
    frame = readings.bands(summary, "autonomy")
    times = readings.all_quarters(summary)
    ends = {"then": times[0], "now": times[-1]}
    values = {
        key: dict(frame.loc[frame["quarter"] == quarter, ["state", "median"]].itertuples(index=False, name=None))
        for key, quarter in ends.items()
    }
    highest = max((v for found in values.values() for v in found.values() if theme.known(v)), default=1.0)
    top = min(1.0, max(0.2, -(-highest * 10 // 1) / 10))
    grey = theme.colour("figure", "land")
    land = [shape(c["d"], fill=grey) for c in atlas["context"]]
    land += [
        shape(s["d"], fill=theme.colour("figure", "patron") if iso3 == atlas["patron"] else grey)
        for iso3, s in atlas["states"].items()
        if iso3 not in values["now"]
    ]
    sources: dict[str, Rows] = {"land": land}
    if "insets" in atlas:
        sources["insets"] = [shape(edge(inset)) for inset in atlas["insets"]]
    for key, found in values.items():
        sources[f"{key}_labels"] = labels(atlas, found, top)
        sources[f"{key}_shapes"] = [
            shape(
                atlas["states"][iso3]["d"],
                fill=theme.magnitude(value, top) if theme.known(value) else NO_DATA,
                hover=f"{info.state(iso3)}: {theme.share(value) or 'no data'} ({ends[key]})",
            )
            for iso3, value in found.items()
            if iso3 in atlas["states"]
        ]
    maps = alt.hconcat(
        *(panel(key, f"Close of {quarter}", atlas, info.patron) for key, quarter in ends.items()), spacing=16
    )
    present = reading_order(info, readings.all_states(summary))
    both = frame[frame["quarter"].isin(ends.values())]
    rows = [[info.state(s), *(theme.share(found[s]) for found in values.values())] for s in present]
    ended = [(s, values["now"][s]) for s in present]
    gains = sum(values["now"][s] > values["then"][s] + 0.005 for s in present)
    losses = sum(values["now"][s] < values["then"][s] - 0.005 for s in present)
    return Figure(
        name="autonomy_map",
        title="Autonomy, then and now",
        reading=f"Share of all conceivable foreign policies that {info.patron} would let pass, median over "
        "histories. Dark: wide room. Light: narrow.",
        form=f"Two maps of median autonomy, at the close of {ends['then']} and of {ends['now']}",
        finding=f"Median autonomy rises in {gains} and falls in {losses} of {len(present)} neighbours.",
        detail=f"At the end: {', '.join(f'{info.state(s)} {theme.share(last)}' for s, last in ended)}.",
        chart=alt.vconcat(key_bar(top), maps, spacing=14),
        sources=sources,
        data=both,
        tables=[Table(["Neighbour", *ends.values()], rows, "Median autonomy over histories")],
        note=f"{atlas['note']} Source: {atlas['source']}. {atlas['projection']}; cropped.",
    )
