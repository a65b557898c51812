"""What the format's types cannot show: names, spans, and whether an estimand asks one clear question."""

from __future__ import annotations

from collections.abc import Sequence

from hegemon import quarters
from hegemon.errors import (
    BadDate,
    BadValue,
    Missing,
    OutOfRange,
    Path,
    UnknownInstrument,
    UnknownName,
    UnknownState,
    did_you_mean,
    inside,
    shown,
)
from hegemon.instruments import KINDS, NAMES, SIDES
from hegemon.ledgers.sides import Base, Variant, sides
from hegemon.ledgers.tables import EVERY, OUTCOMES, Claim, Crises, Estimand, Recorded, Side
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.mechanisms import Mechanism
from hegemon.mechanisms.outside import mechanisms_of
from hegemon.pooled.worths import WORTHS
from hegemon.scenarios.checks import known
from hegemon.scenarios.overrides import check_mechanism, check_parameter
from hegemon.scenarios.schema import Scenario
from hegemon.scenarios.tables import LEANINGS

OF_NEIGHBOUR = ("orientation", "breach", *PER_NEIGHBOUR)
"""Measures of a neighbour: its share of ties with a pole, how far it is beyond the red line, and the model's own."""

FACTS = {"kind": KINDS, "instrument": NAMES, "side": SIDES, "line": LEANINGS, "successor": LEANINGS}
"""What facts of a crisis are called, by key."""

MEASURES = (*OF_NEIGHBOUR, *SHARED)
"""Everything an estimand can measure."""


def check(claims: Sequence[Claim], base: Base) -> None:
    """Raise `UserError` for the first thing that is wrong, `at` naming the place."""
    seen: set[str] = set()
    of = mechanisms_of(base.scenario)
    for c, claim in enumerate(claims):
        if claim.id in seen:
            raise BadValue(f"two claims have the id {shown(claim.id)}", "Give each its own.", at=("claim", c, "id"))
        seen.add(claim.id)
        with inside("claim", c):
            for name in claim.mechanisms or ():
                check_mechanism(name, at=("mechanisms",), of=of)
            for name in claim.assumes or ():
                _assumed(name)
            for e, estimand in enumerate(claim.estimand):
                with inside("estimand", e):
                    _estimand(estimand, base)
            for r, recorded in enumerate(claim.record):
                with inside("record", r):
                    _recorded(recorded, base)
            for w, priced in enumerate(claim.worth):
                known(priced.worth, [worth.name for worth in WORTHS], "worth", UnknownName, ("worth", w, "worth"))


def _estimand(estimand: Estimand, base: Base) -> None:
    _question(estimand)
    for name, side in (("both", estimand.both), ("a", estimand.a), ("b", estimand.b)):
        if side is not None:
            _side(side, name, mechanisms_of(base.scenario))
    found = sides(estimand, base)
    _comparable(found)
    _answerable(estimand, found[0].scenario)


def _question(e: Estimand) -> None:
    """One outcome, of one kind, with a claim about it."""
    given = [name for name in OUTCOMES if getattr(e, name) is not None]
    if len(given) != 1:
        said = f"has {' and '.join(given)}" if given else "says not what it looks at"
        raise BadValue(f"the estimand {said}", f"Give exactly one of {', '.join(OUTCOMES)}.", at=(given[1],) if given else ())
    allowed = {
        "measure": ("pole", "who", "when", "since") if e.of is None else ("pole", "of", "against", "after"),
        "share": ("of", "against"),
        "count": (),
        "versatility": (),
    }[given[0]]
    for name in ("pole", "who", "when", "since", "of", "against", "after"):
        if getattr(e, name) is not None and name not in allowed:
            aside = " with of" if given[0] == "measure" and e.of is not None else ""
            takes = f"It goes with: {', '.join(allowed)}." if allowed else "It takes none of these keys."
            raise BadValue(f"{name} says nothing beside {given[0]}{aside}", takes, at=(name,))
    if given[0] == "share" and e.of is None:
        raise Missing("share without of", "Say of which crises: of = { kind = \"uprising\" }; of = {} is all.", at=("share",))
    if given[0] == "measure" and e.of is not None and e.after is None:
        raise Missing("measure with of, without after", "Say how many quarters after those crises: after = 4.", at=("of",))
    if e.against is not None and e.b is not None:
        raise BadValue("against beside side b", "Compare crises within one order, or two orders, not both.", at=("against",))
    if not e.paired and e.b is None:
        raise BadValue("paired = false without side b", "There is nothing to pair; leave it out.", at=("paired",))
    claimed(e)


