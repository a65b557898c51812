"""A predictive check drawn: crises, answers and ties of histories by prior and posterior, beside the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hegemon.instruments import NAMES
from hegemon.pages import readings, words
from hegemon.pages.charts.dots import Settings
from hegemon.pages.charts.parts import Axis, Look
from hegemon.pages.figure import Figure
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.studies.calibrate.figures import LOOKS, POSTERIOR, PRIOR
from hegemon.studies.check.result import Check

MIDDLE = "Line: middle 90 %."

RECORD: Mapping[str, Look] = {
    "record": {"label": "record", "colour": "record", "interval": "none"},
    "record, outside": {"label": "record, outside", "colour": "vermillion", "interval": "none"},
}


def crises(of: Check) -> Figure:
    """Crises by kind and decade: prior, posterior, record."""
    data = _both(of, "count")
    domains = {}
    for kind, mine in data.groupby("kind", sort=False):
        tops = mine.groupby("source")[["value", "high"]].max().max(axis=1)
        top = float(min(tops.max(), 2.5 * tops.drop(PRIOR).max()))
        domains[str(kind)] = [-0.03 * top, 1.08 * top + 0.3]
    return _intervals(
        of, "count", "counts", data, {decade: decade for decade in dict.fromkeys(data["of"])}, domains, {"format": "d"},
        name="calibration-crises", title="Crises by kind and decade",
        reading=f"Dots: the record, red where it lies outside the posterior's middle 90 %. {MIDDLE} Tick: mean of histories. "
        "Grey: parameters from the prior, cut where it would leave the panel. Blue: from the posterior.",
        form="Intervals by decade, one panel per kind",
    )  # fmt: skip


def answers(of: Check) -> Figure:
    """The mix of instruments by kind: prior, posterior, record."""
    names = {name: words.INSTRUMENTS.get(name, name) for name in NAMES}
    return _intervals(
        of, "instrument", "shares", _both(of, "instrument"), names, {}, {**readings.SHARES, "domain": [-0.03, 1.0]},
        name="calibration-answers", title="What the patron does, by kind of crisis",
        reading="Share of a kind's crises answered with each instrument. Dots: the record, red where it lies outside the "
        f"posterior's middle 90 %. {MIDDLE} Tick: mean. Grey: parameters from the prior. Blue: from the posterior.",
        form="Intervals by instrument, one panel per kind",
    )  # fmt: skip


def _both(of: Check, group: str) -> pd.DataFrame:
    """A group's cells as rows: prior, posterior and record, each with its mean (or value) and ends."""
    frames = []
    for source, compared in ((PRIOR, of.prior), (POSTERIOR, of.posterior)):
        cells = compared.cells[compared.cells["group"] == group]
        frames.append(cells[["kind", "of", "low", "high"]].assign(value=cells["mean"], source=source))
    seen = ["record" if side == "inside" else "record, outside" for side in cells["side"]]
    frames.append(cells[["kind", "of"]].assign(value=cells["record"], source=seen))
    return pd.concat(frames, ignore_index=True)


def _intervals(
    of: Check, group: str, what: str, data: pd.DataFrame, rows: Mapping[str, str], domains: Mapping[str, Sequence[float]],
    across: Axis, **words_: Any,
) -> Figure:  # fmt: skip
    """Prior, posterior and record by category, one panel per kind."""
    c = of.posterior.coverage[group]
    looks: dict[str, Look] = {name: {**LOOKS[name], "mark": "tick"} for name in (PRIOR, POSTERIOR)}
    settings = Settings(
        row="of", rows=rows, value="value", low="low", high="high", series="source", looks={**looks, **RECORD},
        panel="kind", panels={kind: words.plain(kind, words.KINDS) for kind in dict.fromkeys(data["kind"])},
        domains=domains, across=across,
    )  # fmt: skip
    finding = f"{c.inside} of {c.of} {what} lie in the middle 90 % of the posterior's histories."
    return Figure(kind="dots", data=data, settings=settings, finding=finding, **words_)


def ties(of: Check, info: OrderInfo) -> Figure:
    """Ties with the patron by neighbour: histories left to chance, histories that follow the record, and the record."""
    wide = of.posterior.ties.set_index(["state", "year"])
    free, led = (wide[wide["basis"] == basis] for basis in ("free", "following"))
    frame = led[["record", "low", "median", "high", "side"]].join(free[["low", "high"]].add_prefix("free_")).reset_index()
    frame = frame.assign(outside=frame["side"] != "inside")
    present = reading_order(info, list(dict.fromkeys(frame["state"])))
    first, last = int(frame["year"].min()), int(frame["year"].max())
    c = of.posterior.coverage["following"]
    return Figure(
        name="calibration-ties", title=f"Ties with {info.patron}: measured, and as the calibrated model has them",
        reading=f"Share of a neighbour's external ties that runs to {info.patron}. Dots: as measured, red where outside the dark "
        "band. Dark band and line: middle 90 % and median of histories that follow the coded events. Light band: middle 90 % of "
        "histories in which everything is left to chance. Both with the measurement's offset and error.",
        form="Bands and dots by year, one panel per neighbour",
        finding=f"{c.inside} of {c.of} observations lie in the middle 90 % of histories that follow the record, "
        f"{of.posterior.coverage['free'].inside} in that of histories that do not.",
        kind="fan", data=frame,
        settings={
            "x": "year", "line": "median", "bands": [["free_low", "free_high"], ["low", "high"]], "points": "record",
            "outside": "outside", "panel": "state", "panels": {s: info.state(s) for s in present},
            "across": {"domain": [first - 0.5, last + 0.5], "years": True},
            "up": readings.SHARES,
        },
    )  # fmt: skip
