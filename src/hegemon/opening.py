"""From a scenario to arrays: the opening world, what is fixed, what is prescribed by quarter, what is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from hegemon.axes import Array
from hegemon.drivers import OPEN, Script
from hegemon.errors import UserError
from hegemon.instruments import CODE, KINDS, NAMES, SIDES
from hegemon.law import Parameters
from hegemon.quarters import index, span
from hegemon.world import Setting, World, settled

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.order import Order
    from hegemon.scenarios.schema import Scenario

Numbers = npt.NDArray[np.float32]

PER_YEAR = 4
MIDDLE = 1.5 / PER_YEAR  # mathematics: between the openings of the second quarter and the third, in years

LEANINGS = ("patron", "balanced", "rival")


class Opening(eqx.Module):
    """Everything a history starts from. `setting` holds first-quarter values of what `paths` prescribes."""

    world: World
    setting: Setting
    paths: Mapping[str, Array]  # by name of the setting's field, first axis quarters
    script: Script  # first axis quarters
    ages: Array | None = None  # years since independence, [Q, N]; None: all have been independent since the start


def _per_state(scenario: Scenario, name: str) -> Numbers:
    return np.array([getattr(state, name) for state in scenario.states.values()], np.float32)


def _per_tie(scenario: Scenario, name: str) -> Numbers:
    shares = [[getattr(s, name)[pole.id] for s in scenario.states.values()] for pole in scenario.poles]
    ties = np.array(shares, np.float32)
    return ties / ties.sum(0, keepdims=True)


def _shared(value: float) -> Numbers:
    return np.array([value], np.float32)


def opening_world(order: Order) -> World:
    """The world at the opening of the scenario's first quarter."""
    scenario = order.scenario
    zeros, one = np.zeros(len(scenario.states), np.float32), _shared(1.0)
    world = _figures(order, zeros, one)
    here = presence(scenario)
    return world if here is None else jax.tree.map(np.asarray, settled(world, np.asarray(here[0]), np.zeros_like(here[0]), world))


def _figures(order: Order, zeros: Numbers, one: Numbers) -> World:
    """The world of the scenario's figures, whoever is there."""
    scenario = order.scenario
    names = ("openness", "hold", "grievance", "dependence", "frozen", "deployment", "shelter", "integration",
             "fear", "legitimacy")  # fmt: skip
    return World(
        orientation=_per_tie(scenario, "orientation"),
        elite=_per_tie(scenario, "elite"),
        obligation=zeros,
        fallen=zeros,
        crises=zeros,
        expected=zeros,
        quiet=zeros + np.float32(order.parameters.blocks["war"].peace),
        member=_membership(scenario, [scenario.start])[0],
        capacity=one * _along(scenario.capacity.path, [scenario.start])[0],
        burden=_shared(0.0),
        sanctions=_shared(0.0),
        doctrine=_shared(scenario.doctrine.start),
        attention=_attention(scenario),
        attraction=np.zeros((len(KINDS), len(NAMES), 1), np.float32),
        experience=np.ones((len(KINDS), 1), np.float32),
        **{name: _per_state(scenario, name) for name in names},
    )


def _attention(scenario: Scenario) -> Numbers:
    return np.array([[pole.attention] for pole in scenario.poles], np.float32)


def presence(scenario: Scenario) -> Numbers | None:
    """Which neighbours are there in each quarter, [Q, N], 1 or 0; None where all are throughout."""
    from hegemon.scenarios.checks import there

    when = span(scenario.start, scenario.end)
    found = np.array([[there(scenario, state, quarter) for state in scenario.states] for quarter in when], np.float32)
    return None if found.all() else found


def ages(scenario: Scenario) -> Numbers | None:
    """Years since each neighbour's independence, by quarter, [Q, N]; None where all are taken to be new at the start."""
    if all(state.independent is None for state in scenario.states.values()):
        return None
    when = np.array([index(quarter) for quarter in span(scenario.start, scenario.end)])[:, None]
    born = np.array([index(state.independent or scenario.start) for state in scenario.states.values()])
    return (np.maximum(when - born, 0) / PER_YEAR).astype(np.float32)


def _entering(order: Order) -> World:
    """How each neighbour is when it enters: its figures, and its membership by then."""
    scenario = order.scenario
    world = _figures(order, np.zeros(len(scenario.states), np.float32), _shared(1.0))
    here = presence(scenario)
    if here is None:
        return world
    first = here.argmax(0)  # the quarter in which each is there for the first time
    member = _membership(scenario, span(scenario.start, scenario.end))[first, np.arange(len(first))]
    return dataclasses.replace(world, member=member)


