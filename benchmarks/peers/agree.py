"""Whether the Mesa port and the engine are the same model: formula by formula, quarter by quarter, to rounding.

python benchmarks/peers/agree.py [--histories 3] [--json]

The port lives histories of its own. In each quarter the engine is put into the port's world and told the port's events, with
the small shocks set to 0 in both. Then every derived quantity, the odds of every part of an event and the next world are
compared: the port computes in double precision, the engine in single. The exit status is 1 where anything is further apart
than rounding explains.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from mesa_neighbour import Neighbour
from mesa_order import Order
from mesa_scenario import Scenario
from mesa_sides import directed, odds_for

import hegemon
from hegemon import drivers, law
from hegemon.dice import key
from hegemon.drivers import OPEN, Script
from hegemon.instruments import AGAINST, FOR, INSTRUMENTS, KINDS, NEITHER
from hegemon.opening import Opening, opening
from hegemon.order import default_parameters
from hegemon.world import World

ROUNDING = 1e-5
"""Largest difference that single precision explains. Most of what is compared lies between 0 and 1; nothing exceeds 20."""

EDGE = 0.01
"""So near its tipping point a public has two crowds that are one to the float; the port's is then taken."""

STILL = {"alignment.shock": 0.0, "alignment.shock_rivals": 0.0, "unrest.shock": 0.0}
POLES, SHARED = ("orientation", "elite"), ("capacity", "burden", "sanctions", "doctrine")
DERIVED = ("red_line", "breach", "consent", "mandate", "uncovered", "leaning_rival", "leaning_patron", "successor_tie",
           "survival")  # fmt: skip

Numbers = np.ndarray


def world_of(order: Order, states: list[Neighbour]) -> World:
    """The port's state of affairs as the engine's."""
    patron = order.patron
    fields: dict[str, Any] = {name: np.array([getattr(n, name) for n in states]).T for name in POLES}
    fields |= {name: [getattr(patron, name)] for name in SHARED}
    fields["attention"] = [[one] for one in patron.attention]
    fields["attraction"] = [[[value] for value in patron.attraction[kind]] for kind in KINDS]
    fields["experience"] = [[patron.experience[kind]] for kind in KINDS]
    rest = [f.name for f in dataclasses.fields(World) if f.name not in fields]
    fields |= {name: [getattr(n, name) for n in states] for name in rest}
    return World(**{name: np.asarray(value, np.float32) for name, value in fields.items()})


def script_of(states: list[Neighbour]) -> Script:
    """The quarter's events, all of them known."""
    known = {name: np.full(len(states), OPEN, np.int32) for name in Script.__dataclass_fields__}
    known["kind"][:] = 0
    for i, n in enumerate(states):
        if n.crisis is None:
            continue
        known["kind"][i] = KINDS.index(n.crisis.kind) + 1
        known["response"][i] = n.crisis.instrument
        known["side"][i] = (FOR if n.crisis.rescue else AGAINST) if directed(n.crisis.instrument) else NEITHER
        known["successor"][i] = n.crisis.successor + 1
        for name in ("severity", "line", "requested", "consented", "survived"):
            known[name][i] = int(getattr(n.crisis, name))
    return Script(**known)


def odds_of(order: Order, n: Neighbour) -> dict[str, list[float]]:
    """What the port gave each outcome of each part of a neighbour's event."""
    rates = n.hazards()
    total = sum(rates)
    any_ = -np.expm1(-n.proneness() * total)
    found = {"crisis": [1.0 - any_, *(any_ * rate / total for rate in rates)]}
    if n.crisis is None:
        return found
    crisis = n.crisis
    asks, agrees = n.odds_of_request(crisis), n.odds_of_consent(crisis)
    rescue = odds_for(order.p.side, crisis, crisis.instrument)
    sides = [rescue, 0.0, 1.0 - rescue] if directed(crisis.instrument) else [0.0, 1.0, 0.0]
    stays = n.odds_of_survival(crisis, order.done(crisis).shores_up)
    middle = 1.0 - n.leaning_rival - n.leaning_patron
    return found | {
        "severity": list(n.odds_of_severity(crisis.kind)), "line": list(n.odds_of_line()), "request": [1.0 - asks, asks],
        "consent": [1.0 - agrees, agrees], "response": order.patron.weigh(n, crisis), "side": sides,
        "survival": [1.0 - stays, stays],
        "successor": [n.leaning_patron, middle, n.leaning_rival],
    }  # fmt: skip


