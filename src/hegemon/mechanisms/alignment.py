"""Multi-vector foreign policy: a position among several poles, moved by what incumbents want and can afford.

A neighbour's ties are a point of the simplex; each quarter it takes an exponentiated-gradient step (Kivinen and
Warmuth 1997, Information and Computation 132:1) toward what its incumbents want, and toward the patron as far as it
depends on it. The pull of the elite is the gradient of relative entropy, so the rest point is elite x exp(other
pulls), always inside the simplex; the first version, linear in (elite - ties), let a strong constant pull drive ties
to the corner. On multi-vector policies: Gnedina 2015, Europe-Asia Studies 67:1007; omnibalancing: David 1991. Claims C7, C9, C10.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerTie, added
from hegemon.mechanisms.base import Mechanism
from hegemon.parameters import Params, Scalar, param
from hegemon.world import Setting, Standing, World


class Alignment(Params):
    pace: Scalar = param(0.05, sd=0.02, unit="per quarter", low=0.0, high=0.5)
    elite: Scalar = param(1.0, sd=0.3, unit="pull per log-share of difference", high=5)
    dependence: Scalar = param(0.35, sd=0.12, unit="pull to the patron per unit of dependence", high=5)
    shock: Scalar = param(0.04, sd=0.015, unit="log-share per quarter", high=0.5)


def pull(world: World, standing: Standing, setting: Setting, p: Alignment) -> PerTie:
    wants = jnp.log(world.elite + 1e-3) - jnp.log(world.orientation + 1e-3)
    return p.elite * wants + setting.patron * (p.dependence * world.dependence)[None]


def step(orientation: PerTie, pulls: PerTie, drift: PerTie, p: Alignment) -> PerTie:
    """Ties after one quarter of pulls and small unobserved shocks; a point of the simplex."""
    weight = (orientation + 1e-6) * jnp.exp(p.pace * pulls + p.shock * drift)
    return weight / added(weight)


mechanism = Mechanism("alignment", "Multi-vector foreign policy", 6, ("C7", "C9", "C10"), Alignment, pull=pull)
