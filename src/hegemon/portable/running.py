"""Chunks of a run by portable engines: what XLA's program gives, without its compilation (`engine.part`)."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.errors import BadValue, UserError
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.portable.artefacts import artefact, shape_name
from hegemon.portable.engine import Engine, compiled, instance

if TYPE_CHECKING:
    from hegemon.engine.part import Job, Launched
    from hegemon.order import Order

Numbers = np.ndarray[Any, Any]


def refuse(order: Order, *, figures: bool = False) -> None:
    """Raise `UserError` for what portable engines cannot run: another shape, mechanisms from outside, figures that differ between
    histories; and where wasmtime is missing."""
    if order.outside:
        names = ", ".join(m.name for m in order.outside)
        raise BadValue(f"portable engines have the built-in mechanisms, not {names}", "Leave out --engine portable.")
    if figures:
        raise BadValue("portable engines start every history from the same figures", "Leave out --over or --engine portable.")
    if artefact(shape_name(order)).stale:
        raise UserError(f"the portable engine for {order.name} is of another version of the model",
                        "Make it again: python tools/portable_engine.py.")  # fmt: skip
    compiled(artefact(shape_name(order)))


def launcher(job: Job) -> Callable[[int], Launched]:
    """How to simulate a chunk of a job by its number; several threads may at once."""
    from hegemon.inference.vector import FREE
    from hegemon.portable.arguments import numbered

    made = artefact(shape_name(job.order))
    module = compiled(made)
    idle: queue.SimpleQueue[Engine] = queue.SimpleQueue()
    names, own = numbered(job.order.parameters)
    quarters, size = len(job.order.quarters), made.manifest["runs"]
    columns = [] if job.sets is None else [names.index(name) if name in names else None for name in (*FREE, *job.sets.also)]

    @contextmanager
    def borrowed() -> Iterator[Engine]:
        try:
            engine = idle.get_nowait()
        except queue.Empty:
            engine = instance(module)
        yield engine
        idle.put(engine)

    def parameters(at: Numbers) -> Numbers:
        values = np.repeat(own[:, None], len(at), 1)
        if job.sets is not None:
            rows = job.sets.values[job.sets.of(at)].astype(np.float32)
            for place, column in enumerate(columns):
                if column is not None:
                    values[column] = rows[:, place]
        return values

    def chunk(number: int) -> Launched:
        first, end = number * job.size, min((number + 1) * job.size, job.runs)
        found: dict[str, Numbers] = {}
        with borrowed() as engine:
            for start in range(first, end, size):
                at = np.arange(start, start + size, dtype=np.uint64)
                luck = at if job.sets is None else job.sets.luck(at)
                stand = None if job.stand is None else (job.stand.quarter, job.stand.of(at))
                given = engine.histories(job.start, parameters(at), job.seed, luck, quarters, stand=stand)
                for quarter, shown in enumerate(given):
                    for name, values in shown.items():
                        if name not in found:
                            found[name] = np.empty((quarters, *values.shape[:-1], -(-(end - first) // size) * size), values.dtype)
                        found[name][quarter, ..., start - first : start - first + size] = values
        kept = {name.removeprefix("kept."): values[..., : end - first] for name, values in found.items() if name != "events"}
        shown_runs = job.shown(number)
        wanted = {name: values[..., :shown_runs] for name, values in kept.items()} if shown_runs else {}
        return sums(kept), found["events"], wanted

    return chunk


def sums(kept: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Sums over a chunk's histories, as `engine.chunk.Sums` has them. NumPy adds pair by pair, in the same order everywhere."""
    ties = [kept["orientation"][:, pole] for pole in range(kept["orientation"].shape[1])]
    each = {"": [*ties, *(kept[name] for name in PER_NEIGHBOUR)], "shared_": [kept[name][:, 0] for name in SHARED]}
    found = {}
    for kind, measures in each.items():
        found[f"{kind}total"] = np.stack([np.ascontiguousarray(x).sum(-1) for x in measures], 1)
        found[f"{kind}square"] = np.stack([np.square(x, order="C").sum(-1) for x in measures], 1)
    return found