def shares(weights: Any) -> Numbers:
    stacked = np.stack([np.asarray(weight, float) for weight in weights])
    return stacked / stacked.sum(0)


def engine(start: Opening, params: law.Parameters) -> Callable[..., Any]:
    """One quarter of the engine: (world, quarter, events, crowd) -> crowd, standing, odds, utilities, next world."""
    luck = key((jnp.uint32(0), jnp.uint32(0)), jnp.uint32(0), jnp.uint32(0), jnp.uint32(0))

    @jax.jit
    def one(world: World, at: Any, script: Script, crowd: Any) -> Any:
        setting = dataclasses.replace(start.setting, **{name: path[at] for name, path in start.paths.items()})
        own = law.standing(world, setting, params).mobilisation
        now = law.standing(world, setting, params, crowd=crowd)
        _, prospects, following, seen = drivers.quarter(world, now, setting, params, luck, script)
        return own, now, seen, prospects.utilities, following

    return one


def compare(order: hegemon.Order, histories: int = 3, seed: int = 1) -> tuple[dict[str, float], set[str]]:
    """Largest difference between port and engine by quantity, over so many histories, and what happened in them."""
    order = order.with_parameters(STILL)
    start = jax.tree.map(jnp.asarray, opening(order))
    run = engine(start, order.parameters)
    scenario = Scenario(order.name, order.parameters)
    worst: dict[str, float] = {}
    happened: set[str] = set()

    def note(what: str, one: Any, other: Any, where: Any = True) -> None:
        gap = np.abs(np.asarray(one, float) - np.asarray(other, float))
        worst[what] = max(worst.get(what, 0.0), float(np.max(np.where(where, gap, 0.0), initial=0.0)))

    for history in range(histories):
        peer = Order(scenario, seed=seed + history)
        states = sorted(peer.neighbours, key=lambda n: n.iso3)
        assert [n.iso3 for n in states] == list(order.states)
        for field in dataclasses.fields(World):
            note("opening", getattr(world_of(peer, states), field.name), getattr(start.world, field.name))
        for at in range(len(scenario.quarters)):
            world = world_of(peer, states)
            peer.open()
            peer.neighbours.do("live")
            crowd = np.array([n.mobilisation for n in states], np.float32)
            own, now, seen, utilities, following = run(world, at, script_of(states), crowd)
            far = np.array([abs(n.threshold - peer.critical) > EDGE for n in states])
            note("mobilisation", own, crowd, far)
            for what in DERIVED:
                note(what, getattr(now, what), [getattr(n, what) for n in states])
            note("overstretch", now.overstretch, [peer.patron.overstretch])
            note("hierarchy", now.hierarchy, [peer.patron.hierarchy])
            for i, n in enumerate(states):
                for part, theirs in odds_of(peer, n).items():
                    note(f"odds of {part}", shares(seen[part])[:, i], shares(theirs))
                happened |= {"breach"} if n.breach > 0.0 else set()
                if n.crisis is not None:
                    happened |= {n.crisis.kind, INSTRUMENTS[n.crisis.instrument].name}
                    if directed(n.crisis.instrument):
                        happened |= {
                            f"{INSTRUMENTS[n.crisis.instrument].name}, {'for' if n.crisis.rescue else 'against'}"
                        }
                    note("utilities", [u[i] for u in utilities], n.crisis.utilities)
            peer.close()
            after = world_of(peer, states)
            for field in dataclasses.fields(World):
                note(f"next {field.name}", getattr(following, field.name), getattr(after, field.name))
    return worst, happened


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--histories", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    order = hegemon.load("post-soviet")
    orders = {"calibrated": order, "prior means": dataclasses.replace(order, parameters=default_parameters())}
    found = {which: compare(one, asked.histories) for which, one in orders.items()}
    if asked.json:
        told = {
            which: {"largest_difference": worst, "happened": sorted(seen)} for which, (worst, seen) in found.items()
        }
        print(json.dumps({"histories": asked.histories, "rounding": ROUNDING, **told}))
    else:
        for which, (worst, happened) in found.items():
            print(f"\n{which}, {asked.histories} histories, in which happened: {', '.join(sorted(happened))}\n")
            for what, gap in sorted(worst.items(), key=lambda item: -item[1]):
                print(f"{what:24} {gap:.1e}")
    return int(any(gap > ROUNDING for worst, _ in found.values() for gap in worst.values()))


if __name__ == "__main__":
    sys.exit(main())
