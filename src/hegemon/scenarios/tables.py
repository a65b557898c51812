"""Every key of a scenario's TOML format, table by table, with its type and range.

Strict on purpose: an unknown key, a number outside its range or a name spelt wrong stops here, before
anything is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr
from pydantic_core import PydanticCustomError

from hegemon import quarters
from hegemon.errors import BadDate

FORMAT = 1
LEANINGS = ("patron", "balanced", "rival")


def _quarter(text: str) -> str:
    try:
        return quarters.label(quarters.index(text))
    except BadDate as error:
        raise PydanticCustomError("bad_date", "{remedy}", {"remedy": error.remedy}) from None


def _version(number: int) -> int:
    if number != FORMAT:
        raise PydanticCustomError("bad_text", f"This version reads format = {FORMAT}.")
    return number


def _plain(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("bad_text", "It must not be empty.")
    if any(not (c.isprintable() or c in "\n\t") for c in text):
        raise PydanticCustomError("bad_text", "It must not hold control characters.")
    return text.strip()


def _years(path: object) -> object:
    """Keys of a TOML table are words: read years from them, and nothing else."""
    if not isinstance(path, Mapping):
        return path
    for year in path:
        if not re.fullmatch("[1-9][0-9]{3}", str(year)):
            remedy = "Years have four digits, as in 1992 = 1.0."
            raise PydanticCustomError("bad_year", "{remedy}", {"remedy": remedy, "key": str(year)})
    return {int(year): value for year, value in path.items()}


def sequence(value: object) -> object:
    """A list as a tuple."""
    return tuple(value) if isinstance(value, list) else value


Listed = BeforeValidator(sequence)
"""A list of TOML, which is read as a tuple."""

def _named_or(*endings: str) -> AfterValidator:
    """A name of what comes with hegemon, or a file of one's own with one of the endings."""

    def read(word: str) -> str:
        if not (word.endswith(endings) or re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", word)):
            said = f'It must be a name, as in "post-soviet", or a file of your own that ends in {" or ".join(endings)}.'
            raise PydanticCustomError("bad_text", "{said}", {"said": said})
        return word

    return AfterValidator(read)


def _file(ending: str) -> AfterValidator:
    def read(word: str) -> str:
        if not word.endswith(ending):
            raise PydanticCustomError("bad_text", "{said}", {"said": f"It must be a file that ends in {ending}."})
        return word

    return AfterValidator(read)


Quarter = Annotated[str, AfterValidator(_quarter), Field(json_schema_extra={"pattern": "^[0-9]{4}Q[1-4]$"})]
Version = Annotated[int, AfterValidator(_version), Field(json_schema_extra={"const": FORMAT})]
Text = Annotated[str, Field(max_length=4_000), AfterValidator(_plain)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
ISO3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
COW = Annotated[int, Field(ge=1, le=999)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Shares = dict[str, Share]
FilePath = Annotated[str, Field(min_length=1, max_length=400)]
RecordFile = Annotated[FilePath, _named_or(".csv")]
PosteriorFile = Annotated[FilePath, _named_or(".npz")]
Capacity = Annotated[dict[int, Annotated[float, Field(gt=0.0, le=5.0)]], BeforeValidator(_years), Field(min_length=1)]
Growth = Annotated[dict[int, Annotated[float, Field(ge=-1.0, le=1.0)]], BeforeValidator(_years), Field(min_length=1)]
Yearly = Annotated[dict[int, Share], BeforeValidator(_years), Field(min_length=1)]
Dyads = dict[str, dict[str, Share]]


class Table(BaseModel):
    """A table of the format: no unknown keys, no silent conversions, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, validate_default=True)


class Named(Table):
    """What a file holds; its name is no part of the content."""

    _name: str = PrivateAttr(default="")
    _said: str = PrivateAttr(default="")

    @property
    def name(self) -> str:
        """Built-in name, or the file's name without its ending; no part of the content."""
        return self._name

    @property
    def said(self) -> str:
        """The path of the file or folder that it was read from, as a person has given it; empty where there is none."""
        return self._said

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy; with another content it is no file's any more."""
        copy = super().model_copy(update=update, deep=deep)
        if update:
            copy._said = ""
        return copy

    def named(self, name: str, said: str = "") -> Self:
        """The same under a name; `said`: the path by which a person has named it."""
        copy = self.model_copy()
        copy._name, copy._said = name, said
        return copy


class Patron(Table):
    """The power on top of the order."""

    name: Text
    iso3: ISO3
    cow: COW


class Pole(Table):
    """A power that neighbours can have ties with; the first is the patron."""

    id: Word
    name: Text
    attention: Share = Field(description="how much it cares about the region at the start")
    bloc: bool = Field(default=False, description="the one rival that can take neighbours in and shelter them")


class Turns(Table):
    """What changes from outside, by year: linear between years' middles, the last value holds. What is left out does not."""

    source: Text
    attention: Annotated[dict[str, Yearly], Field(max_length=12)] = Field(
        default={}, description="of poles, by id: what each one's attention returns to"
    )
    idea: Yearly | None = Field(default=None, description="the doctrine's idea: 0 conservative security .. 1 liberal")
    rest: Yearly | None = Field(default=None, description="what the doctrine returns to, 0 non-intervention .. 1 indivisible")
    resolve: Yearly | None = Field(
        default=None, description="share of each neighbour's stake that the patron acts upon: its own turn of mind"
    )

    @property
    def paths(self) -> dict[str, dict[int, float]]:
        """Every path, by name; attention by `attention.POLE`."""
        own = {name: path for name in ("idea", "rest", "resolve") if (path := getattr(self, name)) is not None}
        return own | {f"attention.{pole}": path for pole, path in self.attention.items()}


class Doctrine(Table):
    """What the order says it protects, and whether others' internal security is its business."""

    idea: Share = Field(description="legitimating idea: 0 conservative security .. 1 liberal")
    start: Share = Field(description="0 non-intervention .. 1 indivisible security")
    source: Text


class CapacityPath(Table):
    """The patron's capacity relative to the first year, by year; the last value holds."""

    source: Text
    path: Capacity


class GrowthPath(Table):
    """Growth of the region's median economy, share per year, by year; the last value holds."""

    source: Text
    path: Growth


class Membership(Table):
    """One spell of membership in the pact."""

    state: ISO3
    from_: Quarter = Field(alias="from", description="quarter in which it becomes a member")
    to: Quarter | None = Field(default=None, description="first quarter in which it is no longer one; absent: still in")


class Pact(Table):
    """The collective-security pact: charter and spells of membership."""

    name: Text
    rule: Literal["unanimity", "majority", "patron"]
    patron_share: Share = Field(description="patron's share of the forces in a collective deployment")
    founding_until: Quarter = Field(description="scheduled entries and exits hold to here, then the model's")
    source: Text
    membership: Annotated[tuple[Membership, ...], Listed, Field(max_length=1_000)] = ()

    def has(self, state: str, quarter: str) -> bool:
        """Whether a state is a member in a quarter, by the spells."""
        now = quarters.index(quarter)
        return any(quarters.index(spell.from_) <= now and (spell.to is None or now < quarters.index(spell.to))
                   for spell in self.membership if spell.state == state)  # fmt: skip


class State(Table):
    """A neighbour at the scenario's start."""

    name: Text
    cow: COW
    orientation: Shares = Field(description="share of external ties with each pole; sums to 1")
    elite: Shares = Field(description="where the incumbents want it to be; sums to 1")
    openness: Share = Field(description="0 closed autocracy .. 1 liberal democracy")
    hold: Share = Field(description="the incumbents' grip")
    grievance: Share = Field(description="latent discontent")
    dependence: Share = Field(description="economic and security dependence on the patron")
    frozen: Share = Field(description="strength of a secessionist entity under the patron's wing")
    deployment: float = Field(ge=0.0, le=2.0, description="patron's forces on its soil; 1 = a large garrison")
    shelter: Share = Field(description="protection by the rival bloc")
    integration: Share = Field(description="0 none, .25 trade area, .5 pact, .75 customs union, 1 union state")
    fear: Share = Field(description="of the patron")
    legitimacy: Share = Field(description="of the patron in the incumbents' eyes")
    stake: Share = Field(description="how much it matters to the patron")
    cleavage: Share = Field(description="ground for separatism")
    accession: Share = Field(description="how open the rival bloc is to taking it in")
    independent: Quarter | None = Field(
        default=None,
        description="since when it is a state; later than the start: it enters then, with these figures; absent: the start",
    )
    ended: Quarter | None = Field(default=None, description="the first quarter in which it is a neighbour no more; absent: never")


NO_FIGURES = ("name", "cow", "independent", "ended")
FIGURES = (*(name for name in State.model_fields if name not in NO_FIGURES), "proximity", "rivalry")
"""What is given per state and therefore needs a source."""


Span = Annotated[tuple[Share, Share], Listed]
"""Lower and upper end of a figure."""

Spans = dict[str, Span]

Garrison = Annotated[float, Field(ge=0.0, le=2.0)]


class StateIntervals(Table):
    """How far a neighbour's figures are known: 90 % intervals."""

    orientation: Spans = {}
    elite: Spans = {}
    openness: Span | None = None
    hold: Span | None = None
    grievance: Span | None = None
    dependence: Span | None = None
    frozen: Span | None = None
    deployment: Annotated[tuple[Garrison, Garrison], Listed] | None = None
    shelter: Span | None = None
    integration: Span | None = None
    fear: Span | None = None
    legitimacy: Span | None = None
    stake: Span | None = None
    cleavage: Span | None = None
    accession: Span | None = None


class Intervals(Table):
    """How far figures are known: 90 % intervals, within which `over` figures samples them."""

    doctrine: dict[Literal["idea", "start"], Span] = {}
    attention: Spans = {}
    states: dict[ISO3, StateIntervals] = {}


class Force(Table):
    """An event that is given, not drawn. What is left out, the dice decide."""

    quarter: Quarter
    state: ISO3
    crisis: str
    severity: Literal[1, 2, 3] | None = None
    line: Literal["patron", "balanced", "rival"] | None = None
    instrument: str | None = None
    side: Literal["for", "against"] | None = None
    requested: bool | None = None
    consented: bool | None = None
    survived: bool | None = None
    successor: Literal["patron", "balanced", "rival"] | None = None


class Content(Named):
    """All that a scenario says, each value sound by itself; a `schema.Scenario` is sound as a whole too."""

    format: Version = Field(description="the version of this format, 1")
    title: Text
    question: Text
    start: Quarter
    end: Quarter
    region: Word | None = Field(
        default=None, description="a map by name, or cut: one cut from the atlas for these states; absent: no map"
    )
    history: RecordFile | None = Field(
        default=None, description="the coded record that `record` follows: a name, or a file beside this one"
    )
    covered: Quarter | None = Field(
        default=None, description="last quarter that a record of one's own covers, perhaps in part; absent: the last one, end"
    )
    ties: Annotated[FilePath, _file(".csv")] | None = Field(
        default=None, description="observed orientations, a file beside this one; absent: those that come with the record"
    )
    record: Quarter | None = Field(default=None, description="follow history to the end of this quarter, then dice")
    posterior: PosteriorFile | None = Field(
        default=None,
        description="parameters calibrated on a record, by name or file; absent: the model's prior means",
    )
    mechanisms: Annotated[tuple[Annotated[FilePath, _file(".py")], ...], Listed, Field(max_length=40)] | None = Field(
        default=None, description="mechanisms of one's own, files beside this one"
    )
    files: dict[str, str] | None = Field(
        default=None, description="content of the files that are named, by name; read beside the scenario, never written by hand"
    )
    without: Annotated[tuple[str, ...], Listed] = Field(default=(), description="mechanisms switched off")
    patron: Patron
    poles: Annotated[tuple[Pole, ...], Listed, Field(max_length=12)]
    doctrine: Doctrine
    capacity: CapacityPath
    growth: GrowthPath
    turns: Turns | None = Field(default=None, description="what changes from outside, by year")
    pact: Pact | None = Field(default=None, description="absent: there is none and none is formed, as if `without` named it")
    sources: dict[str, Text]
    states: dict[ISO3, State] = Field(min_length=1, max_length=250)
    proximity: Dyads = {}
    rivalry: Dyads = {}
    force: Annotated[tuple[Force, ...], Listed, Field(max_length=1_000)] = ()
    intervals: Intervals | None = Field(default=None, description="how far figures are known; absent: nothing is said")
    parameters: dict[str, dict[str, float]] = Field(
        default={}, description="values by mechanism or instrument, in place of the model's defaults"
    )
