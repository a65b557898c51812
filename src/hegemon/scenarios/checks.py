"""What a scenario must be as a whole: names that exist, shares that add up, histories that can happen.

Names of mechanisms and instruments live in the model, which brings JAX along; it is only looked up where a
scenario speaks of them.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable

from hegemon import quarters
from hegemon.errors import (
    BadDate,
    BadValue,
    Missing,
    NotFeasible,
    OutOfRange,
    Path,
    UnknownCrisis,
    UnknownInstrument,
    UnknownName,
    UnknownPole,
    UnknownState,
    UserError,
    did_you_mean,
    shown,
)
from hegemon.files import builtin
from hegemon.history import COVERAGE, coverage
from hegemon.scenarios.tables import FIGURES, Content, Force

LONGEST = 400
"""Most quarters a scenario spans: a century. More is a typing error in a year, and would fill the memory."""


def check(scenario: Content) -> None:
    """Raise the first mistake that no single value shows."""
    for part in (_clock, _turns, _presence, _names, _poles, _ties, _sources, _dyads, _pact, _intervals, _parameters, _forces):
        part(scenario)


def _clock(s: Content) -> None:
    first, last = quarters.index(s.start), quarters.index(s.end)
    if last <= first:
        raise BadDate(f"end = {shown(s.end)}", f"It must lie after start, {s.start}.", at=("end",))
    if last - first >= LONGEST:
        remedy = f"A scenario spans at most {LONGEST}; check the years."
        raise BadDate(f"{s.start} to {s.end} are {last - first + 1} quarters", remedy, at=("end",))
    for name, path in (("capacity", s.capacity.path), ("growth", s.growth.path)):
        if min(path) > quarters.year(s.start):
            remedy = f"Give a value for {quarters.year(s.start)}, the year of start."
            raise Missing(f"{name}.path begins in {min(path)}", remedy, at=(name, "path"))
    _files(s)
    if s.history is not None and not own(s.history):
        known(s.history, COVERAGE, "history", UnknownName, ("history",))
    if s.covered is not None:
        if s.history is None or not own(s.history):
            remedy = "It says how far a record of your own goes; leave it out."
            raise BadValue(f"covered = {shown(s.covered)} without a file of crises", remedy, at=("covered",))
        if not first <= quarters.index(s.covered) <= last:
            remedy = f"It must lie from start to end, {s.start} to {s.end}."
            raise BadDate(f"covered = {shown(s.covered)}", remedy, at=("covered",))
    if s.record is None:
        return
    given = f"record = {shown(s.record)}"
    if not first <= quarters.index(s.record) <= last:
        raise BadDate(given, f"It must lie from start to end, {s.start} to {s.end}.", at=("record",))
    if s.history is None:
        remedy = 'Add history = "post-soviet", or a file of your own, or leave record out.'
        raise Missing(f"{given} follows a history, but none is named", remedy, at=("record",))
    since, until = coverage(s)
    if quarters.index(s.record) > quarters.index(until):
        raise BadDate(given, f"The history {s.history} ends in {until}.", at=("record",))
    if first < quarters.index(since):
        raise BadDate(f"start = {shown(s.start)}", f"The history {s.history} begins in {since}.", at=("start",))


def _turns(s: Content) -> None:
    for name, path in s.turns.paths.items() if s.turns is not None else ():
        at = ("turns", *name.split("."))
        if name.startswith("attention."):
            known(at[-1], [pole.id for pole in s.poles], "turns.attention: pole", UnknownPole, at)
        if min(path) > quarters.year(s.start):
            remedy = f"Give a value for {quarters.year(s.start)}, the year of start."
            raise Missing(f"turns.{name} begins in {min(path)}", remedy, at=at)


def _presence(s: Content) -> None:
    first, last = quarters.index(s.start), quarters.index(s.end)
    for iso, state in s.states.items():
        enters = max(first, quarters.index(state.independent)) if state.independent else first
        if enters > last:
            raise BadDate(f"states.{iso}.independent = {shown(state.independent)}", f"It must lie before end, {s.end}.",
                          at=("states", iso, "independent"))  # fmt: skip
        if state.ended is not None and not enters < quarters.index(state.ended):
            raise BadDate(f"states.{iso}.ended = {shown(state.ended)}", f"It must lie after {quarters.label(enters)}.",
                          at=("states", iso, "ended"))  # fmt: skip


def there(s: Content, state: str, quarter: str) -> bool:
    """Whether a neighbour is there in a quarter: a state already, and still."""
    of, now = s.states[state], quarters.index(quarter)
    began = of.independent is None or quarters.index(of.independent) <= now
    return began and (of.ended is None or now < quarters.index(of.ended))


def own(word: str) -> bool:
    """Whether a word is a file of one's own, not the name of something built in."""
    return word.endswith((".csv", ".npz", ".py"))