def fixed(order: Order) -> Setting:
    """What the scenario holds fixed, with the first quarter's values of what it prescribes over time."""
    scenario = order.scenario
    states = list(scenario.states)
    n = len(states)
    matrices = {}
    for name in ("proximity", "rivalry"):
        matrix = np.zeros((n, n), np.float32)
        for one, others in getattr(scenario, name).items():
            for other, value in others.items():
                if one in states and other in states:
                    i, j = states.index(one), states.index(other)
                    matrix[i, j] = matrix[j, i] = value
        matrices[name] = matrix
    feud = np.zeros(n, np.float32)
    for one, others in scenario.rivalry.items():
        for other, value in others.items():
            for state, against in ((one, other), (other, one)):
                if against == scenario.patron.iso3:
                    feud[states.index(state)] = value
    first = {name: path[0] for name, path in paths(order).items()}
    if presence(scenario) is not None:
        first |= {"entry": _entering(order)}
    return Setting(
        **{"stake": _per_state(scenario, "stake"), "interest": _attention(scenario), "idea": _shared(scenario.doctrine.idea),
           "creed": _shared(scenario.doctrine.start), **first},
        cleavage=_per_state(scenario, "cleavage"),
        accession=_per_state(scenario, "accession"),
        unhappiness=_per_state(scenario, "grievance"),
        feud=feud,
        **marks(scenario),
        unanimity=_shared(float(scenario.pact is not None and scenario.pact.rule == "unanimity")),
        majority=_shared(float(scenario.pact is not None and scenario.pact.rule == "majority")),
        partner_share=_shared(1.0 - scenario.pact.patron_share if scenario.pact is not None else 0.0),
        **matrices,
    )


def marks(scenario: Scenario) -> dict[str, Numbers]:
    """Which pole is the patron's, which is the bloc, and which is the third: the first of the other rivals; [P, 1]."""
    poles = scenario.poles
    others = [pole for pole in poles[1:] if not pole.bloc]
    whose = {"patron": poles[:1], "bloc": [pole for pole in poles if pole.bloc], "third": others[:1]}
    return {name: np.array([[float(any(pole is each for each in some))] for pole in poles], np.float32)
            for name, some in whose.items()}  # fmt: skip


def _along(path: dict[int, float], quarters: list[str]) -> Numbers:
    """A path given by year, linear between years' middles, held beyond its ends."""
    when = np.array([index(quarter) / PER_YEAR for quarter in quarters])
    years = np.array(sorted(path), float)
    return np.interp(when, years + MIDDLE, [path[int(year)] for year in years]).astype(np.float32)


def _membership(scenario: Scenario, quarters: list[str]) -> Numbers:
    """Who is a member of the pact by the scenario's spells, [Q, N]."""
    states = list(scenario.states)
    member = np.zeros((len(quarters), len(states)), np.float32)
    for spell in scenario.pact.membership if scenario.pact else ():
        if spell.state not in states:
            continue
        for q, quarter in enumerate(quarters):
            ended = spell.to is not None and index(quarter) >= index(spell.to)
            if index(spell.from_) <= index(quarter) and not ended:
                member[q, states.index(spell.state)] = 1.0
    return member


def paths(order: Order) -> dict[str, Numbers]:
    """What the scenario prescribes by quarter: means, growth, youth, founding years, scheduled membership.

    Statehood is taken to be new at the scenario's start where nothing is said of it.
    """
    scenario = order.scenario
    quarters = span(scenario.start, scenario.end)
    years = np.arange(len(quarters)) / PER_YEAR
    youth = order.parameters.blocks["separatism"].youth
    until = index(scenario.pact.founding_until) if scenario.pact else -1
    founding = np.array([float(index(quarter) <= until) for quarter in quarters], np.float32)
    since = ages(scenario)
    return {
        **_turning(scenario, quarters),
        **_coming(scenario),
        "means": _along(scenario.capacity.path, quarters)[:, None],
        "growth": _along(scenario.growth.path, quarters)[:, None],
        "youth": np.exp(-years / youth).astype(np.float32)[:, None] if since is None else np.exp(-since / np.float32(youth)),
        "founding": founding[:, None],
        "scheduled": _membership(scenario, quarters),
    }


def _turning(scenario: Scenario, quarters: list[str]) -> dict[str, Numbers]:
    """What a scenario's turns prescribe: the poles' interest, the doctrine's idea and resting place, the patron's stakes."""
    turns = scenario.turns
    if turns is None:
        return {}
    found: dict[str, Numbers] = {}
    if turns.attention:
        steady = np.broadcast_to(_attention(scenario), (len(quarters), len(scenario.poles), 1)).copy()
        for p, pole in enumerate(scenario.poles):
            if pole.id in turns.attention:
                steady[:, p, 0] = _along(turns.attention[pole.id], quarters)
        found["interest"] = steady
    for name, path in (("idea", turns.idea), ("creed", turns.rest)):
        if path is not None:
            found[name] = _along(path, quarters)[:, None]
    if turns.resolve is not None:
        found["stake"] = _along(turns.resolve, quarters)[:, None] * _per_state(scenario, "stake")
    return found


