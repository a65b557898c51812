"""Compare the engines cell by cell: XLA, the emitted C compiled for this machine, and WebAssembly in Node.

python tools/portable_harness.py --cells 10000000        every world, by dice and by record, drawn parameters, each mechanism off
python tools/portable_harness.py --cells 1000000         as many of these questions, evenly spread, as have so many cells
python tools/portable_harness.py --kept FILE --docs      goes on where an interrupted run has left it; writes docs/browser.md

Besides the shipped worlds there are some by chance: figures, paths, parameters, switches and forced events that nobody wrote. A
cell is a neighbour in a quarter of a history. The first cell in which a history differs is named with the margin by which its
luck missed the other outcome; within 1e-6 it is a tie. Without a C compiler or Node, the other engines are compared. Replay and
the port to Mesa are compared by portable_peers.py.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

import portable_engine
from hegemon import runtime
from hegemon.branch import changed
from hegemon.inference import levels
from hegemon.inference.draws import in_turn
from hegemon.instruments import KINDS
from hegemon.mechanisms import MECHANISMS
from hegemon.opening import Opening, opening
from hegemon.order import Order, load
from hegemon.portable import engine, stood, tab
from hegemon.portable.arguments import NEVER, RUNS, numbered, plain
from hegemon.portable.artefacts import artefact, shape_name
from hegemon.world import World
from portable_page import put

WORLDS = ("post-soviet", "warsaw-pact", "inter-american")
CHUNK = 256
TIE = 1e-6
MOST = 100  # histories of a case whose differences are looked into; of more, something else is wrong than ties


@dataclass(frozen=True)
class Case:
    """A question that all engines answer."""

    order: Order
    what: str
    question: dict[str, Any]
    drawn: bool = False
    begin: Opening | None = None

    @property
    def start(self) -> Opening:
        """What histories start from, and what of them is known."""
        return opening(self.order) if self.begin is None else self.begin


FORCED = (("post-soviet", "2014Q1 UKR uprising unilateral_force side=against survived=no successor=rival",
           "2020Q3 BLR uprising severity=3"),
          ("warsaw-pact", "1968Q3 CSK rival_turn collective_force"))  # fmt: skip
"""Worlds, and events that a question forces there."""
FUZZED = 6
"""Worlds by chance, of each world."""
GIVEN = {"quiet": "war.peace", "youth": "separatism.youth"}
"""What an engine computes anew from a parameter, whatever an opening says: it is as the parameter has it."""


def fuzzed(world: str, number: int) -> Case:
    """A world by chance: figures and paths some tenths off, parameters drawn from the priors, a mechanism in ten off, and crises
    forced where nobody expects them."""
    luck = np.random.default_rng([number, *world.encode()])
    off = [m.name for m in MECHANISMS if luck.random() < 0.1]
    order = load(world).without(*off)
    begin = opening(order)

    def shaken(name: str, x: Any) -> Any:
        if name in GIVEN:
            return x
        moved = np.asarray(x) * np.exp(0.3 * luck.standard_normal(np.shape(x)))
        if name in ("orientation", "elite"):
            return (moved / moved.sum(0)).astype(np.float32)
        bounds = World.__dataclass_fields__[name].metadata
        return np.clip(moved, bounds["low"], bounds["high"]).astype(np.float32)

    figures = {f.name: shaken(f.name, getattr(begin.world, f.name)) for f in dataclasses.fields(begin.world)}
    paths = {name: path if name in GIVEN else (path * np.exp(0.1 * luck.standard_normal())).astype(np.float32)
             for name, path in begin.paths.items()}  # fmt: skip
    kind = np.array(begin.script.kind)
    forced = luck.random(kind.shape) < 0.01
    kind[forced] = luck.integers(1, len(KINDS) + 1, forced.sum())
    begin = dataclasses.replace(begin, world=World(**figures), paths=paths, script=dataclasses.replace(begin.script, kind=kind))
    return Case(order, f"by chance, {number}", {"without": off, "parameters": "prior"}, drawn=True, begin=begin)


def cases() -> Iterator[Case]:
    """Worlds by dice, by drawn parameters, after the record's first half, with each mechanism off, and after a forced event."""
    for world in WORLDS:
        order = load(world)
        half = order.quarters[len(order.quarters) // 2]
        followed = dataclasses.replace(order, scenario=order.scenario.model_copy(update={"record": half}))
        yield Case(order, "dice", {})
        yield Case(order, "drawn parameters", {"parameters": tab.draws_of(order)}, drawn=True)
        yield Case(followed, f"record to {half}", {"record": half})
        for m in MECHANISMS:
            yield Case(order.without(m.name), f"without {m.name}", {"without": [m.name]})
        for number in range(FUZZED):
            yield fuzzed(world, number)
    yield Case(load("kazakhstan-alone"), "a forced event", {})
    for force in FORCED:
        yield Case(changed(load(force[0]), force=force[1:]), "events forced by the question", {"force": force[1:]})


@dataclass
class Found:
    """What a case gave: cells, crises, histories that differ by engine, the first of them, processor seconds by engine."""

    world: str
    what: str
    cells: int
    crises: int
    different: dict[str, int]
    first: dict[str, str]
    seconds: dict[str, float]
    unexplained: int = 0

    def __str__(self) -> str:
        said = "; ".join(f"{name}: {n} histories differ, first {self.first[name]}" if n else f"{name}: none differs"
                         for name, n in self.different.items())  # fmt: skip
        return f"{self.world}, {self.what}: {self.cells:,} cells, {self.crises:,} crises; {said}"


def sets_of(case: Case) -> Any:
    """Drawn parameters, where the case has them."""
    return in_turn(case.order, "prior" if case.question["parameters"] == "prior" else "posterior") if case.drawn else None


def by_xla(case: Case, seed: int, chunks: int) -> np.ndarray[Any, Any]:
    """Events of an order, [Q, N, R]."""
    from hegemon.dice import split_seed
    from hegemon.engine.program import launch

    where = jax.devices()[0]
    begin, given = jax.device_put((case.start, case.order.parameters), where)
    sets, stand = sets_of(case), levels.stood(case.order)
    words = split_seed(seed)
    asked = {"size": CHUNK, "trajectories": CHUNK, "sets": sets, "stand": stand}
    codes = [np.asarray(launch(where, begin, given, words, c, chunks * CHUNK, **asked)[1]) for c in range(chunks)]
    return np.concatenate(codes, -1)


def by_c(made: engine.Engine, case: Case, seed: int, histories: int) -> np.ndarray[Any, Any]:
    """The same by an engine in this process."""
    names, own = numbered(case.order.parameters)
    begin, quarters, codes, stand = case.start, len(case.order.quarters), [], levels.stood(case.order)
    drawn = tab.draws(case.question["parameters"]) if case.drawn else None
    for first in range(0, histories, RUNS):
        at, values = np.arange(first, first + RUNS), np.repeat(own[:, None], RUNS, 1)
        if drawn is not None:
            for d, name in enumerate(drawn["names"]):
                if name not in case.order.held:
                    values[names.index(name)] = drawn["values"][at % len(drawn["values"]), d]
        moved = None if stand is None else (stand.quarter, stand.of(at))
        all_ = made.histories(begin, values, seed, at, quarters, ("events",), moved)
        codes.append(np.stack([each["events"] for each in all_]))
    return np.concatenate(codes, -1)


def by_node(case: Case, seed: int, histories: int, folder: Path) -> tuple[np.ndarray[Any, Any], float]:
    """The same by the page's own script in Node, and its processor seconds."""
    base = load(case.order.scenario.name) if case.begin is None else case.order
    made = artefact(shape_name(base))
    scenario = tab.scenario(base, case.begin)
    for name in tab.SCRIPTS:
        (folder / name).write_bytes(tab.script(name))
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "scenario.json").write_text(json.dumps(scenario), "utf-8")
    (folder / "model.json").write_text(json.dumps(tab.model()), "utf-8")
    if scenario["stood"] is not None:
        (folder / "stood.json").write_text(json.dumps(stood.stood(base)), "utf-8")
        (folder / "stood").write_bytes(stood.normals(base).tobytes())
    (folder / "manifest.json").write_text(json.dumps(made.manifest), "utf-8")
    (folder / "order.wasm.gz").write_bytes(made.packed)
    asked: dict[str, Any] = {"question": {"seed": seed, **case.question}, "first": 0, "chunks": histories // RUNS,
                             "to": str(folder / "events")}  # fmt: skip
    if case.drawn:
        drawn = tab.draws(case.question["parameters"])
        (folder / "draws").write_bytes(drawn["values"].tobytes())
        asked["draws"] = {"names": drawn["names"], "values": str(folder / "draws")}
    files = {"scripts": "", "manifest": "manifest.json", "module": "order.wasm.gz", "scenario": "scenario.json",
             "model": "model.json", "stood": "stood.json", "luck": "stood"}  # fmt: skip
    job = {**{what: str(folder / name) for what, name in files.items()}, "questions": [asked]}
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    script = Path(__file__).with_name("portable_node.mjs")
    done = subprocess.run(["node", str(script), str(folder / "job.json")], check=True, capture_output=True, text=True)
    codes = np.fromfile(folder / "events", np.uint16)
    shape = histories // RUNS, len(case.order.quarters), len(base.states), RUNS
    return np.concatenate(list(codes.reshape(shape)), -1), float(json.loads(done.stdout)[0])


