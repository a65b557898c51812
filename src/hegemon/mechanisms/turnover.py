"""Turnover and regime change: governments change by election, and who comes after wants other ties.

Elections remove governments in proportion to openness (Przeworski et al. 2000, Democracy and Development);
new leaders with new coalitions realign foreign policy (Mattes, Leeds and Carroll 2015, ISQ 59:280). The successor
leans to a rival, keeps the balance or leans to the patron: of the record's five electoral turnovers two brought
pro-rival governments, two balanced and one pro-patron, so a turnover is not assumed to lean one way. Claims C2, C10.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax.nn import sigmoid

from hegemon.axes import PerNeighbour, PerTie, added
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Turnover(Params):
    rate: Scalar = param(0.009, sd=0.005, unit="contested turnovers per quarter at full openness", high=1)
    gravity: Scalar = param(-1.0, sd=0.6, unit="log-odds that a turnover is graver", low=-6, high=6)
    lean: Scalar = param(-1.0, sd=0.5, unit="log-odds", low=-6, high=6)
    lean_accession: Scalar = param(2.5, sd=0.8, unit="log-odds per unit of accession", low=-5, high=10)
    lean_fear: Scalar = param(1.0, sd=0.6, unit="log-odds per unit of fear", low=-5, high=10)
    lean_dependence: Scalar = param(1.0, sd=0.6, unit="log-odds per unit of dependence", low=-5, high=10)
    middle: Scalar = param(0.8, sd=0.3, unit="log-odds, half the width of the balanced middle", low=0.01, high=5)
    tilt: Scalar = param(1.2, sd=0.4, unit="log-share a leaning government wants its ties moved", high=5)
    honeymoon: Scalar = param(0.55, sd=0.10, unit="hold of a new government", high=1)
    opening: Scalar = param(0.12, sd=0.05, unit="openness gained when an uprising brings a government down", high=1)
    survival: Scalar = fixed(-6.0, unit="log-odds that incumbents survive a turnover", low=-12, high=0,
                                why="a turnover that turns nobody out is no crisis; all but certain")  # fmt: skip
    calm: Scalar = fixed(0.7, unit="rate of turnovers without any grievance, share of `rate`", low=0, high=1,
                            why="voters change governments without being angry; 1 at middling grievance")  # fmt: skip
    discontent: Scalar = fixed(0.6, unit="rate added per unit of grievance, share of `rate`", low=0, high=3,
                                  why="anger raises it somewhat; 1 at middling grievance")  # fmt: skip
    others: Scalar = fixed(0.4, unit="tilt to rivals outside the bloc, per unit of lean", low=0, high=2,
                              why="a government that turns from the patron turns to the bloc first")  # fmt: skip


def leaning(world: World, setting: Setting, p: Turnover) -> tuple[PerNeighbour, PerNeighbour]:
    """Probability that the next government leans to a rival, and that it leans to the patron (ordered logit)."""
    lean = (
        p.lean
        + p.lean_accession * setting.accession
        + p.lean_fear * world.fear
        - p.lean_dependence * (world.dependence - 0.5)
    )
    return sigmoid(lean - p.middle), sigmoid(-lean - p.middle)


def wanted(orientation: PerTie, lean: PerNeighbour, setting: Setting, p: Turnover) -> PerTie:
    """Ties a new government wants: today's, tilted to rivals (lean 1), kept (0) or tilted to the patron (-1)."""
    others = p.others * (1.0 - setting.bloc - setting.patron)
    pushes = lean[None] * (setting.bloc * (0.5 + setting.accession)[None] + others)
    tilted = orientation * jnp.exp(p.tilt * (pushes - setting.patron * lean[None]))
    return tilted / added(tilted)


def hazards(world: World, standing: Standing, setting: Setting, p: Turnover) -> dict[str, PerNeighbour]:
    return {"turnover": p.rate * world.openness * (p.calm + p.discontent * world.grievance)}


def gravity(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Turnover) -> PerNeighbour:
    return p.gravity * crisis.turnover


def survival(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Turnover) -> PerNeighbour:
    return p.survival * crisis.turnover


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Turnover) -> Changes:
    fell = happened.fell
    lean = happened.successor.astype("float32") - 1.0
    return {
        "elite": fell[None] * (wanted(world.orientation, lean, setting, p) - world.elite),
        "hold": fell * (p.honeymoon - world.hold),
        "obligation": -fell * world.obligation,  # gratitude is owed by persons, not by states
        "openness": fell * happened.crisis.uprising * p.opening,
    }


mechanism = Mechanism("turnover", "Turnover and regime change", 8, ("C2", "C10"), Turnover,
                      hazards=hazards, gravity=gravity, survival=survival, changes=changes,
                      law={"leaning": leaning})  # fmt: skip
