"""A back-test drawn: how far ahead the reference is, and whether probabilities mean what they say."""

from __future__ import annotations

import pandas as pd

from hegemon.pages.figure import Figure
from hegemon.studies.backtest.result import Backtest
from hegemon.studies.backtest.sentences import HEADS, the


def figures(of: Backtest) -> list[Figure]:
    """Both; where there is nobody to compare with, the second alone."""
    return [comparison(of), reliability(of)] if of.scores["forecaster"].nunique() > 1 else [reliability(of)]


def comparison(of: Backtest) -> Figure:
    """How far ahead of each forecaster the reference is, with intervals."""
    data = of.scores[~of.scores["reference"]].sort_values("log", ascending=False, kind="stable")
    data = data[["scheme", "forecaster", "ahead", "ahead_low", "ahead_high", "log"]]
    data = data.assign(said=[f"{log:.2f}" for log in data["log"]])
    names = data.loc[data["scheme"] == "rolling", "forecaster"]
    own = {scheme: of.scored(scheme, of.reference) for scheme in HEADS}
    best = of.best_other("rolling")
    row = of.scored("rolling", best)
    return Figure(
        name="backtest-scores", title=f"How far {the(of)} is ahead in predicting the patron's answer",
        reading="Dot: mean log score of the reference minus the forecaster's; right of zero the reference is better. Line: "
        "95 % interval, resampling states. Number at the right: the forecaster's own mean log score.",
        form="Dots with intervals by forecaster, one panel per scheme",
        finding=f"Against {best}, rolling: {row['ahead']:+.2f} ({row['ahead_low']:+.2f} to {row['ahead_high']:+.2f}).",
        kind="dots", data=data,
        settings={
            "row": "forecaster", "rows": {name: name for name in names}, "value": "ahead", "low": "ahead_low",
            "high": "ahead_high", "text": "said", "panel": "scheme",
            "panels": {scheme: [head, f"{own[scheme]['events']} crises; {of.reference}: {own[scheme]['log']:.2f}"]
                       for scheme, head in HEADS.items()},
            "across": {"title": "log score ahead, nat per crisis"}, "rules": [{"at": 0.0, "dash": True}],
        },
    )  # fmt: skip


def reliability(of: Backtest) -> Figure:
    """What was said against what happened, for the reference and the best of the others."""
    parts = [of.bins(scheme, name).assign(role=role) for scheme in HEADS
             for role, name in (("reference", of.reference), ("other", of.best_other(scheme)))]  # fmt: skip
    data = pd.concat(parts, ignore_index=True).drop_duplicates(["scheme", "forecaster", "low"])
    off = of.scored("rolling", of.reference)["calibration_error"]
    others = {of.best_other(scheme) for scheme in HEADS}
    return Figure(
        name="backtest-calibration", title="Do the probabilities mean what they say?",
        reading="All nine probabilities of every crisis, in bins. On the dashed line, what was said with 30 % happened in "
        "30 % of cases. Larger dots hold more forecasts; bars are 95 % intervals of the share.",
        form="Calibration curves, one panel per scheme",
        finding=f"Rolling, {of.reference} is {off:.1%} off on average.",
        kind="reliability", data=data,
        settings={
            "said": "said", "happened": "happened", "low": "least", "high": "most", "count": "count", "series": "role",
            "looks": {"reference": {"label": of.reference, "colour": "model"},
                      "other": {"label": " or ".join(sorted(others)), "colour": "orange"}},
            "panel": "scheme", "panels": HEADS, "across": "probability said", "up": "share that happened",
        },
    )  # fmt: skip
