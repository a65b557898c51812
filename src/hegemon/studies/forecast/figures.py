"""A forecast drawn: fans against what happened."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hegemon.instruments import KINDS
from hegemon.pages import fans, readings, words
from hegemon.pages.figure import Figure
from hegemon.pages.order import OrderInfo
from hegemon.pages.quarters import closing
from hegemon.sentences import foreseeing
from hegemon.sentences.foreseeing import Counted
from hegemon.studies.forecast.result import Forecast

PANELS = 6
"""Neighbours drawn: those with the most crises on record at the origin."""

YEARS = 6.0
"""Drawn before the origin."""

FAN: dict[str, Any] = {"x": "time", "line": "median", "bands": [["p05", "p95"], ["p25", "p75"]]}


def named(of: Forecast) -> str:
    """What its pictures are called: those of years to come lie beside those of years that have."""
    return "forecast" if of.question.years is None else "ahead"


def chosen(of: Forecast) -> list[str]:
    """Neighbours to draw, by a rule without hindsight."""
    rows = of.chances[(of.chances["state"] != "") & (of.chances["kind"] == "")]
    before = dict(zip(rows["state"], rows["before"], strict=True))
    return sorted(before, key=lambda state: (-before[state], state))[:PANELS]


def crises(of: Forecast) -> Figure:
    """Crises so far, by kind."""
    origin = closing(of.question.origin)
    frame = readings.timed(of.cumulative)
    frame.loc[frame["time"] < origin, readings.BANDS] = float("nan")
    highest = frame.groupby("kind")[["p95", "record"]].max().max(axis=1)
    scored = {c.name: c for c in of.counts if c.group == "kind"}
    missed = [Counted(words.plain(c.name, words.KINDS).lower(), c.observed, c.low, c.high)
              for c in scored.values() if not c.inside]  # fmt: skip
    mine = {kind: of.chance(kind=kind) for kind in KINDS}
    came = {kind: f"{scored[kind].observed} came; " if kind in scored else "" for kind in KINDS}
    most = max(KINDS, key=lambda kind: float(mine[kind]["mean"]))
    return Figure(
        name=f"{named(of)}-crises", title=f"Crises after {of.question.origin}, as predicted then",
        reading="Crises so far, by kind. Black: the record. Fan: histories that follow it to the line and are simulated "
        f"from there. {fans.HOW}",
        form="Fan charts of cumulated crises by kind",
        finding=foreseeing.outside(missed) if scored else
        foreseeing.most_of(words.plain(most, words.KINDS).lower(), float(mine[most]["mean"])),
        kind="fan", data=frame,
        settings={
            **FAN, "steps": "record", "panel": "kind",
            "panels": {kind: [words.plain(kind, words.KINDS), f"{came[kind]}{c['mean']:.0f} expected ({c['low']}–{c['high']})"]
                       for kind, c in mine.items()},
            "across": {"domain": [frame["time"].min() - 0.25, frame["time"].max()], "years": True},
            "up": {"format": "d"}, "domains": {kind: [0.0, float(10 * max(1, -(-highest[kind] // 10)))] for kind in mine},
            "rules": [{"at": origin}],
        },
    )  # fmt: skip


def neighbours(of: Forecast, info: OrderInfo) -> Figure:
    """Autonomy and orientation of the neighbours with the most crises."""
    states, seen = chosen(of), observed(of, info.patron_pole)
    begin, last = readings.span(of.paths)
    first = max(closing(of.question.origin) - YEARS, begin)
    titles: dict[str, str] = {}
    frames = []
    for measure, pole, title in (("autonomy", None, "room"), ("orientation", info.patron_pole, f"ties to {info.patron}")):
        frame = readings.timed(readings.bands(of.paths, measure, pole).assign(measure=measure))
        frames.append(frame[(frame["time"] >= first) & frame["state"].isin(states)])
        titles |= {f"{state} {measure}": f"{info.state(state)}: {title}" for state in states}
    dots = seen[seen["state"].isin(states)].assign(measure="orientation", time=seen["year"] + 0.5)
    dots = dots[(first <= dots["time"]) & (dots["time"] <= last)].rename(columns={"share": "observed"}).drop(columns="year")
    data = pd.concat([*frames, dots], ignore_index=True) if len(dots) else pd.concat(frames).assign(observed=float("nan"))
    return Figure(
        name=f"{named(of)}-neighbours",
        title=f"What {info.patron} leaves its neighbours after {of.question.origin}, as predicted then",
        reading=f"The {len(states)} neighbours with the most crises before. Left of the line the record is followed. "
        f"{'Black dots: orientation as observed. ' if len(seen) else ''}{fans.HOW}",
        form="Fan charts of autonomy and orientation",
        finding=_spread(of, info),
        kind="fan", data=data.assign(panel=data["state"] + " " + data["measure"]),
        settings={
            **FAN, "points": "observed", "series": "measure",
            "looks": {measure: {"colour": measure} for measure in ("autonomy", "orientation")}, "panel": "panel",
            "panels": titles, "across": {"domain": [first, last], "years": True},
            "up": {"domain": [0, 1], "values": [0, 0.5, 1], "format": ".0%"},
            "rules": [{"at": closing(of.question.origin)}], "columns": 3,
        },
    )  # fmt: skip


def observed(of: Forecast, pole: str) -> pd.DataFrame:
    """Observed shares of ties with a pole: state, year, share."""
    return of.observed[["state", "year", pole]].rename(columns={pole: "share"}).dropna()


def _spread(of: Forecast, info: OrderInfo) -> str:
    last = readings.bands(of.paths, "autonomy")
    last = last[(last["quarter"] == last["quarter"].max()) & last["state"].isin(chosen(of))].sort_values("median")
    least, most = ((info.state(str(row["state"])), float(row["median"])) for row in (last.iloc[0], last.iloc[-1]))
    return foreseeing.spans(str(last["quarter"].iloc[0]), least, most)
