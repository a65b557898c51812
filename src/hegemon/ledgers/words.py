"""An estimand in words, made from its keys, so that what is said is what is computed."""

from __future__ import annotations

from collections.abc import Mapping

from hegemon.ledgers.tables import Crises, Estimand, Recorded, Side
from hegemon.scenarios.schema import Scenario

MOST = 6
"""Names a sentence lists; more are counted."""


def exactly(e: Estimand, s: Scenario) -> str:
    """What is computed."""
    outcome = _outcome(e, s)
    if e.b is None and e.against is None:
        return f"{outcome}{_order('', e.both, e.a, s)}."
    if e.against is not None:
        among = f", less the same among {crises(e.against, s)}" if e.share is not None else \
            f", less the same after {crises(e.against, s)}"  # fmt: skip
        return f"{outcome}{among}{_order('', e.both, e.a, s)}."
    common = _side(e.both, s)
    shared = f" Both: {common}." if common else ""
    luck = "" if e.paired else " Each throws dice of its own."
    return f"{outcome}: a less b.{shared} a: {_side(e.a, s) or 'as it is'}. b: {_side(e.b or Side(), s) or 'as it is'}.{luck}"


def claimed(e: Estimand | Recorded) -> str:
    """What is claimed of it."""
    if e.sign == "within":
        return f"from {_number(e.low or 0.0)} to {_number(e.high or 0.0)}"
    return f"{'above' if e.sign == 'positive' else 'below'} {_number(e.threshold)}"


def listed(items: list[str]) -> str:
    """Names in a sentence."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else "none"


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


MEASURES = {"multivector": "multi-vector index", "breach": "distance beyond the red line"}
"""Measures whose code is no word."""


def _number(x: float) -> str:
    return f"{x:g}"


def names(states: tuple[str, ...] | None, s: Scenario) -> str:
    """Neighbours by name."""
    if states is None:
        return "all neighbours"
    if len(states) > MOST:
        others = [state.name for iso3, state in s.states.items() if iso3 not in states]
        return f"all neighbours but {listed(others)}" if len(others) <= MOST else f"{len(states)} neighbours"
    return listed([s.states[iso3].name if iso3 in s.states else iso3 for iso3 in states])


def _outcome(e: Estimand, s: Scenario) -> str:
    if e.count is not None:
        return f"Number per history of {crises(e.count, s)}"
    if e.versatility is not None:
        return f"Entropy, over its maximum, of the instruments with which the patron answers {crises(e.versatility, s)}"
    if e.share is not None:
        return f"Share, among {crises(e.of or Crises(), s)}, of those {_also(e.share, s)}"
    what = _weighted(e.measure or {}, e.pole, s)
    if e.of is not None:
        return (f"Mean change in {what} of the neighbour in crisis, from the quarter before to {e.after} quarters after "
                f"{crises(e.of, s)}")  # fmt: skip
    first, last = e.when or (s.end, s.end)
    when = f"at the close of {first}" if first == last else f"mean of {first} to {last}"
    since = f", less at the close of {e.since}" if e.since else ""
    return f"Mean {what} over {names(e.who, s)}, {when}{since}"


def _weighted(measure: Mapping[str, float], pole: str | None, s: Scenario) -> str:
    def named(name: str) -> str:
        if name != "orientation":
            return MEASURES.get(name, plain(name))
        return f"share of ties with {next(p.name for p in s.poles if p.id == (pole or s.poles[0].id))}"

    parts = []
    for n, (name, weight) in enumerate(measure.items()):
        sign = "minus " if weight < 0 else "plus " if n else ""
        times = "" if abs(weight) == 1.0 else f"{_number(abs(weight))} times "
        parts.append(f"{sign}{times}{named(name)}")
    return " ".join(parts)


def crises(c: Crises, s: Scenario) -> str:
    """Which crises."""
    kinds = listed([_plural(kind) for kind in c.kind]) if c.kind else "crises"
    return f"{kinds}{_conditions(c, s)}"


def _plural(kind: str) -> str:
    return {"rival_turn": "turns to a rival", "interstate": "wars between neighbours"}.get(kind, f"{plain(kind)}s")


def _also(c: Crises, s: Scenario) -> str:
    kinds = f"that are {listed([_plural(kind) for kind in c.kind])}" if c.kind else ""
    return f"{kinds}{_conditions(c, s)}".strip()


def _conditions(c: Crises, s: Scenario) -> str:
    said = []
    if c.state:
        said.append(f"in {names(c.state, s)}")
    if c.instrument:
        said.append(f"answered with {' or '.join(plain(i) for i in c.instrument)}")
    if c.severity:
        said.append(f"of severity {' or '.join(map(str, c.severity))}")
    if c.line:
        said.append(f"under a {' or '.join(c.line)} line")
    for fact, yes, no in (
        (c.requested, "with a request for help", "without a request for help"),
        (c.consented, "with the pact's consent", "without the pact's consent"),
        (c.survived, "that the incumbents survived", "that the incumbents did not survive"),
    ):
        if fact is not None:
            said.append(yes if fact else no)
    if c.successor:
        said.append(f"followed by a {' or '.join(c.successor)} government")
    for name, (low, high) in c.before.items():
        said.append(f"with {MEASURES.get(name, plain(name))} of {_number(low)} to {_number(high)} before")
    if c.from_ or c.to:
        said.append(f"from {c.from_ or s.start} to {c.to or s.end}")
    return "".join(f" {part}" if n == 0 else f", {part}" for n, part in enumerate(said))


def _order(label: str, both: Side, side: Side, s: Scenario) -> str:
    said = "; ".join(part for part in (_side(both, s), _side(side, s)) if part)
    return f". In the order with: {said}" if said else ""


def _side(side: Side, s: Scenario) -> str:
    said = []
    if side.scenario:
        said.append(f"the scenario {side.scenario}")
    if side.record:
        said.append(f"history followed to {side.record}")
    if side.end:
        said.append(f"to {side.end}")
    if side.without:
        said.append(f"without {listed([plain(m) for m in side.without])}")
    if side.forbid:
        said.append(f"{listed([plain(i) for i in side.forbid])} forbidden")
    said += [f"{name} = {_number(value)}" for name, value in side.set.items()]
    said += [_forced(event, s) for event in side.force]
    said += [f"{key} = {value}" for key, value in _flat(side.change)]
    return ", ".join(said)


def _forced(event: Mapping[str, object], s: Scenario) -> str:
    state = str(event.get("state", ""))
    name = s.states[state].name if state in s.states else state
    text = f"{name} {event.get('quarter')}: {plain(str(event.get('crisis')))}"
    if event.get("instrument"):
        text += f" answered with {plain(str(event['instrument']))}"
    if event.get("survived") is not None:
        text += ", survived" if event["survived"] else ", not survived"
    return text


def _flat(tables: Mapping[str, object], above: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for key, value in tables.items():
        name = f"{above}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, value)]
    return found
