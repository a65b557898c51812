"""Fans: where histories spread over time. Dark band half of them, light band nine in ten, line the median."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.report import readings

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

HOW = "Line: median of all histories. Dark band: the middle half of them. Light band: nine in ten."


def layers(hue: str, first: float, last: float, axis: str, top: float = 1.0, stem: str = "") -> list[Any]:
    """The three marks of a fan, over whatever data they are put."""
    import altair as alt

    ticks = [0, top / 2, top]
    x = alt.X(
        "time:Q",
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(title=None, values=readings.ticks(first, last), format="d", grid=False, ticks=True, tickSize=4),
    )

    def y(column: str) -> Any:
        scale = alt.Scale(domain=[0, top], nice=False)
        return alt.Y(f"{stem}{column}:Q", scale=scale, axis=alt.Axis(title=None, values=ticks, format=axis))

    base = alt.Chart()
    return [
        base.mark_area(color=hue, opacity=0.18, clip=True).encode(x=x, y=y("p05"), y2=f"{stem}p95:Q"),
        base.mark_area(color=hue, opacity=0.34, clip=True).encode(x=x, y=y("p25"), y2=f"{stem}p75:Q"),
        base.mark_line(color=hue, strokeWidth=1.8, clip=True).encode(x=x, y=y("median")),
    ]


def small_multiples(data: str, marks: list[Any], order: list[str]) -> Any:
    """The same marks for each neighbour in turn."""
    import altair as alt

    # As many panels to a row as leave the fewest holes: fourteen neighbours stand in two rows of seven.
    columns = min((7, 6, 5, 4), key=lambda n: -len(order) % n)
    width = (1000 - 18 * columns) // columns
    panel = alt.layer(*marks).properties(width=width, height=104)
    facet = alt.Facet("name:N", sort=order, title=None)
    return panel.facet(facet=facet, columns=columns, data=alt.NamedData(name=data))


def yearly(frame: pd.DataFrame, group: str, order: list[str], caption: str) -> Table:
    """A fan as a table: a row per year, a column per panel, "median (5th to 95th percentile)"."""
    few = readings.thinned(frame, per_year=1)
    cells = {
        (
            row["quarter"],
            row[group],
        ): f"{100 * row['median']:.0f} ({100 * row['p05']:.0f}–{100 * row['p95']:.0f})"
        for row in few.dropna().to_dict("records")
    }
    times = sorted(few["quarter"].unique())
    return Table(["Quarter", *order], [[q, *(cells.get((q, g), "") for g in order)] for q in times], caption)


def extremes(frame: pd.DataFrame, info: OrderInfo) -> str:
    """The two ends of the last quarter, in words: what the eye would find first."""
    last = frame[frame["quarter"] == frame["quarter"].max()].dropna().sort_values("median")
    if last.empty:
        return "Nothing is known at the end."
    low, high = last.iloc[0], last.iloc[-1]
    return (
        f"At the close of {low['quarter']} the median is highest in {info.state(high['state'])} "
        f"({theme.share(high['median'])}) and lowest in {info.state(low['state'])} "
        f"({theme.share(low['median'])})."
    )


def by_neighbour(summary: xr.Dataset, info: OrderInfo, name: str, pole: str | None, **words_: str) -> Figure:
    first, last = readings.span(summary)
    frame = readings.bands(summary, name, pole)
    present = reading_order(info, readings.all_states(summary))
    drawn = readings.thinned(frame, per_year=2)
    rows = readings.records(drawn.assign(name=drawn["state"].map(info.state)))
    marks = layers(theme.role(name), first, last, theme.number("share"))
    caption = f"{words_['title']}: median (5th–95th percentile) over histories, per cent"
    return Figure(
        name=name,
        chart=small_multiples(name, marks, [info.state(s) for s in present]),
        sources={name: rows},
        data=frame,
        tables=[yearly(frame, "state", present, caption)],
        form="Fan charts, one per neighbour",
        finding=extremes(frame, info),
        **words_,
    )


def orientation(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """How much of each neighbour's outside ties runs to the patron."""
    return by_neighbour(
        summary,
        info,
        "orientation",
        info.patron_pole,
        title=f"Orientation toward {info.patron}",
        reading=f"Share of a neighbour's external ties that runs to {info.patron}. {HOW}",
    )


def autonomy(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """How much foreign policy each neighbour is left."""
    return by_neighbour(
        summary,
        info,
        "autonomy",
        None,
        title="Autonomy",
        reading=f"Share of all conceivable foreign policies that lie on the permitted side of "
        f"{info.patron}'s red line. {HOW}",
    )


def order(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """The order as a whole: hierarchy, doctrine, capacity, overstretch."""
    import altair as alt
    import pandas as pd

    first, last = readings.span(summary)
    present = [name for name in words.ORDER_MEASURES if f"{name}_quantile" in summary]
    frame = pd.concat([readings.bands(summary, name).assign(measure=name) for name in present])
    frame = frame[["measure", "quarter", *readings.BANDS]]
    drawn = readings.thinned(frame, per_year=4)
    sources, panels = {}, []
    for name in present:
        mine = drawn[drawn["measure"] == name]
        sources[f"order_{name}"] = readings.records(mine)
        top = next((t for t in (1.0, 1.5, 2.0) if t >= mine["p95"].max()), float(mine["p95"].max()))
        marks = layers(theme.role("order"), first, last, theme.number("index"), top)
        layered = alt.layer(*marks, data=alt.NamedData(name=f"order_{name}"))
        panels.append(layered.properties(title=words.plain(name, words.ORDER_MEASURES), width=208, height=120))
    ends = frame[frame["quarter"].isin([frame["quarter"].min(), frame["quarter"].max()])]
    said = [
        f"{words.ORDER_MEASURES[str(name)].lower()} goes from {pair.iloc[0]:.2f} to {pair.iloc[-1]:.2f}"
        for name, pair in ends.groupby("measure", sort=False)["median"]
    ]
    return Figure(
        name="order",
        title="The order as a whole",
        reading="Hierarchy, doctrine (0 non-intervention, 1 indivisible security) and overstretch run from 0 "
        f"to 1; capacity is relative to the first year. {HOW}",
        form="Fan charts of the order",
        finding=f"In the median, {words.listed(said)}.",
        chart=alt.hconcat(*panels, spacing=26),
        sources=sources,
        data=frame,
        tables=[yearly(frame, "measure", present, "Median (5th–95th percentile) over histories, times 100")],
    )
