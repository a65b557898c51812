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
        return f"{outcome}{_order(e.both, e.a, s)}."
    if e.against is not None:
        among = "among" if e.share is not None else "after"
        return f"{outcome}, less the same {among} {crises(e.against, s)}{_order(e.both, e.a, s)}."
    common = _side(e.both, s)
    shared = f" Both: {common}." if common else ""
    luck = "" if e.paired else " Each throws dice of its own."
    return f"{outcome}: a less b.{shared} a: {_side(e.a, s) or 'as it is'}. b: {_side(e.b or Side(), s) or 'as it is'}.{luck}"


def claimed(e: Estimand | Recorded) -> str:
    """What is claimed of it."""
    if e.sign == "within":
        return f"from {e.low or 0.0:g} to {e.high or 0.0:g}"
    return f"{'above' if e.sign == 'positive' else 'below'} {e.threshold:g}"


def listed(items: list[str]) -> str:
    """Names in a sentence."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else "none"


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


MEASURES = {"multivector": "multi-vector index", "breach": "distance beyond the red line"}
"""Measures whose code is no word."""


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
        times = "" if abs(weight) == 1.0 else f"{abs(weight):g} times "
        parts.append(f"{sign}{times}{named(name)}")
    return " ".join(parts)


def crises(c: Crises, s: Scenario) -> str:
    """Which crises."""
    return f"{_kinds(c) or 'crises'}{_conditions(c, s)}"


def _kinds(c: Crises) -> str:
    plural = {"rival_turn": "turns to a rival", "interstate": "wars between neighbours"}
    return listed([plural.get(kind, f"{plain(kind)}s") for kind in c.kind]) if c.kind else ""


def _also(c: Crises, s: Scenario) -> str:
    return f"{f'that are {_kinds(c)}' if c.kind else ''}{_conditions(c, s)}".strip()


def _conditions(c: Crises, s: Scenario) -> str:
    said = [
        f"in {names(c.state, s)}" if c.state else "",
        f"answered with {' or '.join(map(plain, c.instrument))}" if c.instrument else "",
        f"by an act {_sides(c.side)}" if c.side else "",
        f"of severity {' or '.join(map(str, c.severity))}" if c.severity else "",
        f"under a {' or '.join(c.line)} line" if c.line else "",
        {None: "", True: "with a request for help", False: "without a request for help"}[c.requested],
        {None: "", True: "with the pact's consent", False: "without the pact's consent"}[c.consented],
        {None: "", True: "that the incumbents survived", False: "that the incumbents did not survive"}[c.survived],
        f"followed by a {' or '.join(c.successor)} government" if c.successor else "",
        *(f"with {MEASURES.get(name, plain(name))} of {low:g} to {high:g} before" for name, (low, high) in c.before.items()),
        f"from {c.from_ or s.start} to {c.to or s.end}" if c.from_ or c.to else "",
    ]
    return f" {_joined(said)}" if any(said) else ""


def _sides(sides: tuple[str, ...]) -> str:
    """Whom an act is for."""
    words = {"for": "for the incumbents", "against": "against the incumbents", "neither": "for neither side"}
    return " or ".join(words[side] for side in sides)


def _joined(parts: list[str], by: str = ", ") -> str:
    """Those parts that say something."""
    return by.join(part for part in parts if part)


def _order(both: Side, side: Side, s: Scenario) -> str:
    said = _joined([_side(both, s), _side(side, s)], "; ")
    return f". In the order with: {said}" if said else ""


def _side(side: Side, s: Scenario) -> str:
    return _joined([
        f"the scenario {side.scenario}" if side.scenario else "",
        f"history followed to {side.record}" if side.record else "",
        f"to {side.end}" if side.end else "",
        f"without {listed([*map(plain, side.without)])}" if side.without else "",
        f"{listed([*map(plain, side.forbid)])} forbidden" if side.forbid else "",
        *(f"{name} = {value:g}" for name, value in side.set.items()),
        *(_forced(event, s) for event in side.force),
        *(f"{key} = {value}" for key, value in _flat(side.change)),
    ])  # fmt: skip


def _forced(event: Mapping[str, object], s: Scenario) -> str:
    state = str(event.get("state", ""))
    name = s.states[state].name if state in s.states else state
    text = f"{name} {event.get('quarter')}: {plain(str(event.get('crisis')))}"
    if event.get("instrument"):
        text += f" answered with {plain(str(event['instrument']))}"
    if event.get("side"):
        text += f" {_sides((str(event['side']),))}"
    if event.get("survived") is not None:
        text += ", survived" if event["survived"] else ", not survived"
    return text


def _flat(tables: Mapping[str, object], above: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for key, value in tables.items():
        name = f"{above}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, value)]
    return found
