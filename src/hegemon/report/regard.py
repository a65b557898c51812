"""Regard: how the incumbents of the region see the patron, in fear and in legitimacy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.report import fans, readings

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

NAMES = {"fear": "Fear", "legitimacy": "Legitimacy"}


def both(summary: xr.Dataset) -> pd.DataFrame:
    import pandas as pd

    frames = [
        readings.bands(summary, name).assign(measure=name, mean=readings.means(summary, name)["mean"]) for name in NAMES
    ]
    return pd.concat(frames)[["measure", "state", "quarter", "mean", *readings.BANDS]]


def region(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """The region's mean, in front of its neighbours' medians."""
    import altair as alt

    first, last = readings.span(summary)
    frame = both(summary)
    lines = readings.thinned(frame, per_year=2)
    mean = frame.groupby(["measure", "quarter"])[["mean"]].mean().round(4).reset_index()
    x = alt.X(
        "time:Q",
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(
            title=None, values=readings.ticks(first, last, 7), format="d", grid=False, ticks=True, tickSize=4
        ),
    )

    def y(column: str) -> Any:
        axis = alt.Axis(title=None, values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
        return alt.Y(f"{column}:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)

    sources, panels = {}, []
    for name, label in NAMES.items():
        mine = lines[lines["measure"] == name]
        ends = mine[mine["quarter"] == mine["quarter"].max()].dropna().sort_values("median")
        ends = ends.iloc[[0, -1]]
        sources[f"{name}_lines"] = readings.records(mine[["state", "time", "median"]])
        sources[f"{name}_ends"] = readings.records(ends.assign(label=ends["state"].map(info.state)))
        sources[f"{name}_mean"] = readings.records(readings.thinned(mean[mean["measure"] == name], 4))
        grey, hue = theme.colour("figure", "quiet"), theme.role(name)
        each = alt.Chart(alt.NamedData(name=f"{name}_lines")).mark_line(color=grey, strokeWidth=1)
        whole = alt.Chart(alt.NamedData(name=f"{name}_mean")).mark_line(color=hue, strokeWidth=3)
        named = alt.Chart(alt.NamedData(name=f"{name}_ends")).mark_text(
            align="left", dx=6, fontSize=11, color=theme.colour("figure", "muted")
        )
        panel = alt.layer(
            each.encode(x=x, y=y("median"), detail="state:N"),
            whole.encode(x=x, y=y("mean")),
            named.encode(x=x, y=y("median"), text="label:N"),
        )
        panels.append(panel.properties(title=f"{label} of {info.patron}", width=390, height=210))
    moves = [
        f"{label.lower()} goes from {pair.iloc[0]:.2f} to {pair.iloc[-1]:.2f}"
        for name, label in NAMES.items()
        for pair in [mean[mean["measure"] == name]["mean"]]
    ]
    wide = readings.thinned(mean, 1).pivot(index="quarter", columns="measure", values="mean")
    rows = [[str(quarter), *(theme.index(float(wide.loc[quarter, name])) for name in NAMES)] for quarter in wide.index]
    return Figure(
        name="regard_region",
        title=f"Fear and legitimacy of {info.patron}, across the region",
        reading="Coloured: mean over all neighbours and histories. Grey: the median of each neighbour; the "
        "highest and the lowest at the end are named.",
        form="Two line charts",
        finding=f"In the regional mean, {' and '.join(moves)}.",
        chart=alt.hconcat(*panels, spacing=84),
        sources=sources,
        data=mean,
        tables=[Table(["Quarter", *NAMES.values()], rows, "Mean over all neighbours and histories")],
    )


def neighbours(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """Fear and legitimacy neighbour by neighbour."""
    first, last = readings.span(summary)
    frame = both(summary)
    present = reading_order(info, readings.all_states(summary))
    drawn = readings.thinned(frame, per_year=2)
    wide = drawn.pivot(index=["state", "time"], columns="measure", values=readings.BANDS)
    wide.columns = ["_".join(reversed(column)) for column in wide.columns.to_list()]
    rows = wide.reset_index()
    rows["name"] = rows["state"].map(info.state)
    marks: list[Any] = []
    for name in NAMES:
        _, half, line = fans.layers(theme.role(name), first, last, theme.number("index"), 1.0, f"{name}_")
        marks += [half, line]
    tables = [
        fans.yearly(
            frame[frame["measure"] == name],
            "state",
            present,
            f"{label}: median (5th–95th percentile) over histories, times 100",
        )
        for name, label in NAMES.items()
    ]
    end = frame[frame["quarter"] == frame["quarter"].max()].pivot(index="state", columns="measure", values="median")
    fearful = [info.state(s) for s in present if end.loc[s, "fear"] > end.loc[s, "legitimacy"]]
    return Figure(
        name="regard",
        title="Fear and legitimacy, neighbour by neighbour",
        reading="Orange: fear. Blue: legitimacy, in the eyes of those who govern. Lines: medians of all "
        "histories. Bands: the middle half of them.",
        form="Fan charts of fear and legitimacy, one panel per neighbour",
        finding=f"At the end fear exceeds legitimacy in {len(fearful)} of {len(present)} neighbours"
        + (f": {words.listed(fearful)}." if fearful else "."),
        chart=fans.small_multiples("regard", marks, [info.state(s) for s in present]),
        sources={"regard": readings.records(rows)},
        data=frame,
        tables=tables,
    )
