"""Regime support: help shores up faltering incumbents, who then owe, depend and close up.

Autocracies sponsor each other's survival (Tansey, Koehler and Schmotz 2017, CPS 50:1221; Tolstrup 2015). Help is an
investment: the rescued regime repays in bases, votes and integration, its multi-vector policy is negated, and the
helper foresees it. Obligation is a person's debt: it goes with the incumbents. Claims C8, C9, C14.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerNeighbour, PerTie
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Support(Params):
    effect: Scalar = param(1.0, sd=0.3, unit="share of an instrument's shoring up that works", high=5)
    request_need: Scalar = param(-1.7, sd=0.7, unit="log-odds of a request", low=-8, high=8)
    request_risk: Scalar = param(2.0, sd=0.8, unit="log-odds per unit of danger of falling", low=-5, high=10)
    request_severity: Scalar = param(0.7, sd=0.4, unit="log-odds per step of severity", low=-5, high=10)
    request_tie: Scalar = param(2.0, sd=0.8, unit="log-odds per share wanted with the patron, against a half", high=10)
    request_policy: Scalar = param(
        -2.0, sd=0.7, unit="log-odds of a request where neither rule nor territory is at stake", low=-8, high=8
    )
    debt: Scalar = param(1.5, sd=0.5, unit="utility per unit of stake and obligation expected", high=40)
    repay: Scalar = param(0.9, sd=0.3, unit="pull to the patron per unit of tanh(obligation)", high=10)
    embrace: Scalar = param(
        0.06, sd=0.03, unit="tilt of what incumbents want, per quarter and tanh(obligation)", high=1
    )
    reliance: Scalar = param(0.10, sd=0.04, unit="dependence gained per unit of obligation incurred", high=1)
    closing: Scalar = param(0.05, sd=0.02, unit="openness lost per unit of obligation incurred", high=1)
    forgetting: Scalar = param(0.03, sd=0.01, unit="per quarter", high=1)
    unarmed: Scalar = fixed(0.3, unit="debt incurred where neither rule nor territory was at stake, share", low=0, high=1,
                               why="help in a row over prices is forgotten sooner than rescue")  # fmt: skip


def request(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Support) -> PerNeighbour:
    """The more in danger, and the closer to the patron they want to be, the sooner incumbents ask."""
    danger = 1.0 / (1.0 + jnp.exp(standing.survival))
    need = p.request_need + p.request_policy * (crisis.any - crisis.armed) + p.request_severity * crisis.gravity
    return need + p.request_risk * danger + p.request_tie * (world.elite[0] - 0.5)


def shoring(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Support) -> PerNeighbour:
    return p.effect * crisis.armed


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Support) -> dict[str, PerNeighbour]:
    return {"obligation": p.debt * setting.stake * crisis.armed}


def pull(world: World, standing: Standing, setting: Setting, p: Support) -> PerTie:
    return setting.patron * (p.repay * jnp.tanh(world.obligation))[None]


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Support) -> Changes:
    incurred = happened.effects.obligation * happened.survived * (
        p.unarmed + (1.0 - p.unarmed) * happened.crisis.armed
    )
    embrace = p.embrace * jnp.tanh(world.obligation)
    return {
        "obligation": incurred - p.forgetting * world.obligation,
        "dependence": p.reliance * incurred * (1.0 - world.dependence),
        "openness": -p.closing * jnp.maximum(incurred, 0.0) * world.openness,
        "elite": world.elite * (setting.patron - world.elite[:1]) * embrace[None],
    }


mechanism = Mechanism("support", "Regime support", 4, ("C8", "C9", "C14"), Support,
                      request=request, shoring=shoring, worth=worth, pull=pull, changes=changes)  # fmt: skip
