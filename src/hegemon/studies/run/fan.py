"""One measure as a fan: where histories spread over time, for one neighbour, several or all."""

from __future__ import annotations

from collections.abc import Sequence

from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.pages import readings
from hegemon.pages.charts import fan as kind
from hegemon.pages.fans import HOW
from hegemon.pages.figure import Figure
from hegemon.pages.order import order_info
from hegemon.studies.run.result import Runs


def fan(of: Runs, measure: str, states: Sequence[str], pole: str) -> Figure:
    """Quantiles over histories of a measure; orientation toward a pole."""
    info = order_info(of.question.order())
    shared, whole = measure in SHARED, "the order"
    what = f"ties with {info.poles[pole]}" if measure == "orientation" else measure.replace("_", " ")
    summary = of.summary if shared else of.summary.sel(state=list(states))
    frame = readings.bands(summary, measure, pole if measure == "orientation" else None)
    frame = frame.assign(panel=whole if shared else frame["state"].map(info.state))
    unit = (PER_NEIGHBOUR | SHARED).get(measure, f"share of external ties with {info.poles[pole]}")
    last = frame[frame["quarter"] == frame["quarter"].iloc[-1]]
    return Figure(
        name=measure, title=f"{what[:1].upper()}{what[1:]}",
        reading=f"{unit[:1].upper()}{unit[1:]}. {HOW}",
        form="Fan charts, one per neighbour" if not shared else "Fan chart",
        finding=f"At the close of {frame['quarter'].iloc[-1]}: "
        + ", ".join(f"{name} {value:.2f}" for name, value in zip(last["panel"], last["median"], strict=True)) + ".",
        kind="fan", data=readings.timed(frame),
        settings=kind.Settings(
            x="time", line="median", bands=readings.FAN, panel="panel", panels={name: name for name in frame["panel"].unique()},
            across=readings.years(*readings.span(of.summary)), up={"count": 3},
        ),
    )  # fmt: skip
