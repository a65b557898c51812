"""Capacity and overstretch: commitments cost, sanctions bite, and the stretched patron demands less.

Commitments made in crises and garrisons kept are carried for years; what they take of the patron's capacity is
overstretch, which raises the price of the next commitment (Kennedy 1987, The Rise and Fall of the Great Powers; Gilpin
1981). Capacity follows the scenario's path, less sanctions. Claims C1, C11.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerNeighbour, Shared, added
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Capacity(Params):
    cost: Scalar = param(2.0, sd=0.7, unit="utility per unit of burden, nothing else carried", high=40)
    carried: Scalar = param(0.90, sd=0.03, unit="commitments kept per quarter", high=0.999)
    upkeep: Scalar = param(0.01, sd=0.005, unit="commitment per quarter and large garrison", high=1)
    bite: Scalar = param(0.30, sd=0.10, unit="share of capacity lost under full sanctions", high=1)
    least: Scalar = fixed(0.1, unit="free capacity below which commitments get no dearer", low=0.01, high=1,
                             why="the scale on which costs are felt: a tenth of the first year's capacity")  # fmt: skip


def overstretch(world: World, p: Capacity) -> Shared:
    """Share of the patron's means that its commitments take: burden / (burden + capacity)."""
    return world.burden / (world.burden + world.capacity + 1e-3)  # guard


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Capacity) -> dict[str, PerNeighbour]:
    return {"burden": -p.cost / jnp.maximum((1.0 - standing.overstretch) * world.capacity, p.least)}


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Capacity) -> Changes:
    taken_on = added(happened.effects.burden * happened.crisis.any)
    garrisons = added(world.deployment)
    return {
        "burden": (p.carried - 1.0) * world.burden + taken_on + p.upkeep * garrisons,
        "capacity": setting.means * (1.0 - p.bite * world.sanctions) - world.capacity,
    }


mechanism = Mechanism("capacity", "Capacity and overstretch", 15, ("C1", "C11"), Capacity,
                      worth=worth, changes=changes,
                      law={"overstretch": overstretch})  # fmt: skip
