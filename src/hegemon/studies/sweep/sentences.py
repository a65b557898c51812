"""A sweep in sentences: what matters most, how much is luck, and boxes in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pandas as pd

from hegemon.mechanisms import PRIORS
from hegemon.outcomes import Outcome
from hegemon.pages import theme, words
from hegemon.studies.sweep.designs import REST
from hegemon.studies.sweep.discovery import Box, Limit
from hegemon.studies.sweep.result import Sweep

MINUS = "\u2212"

WHOLE = 1e-9
"""A limit so near the end of a prior is none."""


def unit_of(name: str) -> str:
    """A parameter's unit."""
    return PRIORS[name].unit


def within(name: str, limit: Limit, both: str = "{} to {}") -> str:
    """Which values a limit leaves to a parameter: "above 0.21"."""
    low, high = (number(value_at(name, q)) for q in (limit.low, limit.high))
    if limit.low <= WHOLE:
        return f"below {high}"
    return f"above {low}" if limit.high >= 1.0 - WHOLE else both.format(low, high)


def limit_in_words(name: str, limit: Limit) -> str:
    """ "red_line.doctrine above 0.21 (log-odds; upper 64 % of its prior; quasi-p 2e-05)"."""
    part = f"from {limit.low:.0%} to {limit.high:.0%}"
    if limit.low <= WHOLE or limit.high >= 1.0 - WHOLE:
        part = f"lower {limit.high:.0%}" if limit.low <= WHOLE else f"upper {1.0 - limit.low:.0%}"
    said = within(name, limit, "between {} and {}")
    return f"{name} {said} ({unit_of(name)}; {part} of its prior; quasi-p {limit.p:.1g})"


def box_in_words(box: Box, words: str) -> str:
    """A box, with how well it does among the sets that judge it."""
    found = " and ".join(limit_in_words(name, limit) for name, limit in box.limits.items())
    judged = box.judged
    return (f"Where {found}: {words} in {judged.density:.0%} of sets (density), and {judged.coverage:.0%} of all sets where it "
            f"is so lie here (coverage); by {judged.sets:,} sets that took no part in the search.")  # fmt: skip


def verdict(sweep: Sweep) -> str:
    """What came of the search for boxes, in a sentence."""
    found, condition = sweep.found, sweep.condition
    if found is None or condition is None:
        return ""
    share = f"{capital(condition.words)} holds in {found.holds:,} of {found.sets:,} sets"
    if found.boxes:
        return f"{share} ({found.holds / found.sets:.0%})."
    if found.holds in (0, found.sets):
        return f"{share}: there is nothing to tell apart."
    return f"{share}, and no box of parameters tells them from the rest."


def value_at(name: str, quantile: float) -> float:
    """A parameter's value at a quantile of its prior, or of its range where it is fixed."""
    from scipy.stats import truncnorm

    p = PRIORS[name]
    if p.fixed:
        return float(p.evenly(quantile))
    low, high = (p.low - p.mean) / p.sd, (p.high - p.mean) / p.sd
    return float(truncnorm.ppf(np.clip(quantile, 1e-6, 1.0 - 1e-6), low, high, loc=p.mean, scale=p.sd))


def number(value: float) -> str:
    """A number with three digits that count."""
    return "" if not theme.known(value) else f"{value:.3g}".replace("-", MINUS)


def index(value: float) -> str:
    """An index with two decimals; no negative nought."""
    return "" if not theme.known(value) else f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", MINUS)


def between(low: float, high: float) -> str:
    """An interval in a table."""
    return f"{index(low)} to {index(high)}" if theme.known(low) else ""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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


def said_of_chance(sweep: Sweep, outcome: Outcome) -> str:
    """What a coefficient must exceed to be worth a word, where there are coefficients."""
    table = sweep.importance
    if table is None:
        return ""
    chance = index(float(table.attrs[outcome.text]["chance"]))
    return (f" Among {len(of(table, outcome)):,} parameters, chance alone gives the largest coefficient up to {chance}, "
            "nine times in ten.")  # fmt: skip


def said_of_luck(sweep: Sweep, outcome: Outcome) -> str:
    """Where an outcome's variance comes from, in a sentence or two."""
    row = luck_of(sweep, outcome)
    if not theme.known(row["history"]):
        return f"Mean {number(row['mean'])}; it does not vary."
    runs = sweep.question.runs_per_set
    said = (
        f"Mean {number(row['mean'])}, standard deviation over parameters {number(row['spread'])}. Of the variance of single "
        f"histories {theme.share(row['history'])} is luck; of that of means over {runs} histories "
        f"{theme.share(row['remaining'])}"
    )
    if sweep.indices is None:
        return f"{said}.{said_of_chance(sweep, outcome)}"
    if of(sweep.indices, outcome)["total"].isna().all():
        return f"{said}: too much for indices. Ask for more histories per set."
    return f"{said}, which the indices leave out."


def said_of_rest(sweep: Sweep, outcome: Outcome) -> str:
    """What the parameters that were not looked at one by one amount to, if there are such."""
    table, space = sweep.indices, sweep.design.space
    many = space.factor.count(REST)
    if table is None or not many:
        return ""
    return f"The other {many} parameters together: {index(float(of(table, outcome)['total'][REST]))}. "


def leading(sweep: Sweep, outcome: Outcome) -> str:
    """The factors that matter most, and how much is luck."""
    head, rows = ranked(sweep, outcome, 4)
    named = [f"{row[0]} ({row[1]})" for row in rows if row[1] and row[0] != REST][:3]
    what = {"total": "total index", "effect": "effect", "coefficient": "rank coefficient"}[head[1]]
    most = f"most depends on {words.listed(named)} ({what}). " if named else ""
    rest = said_of_rest(sweep, outcome) if named else ""
    luck = luck_of(sweep, outcome)["history"]
    varies = f"Luck: {theme.share(luck)} of the variance of single histories."
    return f"{most}{rest}{varies if theme.known(luck) else 'It does not vary.'}"


def findings(sweep: Sweep) -> list[str]:
    """The sweep in a few sentences."""
    said = [verdict(sweep)] if sweep.condition is not None else []
    if sweep.found is not None and sweep.condition is not None:
        said += [box_in_words(box, sweep.condition.words) for box in sweep.found.boxes[:1]]
    return said + [f"{capital(outcome.words)}: {leading(sweep, outcome)}" for outcome in sweep.outcomes]
