"""Compare worlds with two more programs of the model: replay, and the port to Mesa (benchmarks/peers), which was written anew.

python tools/portable_peers.py        by the engine that comes with hegemon, through wasmtime

Both are told every event, so that only arithmetic can differ: single precision against XLA's fused operations, and against the
port's double precision. The command names the measure, quarter and neighbour that are furthest apart, and ends with 1 where that
is more than rounding explains, over a whole history.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hegemon import runtime
from hegemon.opening import Opening, following, opening
from hegemon.order import Order, load
from hegemon.portable import engine
from hegemon.portable.arguments import numbered
from hegemon.portable.artefacts import artefact, shape_name

FAR = 2e-4
"""What rounding may add up to in thirty years, in measures most of which lie between 0 and 1."""
HISTORIES = 64
WORLDS = ("post-soviet", "warsaw-pact", "inter-american")
PORTED = ("fear", "legitimacy", "hold", "openness", "grievance", "dependence", "obligation", "frozen", "deployment", "shelter",
          "integration", "member", "orientation", "capacity", "doctrine", "sanctions")  # fmt: skip
"""Measures that are fields of the port's world."""

Worlds = dict[str, Any]
"""Measures at the close of every quarter, first axis quarters."""


@dataclasses.dataclass(frozen=True)
class Apart:
    """Where two programs are furthest apart."""

    of: str
    measure: str
    quarter: str
    neighbour: str
    gap: float

    def __str__(self) -> str:
        return f"{self.of}: at most {self.gap:.1e} apart, in {self.measure} of {self.neighbour} in {self.quarter}"


def by_engine(made: engine.Engine, order: Order, start: Opening, seed: int = 0) -> Worlds:
    """Worlds by a portable engine, [Q, .., R]."""
    values = numbered(order.parameters)[1][:, None]
    found = list(made.histories(start, values, seed, np.arange(made.manifest["runs"]), len(order.quarters)))
    return {name.removeprefix("kept."): np.stack([each[name] for each in found]) for name in found[0] if name != "events"}


def furthest(of: str, order: Order, mine: Worlds, theirs: Worlds) -> Apart:
    """The largest difference."""
    worst = Apart(of, "nothing", "", "", 0.0)
    for name, values in theirs.items():
        gap = np.abs(np.asarray(mine[name], float) - values)
        gap = gap.max(-1)  # over histories
        gap = gap.max(1) if name == "orientation" else gap  # over poles
        q, n = np.unravel_index(int(gap.argmax()), gap.shape)
        if gap[q, n] > worst.gap:
            where = order.states[n] if gap.shape[1] > 1 else "the order"
            worst = Apart(of, name, order.quarters[q], where, float(gap[q, n]))
    return worst


def replayed(made: engine.Engine, order: Order) -> Apart:
    """The coded record driven through the order by `hegemon.replay`'s program."""
    from hegemon.studies.replay.compute import drive

    worlds = drive(order, runs=HISTORIES, seed=0)
    theirs = {str(name): np.moveaxis(x.transpose("run", "quarter", ...).values, 0, -1) for name, x in worlds.data_vars.items()
              if name != "log_probability"}  # fmt: skip
    theirs = {name: x if x.ndim > 2 else x[:, None] for name, x in theirs.items()}
    mine = by_engine(made, order, following(order))
    return furthest(f"replay of {order.name}", order, {n: x[..., :HISTORIES] for n, x in mine.items()}, theirs)


def ported(made: engine.Engine, name: str = "post-soviet", history: int = 1) -> Apart:
    """A history that the port to Mesa has thrown, without small shocks."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks" / "peers"))
    try:
        import agree
    finally:
        sys.path.pop(0)
    order = load(name).with_parameters(agree.STILL)
    peer = agree.Order(agree.Scenario(order.name, order.parameters), seed=history)
    states = sorted(peer.neighbours, key=lambda n: n.iso3)
    scripts, worlds = [], []
    for _ in order.quarters:
        peer.open()
        peer.neighbours.do("live")
        scripts.append(agree.script_of(states))
        peer.close()
        worlds.append(agree.world_of(peer, states))
    script = type(scripts[0])(**{part: np.stack([getattr(each, part) for each in scripts])
                                 for part in type(scripts[0]).__dataclass_fields__})  # fmt: skip
    mine = by_engine(made, order, dataclasses.replace(opening(order), script=script))
    theirs = {measure: np.stack([getattr(world, measure) for world in worlds])[..., None] for measure in PORTED}
    return furthest(f"Mesa's history {history} of {name}", order, {n: x[..., :1] for n, x in mine.items()}, theirs)


def compared() -> Iterator[Apart]:
    """Every comparison there is, as it is made."""
    for name in WORLDS:
        order = load(name)
        made = engine.through_wasmtime(artefact(shape_name(order)))
        if name == "post-soviet":  # the port's one scenario
            yield from (ported(made, name, history) for history in range(1, 4))
        yield replayed(made, order)


def main() -> int:
    runtime.prepare(1)
    worst = 0.0
    for found in compared():
        print(found, flush=True)
        worst = max(worst, found.gap)
    return int(worst > FAR)


if __name__ == "__main__":
    raise SystemExit(main())
