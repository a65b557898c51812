"""The key of magnitudes: a strip of colour with its numbers, and round ends for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hegemon.pages import theme
from hegemon.pages.charts.parts import alt

ROUND = (0.0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def ceiling(values: Any) -> float:
    """The value of the darkest colour, or the top of an axis of shares: round, and no smaller than any."""
    top = float(np.nanmax(np.asarray(values, float)))
    return next(value for value in (*ROUND[1:], top) if top <= value)


def floor(values: Any) -> float:
    """The value of the lightest colour: round, and no larger than any; nought unless values crowd far from it."""
    low = max(bottom for bottom in ROUND if bottom <= max(float(np.nanmin(np.asarray(values, float))), 0.0))
    return low if low > 0.3 * ceiling(values) else 0.0


def gauge(ends: Sequence[float], title: str = "", width: int = 240) -> Any:
    """The strip, drawn as a chart so that it needs no scale."""
    stops = theme.tokens()["colour"]["magnitude"]
    ramp = [{"offset": i / (len(stops) - 1), "color": stop} for i, stop in enumerate(stops)]
    low, top = ends
    form = ".1%" if top - low < 0.04 else ".0%"
    place: dict[str, Any] = {"titleAnchor": "start", "titleAlign": "left", "titleX": 0}
    axis = alt.Axis(title=title or None, values=[low, (low + top) / 2, top], format=form, grid=False, labelFlush=True, **place)
    return (
        alt.Chart(alt.InlineData(values=[{"a": low, "b": top}]))
        .mark_rect(color={"gradient": "linear", "x1": 0, "x2": 1, "y1": 0, "y2": 0, "stops": ramp})
        .encode(x=alt.X("a:Q", axis=axis, scale=alt.Scale(domain=[low, top], nice=False)), x2="b:Q")
        .properties(width=width, height=10)
    )
