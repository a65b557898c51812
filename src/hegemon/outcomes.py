"""What is asked of a set of parameters, in one line: "autonomy@KAZ@2022Q1", "crises.uprising", "survived@BLR".

    NAME[.DETAIL][@STATE][@QUARTER[..QUARTER]] [< NUMBER]

A measure of a neighbour or of the order is its mean over the quarters named, by default the last one; a count is of events
per history, a share is among crises, both by default over all quarters. With a comparison it is the share of histories in
which that holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from hegemon.errors import BadDate, BadValue, Missing, UnknownName, UnknownState, did_you_mean, shown
from hegemon.instruments import AGAINST, FOR, KINDS, NAMES
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.quarters import index

if TYPE_CHECKING:
    from hegemon.engine.histories import Chunk
    from hegemon.order import Order

Values = npt.NDArray[np.float64]

ALL = "all"
"""In place of a neighbour: the mean over all of them."""

COUNTS: Mapping[str, str] = {
    "crises": "crises",
    "answers": "crises answered by {detail}",
    "rescues": "crises in which the patron acts for the incumbents{by}",
    "punishments": "crises in which the patron acts against the incumbents{by}",
}
SHARES: Mapping[str, str] = {
    "chosen": "share of crises answered by {detail}",
    "requested": "share of crises in which the incumbents ask for help",
    "consented": "share of crises in which the pact consents",
    "survived": "share of crises that the incumbents survive",
}
"""Events counted, and facts taken as shares of crises; what comes after the dot is a kind of crisis or an instrument."""

OF_INSTRUMENTS = ("answers", "chosen", "rescues", "punishments")
ONE_SIDED = {"rescues": FOR, "punishments": AGAINST}
QUARTER = re.compile(r"[0-9]{4}.?[qQ].?[0-9]+")
FORM = "Write NAME@STATE@QUARTER, as in autonomy@KAZ@2022Q1."


@dataclass(frozen=True)
class Outcome:
    """One number per history, or a ratio of two."""

    text: str  # as it is written in results
    name: str  # of `PER_NEIGHBOUR`, `SHARED`, `COUNTS`, `SHARES`, or "orientation"
    detail: str  # a pole, a kind of crisis or an instrument; "" for the patron or all kinds
    state: str  # a neighbour, or `ALL`
    span: tuple[str, str]  # first and last quarter, both included
    below: bool  # with `bound`: the share of histories below it (True) or above it (False)
    bound: float | None
    words: str  # what it is, for a reader

    def read(self, chunk: Chunk, order: Order) -> tuple[Values, Values]:
        """Numerator and denominator of each history of a chunk."""
        quarters, states = list(order.quarters), list(order.states)
        first, last = (quarters.index(quarter) for quarter in self.span)
        if self.name in COUNTS or self.name in SHARES:
            top, crises = self._events(chunk, states, first, last)
            bottom = crises if self.name in SHARES else np.ones_like(top)
        else:
            values = chunk.measures[self.name]
            if self.name == "orientation":
                values = values[:, order.poles.index(self.detail or order.poles[0])]
            if self.name not in SHARED:
                values = values.mean(1) if self.state == ALL else values[:, states.index(self.state)]
            top = values[first : last + 1].mean(0).astype(float)
            bottom = np.ones_like(top)
        if self.bound is None:
            return top, bottom
        value = top / np.maximum(bottom, 1e-12)
        held = (value < self.bound if self.below else value > self.bound) & (bottom > 0)
        return held.astype(float), np.ones_like(top)

    def _events(self, chunk: Chunk, states: Sequence[str], first: int, last: int) -> tuple[Values, Values]:
        """Events counted, and crises among which they are, per history."""
        c = chunk.crises
        here = (c.quarter >= first) & (c.quarter <= last)
        if self.state != ALL:
            here &= c.state == states.index(self.state)
        if self.detail and self.name not in OF_INSTRUMENTS:
            here &= c.kind == KINDS.index(self.detail)
        if self.name == "crises":
            counted = here
        elif self.name in OF_INSTRUMENTS:
            counted = here & (c.instrument == NAMES.index(self.detail)) if self.detail else here
            counted = counted & (c.side == ONE_SIDED[self.name]) if self.name in ONE_SIDED else counted
        else:
            counted = here & (getattr(c, self.name) == 1)

        def number(which: npt.NDArray[np.bool_]) -> Values:
            return np.bincount(c.run[which] - chunk.first, minlength=chunk.runs).astype(float)

        return number(counted), number(here)


@dataclass(frozen=True)
class Condition:
    """An outcome's mean over a set's histories, below or above a bound."""

    outcome: Outcome
    below: bool
    bound: float

    @property
    def text(self) -> str:
        return f"{self.outcome.text} {'<' if self.below else '>'} {self.bound:g}"

    @property
    def words(self) -> str:
        return f"{self.outcome.words} {'below' if self.below else 'above'} {self.bound:g}"

    def holds(self, means: Values) -> npt.NDArray[np.bool_]:
        """For which sets."""
        return means < self.bound if self.below else means > self.bound


def defaults(order: Order) -> tuple[str, ...]:
    """What is asked where nothing is: the neighbours' room, the order's steepness, and whether force is ever used."""
    return ("autonomy", "hierarchy", "answers.unilateral_force > 0")


def parse(text: str, order: Order) -> Outcome:
    """An outcome from its line. Raises `UserError` for what the order does not have."""
    whole, compared, number = _compared(text)
    if not compared:
        return _outcome(whole, order, below=False, bound=None)
    if re.search("[<>]", whole):
        raise BadValue(f"{shown(text)} compares twice", "An outcome may have one comparison, a condition one more.")
    return _outcome(whole, order, below=compared == "<", bound=_bound(number, text))


def condition(text: str, order: Order) -> Condition:
    """A condition from its line, "autonomy@KAZ@2022Q1 < 0.2". Raises `UserError` as `parse` does."""
    whole, compared, number = _compared(text)
    if not compared:
        raise BadValue(f"{shown(text)} is no condition", "Compare with a number, as in autonomy@KAZ@2022Q1 < 0.2.")
    return Condition(parse(whole, order), compared == "<", _bound(number, text))


def _compared(text: str) -> tuple[str, str, str]:
    """What is compared, with `<` or `>` if at all, with what: split at the last comparison."""
    at = max(text.rfind("<"), text.rfind(">"))
    if at < 0:
        return text.strip(), "", ""
    if text[at + 1 : at + 2] == "=":
        raise BadValue(f"{shown(text)} uses {text[at]}=", f"Write {text[at]}: outcomes are means over histories.")
    return text[:at].strip(), text[at], text[at + 1 :].strip()


def _bound(number: str, text: str) -> float:
    try:
        bound = float(number)
    except ValueError:
        bound = float("nan")
    if not np.isfinite(bound):
        raise BadValue(f"{shown(text)} compares with no number", "Write it with a point, as in 0.2.")
    return bound


def _outcome(text: str, order: Order, *, below: bool, bound: float | None) -> Outcome:
    head, *places = (part.strip() for part in text.split("@"))
    name, dot, detail = head.partition(".")
    known = ("orientation", *PER_NEIGHBOUR, *SHARED, *COUNTS, *SHARES)
    if not name:
        raise Missing(f"{shown(text)} names no measure", FORM)
    if name not in known:
        raise UnknownName(f"no measure is called {shown(name)}", did_you_mean(name, known))
    if dot and not detail:
        raise Missing(f"nothing follows the dot of {shown(head)}", FORM)
    _check_detail(name, detail, order)
    when = [part for part in places if QUARTER.match(part)]
    where = [part for part in places if part not in when]
    if len(when) > 1 or len(where) > 1:
        raise BadValue(f"{shown(text)} has more than one state or quarter", FORM)
    state = where[0] if where else ALL
    if where and name in SHARED:
        raise BadValue(f"{name} is a measure of the whole order, not of {shown(state)}", f"Write {name}@QUARTER.")
    if state != ALL and state not in order.states:
        raise UnknownState(f"{shown(state)} is no neighbour in {order.name}", did_you_mean(state, (*order.states, ALL)))
    events = name in COUNTS or name in SHARES
    span = (
        _span(when[0], order) if when else ((order.quarters[0] if events else order.quarters[-1]), order.quarters[-1])
    )
    compared = "" if bound is None else f" {'<' if below else '>'} {bound:g}"
    parts = [head, *([] if name in SHARED else [state]), span[0] if span[0] == span[1] else "..".join(span)]
    words = _words(name, detail, state, span, order, bound is not None)
    if bound is not None:
        words = f"share of histories with {words} {'below' if below else 'above'} {bound:g}"
    return Outcome("@".join(parts) + compared, name, detail, state, span, below, bound, words)


def _check_detail(name: str, detail: str, order: Order) -> None:
    """Raise unless what follows the dot belongs there."""
    allowed: Mapping[str, Sequence[str]] = {
        "orientation": order.poles,
        **dict.fromkeys(OF_INSTRUMENTS, NAMES),
        **dict.fromkeys(("crises", "requested", "consented", "survived"), KINDS),
    }
    if detail and name not in allowed:
        raise UnknownName(f"{name} has no part {shown(detail)}", f"Write {name} alone.")
    if detail and detail not in allowed[name]:
        raise UnknownName(f"{name} has no part {shown(detail)}", did_you_mean(detail, allowed[name]))
    if name in OF_INSTRUMENTS and name not in ONE_SIDED and not detail:
        raise Missing(f"{name} needs an instrument", f"Write {name}.unilateral_force, or another: {', '.join(NAMES)}.")


def _span(text: str, order: Order) -> tuple[str, str]:
    first, _, last = (part.strip() for part in text.partition(".."))
    last = last or first
    for quarter in (first, last):
        if not index(order.quarters[0]) <= index(quarter) <= index(order.quarters[-1]):
            raise BadDate(
                f"{quarter} lies outside {order.name}", f"It covers {order.quarters[0]} to {order.quarters[-1]}."
            )
    if index(last) < index(first):
        raise BadDate(f"{last} lies before {first}", "Give the earlier quarter first.")
    return first, last


def _words(name: str, detail: str, state: str, span: tuple[str, str], order: Order, bounded: bool) -> str:
    """What it is, for a reader."""
    plain, events = detail.replace("_", " "), name in COUNTS or name in SHARES
    if events:
        said = {**COUNTS, **SHARES}[name].format(detail=plain, by=f" by {plain}" if plain else "")
        if detail and name not in OF_INSTRUMENTS:
            said = said.replace("crises", f"crises of kind {plain}", 1)
        if name in COUNTS and not bounded:
            said += " per history"
    elif name == "orientation":
        pole = next(p.name for p in order.scenario.poles if p.id == (detail or order.poles[0]))
        whose = "" if state == ALL else f"{order.scenario.states[state].name}'s "
        said = f"share of {whose}ties with {pole}"
    else:
        said = name.replace("_", " ")
    whole = span == (order.quarters[0], order.quarters[-1])
    when = span[0] if span[0] == span[1] else f"{span[0]} to {span[1]}"
    if state != ALL and name != "orientation" and name not in SHARED:
        said += f" {'in' if events else 'of'} {order.scenario.states[state].name}"
    elif state == ALL and not events and name not in SHARED:
        said += ", mean of all neighbours"
    return said + ("" if whole else f", {when}")
