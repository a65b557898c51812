"""Rival poles: attention, offers, shelter by accession, deterrence and sanctions.

Rivals look at the region when force is used, make offers to the frightened and the willing, and take in those whom
geography and history let them (Vachudova 2005, Europe Undivided; Cooley 2012, Great Games, Local Rules). Membership shelters:
a patron does not use force on a rival's ally lightly (Huth 1988). Sanctions follow harshness. Claims C2, C3, C13.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerNeighbour, PerTie, added
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Rivals(Params):
    rate: Scalar = param(0.06, sd=0.02, unit="rival turns per quarter, full openness, ties and attention", high=2)
    floor: Scalar = param(0.12, sd=0.06, unit="accession's equivalent of turns short of it (bases, exits)", high=1)
    gravity: Scalar = param(-0.5, sd=0.6, unit="log-odds that a rival turn is graver", low=-6, high=6)
    block: Scalar = param(0.60, sd=0.20, unit="share of turns and of shelter a frozen conflict prevents", high=1)
    offer: Scalar = param(1.4, sd=0.56, unit="pull to the bloc per unit of accession and attention", high=10)
    courtship: Scalar = param(0.3, sd=0.15, unit="pull to other rivals per unit of attention", high=10)
    step: Scalar = param(0.15, sd=0.06, unit="log-share of ties moved by an unreversed rival turn", high=5)
    entry: Scalar = param(0.10, sd=0.03, unit="shelter per quarter, at full accession and ties", high=1)
    lapse: Scalar = param(0.01, sd=0.005, unit="shelter lost per quarter short of membership", high=1)
    deterrence: Scalar = param(6.0, sd=2.0, unit="utility per unit of shelter and of force", high=40)
    alarm: Scalar = param(0.15, sd=0.06, unit="attention gained per unit of harshness", high=2)
    fatigue: Scalar = param(0.05, sd=0.02, unit="attention lost per quarter toward normal", high=1)
    sanction: Scalar = param(0.20, sd=0.08, unit="sanctions per unit of harshness and attention", high=2)
    relent: Scalar = param(0.05, sd=0.02, unit="sanctions lifted per quarter", high=1)
    survival: Scalar = fixed(6.0, unit="log-odds that incumbents survive a rival turn", low=0, high=12,
                                why="a formal step abroad does not by itself unseat anybody; all but certain")  # fmt: skip
    pressure: Scalar = fixed(0.3, unit="risk of war from harshness, as a share of that from deployment", low=0, high=1,
                                why="sanctions and threats alarm a guarantor less than troops")  # fmt: skip
    outrage: Scalar = fixed(1.5, unit="harshness in a quarter beyond which rivals take no further notice", low=0.5, high=5,
                               why="one war and a half: attention is finite")  # fmt: skip
    advance: Scalar = fixed(0.3, unit="shelter gained by an unreversed rival turn, per log-share of `step`", low=0, high=2,
                               why="a treaty is a third of the way its ties go")  # fmt: skip


def hazards(world: World, standing: Standing, setting: Setting, p: Rivals) -> dict[str, PerNeighbour]:
    will = added(world.orientation[1:])[0] * (0.5 + added(setting.bloc * world.attention)[0])
    free = (1.0 - p.block * world.frozen) * (1.0 - world.shelter)
    return {"rival_turn": p.rate * (p.floor + setting.accession) * will * free}


def gravity(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Rivals) -> PerNeighbour:
    return p.gravity * crisis.rival_turn


def survival(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Rivals) -> PerNeighbour:
    return p.survival * crisis.rival_turn


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Rivals) -> dict[str, PerNeighbour]:
    """Force on whom a rival shelters risks a war with the rival."""
    risk = -p.deterrence * world.shelter
    return {"harshness": p.pressure * risk, "deployment": risk, "freeze": risk}


def pull(world: World, standing: Standing, setting: Setting, p: Rivals) -> PerTie:
    bloc = setting.bloc * world.attention * (p.offer * setting.accession)[None]
    return bloc + (1.0 - setting.bloc - setting.patron) * world.attention * p.courtship


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Rivals) -> Changes:
    x = world.orientation
    ties = added(setting.bloc * x)[0]
    notice = added(setting.bloc * world.attention)[0]
    growth = p.entry * setting.accession**2 * ties * (1.0 - p.block * world.frozen) * (0.5 + world.shelter)
    unreversed = happened.crisis.rival_turn * jnp.clip(1.0 - happened.effects.compliance, 0.0, 1.0)
    harsh = jnp.minimum(added(happened.effects.harshness * happened.crisis.any), p.outrage)
    settled = setting.interest - world.attention
    return {
        "orientation": (setting.bloc - ties[None]) * x * (p.step * unreversed)[None],
        "shelter": growth * (1.0 - world.shelter)
        - p.lapse * world.shelter * (1.0 - world.shelter)
        + p.advance * p.step * unreversed * setting.accession * (1.0 - world.shelter),
        "attention": (1.0 - setting.patron) * (p.alarm * harsh[None] * (1.0 - world.attention) + p.fatigue * settled),
        "sanctions": p.sanction * harsh * notice * (1.0 - world.sanctions) - p.relent * world.sanctions,
    }


mechanism = Mechanism("rivals", "Rival poles", 12, ("C2", "C3", "C13"), Rivals,
                      hazards=hazards, gravity=gravity, survival=survival, worth=worth, pull=pull, changes=changes)  # fmt: skip
