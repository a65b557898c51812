"""What an outcome depends on: Sobol indices, elementary effects and rank regression, with luck told apart.

An outcome of a set of parameters is a mean over histories, and a mean over few histories is a noisy reading of what the set
implies. Run r of every set throws the same dice, so that much of the noise is the same everywhere and cancels; what is left
(how luck and parameters work together) is estimated from the histories themselves and taken out of every index. Indices are
thus those of the expected outcome. Intervals cover 90 %: sets are drawn anew (bootstrap) and runs left out (jackknife).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.studies.sweep.designs import LEVELS, Design

Values = npt.NDArray[np.float64]

RESAMPLES = 400
GROUPS = 16
"""Most groups of runs that are left out in turn."""

KNOWN = 0.1
"""Share of the means' variance that must, with 95 % confidence, be parameters' for indices to be given."""

LEVEL = 1.6448536
"""Half the width of a 90 % interval, in standard deviations."""


@dataclass(frozen=True)
class Luck:
    """Where an outcome's variance comes from.

    mean       over sets and histories
    spread     standard deviation, over sets, of what they imply
    history    share of the variance of single histories that is luck
    remaining  share of the variance of the sets' means that is luck, before it is taken out
    """

    mean: float
    spread: float
    history: float
    remaining: float


def luck(y: Values) -> Luck:
    """Luck and parameters told apart, from y [S, R]: sets by histories, run r of every set with the same dice."""
    means = y.mean(1)
    between, within = float(means.var(ddof=1)), _unshared(y)
    left = within / y.shape[1]
    implied = max(between - left, 0.0)
    shared = max(float(y.mean(0).var(ddof=1)) - within / len(y), 0.0) if y.shape[1] > 1 else 0.0
    whole = implied + shared + within
    history = (shared + within) / whole if whole > 0 else float("nan")
    remaining = min(left / between, 1.0) if between > 0 else float("nan")
    return Luck(float(means.mean()), float(np.sqrt(implied)), history, remaining)


def _unshared(y: Values) -> float:
    """Variance of single histories that is neither their set's nor their dice's: the two-way layout's residual."""
    sets, runs = y.shape
    if runs == 1:
        return 0.0
    rest = y - y.mean(1, keepdims=True) - y.mean(0, keepdims=True) + y.mean()
    return float((rest**2).sum() / ((sets - 1) * (runs - 1)))


@dataclass(frozen=True)
class _Rows:
    """What each base set contributes to the indices: [N] or [N, F]."""

    first: Values
    total: Values
    one: Values  # means of A and of B
    other: Values
    noise: float  # variance of a mean that is luck


def _rows(a: Values, b: Values, ab: Values) -> _Rows:
    """Contributions from outcomes a, b [N, R] and ab [N, F, R] (Saltelli et al. 2010), luck taken out of each product.

    Both of a product's parts are read with the same dice: its expectation is too large by the covariance of their noise.
    """
    runs = a.shape[1]
    centre = (a.sum() + b.sum() + ab.sum()) / (a.size + b.size + ab.size)
    step = ab - a[:, None]
    first = (b.mean(1) - centre)[:, None] * step.mean(2)
    total = 0.5 * step.mean(2) ** 2
    if runs > 1:
        rest = step - step.mean(2, keepdims=True)
        first = first - ((b - b.mean(1, keepdims=True))[:, None] * rest).sum(2) / (runs * (runs - 1))
        total = total - 0.5 * (rest**2).sum(2) / (runs * (runs - 1))
    return _Rows(first, total, a.mean(1), b.mean(1), _unshared(np.concatenate([a, b])) / runs)


def _variance(rows: _Rows, weights: Values) -> Values:
    """Variance of what the sets imply, under weights of the base sets [B, N]; [B]."""
    size = weights.sum(1)
    mean = weights @ (rows.one + rows.other) / (2 * size)
    found: Values = weights @ (rows.one**2 + rows.other**2) / (2 * size) - mean**2 - rows.noise
    return found


