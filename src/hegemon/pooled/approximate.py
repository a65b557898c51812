"""The quick posterior of the pooled model: normal around its mode at each of a few scales, weighted by their evidence.

Given the scale the model is a logit that is linear in parameters which are standard normal beforehand, so that Fisher scoring
finds its mode in a few steps and the curvature there is at hand; the scale is summed over (nested Laplace: Rue, Martino and
Chopin 2009, JRSS B 71:319). A fold of a back-test takes a second. `learning.learn` samples the same posterior by NUTS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.instruments import COLLECTIVE_FORCE, NAMES
from hegemon.pooled import crises as coded
from hegemon.pooled.coding import confusion
from hegemon.pooled.crises import Crises
from hegemon.pooled.model import CONSENT, DRAWN, HABIT, NORMAL, SPREADS, UNASKED, siding
from hegemon.pooled.worths import circumstance, priced, table

Numbers = npt.NDArray[np.float64]
Draws = Mapping[str, npt.NDArray[np.floating]]

SCALES = np.geomspace(0.25, 4.0, 9)
"""Scales that the posterior is summed over, evenly spaced by their logarithm."""

STEPS = 30
CLOSE = 1e-4
"""Most steps of Fisher scoring, and the gain in log-posterior at which it stops."""

RESPONDING = ("habit", "drawn", "worths", "inclined")
"""Parameters of the choice of instrument, in the order of its vector; the side's are apart."""


class Normal(NamedTuple):
    """A mode [D], the lower root of the precision there [D, D], and the log evidence."""

    mode: Numbers
    root: Numbers
    evidence: float

    def draws(self, count: int, luck: np.random.Generator) -> Numbers:
        """Draws, [S, D]."""
        noise = luck.standard_normal((count, len(self.mode)))
        return self.mode + np.linalg.solve(self.root.T, noise.T).T


def design(of: Crises, effects: Numbers, scale: float, use: bool) -> Numbers:
    """Log-odds of instruments by standard normal parameters (`RESPONDING`), [R, 9, D]."""
    acting = np.eye(len(NAMES))[:, 1:]  # [9, 8]
    many = len(of.line)
    habit = np.broadcast_to(HABIT * acting, (many, *acting.shape))
    drawn = DRAWN * of.drawn[:, None, None] * acting
    worths = float(use) * of.circumstances[:, None, circumstance()] * priced(effects).T
    inclined = np.einsum("rf,ki->rkif", scale * of.inclining * SPREADS, acting).reshape(many, len(NAMES), -1)
    return np.concatenate([habit, drawn, worths, inclined], axis=2)


def _choices(of: Crises, log_odds: Numbers) -> list[tuple[Numbers, Numbers]]:
    """Whether collective force can be had or not: the chance [R, 1], and the choice among what is open [..., R, 9]."""
    weights = np.exp(log_odds - log_odds.max(-1, keepdims=True))
    barred = weights * (np.arange(len(NAMES)) != COLLECTIVE_FORCE)
    can = (UNASKED + (CONSENT - UNASKED) * of.asked)[:, None]
    return [(can, weights / weights.sum(-1, keepdims=True)), (1.0 - can, barred / barred.sum(-1, keepdims=True))]


def coded_shares(of: Crises, log_odds: Numbers) -> Numbers:
    """Probability of every instrument as it is coded, [..., R, 9]."""
    return np.asarray(sum(chance * p for chance, p in _choices(of, log_odds)) @ confusion())


def slopes(of: Crises, log_odds: Numbers) -> Numbers:
    """Slope of `coded_shares` by the log-odds, [R, 9 coded, 9]."""
    found = sum(chance[..., None] * (p[..., :, None] * np.eye(len(NAMES)) - p[..., :, None] * p[..., None, :])
                for chance, p in _choices(of, log_odds))  # fmt: skip
    return np.einsum("rki,kc->rci", found, confusion())