def _coming(scenario: Scenario) -> dict[str, Numbers]:
    """Who is there, who will be in the next quarter, and who enters then."""
    here = presence(scenario)
    if here is None:
        return {}
    later = np.concatenate([here[1:], here[-1:]])
    return {"present": here, "staying": later, "entering": later * (1.0 - here)}


def script_of(record: pd.DataFrame, quarters: Sequence[str], states: Sequence[str], until: str) -> Script:
    """A record as a script, [Q, N] each: known to the quarter `until`, open afterwards.

    Needs columns quarter, state, kind, severity, line, instrument, requested, consented, survived and successor, and takes side
    where it is known; what concerns other quarters and states is left out.
    """
    known = {name: np.full((len(quarters), len(states)), OPEN, np.int32) for name in Script.__dataclass_fields__}
    last = quarters.index(until) + 1
    known["kind"][:last] = 0
    here = record[record["quarter"].isin(quarters[:last]) & record["state"].isin(states)]
    for row in here.to_dict("records"):
        at = quarters.index(row["quarter"]), states.index(row["state"])
        known["kind"][at] = KINDS.index(row["kind"]) + 1
        known["severity"][at] = row["severity"]
        known["line"][at] = LEANINGS.index(row["line"])
        known["response"][at] = CODE[row["instrument"]]
        for name in ("requested", "consented", "survived"):
            known[name][at] = int(row[name])
        if row.get("side"):
            known["side"][at] = SIDES.index(row["side"])
        if row["successor"]:
            known["successor"][at] = LEANINGS.index(row["successor"])
    return Script(**known)


def script(scenario: Scenario) -> Script:
    """What the scenario says is known: the record to its `record` quarter, and its forced events; [Q, N] each."""
    quarters, states = span(scenario.start, scenario.end), list(scenario.states)
    blank = np.full((len(quarters), len(states)), OPEN, np.int32)
    known = Script(**{name: blank.copy() for name in Script.__dataclass_fields__})
    if scenario.record is not None:
        from hegemon.history import coded, record_events

        record = record_events(coded(scenario), start=scenario.start, end=scenario.end)
        known = script_of(record, quarters, states, scenario.record)
    for force in scenario.force:
        at = quarters.index(force.quarter), states.index(force.state)
        known.kind[at] = KINDS.index(force.crisis) + 1
        if force.instrument is not None:
            known.response[at] = CODE[force.instrument]
            if force.instrument == "collective_force":
                known.requested[at] = known.consented[at] = 1
        for name in ("requested", "consented", "survived"):
            if getattr(force, name) is not None:
                getattr(known, name)[at] = int(getattr(force, name))
        if force.side is not None:
            known.side[at] = SIDES.index(force.side)
        if force.severity is not None:
            known.severity[at] = force.severity
        if force.line is not None:
            known.line[at] = LEANINGS.index(force.line)
        if force.successor is not None:
            known.successor[at] = LEANINGS.index(force.successor)
    return known


def opening(order: Order) -> Opening:
    """The order's scenario as arrays; reads the coded record if the scenario follows it."""
    return Opening(opening_world(order), fixed(order), paths(order), script(order.scenario), ages(order.scenario))


def swept(begin: Opening, params: Parameters) -> Opening:
    """An opening whose arrays end with an axis of runs, under parameters that differ between runs."""
    youth, peace = params.blocks["separatism"].youth, params.blocks["war"].peace
    if jnp.ndim(youth) > 0:
        years = jnp.arange(begin.script.kind.shape[0])[:, None, None] / PER_YEAR
        since = years if begin.ages is None else begin.ages
        begin = dataclasses.replace(begin, paths={**begin.paths, "youth": jnp.exp(-since / youth)})
    if jnp.ndim(peace) > 0:
        quiet = jnp.broadcast_to(peace, begin.world.quiet.shape)
        begin = dataclasses.replace(begin, world=dataclasses.replace(begin.world, quiet=quiet))
    return begin


def following(order: Order, record: pd.DataFrame | None = None) -> Opening:
    """The order's opening with the record known to the last quarter: history, instead of chance, decides every event.

    `record` has the columns of `hegemon.history()` or of `record_events`; None: the order's own. Raises `UserError` where it has
    none.
    """
    from hegemon.history import coded, record_events
    from hegemon.order import unscripted

    s = order.scenario
    if record is None:
        if s.history is None:
            raise UserError(f"{order.name} has no coded record. Give one, with the columns of `hegemon.history()`.")
        record = coded(s)
    if "kind" in record and "quarter" not in record:
        record = record_events(record, start=s.start, end=s.end)
    known = script_of(record, order.quarters, order.states, until=s.end)
    return dataclasses.replace(opening(unscripted(order)), script=known)
