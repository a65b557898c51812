"""Separatism: entities under the patron's wing that block accession and cost goodwill.

Secession needs ground (a cleavage) and a weak state; both fade as the state consolidates. A frozen conflict keeps the
host out of the rival's bloc, which is part of its worth to the patron (Driscoll and Maliniak 2016, Problems of
Post-Communism 63:280; Caspersen 2012, Unrecognized States). Civil wars of the record count here. Claim C2.
"""

from __future__ import annotations

from hegemon.axes import PerNeighbour
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Separatism(Params):
    rate: Scalar = param(0.15, sd=0.06, unit="per quarter, full ground, weak new state", high=2)
    spark: Scalar = param(0.001, sd=0.0005, unit="per quarter, any state", high=0.1)
    gravity: Scalar = param(1.0, sd=0.6, unit="log-odds that a secession is graver", low=-6, high=6)
    lasting: Scalar = param(0.35, sd=0.14, unit="share of weakness that does not fade after independence", high=1)
    turmoil: Scalar = param(1.0, sd=0.5, unit="per unit of recent fall of the own incumbents", high=10)
    survival: Scalar = param(2.0, sd=0.6, unit="log-odds", low=-6, high=8)
    prize: Scalar = param(10.0, sd=4.0, unit="utility per unit of stake, prospect of accession and freeze", high=40)
    entrench: Scalar = param(0.15, sd=0.06, unit="strength gained by a secession, at full ground", high=1)
    thaw: Scalar = param(0.004, sd=0.002, unit="per quarter", high=0.5)
    toll: Scalar = param(0.10, sd=0.05, unit="hold lost in a secession", high=1)
    shaken: Scalar = fixed(0.3, unit="weakness per unit of `turmoil` and recent fall", low=0, high=1,
                              why="a fall counts for a third of having no hold at all")  # fmt: skip
    satisfied: Scalar = fixed(0.8, unit="share of secessions that a frozen conflict takes away", low=0, high=1,
                                 why="who has an entity of his own seldom starts another war for it")  # fmt: skip
    youth: Scalar = fixed(5.0, unit="years in which a new state's weakness falls to 1/e", low=0.5, high=50,
                             why="most wars of independence in the record began within five years of it")  # fmt: skip


def hazards(world: World, standing: Standing, setting: Setting, p: Separatism) -> dict[str, PerNeighbour]:
    weakness = (1.0 - world.hold) * (p.lasting + (1.0 - p.lasting) * setting.youth) + p.shaken * p.turmoil * world.fallen
    held = (1.0 - p.satisfied * world.frozen) * (1.0 - world.shelter)
    return {"secession": (p.spark + p.rate * setting.cleavage * weakness) * held}


def gravity(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Separatism) -> PerNeighbour:
    return p.gravity * crisis.secession


def survival(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Separatism) -> PerNeighbour:
    return crisis.secession * (p.survival + 2.0 * (world.hold - 0.5))


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Separatism) -> dict[str, PerNeighbour]:
    """A frozen conflict keeps the host out of the rival's bloc."""
    prospect = setting.accession * (1.0 - world.orientation[0]) * (1.0 - world.shelter)
    return {"freeze": p.prize * setting.stake * prospect * setting.cleavage * (1.0 - world.frozen)}


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Separatism) -> Changes:
    gained = happened.effects.freeze * happened.crisis.any + p.entrench * happened.crisis.secession
    return {
        "frozen": gained * setting.cleavage * (1.0 - world.frozen) - p.thaw * world.frozen,
        "hold": -p.toll * happened.crisis.secession * world.hold,
    }


mechanism = Mechanism("separatism", "Separatism", 3, ("C2",), Separatism,
                      hazards=hazards, gravity=gravity, survival=survival, worth=worth, changes=changes)  # fmt: skip
