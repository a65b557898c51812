"""Every measure under a name that a newcomer understands, with the clause in which its value is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hegemon.measures import PER_NEIGHBOUR, SHARED

Unit = Literal["share", "number", "yes"]
"""A share or a scale from nothing to all; an open scale; yes or no."""

ROOM, TIES, REGARD, HANDS, HOME, PATRON = (
    "How free it is", "With whom it has ties", "How it sees the patron", "What binds it", "At home", "The patron and its order",
)  # fmt: skip
"""Groups, in the order in which they are offered."""


@dataclass(frozen=True)
class Measure:
    """A measure in words; slots are who, whose, patron, patrons, pole.

    level  a clause that says {value}
    noun   what two sides are compared in
    """

    title: str
    group: str
    level: str
    noun: str
    unit: Unit = "share"
    what: str = ""


MEASURES: Mapping[str, Measure] = {
    "autonomy": Measure("Room for foreign policy", ROOM, "{value} of all conceivable foreign policies are open to {who}",
                        "{whose} room for foreign policy"),
    "red_line": Measure("Red line", ROOM, "{who} must leave {patron} at least {value} of its outside ties",
                        "the least share of ties that {who} must leave to {patron}"),
    "multivector": Measure("Spread of ties", ROOM, "the ties of {who} are spread over the poles to {value} of an even spread",
                           "the spread of {whose} ties over the poles"),
    "fear": Measure("Fear of the patron", REGARD, "fear of {patron} in {whose} government stands at {value} of its scale",
                    "fear of {patron} in {whose} government"),
    "legitimacy": Measure("Legitimacy of the patron", REGARD,
                          "{patrons} legitimacy in the eyes of {whose} government stands at {value} of its scale",
                          "{patrons} legitimacy in the eyes of {whose} government"),
    "obligation": Measure("Debt for rescues", REGARD, "{whose} government owes {patron} {value} for rescues, on an open scale",
                          "what {whose} government owes {patron} for rescues", "number"),
    "dependence": Measure("Dependence", HANDS, "{whose} dependence on {patron} stands at {value} of its scale",
                          "{whose} dependence on {patron}"),
    "integration": Measure("Integration", HANDS, "{who} stands {value} of the way from no agreement to a union state",
                           "{whose} integration with {patron}"),
    "member": Measure("Member of the pact", HANDS, "{who} is a member of the pact", "{whose} membership of the pact", "yes"),
    "deployment": Measure("Forces on its soil", HANDS, "{patrons} forces in {who} come to {value}, where 1 is a large garrison",
                          "{patrons} military presence in {who}", "number"),
    "frozen": Measure("Secession under its wing", HANDS,
                      "a secessionist entity under {patrons} wing has {value} of full strength in {who}",
                      "the strength of secession under {patrons} wing in {who}"),
    "shelter": Measure("Shelter by rivals", HANDS, "{who} has {value} of the protection of a member of the rival bloc",
                       "{whose} protection by the rival bloc"),
    "hold": Measure("Grip of the government", HOME, "{whose} government has {value} of a full grip on power",
                    "the grip of {whose} government"),
    "openness": Measure("Openness", HOME, "{who} stands {value} of the way from closed autocracy to liberal democracy",
                        "{whose} openness"),
    "grievance": Measure("Discontent", HOME, "latent discontent in {who} stands at {value} of its scale",
                         "latent discontent in {who}"),
    "mobilisation": Measure("Public in the street", HOME, "{value} of {whose} public is in the street",
                            "the share of {whose} public in the street"),
    "hierarchy": Measure("Hierarchy", PATRON, "the region's hierarchy stands at {value} of its scale",
                         "the region's hierarchy"),
    "doctrine": Measure("Doctrine", PATRON, "{patrons} doctrine stands {value} of the way from non-intervention to indivisible "
                        "security", "{patrons} doctrine of indivisible security"),
    "capacity": Measure("Capacity", PATRON, "{patrons} capacity is {value}, where 1 is its first year", "{patrons} capacity",
                        "number"),
    "overstretch": Measure("Overstretch", PATRON, "{patrons} commitments take {value} of its means",
                           "the share of {patrons} means that commitments take"),
    "sanctions": Measure("Sanctions", PATRON, "sanctions on {patron} stand at {value} of their scale",
                         "the weight of sanctions on {patron}"),
}  # fmt: skip

TIES_WITH = Measure("Ties with {pole}", TIES, "{value} of {whose} outside ties are with {pole}",
                    "the share of {whose} ties that are with {pole}")  # fmt: skip
"""`orientation:west`: a measure for each pole."""

GROUPS = (ROOM, TIES, REGARD, HANDS, HOME, PATRON)


def measure(name: str) -> Measure:
    """A measure by its code: "fear", "orientation:west"."""
    return TIES_WITH if name.startswith("orientation") else MEASURES[name]


def what(name: str) -> str:
    """A measure's definition, as the model has it."""
    return (PER_NEIGHBOUR | SHARED).get(name, "share of external ties that are with the pole")


def owned(name: str) -> str:
    """A name's possessive."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def within(name: str) -> str:
    """A name within a sentence: "the West", "the European Union"."""
    return f"the {name[4:]}" if name.startswith("The ") else name


def slots(who: str, patron: str, pole: str = "") -> dict[str, str]:
    """What fills a clause besides its value."""
    return {"who": who, "whose": owned(who), "patron": patron, "patrons": owned(patron), "pole": within(pole)}
