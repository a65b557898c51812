"""What the effects of some draws say about the effect under the whole posterior, with Monte-Carlo noise taken off.

Each draw's effect is estimated from a finite number of histories: what scatters over draws is posterior and noise. The
effects are taken to be normal around a mean, the estimates normal around the effects with known errors (Gelman et al. 2013,
Bayesian Data Analysis, 5.4): the spread of effects is integrated over on a grid, the mean in closed form. Where noise is
small against the spread, each draw's effect is its estimate, whatever the posterior's shape; where it is not, estimates are
drawn together. The average of the draws' distributions is the posterior of the effect (Shen and Louis 1998, JRSS B 60:455).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from hegemon.studies.claims.effects import Effects, Numbers

GRID = 96
"""Spreads that are tried."""


@dataclass(frozen=True)
class Mixture:
    """The effect of each draw as a mixture of normals, one per spread tried.

    weight  of each spread tried, [T]
    mean    [T, S]
    sd      [T, S]
    noise   share of the estimates' variance over draws that is Monte-Carlo noise
    """

    weight: Numbers
    mean: Numbers
    sd: Numbers
    noise: float

    def below(self, x: float) -> Numbers:
        """Probability that each draw's effect lies below x, [S]. What is exactly x counts half."""
        apart = x - self.mean
        sure = np.where(apart > 0.0, 1.0, np.where(apart < 0.0, 0.0, 0.5))
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = np.where(self.sd > 0.0, ndtr(apart / self.sd), sure)
        return np.asarray(self.weight @ chance)

    def holds(self, sign: str, threshold: float, low: float | None, high: float | None) -> Numbers:
        """Probability that what is claimed holds, draw by draw."""
        if sign == "within":
            return self.below(high if high is not None else np.inf) - self.below(low if low is not None else -np.inf)
        return self.below(threshold) if sign == "negative" else 1.0 - self.below(threshold)

    def quantile(self, share: float) -> float:
        """A quantile of the effect over the posterior."""
        low = float((self.mean - 8.0 * self.sd).min())
        high = float((self.mean + 8.0 * self.sd).max())
        for _ in range(60):
            middle = 0.5 * (low + high)
            if float(self.below(middle).mean()) < share:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)

    @property
    def centre(self) -> float:
        """Mean of the effect over the posterior."""
        return float(self.weight @ self.mean.mean(1))


def mixture(found: Effects) -> Mixture | None:
    """The posterior of the effect; None where fewer than half of the draws have a value."""
    known = found.defined
    if known.sum() < max(2, known.size // 2):
        return None
    y, v = found.value[known], found.error[known] ** 2
    total = float(y.var(ddof=1))
    if total == 0.0 and not v.any():
        return Mixture(np.ones(1), y[None], np.zeros((1, y.size)), 0.0)
    floor = 1e-12 * max(total, float(v.mean()))
    v = np.maximum(v, floor)
    spreads = np.linspace(0.0, 3.0 * np.sqrt(max(total, float(v.mean()) / 4.0)), GRID)
    var = spreads[:, None] ** 2 + v
    precise = 1.0 / var
    mu_var = 1.0 / precise.sum(1)
    mu = mu_var * (precise * y).sum(1)
    logs = 0.5 * np.log(mu_var) - 0.5 * np.log(var).sum(1) - 0.5 * ((y - mu[:, None]) ** 2 * precise).sum(1)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    kept = spreads[:, None] ** 2 * precise
    mean = kept * y + (1.0 - kept) * mu[:, None]
    sd = np.sqrt(kept * v + (1.0 - kept) ** 2 * mu_var[:, None])
    return Mixture(weight, mean, sd, min(1.0, float(v.mean()) / max(total, floor)))
