"""Regard: how the incumbents of the region see the patron, in fear and in legitimacy."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from hegemon.pages import fans, readings, theme, words
from hegemon.pages.charts import fan
from hegemon.pages.charts.parts import Axis, Look
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order

NAMES = {"fear": "Fear", "legitimacy": "Legitimacy"}


def both(summary: xr.Dataset) -> pd.DataFrame:
    means = {name: readings.means(summary, name)["mean"] for name in NAMES}
    frames = [readings.bands(summary, name).assign(measure=name, mean=mean) for name, mean in means.items()]
    return pd.concat(frames)[["measure", "state", "quarter", "mean", *readings.BANDS]]


INDICES: Axis = {"domain": [0, 1], "values": [0, 0.25, 0.5, 0.75, 1], "format": ".2~f"}


def region(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """The region's mean, in front of its neighbours' medians."""
    frame = both(summary)
    mean = frame.groupby(["measure", "quarter"])[["mean"]].mean().round(4).reset_index()
    whole = mean.rename(columns={"mean": "value"}).assign(series=[f"mean {name}" for name in mean["measure"]])
    each = frame.rename(columns={"median": "value", "state": "series"})[["measure", "quarter", "series", "value"]]
    data = readings.timed(pd.concat([each, whole], ignore_index=True))
    states = readings.all_states(summary)
    looks: dict[str, Look] = {state: {"colour": "quiet", "width": 1.0} for state in states}
    looks |= {f"mean {name}": {"colour": name, "width": 3.0} for name in NAMES}
    last = each[each["quarter"] == each["quarter"].max()].dropna().sort_values("value")
    ends = {str(name): {s: info.state(s) for s in mine.iloc[[0, -1]]}
            for name, mine in last.groupby("measure")["series"]}  # fmt: skip
    moves = [f"{NAMES[str(name)].lower()} goes from {pair.iloc[0]:.2f} to {pair.iloc[-1]:.2f}"
             for name, pair in mean.groupby("measure")["mean"]]  # fmt: skip
    wide = readings.yearly(mean).pivot(index="quarter", columns="measure", values="mean")
    rows = [[str(quarter), *(theme.index(float(wide.loc[quarter, name])) for name in NAMES)] for quarter in wide.index]
    return Figure(
        name="regard_region", title=f"Fear and legitimacy of {info.patron}, across the region",
        reading="Coloured: mean over all neighbours and histories. Grey: the median of each neighbour; the "
        "highest and the lowest at the end are named.",
        form="Two line charts",
        finding=f"In the regional mean, {' and '.join(moves)}.",
        kind="fan", data=data,
        settings=fan.Settings(
            x="time", line="value", series="series", looks=looks, ends=ends, panel="measure",
            panels={name: f"{label} of {info.patron}" for name, label in NAMES.items()},
            across=readings.years(*readings.span(summary)), up=INDICES,
        ),
        tables=[Table(["Quarter", *NAMES.values()], rows, "Mean over all neighbours and histories")],
    )  # fmt: skip


def neighbours(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """Fear and legitimacy neighbour by neighbour."""
    frame = both(summary)
    present = reading_order(info, readings.all_states(summary))
    captions = {name: f"{label}: median (5th–95th percentile) over histories, times 100"
                for name, label in NAMES.items()}  # fmt: skip
    tables = [fans.yearly(frame[frame["measure"] == name], "state", present, said) for name, said in captions.items()]
    end = frame[frame["quarter"] == frame["quarter"].max()].pivot(index="state", columns="measure", values="median")
    fearful = [info.state(s) for s in present if end.loc[s, "fear"] > end.loc[s, "legitimacy"]]
    return Figure(
        name="regard", title="Fear and legitimacy, neighbour by neighbour",
        reading="Orange: fear. Blue: legitimacy, in the eyes of those who govern. Lines: medians of all "
        "histories. Bands: the middle half of them.",
        form="Fan charts of fear and legitimacy, one panel per neighbour",
        finding=f"At the end fear exceeds legitimacy in {len(fearful)} of {len(present)} neighbours"
        + (f": {words.listed(fearful)}." if fearful else "."),
        kind="fan", data=readings.timed(frame),
        settings=fan.Settings(
            x="time", line="median", bands=[["p25", "p75"]], series="measure",
            looks={name: {"label": label, "colour": name} for name, label in NAMES.items()}, panel="state",
            panels={s: info.state(s) for s in present}, across=readings.years(*readings.span(summary)),
            up={"domain": [0, 1], "values": [0, 0.5, 1], "format": ".1~f"},
        ),
        tables=tables,
    )  # fmt: skip
