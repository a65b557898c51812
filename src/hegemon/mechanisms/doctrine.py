"""Doctrine: indivisible security against non-intervention; each activation is a precedent.

Norms against intervention raise the price of sending troops; an accepted precedent lowers it and makes members' security
everybody's business (Finnemore 2003, The Purpose of Intervention; Buzan and Waever 2003 on security complexes). Lapsing,
the doctrine returns to the level the scenario gives it. Claims C5, C6, C13.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerNeighbour, added
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Doctrine(Params):
    norm: Scalar = param(1.5, sd=0.6, unit="utility per unit of troops sent, at full non-intervention", high=40)
    precedent: Scalar = param(
        0.25, sd=0.10, unit="doctrine gained by an activation, share of what is left to 1", high=1
    )
    fait_accompli: Scalar = param(
        0.05, sd=0.03, unit="doctrine gained by unilateral deployment, per unit of troops", high=1
    )
    lapse: Scalar = param(0.02, sd=0.01, unit="per quarter", high=1)


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Doctrine) -> dict[str, PerNeighbour]:
    return {"deployment": -p.norm * (1.0 - world.doctrine)}


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Doctrine) -> Changes:
    activated = jnp.minimum(added(happened.collective), 1.0)
    sent = happened.effects.deployment * happened.crisis.any * (1.0 - happened.collective)
    taken = jnp.minimum(added(sent), 1.0)
    gained = (p.precedent * activated + p.fait_accompli * taken) * (1.0 - world.doctrine)
    return {"doctrine": gained - p.lapse * (world.doctrine - setting.creed)}


mechanism = Mechanism("doctrine", "Doctrine", 10, ("C5", "C6", "C13"), Doctrine, worth=worth, changes=changes)
