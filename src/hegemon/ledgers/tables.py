"""What a claim may say: every key of a ledger's TOML format with its type and range.

The vocabulary is small on purpose: a claim is judged by estimands, an estimand is an outcome in one order (`a`), in two
orders (`a` less `b`), or among some crises less others (`of` less `against`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from hegemon import quarters
from hegemon.errors import BadDate
from hegemon.scenarios.tables import Listed, Quarter, Table, Text, Word, sequence


def _several(of: type) -> BeforeValidator:
    """One name or number, or a list of several."""
    return BeforeValidator(lambda value: (value,) if isinstance(value, of) else sequence(value))


def _weights(value: object) -> object:
    """One measure counts once; several have weights."""
    return {value: 1.0} if isinstance(value, str) else value


def _spell(value: object) -> object:
    """One quarter, or the first and the last of several."""
    return (value, value) if isinstance(value, str) else sequence(value)


def _day(text: str) -> str:
    try:
        quarters.of_date(text)
    except BadDate as error:
        raise PydanticCustomError("bad_date", "{remedy}", {"remedy": error.remedy}) from None
    return text


Names = Annotated[tuple[str, ...], _several(str), Field(min_length=1, max_length=250)]
Steps = Annotated[tuple[Literal[1, 2, 3], ...], _several(int), Field(min_length=1)]
Weights = Annotated[dict[str, float], BeforeValidator(_weights), Field(min_length=1, max_length=12)]
Spell = Annotated[tuple[Quarter, Quarter], BeforeValidator(_spell)]
Interval = Annotated[tuple[float, float], Listed]
Day = Annotated[str, AfterValidator(_day)]
Label = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,19}$")]


class Crises(Table):
    """Which crises: all that agree with every key given."""

    kind: Names | None = Field(default=None, description="kinds of crisis")
    instrument: Names | None = Field(default=None, description="the patron's answer")
    state: Names | None = Field(default=None, description="neighbours, by ISO 3166 code")
    severity: Steps | None = Field(default=None, description="1 low, 2 medium, 3 high")
    line: Names | None = Field(default=None, description="the incumbents' line: patron, balanced, rival")
    requested: bool | None = Field(default=None, description="the incumbents asked for help")
    consented: bool | None = Field(default=None, description="the pact consented")
    survived: bool | None = Field(default=None, description="the incumbents stayed in office")
    successor: Names | None = Field(default=None, description="who came after: patron, balanced, rival")
    side: Names | None = Field(default=None, description="whom the answer was for: the incumbents (for), against them, neither")
    drawn: bool | None = Field(default=None, description="in the record of all orders: drawn at random, or chosen")
    from_: Quarter | None = Field(default=None, alias="from", description="first quarter")
    to: Quarter | None = Field(default=None, description="last quarter")
    before: dict[str, Interval] = Field(
        default={}, description="measures of the neighbour when the crisis began: lowest and highest value"
    )


class Side(Table):
    """An order: the ledger's scenario with what is changed."""

    scenario: str | None = Field(default=None, description="another scenario, by name")
    record: Quarter | None = Field(default=None, description="follow history to the end of this quarter, then dice")
    end: Quarter | None = Field(default=None, description="last quarter")
    without: Names | None = Field(default=None, description="mechanisms switched off")
    forbid: Names | None = Field(default=None, description="instruments the patron may not choose")
    set: dict[str, float] = Field(default={}, description="values by mechanism.parameter or instrument.effect")
    force: Annotated[tuple[dict[str, Any], ...], Listed, Field(max_length=100)] = Field(
        default=(), description="events that are given, as a scenario's [[force]]"
    )
    change: dict[str, Any] = Field(default={}, description="other parts of the scenario, merged key by key")


EVERY = "all"
"""The record of all orders, by name."""

OUTCOMES = ("measure", "share", "count", "versatility")
"""What an estimand may look at; each has one of them."""


