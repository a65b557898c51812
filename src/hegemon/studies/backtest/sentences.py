"""A back-test in sentences, which follow from the numbers, whatever they say."""

from __future__ import annotations

from typing import Any

from hegemon.studies.backtest.result import TWIN, Backtest

HEADS = {"rolling": "Rolling: by what had begun before", "left out": "Left out: by all other crises"}
"""What each scheme learns from."""


def said(of: Backtest) -> list[str]:
    """What came out, a sentence per scheme and question."""
    lines = []
    for scheme in HEADS:
        mine, other = of.scored(scheme, of.reference), of.best_other(scheme)
        lines.append(f"{scheme.capitalize()}, {mine['events']} crises: {of.reference} has a mean log score of "
                     f"{mine['log']:.2f} (Brier {mine['brier']:.3f}); what happened was its likeliest answer in "
                     f"{mine['first']:.0%} and among its three likeliest in {mine['among_three']:.0%}.")  # fmt: skip
        if other != of.reference:
            theirs = of.scored(scheme, other)
            lines.append(f"{scheme.capitalize()}, against the best of the others, {other} ({theirs['log']:.2f}): "
                         f"{_sentence(theirs)}")  # fmt: skip
    return [*lines, *needed(of)]


LEAD = 0.03
"""Nat per crisis over the twin that count as a lead (docs/protocol.md)."""


def needed(of: Backtest) -> list[str]:
    """Whether the record needs expected consequences, a sentence per scheme; none where the twin was not asked."""
    found = []
    for scheme in HEADS:
        if TWIN not in set(of.scores["forecaster"]) or of.reference == TWIN:
            continue
        row = of.scored(scheme, TWIN)
        clear = row["ahead_low"] > 0.0 and row["ahead_low_by_crisis"] > 0.0
        if clear and row["ahead"] >= LEAD:
            verdict = "here they earn their place"
        elif clear:
            verdict = f"a lead, but less than the {LEAD} that was said beforehand to count"
        else:
            verdict = "they agree with the record but are not needed to predict it"
        found.append(f"{scheme.capitalize()}, what expected consequences add to inclinations alone: {row['ahead']:+.3f} nat per "
                     f"crisis ({ends(row, digits=3)} resampling states): {verdict}.")  # fmt: skip
    return found


def _sentence(row: Any) -> str:
    verdict = row["ahead_verdict"]
    clear = "" if verdict == "not distinguishable" else ", and both intervals leave zero out"
    return (f"{verdict}{clear}; {row['ahead']:+.2f} nat per crisis, {ends(row, '_by_crisis')} resampling crises, "
            f"{ends(row)} resampling states.")  # fmt: skip


def the(of: Backtest) -> str:
    """What the reference is."""
    return f"the best baseline ({of.reference})" if of.question.baselines_only else "the model"


def ends(row: Any, by: str = "", digits: int = 2) -> str:
    """The interval of how far the reference is ahead."""
    return f"{row[f'ahead_low{by}']:+.{digits}f} to {row[f'ahead_high{by}']:+.{digits}f}"
