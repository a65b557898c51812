"""How orientation is measured: strands (trade, votes, memberships), each a share over the poles, blended as the scenario's
starting values are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

LEAST = 0.005  # least share of a pole in a measured orientation, so that its logarithm exists
WEIGHTS = {"trade": 0.50, "votes": 0.25, "memberships": 0.25}
"""As in the starting values: tools/figures_formulas.py, where the last strand is called institutions."""

VOTE_TEMPERATURE = 0.10  # an agreement 0.1 higher multiplies a pole's share by e, as in the starting values


def vote_shares(agreement: Float[np.ndarray, " P"], size: Float[np.ndarray, " P"]) -> Float[np.ndarray, " P"]:
    """A logit over poles: size (the pole's part of the region's trade) times exp(agreement / temperature)."""
    weight = size * np.exp((agreement - agreement.max()) / VOTE_TEMPERATURE)
    return weight / weight.sum()


def vote_spread(agreed: Float[np.ndarray, "V P"], shares: Float[np.ndarray, " P"]) -> Float[np.ndarray, "P P"]:
    """Covariance of the vote shares from having seen only these V roll calls.

    agreed[v, p] is the part of pole p's members with which the state voted alike on roll call v. Roll calls are taken as
    drawn one by one, which they are not quite: some come in packets.
    """
    mean = np.atleast_2d(np.cov(agreed, rowvar=False)) / len(agreed)
    slope = (np.diag(shares) - np.outer(shares, shares)) / VOTE_TEMPERATURE
    return slope @ mean @ slope


def blend(strands: Mapping[str, Float[np.ndarray, " P"]]) -> Float[np.ndarray, " P"]:
    """Weighted mean of the strands' shares (`WEIGHTS`), no pole below `LEAST`."""
    total = sum(WEIGHTS[name] for name in strands)
    mixed = sum((WEIGHTS[name] / total * share for name, share in strands.items()), np.zeros(1))
    raised = np.maximum(mixed, LEAST)
    return raised / raised.sum()


def blend_error(
    strands: Mapping[str, Float[np.ndarray, " P"]],
    sampling: Mapping[str, Float[np.ndarray, "P P"]],
) -> float:
    """Standard deviation of the log ratios rival / patron of a blend, averaged over rivals by their share.

    Two parts, added: that K strands disagree, K / (K - 1) x sum of squared weighted deviations, as for the mean of a sample of
    strands; and `sampling`, the covariance of a strand's own shares (few votes, years filled in), by its squared weight.
    """
    mixed = blend(strands)
    poles, total = len(mixed), sum(WEIGHTS[name] for name in strands)
    spread = np.zeros((poles, poles))
    for name, share in strands.items():
        weight = WEIGHTS[name] / total
        apart = weight * (share - mixed)
        spread += np.outer(apart, apart) * len(strands) / max(len(strands) - 1, 1)
        if name in sampling:
            spread += weight**2 * sampling[name]
    ratios = np.hstack([-np.ones((poles - 1, 1)) / mixed[0], np.diag(1 / mixed[1:])])
    variance = np.diag(ratios @ spread @ ratios.T)
    return float(np.sqrt(np.average(variance, weights=mixed[1:])))
