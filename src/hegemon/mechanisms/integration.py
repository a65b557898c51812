"""Integration: the ladder from a trade area to a union state, and the dependence that follows ties.

States climb with their ties to the patron and what they owe it, and slide when they fear it (Libman and Vinokurov 2012,
Holding-Together Regionalism; Roberts and Moshes 2016, Post-Soviet Affairs 32:542). Dependence follows ties and rungs with
inertia, as trade and pipelines do (Hirschman 1945). Claims C9, C10, C14.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerTie
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Happened, Setting, Standing, World


class Integration(Params):
    pace: Scalar = param(0.03, sd=0.01, unit="rungs per quarter", high=1)
    ties: Scalar = param(1.1, sd=0.44, unit="rung sought per share of ties above a quarter", high=5)
    debt: Scalar = param(0.3, sd=0.1, unit="rung sought per unit of tanh(obligation)", high=5)
    dread: Scalar = param(0.4, sd=0.2, unit="rung given up per unit of fear", high=5)
    inertia: Scalar = param(0.02, sd=0.008, unit="dependence per quarter", high=1)
    floor: Scalar = param(0.10, sd=0.05, unit="dependence of a neighbour without ties", high=1)
    trade: Scalar = param(0.70, sd=0.28, unit="dependence per share of ties", high=3)
    rung: Scalar = param(0.20, sd=0.08, unit="dependence per rung", high=3)
    deepening: Scalar = param(0.3, sd=0.1, unit="pull to the patron per rung", high=5)
    withdrawal: Scalar = param(0.008, sd=0.004, unit="share of the patron's forces leaving per quarter", high=1)
    foot: Scalar = fixed(0.25, unit="share of ties above which a rung is sought", low=0, high=1,
                            why="a quarter: an even share among four poles asks for nothing")  # fmt: skip
    expelled: Scalar = fixed(8.0, unit="withdrawal multiplied by 1 + this, per unit of shelter", low=0, high=40,
                                why="bases close within a few years of accession, as in the Baltic")  # fmt: skip
    unwelcome: Scalar = fixed(4.0, unit="the same, per share wanted with the patron short of `welcome`", low=0, high=40,
                                 why="hostile incumbents ask for withdrawal, and get it slowly")  # fmt: skip
    welcome: Scalar = fixed(0.4, unit="share wanted with the patron at which its forces are welcome", low=0, high=1,
                               why="somewhat below a balanced line")  # fmt: skip


def pull(world: World, standing: Standing, setting: Setting, p: Integration) -> PerTie:
    return setting.patron * (p.deepening * world.integration)[None]


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Integration) -> Changes:
    tie = world.orientation[0]
    sought = p.ties * (tie - p.foot) + p.debt * jnp.tanh(world.obligation) - p.dread * world.fear
    sought = jnp.clip(sought * (1.0 - world.shelter), 0.0, 1.0)
    needs = p.floor + p.trade * tie + p.rung * world.integration
    expelled = p.withdrawal * (
        1.0 + p.expelled * world.shelter + p.unwelcome * jnp.maximum(p.welcome - world.elite[0], 0.0)
    )
    return {
        "integration": p.pace * (sought - world.integration),
        "dependence": p.inertia * (needs * (1.0 - 0.5 * world.shelter) - world.dependence),
        "deployment": happened.effects.deployment * happened.crisis.any - expelled * world.deployment,
    }


mechanism = Mechanism("integration", "Integration", 13, ("C9", "C10", "C14"), Integration, pull=pull, changes=changes)
