"""The pooled model: a logit over the nine instruments, told the crisis alone (docs/protocol.md).

Consequences are a fixed table times learned worths; inclinations stand around them with a learned scale, so that how much of the
choice consequences explain is itself estimated. Whether the act is for or against the incumbents is a logit of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from numpyro.distributions import HalfNormal, Normal

from hegemon.axes import Array
from hegemon.instruments import COLLECTIVE_FORCE, KINDS, NAMES
from hegemon.pooled.coding import confusion
from hegemon.pooled.crises import Crises
from hegemon.pooled.worths import WORTHS, circumstance, priced

HABIT = 2.0
"""Prior spread of an instrument's log-odds against abstaining."""
DRAWN = 1.0
"""Prior spread of its shift where a crisis was drawn from a register."""
BY_KIND, BY_OTHERS = 1.0, 0.8
"""Prior spreads of inclinations by kind; by severity, line and request. All times `scale`."""
CONSENT, UNASKED = 0.8, 0.1
"""Probability that collective force can be had where the incumbents asked, and where they did not."""

ACTING = np.eye(len(NAMES), dtype=np.float32)[1:]
COLLECTIVE = np.eye(len(NAMES), dtype=np.float32)[COLLECTIVE_FORCE]
SPREADS = np.array([BY_KIND] * len(KINDS) + [BY_OTHERS] * 3)
SIDED = len(NAMES) + len(SPREADS)
"""Coefficients of the side: instruments, kinds, severity, line, request."""


class Given(NamedTuple):
    """What the model is told: crises as rows, and the table of effects that consequences follow.

    inclining  `Crises`' [R, 9];  circumstances  of each worth [R, 17];  asked, drawn  [R];  priced  `worths.priced` [17, 9]
    use  1 where consequences count, 0 in the twin that knows none
    """

    inclining: Array
    circumstances: Array
    asked: Array
    drawn: Array
    priced: Array
    use: Array


def given(of: Crises, effects: np.ndarray, use: bool = True) -> Given:
    """What is told of crises."""
    arrays = of.inclining, of.circumstances[:, circumstance()], of.asked, of.drawn, priced(effects), float(use)
    return Given(*(jnp.asarray(x, jnp.float32) for x in arrays))


def log_odds(told: Given, at: Mapping[str, Array]) -> Array:
    """Log-odds of each instrument against abstaining, [R, 9]."""
    worth = told.circumstances * at["worths"]
    inclined = told.inclining @ (at["scale"] * at["inclined"] * SPREADS).T
    beyond = HABIT * at["habit"] + DRAWN * told.drawn[:, None] * at["drawn"] + inclined
    return told.use * worth @ told.priced + beyond @ ACTING


def shares(told: Given, at: Mapping[str, Array]) -> Array:
    """Probability of each instrument as it is coded, [R, 9]: averaged over consent, and over errors of coding."""
    total = log_odds(told, at)
    weights = jnp.exp(total - total.max(1, keepdims=True))
    barred = weights * (1.0 - COLLECTIVE)
    can = (UNASKED + (CONSENT - UNASKED) * told.asked)[:, None]
    share = can * weights / weights.sum(1, keepdims=True) + (1.0 - can) * barred / barred.sum(1, keepdims=True)
    return share @ jnp.asarray(confusion(), jnp.float32)


def siding(of: Crises, acts: np.ndarray) -> np.ndarray:
    """What the side of an act hangs on, [R, 18]: instruments as indicators [R, 9], and what inclinations hang on."""
    return np.concatenate([acts, of.inclining], axis=1)


class Answers(NamedTuple):
    """What was done, for rows that count: the instrument as an indicator [R, 9]; `siding` [R, 18]; 1 where the act was for the
    incumbents, -1 where it was against them, 0 where it was neither or is not known [R]."""

    acts: Array
    siding: Array
    toward: Array


def model(told: Given, known: Answers) -> None:
    """The joint density, for NumPyro."""
    at = {name: numpyro.sample(name, Normal(jnp.zeros(shape), 1.0).to_event(len(shape))) for name, shape in NORMAL.items()}
    at["scale"] = numpyro.sample("scale", HalfNormal(1.0))
    said = (known.acts * shares(told, at)).sum(1) + 1.0 - known.acts.sum(1)
    numpyro.factor("answers", jnp.log(said).sum())
    log_odds_for = known.siding @ at["side"]
    numpyro.factor("sides", (jnp.abs(known.toward) * jax.nn.log_sigmoid(known.toward * log_odds_for)).sum())


NORMAL: Mapping[str, tuple[int, ...]] = {
    "habit": (len(NAMES) - 1,), "drawn": (len(NAMES) - 1,), "worths": (len(WORTHS),),
    "inclined": (len(NAMES) - 1, len(SPREADS)), "side": (SIDED,),
}  # fmt: skip
"""Parameters that are standard normal beforehand, and their shapes. `scale`, a half-normal, comes with them."""


@functools.cache
def _programs() -> Any:
    sides = jax.jit(jax.vmap(lambda siding, at: jax.nn.sigmoid(siding @ at["side"]), in_axes=(None, 0)))
    return jax.jit(jax.vmap(shares, in_axes=(None, 0))), sides


def shares_of(told: Given, draws: Mapping[str, np.ndarray]) -> np.ndarray:
    """Probability of each instrument under each draw, [S, R, 9]."""
    return np.asarray(_programs()[0](told, dict(draws)), np.float64)


def for_incumbents(of: Crises, acts: np.ndarray, draws: Mapping[str, np.ndarray]) -> np.ndarray:
    """Probability under each draw that acts [R, 9] are for the incumbents, [S, R]."""
    return np.asarray(_programs()[1](jnp.asarray(siding(of, acts), jnp.float32), dict(draws)), np.float64)
