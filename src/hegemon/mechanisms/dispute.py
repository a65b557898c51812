"""Bargaining disputes: rows over energy, trade, transit and bases between patron and neighbour.

They arise where a dependent neighbour's ties differ from what the patron demands, and among friends over the price
(Drezner 1999, The Sanctions Paradox: sanctions are threatened most against adversaries and bite most against allies;
Abdelal 2001). The record holds disputes partly because pressure was used, so their number is a lower bound. Claims C7, C11.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerNeighbour
from hegemon.mechanisms.base import Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Setting, Standing, World


class Dispute(Params):
    rate: Scalar = param(0.1, sd=0.03, unit="per quarter, per unit of dependence and of distance", high=2)
    price: Scalar = param(0.035, sd=0.014, unit="per quarter, per unit of dependence", high=1)
    gravity: Scalar = param(-0.5, sd=0.6, unit="log-odds that a dispute is graver", low=-6, high=6)
    margin: Scalar = param(0.10, sd=0.05, unit="share of ties demanded beyond the red line", high=1)
    survival: Scalar = fixed(6.0, unit="log-odds that incumbents survive a dispute", low=0, high=12,
                                why="a price row does not by itself unseat anybody; all but certain")  # fmt: skip


def hazards(world: World, standing: Standing, setting: Setting, p: Dispute) -> dict[str, PerNeighbour]:
    distance = jnp.maximum(standing.red_line + p.margin - world.orientation[0], 0.0)
    return {"dispute": setting.stake * world.dependence * (p.price + p.rate * distance)}


def gravity(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Dispute) -> PerNeighbour:
    return p.gravity * crisis.dispute


def survival(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Dispute) -> PerNeighbour:
    return p.survival * crisis.dispute


mechanism = Mechanism("dispute", "Bargaining disputes", 17, ("C7", "C11"), Dispute,
                      hazards=hazards, gravity=gravity, survival=survival)  # fmt: skip
