"""What a client gets: the shapes that the API's description tells, and TypeScript's types are made from."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Series = list[float | None]
Grid = list[Series]
"""Neighbours outside, quarters inside."""

Levels = dict[str, Grid]
"""p05, p25, median, p75, p95, by neighbour and quarter."""

Row = dict[str, Any]


class Answer(BaseModel):
    """Anything a client gets."""

    model_config = ConfigDict(extra="forbid")


class Error(Answer):
    """Why not, in one sentence."""

    error: str


class State(Answer):
    """A neighbour, or the patron as a country."""

    iso3: str
    name: str


class Pole(Answer):
    """A power that neighbours have ties with; the first is the patron."""

    id: str
    name: str


class OrderInfo(Answer):
    """A scenario; `sent`: it was sent to this explorer, and can be renamed and taken away."""

    name: str
    title: str
    question: str
    patron: str
    start: str
    end: str
    region: str | None
    history: bool
    record: str | None
    covered: list[str] | None
    posterior: bool
    builtin: bool
    sent: bool
    states: list[State]
    poles: list[Pole]


class ParameterInfo(Answer):
    """A number of the model: its prior, and its value in an order."""

    name: str
    block: str
    mean: float
    sd: float
    low: float
    high: float | None
    value: float
    unit: str
    source: str


class MechanismInfo(Answer):
    """A mechanism."""

    name: str
    title: str
    system: int


class About(Answer):
    """This explorer; `viewer`: whether whoever asks may look only; `coding`: whether somebody codes, and all else is closed."""

    version: str
    revision: int
    limits: dict[str, int]
    viewer: bool
    coding: bool
    measures: dict[str, str]
    order_measures: dict[str, str]
    kinds: list[str]
    instruments: list[str]


class StudyInfo(Answer):
    """A kind of answer, and what it is asked."""

    name: str
    noun: str
    summary: str
    help: str
    question: dict[str, Any]


class Taken(Answer):
    """Taken on."""

    id: str


class Estimate(Answer):
    """What an answer would be: its id, whether it is there already, and about how long it would take."""

    id: str
    exists: bool
    seconds: float


class Entry(Answer):
    """A result of any kind, finished or not.

    done, total  steps, as its kind counts them; 0 where nobody knows
    title        what it is about, or as somebody has named it (`named`)
    when         the quarter of the first event that is given, where one is
    question     what to send to get the same again; null where its scenario or file is not known here by name
    """

    id: str
    study: str
    noun: str
    status: Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
    done: int
    total: int
    title: str
    named: bool
    changes: list[str]
    line: str
    scenario: str | None
    when: str | None
    runs: int | None
    seed: int | None
    version: str
    created: str
    question: dict[str, Any] | None
    resumable: bool
    error: str | None
    estimate_seconds: float | None


class ScenarioText(Answer):
    """A scenario of one's own as it was sent, with the record that came along."""

    name: str
    text: str
    record: str | None


class ExampleInfo(Answer):
    """A worked example: what answers it, how to look at the answer, and how far it is, if it is wanted or there."""

    id: str
    study: str
    noun: str
    title: str
    what: str
    view: dict[str, str]
    question: dict[str, Any]
    entry: Entry | None


class Document(Answer):
    """A result as it is told (`pages.document`): blocks are text, bullets, figures or tables."""

    kicker: str
    title: str
    question: str
    finding: str
    facts: list[list[str]]
    sentences: list[str]
    caveats: list[str]
    made: list[list[str]]
    version: str
    sections: list[dict[str, Any]]


class Shown(Answer):
    """What every result says: how it was made, and the names in it."""

    attrs: dict[str, Any]
    quarters: list[str]
    states: list[State]
    poles: list[Pole]
    patron: State
    region: str | None


class RunResult(Shown):
    """A run: quantiles over histories."""

    measures: dict[str, Levels]
    orientation: dict[str, Levels]
    order: dict[str, dict[str, Series]]
    crises: dict[str, Any]
    counts: dict[str, Series]
    record: list[Row]


class History(Answer):
    """One history."""

    run: int
    quarters: list[str]
    measures: dict[str, Grid]
    orientation: dict[str, Grid]
    order: dict[str, Series]
    events: list[Row]


class CompareResult(Shown):
    """A comparison: first, second, and second less first."""

    title: str
    first: str
    second: str
    measures: dict[str, dict[str, Grid]]
    orientation: dict[str, dict[str, Grid]]
    order: dict[str, dict[str, Series]]
    parted: Series
    crises: list[Row]


class CodedRecord(Answer):
    """The coded crises of an order, all columns."""

    name: str
    covered: list[str]
    columns: list[str]
    rows: list[Row]


class Claims(Answer):
    """A ledger of claims; where it has been judged, with verdicts and numbers. `result`: its id, if it is here.

    rule, caution, table  how a verdict is found, what it is not, and all claims in a table, as the ledger says it
    """

    ledger: str
    title: str
    judged: bool
    made: dict[str, Any] | None
    claims: list[Row]
    result: str | None
    rule: str
    caution: str
    table: Row | None


class StoryInfo(Answer):
    """A story: what it is called, and what it tells."""

    name: str
    title: str
    deck: str
    minutes: int


class Story(StoryInfo):
    """A story: steps of prose, each beside something that is shown. Every number in it is from a result (`numbers`)."""

    steps: list[dict[str, Any]]
    shows: dict[str, Any]
    numbers: list[dict[str, Any]]
    made: dict[str, str]


class Map(Answer):
    """A region's map, projected beforehand."""

    model_config = ConfigDict(extra="allow")

    region: str
    source: str
    note: str
    width: float
    height: float
    states: dict[str, Any]


class CodingQuestion(Answer):
    """A column that a coder fills: codes with their meaning, in order; none where text is wanted."""

    column: str
    text: str
    codes: list[tuple[str, str]]
    many: bool
    optional: bool
    book: str


class CodingStep(Answer):
    """Questions that are answered together."""

    title: str
    why: str
    questions: list[CodingQuestion]


class CodingCrisis(Answer):
    """A crisis, and what this coder has said of it."""

    crisis_id: str
    order: str
    patron: str
    state: str
    start: str
    end: str
    name: str
    reached: int
    answers: dict[str, str]


class Coding(Answer):
    """A coder's session."""

    coder: str
    file: str
    steps: list[CodingStep]
    crises: list[CodingCrisis]
