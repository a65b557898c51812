"""The answers file: which order is built, and what no data set says of it. What is left out keeps its default."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from hegemon.errors import BadValue, Missing, UnknownName, UserError, did_you_mean, shown
from hegemon.files import home, read_text
from hegemon.scenarios.complaints import Format, most_telling
from hegemon.scenarios.places import lines_of, nearest, parsed, placed
from hegemon.scenarios.tables import ISO3, Garrison, Listed, Quarter, Share, Table, Text, Turns, Version, Word

LARGEST = 1_000_000
"""Most bytes of an answers file."""

YEARS = (1946, 2024)
"""Years an order can begin and end in."""

LINES = ("pro_patron", "balanced", "pro_rival")

REST = "*"
"""In a pole's list of states: everybody else, for trade alone."""

FIGURES = ("openness", "hold", "grievance", "dependence", "frozen", "deployment", "shelter", "integration", "fear",
           "legitimacy", "stake", "cleavage", "accession")  # fmt: skip
"""What can be said of a state outright, in place of a formula."""


def _estimate(value: Any) -> Any:
    """A number, or [low, value, high], as the three."""
    numbers = value if isinstance(value, list) else [value] * 3
    if len(numbers) != 3 or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise PydanticCustomError("bad_text", "It must be a number, or [low, value, high].")
    if not numbers[0] <= numbers[1] <= numbers[2]:
        raise PydanticCustomError("bad_text", "[low, value, high] must not fall.")
    return tuple(float(n) for n in numbers)


Estimate = tuple[float, float, float]
"""Low, value, high."""

Soldiers = Annotated[float, Field(ge=0.0, le=1_000_000.0)]
Share3 = Annotated[tuple[Share, Share, Share], BeforeValidator(_estimate)]
Troops = Annotated[tuple[Soldiers, Soldiers, Soldiers], BeforeValidator(_estimate)]
Deployed = Annotated[tuple[Garrison, Garrison, Garrison], BeforeValidator(_estimate)]
Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[1])]
Member = Annotated[str, Field(pattern=r"^([A-Z]{3}|\*)$")]


class Ordered(Table):
    """Which order is built."""

    patron: ISO3 = Field(description="the power on top, ISO 3166 alpha-3")
    neighbours: Annotated[tuple[ISO3, ...], Listed, Field(min_length=1, max_length=250, description="states below it")]
    bloc: Word = Field(description="the rival pole that can take neighbours in")
    from_: Year = Field(alias="from", description="year of the start")
    until: Year = Field(description="last year")
    title: Text | None = None
    question: Text | None = None
    name: Text | None = Field(default=None, description="the patron's name")
    posterior: Word | None = Field(default="post-soviet", description="parameters calibrated on a record")
    history: Word | None = Field(default=None, description="a built-in record")
    late: Literal["enter", "leave", "keep"] = Field(
        default="enter", description="states that come to be later: enter then, are left out, or are there at once"
    )


class Membership(Table):
    """One spell in the pact."""

    from_: Quarter = Field(alias="from", description="quarter in which it becomes a member")
    to: Quarter | None = Field(default=None, description="first quarter in which it is no longer one")


class Charter(Table):
    """The pact: its rule, and who was in it, where treaties on record do not say."""

    name: Text | None = None
    rule: Literal["unanimity", "majority", "patron"] | None = None
    founding_until: Quarter | None = None
    patron_share: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    none: bool = Field(default=False, description="true: there is no pact")
    member: dict[ISO3, Annotated[tuple[Membership, ...], Listed, Field(min_length=1)]] | None = None


class Creed(Table):
    """What the order says it protects, and whether others' internal security is its business."""

    idea: Share3 | None = None
    start: Share3 | None = None
    source: Text | None = None


class Said(Table):
    """Figures of a state, said outright."""

    openness: Share3 | None = None
    hold: Share3 | None = None
    grievance: Share3 | None = None
    dependence: Share3 | None = None
    frozen: Share3 | None = None
    deployment: Deployed | None = None
    shelter: Share3 | None = None
    integration: Share3 | None = None
    fear: Share3 | None = None
    legitimacy: Share3 | None = None
    stake: Share3 | None = None
    cleavage: Share3 | None = None
    accession: Share3 | None = None


