"""Fans: where histories spread over time. Dark band half of them, light band nine in ten, line the median."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hegemon.pages import readings, theme, words
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order

if TYPE_CHECKING:
    import xarray as xr

HOW = "Line: median of all histories. Dark band: the middle half of them. Light band: nine in ten."
NESTED = ("Line: median of all histories. Light band: nine in ten of them. Dark band: nine in ten, if parameters were known and "
          "only luck were not.")  # fmt: skip


def how(summary: xr.Dataset) -> str:
    """How to read a fan of a summary."""
    return NESTED if readings.nested(summary, "autonomy") else HOW


def around(summary: xr.Dataset) -> list[list[str]]:
    """The bands of a fan of a summary."""
    return readings.NESTED if readings.nested(summary, "autonomy") else readings.FAN


def yearly(frame: pd.DataFrame, group: str, order: list[str], caption: str) -> Table:
    """A fan as a table: a row per year, a column per panel, "median (5th to 95th percentile)"."""
    few = readings.yearly(frame)
    cells = {
        (row["quarter"], row[group]): f"{100 * row['median']:.0f} ({100 * row['p05']:.0f}–{100 * row['p95']:.0f})"
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


def over_time(summary: xr.Dataset, data: pd.DataFrame, settings: Mapping[str, Any], **words_: Any) -> Figure:
    """A fan along the quarters of a summary; `settings` are those of `fan.Settings` besides."""
    along = {"x": "time", "across": readings.years(*readings.span(summary))}
    return Figure(kind="fan", data=readings.timed(data), settings={**along, **settings}, **words_)


def by_neighbour(summary: xr.Dataset, info: OrderInfo, name: str, pole: str | None, **words_: Any) -> Figure:
    frame = readings.bands(summary, name, pole)
    present = reading_order(info, readings.all_states(summary))
    caption = f"{words_['title']}: median (5th–95th percentile) over histories, per cent"
    settings = {"line": "median", "bands": around(summary), "panel": "state", "panels": {s: info.state(s) for s in present},
                "series": "measure", "looks": {name: {"colour": name}}, "up": readings.SHARES}  # fmt: skip
    return over_time(
        summary, frame.assign(measure=name), settings, name=name, form="Fan charts, one per neighbour",
        finding=extremes(frame, info), tables=[yearly(frame, "state", present, caption)], **words_,
    )  # fmt: skip


def orientation(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """How much of each neighbour's outside ties runs to the patron."""
    reading = f"Share of a neighbour's external ties that runs to {info.patron}. {how(summary)}"
    title = f"Ties with {info.patron}"
    return by_neighbour(summary, info, "orientation", info.patron_pole, title=title, reading=reading)


def autonomy(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """How much foreign policy each neighbour is left."""
    reading = "Share of all conceivable foreign policies that lie on the permitted side of "
    reading += f"{info.patron}'s red line. {how(summary)}"
    return by_neighbour(summary, info, "autonomy", None, title="Room for foreign policy", reading=reading)


def order(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """The order as a whole: hierarchy, doctrine, capacity, overstretch."""
    present = [name for name in words.ORDER_MEASURES if f"{name}_quantile" in summary]
    frame = pd.concat([readings.bands(summary, name).assign(measure=name) for name in present])
    frame = frame[["measure", *(name for name in frame if name != "measure")]]
    highest = frame.groupby("measure")["p95"].max()
    tops = {str(name): next((t for t in (1.0, 1.5, 2.0) if t >= most), float(most)) for name, most in highest.items()}
    ends = frame[frame["quarter"].isin([frame["quarter"].min(), frame["quarter"].max()])]
    said = [
        f"{words.ORDER_MEASURES[str(name)].lower()} goes from {pair.iloc[0]:.2f} to {pair.iloc[-1]:.2f}"
        for name, pair in ends.groupby("measure", sort=False)["median"]
    ]
    settings = {"line": "median", "bands": around(summary), "panel": "measure", "up": {"format": ".1~f", "count": 3},
                "panels": {name: words.plain(name, words.ORDER_MEASURES) for name in present},
                "domains": {name: [0.0, top] for name, top in tops.items()}}  # fmt: skip
    return over_time(
        summary, frame, settings,
        name="order", title="The order as a whole",
        reading="Hierarchy, doctrine (0 non-intervention, 1 indivisible security) and overstretch run from 0 "
        f"to 1; capacity is relative to the first year. {how(summary)}",
        form="Fan charts of the order",
        finding=f"In the median, {words.listed(said)}.",
        tables=[yearly(frame, "measure", present, "Median (5th–95th percentile) over histories, times 100")],
    )  # fmt: skip