def _ratios(rows: _Rows, weights: Values) -> tuple[Values, Values]:
    """First- and total-order indices under weights of the base sets, [B, N]: [B, F] each; nan without variance."""
    size, variance = weights.sum(1, keepdims=True), _variance(rows, weights)[:, None]
    variance = np.where(variance > 0, variance, np.nan)
    return weights @ rows.first / size / variance, weights @ rows.total / size / variance


def sobol(design: Design, y: Values, seed: int = 0) -> pd.DataFrame:
    """First- and total-order indices of each factor with 90 % intervals, from y [S, R] of a Sobol design.

    Columns first, first_low, first_high, total, total_low, total_high: of the expected outcome; first_raw and total_raw:
    with luck left in, as they come from the means alone. All nan where the outcome does not vary, or where so much of its
    variance is luck that the rest cannot be told from none (`KNOWN`).
    """
    names, runs = design.space.factors, y.shape[1]
    step = len(names) + 2
    a, b = y[0::step], y[step - 1 :: step]
    ab = np.stack([y[1 + j :: step] for j in range(len(names))], 1)
    n = len(a)
    rng = np.random.default_rng([seed & 0xFFFFFFFF, seed >> 32, 7])
    resampled = rng.multinomial(n, np.full(n, 1.0 / n), RESAMPLES).astype(float)
    whole = np.ones((1, n))
    rows, raw = _rows(a, b, ab), _rows(a.mean(1)[:, None], b.mean(1)[:, None], ab.mean(2)[:, :, None])
    least = max(KNOWN * float(_variance(raw, whole)[0]), 1e-12 * max(1.0, float(np.abs(y).max()) ** 2))
    if float(np.quantile(_variance(rows, resampled), 0.05)) <= least:
        columns = [f"{k}{part}" for k in ("first", "total") for part in ("", "_low", "_high", "_raw")]
        return pd.DataFrame(np.nan, columns=columns, index=pd.Index(names, name="factor"))
    groups = min(GROUPS, runs)
    kept = [np.arange(runs) % groups != group for group in range(groups if runs > 2 else 0)]
    left_out = [_ratios(_rows(a[:, yes], b[:, yes], ab[:, :, yes]), whole) for yes in kept]
    found: dict[str, Values] = {}
    for k, name in enumerate(("first", "total")):
        value, drawn = _ratios(rows, whole)[k][0], _ratios(rows, resampled)[k]
        spread = np.nanvar(drawn, 0, ddof=1)
        if left_out:
            spread = spread + (groups - 1) * np.nanvar([one[k][0] for one in left_out], 0)
        half = LEVEL * np.sqrt(spread)
        found |= {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
        found[f"{name}_raw"] = _ratios(raw, whole)[k][0]
    return pd.DataFrame(found, index=pd.Index(names, name="factor"))


def morris(design: Design, y: Values, seed: int = 0) -> pd.DataFrame:
    """Elementary effects of each factor, from y [S, R] of a Morris design: what a parameter's way from the 5th to the 95th
    percentile of its prior changes.

    Columns effect (mean size), effect_low, effect_high, sign (mean effect; nan for a group), spread (among starting points),
    chance (the mean size that luck alone would give).
    """
    from SALib.analyze import morris as salib

    names, runs = design.space.factors, y.shape[1]
    problem = design.space.problem(0.0, 1.0)
    rng = np.random.default_rng([seed & 0xFFFFFFFF, seed >> 32, 8])
    found = salib.analyze(problem, design.unit, y.mean(1), num_levels=LEVELS, num_resamples=RESAMPLES, conf_level=0.9,
                          seed=rng)  # fmt: skip
    step = np.diff(y.reshape(-1, len(names) + 1, runs), axis=1) * 1.5  # a step is two thirds of the way
    noise = step.std(2, ddof=1) / np.sqrt(runs) if runs > 1 else np.zeros(step.shape[:2])
    place = _order_of_steps(design)
    chance = np.zeros(len(names))
    np.add.at(chance, place.ravel(), (np.sqrt(2 / np.pi) * noise).ravel() / design.sets)
    size, half = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
    columns = {"effect": size, "effect_low": size - half, "effect_high": size + half,
               "sign": np.ma.filled(np.ma.asarray(found["mu"], float), np.nan),
               "spread": np.ma.filled(np.ma.asarray(found["sigma"], float), np.nan), "chance": chance}  # fmt: skip
    return pd.DataFrame(columns, index=pd.Index(names, name="factor"))


def _order_of_steps(design: Design) -> npt.NDArray[np.int64]:
    """Which factor each step of each trajectory moves, [T, F]."""
    names = design.space.factors
    of = np.array([names.index(factor) for factor in design.space.factor])
    moved = np.abs(np.diff(design.unit.reshape(-1, len(names) + 1, len(of)), axis=1)) > 1e-9
    return np.asarray(of[moved.argmax(2)])


def importance(names: tuple[str, ...], unit: Values, y: Values) -> pd.DataFrame:
    """How the ranks of an outcome go with those of each parameter, other parameters held fixed where sets suffice.

    `unit` is [S, D], y the means [S]. Standardised coefficients of a rank regression if there are more than twice as many
    sets as parameters, else rank correlations. Columns coefficient, low, high (90 %, by robust standard errors) and share,
    its square. Attributes:

    method     "regression" or "correlation"
    chance     what the largest coefficient exceeds in one study of ten in which nothing matters
    explained  the regression's R², adjusted
    """
    from scipy.stats import norm, rankdata

    sets, d = unit.shape

    def standard(ranks: Values) -> Values:
        spread = ranks.std(0)
        centred: Values = (ranks - ranks.mean(0)) / np.where(spread > 0, spread, 1.0)
        return centred

    x, z = standard(rankdata(unit, axis=0)), standard(rankdata(y)[:, None])[:, 0]
    regression = sets > 2 * d + 1
    if regression:
        inverse, free = np.linalg.inv(x.T @ x), sets - d - 1
        value = inverse @ (x.T @ z)
        rest = z - x @ value
        meat = (x * rest[:, None]).T @ (x * rest[:, None])
        spread = np.sqrt(np.diagonal(inverse @ meat @ inverse) * sets / free)
        unexplained = (rest**2).sum() / free / (max(float((z**2).sum()), 1e-12) / (sets - 1))
    else:
        value, free = x.T @ z / sets, sets - 2
        spread = np.sqrt(((x * (z[:, None] - x * value)) ** 2).sum(0)) / sets
        unexplained = 1.0
    half = LEVEL * spread
    columns = {"coefficient": value, "low": value - half, "high": value + half, "share": value**2}
    table = pd.DataFrame(columns, index=pd.Index(names, name="parameter"))
    table.attrs = {
        "method": "regression" if regression else "correlation",
        "chance": float(norm.ppf(1.0 - 0.05 / d) * np.sqrt(unexplained / free)),
        "explained": float(1.0 - unexplained) if regression else float("nan"),
    }
    return table


def swing(names: tuple[str, ...], unit: Values, y: Values) -> pd.DataFrame:
    """Means of an outcome where each parameter lies in the lowest and in the highest fifth of its draws, all else varying.

    Columns low, high, error (the standard error of their difference), below and above (where the fifths end, as quantiles of
    the prior).
    """
    rows = []
    for below, above, column in zip(*np.quantile(unit, (0.2, 0.8), axis=0), unit.T, strict=True):
        low, high = y[column <= below], y[column >= above]
        error = np.sqrt(low.var(ddof=1) / len(low) + high.var(ddof=1) / len(high))
        rows.append((low.mean(), high.mean(), error, below, above))
    columns = ["low", "high", "error", "below", "above"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(names, name="parameter"))
