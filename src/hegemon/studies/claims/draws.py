"""Draws of the parameters that a claim is judged over: of a posterior, or of the priors."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.errors import BadFile, OutOfRange
from hegemon.inference.vector import FREE, sets_of
from hegemon.posterior import Posterior, load_posterior

Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Draws:
    """Parameter sets, [S, D] in the order of `inference.vector.FREE`, equally probable.

    source  "prior", or the posterior's name
    """

    source: str
    values: Numbers

    @property
    def hash(self) -> str:
        """Fingerprint of the numbers."""
        return hashlib.sha256(np.ascontiguousarray(self.values).tobytes()).hexdigest()[:16]


def posterior_draws(name: str, count: int, seed: int, kept: Posterior | None = None) -> Draws:
    """Draws of a posterior, by name or file or as it is `kept`, chosen at random without repetition. Raises `UserError`."""
    kept = load_posterior(name) if kept is None else kept
    if missing := [free for free in FREE if free not in kept.names]:
        raise BadFile(f"the posterior of version {kept.made.get('version', '?')} lacks {missing[0]}",
                      "Make it again with hegemon calibrate.")  # fmt: skip
    if count > len(kept.values):
        raise OutOfRange(f"draws = {count}", f"The posterior {Path(name).name} holds {len(kept.values)}.")
    chosen = np.random.default_rng([seed, 1]).permutation(len(kept.values))[:count]
    columns = [kept.names.index(free) for free in FREE]
    return Draws(Path(name).name, kept.values[chosen][:, columns].astype(np.float32))


def prior_draws(count: int, seed: int) -> Draws:
    """Independent draws of the priors."""
    runtime.prepare()
    z = np.random.default_rng([seed, 2]).standard_normal((count, len(FREE))).astype(np.float32)
    return Draws("prior", np.asarray(sets_of()(z), np.float32))
