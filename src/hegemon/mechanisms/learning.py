"""Learning: the patron's attraction to each instrument, by kind of crisis, grows with what it brought.

Experience-weighted attraction (Camerer and Ho 1999, Econometrica 67:827): realised payoffs count fully, forgone ones with
weight delta. delta = 0, rho = 0 is cumulative reinforcement; delta = 1, phi = rho is weighted fictitious play. The payoff
is what the patron expected of the instrument, corrected by whether the incumbents survived. On states' learning from
crises: Levy 1994, IO 48:279. Claims C6, C11.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Float

from hegemon.axes import Array, PerInstrument, PerKind, computed_once, one_hot
from hegemon.instruments import KINDS, NAMES
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Learning(Params):
    weight: Scalar = param(0.20, sd=0.08, unit="utility per unit of attraction", high=5)
    forgone: Scalar = param(0.30, sd=0.15, unit="delta: weight of forgone payoffs", high=1)
    memory: Scalar = param(0.95, sd=0.03, unit="phi: attraction kept per crisis", high=1)
    experience: Scalar = param(0.90, sd=0.05, unit="rho: experience kept per crisis", high=1)
    surprise: Scalar = param(
        2.0, sd=0.8, unit="payoff of incumbents saved against lost, friends of the patron", high=20
    )
    contrast: Scalar = fixed(4.0, unit="friendliness per share by which incumbents beat their successors", low=0.5, high=20,
                             why="a quarter of all ties makes the difference felt nearly in full")  # fmt: skip


def learn(
    attraction: Float[Array, "..."],
    experience: Float[Array, "..."],
    payoff: Float[Array, "..."],
    chosen: Float[Array, "..."],
    *,
    delta: Scalar,
    phi: Scalar,
    rho: Scalar,
) -> tuple[Float[Array, "..."], Float[Array, "..."]]:
    """One step of experience-weighted attraction; `chosen` is 1 for the instrument used, 0 for the others."""
    weighed = rho * experience + 1.0
    return (phi * experience * attraction + (delta + (1.0 - delta) * chosen) * payoff) / weighed, weighed


def added_up(kinds: PerKind, lesson: PerInstrument) -> Float[Array, "C K *R"]:
    """Lessons by kind of crisis and instrument, added over the neighbours in that crisis."""
    total = kinds[:, None, 0] * lesson[None, :, 0]
    for i in range(1, lesson.shape[1]):
        total = total + kinds[:, None, i] * lesson[None, :, i]
    return total


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Learning) -> Changes:
    """Update the rows of the kinds that occurred; several crises of a kind in a quarter are one lesson, their mean."""
    friendly = jnp.tanh(p.contrast * (world.elite[0] - standing.successor_tie))
    outcome = p.surprise * (happened.survived - 0.5) * friendly * happened.crisis.armed
    kinds, response, outcome = computed_once(happened.crisis.kinds, happened.response, outcome)
    used = one_hot(response, 0, len(NAMES))
    paid = added_up(kinds, happened.utilities) + added_up(kinds, used * outcome[None])
    chosen = added_up(kinds, used)
    count = sum(kinds[:, i] for i in range(kinds.shape[1]))
    several = 1.0 / jnp.maximum(count, 1.0)[:, None]
    attraction, experience = world.attraction[:, :, 0], world.experience[:, 0]
    new, weighed = learn(attraction, experience[:, None], paid * several, chosen * several,
                         delta=p.forgone, phi=p.memory, rho=p.experience)  # fmt: skip
    now = jnp.minimum(count, 1.0)
    return {
        "attraction": (now[:, None] * (new - attraction))[:, :, None],
        "experience": (now * (weighed[:, 0] - experience))[:, None],
    }


def habit(world: World, crisis: Crisis, p: Learning) -> PerInstrument:
    """What experience adds to the utility of each instrument in the crises at hand."""
    return p.weight * sum(getattr(crisis, kind) * world.attraction[code] for code, kind in enumerate(KINDS))


mechanism = Mechanism("learning", "Learning", 11, ("C6", "C11"), Learning, changes=changes,
                      law={"habit": habit})  # fmt: skip