def claimed(e: Estimand | Recorded) -> None:
    """Threshold, or low and high, as the sign needs."""
    for name in ("low", "high"):
        if e.sign == "within" and getattr(e, name) is None:
            raise Missing(f'sign = "within" without {name}', "Give low and high.", at=("sign",))
        if e.sign != "within" and getattr(e, name) is not None:
            raise BadValue(f"{name} beside sign = {shown(e.sign)}", 'It goes with sign = "within".', at=(name,))
    if e.sign == "within":
        if e.low is not None and e.high is not None and e.low >= e.high:
            raise BadValue(f"low = {e.low:g} is not below high = {e.high:g}", "Exchange them.", at=("low",))
        if e.threshold != 0.0:
            raise BadValue('threshold beside sign = "within"', "low and high say it all; leave it out.", at=("threshold",))


def _side(side: Side, name: str, of: tuple[Mechanism, ...]) -> None:
    for instrument in side.forbid or ():
        known(instrument, NAMES[1:], "instrument", UnknownInstrument, (name, "forbid"))
    for parameter, value in side.set.items():
        block, dot, field = parameter.partition(".")
        if not dot:
            raise BadValue(f"set {shown(parameter)}", 'Write "mechanism.parameter" = value.', at=(name, "set", parameter))
        check_parameter(block, field, value, at=(name, "set", parameter), of=of)
    for mechanism in side.without or ():
        check_mechanism(mechanism, at=(name, "without"), of=of)
    for key in ("states", "poles", "start", "parameters", "without", "force", "record", "end"):
        if key in side.change and not (key == "states" and isinstance(side.change[key], dict)):
            better = {"parameters": "set", "poles": "a scenario of your own", "start": "a scenario of your own"}.get(key, key)
            raise BadValue(f"change.{key}", f"Use {better} instead.", at=(name, "change"))


def _comparable(found: Sequence[Variant]) -> None:
    """Two sides are two orders of the same neighbours in the same quarters."""
    if len(found) < 2:
        return
    a, b = (given.scenario for given in found)
    if sorted(a.states) != sorted(b.states):
        raise BadValue("sides a and b have other neighbours", "Compare orders of the same neighbours.", at=("b",))
    if (a.start, a.end) != (b.start, b.end):
        spans = f"{a.start} to {a.end} and {b.start} to {b.end}"
        raise BadDate(f"sides a and b cover {spans}", "Set end in both.", at=("b",))
    if len(a.poles) != len(b.poles):
        raise BadValue("sides a and b have other poles", "Compare orders with the same poles.", at=("b",))
    if found[0].key == found[1].key:
        raise BadValue("sides a and b are the same order", "Change something in one of them.", at=("b",))