def _files(s: Content) -> None:
    """What is named as a file has its content."""
    named: list[tuple[Path, str]] = [((key,), word) for key in ("history", "ties", "posterior") if (word := getattr(s, key))]
    named += [(("mechanisms", i), word) for i, word in enumerate(s.mechanisms or ())]
    for at, word in named:
        if own(word) and word not in (s.files or {}):
            remedy = "Write the scenario as a file beside it: a text alone has no folder to look in."
            raise Missing(f"{at[0]} = {shown(word)} comes without its file", remedy, at=at)
    seen: set[str] = set()
    for i, word in enumerate(s.mechanisms or ()):
        if word in seen:
            raise BadValue(f"mechanisms names {shown(word)} twice", "Once is enough.", at=("mechanisms", i))
        seen.add(word)


def _names(s: Content) -> None:
    for key, word, among in (
        ("region", s.region, (*builtin("pages/maps", ".json"), "cut")),
        ("posterior", s.posterior, builtin("posteriors", ".npz")),
    ):
        if word is not None and not own(word):
            known(word, among, key, UnknownName, (key,))
    if (iso := s.patron.iso3) in s.states:
        raise BadValue(f"{iso} is the patron and a neighbour", "Take it out of [states].", at=("states", iso))
    names, codes = {s.patron.name: s.patron.iso3}, {s.patron.cow: s.patron.iso3}
    for iso, state in s.states.items():
        if state.name in names:
            said = f"{iso} and {names[state.name]} are both named {shown(state.name)}"
            raise BadValue(said, "Give every state its own name.", at=("states", iso, "name"))
        if state.cow in codes:
            said = f"{iso} and {codes[state.cow]} both have cow = {state.cow}"
            raise BadValue(said, "Correlates of War numbers are unique.", at=("states", iso, "cow"))
        names[state.name], codes[state.cow] = iso, iso


def _poles(s: Content) -> None:
    ids = [pole.id for pole in s.poles]
    for i, name in enumerate(ids):
        if name in ids[:i]:
            raise BadValue(f"pole {shown(name)} is given twice", "Give every pole its own id.", at=("poles", i, "id"))
    if len(ids) < 2:
        remedy = "An order needs the patron's pole first, then at least one rival."
        raise Missing(f"{len(ids) or 'no'} pole is given", remedy, at=("poles",))
    if s.poles[0].bloc:
        said = f"the patron's pole {shown(ids[0])} has bloc = true"
        raise BadValue(said, "Only a rival can be the bloc.", at=("poles", 0, "bloc"))
    blocs = [pole.id for pole in s.poles if pole.bloc]
    if len(blocs) > 1:
        count = f"{len(blocs)} poles ({', '.join(blocs)}) have bloc = true"
        raise BadValue(count, "At most one rival can offer accession and shelter.", at=("poles",))


def _ties(s: Content) -> None:
    ids = [pole.id for pole in s.poles]
    for iso, state in s.states.items():
        for name, shares in (("orientation", state.orientation), ("elite", state.elite)):
            at = ("states", iso, name)
            for pole in shares:
                known(pole, ids, f"{'.'.join(at)}: pole", UnknownPole, (*at, pole))
            for pole in ids:
                if pole not in shares:
                    remedy = f"Write {pole} = 0.0 if it is none."
                    raise Missing(f"{'.'.join(at)} has no share for {shown(pole)}", remedy, at=at)
            total = math.fsum(shares.values())
            if abs(total - 1.0) > 1e-6:
                raise OutOfRange(f"{'.'.join(at)} sums to {total:.6g}", "Shares of all poles must sum to 1.", at=at)


def _sources(s: Content) -> None:
    for name in FIGURES:
        if name not in s.sources and (name not in ("proximity", "rivalry") or getattr(s, name)):
            slips = difflib.get_close_matches(name, [extra for extra in s.sources if extra not in FIGURES], n=1)
            slip = f", but one for {shown(slips[0])}, which is no figure" if slips else ""
            remedy = f'Add {name} = "..." with the data set, its year and how the figure follows.'
            raise Missing(f"[sources] has no entry for {name}{slip}", remedy, at=("sources",))


