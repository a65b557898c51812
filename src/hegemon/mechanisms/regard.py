"""Legitimacy and fear: how incumbents see the patron, after what it does to them and to others like them.

Harsh acts frighten in proportion to proximity and likeness (Walt 1987, The Origins of Alliances, on threat); legitimacy
is lost by uncovered force, more among the open, and restored by restraint and by force that a mandate covers among those
who share the doctrine's idea (Hurd 1999, IO 53:379; Lake 2009). Fear balances where a rival shelters and bandwagons where
none does (Walt 1987; Schweller 1994, IS 19:72). Claims C3, C4, C13.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerNeighbour, PerTie
from hegemon.instruments import Effects
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Regard(Params):
    fear_cost: Scalar = param(1.5, sd=0.6, unit="utility per unit of fear caused", high=40)
    legitimacy_cost: Scalar = param(2.5, sd=0.8, unit="utility per unit of legitimacy lost", high=40)
    spread: Scalar = param(0.20, sd=0.08, unit="fear passed on per unit of harshness, proximity and likeness", high=2)
    scandal: Scalar = param(0.12, sd=0.05, unit="legitimacy lost elsewhere per unit lost and of proximity", high=2)
    calm: Scalar = param(0.03, sd=0.01, unit="fear forgotten per quarter", high=1)
    unease: Scalar = param(0.3, sd=0.12, unit="fear in normal times, at full dependence and hostile elites", high=1)
    recovery: Scalar = param(0.03, sd=0.01, unit="legitimacy recovered per quarter", high=1)
    kinship: Scalar = param(0.5, sd=0.2, unit="resting legitimacy per unit of shared idea", high=1)
    closeness: Scalar = param(0.3, sd=0.1, unit="resting legitimacy per share wanted with the patron", high=1)
    balancing: Scalar = param(0.6, sd=0.2, unit="pull away from the patron per unit of fear", high=10)
    bandwagon: Scalar = param(0.4, sd=0.2, unit="pull to the patron per unit of fear", high=10)
    appeal: Scalar = param(0.4, sd=0.2, unit="pull to the patron per unit of legitimacy above a half", high=10)
    trust: Scalar = param(1.5, sd=0.6, unit="log-odds of a request per unit of legitimacy less fear", high=10)
    care: Scalar = fixed(0.6, unit="weight of legitimacy in a closed regime", low=0, high=2,
                            why="averages to 1 at openness 1/2, so that legitimacy_cost keeps its unit")  # fmt: skip
    care_open: Scalar = fixed(0.8, unit="weight of legitimacy added at full openness", low=0, high=2,
                                 why="norms count for more where publics watch; an open regime cares twice as much")  # fmt: skip


def delegitimation(effects: Effects, collective: PerNeighbour | float, standing: Standing) -> PerNeighbour:
    """Legitimacy an act costs: collective force is covered only as far as its mandate carries."""
    return effects.delegitimation + collective * standing.uncovered


def kin(openness: PerNeighbour, setting: Setting) -> PerNeighbour:
    """How far a regime shares the doctrine's idea: 1 - |idea - openness|."""
    return 1.0 - jnp.abs(setting.idea - openness)


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Regard) -> dict[str, PerNeighbour]:
    """Legitimacy is dearer among the open; collective force costs what its mandate does not cover."""
    legitimacy = -p.legitimacy_cost * (p.care + p.care_open * world.openness)
    return {
        "delegitimation": legitimacy,
        "collective": legitimacy * standing.uncovered,
        "harshness": -p.fear_cost * (1.0 - world.fear),
    }


def request(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Regard) -> PerNeighbour:
    return p.trust * (world.legitimacy - world.fear)


def pull(world: World, standing: Standing, setting: Setting, p: Regard) -> PerTie:
    refuge = setting.accession + world.shelter - setting.accession * world.shelter
    toward = p.bandwagon * (1.0 - refuge) - p.balancing * refuge
    return setting.patron * (world.fear * toward + p.appeal * (world.legitimacy - 0.5))[None]


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Regard) -> Changes:
    harsh = happened.effects.harshness * happened.crisis.any
    lost = delegitimation(happened.effects, happened.collective, standing) * happened.crisis.any
    r, near = world.openness, setting.proximity
    alike = (1.0 - r * r) * (near @ harsh) + 2.0 * r * (near @ (r * harsh)) - near @ (r * r * harsh)
    shocked = p.scandal * (near @ lost) * (p.care + p.care_open * r)
    base_fear = p.unease * (world.dependence + 1.0 - world.elite[0])
    base_regard = p.kinship * kin(r, setting) + p.closeness * world.elite[0]
    return {
        "fear": (harsh + p.spread * alike) * (1.0 - world.fear) + p.calm * (base_fear - world.fear),
        "legitimacy": p.recovery * (base_regard - world.legitimacy)
        - (lost * (p.care + p.care_open * r) + shocked) * world.legitimacy,
    }


mechanism = Mechanism("regard", "Legitimacy and fear", 9, ("C3", "C4", "C13"), Regard,
                      request=request, worth=worth, pull=pull, changes=changes)  # fmt: skip
