"""What is coded of what was done: two coders do not always agree, and the model says so."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from hegemon.instruments import CODE, NAMES

ADDED = 0.5
"""Crises spread over all cells off the diagonal, so that no error is impossible."""


@functools.cache
def confusion() -> npt.NDArray[np.float64]:
    """Probability that an instrument [row] is coded as each [column], [9, 9], from two blind codings of 103 crises.

    Both coders err alike, so that half of their disagreement is each one's; an instrument that is rare borrows from all.
    """
    from hegemon.history import every_crisis

    counts, twice = np.zeros((len(NAMES), len(NAMES))), every_crisis().dropna(subset="response_primary_2")
    for one, other in twice[["response_primary", "response_primary_2"]].itertuples(index=False):
        counts[CODE[one], CODE[other]] += 0.5
        counts[CODE[other], CODE[one]] += 0.5
    return erring(counts)


def erring(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Shares of codes by what was done, from symmetric counts [K, K] of two coders."""
    k = len(counts)
    off = counts * (1.0 - np.eye(k)) + ADDED * (1.0 - np.eye(k)) / (k * (k - 1))
    wrong = 0.5 * off / (counts.sum(1, keepdims=True) + 1.0)
    return wrong + np.diag(1.0 - wrong.sum(1))
