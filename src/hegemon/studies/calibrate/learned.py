"""What a kept posterior has learned: prior and posterior of each parameter, and how far the record has narrowed it."""

from __future__ import annotations

import jax
import numpy as np
import pandas as pd

from hegemon.inference.vector import FREE, OF_TIES, aligned, prior_moments, values
from hegemon.mechanisms import PRIORS
from hegemon.posterior import Posterior
from hegemon.studies.study import MIDDLE

NORMAL = 1.644854
"""Standard-normal value of the upper end of the middle 90 %."""


def learned(kept: Posterior) -> pd.DataFrame:
    """What a posterior moved, by parameter, from its kept draws: mean, sd and middle 90 % before and after; contraction,
    1 - the ratio of variances; `moved`, the change of the mean in spreads of the prior. Most contracted first.

    With S draws the contraction of a parameter nothing was learned about scatters around 0 by `scatter(S)`.
    """
    aligned(kept)
    mean, sd = prior_moments()
    x = kept.values[:, [kept.names.index(name) for name in FREE]].astype(float)
    edge = jax.jit(jax.vmap(values))(np.full((2, len(FREE)), NORMAL, np.float32) * np.array([[-1], [1]], np.float32))
    found = {"unit": [(PRIORS.get(name) or OF_TIES[name]).unit for name in FREE], "prior_mean": mean, "prior_sd": sd,
             "prior_low": np.asarray(edge[0], float), "prior_high": np.asarray(edge[1], float), "mean": x.mean(0),
             "sd": x.std(0, ddof=1), **dict(zip(("low", "high"), np.quantile(x, MIDDLE, axis=0), strict=True))}  # fmt: skip
    table = pd.DataFrame(found, index=pd.Index(FREE, name="parameter"))
    table["contraction"] = 1.0 - (table["sd"] / table["prior_sd"]) ** 2
    table["moved"] = (table["mean"] - table["prior_mean"]) / table["prior_sd"]
    return table.sort_values("contraction", ascending=False)


def scatter(draws: int) -> float:
    """Spread of the contraction that so many draws show where nothing was learned."""
    return float(np.sqrt(2.0 / max(draws - 1, 1)))