def compare(case: Case, seed: int, chunks: int, compiled: engine.Engine | None, folder: Path) -> Found:
    """A case by every engine that is here."""
    began = time.process_time()
    reference = by_xla(case, seed, chunks)
    seconds = {"XLA": time.process_time() - began}
    others: dict[str, np.ndarray[Any, Any]] = {}
    if compiled is not None:
        began = time.process_time()
        others["C"] = by_c(compiled, case, seed, chunks * CHUNK)
        seconds["C"] = time.process_time() - began
    if shutil.which("node"):
        others["WebAssembly"], seconds["WebAssembly"] = by_node(case, seed, chunks * CHUNK, folder)
    found = Found(case.order.name, case.what, reference.size, int((reference > 0).sum()), {}, {}, seconds)
    for name, codes in others.items():
        different = codes != reference
        found.different[name] = int(different.any((0, 1)).sum())
        found.unexplained += max(0, found.different[name] - MOST)
        for run in np.flatnonzero(different.any((0, 1)))[:MOST]:
            quarter, state = (int(x[0]) for x in np.nonzero(different[..., run]))
            part, margin = narrowest(case, seed, int(run), quarter, state, reference[..., run], int(codes[quarter, state, run]))
            tie = margin <= TIE
            found.unexplained += not tie
            place = f"history {run}, {case.order.quarters[quarter]}, {case.order.states[state]}: {part} by {margin:.1e}"
            found.first.setdefault(name, place + (" (a tie)" if tie else ""))
    return found


