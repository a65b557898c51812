"""Parameters of a patron of whom no record is known: those of the post-Soviet one, its habits moved to those of patrons at large.

The model's inclinations and the pooled model's are the same in kind: log-odds against abstaining, by kind of crisis, severity,
line and request. What a record of one patron has taught is moved by the difference that all the records make.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from hegemon.instruments import INCLINATIONS, KINDS, NAMES
from hegemon.pooled.approximate import Numbers, approximate
from hegemon.pooled.model import DRAWN, HABIT, SPREADS
from hegemon.posterior import Posterior

FEATURES = (*KINDS, "gravity", "alignment", "requested")
"""What inclinations hang on besides habit, in the order of `Crises.inclining`."""

OWN = "post-soviet"


def habits(rows: pd.DataFrame, drawn: bool) -> dict[str, Numbers]:
    """Inclinations by crises alone, without consequences, by name (`instrument.inclination`), draws [S]. `drawn`: those of crises
    drawn from registers, in which a patron who does nothing is not left out."""
    found = approximate(rows, use=False)
    habit = HABIT * found["habit"] + (DRAWN * found["drawn"] if drawn else 0.0)
    each = found["scale"][:, None, None] * found["inclined"] * SPREADS
    out: dict[str, Numbers] = {}
    for i, name in enumerate(NAMES[1:]):
        out[f"{name}.habit"] = habit[:, i]
        out |= {f"{name}.{feature}": each[:, i, f] for f, feature in enumerate(FEATURES)}
    assert {key.partition(".")[2] for key in out} == set(INCLINATIONS)
    return out


def at_large(kept: Posterior, rows: pd.DataFrame, own: str = OWN) -> Posterior:
    """A posterior of one patron's record, its inclinations moved to those of the crises of many.

    rows  complete crises of the orders to learn from (`kept.coded`)
    own   the order that the posterior was learned from, which must be among them
    """
    one, many = habits(rows[rows["order"] == own], drawn=False), habits(rows, drawn=True)
    values = kept.values.astype(float)
    pick = np.random.default_rng(0).permutation(len(next(iter(many.values()))))[: len(values)]
    for name, draws in many.items():
        if name in kept.names:
            values[:, kept.names.index(name)] += draws[pick] - one[name].mean()
    how = f"{kept.made.get('method', '')}; inclinations of patrons at large"
    made = {**kept.made, "crises": len(rows), "method": how, "orders": sorted(set(rows["order"]))}
    return dataclasses.replace(kept, values=values.astype(np.float32), point=values.mean(0).astype(np.float32), made=made)
