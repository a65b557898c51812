"""Many histories of an order: chunk after chunk, added up as they finish, resumed where they were left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon import runtime
from hegemon.engine.gathering import Gathering
from hegemon.engine.jobs import Todo, Workers
from hegemon.engine.part import Job
from hegemon.engine.runs import band, crossed, events_table, first_histories, parted, summary, trajectories
from hegemon.engine.sets import Figures, Sets, Stand
from hegemon.engine.tally import EVENT_RUNS
from hegemon.engine.workers import workers_at
from hegemon.errors import Failure
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.opening import Opening, opening
from hegemon.order import Order

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hegemon.engine.store import Folder

Progress = Callable[[int, int], None]
"""Called with histories done and asked for."""


@dataclass(frozen=True)
class Simulated:
    """Histories of an order.

    data     trajectories of every history, where they were wanted and there is no folder; else no variables
    summary  mean, sd and quantiles over histories, and counts of crises by quarter, state, kind and instrument
    events   every crisis of the first 20,000 histories: run, quarter, state (ISO3), cow, kind, instrument, whom it was for, what
             was asked, consented, survived and who came after
    """

    data: xr.Dataset
    summary: xr.Dataset
    events: pd.DataFrame


def simulated(
    order: Order, runs: int, seed: int, workers: Workers | None = None, *, keep: bool = False, crises: int | None = None,
    given: Opening | None = None, sets: Sets | None = None, stand: Stand | None = None,
    figures: Figures | None = None, folder: Folder | None = None, attrs: Mapping[str, Any] | None = None,
    engine: str = "xla", progress: Progress | None = None,
) -> Simulated:  # fmt: skip
    """Simulate `runs` histories of an order; history r depends on (order, seed, r) alone, to the bit, wherever it is made.

    workers      who simulates, entered; None: this process
    keep      every history's trajectories; the first 2,048 are always kept on the way, for quantiles
    crises    how many histories' crises are listed (None: all, in memory at most 20,000); counts are over all histories
    given     arrays to start from instead of the scenario's own: how a record is replayed
    sets      parameters of each history, in turn; None: the order's own
    stand     where neighbours stand at a date; None: where histories have led them
    figures   what is given of the start, by history; None: as the scenario has it
    folder    where parts are kept as they finish, and what is there already is not simulated again
    attrs     how it is made, for the attributes of the arrays
    engine    who computes: "xla", or "portable" (`hegemon.portable.running`)
    progress  called with histories done and asked for, after each part

    Raises `Failure` where workers are lost on the way.
    """
    workers, attrs = workers or workers_at(None, None), dict(attrs or {})
    listed = runs if crises is None else crises
    start = given if given is not None else opening(order)
    listed = listed if folder is not None else min(listed, EVENT_RUNS)
    job = Job(order, start, seed, runs, workers.size, keep, folder is not None, listed, sets, stand, figures, engine)
    gathering = Gathering(job, folder, attrs)
    todo = Todo(job, gathering.missing())
    try:
        for part in workers.parts(job, todo) if todo.left else ():
            gathering.take(part)
            todo.paused = gathering.crowded
            if progress is not None:
                progress(gathering.histories, runs)
    except Failure as lost:
        raise type(lost)(f"{lost}; {_state(gathering, runs, folder)}") from lost

    samples, sampled = gathering.samples, job.sampled


    def apart(name: str) -> Any:
        drawn = None if sets is None else len(sets.values)
        if figures is not None:
            return crossed(samples, name, sampled, drawn, len(figures))
        return parted(samples, name, sampled, drawn or 0)

    with ThreadPoolExecutor(runtime.cores()) as pool:
        names = list(samples[0])
        bands = dict(zip(names, pool.map(lambda name: band(samples, name, sampled), names), strict=True))
        parts = dict(zip(names, pool.map(apart, names), strict=True)) if sets is not None or figures is not None else {}
    whole = {name: np.concatenate([s[name] for s in samples], -1) for name in names} if keep and not folder else {}
    attrs |= {"quantile_runs": sampled}
    return Simulated(
        data=trajectories(order, whole, attrs),
        summary=summary(order, gathering.tally, bands, parts, runs, attrs),
        events=first_histories(events_table(order, gathering.crises)),
    )


def _state(gathering: Gathering, runs: int, folder: Folder | None) -> str:
    """What is finished, and how to go on."""
    if folder is None:
        return "nothing is kept, for want of a folder (out)."
    done = f"{gathering.histories:,} of {runs:,} histories are finished and kept in {folder.path.as_posix()}"
    return f"{done}. The same command, with workers again, goes on from there."


def trajectory_bytes(order: Order, runs: int) -> int:
    """Size of all trajectories."""
    states = len(order.states) * (len(PER_NEIGHBOUR) + len(order.poles))
    return 4 * runs * len(order.quarters) * (states + len(SHARED))