def narrowest(case: Case, seed: int, run: int, quarter: int, state: int, codes: Any, other: int) -> tuple[str, float]:
    """The part of an event in which two engines differ first, and by what share its luck missed the other's outcome."""
    from hegemon.dice import split_seed
    from hegemon.engine.tally import Crises
    from hegemon.event import CODED, PARTS
    from hegemon.inference.vector import parameters, rest

    given = case.order.parameters
    if (sets := sets_of(case)) is not None:
        given = parameters(sets.values[sets.of(np.array([run]))[0]], rest(given), sets.also)
    given = jax.tree.map(lambda leaf: np.asarray(leaf, np.float32).reshape(1, 1), plain(given))
    words = tuple(np.uint32(word) for word in split_seed(seed))
    stand = levels.stood(case.order)
    moved = (np.uint32(NEVER), 1.0) if stand is None else (np.uint32(stand.quarter), stand.of(np.array([run])))
    seen, luck = weighed()(case.start, given, words, np.array([run], np.uint32), moved)
    one, two = (Crises.decode(np.array(code, np.uint16).reshape(1, 1, 1), 0, 1) for code in (codes[quarter, state], other))
    for part in PARTS:
        at = "instrument" if CODED[part].field == "response" else CODED[part].field
        found = [getattr(each, at)[:1].tolist() for each in (one, two)]
        if found[0] != found[1]:
            weights = np.array([np.broadcast_to(np.asarray(w[quarter], float), (len(case.order.states), 1))[state, 0]
                                for w in seen[part]])  # fmt: skip
            below = np.cumsum(weights)[:-1] / weights.sum()
            return part, float(np.abs(below - float(luck[part][quarter, state, 0])).min())
    return "nothing", 0.0


