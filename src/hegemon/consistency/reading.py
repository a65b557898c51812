"""What is compared: an ensemble's histories one by one, and some tens of measures over all of them."""

from __future__ import annotations

import dataclasses
import hashlib
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hegemon import outcomes, runtime
from hegemon.engine.histories import Chunk, Ensemble, maker
from hegemon.engine.program import chunk_size
from hegemon.instruments import KINDS, NAMES
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.order import Order

ORDER, RUNS, SEED, DATES = "post-soviet", 2_048, 2_015, ("2004Q1", "2022Q1")
"""The order that is simulated, how many histories, their seed, and when the states of neighbours and patron are read."""


@dataclass(frozen=True)
class Reading:
    """An ensemble, as it is compared.

    values  [R, D] measures of each history (`lines`)
    marks   [R] a checksum of each history's course: every fact of every crisis, and who is in the pact when
    bits    SHA-256 of everything, to the last bit
    dice    `dice()` where it was made
    """

    values: npt.NDArray[np.float64]
    marks: npt.NDArray[np.uint32]
    bits: str
    dice: str


def lines(order: Order) -> tuple[str, ...]:
    """What is read off a history, in the language of `outcomes`: crises by kind, answers, and all states at `DATES`. Punishments
    are the directed answers that are no rescues, and say nothing besides."""
    events = [*(f"crises.{kind}" for kind in KINDS), *(f"answers.{name}" for name in NAMES[1:]),
              "rescues", "requested", "consented", "survived"]  # fmt: skip
    ties = [f"orientation.{pole}" for pole in order.poles[:-1]]
    shared = [name for name in SHARED if name != "hierarchy"]  # around one patron it is the neighbours' mean dependence
    return (*events, *(f"{name}@{date}" for date in DATES for name in (*ties, *PER_NEIGHBOUR, *shared)))


def read(order: Order, runs: int = RUNS, seed: int = SEED) -> Reading:
    """Simulate and read an ensemble, on the first device: a program is compiled for each, and that is what takes the time."""
    runtime.prepare()
    import jax

    wanted = [outcomes.parse(line, order) for line in lines(order)]
    values, marks, bits = [], [], hashlib.sha256()
    ensemble, size = Ensemble(order, runs, seed), chunk_size()
    make = maker(ensemble, size, jax.devices()[0])
    for chunk in map(make, range(ensemble.chunks(size))):
        parts = [one.read(chunk, order) for one in wanted]
        values.append(np.stack([top / np.maximum(bottom, 1.0) for top, bottom in parts], -1))
        courses = _courses(chunk)
        marks += [zlib.crc32(course) for course in courses]
        for raw in (*courses, *(np.ascontiguousarray(chunk.measures[name]).tobytes() for name in sorted(chunk.measures))):
            bits.update(raw)
    return Reading(np.concatenate(values), np.array(marks, np.uint32), bits.hexdigest()[:16], dice())


def _courses(chunk: Chunk) -> list[bytes]:
    """What happened in each history."""
    c, runs = chunk.crises, chunk.runs
    facts = np.stack([getattr(c, f.name) for f in dataclasses.fields(c) if f.name != "run"], -1).astype(np.uint8)
    member = np.packbits(np.moveaxis(chunk.measures["member"] > 0.5, -1, 0).reshape(runs, -1), axis=1)
    sort = np.argsort(c.run, kind="stable")
    each = np.split(facts[sort], np.searchsorted(c.run[sort], chunk.first + np.arange(1, runs)))
    return [crises.tobytes() + inside.tobytes() for crises, inside in zip(each, member, strict=True)]


def dice() -> str:
    """A checksum of some throws for every part of an event: whole numbers, so that no machine may round them."""
    import jax

    from hegemon.dice import bits, key, split_seed
    from hegemon.event import PARTS

    @jax.jit
    def thrown(low: Any, high: Any, run: Any, quarter: Any, epoch: Any) -> list[Any]:
        return [bits(key((low, high), run, quarter, epoch), site, 4) for site in (*PARTS, "drift", "mood")]

    faces = thrown(*(np.uint32(word) for word in (*split_seed(SEED), 17, 3, 0)))
    return f"{zlib.crc32(b''.join(np.asarray(each).tobytes() for each in faces)):08x}"
