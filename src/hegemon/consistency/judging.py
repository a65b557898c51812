"""The verdict: the same to the bit, the same but for rounding, of the same kind, or none of these.

An ensemble consistency test in the manner of the climate modellers' (Baker et al. 2015, Geosci. Model Dev. 8:2829; Milroy et
al. 2018, Geosci. Model Dev. 11:697), with what they do not have: dice that are the same on every machine. Where they are, each
history is held against the reference's of the same number, and rounding may turn a few from their course. Where they are not,
the means of all measures together are held against those of a large ensemble (Hotelling's T-squared).
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon.consistency.reading import Reading

Numbers = npt.NDArray[np.float64]

TURNED, DRIFT, CHANCE = 7, 0.02, 3.5
"""Histories of 2,048 that rounding may turn (a GPU turns one in five thousand); how far it may move a mean, in the measure's
spread over histories (chance: 0.03); standard errors up to which a single mean's distance is put down to chance."""


@dataclass(frozen=True)
class Reference:
    """What ensembles are compared with: D measures, R histories.

    moments      [3, D] means over the histories of the same seed; means and standard deviations over a large ensemble of another
    correlation  [D, D] of the measures over histories; 1e12 with itself: a measure that the distance does not count
    marks        [R] the histories' courses (`Reading.marks`)
    limit        largest distance of R histories' means from the large ensemble's that chance explains
    about        lines, words, bits, dice; order, code, large (how many), version, platform: how it was made
    """

    moments: Numbers
    correlation: Numbers
    marks: npt.NDArray[np.uint32]
    limit: float
    about: Mapping[str, Any]


def reference(content: bytes | None = None) -> Reference:
    """The one that comes with hegemon, or a file's content (`tools/consistent.py` writes it): it holds half the correlations."""
    content = content or resources.files("hegemon.consistency").joinpath("reference.npz").read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        moments = file["moments"].astype(float)
        upper = np.zeros(2 * moments.shape[1:])
        upper[np.triu_indices(len(upper))] = file["correlation"]
        whole = upper + np.triu(upper, 1).T
        return Reference(moments, whole, file["marks"], float(file["limit"]), json.loads(str(file["about"])))


def distance(apart: Numbers, correlation: Numbers) -> Numbers:
    """Squared distances of means [..., D], in spreads, that take into account which measures go together (Mahalanobis)."""
    white = np.linalg.solve(np.linalg.cholesky(correlation), np.asarray(apart).T)
    return np.asarray((white**2).sum(0))


@dataclass(frozen=True)
class Verdict:
    """What came out.

    bits, dice       whether every bit is the reference's; whether the dice are
    turned           of so many `runs`, histories that took another course than the reference's of the same number
    distance, limit  of the means from the large ensemble's
    off              measures farther off than rounding or chance puts them, the farthest first: number, here, reference, spreads
    """

    bits: bool
    dice: bool
    runs: int
    turned: int
    distance: float
    limit: float
    off: tuple[tuple[int, float, float, float], ...]

    @property
    def consistent(self) -> bool:
        """Whether histories made here may stand beside the reference's."""
        alike = self.turned <= TURNED and not self.off if self.dice else self.distance <= self.limit
        return self.bits or alike


def judge(here: Reading, of: Reference) -> Verdict:
    """Hold an ensemble of the reference's seed and size against it."""
    runs, dice, (same, mean, spread) = len(of.marks), here.dice == of.about["dice"], of.moments
    means, turned = here.values.mean(0), int((here.marks != of.marks).sum())
    beside = same if dice else mean
    apart = (means - beside) / spread
    chance = DRIFT + CHANCE * np.sqrt(2 * turned if dice else runs) / runs
    off = [(int(n), float(means[n]), float(beside[n]), float(apart[n]))
           for n in np.argsort(-abs(apart)) if not abs(apart[n]) <= chance]  # fmt: skip
    far = float(distance((means - mean) / spread, of.correlation)) / (1 / runs + 1 / of.about["large"])
    return Verdict(here.bits == of.about["bits"], dice, runs, turned, far, of.limit, tuple(off))