class Estimand(Table):
    """A number that the claim says something about."""

    what: Text = Field(description="the number in words")
    both: Side = Field(default=Side(), description="what sides a and b have in common")
    a: Side = Field(default=Side(), description="the order that is looked at")
    b: Side | None = Field(default=None, description="the order it is compared with")
    measure: Weights | None = Field(default=None, description="a measure, or several with weights")
    pole: Word | None = Field(default=None, description="whose share of ties orientation is; absent: the patron's")
    who: Names | None = Field(default=None, description="neighbours to average over; absent: all")
    when: Spell | None = Field(default=None, description="a quarter, or first and last of several; absent: the last")
    since: Quarter | None = Field(default=None, description="count the change since the close of this quarter")
    share: Crises | None = Field(default=None, description="share of the crises `of` that are also these")
    count: Crises | None = Field(default=None, description="crises per history")
    versatility: Crises | None = Field(default=None, description="entropy of the answers to these crises")
    of: Crises | None = Field(default=None, description="the crises looked at")
    against: Crises | None = Field(default=None, description="crises of the same order to compare with")
    after: Annotated[int, Field(ge=1, le=80)] | None = Field(
        default=None, description="quarters after a crisis at which its neighbour is measured again"
    )
    sign: Literal["positive", "negative", "within"] = Field(description="what is claimed")
    threshold: float = Field(default=0.0, description="what it must exceed, or stay below")
    low: float | None = Field(default=None, description="lowest value, with sign = within")
    high: float | None = Field(default=None, description="highest value, with sign = within")
    paired: bool = Field(default=True, description="false: side b throws dice of its own")

    @property
    def difference(self) -> bool:
        """Whether it is a difference or a change, and no level."""
        return self.b is not None or self.against is not None or self.since is not None

    @property
    def signed(self) -> bool:
        """Whether all that is claimed is the sign of a difference: only then may an effect be too small to matter."""
        return self.difference and self.sign != "within" and self.threshold == 0.0

    @property
    def outcome(self) -> str:
        """Which of `OUTCOMES` it looks at."""
        return next(name for name in OUTCOMES if getattr(self, name) is not None)


class Recorded(Table):
    """A statistic of the coded record: a share of crises, alone or against that of others."""

    what: Text = Field(description="the statistic in words")
    history: Word | None = Field(
        default=None, description="which record, or all, those of every order; absent: the scenario's"
    )
    share: Crises = Field(description="share of the crises `of` that are also these")
    of: Crises = Field(default=Crises(), description="the crises looked at")
    against: Crises | None = Field(default=None, description="crises to compare with")
    sign: Literal["positive", "negative", "within"] | None = Field(default=None, description="what the claim expects")
    threshold: float = Field(default=0.0, description="what it must exceed, or stay below")
    low: float | None = Field(default=None, description="lowest value, with sign = within")
    high: float | None = Field(default=None, description="highest value, with sign = within")


class Priced(Table):
    """What the patrons of all orders act as if a consequence were worth, learned with a prior that takes no side."""

    what: Text = Field(description="what it says about the claim")
    worth: Text = Field(description="a worth of the pooled model by name, as in shores up, by severity")
    sign: Literal["positive", "negative"] = Field(description="what the claim expects")


class Fact(Table):
    """Something that happened, dated and sourced."""

    date: Day = Field(description="YYYY-MM or YYYY-MM-DD")
    says: Text = Field(description="what happened")
    speaks: Literal["for", "against", "neither"] = Field(description="how it bears on the claim")
    source: Text = Field(description="where that can be read")


class Claim(Table):
    """A sentence about the order, and the numbers by which it stands or falls: it holds where all its estimands do."""

    id: Label = Field(description="a short name, as in C4")
    claim: Text = Field(description="the claim in words")
    why: Text = Field(description="why these estimands")
    source: Text | None = Field(default=None, description="who says so")
    caveat: Text | None = Field(default=None, description="what the estimands do not show")
    runs: Annotated[int, Field(ge=2, le=4096)] | None = Field(
        default=None, description="histories per draw of the parameters; absent: the ledger's"
    )
    mechanisms: Names | None = Field(default=None, description="mechanisms to switch off one at a time")
    assumes: Names | None = Field(
        default=None, description="parameters whose sign the twin does not know; absent: every effect of an instrument"
    )
    estimand: Annotated[tuple[Estimand, ...], Listed, Field(min_length=1, max_length=12)] = Field(
        description="at least one [[claim.estimand]]"
    )
    record: Annotated[tuple[Recorded, ...], Listed, Field(max_length=12)] = ()
    worth: Annotated[tuple[Priced, ...], Listed, Field(max_length=12)] = ()
    fact: Annotated[tuple[Fact, ...], Listed, Field(max_length=50)] = ()
