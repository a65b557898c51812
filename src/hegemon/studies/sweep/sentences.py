"""A sweep's numbers as its sentences need them: what matters most, how much is luck, and boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pandas as pd

from hegemon.mechanisms import PRIORS
from hegemon.outcomes import Outcome
from hegemon.sentences import depending
from hegemon.sentences.depending import Judged, Side, between, capital, index, number
from hegemon.studies.sweep.designs import REST
from hegemon.studies.sweep.discovery import Box, Limit, Score
from hegemon.studies.sweep.result import Sweep


def unit_of(name: str) -> str:
    """A parameter's unit."""
    return PRIORS[name].unit


def side(name: str, limit: Limit) -> Side:
    """A parameter's part of a box, with its values."""
    least, most = (value_at(name, q) for q in (limit.low, limit.high))
    return Side(name, unit_of(name), limit.low, limit.high, least, most, limit.p)


def judged(of: Score) -> Judged:
    """How well a box does."""
    return Judged(of.density, of.coverage, of.sets)


def box_in_words(box: Box, condition: str) -> str:
    """A box, with how well it does among the sets that judge it."""
    return depending.box([side(name, limit) for name, limit in box.limits.items()], condition, judged(box.judged))


def verdict(sweep: Sweep) -> str:
    """What came of the search for boxes, in a sentence."""
    found, condition = sweep.found, sweep.condition
    if found is None or condition is None:
        return ""
    return depending.held(condition.words, found.holds, found.sets, boxes=bool(found.boxes))


def value_at(name: str, quantile: float) -> float:
    """A parameter's value at a quantile of its prior, or of its range where it is fixed."""
    from scipy.stats import truncnorm

    p = PRIORS[name]
    if p.fixed:
        return float(p.evenly(quantile))
    low, high = (p.low - p.mean) / p.sd, (p.high - p.mean) / p.sd
    return float(truncnorm.ppf(np.clip(quantile, 1e-6, 1.0 - 1e-6), low, high, loc=p.mean, scale=p.sd))


def of(table: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """An outcome's part of a table."""
    return cast("pd.DataFrame", table.loc[outcome.text])


def luck_of(sweep: Sweep, outcome: Outcome) -> dict[str, float]:
    """An outcome's mean and spread, and how much of it is luck."""
    table = sweep.luck
    return dict(zip(table.columns, table.loc[[outcome.text]].to_numpy(float)[0].tolist(), strict=True))


def ranked(sweep: Sweep, outcome: Outcome, most: int) -> tuple[list[str], list[list[str]]]:
    """The factors that matter most to an outcome, as a table: indices, else effects, else rank regression."""
    swings = None if sweep.swings is None else of(sweep.swings, outcome)

    def ends(name: Any) -> list[str]:
        if swings is None or name not in swings.index:
            return ["", ""]
        return [number(float(swings[end][name])) for end in ("low", "high")]

    def rows(table: pd.DataFrame, by: str) -> Iterator[tuple[Any, Any]]:
        return of(table, outcome).sort_values(by, ascending=False, kind="stable").head(most).iterrows()

    if sweep.indices is not None:
        return ["factor", "total", "90 %", "alone", "90 %", "if low", "if high"], [
            [name, index(row["total"]), between(row["total_low"], row["total_high"]), index(row["first"]),
             between(row["first_low"], row["first_high"]), *ends(name)]
            for name, row in rows(sweep.indices, "total")
        ]  # fmt: skip
    if sweep.effects is not None:
        return ["factor", "effect", "90 %", "mean", "luck alone"], [
            [name, number(row["effect"]), f"{number(row['effect_low'])} to {number(row['effect_high'])}",
             number(row["sign"]), number(row["chance"])]
            for name, row in rows(sweep.effects, "effect")
        ]  # fmt: skip
    assert sweep.importance is not None
    return ["parameter", "coefficient", "90 %", "if low", "if high"], [
        [name, index(row["coefficient"]), between(row["low"], row["high"]), *ends(name)]
        for name, row in rows(sweep.importance, "share")
    ]


def said_of_luck(sweep: Sweep, outcome: Outcome) -> str:
    """Where an outcome's variance comes from, in a sentence or two."""
    row, table = luck_of(sweep, outcome), sweep.importance
    numbers = row["mean"], row["spread"], row["history"], row["remaining"], sweep.question.runs_per_set
    if sweep.indices is not None:
        none = of(sweep.indices, outcome)["total"].isna().all()
        return depending.luck(*numbers, depending.TOO_MUCH if none else depending.LEFT_OUT)
    said = depending.luck(*numbers, ".")
    if table is None:
        return said
    return f"{said} {depending.by_chance(len(of(table, outcome)), float(table.attrs[outcome.text]['chance']))}"


def said_of_rest(sweep: Sweep, outcome: Outcome) -> str:
    """What the parameters that were not looked at one by one amount to, if there are such."""
    many = sweep.design.space.factor.count(REST)
    if sweep.indices is None or not many:
        return ""
    return depending.others(many, float(of(sweep.indices, outcome)["total"][REST]))


def leading(sweep: Sweep, outcome: Outcome) -> str:
    """The factors that matter most, and how much is luck."""
    head, rows = ranked(sweep, outcome, 4)
    named = [(row[0], row[1]) for row in rows if row[1] and row[0] != REST][:3]
    what = {"total": "total index", "effect": "effect", "coefficient": "rank coefficient"}[head[1]]
    return depending.leading(named, what, said_of_rest(sweep, outcome), luck_of(sweep, outcome)["history"])


def findings(sweep: Sweep) -> list[str]:
    """The sweep in a few sentences."""
    said = [verdict(sweep)] if sweep.condition is not None else []
    if sweep.found is not None and sweep.condition is not None:
        said += [box_in_words(box, sweep.condition.words) for box in sweep.found.boxes[:1]]
    return said + [f"{capital(outcome.words)}: {leading(sweep, outcome)}" for outcome in sweep.outcomes]
