"""What a worker does: each task takes plain data and gives plain data."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hegemon import studies
from hegemon.server.errors import Conflict
from hegemon.server.jobs import Progress
from hegemon.studies import asking, telling
from hegemon.studies.folder import manifest_of, open_result

Task = dict[str, Any]


def do(task: Task, progress: Progress) -> Any:
    """Do a task. Paths are relative to the results folder, and come from the server alone."""
    return TASKS[task["task"]](task, progress)


def ask(task: Task, progress: Progress) -> None:
    """Answer a question into its folder; what is unfinished there goes on."""
    question = studies.study(task["study"]).asks.of(task["question"])
    asking.ask(question, out=Path(task["folder"]), progress=progress)


def history(task: Task, progress: Progress) -> Any:
    """One history of a run, simulated again together with those of its chunk."""
    from hegemon.server.serialize import one_history

    folder, number = task["folder"], task["run"]
    size, order, chunk = _run(folder)
    measures, events = chunk(number // size)
    mine = events[events["run"] == number]
    return one_history(order, number, {name: values[..., number % size] for name, values in measures.items()}, mine)


@functools.lru_cache(maxsize=2)
def _run(folder: str) -> tuple[int, Any, Callable[[int], Any]]:
    """Histories per chunk of a run, its order, and a function that makes a chunk again: every measure [Q, N, R], and the crises.

    The next step in the same chunk finds it made.
    """
    import numpy as np

    from hegemon import runtime

    runtime.prepare()
    import jax

    from hegemon.dice import split_seed
    from hegemon.engine.program import chunk_size, launch, placed
    from hegemon.engine.runs import events_table
    from hegemon.engine.tally import Crises
    from hegemon.opening import opening

    manifest = manifest_of(Path(folder))
    size, platform, question = manifest.made["chunk"], manifest.made["platform"], manifest.asked()
    if size != chunk_size() or platform != runtime.platform_name():
        raise Conflict(f"Its histories can be made again only where they were made: on {platform}, {size} at a time.")
    order, runs, seed = question.order(), question.runs, split_seed(question.seed)  # type: ignore[attr-defined]
    ((begin, parameters),) = placed((opening(order), order.parameters), 1)

    @functools.lru_cache(maxsize=2)
    def chunk(number: int) -> tuple[dict[str, Any], Any]:
        _, codes, kept = launch(jax.devices()[0], begin, parameters, seed, number, runs, size=size, trajectories=size)
        events = events_table(order, [Crises.decode(np.asarray(codes), number * size, runs)])
        return {name: np.asarray(values) for name, values in kept.items()}, events

    return size, order, chunk


def document(task: Task, progress: Progress) -> Any:
    """A finished result as it is told."""
    return telling.document(open_result(Path(task["folder"]))).plain()


def export(task: Task, progress: Progress) -> None:
    """A finished result's numbers in a file, by its ending."""
    open_result(Path(task["folder"])).export(task["target"])


def page(task: Task, progress: Progress) -> None:
    """The page of a finished result, beside it."""
    telling.write_page(open_result(Path(task["folder"])), Path(task["folder"]))


def bundle(task: Task, progress: Progress) -> None:
    """A finished result with all that rebuilds it, as `hegemon bundle` writes it."""
    from hegemon.studies.bundle import write

    write(open_result(Path(task["folder"])), Path(task["target"]))


TASKS: dict[str, Callable[[Task, Progress], Any]] = {
    "ask": ask, "history": history, "document": document, "page": page, "export": export, "bundle": bundle,
}  # fmt: skip