@functools.cache
def weighed() -> Any:
    """The weights of every part's outcomes and its luck, quarter by quarter, of one history."""
    from hegemon import law
    from hegemon.dice import key, uniform
    from hegemon.drivers import quarter
    from hegemon.engine.chunk import lift, moved
    from hegemon.event import PARTS
    from hegemon.opening import swept

    def run(start: Any, given: Any, words: Any, number: Any, stand: Any) -> Any:
        begin = swept(lift(start, 1), given)

        def step(carry: Any, now: Any) -> Any:
            (world, standing), (count, timely, script) = carry, now
            setting = dataclasses.replace(begin.setting, **timely)
            dice = key(words, number, count, np.uint32(0))
            _, _, world, seen = quarter(world, standing, setting, given, dice, script)
            luck = {part: uniform(dice, part, world.hold.shape[0]) for part in PARTS}
            world = moved(world, jnp.broadcast_to(stand[1], world.orientation.shape), count == stand[0])
            return (world, law.standing(world, setting, given)), ({name: tuple(w) for name, w in seen.items()}, luck)

        counts = jax.lax.iota(np.uint32, start.script.kind.shape[0])
        first = law.standing(begin.world, begin.setting, given)
        return jax.lax.scan(step, (begin.world, first), (counts, begin.paths, begin.script))[1]

    return jax.jit(run)


def enough(cells: int) -> tuple[list[tuple[int, Case]], int]:
    """Numbered cases that together have at least so many cells, evenly spread over all there are, and chunks of each."""
    everything = list(enumerate(cases()))
    size = sum(CHUNK * len(c.order.quarters) * len(c.order.states) for _, c in everything)
    return everything[:: max(1, size // cells)], -(-cells // size)


def examine(cells: int, seed: int = 20, kept: Path | None = None) -> list[Found]:
    """Cases that together have at least so many cells. Those that are `kept`, of the same model and luck, are not asked again."""
    runtime.prepare(1)
    chosen, chunks = enough(cells)
    before = [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept and kept.exists() else []
    known = {each["of"]: Found(**each["found"]) for each in before}
    compiled: dict[str, engine.Engine] = {}
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, case in chosen:
            shape = shape_name(case.order)
            made = artefact(shape).manifest
            of = f"{made['model']}, {made['source']}, {case.what}, {seed + number}, {chunks}"
            if of not in known:
                if shape not in compiled and shutil.which(portable_engine.COMPILER):
                    compiled[shape] = by_compiler(case.order.scenario.name, Path(scratch))
                folder = Path(scratch, str(number))
                folder.mkdir()
                known[of] = compare(case, seed + number, chunks, compiled.get(shape), folder)
                shutil.rmtree(folder)
                if kept is not None:
                    with kept.open("a", encoding="utf-8") as file:
                        file.write(json.dumps({"of": of, "found": dataclasses.asdict(known[of])}) + "\n")
            found.append(known[of])
            print(found[-1], flush=True)
    return found


def by_compiler(scenario: str, folder: Path) -> engine.Engine:
    """An order's engine as a library that this machine's compiler makes."""
    text, manifest = portable_engine.emitted(scenario)
    source, made = folder / f"{manifest['shape']}.c", folder / f"{manifest['shape']}.so"
    source.write_text(text, "utf-8")
    portable_engine.library(source, made)
    return engine.native(made, manifest)


def table(found: list[Found]) -> str:
    """What was compared, world by world."""
    rows = ["| world | questions | cells | crises | " + " | ".join(f"differ in {name}" for name in found[0].different) + " |",
            "| --- | ---: | ---: | ---: " + "| ---: " * len(found[0].different) + "|"]  # fmt: skip
    for world in dict.fromkeys(each.world for each in found):
        here = [each for each in found if each.world == world]
        differ = " | ".join(str(sum(each.different[name] for each in here)) for name in here[0].different)
        rows.append(f"| {world} | {len(here)} | {sum(e.cells for e in here):,} | {sum(e.crises for e in here):,} | {differ} |")
    return "\n".join(rows)


def told(found: list[Found]) -> str:
    """What it comes to, and every first difference."""
    differ = {name: sum(each.different[name] for each in found) for name in found[0].different}
    unexplained = sum(each.unexplained for each in found)
    said = f"{sum(e.cells for e in found):,} cells, {sum(e.crises for e in found):,} crises. Histories that differ: " \
           f"{', '.join(f'{n} in {name}' for name, n in differ.items())}; not explained: {unexplained}."  # fmt: skip
    return " ".join([said, *(f"{each.world}, {each.what}: {next(iter(each.first.values()))}." for each in found if each.first)])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--kept", type=Path, metavar="FILE")
    parser.add_argument("--docs", action="store_true")
    asked = parser.parse_args()
    found = examine(asked.cells, asked.seed, asked.kept)
    unexplained = sum(each.unexplained for each in found)
    text = told(found)
    print(text)
    if asked.docs:
        put("harness", f"{table(found)}\n\n{text}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    raise SystemExit(main())
