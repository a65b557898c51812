"""Room for manoeuvre in pictures: the triangles, the walk away from the patron, unrest, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Rows, Table
from hegemon.pages.order import OrderInfo
from hegemon.pages.quarters import middle
from hegemon.report import readings, ternary
from hegemon.report.room_maps import a_year, by_unrest, given
from hegemon.report.room_words import (
    OUTCOMES,
    THINGS,
    effect,
    findings,
    main,
    percent,
)

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.experiments.manoeuvre.room import Room

__all__ = ["figures", "findings"]

WIDTH, NARROW = 410, 270
"""Panels on paper, and on a telephone."""
HUES = {"crisis": "black", "coercion": "vermillion", "force": "purple", "help": "blue"}
"""Colours of what may happen."""
NAMES = {"crisis": "Any crisis", "coercion": "Coercion", "force": "Force", "help": "Help"}


def figures(found: Room, info: OrderInfo, small: bool = False) -> list[Figure]:
    """Every figure, in the order in which the page tells its story; `small` for telephones. Two poles make no triangle."""
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        maps = (
            [a_year(found, info), given(found, info), by_unrest(found, info, small)]
            if len(found.order.poles) > 2
            else []
        )
        drawn = [*maps, *(draw(found, info, small) for draw in (walk, unrest, effects))]
        return [*drawn, way(found, info, small)] if len(found.way) > 1 else drawn


def lines(data: str, title: str, column: str, top: float, hues: Mapping[str, str]) -> list[Any]:
    """Chances over something, one line each with its band."""
    import altair as alt

    across = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False),
                   axis=alt.Axis(title=title, format=".0%", values=[0, 0.25, 0.5, 0.75, 1], grid=False, ticks=True,
                                 tickSize=4))  # fmt: skip
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(title=None, format=".0%", tickCount=5)
    named = alt.Scale(domain=[NAMES[n] for n in hues], range=[theme.colour("category", h) for h in hues.values()])
    colour = alt.Color(
        "what:N",
        scale=named,
        legend=alt.Legend(title=None, orient="top", direction="horizontal", symbolType="square", symbolOpacity=1),
        sort=None,
    )
    base = alt.Chart(alt.NamedData(name=data))
    band = base.mark_area(opacity=0.16, clip=True).encode(
        x=across, y=alt.Y(f"{column}_low:Q", scale=scale, axis=axis), y2=f"{column}_high:Q", color=colour
    )
    line = base.mark_line(strokeWidth=2, clip=True).encode(
        x=across, y=alt.Y(f"{column}:Q", scale=scale, axis=axis), color=colour
    )
    return [band, line]


def long(table: pd.DataFrame, x: str, names: list[str]) -> Rows:
    """Chances by line: a row per value of `x` and thing that may happen."""
    rows: Rows = []
    for row in table.to_dict("records"):
        for name in names:
            found: dict[Any, Any] = {"x": row[x], "what": NAMES[name]}
            for tail in ("", "_low", "_high"):
                found[f"year{tail}"] = row[f"{name}{tail}"]
                if name != "crisis":
                    found[f"given{tail}"] = row[f"{name}_given_crisis{tail}"]
            rows.append(found)
    return rows


def highest(rows: Rows, column: str) -> float:
    """A round top for an axis."""
    return ternary.ceiling(np.array([row[f"{column}_high"] or 0.0 for row in rows if f"{column}_high" in row]))


def pair(rows: Rows, key: str, title: str, marks: list[Any], small: bool) -> Any:
    """Two panels: in a year, and given a crisis."""
    import altair as alt

    some = {name: hue for name, hue in HUES.items() if name != "crisis"}
    panels = []
    for column, hues, told in (("year", HUES, "In a year"), ("given", some, "Given a crisis")):
        drawn = lines(key, title, column, highest(rows, column), hues)
        panels.append(alt.layer(*marks, *drawn).properties(title=told, width=NARROW if small else WIDTH, height=210))
    return alt.concat(*panels, columns=1 if small else 2, spacing=30).resolve_scale(color="independent")


def walk(found: Room, info: OrderInfo, small: bool = False) -> Figure:
    """Away from the patron, step by step."""
    import altair as alt

    rows = long(found.profile, "patron", ["crisis", "coercion", "force", "help"])
    line, patron = found.now["red_line"], info.patron
    here = found.now["orientation"][found.order.poles[0]]["mean"]
    red, ink = theme.colour("category", "vermillion"), theme.colour("figure", "ink")
    edge = alt.Chart(alt.NamedData(name="edge"))
    marks = [
        edge.mark_rect(color=red, opacity=0.10).encode(x="low:Q", x2="high:Q"),
        edge.mark_rule(color=red, strokeWidth=2).encode(x="line:Q"),
        edge.mark_rule(color=ink, strokeWidth=1, strokeDash=[2, 2]).encode(x="here:Q"),
    ]
    at: dict[Any, Any] = {"low": line["low"], "high": line["high"], "line": line["mean"], "here": here}
    table = found.profile
    near, far = (table.iloc[(table["patron"] - share).abs().argmin()] for share in (here, 0.0))
    return Figure(
        name="walk",
        title=f"Away from {patron}, step by step",
        reading=f"From right to left ties with {patron} are given up, the rest divided as it is. Orange line and band: the red "
        "line with its 90 % interval. Dotted: where it stands. Bands: nine in ten draws.",
        form="Two panels of lines over the share of ties with the patron",
        finding=f"Coercion in a year: {theme.share(near['coercion'])} where {info.state(found.state)} stands, "
        f"{theme.share(far['coercion'])} without any ties with {patron}; given a crisis, "
        f"{theme.share(near['coercion_given_crisis'])} and {theme.share(far['coercion_given_crisis'])}.",
        chart=pair(rows, "walk", f"share of ties with {patron}", marks, small),
        sources={"walk": rows, "edge": [at]},
        data=found.profile,
    )


def unrest(found: Room, info: OrderInfo, small: bool = False) -> Figure:
    """Where it stands, by how many are in the street."""
    rows = long(found.unrest, "crowd", ["crisis", "coercion", "force", "help"])
    calm, full = found.unrest.iloc[0], found.unrest.iloc[-1]
    return Figure(
        name="unrest",
        title="When people go into the street",
        reading=f"{info.state(found.state)} where it stands, with more and more of the public in the street. Left: in a year; "
        "right: once there is a crisis. Bands: nine in ten draws.",
        form="Two panels of lines over the share of the public in the street",
        finding=f"With everybody out, a crisis in a year has {theme.share(full['crisis'])} (streets empty: "
        f"{theme.share(calm['crisis'])}), one answered with force {theme.share(full['force'])} "
        f"({theme.share(calm['force'])}); given a crisis, help has {theme.share(full['help_given_crisis'])} "
        f"({theme.share(calm['help_given_crisis'])}).",
        chart=pair(rows, "unrest", "share of the public in the street", [], small),
        sources={"unrest": rows},
        data=found.unrest,
    )


def effects(found: Room, info: OrderInfo, small: bool = False) -> Figure:
    """What would widen the room, and what would narrow it."""
    import altair as alt

    panels: list[Any] = []
    sources: dict[str, Rows] = {}
    table = found.effects
    order = list(table[table["outcome"] == "autonomy"].sort_values("mean", ascending=False)["thing"])
    for n, (outcome, title, good) in enumerate(
        (("autonomy", "Autonomy", 1.0), ("coercion", "Coercion in a year", -1.0), ("force", "Force in a year", -1.0))
    ):
        part = table[table["outcome"] == outcome].set_index("thing")
        by = {t: {str(k): float(v) for k, v in part.loc[t, ["mean", "low", "high"]].items()} for t in order}
        rows: Rows = [
            {
                "thing": THINGS[t],
                **{name: 100 * value for name, value in by[t].items()},
                "good": mark(good * by[t]["mean"]),
            }
            for t in order
        ]
        sources[f"effect_{outcome}"] = rows
        y = alt.Y("thing:N", sort=None, axis=alt.Axis(title=None, labels=small or n == 0, labelLimit=260, grid=True))
        base = alt.Chart(alt.NamedData(name=f"effect_{outcome}"))
        hue = alt.Color("good:N", scale=alt.Scale(domain=["good", "bad", "none"], range=[theme.colour("category", "blue"),
                        theme.colour("category", "vermillion"), theme.colour("figure", "quiet")]), legend=None)  # fmt: skip
        x = alt.X("low:Q", axis=alt.Axis(title="points of a hundred", tickCount=4))
        zero = (
            alt.Chart(alt.InlineData(values=[{"zero": 0}]))
            .mark_rule(color=theme.colour("figure", "muted"))
            .encode(x="zero:Q")
        )
        bars = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=x, x2="high:Q", y=y, color=hue)
        dots = base.mark_point(filled=True, size=70, opacity=1).encode(x="mean:Q", y=y, color=hue)
        size = {"width": NARROW - 110 if small else 210, "height": 24 * len(order)}
        panels.append(alt.layer(zero, bars, dots).properties(title=title, **size))
    best = table[table["outcome"] == "autonomy"].set_index("thing")
    strongest = [str(t) for t in best["mean"].abs().sort_values(ascending=False).index[:3]]
    told = words.listed([f"{THINGS[t]} ({effect(best.loc[t])})" for t in strongest])
    return Figure(
        name="effects",
        title="What would widen the room, what would narrow it",
        reading="By how much a tenth more of each thing, all else as it is, changes autonomy and danger at once: mean and 90 % "
        "interval. Blue is to the neighbour's good. What works only in time (through ties, debts, habits) is not counted.",
        form="Three panels of effects with intervals",
        finding=f"For autonomy most: {told}, in points of a hundred.",
        chart=alt.concat(*panels, columns=1 if small else 3, spacing=18),
        sources=sources,
        data=table,
        tables=[effects_table(found)],
    )


def mark(value: float) -> str:
    """Whether an effect is to the neighbour's good."""
    return "none" if abs(value) < 5e-7 else "good" if value > 0 else "bad"


