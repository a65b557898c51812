"""Twins of the model that take no side: the same model, learned from the same record, with other priors.

The sign-neutral twin does not know which way an effect goes: the prior is as wide, and as much of it is below 0 as above. The
twin of inclinations alone weighs no consequences. What either says too is no finding of what was left out of it.
"""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Collection

import jax
import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.inference.laplace import laplace
from hegemon.inference.record import Data
from hegemon.inference.vector import FREE, OF_TIES, Bounds, bounds, values
from hegemon.instruments import CONSEQUENCES
from hegemon.mechanisms import PRIORS
from hegemon.parameters import Prior

EFFECTS = tuple(f"*.{effect}" for effect in CONSEQUENCES if effect not in ("deployment", "burden"))
"""Patterns of what instruments do that might go either way: forces that stay and capacity that is bound cannot."""

PRECISION = "response.precision"
"""What consequences weigh: at 0 the patron follows inclinations alone."""

NOTHING = 1e-6
"""Spread of a prior that is as good as 0."""


def matching(patterns: Collection[str]) -> tuple[str, ...]:
    """Names of free parameters that match a name or a pattern, "support.embrace" or "*.shores_up", in the order of `FREE`."""
    return tuple(name for name in FREE if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns))


def neutral(patterns: Collection[str]) -> Bounds:
    """Priors in which some parameters have no sign: mean 0, and as far from it as mean and spread were together."""
    found = PRIORS | OF_TIES
    return bounds(found | {name: _signless(found[name]) for name in matching(patterns)})


def inclinations() -> Bounds:
    """Priors under which consequences weigh nothing."""
    found = PRIORS | OF_TIES
    return bounds(found | {PRECISION: dataclasses.replace(found[PRECISION], mean=0.0, sd=NOTHING)})


def twin(priors: Bounds, record: Data | None, count: int, seed: int) -> npt.NDArray[np.float32]:
    """Draws of a twin's parameters, [S, D] in the order of `FREE`: of its posterior given a record, by a normal around its mode
    (`laplace`), or, without a record, of its priors."""
    runtime.prepare()
    if record is None:
        z = np.random.default_rng([seed, 3]).standard_normal((count, len(FREE))).astype(np.float32)
    else:
        z = laplace(dataclasses.replace(record, prior=priors)).draws(count, seed)
    return np.asarray(jax.vmap(values, in_axes=(0, None))(z, priors), np.float32)


def _signless(of: Prior) -> Prior:
    far = max(abs(of.low), abs(of.high))
    return dataclasses.replace(of, mean=0.0, sd=float(np.hypot(of.mean, of.sd)), low=-far, high=far)
