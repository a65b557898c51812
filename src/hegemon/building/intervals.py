"""How far a figure is to be trusted: its range over readings of the evidence, widened by how far the formulas and figures made by
hand disagree on orders that have both.

The range over readings alone (other weights, years, bounds, judgements) covers too few figures made by hand: it understates
what nobody knows. `WIDENED` is the root mean square of the disagreement, by figure, over the three orders whose figures were
made by hand, with lines and members of the pact answered and nothing else; `python tools/formulas.py` measures it, and how many
of an order's figures the interval covers that is widened by the other two orders alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from hegemon.building.answers import Answers, Estimate
from hegemon.building.facts import Facts, Reading
from hegemon.building.figures import SHARED, SINGLE

READINGS = 64
SEED = 1
Z = 1.64
"""Half of the middle 90 % of a normal distribution, in standard deviations."""

WIDENED: Mapping[str, float] = MappingProxyType({
    "orientation": 0.054, "elite": 0.044, "openness": 0.059, "hold": 0.052, "grievance": 0.070, "dependence": 0.131,
    "frozen": 0.038, "deployment": 0.466, "shelter": 0.045, "integration": 0.144, "fear": 0.099, "legitimacy": 0.113,
    "stake": 0.112, "cleavage": 0.064, "accession": 0.134,
})  # fmt: skip
"""Standard deviation of the disagreement, by figure."""

MOST = {"deployment": 2.0}
"""The largest a figure can be, where that is not 1."""

Figures = dict[str, Estimate | dict[str, Estimate]]


def figures(f: Facts, iso: str, widened: Mapping[str, float] = WIDENED) -> Figures:
    """Every figure of a state: low, value and high; of shares, by pole. What was said outright stands as it was said."""
    dice = np.random.default_rng(SEED)
    readings = [Reading.drawn(dice) for _ in range(READINGS)]
    found: Figures = {}
    for name, shares in SHARED.items():
        central, many = shares(f, iso, Reading()), [shares(f, iso, r) for r in readings]
        found[name] = {pole: _estimate(central[pole], [m[pole] for m in many], widened[name]) for pole in central}
    for name, single in SINGLE.items():
        outright = f.answers.said(iso, name)
        if outright:
            found[name] = outright
            continue
        wide = 0.0 if name in _answered(f.answers, iso) else widened[name]
        values = [single(f, iso, r) for r in readings]
        found[name] = _estimate(single(f, iso, Reading()), values, wide, MOST.get(name, 1.0))
    return found


def _answered(answers: Answers, iso: str) -> set[str]:
    """Figures that are nothing but an answer: its own interval is all there is to it."""
    given = {"frozen": answers.frozen, "deployment": answers.troops}
    return {name for name, table in given.items() if iso in table}


def _estimate(value: float, many: list[float], sd: float, most: float = 1.0) -> Estimate:
    low, high = np.quantile(many, [0.05, 0.95])
    down, up = np.hypot(max(value - low, 0.0), Z * sd), np.hypot(max(high - value, 0.0), Z * sd)
    found = np.clip([value - down, value, value + up], 0.0, most)
    return float(found[0]), float(found[1]), float(found[2])
