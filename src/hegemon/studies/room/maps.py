"""The triangles of a room for manoeuvre: danger in a year, the answer to a crisis, and force by how many are in the street."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Rows
from hegemon.pages.order import OrderInfo
from hegemon.report import ternary
from hegemon.report.room_words import percent

if TYPE_CHECKING:
    from hegemon.experiments.manoeuvre.room import Room

SIDE, SMALL = 360.0, 210.0
UNREST = {"nobody": "Streets empty", "half": "Half the public out", "everybody": "Everybody out"}


def look(found: Room, info: OrderInfo, wide: bool = True) -> ternary.Look:
    """What is drawn over the colours of every triangle of a room."""
    line = found.now["red_line"]
    others = [info.poles[p] for p in found.order.poles[1:] if p != found.rival]
    named = words.listed(others) if len(others) <= 2 and wide else "All others"
    return ternary.Look(
        line=(line["mean"], line["low"], line["high"]),
        trail=found.way[["patron", "rival", "others"]].to_numpy(float),
        dates=(str(found.made["since"]), str(found.made["at"])),
        ends=(f"All ties with {info.patron}" if wide else info.patron, info.poles[found.rival], named),
    )


def triangle(
    found: Room, info: OrderInfo, values: Any, ends: tuple[float, float], key: str, side: float, what: str
) -> tuple[Any, dict[str, Rows]]:
    """One triangle: its chart and its named data; with words where somebody points, if it is large."""
    steps, wide = int(found.made["orientation_grid"]), side > SMALL
    spots = np.stack([found.data[name].values for name in ("patron", "rival", "others")], 1)
    names = (info.patron, info.poles[found.rival], "others")
    hovers = [
        ", ".join(f"{name} {share:.0%}" for name, share in zip(names, spot, strict=True)) + f": {value:.1%} {what}"
        for spot, value in zip(spots, values, strict=True)
    ]
    rows: dict[str, Rows] = {f"{key}_tiles": ternary.tiles(steps, values, ends, side, hovers if wide else ())}
    rows |= {f"{key}_{name}": part for name, part in ternary.over(look(found, info, wide), side, wide).items()}
    return ternary.layers(key, side, hover=wide), rows


def one_map(found: Room, info: OrderInfo, name: str, title: str, reading: str, what: str, form: str) -> Figure:
    """A large triangle with its legend."""
    import altair as alt

    from hegemon.experiments.manoeuvre.tables import grid

    values = found.data[name].sel(unrest="as it is").values
    ends = ternary.floor(values), ternary.ceiling(values)
    chart, rows = triangle(found, info, values, ends, name, SIDE, what)
    table = grid(found.data)
    here = table[table["unrest"] == "as it is"]
    low, high = here.iloc[int(here[name].argmin())], here.iloc[int(here[name].argmax())]
    patron, rival = info.patron, info.poles[found.rival]

    def spot(row: Any) -> str:
        return f"{row[name]:.1%} ({row['patron']:.0%} of ties with {patron}, {row['rival']:.0%} with {rival})"

    aside = ""
    if len(found.order.poles) > 3:
        aside = f" The area above the line is not the autonomy ({percent(found.now['autonomy'])}): the further right a point, "
        aside += "the more divisions among the others it stands for."
    return Figure(
        name=f"map-{name.replace('_', '-')}",
        title=title,
        reading=reading,
        form=form,
        finding=f"From {spot(low)} to {spot(high)}.{aside}",
        detail=f"The red line runs at {percent(found.now['red_line'])} of ties with {patron}; {info.state(found.state)} stands "
        f"at {percent(found.now['orientation'][found.order.poles[0]])}.",
        chart=alt.vconcat(ternary.key_bar(ends, what), chart, spacing=8),
        sources=rows,
        data=here[["patron", "rival", "others", "permitted", "weight", name]],
    )


HOW = (
    "Each point is a foreign policy: the nearer to a corner, the more ties with it (the scale on the left counts those with "
    "{patron}). Orange line: the red line, dashed its 90 % interval; below it lie policies {patron} would not let pass. Dot: "
    "where {state} stands; thin line: its way since {since}."
)


def a_year(found: Room, info: OrderInfo) -> Figure:
    """What incumbents have to reckon with."""
    how = HOW.format(patron=info.patron, state=info.state(found.state), since=found.made["since"])
    return one_map(
        found, info, "coercion", "Where a crisis ends in coercion",
        f"{how} Colour: chance in a year that a crisis breaks out there and {info.patron} answers it with embargo, "
        "support for separatism or its own force.", "in a year", "Triangle of orientations coloured by danger",
    )  # fmt: skip


def given(found: Room, info: OrderInfo) -> Figure:
    """What the patron does once there is a crisis."""
    return one_map(
        found, info, "coercion_given_crisis", "If a crisis breaks out",
        f"The same triangle. Colour: chance that {info.patron} answers with coercion once a crisis has broken out, "
        "whatever its kind.", "given a crisis", "Triangle of orientations coloured by the answer to a crisis",
    )  # fmt: skip


def by_unrest(found: Room, info: OrderInfo, small: bool = False) -> Figure:
    """Force, by how much of the public is in the street."""
    import altair as alt
    import pandas as pd

    columns = {name: found.data["force"].sel(unrest=name).values for name in UNREST}
    ends = 0.0, ternary.ceiling(np.stack(list(columns.values())))
    panels: list[Any] = []
    sources: dict[str, Rows] = {}
    for name, values in columns.items():
        chart, rows = triangle(found, info, values, ends, f"u_{name}", SMALL, "in a year")
        panels.append(chart.properties(title=UNREST[name]))
        sources |= rows
    drawn = alt.concat(*panels, columns=1 if small else 3, spacing=2)
    weight = found.data["weight"].values
    means = {name: float((values * weight).sum()) for name, values in columns.items()}
    told = ", ".join(f"{theme.share(mean)} ({UNREST[name].lower()})" for name, mean in means.items())
    spots = {name: found.data[name].values for name in ("patron", "rival", "others")}
    data = pd.concat([pd.DataFrame({"unrest": name, **spots, "force": v}) for name, v in columns.items()])
    return Figure(
        name="map-unrest",
        title="Force, by how many are in the street",
        reading=f"Colour: chance in a year that a crisis breaks out and is answered with force, {info.patron}'s own or the "
        "pact's. Force under the pact is help for incumbents who asked for it, and a way to keep them.",
        form="Three triangles of orientations coloured by the chance of force",
        finding=f"On average over all foreign policies: {told}.",
        chart=alt.vconcat(ternary.key_bar(ends, "in a year"), drawn, spacing=8),
        sources=sources,
        data=data,
    )
