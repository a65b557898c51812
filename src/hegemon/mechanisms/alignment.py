"""Multi-vector foreign policy: a position among several poles, moved by what incumbents want and can afford.

A neighbour's ties are a point of the simplex; each quarter it takes an exponentiated-gradient step (Kivinen and
Warmuth 1997, Information and Computation 132:1) toward what its incumbents want, and toward the patron as far as it
depends on it. The pull of the elite is the gradient of relative entropy, so the rest point is elite x exp(other
pulls), always inside the simplex; the first version, linear in (elite - ties), let a strong constant pull drive ties
to the corner. On multi-vector policies: Gnedina 2015, Europe-Asia Studies 67:1007; omnibalancing: David 1991. Claims C7, C9, C10.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax.nn import sigmoid

from hegemon.axes import PerNeighbour, PerPole, PerTie, added
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, param
from hegemon.world import Happened, Setting, Standing, World


class Alignment(Params):
    pace: Scalar = param(0.05, sd=0.02, unit="per quarter", low=0.0, high=0.5)
    elite: Scalar = param(1.0, sd=0.3, unit="pull per log-share of difference", high=5)
    dependence: Scalar = param(0.35, sd=0.12, unit="pull to the patron per unit of dependence", high=5)
    line: Scalar = param(8.0, sd=3.0, unit="log-odds of a line nearer to the patron per share wanted with it", high=40)
    line_centre: Scalar = param(0.5, sd=0.1, unit="share wanted with the patron at which a line is balanced", high=1)
    line_middle: Scalar = param(1.0, sd=0.4, unit="log-odds, half the width of the balanced middle", low=0.01, high=5)
    shock: Scalar = param(0.04, sd=0.02, unit="log-odds of the patron's share per quarter", high=0.5)
    shock_rivals: Scalar = param(0.06, sd=0.03, unit="log-share among the rivals per quarter", high=0.5)
    trend: Scalar = param(0.0, sd=0.01, unit="log-share a quarter, common growth of ties to the patron", low=-0.2, high=0.2)
    trend_bloc: Scalar = param(0.0, sd=0.01, unit="log-share a quarter, common growth of ties to the bloc", low=-0.2, high=0.2)
    trend_third: Scalar = param(0.0, sd=0.02, unit="log-share a quarter, common growth of ties to the third", low=-0.2, high=0.2)
    habit: Scalar = param(0.01, sd=0.005, unit="share a quarter of ties come to be wanted because they are there", high=0.5)


def pull(world: World, standing: Standing, setting: Setting, p: Alignment) -> PerTie:
    wants = jnp.log(world.elite + 1e-3) - jnp.log(world.orientation + 1e-3)  # guard
    return p.elite * wants + setting.patron * (p.dependence * world.dependence)[None]


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Alignment) -> Changes:
    """Incumbents come to want the ties that they have."""
    return {"elite": p.habit * (world.orientation - world.elite)}


def common(setting: Setting, p: Alignment) -> PerPole:
    """What moves all neighbours alike, in log-share per quarter."""
    return p.trend * setting.patron + p.trend_bloc * setting.bloc + p.trend_third * setting.third


def step(orientation: PerTie, pulls: PerTie, common: PerPole, drift: PerTie, p: Alignment) -> PerTie:
    """Ties after one quarter of pulls, of what they have in `common`, and of small unobserved shocks; a point of the simplex.

    Shocks are nested: one moves what is left to the patron, the others what rivals have of the rest, and not how much that is.
    """
    ties = orientation + 1e-6  # guard
    rivals = ties[1:]
    among = drift[1:] - added(drift[1:] * rivals) / added(rivals)
    shocks = jnp.concatenate([p.shock * drift[:1], p.shock_rivals * among])
    weight = ties * jnp.exp(p.pace * pulls + common + shocks)
    return weight / added(weight)


def line(world: World, p: Alignment) -> tuple[PerNeighbour, PerNeighbour, PerNeighbour]:
    """Probabilities that others see the incumbents' line as pro-patron, balanced or pro-rival (ordered logit)."""
    near = p.line * (world.elite[0] - p.line_centre)
    patron, rival = sigmoid(near - p.line_middle), sigmoid(-near - p.line_middle)
    return patron, 1.0 - patron - rival, rival


mechanism = Mechanism("alignment", "Multi-vector foreign policy", 6, ("C7", "C9", "C10"), Alignment, pull=pull, changes=changes,
                      law={"line": line, "common": common, "step": step})  # fmt: skip
