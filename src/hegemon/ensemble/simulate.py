"""Many histories of an order: chunk after chunk, added up as they finish, resumed where they were left."""

from __future__ import annotations

import shlex
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from hegemon import runtime
from hegemon.ensemble.runs import Runs, Sample, band, events_table, summary, trajectories
from hegemon.ensemble.tally import SAMPLE, Crises, Tally
from hegemon.errors import UserError
from hegemon.opening import Opening, opening
from hegemon.order import Order

BUDGET = 512 * 2**20
"""Trajectories up to this many bytes are kept without being asked for."""

EVENT_RUNS = 20_000
"""Histories whose events are kept in memory; on disk, all are."""

Progress = Callable[[int, int], None]
"""Called with histories done and asked for."""


def simulate(
    order: Order,
    runs: int = 2_000,
    seed: int = 0,
    *,
    out: str | Path | None = None,
    keep: bool | None = None,
    progress: Progress | None = None,
    given: Opening | None = None,
) -> Runs:
    """Simulate `runs` histories of an order; history r depends on (order, seed, r) alone.

    out       folder to keep the result in; the same call on an unfinished one resumes, on a finished one reads it
    keep      keep every history's trajectories (None: if they fit a budget of half a gigabyte); the first 2,048 are
              always kept while it runs, for quantiles
    progress  called with histories done and asked for, after each batch of chunks
    given     arrays to start from instead of the scenario's own: how a record is replayed

    Raises `UserError` for a number of runs or a seed out of range, or a folder that holds something else.
    """
    from hegemon.dice import split_seed

    if not 1 <= runs < 2**48:
        raise UserError(f"runs = {runs} is not between 1 and 2^48. Ask for at least one history.")
    if not 0 <= seed < 2**64:
        raise UserError(f"seed = {seed} is not between 0 and 2^64 - 1. Choose another seed.")
    runtime.prepare()
    import jax

    from hegemon.ensemble.program import chunk_size, launch, placed
    from hegemon.ensemble.store import Folder, open_result

    began = time.perf_counter()
    size = chunk_size()
    chunks = -(-runs // size)
    devices = min(len(jax.devices()), chunks)
    start = given if given is not None else opening(order.scenario)
    shape = (len(order.quarters), len(order.states))
    all_kept = _bytes(order, runs) <= BUDGET if keep is None else keep
    attrs = provenance(order, runs, seed, size, all_kept)
    folder = Folder(Path(out), attrs) if out is not None else None
    if folder and folder.complete:
        return open_result(folder.path)

    sampled = min(runs, SAMPLE)
    samples: list[Sample] = []
    crises: list[Crises] = []
    tally = Tally()
    if folder and folder.done:
        tally = Tally.restored(folder.tally(), folder.done)
        samples = [folder.sample(c) for c in range(folder.done) if c * size < sampled]

    everywhere = placed((start, order.parameters), devices)
    words = split_seed(seed)

    def done(chunk: int) -> Any:
        """A chunk's sums, crises and, if wanted, trajectories. Runs in a thread of its own: JAX lets others work."""
        wanted = all_kept or chunk * size < sampled
        begin, parameters = everywhere[chunk % devices]
        where = jax.devices()[chunk % devices]
        sums, codes, kept = launch(where, begin, parameters, words, chunk, runs, size=size, trajectories=wanted)
        here = min(size, runs - chunk * size)
        found = Crises.decode(np.asarray(codes), chunk * size, runs)
        return sums, found, {name: np.asarray(values)[..., :here] for name, values in kept.items()}

    for chunk, (sums, found, whole) in in_order(done, range(tally.chunks, chunks), devices):
        first, here = chunk * size, min(size, runs - chunk * size)
        tally.add(sums, found, first, here, shape)
        if whole:
            if folder and all_kept:
                folder.keep_trajectories(trajectories(order, whole, attrs), first, runs)
            if first < sampled or (all_kept and not folder):
                samples.append(whole)
            if folder and first < sampled:
                folder.keep_sample(chunk, whole)
        if folder:
            folder.keep_events(chunk, events_table(order, [found]))
            folder.checkpoint(tally.arrays(), tally.chunks)
        elif first < EVENT_RUNS:
            crises.append(found)
        if progress is not None:
            progress(min((chunk + 1) * size, runs), runs)

    with ThreadPoolExecutor(devices) as pool:
        names = list(samples[0])
        bands = dict(zip(names, pool.map(lambda name: band(samples, name, sampled), names), strict=True))
    whole = {name: np.concatenate([s[name] for s in samples], -1) for name in names} if all_kept and not folder else {}
    attrs = {**attrs, "wall_seconds": round(time.perf_counter() - began, 3), "quantile_runs": sampled}
    result = Runs(
        data=trajectories(order, whole, attrs),
        summary=summary(order, tally, bands, runs, attrs),
        events=events_table(order, crises),
    )
    if folder is None:
        return result
    folder.finish(result)
    return open_result(folder.path)


def in_order(work: Callable[[int], Any], numbers: range, workers: int) -> Iterator[tuple[int, Any]]:
    """Each number with its work done, in order, `workers` at a time and as many more in waiting.

    Left early (an error, Ctrl-C), what has not begun is dropped.
    """
    pool = ThreadPoolExecutor(workers)
    try:
        waiting = deque(pool.submit(work, number) for number in numbers[: 2 * workers])
        for number in numbers:
            result = waiting.popleft().result()
            following = number + 2 * workers
            if following < numbers.stop:
                waiting.append(pool.submit(work, following))
            yield number, result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _bytes(order: Order, runs: int) -> int:
    """Size of all trajectories."""
    from hegemon.measures import PER_NEIGHBOUR, SHARED

    states = len(order.states) * (len(PER_NEIGHBOUR) + len(order.poles))
    return 4 * runs * len(order.quarters) * (states + len(SHARED))


def provenance(order: Order, runs: int, seed: int, size: int, kept: bool) -> dict[str, Any]:
    """How a result was made."""
    import hegemon

    return {
        "title": order.scenario.title,
        "scenario": order.name,
        "scenario_hash": order.hash,
        "scenario_text": order.scenario.text,
        "without": " ".join(order.off),
        "version": hegemon.__version__,
        "seed": seed,
        "runs": runs,
        "chunk": size,
        "platform": runtime.platform_name(),
        "command": command(),
        "trajectories": int(kept),
    }


def command() -> str:
    """The command that is running, without the folders of this machine."""
    words = [Path(sys.argv[0]).name or "python", *sys.argv[1:]]
    return shlex.join(Path(word).name if Path(word).is_absolute() else word for word in words)