def _dyads(s: Content) -> None:
    for table, allowed in (("proximity", [*s.states]), ("rivalry", [*s.states, s.patron.iso3])):
        seen: dict[frozenset[str], str] = {}
        for one, others in getattr(s, table).items():
            known(one, allowed, f"{table}: state", UnknownState, (table, one))
            for other in others:
                at = (table, one, other)
                known(other, allowed, f"{table}.{one}: state", UnknownState, at)
                if one == other:
                    raise BadValue(f"{'.'.join(at)} pairs a state with itself", "Take it out.", at=at)
                pair = frozenset((one, other))
                if pair in seen:
                    remedy = f"It stands in {seen[pair]}; pairs are symmetric, write each once."
                    raise BadValue(f"{'.'.join(at)} gives the pair a second time", remedy, at=at)
                seen[pair] = ".".join(at)


def _pact(s: Content) -> None:
    spells: dict[str, list[tuple[int, float]]] = {}
    for i, spell in enumerate(s.pact.membership if s.pact else ()):
        at: Path = ("pact", "membership", i)
        known(spell.state, s.states, f"pact.membership {i + 1}: state", UnknownState, (*at, "state"))
        begin = quarters.index(spell.from_)
        end = quarters.index(spell.to) if spell.to is not None else math.inf
        if end <= begin:
            said = f"membership of {spell.state} ends in {spell.to}"
            raise BadDate(said, f"It must end after its start, {spell.from_}.", at=(*at, "to"))
        for other_begin, other_end in spells.get(spell.state, []):
            if begin < other_end and other_begin < end:
                said = f"membership of {spell.state} from {spell.from_} overlaps the one from {quarters.label(other_begin)}"
                raise BadDate(said, "End one before the other begins.", at=at)
        spells.setdefault(spell.state, []).append((begin, end))


def _intervals(s: Content) -> None:
    if s.intervals is None:
        return
    ids, rivals = [pole.id for pole in s.poles], {pole.id: pole.attention for pole in s.poles[1:]}
    for creed, span in s.intervals.doctrine.items():
        _around(getattr(s.doctrine, creed), span, ("intervals", "doctrine", creed))
    for pole, span in s.intervals.attention.items():
        known(pole, rivals, "intervals.attention: rival pole", UnknownPole, ("intervals", "attention", pole))
        _around(rivals[pole], span, ("intervals", "attention", pole))
    for iso, figures in s.intervals.states.items():
        known(iso, s.states, "intervals.states: state", UnknownState, ("intervals", "states", iso))
        for name, given in figures:
            at: Path = ("intervals", "states", iso, name)
            value = getattr(s.states[iso], name)
            for pole, span in given.items() if isinstance(given, dict) else [("", given)] if given else []:
                if pole:
                    known(pole, ids, f"{'.'.join(map(str, at))}: pole", UnknownPole, (*at, pole))
                _around(value[pole] if pole else value, span, (*at, pole) if pole else at)


def _around(value: float, span: tuple[float, float], at: Path) -> None:
    """Raise unless an interval rises, and holds the figure."""
    low, high = span
    if not low - 1e-9 <= value <= high + 1e-9:
        what = f"{'.'.join(map(str, at))} = [{low:g}, {high:g}]"
        raise OutOfRange(what, f"It must rise, and hold the figure itself, {value:g}.", at=at)


def _parameters(s: Content) -> None:
    if not (s.without or s.parameters):
        return
    from hegemon.mechanisms.outside import mechanisms_of
    from hegemon.scenarios.overrides import check_mechanism, check_parameter

    of = mechanisms_of(s)
    for i, name in enumerate(s.without):
        check_mechanism(name, at=("without", i), of=of)
        if name in s.without[:i]:
            raise BadValue(f"without names {shown(name)} twice", "Once is enough.", at=("without", i))
    for block, values in s.parameters.items():
        for name, value in values.items():
            check_parameter(block, name, value, at=("parameters", block, name), of=of)
        if not values:
            check_parameter(block, "", 0.0, at=("parameters", block), of=of)