def effects_table(found: Room) -> Table:
    """Partial effects in words and numbers."""
    names = {"red_line": "Red line", "autonomy": "Autonomy", "coercion": "Coercion in a year",
             "coercion_given_crisis": "Coercion, given a crisis", "force": "Force in a year",
             "help": "Help in a year"}  # fmt: skip
    rows = []
    for thing, part in found.effects.groupby("thing", sort=False):
        by = part.set_index("outcome")
        rows.append([THINGS[str(thing)], f"{by['value'].iloc[0]:.2f}", *(effect(by.loc[name]) for name in names)])
    return Table(["Change", "At present", *names.values()], rows, "Partial effects, points of a hundred: mean (5–95 %)")


def way(found: Room, info: OrderInfo, small: bool = False) -> Figure:
    """Ties and red line since the earlier date."""
    import altair as alt

    rows: Rows = [
        {"time": middle(row["quarter"]) - 0.125,
         **{k: row[k] for k in row if str(k).startswith(("patron", "red_line", "autonomy"))}}
        for row in found.way.to_dict("records")
    ]  # fmt: skip
    first, last = rows[0]["time"], rows[-1]["time"]
    years = alt.Axis(title=None, values=readings.ticks(first, last), format="d", grid=False, ticks=True, tickSize=4)
    x = alt.X("time:Q", scale=alt.Scale(domain=[first, last], nice=False), axis=years)
    base, red = alt.Chart(alt.NamedData(name="way")), theme.colour("category", "vermillion")

    def y(column: str) -> Any:
        return alt.Y(f"{column}:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=alt.Axis(title=None, format=".0%"))

    def fan(column: str, hue: str) -> list[Any]:
        return [
            base.mark_area(color=hue, opacity=0.2, clip=True).encode(x=x, y=y(f"{column}_low"), y2=f"{column}_high:Q"),
            base.mark_line(color=hue, strokeWidth=2, clip=True).encode(x=x, y=y(column)),
        ]

    blue, deep = theme.role("orientation"), theme.role("autonomy")
    size = {"width": NARROW if small else WIDTH, "height": 210}
    ties = alt.layer(*fan("red_line", red), *fan("patron", blue))
    left = ties.properties(title=f"Ties with {info.patron} (blue) and red line (orange)", **size)
    right = alt.layer(*fan("autonomy", deep)).properties(title="Autonomy", **size)
    chart = alt.concat(left, right, columns=1 if small else 2, spacing=30)
    moves = found.drivers.set_index("what")
    return Figure(
        name="way",
        title=f"Since {found.made['since']}",
        reading="Line: mean; band: nine in ten draws. Where the blue line runs below the orange one, the neighbour is beyond "
        "the red line.",
        form="Two panels over time",
        finding=f"The red line moved by {effect(moves.loc['together'])} points of a hundred: "
        + ", ".join(
            f"{what} {effect(moves.loc[what])}" for what in moves.index if what not in ("together", "cut to its bounds")
        )
        + ".",
        chart=chart,
        sources={"way": rows},
        data=found.way,
    )


def main_table(found: Room) -> Table:
    """The main numbers at both dates."""
    rows = [[label, percent(main(found.then, name)), percent(main(found.now, name)), percent(found.change.get(name), signed=True)]
            for name, label in OUTCOMES.items()]  # fmt: skip
    return Table(
        ["Number", str(found.made["since"]), str(found.made["at"]), "Change"], rows, "Main numbers: mean (5–95 % of draws)"
    )