def _answerable(e: Estimand, s: Scenario) -> None:
    """Names and quarters that the order has."""
    for name in e.measure or {}:
        known(name, OF_NEIGHBOUR if e.of is not None else MEASURES, "measure", UnknownName, ("measure",))
    if e.measure is not None and e.who is not None and not set(e.measure) & set(OF_NEIGHBOUR):
        raise BadValue("who beside measures of the whole order", "They have no neighbours; leave it out.", at=("who",))
    if e.pole is not None:
        known(e.pole, [pole.id for pole in s.poles], "pole", UnknownName, ("pole",))
    for state in e.who or ():
        known(state, s.states, "state", UnknownState, ("who",))
    for quarter in e.when or ():
        _inside(quarter, s, ("when",))
    if e.when is not None and quarters.index(e.when[0]) > quarters.index(e.when[1]):
        raise BadDate(f"when runs from {e.when[0]} to {e.when[1]}", "Give the earlier quarter first.", at=("when",))
    if e.since is not None:
        _inside(e.since, s, ("since",))
        if quarters.index(e.since) >= quarters.index((e.when or (s.end, s.end))[0]):
            raise BadDate(f"since = {e.since} is not before when", "A change needs time to happen.", at=("since",))
    for name in ("share", "count", "versatility", "of", "against"):
        crises(getattr(e, name), s, name)
    if e.after is not None and e.after >= len(quarters.span(s.start, s.end)):
        raise OutOfRange(f"after = {e.after}", f"The order runs from {s.start} to {s.end} only.", at=("after",))


def crises(f: Crises | None, s: Scenario, key: str, *, of_record: bool = False) -> None:
    """A choice of crises, under a key of its estimand, that some crisis of the order could meet."""
    if f is None:
        return
    codes = {**FACTS, "state": s.states}
    for part, names in codes.items():
        for name in getattr(f, part) or ():
            known(name, names, part, UnknownState if part == "state" else UnknownName, (key, part))
    for part, quarter in (("from", f.from_), ("to", f.to)):
        if quarter is not None:
            _inside(quarter, s, (key, part))
    if f.from_ is not None and f.to is not None and quarters.index(f.from_) > quarters.index(f.to):
        raise BadDate(f"{key} runs from {f.from_} to {f.to}", "Give the earlier quarter first.", at=(key, "from"))
    if f.successor is not None and f.survived:
        raise BadValue(f"{key}: a successor to incumbents who survived", "Leave one out.", at=(key, "successor"))
    if f.drawn is not None:
        raise BadValue(f"{key}.drawn", 'Only the record of all orders says it: history = "all".', at=(key, "drawn"))
    if f.before and of_record:
        raise BadValue(f"{key}.before", "The record holds crises, no measures; leave it out.", at=(key, "before"))
    for name, (low, high) in f.before.items():
        known(name, OF_NEIGHBOUR, "measure", UnknownName, (key, "before"))
        if low > high:
            said = f"{key}.before.{name} runs from {low:g} to {high:g}"
            raise BadValue(said, "Give the lower first.", at=(key, "before"))


def _recorded(r: Recorded, base: Base) -> None:
    from hegemon.history import COVERAGE

    if r.history is None and base.scenario.history is None:
        raise Missing(f"{base.scenario.name} has no coded record", "Name one: history = \"post-soviet\".")
    if r.history is not None:
        known(r.history, (*COVERAGE, EVERY), "history", UnknownName, ("history",))
    if r.sign is not None:
        claimed(r)
    for name in ("share", "of", "against"):
        choice = getattr(r, name)
        if r.history == EVERY:
            _of_every(choice, name)
        else:
            crises(choice, base.scenario, name, of_record=True)


def _assumed(pattern: str) -> None:
    from hegemon.inference.twins import matching
    from hegemon.inference.vector import FREE

    if not matching((pattern,)):
        raise UnknownName(f"no parameter is called {shown(pattern)}", did_you_mean(pattern, FREE), at=("assumes",))


def _of_every(f: Crises | None, key: str) -> None:
    """A choice among the crises of every order: of facts alone, since states and quarters are of many orders."""
    if f is None:
        return
    for part in ("state", "from_", "to", "before"):
        if getattr(f, part):
            said = f"{key}.{part.rstrip('_')} in the record of all orders"
            raise BadValue(said, "Leave it out, or name one record.", at=(key,))
    for part, names in FACTS.items():
        for name in getattr(f, part) or ():
            known(name, names, part, UnknownName, (key, part))


def _inside(quarter: str, s: Scenario, at: Path) -> None:
    if not quarters.index(s.start) <= quarters.index(quarter) <= quarters.index(s.end):
        raise BadDate(f"{at[-1]} = {quarter}", f"The order runs from {s.start} to {s.end}.", at=at)