def _forces(s: Content) -> None:
    seen: dict[tuple[str, str], int] = {}
    for i, force in enumerate(s.force):
        at: Path = ("force", i)
        label = f"force {i + 1}"
        known(force.state, s.states, f"{label}: state", UnknownState, (*at, "state"))
        now, said = quarters.index(force.quarter), f"{label}: quarter {shown(force.quarter)}"
        if not quarters.index(s.start) <= now <= quarters.index(s.end):
            raise BadDate(said, f"It must lie from {s.start} to {s.end}.", at=(*at, "quarter"))
        if s.record is not None and now <= quarters.index(s.record):
            remedy = f"History is followed to {s.record}; force something later, or end the record earlier."
            raise BadDate(said, remedy, at=(*at, "quarter"))
        if (force.state, force.quarter) in seen:
            said = f"{label} gives {s.states[force.state].name}, {force.quarter} a second event"
            raise BadValue(said, f"Keep it or force {seen[force.state, force.quarter]}.", at=at)
        seen[force.state, force.quarter] = i + 1
        possible(s, force, label, at)


def possible(s: Content, force: Force, label: str, at: Path) -> None:
    """Raise what keeps an event from happening: its instrument, or who agreed, survived and came after."""
    from hegemon.instruments import INSTRUMENTS, KINDS, NAMES

    known(force.crisis, KINDS, f"{label}: crisis", UnknownCrisis, (*at, "crisis"))
    if not there(s, force.state, force.quarter):
        of = s.states[force.state]
        spell = " ".join(f"{word} {when}" for word, when in (("from", of.independent), ("before", of.ended)) if when)
        raise NotFeasible(f"a crisis in {of.name}, {force.quarter}", f"It is a neighbour {spell}.", at=(*at, "quarter"))
    if force.instrument is not None:
        known(force.instrument, NAMES, f"{label}: instrument", UnknownInstrument, (*at, "instrument"))
    hurdles = {name: _hurdle(s, force, name) for name in NAMES}
    mandated = any(i.needs_mandate for i in INSTRUMENTS if i.name == force.instrument)
    feasible = ", ".join(name for name, hurdle in hurdles.items() if not hurdle)
    for key, wrong, what, remedy in (
        ("instrument", hurdles.get(force.instrument or ""), force.instrument,
         f"{hurdles.get(force.instrument or '')} Feasible: {feasible}."),
        ("consented", mandated and force.consented is False, f"{force.instrument} without consent",
         "It needs the pact's: set consented = true."),
        ("consented", force.consented and _not_in_pact(s, force), "consent of the pact", _not_in_pact(s, force)),
        ("side", _unsided(force), f"{force.instrument or 'an answer'} {force.side} the incumbents", _unsided(force)),
        ("successor", force.survived and force.successor is not None,
         f"a {force.successor} successor to incumbents who survived", "Set survived = false, or leave successor out."),
    ):  # fmt: skip
        if wrong:
            raise NotFeasible(f"{what} in {s.states[force.state].name}, {force.quarter}", remedy, at=(*at, key))


def _not_in_pact(s: Content, force: Force) -> str:
    """In words, why a neighbour is no member of the pact; empty if it is."""
    if s.pact is None:
        return "This order has no pact."
    if "pact" in s.without:
        return "The pact is switched off by without."
    return "" if s.pact.has(force.state, force.quarter) else f"{s.states[force.state].name} was no member of the pact."


def _unsided(force: Force) -> str:
    """In words, why an act cannot be on the side that is said; empty if it can, or if no side is said."""
    from hegemon.instruments import INSTRUMENTS, SIDES

    if force.side is None:
        return ""
    if force.instrument is None:
        return "Say with which instrument, or leave the side out."
    sides = next(i.sides for i in INSTRUMENTS if i.name == force.instrument)
    if SIDES.index(force.side) in sides:
        return ""
    return f"It is used {SIDES[sides[0]]} them." if sides else f"{force.instrument} has no side; leave it out."


def _hurdle(s: Content, force: Force, name: str) -> str:
    """In words, what stands in the way of an instrument; empty if nothing does."""
    from hegemon.instruments import INSTRUMENTS

    instrument = next(i for i in INSTRUMENTS if i.name == name)
    if instrument is not INSTRUMENTS[0] and "response" in s.without:
        return "The patron's response is switched off by without."
    if instrument.needs_ground and "separatism" in s.without:
        return "Separatism is switched off by without."
    if instrument.needs_ground and not s.states[force.state].cleavage > 0.0:
        return f"{s.states[force.state].name} has no ground for separatism (cleavage = 0)."
    return _not_in_pact(s, force) if instrument.needs_mandate else ""


def known(word: str, names: Iterable[str], what: str, mistake: type[UserError], at: Path) -> None:
    """Raise a `mistake` unless a word is among the names of such a thing."""
    if word not in (among := list(names)):
        raise mistake(f"{what} {shown(word)} is unknown", did_you_mean(word, among), at=at)