def scored(x: Numbers, of: Crises, acts: npt.NDArray[np.int64], start: Numbers | None = None) -> Normal:
    """The normal around the mode for a design [R, 9, D] and what was done [R]; sought from `start` (None: the prior's mode)."""
    z, at, rows = np.zeros(x.shape[2]) if start is None else start, -np.inf, np.arange(len(acts))

    def there(z: Numbers) -> tuple[float, Numbers]:
        share = coded_shares(of, x @ z)
        return float(np.log(share[rows, acts]).sum() - 0.5 * z @ z), share

    value, share = there(z)
    for _ in range(STEPS):
        slope = slopes(of, x @ z)
        gradient = np.einsum("rk,rkd->d", slope[rows, acts] / share[rows, acts][:, None], x) - z
        precision = _information(x, share, slope)
        step, size = np.linalg.solve(precision, gradient), 1.0
        while (found := there(z + size * step))[0] < value and size > 1e-3:
            size *= 0.5
        z, at, (value, share) = z + size * step, value, found
        if value - at < CLOSE:
            break
    root = np.asarray(np.linalg.cholesky(_information(x, share, slopes(of, x @ z))))
    return Normal(z, root, value - float(np.log(np.diag(root)).sum()))


def _information(x: Numbers, share: Numbers, slope: Numbers) -> Numbers:
    """Expected information of what is coded, and the prior's, [D, D]."""
    seen = np.einsum("rck,rkd->rcd", slope / np.sqrt(share)[..., None], x).reshape(-1, x.shape[2])
    return seen.T @ seen + np.eye(x.shape[2])


def sided(rows: Numbers, toward: Numbers) -> Normal:
    """The normal around the mode of the side: a logit of `siding` [R, 18], 1 for and -1 against the incumbents, 0 left out."""
    x, y = rows[toward != 0.0], toward[toward != 0.0]
    z = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-(x @ z)))
        precision = (x * (chance * (1.0 - chance))[:, None]).T @ x + np.eye(len(z))
        step = np.linalg.solve(precision, x.T @ ((y > 0.0) - chance) - z)
        z = z + step
        if np.abs(step).max() < CLOSE:
            break
    return Normal(z, np.asarray(np.linalg.cholesky(precision)), np.nan)


def approximate(
    rows: pd.DataFrame, *, effects: Numbers | None = None, use: bool = True, draws: int = 512, seed: int = 0
) -> Draws:
    """Draws of the pooled model's posterior given coded crises, by parameter (`model.NORMAL`, and scale).

    rows     crises with known kind, severity, line, request and response (`crises.crises`)
    effects  the table of consequences (None: the model's); `use` False leaves them out: the twin of inclinations only
    """
    of, acts = coded.crises(rows), coded.instruments(rows)
    effects, luck = table() if effects is None else effects, np.random.default_rng(seed)
    normals: list[Normal] = []
    for scale in SCALES:
        start = normals[-1].mode if normals else None
        normals.append(scored(design(of, effects, scale, use), of, acts, start))
    logs = np.array([normal.evidence for normal in normals]) - 0.5 * SCALES**2 + np.log(SCALES)
    weights = np.exp(logs - logs.max())
    counts = luck.multinomial(draws, weights / weights.sum())
    z = np.concatenate([normal.draws(count, luck) for normal, count in zip(normals, counts, strict=True)])
    found: dict[str, npt.NDArray[np.floating]] = {"scale": np.repeat(SCALES, counts)}
    at = 0
    for name in RESPONDING:
        size = int(np.prod(NORMAL[name]))
        found[name] = z[:, at : at + size].reshape(draws, *NORMAL[name])
        at += size
    indicators = np.eye(len(NAMES))[acts]
    return found | {"side": sided(siding(of, indicators), coded.toward(rows)).draws(draws, luck)}


def by_draw(of: Crises, drawn: Draws, effects: Numbers | None = None, use: bool = True) -> Numbers:
    """Probability of each instrument as it would be coded under each draw, [S, R, 9]."""
    scaled = {**drawn, "inclined": drawn["scale"][:, None, None] * drawn["inclined"]}
    flat = np.concatenate([scaled[name].reshape(len(drawn["scale"]), -1) for name in RESPONDING], axis=1)
    x = design(of, table() if effects is None else effects, 1.0, use)
    return coded_shares(of, np.einsum("rkd,sd->srk", x, flat, optimize=True))


def shares(of: Crises, drawn: Draws, effects: Numbers | None = None, use: bool = True) -> Numbers:
    """Probability of each instrument as it would be coded, averaged over draws, [R, 9]."""
    return np.asarray(by_draw(of, drawn, effects, use).mean(0))
