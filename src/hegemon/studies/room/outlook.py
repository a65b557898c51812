"""What a neighbour must expect in a quarter: chances of each kind of crisis, and of each answer to it.

An event unfolds for one neighbour at a time. What is decided before the answer (the kind of crisis, its severity, the
incumbents' line, whether they ask, whether the pact consents) is not drawn but added up over all its outcomes, each with its
probability.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from hegemon import law
from hegemon.axes import Array, Choice
from hegemon.event import CODED, PARTS, Weights, unfold
from hegemon.instruments import KINDS
from hegemon.law import Parameters
from hegemon.world import Crisis, Setting, Standing, World

FIELDS = ("dependence", "shelter", "obligation", "integration", "deployment", "member", "doctrine")
"""What a situation may change besides ties and unrest."""

BEFORE = PARTS[: PARTS.index("response")]
"""What is decided before the patron answers, the kind of crisis first."""

TINY = 1e-3


class Situation(eqx.Module):
    """What is otherwise than it is. NaN: as it is.

    shares    of ties with the patron, the main rival and all others
    crowd     share of the public in the street
    follow    1 if what the incumbents want moves by as much as the ties, in log-shares; 0 if it stays
    changes   added to `FIELDS`, cut to their bounds
    """

    shares: Float[Array, "*M 3"]
    crowd: Float[Array, "*M"]
    follow: Float[Array, "*M"]
    changes: Float[Array, "*M F"]


class Outlook(eqx.Module):
    """A quarter's probabilities for one neighbour, runs on the last axis.

    kinds      of each kind of crisis
    answers    of each kind of crisis and each answer to it together: sums over instruments are `kinds`
    red_line   least share of ties left to the patron
    tie        share that is
    """

    kinds: Float[Array, "*M C R"]
    answers: Float[Array, "*M C K R"]
    red_line: Float[Array, "*M R"]
    tie: Float[Array, "*M R"]


def placed(world: World, rival: Any, state: Any, shares: Float[Array, " 3"]) -> Float[Array, "P R"]:
    """Ties with the shares of patron, rival and others as given; the others divide theirs as at present."""
    now = world.orientation[:, state]
    pole = jnp.arange(now.shape[0])[:, None]
    others = ((pole != 0) & (pole != rival)) * now
    equal = ((pole != 0) & (pole != rival)) / max(now.shape[0] - 2, 1)
    total = others.sum(0)
    part = jnp.where(total > TINY * TINY, others / jnp.maximum(total, TINY * TINY), equal)
    given = (pole == 0) * shares[0] + (pole == rival) * shares[1] + part * shares[2]
    return jnp.where(jnp.isnan(shares[0]), now, given)


def moved(world: World, rival: Any, state: Any, to: Situation) -> World:
    """The world with one neighbour in another situation."""
    bounds = {f.name: (f.metadata["low"], f.metadata["high"]) for f in dataclasses.fields(World)}
    ties = placed(world, rival, state, to.shares)
    wants = world.elite[:, state] * ((ties + TINY) / (world.orientation[:, state] + TINY)) ** to.follow
    fields: dict[str, Any] = {
        "orientation": jnp.asarray(world.orientation).at[:, state].set(ties),
        "elite": jnp.asarray(world.elite).at[:, state].set(wants / wants.sum(0)),
    }
    for n, name in enumerate(FIELDS):
        whole = getattr(world, name)
        at = 0 if name == "doctrine" else state
        fields[name] = whole.at[at].set(jnp.clip(whole[at] + to.changes[n], *bounds[name]))
    return dataclasses.replace(world, **fields)


def standing(world: World, setting: Setting, params: Parameters, state: Any, crowd: Any) -> Standing:
    """What follows from the world, with the public of one neighbour in the street as far as is said."""
    now = law.standing(world, setting, params)
    there = jnp.where(jnp.isnan(crowd), now.mobilisation[state], crowd)
    return law.standing(world, setting, params, jnp.asarray(now.mobilisation).at[state].set(there))


SHARED = ("capacity", "burden", "sanctions", "doctrine", "attention", "attraction", "experience", "overstretch", "hierarchy",
          "patron", "bloc", "interest", "idea", "creed", "unanimity", "majority", "partner_share", "means", "growth", "youth",
          "founding", "third")  # fmt: skip
"""Fields of world, standing and setting that do not belong to one neighbour."""


def only(tree: Any, state: Any) -> Any:
    """One neighbour's part of a world, standing or setting, whose N axis then has length one."""
    parts = {}
    for field in dataclasses.fields(tree):
        x = getattr(tree, field.name)
        if x is None:
            continue
        if field.name in ("proximity", "rivalry"):  # between neighbours: no part of an answer
            parts[field.name] = jnp.zeros((1, 1))
        elif field.name in SHARED and not (field.name == "youth" and x.shape[0] > 1):
            parts[field.name] = x
        else:
            axis = 1 if field.name in ("orientation", "elite") else 0
            parts[field.name] = jnp.take(x, jnp.atleast_1d(state), axis=axis)
    return type(tree)(**parts)


def outlook(world: World, setting: Setting, params: Parameters, rival: Any, state: Any, to: Situation) -> Outlook:
    """One neighbour's prospects in a situation."""
    there = moved(world, rival, state, to)
    now = standing(there, setting, params, state, to.crowd)
    odds = law.odds(law.hazards(there, now, setting, params), law.proneness(there, params))
    here: Any = jax.tree.map(lambda share: jnp.take(share, jnp.atleast_1d(state), axis=0), odds)
    alone, seen, fixed = (only(part, state) for part in (there, now, setting))

    def answer(outcomes: Any) -> Any:
        """Probability of each instrument together with what it is an answer to."""
        chance: Any = 1.0
        answers: Any = None

        def decide(part: str, weights: Weights, trouble: Crisis) -> Choice:
            nonlocal chance, answers
            code = jnp.zeros_like(alone.hold, dtype=jnp.int32)
            if part in BEFORE:
                code = code + outcomes[BEFORE.index(part)]
                chance = chance * law.pick(code, weights)
            elif part == "response":
                answers = chance * weights / sum(weights[1:], weights[0])
            return code

        unfold(here, lambda trouble: seen, alone, fixed, params, decide)
        return answers[:, 0]

    trouble = [np.arange(CODED[part].outcomes, dtype=np.int32) for part in BEFORE]
    every = np.array([each for each in itertools.product(*trouble) if each[0] > 0])
    together = jax.vmap(answer)(tuple(jnp.asarray(part) for part in every.T))
    by_kind = together.reshape(len(KINDS), -1, *together.shape[1:]).sum(1)
    kinds = jnp.stack([share[0] for share in here.kinds])
    return Outlook(kinds, by_kind, now.red_line[state], there.orientation[0, state])


@functools.cache
def program() -> Any:
    """`outlook` in many situations, one after the other; compiled once per number of situations and runs."""

    def run(world: World, setting: Setting, params: Parameters, rival: Any, state: Any, to: Situation) -> Outlook:
        return jax.lax.map(lambda one: outlook(world, setting, params, rival, state, one), to)

    return jax.jit(run)
