"""What would change a verdict: which parameter, how many more crises like those of the record, and which run of answers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.history import recorded
from hegemon.inference.twins import EFFECTS, matching
from hegemon.inference.vector import FREE, prior_moments
from hegemon.ledgers.tables import Claim
from hegemon.scenarios.schema import Scenario
from hegemon.studies.claims.draws import Draws
from hegemon.studies.claims.effects import Effects
from hegemon.studies.claims.verdicts import Assessment, Change, holding
from hegemon.studies.study import Z

Numbers = npt.NDArray[np.floating[Any]]

HANGS = 3.3
"""Standard errors of no rank correlation from which on a claim is said to hang on a parameter: one in a thousand that says
nothing goes so far."""

NARROWED = 0.05
"""Share of an effect's spread that a record must have taken away, or nothing is said of how many crises would decide."""


def change_of(
    claim: Claim, answers: Mapping[str, Assessment], over: Draws, twin: tuple[Draws, Sequence[Effects]], crises: int
) -> Change:
    """What would change a claim's verdict, from its assessments by what they are over, the draws that were judged over, and
    those in which signs are open, with what was measured over them."""
    draws, measured = twin
    held = [holding(e, values)[1] for e, values in zip(claim.estimand, measured, strict=True)]
    weakest = int(np.argmin([np.nan_to_num(np.nanmean(each), nan=1.0) if np.isfinite(each).any() else 1.0 for each in held]))
    blocks = tuple(f"{name}.*" for name in claim.mechanisms or ())
    names = matching((*(claim.assumes or EFFECTS), *blocks))
    values = draws.values[:, [FREE.index(name) for name in names]]
    found = hanging(names, values, measured[weakest].value, np.prod(held, axis=0))
    own = matching(claim.assumes or EFFECTS)
    at = [FREE.index(name) for name in own]
    lost = {} if over.source == "prior" else contracted(own, over.values[:, at].astype(float), prior_moments()[1][at])
    return Change(*found, _deciding(claim, answers, crises), lost)


def _deciding(claim: Claim, answers: Mapping[str, Assessment], crises: int) -> float:
    """Of an open claim, by its weakest estimand."""
    now, before = answers["posterior"], answers.get("prior")
    if now.verdict != "open" or before is None or before is now:
        return math.nan
    n = int(np.argmin([each.probability for each in now.estimates]))
    e, (wide, narrow) = claim.estimand[n], ((x.estimates[n].high - x.estimates[n].low) / (2.0 * Z) for x in (before, now))
    return math.nan if e.sign == "within" else deciding(now.estimates[n].effect - e.threshold, wide, narrow, crises)


def crises_of(scenario: Scenario) -> int:
    """Coded crises of a scenario's record."""
    found = recorded(scenario)
    return 0 if found is None else len(found)


def hanging(names: Sequence[str], draws: Numbers, effect: Numbers, holds: Numbers) -> tuple[str, float, float]:
    """The parameter that goes most with an effect, and the claim's probability in its lowest and highest third of draws.

    draws  values of the parameters, [S, P];  effect, holds  by draw, [S], NaN where there is none
    """
    from scipy.stats import spearmanr

    known = np.isfinite(effect) & np.isfinite(holds)
    if known.sum() < 20 or not names:
        return "", math.nan, math.nan
    x, y = draws[known], effect[known]
    size = [abs(float(spearmanr(column, y).statistic)) if column.std() > 0.0 and y.std() > 0.0 else 0.0 for column in x.T]
    best = int(np.argmax(size))
    if not size[best] >= HANGS / math.sqrt(len(y) - 1):
        return "", math.nan, math.nan
    low, high = np.quantile(x[:, best], (1 / 3, 2 / 3))
    kept = holds[known]
    return names[best], float(kept[x[:, best] <= low].mean()), float(kept[x[:, best] >= high].mean())


def deciding(margin: float, before: float, now: float, crises: int) -> float:
    """How many more crises would put the effect's middle 90 % on one side of what is claimed.

    margin       the effect less what is claimed of it
    before, now  its spread over the priors and given the record of so many `crises`; each crisis is taken to say as much
    """
    if not (crises and before > 0.0 and now > 0.0 and margin != 0.0 and now < (1.0 - NARROWED) * before):
        return math.nan
    each = (now**-2 - before**-2) / crises
    return max(0.0, math.ceil(((Z / margin) ** 2 - now**-2) / each))


def contracted(names: Sequence[str], draws: Numbers, prior: Numbers) -> dict[str, float]:
    """By parameter: share of its prior's spread [P] that its draws [S, P] lack; 0 where they have more."""
    lost = 1.0 - draws.std(0) / prior
    return {name: round(max(0.0, float(x)), 3) for name, x in zip(names, lost, strict=True)}
