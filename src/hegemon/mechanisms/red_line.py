"""Limited sovereignty: the least share of its ties a neighbour must leave to the patron, and what lies beyond.

The red line rises with doctrine, obligation, dependence and integration, and falls with shelter by a rival bloc and
with the patron's overstretch. Beyond it lies punishment, which neighbours foresee. Limited sovereignty as a practice:
Jones 1990, The Soviet Concept of 'Limited Sovereignty'; hierarchy as a curb on foreign policy: Lake 2009, Hierarchy in
International Relations, chs. 2-4. Claims C7, C12.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerNeighbour, PerTie, Shared
from hegemon.mechanisms.base import Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Setting, Standing, World


class RedLine(Params):
    base: Scalar = param(0.20, sd=0.06, unit="share of ties", high=0.95)
    doctrine: Scalar = param(0.30, sd=0.10, unit="share per unit of doctrine", high=2)
    obligation: Scalar = param(0.20, sd=0.08, unit="share per unit of tanh(obligation)", high=2)
    dependence: Scalar = param(0.15, sd=0.06, unit="share per unit of dependence", high=2)
    integration: Scalar = param(0.15, sd=0.06, unit="share per unit of integration", high=2)
    shelter: Scalar = param(0.60, sd=0.20, unit="share per unit of shelter", high=2)
    overstretch: Scalar = param(0.20, sd=0.08, unit="share per unit of overstretch", high=2)
    caution: Scalar = param(2.0, sd=0.8, unit="pull to the patron per unit of breach", high=20)
    compliance: Scalar = param(8.0, sd=3.2, unit="utility per unit of stake, breach and compliance", high=40)
    policy: Scalar = param(9.0, sd=3.6, unit="utility per unit of stake and compliance, policy at stake", high=40)
    ceiling: Scalar = fixed(0.95, unit="share of ties, the highest the line can run", low=0.5, high=1,
                               why="even a satellite trades with somebody else")  # fmt: skip


def red_line(world: World, overstretch: Shared, p: RedLine) -> PerNeighbour:
    """Least share of its ties that a neighbour must leave to the patron, 0 to `ceiling`."""
    line = (
        p.base
        + p.doctrine * world.doctrine
        + p.obligation * jnp.tanh(world.obligation)
        + p.dependence * world.dependence
        + p.integration * world.integration
        - p.shelter * world.shelter
        - p.overstretch * overstretch
    )
    return jnp.clip(line, 0.0, p.ceiling)


def pull(world: World, standing: Standing, setting: Setting, p: RedLine) -> PerTie:
    return setting.patron * (p.caution * standing.breach * (1.0 - world.shelter))[None]


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: RedLine) -> dict[str, PerNeighbour]:
    prize = setting.stake * (1.0 - world.shelter)
    return {"compliance": prize * (p.compliance * standing.breach + p.policy * crisis.policy)}


mechanism = Mechanism("red_line", "Limited sovereignty", 5, ("C7", "C12"), RedLine, pull=pull, worth=worth,
                      law={"red_line": red_line})  # fmt: skip
