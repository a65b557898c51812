"""What a scenario must be as a whole: names that exist, shares that add up, histories that can happen.

Names of mechanisms and instruments live in the model, which brings JAX along; it is only looked up where a
scenario speaks of them.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable
from importlib import resources

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
    did_you_mean,
    shown,
)
from hegemon.history import COVERAGE
from hegemon.scenarios.tables import FIGURES, Content, Force

LONGEST = 400
"""Most quarters a scenario spans: a century. More is a typing error in a year, and would fill the memory."""


def check(scenario: Content) -> None:
    """Raise the first mistake that no single value shows."""
    for part in (_clock, _names, _poles, _ties, _sources, _dyads, _pact, _posterior, _parameters, _forces):
        part(scenario)


def _clock(s: Content) -> None:
    first, last = quarters.index(s.start), quarters.index(s.end)
    if last <= first:
        raise BadDate(f"end = {shown(s.end)}", f"It must lie after start, {s.start}.", at=("end",))
    if last - first >= LONGEST:
        raise BadDate(
            f"{s.start} to {s.end} are {last - first + 1} quarters",
            f"A scenario spans at most {LONGEST}; check the years.",
            at=("end",),
        )
    for name, path in (("capacity", s.capacity.path), ("growth", s.growth.path)):
        if min(path) > quarters.year(s.start):
            raise Missing(
                f"{name}.path begins in {min(path)}",
                f"Give a value for {quarters.year(s.start)}, the year of start.",
                at=(name, "path"),
            )
    if s.history is not None:
        _known(s.history, COVERAGE, "history", ("history",), UnknownName)
    if s.record is None:
        return
    if not first <= quarters.index(s.record) <= last:
        raise BadDate(
            f"record = {shown(s.record)}",
            f"It must lie from start to end, {s.start} to {s.end}.",
            at=("record",),
        )
    if s.history is None:
        raise Missing(
            f"record = {shown(s.record)} follows a history, but none is named",
            'Add history = "post-soviet", or leave record out.',
            at=("record",),
        )
    since, until = COVERAGE[s.history]
    if quarters.index(s.record) > quarters.index(until):
        raise BadDate(f"record = {shown(s.record)}", f"The history {s.history} ends in {until}.", at=("record",))
    if first < quarters.index(since):
        raise BadDate(f"start = {shown(s.start)}", f"The history {s.history} begins in {since}.", at=("start",))


def _names(s: Content) -> None:
    if s.region is not None:
        maps = resources.files("hegemon").joinpath("pages").joinpath("maps").iterdir()
        _known(s.region, [file.name.removesuffix(".json") for file in maps], "region", ("region",), UnknownName)
    if s.patron.iso3 in s.states:
        raise BadValue(
            f"{s.patron.iso3} is the patron and a neighbour",
            "Take it out of [states].",
            at=("states", s.patron.iso3),
        )
    names, codes = {s.patron.name: s.patron.iso3}, {s.patron.cow: s.patron.iso3}
    for iso, state in s.states.items():
        if state.name in names:
            raise BadValue(
                f"{iso} and {names[state.name]} are both named {shown(state.name)}",
                "Give every state its own name.",
                at=("states", iso, "name"),
            )
        if state.cow in codes:
            raise BadValue(
                f"{iso} and {codes[state.cow]} both have cow = {state.cow}",
                "Correlates of War numbers are unique.",
                at=("states", iso, "cow"),
            )
        names[state.name], codes[state.cow] = iso, iso


def _poles(s: Content) -> None:
    ids = [pole.id for pole in s.poles]
    for i, name in enumerate(ids):
        if name in ids[:i]:
            raise BadValue(f"pole {shown(name)} is given twice", "Give every pole its own id.", at=("poles", i, "id"))
    if len(ids) < 2:
        raise Missing(
            f"{len(ids)} pole is given" if ids else "no pole is given",
            "An order needs the patron's pole first, then at least one rival.",
            at=("poles",),
        )
    if s.poles[0].bloc:
        raise BadValue(
            f"the patron's pole {shown(ids[0])} has bloc = true",
            "Only a rival can be the bloc.",
            at=("poles", 0, "bloc"),
        )
    blocs = [pole.id for pole in s.poles if pole.bloc]
    if len(blocs) != 1:
        count = f"{len(blocs)} poles ({', '.join(blocs)}) have bloc = true" if blocs else "no pole has bloc = true"
        raise BadValue(count, "Exactly one rival can offer accession and shelter.", at=("poles",))


def _ties(s: Content) -> None:
    ids = [pole.id for pole in s.poles]
    for iso, state in s.states.items():
        for name, shares in (("orientation", state.orientation), ("elite", state.elite)):
            at = ("states", iso, name)
            for pole in shares:
                _known(pole, ids, f"{'.'.join(at)}: pole", (*at, pole), UnknownPole)
            for pole in ids:
                if pole not in shares:
                    raise Missing(
                        f"{'.'.join(at)} has no share for {shown(pole)}",
                        f"Write {pole} = 0.0 if it is none.",
                        at=at,
                    )
            total = math.fsum(shares.values())
            if abs(total - 1.0) > 1e-6:
                raise OutOfRange(f"{'.'.join(at)} sums to {total:.6g}", "Shares of all poles must sum to 1.", at=at)


def _sources(s: Content) -> None:
    for name in FIGURES:
        if name not in s.sources and (name not in ("proximity", "rivalry") or getattr(s, name)):
            slips = difflib.get_close_matches(name, [extra for extra in s.sources if extra not in FIGURES], n=1)
            slip = f", but one for {shown(slips[0])}, which is no figure" if slips else ""
            raise Missing(
                f"[sources] has no entry for {name}{slip}",
                f'Add {name} = "..." with the data set, its year and how the figure follows.',
                at=("sources",),
            )


def _dyads(s: Content) -> None:
    for table, allowed in (("proximity", [*s.states]), ("rivalry", [*s.states, s.patron.iso3])):
        seen: dict[frozenset[str], str] = {}
        for one, others in getattr(s, table).items():
            _known(one, allowed, f"{table}: state", (table, one), UnknownState)
            for other in others:
                at = (table, one, other)
                _known(other, allowed, f"{table}.{one}: state", at, UnknownState)
                if one == other:
                    raise BadValue(f"{'.'.join(at)} pairs a state with itself", "Take it out.", at=at)
                pair = frozenset((one, other))
                if pair in seen:
                    raise BadValue(
                        f"{'.'.join(at)} gives the pair a second time",
                        f"It stands in {seen[pair]}; pairs are symmetric, write each once.",
                        at=at,
                    )
                seen[pair] = ".".join(at)


def _pact(s: Content) -> None:
    spells: dict[str, list[tuple[int, float]]] = {}
    for i, spell in enumerate(s.pact.membership if s.pact else ()):
        at: Path = ("pact", "membership", i)
        _known(spell.state, s.states, f"pact.membership {i + 1}: state", (*at, "state"), UnknownState)
        begin = quarters.index(spell.from_)
        end = quarters.index(spell.to) if spell.to is not None else math.inf
        if end <= begin:
            raise BadDate(
                f"membership of {spell.state} ends in {spell.to}",
                f"It must end after its start, {spell.from_}.",
                at=(*at, "to"),
            )
        for other_begin, other_end in spells.get(spell.state, []):
            if begin < other_end and other_begin < end:
                raise BadDate(
                    f"membership of {spell.state} from {spell.from_} overlaps the one from "
                    f"{quarters.label(other_begin)}",
                    "End one before the other begins.",
                    at=at,
                )
        spells.setdefault(spell.state, []).append((begin, end))


def _posterior(s: Content) -> None:
    if s.posterior is not None:
        from hegemon.posterior import builtin

        _known(s.posterior, builtin(), "posterior", ("posterior",), UnknownName)


def _parameters(s: Content) -> None:
    if not (s.without or s.parameters):
        return
    from hegemon.scenarios.overrides import check_mechanism, check_parameter

    for i, name in enumerate(s.without):
        check_mechanism(name, at=("without", i))
        if name in s.without[:i]:
            raise BadValue(f"without names {shown(name)} twice", "Once is enough.", at=("without", i))
    for block, values in s.parameters.items():
        for name, value in values.items():
            check_parameter(block, name, value, at=("parameters", block, name))
        if not values:
            check_parameter(block, "", 0.0, at=("parameters", block))


def _forces(s: Content) -> None:
    seen: dict[tuple[str, str], int] = {}
    for i, force in enumerate(s.force):
        at: Path = ("force", i)
        label = f"force {i + 1}"
        _known(force.state, s.states, f"{label}: state", (*at, "state"), UnknownState)
        now = quarters.index(force.quarter)
        if not quarters.index(s.start) <= now <= quarters.index(s.end):
            raise BadDate(
                f"{label}: quarter {shown(force.quarter)}",
                f"It must lie from {s.start} to {s.end}.",
                at=(*at, "quarter"),
            )
        if s.record is not None and now <= quarters.index(s.record):
            raise BadDate(
                f"{label}: quarter {shown(force.quarter)}",
                f"History is followed to {s.record}; force something later, or end the record earlier.",
                at=(*at, "quarter"),
            )
        if (force.state, force.quarter) in seen:
            raise BadValue(
                f"{label} gives {s.states[force.state].name}, {force.quarter} a second event",
                f"Keep it or force {seen[force.state, force.quarter]}.",
                at=at,
            )
        seen[force.state, force.quarter] = i + 1
        possible(s, force, label, at)


def possible(s: Content, force: Force, label: str, at: Path) -> None:
    """Raise what keeps an event from happening: its instrument, or who agreed, survived and came after."""
    from hegemon.instruments import INSTRUMENTS, KINDS, NAMES

    where = f"{s.states[force.state].name}, {force.quarter}"
    _known(force.crisis, KINDS, f"{label}: crisis", (*at, "crisis"), UnknownCrisis)
    hurdles = {name: _hurdle(s, force, name) for name in NAMES}
    if force.instrument is not None:
        _known(force.instrument, NAMES, f"{label}: instrument", (*at, "instrument"), UnknownInstrument)
        if hurdles[force.instrument]:
            feasible = ", ".join(name for name, hurdle in hurdles.items() if not hurdle)
            raise NotFeasible(
                f"{force.instrument} in {where}",
                f"{hurdles[force.instrument]} Feasible: {feasible}.",
                at=(*at, "instrument"),
            )
    mandated = any(i.needs_mandate for i in INSTRUMENTS if i.name == force.instrument)

    def refuse(key: str, what: str, remedy: str) -> NotFeasible:
        return NotFeasible(f"{what} in {where}", remedy, at=(*at, key))

    if mandated and force.consented is False:
        raise refuse("consented", f"{force.instrument} without consent", "It needs the pact's: set consented = true.")
    if force.consented and not _member(s, force):
        raise refuse("consented", "consent of the pact", _no_member(s, force))
    if force.survived and force.successor is not None:
        raise refuse(
            "successor",
            f"a {force.successor} successor to incumbents who survived",
            "Set survived = false, or leave successor out.",
        )


def _member(s: Content, force: Force) -> bool:
    return s.pact is not None and "pact" not in s.without and s.pact.has(force.state, force.quarter)


def _no_member(s: Content, force: Force) -> str:
    if s.pact is None:
        return "This order has no pact."
    if "pact" in s.without:
        return "The pact is switched off by without."
    return f"{s.states[force.state].name} was no member of the pact."


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
    if instrument.needs_mandate and not _member(s, force):
        return _no_member(s, force)
    return ""


def _known(word: str, known: Iterable[str], what: str, at: Path, kind: type[UnknownName]) -> None:
    names: Collection[str] = list(known)
    if word not in names:
        raise kind(f"{what} {shown(word)} is unknown", did_you_mean(word, names), at=at)