class Answers(Table):
    """All that a person says."""

    format: Version = 1
    source: Text | None = Field(default=None, description="where the answers come from")
    order: Ordered
    poles: dict[str, Annotated[tuple[Member, ...], Listed, Field(min_length=1)]] = Field(
        description="states of each pole"
    )
    names: dict[str, Text] = Field(default={}, description="names of poles")
    independent: dict[ISO3, Quarter] = Field(default={}, description="since when it is a state")
    ended: dict[ISO3, Quarter] = Field(default={}, description="the first quarter in which it is a neighbour no more")
    line: dict[ISO3, Literal["pro_patron", "balanced", "pro_rival"]] = Field(default={})
    pact: Charter = Charter()
    troops: dict[ISO3, Troops] = Field(default={})
    force: dict[ISO3, Annotated[int, Field(ge=0, le=1)]] = Field(default={})
    frozen: dict[ISO3, Share3] = Field(default={})
    institutions: dict[ISO3, Share3] = Field(default={})
    association: dict[ISO3, Share3] = Field(default={})
    arms: dict[ISO3, Share3] = Field(default={})
    doctrine: Creed = Creed()
    attention: dict[str, Share3] = Field(default={})
    figure: dict[ISO3, Said] = Field(default={})
    turns: Turns | None = Field(default=None, description="what changes from outside, by year, as in a scenario")

    @property
    def own(self) -> str:
        """The patron's pole."""
        return next(pole for pole, members in self.poles.items() if self.order.patron in members)

    @property
    def rivals(self) -> tuple[str, ...]:
        """The other poles."""
        return tuple(pole for pole in self.poles if pole != self.own)

    def said(self, iso: str, figure: str) -> Estimate | None:
        """A figure of a state that was said outright."""
        own = self.figure.get(iso)
        return getattr(own, figure, None) if own is not None else None


FORMAT = Format(Answers, "answers file")


def load_answers(path: str, text: str | None = None) -> Answers:
    """Answers from a TOML file (or its text). Raises `UserError` in one sentence that names file, line, key and remedy."""
    label = home(path).name
    content = (read_text(home(path), LARGEST, said=path) if text is None else text).replace("\r\n", "\n")
    tables = parsed(content, label, "Answers have")
    try:
        return checked(tables)
    except UserError as error:
        where = nearest(error.at, lines_of(content)) if error.at else None
        raise error.placed(placed(label, where)) from None


def checked(tables: dict[str, Any]) -> Answers:
    """Answers from tables, each value sound and the whole too."""
    try:
        found = Answers.model_validate(tables)
    except ValidationError as error:
        raise most_telling(error, FORMAT) from None
    found = _with_own_pole(found)
    for part in (_clock, _members, _named, _spells):
        part(found)
    return found


def _with_own_pole(a: Answers) -> Answers:
    """Where no pole holds the patron, it is one of its own."""
    if any(a.order.patron in members for members in a.poles.values()):
        own = a.own
        ordered = {own: a.poles[own], **{pole: members for pole, members in a.poles.items() if pole != own}}
    else:
        name = a.order.patron.lower()
        if name in a.poles:
            raise BadValue(f"poles.{name} is not the patron's", f"Put {a.order.patron} in it, or call it otherwise.",
                           at=("poles", name))  # fmt: skip
        ordered = {name: (a.order.patron,), **a.poles}
    return a.model_copy(update={"poles": ordered})


def _clock(a: Answers) -> None:
    if a.order.until <= a.order.from_:
        raise BadValue(f"until = {a.order.until}", f"It must lie after from, {a.order.from_}.", at=("order", "until"))
    for name, path in a.turns.paths.items() if a.turns else ():
        if min(path) > a.order.from_:
            raise Missing(f"turns.{name} begins in {min(path)}", f"Give a value for {a.order.from_}, the year of from.",
                          at=("turns", *name.split(".")))  # fmt: skip


