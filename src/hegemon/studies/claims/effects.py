"""From sums per history to an effect per draw of the parameters, with its Monte-Carlo error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

BORROWED = 8
"""Histories' worth of scatter that a draw borrows from the others, so that no error is 0 by luck."""


@dataclass(frozen=True)
class Effects:
    """An estimand by draw of the parameters.

    value   estimated effect, [S]; NaN where a draw's histories have no crisis to look at
    error   its standard error, from the scatter of histories
    spread  standard deviation between the histories of one draw and side, what luck does; NaN where the outcome is no mean
            over histories, or there is nothing to compare it with
    """

    value: Numbers
    error: Numbers
    spread: float = float("nan")

    @property
    def defined(self) -> npt.NDArray[np.bool_]:
        """Draws that have a value."""
        return np.isfinite(self.value)


def level(kind: str, x: Numbers) -> tuple[Numbers, Numbers]:
    """An outcome by draw, [S], and how much each history moves it, [S, R]; from sums [S, R, C]."""
    mean = x.mean(1)
    apart = x - mean[:, None]
    if kind == "mean":
        return mean[:, 0], apart[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "ratio":
            value = mean[:, 0] / mean[:, 1]
            return value, (apart[..., 0] - value[:, None] * apart[..., 1]) / mean[:, 1][:, None]
        total = mean.sum(1, keepdims=True)
        share = mean / total
        logs = np.log(np.where(share > 0.0, share, 1.0))
        entropy = -(share * logs).sum(1)
        slope = np.where(share > 0.0, -(logs + entropy[:, None]) / total, 0.0)
        most = np.log(x.shape[2])
        value = np.where(total[:, 0] > 0.0, entropy, np.nan) / most
        return value, np.einsum("src,sc->sr", apart, slope) / most


def effects(kind: str, a: Numbers, b: Numbers | None, *, paired: bool) -> Effects:
    """The outcome in side a less that in side b, by draw; sums are [S, R, C]. Histories of one number are a pair."""
    value, moves = level(kind, a)
    runs, spread = a.shape[1], float("nan")
    if b is None:
        scatter = moves.var(1, ddof=1)
    else:
        other, others = level(kind, b)
        value = value - other
        spread = float(np.sqrt(others.var(1, ddof=1).mean())) if kind == "mean" else spread
        scatter = (moves - others).var(1, ddof=1) if paired else moves.var(1, ddof=1) + others.var(1, ddof=1)
    known = np.isfinite(value)
    pooled = float(scatter[known].mean()) if known.any() else 0.0
    scatter = ((runs - 1) * scatter + BORROWED * pooled) / (runs - 1 + BORROWED)
    return Effects(np.where(known, value, np.nan), np.where(known, np.sqrt(scatter / runs), np.nan), spread)
