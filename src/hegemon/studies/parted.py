"""What histories differ in, parted into luck and parameters: history r has draw r modulo S of the parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hegemon.studies.study import MIDDLE, Z

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Parted:
    """The mean of something over histories, and what it leaves open.

    low, high  middle 90 % of the mean over luck, as parameters leave it open, and at least the noise of so many histories
    error      standard error of the mean for so many histories, parameters as drawn
    share      of the variance over histories that is the parameters' (NaN where nobody knows)
    """

    low: Numbers
    high: Numbers
    error: Numbers
    share: Numbers


def alike(mean: Numbers, variance: Numbers, runs: int) -> Parted:
    """Where all histories have the same parameters, there is luck alone."""
    error = np.sqrt(variance / runs)
    return Parted(mean - Z * error, mean + Z * error, error, np.where(variance > 0.0, 0.0, np.nan))


def unknown(mean: Numbers, variance: Numbers, runs: int, ends: Numbers) -> Parted:
    """Where no draw has two histories, luck and parameters cannot be told apart: the interval is that of single histories, whose
    middle 90 % are `ends`, first axis two."""
    error = np.sqrt(variance / runs)
    low, high = np.minimum(ends[0], mean - Z * error), np.maximum(ends[1], mean + Z * error)
    return Parted(low, high, error, np.full_like(mean, np.nan))


def over_draws(mean: Numbers, means: Numbers, luck: Numbers, each: float, runs: int) -> Parted:
    """With every draw's own mean, of `each` histories [..., S], and the variance within draws, `luck`.

    What scatters over draws is parameters and what luck is left in so few histories: a draw's mean is drawn to the mean of all by
    the root of the parameters' part in it (Louis 1984, JASA 79:393: an ensemble of estimates with the spread of what they
    estimate).
    """
    scatter = means.var(-1, ddof=1)
    between = np.maximum(scatter - luck / each, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(scatter > 0.0, np.sqrt(between / (between + luck / each)), 0.0)
        share = between / (between + luck)
    error = np.sqrt(luck / runs)
    low, high = np.quantile(means - means.mean(-1, keepdims=True), MIDDLE, axis=-1) * kept
    return Parted(mean + np.minimum(low, -Z * error), mean + np.maximum(high, Z * error), error, share)


def of_rounds(mean: Numbers, values: npt.NDArray[np.floating], sets: int, runs: int) -> Parted:
    """The same from the first histories' own values, [..., R], of which whole rounds of draws count. At least two rounds."""
    rounds = values.shape[-1] // sets
    by_draw = values[..., : rounds * sets].reshape(*values.shape[:-1], rounds, sets)
    means = by_draw.mean(-2)
    luck = ((by_draw - means[..., None, :]) ** 2).mean((-2, -1)) * rounds / (rounds - 1)
    return over_draws(mean, means.astype(float), luck.astype(float), rounds, runs)
