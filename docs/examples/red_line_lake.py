"""Limited sovereignty as authority: a rival reading of the red line, after Lake (2009).

In the built-in reading the line rises with doctrine, debts, dependence and integration alike: what the patron can enforce.
In Lake's, hierarchy is a bargain (Hierarchy in International Relations, ch. 2): a neighbour leaves to the patron what it takes
to be rightful, and so the line rises with the patron's legitimacy; where there is none, only its troops on the spot draw it.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.mechanisms import Mechanism, Params, fixed, param


class Authority(Params):
    base: float = param(0.10, sd=0.05, unit="share of ties", high=0.95)
    rightful: float = param(0.60, sd=0.20, unit="share per unit of legitimacy", high=2)
    troops: float = param(0.20, sd=0.10, unit="share per large garrison", high=2)
    shelter: float = param(0.60, sd=0.20, unit="share per unit of shelter", high=2)
    overstretch: float = param(0.20, sd=0.08, unit="share per unit of overstretch", high=2)
    caution: float = param(2.0, sd=0.8, unit="pull to the patron per unit of breach", high=20)
    compliance: float = param(8.0, sd=3.2, unit="utility per unit of stake, breach and compliance", high=40)
    policy: float = param(9.0, sd=3.6, unit="utility per unit of stake and compliance, policy at stake", high=40)
    ceiling: float = fixed(0.95, unit="share of ties", low=0.5, high=1, why="as in the built-in reading")


def red_line(world, overstretch, p):
    """Least share of its ties that a neighbour must leave to the patron."""
    line = p.base + p.rightful * world.legitimacy + p.troops * world.deployment - p.shelter * world.shelter
    return jnp.clip(line - p.overstretch * overstretch, 0.0, p.ceiling)


def pull(world, standing, setting, p):
    return setting.patron * (p.caution * standing.breach * (1.0 - world.shelter))[None]


def worth(crisis, world, standing, setting, p):
    prize = setting.stake * (1.0 - world.shelter)
    return {"compliance": prize * (p.compliance * standing.breach + p.policy * crisis.policy)}


mechanism = Mechanism("red_line", "Limited sovereignty as authority", 5, ("C7",), Authority, pull=pull, worth=worth,
                      law={"red_line": red_line})
