"""Wars between neighbours: enmity, inattention, and the broker's foothold over both.

Rivals fight when outside powers look away; who brokers the peace and stations the peacekeepers gains a hold over both
sides (Goertz and Diehl 1993 on enduring rivalries; Broers 2019 on Karabakh). A neighbour's feud with the patron itself is a
war in which the patron is a party. Claim C15.
"""

from __future__ import annotations

from hegemon.axes import PerNeighbour, added
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class War(Params):
    rate: Scalar = param(0.015, sd=0.006, unit="wars per quarter at full rivalry and attention", high=1)
    spark: Scalar = param(0.0001, sd=0.0001, unit="wars per quarter of any state", high=0.1)
    gravity: Scalar = param(1.0, sd=0.6, unit="log-odds that a war is graver", low=-6, high=6)
    opportunity: Scalar = param(1.0, sd=0.5, unit="per unit of outside powers' inattention", high=10)
    survival: Scalar = param(2.0, sd=0.6, unit="log-odds", low=-6, high=8)
    foothold: Scalar = param(1.8, sd=0.7, unit="utility per unit of brokerage in a war or secession", high=40)
    small_talk: Scalar = param(0.3, sd=0.3, unit="utility per unit of brokerage in other crises", high=40)
    hold_over_both: Scalar = param(0.15, sd=0.06, unit="dependence of both sides gained per unit of brokerage", high=1)
    toll: Scalar = param(0.10, sd=0.05, unit="grievance raised by a war", high=1)
    quieting: Scalar = param(
        8.0, sd=3.0, unit="quarters after a war in which another is half as likely", low=0.1, high=80
    )
    garrison: Scalar = fixed(0.3, unit="troops left with the other side per unit of brokerage and of troops sent", low=0, high=1,
                             why="peacekeepers stand mostly on the soil of the one they came to help")  # fmt: skip
    peace: Scalar = fixed(8.0, unit="quarters since the last crisis at the scenario's opening", low=0, high=400,
                          why="two years: what was before the opening is not coded")  # fmt: skip


def enmity(setting: Setting) -> PerNeighbour:
    """Rivalry of each neighbour with the others (each war is filed under one of two) and with the patron."""
    if setting.present is not None:  # not with those who are not there
        return 0.5 * (setting.rivalry @ setting.present) + setting.feud
    return 0.5 * setting.rivalry.sum(-1).reshape(setting.feud.shape) + setting.feud


def hazards(world: World, standing: Standing, setting: Setting, p: War) -> dict[str, PerNeighbour]:
    watching = added(world.attention * (1.0 - 0.5 * setting.patron))[0] / world.attention.shape[0]
    rested = world.quiet / (world.quiet + p.quieting)
    return {"interstate": p.spark + p.rate * enmity(setting) * (1.0 + p.opportunity * (1.0 - watching)) * rested}


def gravity(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: War) -> PerNeighbour:
    return p.gravity * crisis.interstate


def survival(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: War) -> PerNeighbour:
    return crisis.interstate * (p.survival + 2.0 * (world.hold - 0.5))


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: War) -> dict[str, PerNeighbour]:
    torn = crisis.interstate + crisis.secession
    return {"brokerage": (p.foothold * torn + p.small_talk * (crisis.any - torn)) * (1.0 - world.shelter)}


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: War) -> Changes:
    war = happened.crisis.interstate
    brokered = war * happened.effects.brokerage
    both = brokered + setting.rivalry.T @ brokered
    return {
        "dependence": p.hold_over_both * both * (1.0 - world.dependence),
        "deployment": p.garrison * (setting.rivalry.T @ (brokered * happened.effects.deployment)),
        "grievance": p.toll * (war + setting.rivalry.T @ war),
    }


mechanism = Mechanism("war", "Wars between neighbours", 14, ("C15",), War,
                      hazards=hazards, gravity=gravity, survival=survival, worth=worth, changes=changes)  # fmt: skip
