"""A sweep's twins: the same outcomes where no effect of an instrument has a sign beforehand, and where no consequence counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from hegemon.inference.twins import EFFECTS, PRECISION, inclinations, matching, neutral, twin
from hegemon.inference.vector import FREE, Bounds
from hegemon.studies.records import data_of
from hegemon.studies.study import MIDDLE
from hegemon.studies.sweep.analysis import Outcomes, Plan
from hegemon.studies.sweep.placing import Parameters, placed
from hegemon.studies.sweep.question import SweepQuestion

SETS = 256
"""Sets of each, drawn from its priors; no more than the design's base sets."""

MODEL, NEUTRAL, INCLINED = "model", "no signs", "no consequences"


def sets(question: SweepQuestion, plan: Plan) -> dict[str, Parameters]:
    """Sets of parameters of the model and its twins, by name: drawn from the priors of what is varied, or, in a sweep of the
    posterior, learned from the same record. A twin that is the model is left out."""
    order, names = question.order(), plan.names
    unit = np.random.default_rng([plan.seed, 4]).random((min(SETS, plan.sets), len(names))) if plan.given is None else plan.given
    record = data_of(order) if plan.given is not None else None

    def drawn(priors: Bounds) -> Parameters:
        found = placed(order, names, unit, priors)
        if record is not None:
            at = [FREE.index(name) for name in names if name in FREE]
            found[:, at] = twin(priors, record, len(unit), plan.seed)[:, at]
        return found

    found = {MODEL: placed(order, names, unit)}
    if set(names) & set(matching(EFFECTS)):
        found[NEUTRAL] = drawn(neutral(EFFECTS))
    if "response" not in order.off:
        found[INCLINED] = drawn(inclinations())
        found[INCLINED][:, FREE.index(PRECISION)] = 0.0
    return found if len(found) > 1 else {}


def table(
    of: Mapping[str, Parameters], simulate: Callable[[Sequence[Parameters]], Iterator[Outcomes]], asked: Sequence[str]
) -> pd.DataFrame | None:
    """By outcome and twin: the mean over sets of its means over histories, and their middle 90 %; None without twins."""
    if not of:
        return None
    rows = {}
    for name, outcomes in zip(of, simulate(list(of.values())), strict=True):
        means = outcomes.astype(float).mean(1)
        for m, outcome in enumerate(asked):
            low, high = np.quantile(means[:, m], MIDDLE)
            rows[outcome, name] = {"mean": float(means[:, m].mean()), "low": float(low), "high": float(high)}
    index = [(outcome, name) for outcome in asked for name in of]
    return pd.DataFrame([rows[key] for key in index], index=pd.MultiIndex.from_tuples(index, names=["outcome", "of"]))
