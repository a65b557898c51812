"""Many histories of an order: chunk after chunk, added up as they finish, resumed where they were left."""

from __future__ import annotations

import json
import shlex
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon import runtime
from hegemon.ensemble.crew import crew_at
from hegemon.ensemble.ledger import Ledger
from hegemon.ensemble.part import Job
from hegemon.ensemble.runs import Runs, band, events_table, summary, trajectories
from hegemon.ensemble.tally import EVENT_RUNS
from hegemon.ensemble.work import Todo
from hegemon.errors import Failure, UserError
from hegemon.opening import Opening, opening
from hegemon.order import Order

if TYPE_CHECKING:
    from hegemon.ensemble.store import Folder

BUDGET = 512 * 2**20
"""Trajectories up to this many bytes are kept without being asked for."""

Progress = Callable[[int, int], None]
"""Called with histories done and asked for."""


def simulate(
    order: Order,
    runs: int = 2_000,
    seed: int = 0,
    *,
    out: str | Path | None = None,
    keep: bool | None = None,
    crises: int | None = None,
    progress: Progress | None = None,
    given: Opening | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Runs:
    """Simulate `runs` histories of an order; history r depends on (order, seed, r) alone.

    out        folder to keep the result in; the same call on an unfinished one resumes, on a finished one reads it
    keep       keep every history's trajectories (None: if they fit a budget of half a gigabyte); the first 2,048 are
               always kept while it runs, for quantiles
    crises     how many histories' crises are written to `out`, a row each (None: all); counts are over all histories.
               Without a folder, the first 20,000 histories' are in the result
    progress   called with histories done and asked for, after each batch of chunks
    given      arrays to start from instead of the scenario's own: how a record is replayed
    scheduler  address of a Dask scheduler whose workers simulate: "tcp://10.0.0.5:8786"
    workers    simulate in so many processes of this machine, one core each, instead of in this one

    The result is the same to the bit wherever it is made. Raises `UserError` for a number of runs or a seed out of range,
    a folder that holds something else, or workers that cannot be used; `Failure` where they are lost on the way.
    """
    if not 1 <= runs < 2**48:
        raise UserError(f"runs = {runs} is not between 1 and 2^48. Ask for at least one history.")
    if crises is not None and not 1 <= crises <= runs:
        raise UserError(f"crises = {crises} is not between 1 and {runs}, the number of histories. Ask for one at least.")
    if not 0 <= seed < 2**64:
        raise UserError(f"seed = {seed} is not between 0 and 2^64 - 1. Choose another seed.")
    from hegemon.ensemble.store import Folder, first_histories, open_result

    began = time.perf_counter()
    all_kept = _bytes(order, runs) <= BUDGET if keep is None else keep
    with crew_at(scheduler, workers) as crew:
        listed = runs if crises is None else crises
        attrs = provenance(order, runs, seed, crew.size, all_kept, crew.platform, listed)
        folder = Folder(Path(out), attrs) if out is not None else None
        if folder and folder.complete:
            return open_result(folder.path)
        start = given if given is not None else opening(order)
        listed = listed if folder is not None else min(listed, EVENT_RUNS)
        job = Job(order, start, seed, runs, crew.size, all_kept, folder is not None, listed)
        ledger = Ledger(job, folder, attrs)
        todo = Todo(job, ledger.missing())
        try:
            for part in crew.parts(job, todo) if todo.left else ():
                ledger.take(part)
                todo.paused = ledger.crowded
                if progress is not None:
                    progress(ledger.histories, runs)
        except Failure as lost:
            raise type(lost)(f"{lost}; {_state(ledger, runs, folder)}") from lost

    samples, sampled = ledger.samples, job.sampled
    with ThreadPoolExecutor(runtime.cores()) as pool:
        names = list(samples[0])
        bands = dict(zip(names, pool.map(lambda name: band(samples, name, sampled), names), strict=True))
    whole = {name: np.concatenate([s[name] for s in samples], -1) for name in names} if all_kept and not folder else {}
    attrs = {**attrs, "wall_seconds": round(time.perf_counter() - began, 3), "quantile_runs": sampled}
    result = Runs(
        data=trajectories(order, whole, attrs),
        summary=summary(order, ledger.tally, bands, runs, attrs),
        events=first_histories(events_table(order, ledger.crises)),
    )
    if folder is None:
        return result
    folder.finish(result)
    return open_result(folder.path)


def _state(ledger: Ledger, runs: int, folder: Folder | None) -> str:
    """What is finished, and how to go on."""
    if folder is None:
        return "nothing is kept, for want of a folder (out)."
    done = f"{ledger.histories:,} of {runs:,} histories are finished and kept in {folder.path.as_posix()}"
    return f"{done}. The same command, with workers again, goes on from there."


def _bytes(order: Order, runs: int) -> int:
    """Size of all trajectories."""
    from hegemon.measures import PER_NEIGHBOUR, SHARED

    states = len(order.states) * (len(PER_NEIGHBOUR) + len(order.poles))
    return 4 * runs * len(order.quarters) * (states + len(SHARED))


def provenance(
    order: Order, runs: int, seed: int, size: int, kept: bool, platform: str | None = None, listed: int | None = None
) -> dict[str, Any]:
    """How a result was made; `platform` is that of the devices that computed it, where they were not this process's;
    `listed`, how many histories' crises were asked for (None: all)."""
    import hegemon

    return {
        "title": order.scenario.title,
        "scenario": order.name,
        "scenario_hash": order.hash,
        "scenario_text": order.scenario.text,
        "without": " ".join(order.off),
        "changed": json.dumps(order.changed),
        "version": hegemon.__version__,
        "seed": seed,
        "runs": runs,
        "chunk": size,
        "platform": platform or runtime.platform_name(),
        "command": command(),
        "trajectories": int(kept),
        "crises": listed or runs,
    }


def command() -> str:
    """The command that is running, without the folders of this machine."""
    words = [Path(sys.argv[0]).name or "python", *sys.argv[1:]]
    return shlex.join(Path(word).name if Path(word).is_absolute() else word for word in words)
