"""The default order written for Mesa 3, one history at a time: what a modeller would do without hegemon.

python benchmarks/peers/mesa_order.py --histories 5 --json

Agents are the fourteen neighbours (mesa_neighbour.py) and the patron (mesa_patron.py). A quarter is
staged, as in simultaneous activation: all look, crises break out and are answered, all work out their
next state from the old one, all advance. Parameters and instruments are hegemon's own (mesa_scenario.py),
figures come from the scenario file; agree.py compares the port with the engine, formula by formula. Written
to be fast for what it is: plain floats and `math` where a state handles four poles, NumPy only for the
matrix of proximities, and the patron weighs its nine instruments only where there is a crisis; the engine
does so everywhere.

All of the mechanisms are here. Left out: the record and forced events, a player's seat, switching
mechanisms off, the majority and patron-only charters, the measures (autonomy, multi-vector index) and
their summaries over histories, log-probabilities, reproducible luck by name, and a DataCollector (which
would only slow it down).
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from types import SimpleNamespace

import mesa
import numpy as np
from mesa_neighbour import Crisis, Neighbour, clip, normal_cdf
from mesa_patron import Patron
from mesa_scenario import Scenario
from mesa_sides import both_sides

from hegemon.instruments import COLLECTIVE_FORCE, INSTRUMENTS, KINDS


class Order(mesa.Model):
    """An order of one patron and its neighbours; a step is a quarter."""

    def __init__(self, scenario: Scenario, seed: int | None = None) -> None:
        super().__init__(seed=seed)
        self.scenario, self.p, self.effects = scenario, scenario.p, scenario.effects
        self.sides = both_sides(self.effects, self.p.side.mild)
        self.at = -1
        spread = self.p.unrest.spread
        touch = math.sqrt(max(0.0, -2.0 * math.log(spread * math.sqrt(2.0 * math.pi))))
        self.critical = normal_cdf(-touch) + spread * touch
        self.patron = Patron(self)
        for index, (iso3, given) in enumerate(scenario.states.items()):
            Neighbour(self, index, iso3, given)
        self.neighbours = self.agents_by_type[Neighbour]
        self.counts: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()

    def done(self, crisis: Crisis) -> SimpleNamespace:
        """What the instrument that was used does, on the side on which it was."""
        return self.sides[crisis.instrument][0 if crisis.rescue else 1]

    def crowd(self, mean: float) -> float:
        """The lowest share u of the public that solves u = Phi((u - mean) / spread), by Newton's steps."""
        spread = self.p.unrest.spread
        u = 0.0 if mean >= self.critical else 1.0
        for _ in range(7):
            z = (u - mean) / spread
            density = math.exp(-0.5 * z * z) / (spread * math.sqrt(2.0 * math.pi))
            step = (normal_cdf(z) - u) / max(1.0 - density, 1e-3)
            u = clip(u + step)
            if abs(step) < 1e-6:
                break
        return u

    def step(self) -> None:
        self.open()
        self.neighbours.do("live")
        self.close()

    def open(self) -> None:
        """A quarter begins: everybody sees where things stand."""
        self.at += 1
        self.youth, self.growth = self.scenario.youth[self.at], self.scenario.growth[self.at]
        self.founding = self.scenario.founding[self.at]
        self.falls = (self.scenario.proximity @ np.array(self.neighbours.get("fallen"))).tolist()
        self.patron.look()
        self.neighbours.do("look")
        self.patron.consult()

    def close(self) -> None:
        """What happened takes its effect, on all at once."""
        self.troubled = [n for n in self.neighbours if n.crisis]
        self.acts, self.wars = [], []
        for n in self.troubled:
            e = self.done(n.crisis)
            covered = n.uncovered if n.crisis.instrument == COLLECTIVE_FORCE else 0.0
            self.acts.append((n, e.harshness, e.delegitimation + covered))
            if n.crisis.kind == "interstate":
                self.wars.append((n, e))
            self.counts[n.crisis.kind] += 1
            self.answers[INSTRUMENTS[n.crisis.instrument].name] += 1
        self.neighbours.do("prepare")
        self.patron.advance()
        self.neighbours.do("advance")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--histories", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    scenario = Scenario()
    counts: list[Counter[str]] = []
    answers: Counter[str] = Counter()
    began = time.perf_counter()
    for history in range(options.histories):
        order = Order(scenario, seed=options.seed + history)
        for _ in scenario.quarters:
            order.step()
        counts.append(order.counts)
        answers += order.answers
    seconds = time.perf_counter() - began
    states, quarters = len(scenario.iso3), len(scenario.quarters)
    table = np.array([[count[kind] for kind in KINDS] for count in counts], float)
    error = table.std(0, ddof=1) / math.sqrt(len(table)) if len(table) > 1 else np.zeros(len(KINDS))
    result = {
        "mesa": mesa.__version__,
        "histories": options.histories,
        "states": states,
        "quarters": quarters,
        "seconds": round(seconds, 3),
        "state_quarters_per_second": round(options.histories * states * quarters / seconds),
        "crises_per_history": {kind: round(float(v), 3) for kind, v in zip(KINDS, table.mean(0), strict=True)},
        "standard_error": {kind: round(float(v), 3) for kind, v in zip(KINDS, error, strict=True)},
        "answers_per_history": {i.name: round(answers[i.name] / options.histories, 3) for i in INSTRUMENTS},
    }
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
