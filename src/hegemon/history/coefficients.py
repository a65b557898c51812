"""How far two or more codings agree beyond chance: Cohen's kappa, Krippendorff's alpha, and how sure one can be of it.

    kappa    1 - disagreement / disagreement expected if each coder drew from his own codes        (two coders)
    alpha    1 - disagreement / disagreement expected if codes were drawn from all that were given  (any number, gaps allowed)

Both are 1 for perfect agreement and 0 for chance. For graded codes disagreement grows with distance: kappa by its square,
alpha by how many codes lie between (ordinal). Intervals draw whole groups of crises (states) with replacement, since crises of
one state are not independent.

Cohen (1960), EPM 20:37; (1968), Psychological Bulletin 70:213. Krippendorff (2004), Content Analysis, 2nd ed., ch. 11. What alpha
is enough is convention: .80, and .667 where one can live with tentative conclusions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

DRAWS = 1_000
"""Resamples behind an interval."""


def kappa(first: Sequence[object], second: Sequence[object], graded: bool = False) -> float:
    """Cohen's kappa of two codings of the same things; NaN where both know one code only."""
    from sklearn.metrics import cohen_kappa_score

    if len(set(first) | set(second)) < 2:
        return float("nan")
    return float(cohen_kappa_score(first, second, weights="quadratic" if graded else None))


def coincidences(codes: Sequence[Sequence[object]], known: Sequence[object]) -> Float[np.ndarray, "U C C"]:
    """For every unit, how often its coders' codes meet in pairs, each pair weighted by 1 / (coders - 1). A code that is not
    `known` (None, empty) is a gap."""
    place = {code: i for i, code in enumerate(known)}
    found = np.zeros((len(codes), len(known), len(known)))
    for unit, given in zip(found, codes, strict=True):
        count = np.bincount([place[code] for code in given if code in place], minlength=len(known)).astype(float)
        if (m := count.sum()) > 1:
            unit += (np.outer(count, count) - np.diag(count)) / (m - 1)
    return found


def alpha_of(coincidence: Float[np.ndarray, "*D C C"], graded: bool = False) -> Float[np.ndarray, "*D"]:
    """Krippendorff's alpha from summed coincidences, of each table of several; NaN where only one code was ever given."""
    total = coincidence.sum(-2)
    n = total.sum(-1)
    if graded:  # ordinal: the codes between, the two ends by half
        upto = np.cumsum(total, -1) - total / 2
        apart = (upto[..., :, None] - upto[..., None, :]) ** 2
    else:
        apart = np.broadcast_to(1.0 - np.eye(total.shape[-1]), coincidence.shape)
    met = total[..., :, None] * total[..., None, :] / np.maximum(n - 1, 1)[..., None, None]
    expected = (apart * met).sum((-1, -2))  # a code is at no distance from itself
    observed = (apart * coincidence).sum((-1, -2))
    return np.where(expected > 0, 1 - observed / np.where(expected > 0, expected, 1), np.nan)


def alpha(codes: Sequence[Sequence[object]], known: Sequence[object], graded: bool = False) -> float:
    """Krippendorff's alpha of units coded by two or more; `known` are the codes, in their order where they are graded."""
    return float(alpha_of(coincidences(codes, known).sum(0), graded))


def alpha_interval(
    codes: Sequence[Sequence[object]], known: Sequence[object], groups: Sequence[object], graded: bool = False, seed: int = 0
) -> tuple[float, float]:  # fmt: skip
    """Where alpha lies in 95 of 100 resamples of whole groups. NaN where hardly a resample has two codes."""
    per_unit = coincidences(codes, known)
    _, of = np.unique(np.asarray([str(group) for group in groups]), return_inverse=True)
    many = int(of.max()) + 1 if len(of) else 0
    per_group = np.zeros((many, len(known), len(known)))
    np.add.at(per_group, of, per_unit)
    dice = np.random.default_rng(seed)
    weights = dice.multinomial(many, np.full(many, 1 / many), size=DRAWS) if many else np.zeros((0, 0))
    drawn = alpha_of(np.einsum("dg,gab->dab", weights, per_group, optimize=True), graded)
    sound = drawn[np.isfinite(drawn)]
    if len(sound) < DRAWS / 2:
        return float("nan"), float("nan")
    low, high = np.quantile(sound, (0.025, 0.975))
    return float(low), float(high)