def _members(a: Answers) -> None:
    seen: dict[str, str] = {}
    for pole, members in a.poles.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", pole):
            remedy = "Write small letters, digits, - and _, beginning with a letter."
            raise BadValue(f"pole {shown(pole)} is no name", remedy, at=("poles", pole))
        for member in members:
            at = ("poles", pole)
            if member in seen:
                where = f"poles {seen[member]} and {pole}" if seen[member] != pole else f"poles.{pole} twice"
                raise BadValue(f"{member} is in {where}", "Keep one.", at=at)
            seen[member] = pole
    own = a.own
    if REST in a.poles[own]:
        raise BadValue(f"poles.{own} has {REST}", "Everybody else cannot be on the patron's side.", at=("poles", own))
    if len(a.poles) < 2:
        raise Missing("no rival pole is given", 'Name one, as west = ["USA", "GBR"].', at=("poles",))
    if a.order.bloc not in a.rivals:
        remedy = (
            did_you_mean(a.order.bloc, a.rivals) if a.order.bloc != own else "The patron's own pole cannot be the bloc."
        )
        raise UnknownName(f"order.bloc = {shown(a.order.bloc)} is no rival pole", remedy, at=("order", "bloc"))
    if not any(member != REST for member in a.poles[a.order.bloc]):
        raise Missing(f"poles.{a.order.bloc} names no state", "Name the states that could take a neighbour in.",
                      at=("poles", a.order.bloc))  # fmt: skip
    given: set[str] = set()
    for iso in a.order.neighbours:
        if iso in given:
            raise BadValue(f"{iso} is a neighbour twice", "Once is enough.", at=("order", "neighbours"))
        if iso == a.order.patron:
            raise BadValue(
                f"{iso} is the patron and a neighbour", "Take it out of neighbours.", at=("order", "neighbours")
            )
        if iso in seen:
            raise BadValue(f"{iso} is a neighbour and in pole {seen[iso]}", "A pole's states lie outside the order.",
                           at=("order", "neighbours"))  # fmt: skip
        given.add(iso)


def _named(a: Answers) -> None:
    """Answers are about neighbours and poles that there are."""
    for table in ("independent", "ended", "line", "troops", "force", "frozen", "institutions", "association", "arms", "figure"):
        for iso in getattr(a, table):
            if iso not in a.order.neighbours:
                remedy = did_you_mean(iso, a.order.neighbours)
                raise UnknownName(f"{table}.{iso} is no neighbour of this order", remedy, at=(table, iso))
    for iso in a.pact.member or {}:
        if iso not in a.order.neighbours:
            raise UnknownName(f"pact.member.{iso} is no neighbour of this order", did_you_mean(iso, a.order.neighbours),
                              at=("pact", "member", iso))  # fmt: skip
    turned = a.turns.attention if a.turns else {}
    for table, said, poles in (("attention", a.attention, a.rivals), ("names", a.names, tuple(a.poles)),
                               ("turns.attention", turned, a.rivals)):  # fmt: skip
        for pole in said:
            if pole not in poles:
                what = "pole" if table == "names" else "rival pole"
                raise UnknownName(
                    f"{table}.{pole} is no {what} of this order", did_you_mean(pole, poles), at=(*table.split("."), pole)
                )


def _spells(a: Answers) -> None:
    from hegemon import quarters

    for iso, spells in (a.pact.member or {}).items():
        last = -1
        for spell in spells:
            begin = quarters.index(spell.from_)
            end = quarters.index(spell.to) if spell.to is not None else 10**6
            if end <= begin or begin < last:
                what = "ends before it begins" if end <= begin else "overlaps the one before"
                raise BadValue(
                    f"a spell of {iso} in the pact {what}", "Correct its quarters.", at=("pact", "member", iso)
                )
            last = end
    if a.pact.none and a.pact.member:
        raise BadValue("pact.none = true beside pact.member", "Keep one of them.", at=("pact", "none"))
