"""What a worker does: each task takes plain data and gives plain data."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hegemon import studies
from hegemon.server.errors import Conflict
from hegemon.studies import asking, telling
from hegemon.studies.folder import manifest_of, open_result
from hegemon.studies.study import Progress

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
    from hegemon.engine.runs import events_table
    from hegemon.server.serialize import one_history

    number, (order, chunk) = task["run"], _run(task["folder"])
    found = chunk(number)
    measures = {name: values[..., number - found.first] for name, values in found.measures.items()}
    events = events_table(order, [found.crises])
    return one_history(order, number, measures, events[events["run"] == number])


@functools.lru_cache(maxsize=2)
def _run(folder: str) -> tuple[Any, Callable[[int], Any]]:
    """A run's order, and a function that makes the chunk of one of its histories again. The next step in it finds it made."""
    from hegemon import runtime

    runtime.prepare()
    import jax

    from hegemon.engine.histories import Ensemble, maker
    from hegemon.engine.program import chunk_size
    from hegemon.inference.draws import in_turn
    from hegemon.inference.levels import stood
    from hegemon.studies.run.question import RunQuestion

    manifest = manifest_of(Path(folder))
    size, platform, question = manifest.made["chunk"], manifest.made["platform"], manifest.asked()
    if size != chunk_size() or platform != runtime.platform_name():
        raise Conflict(f"Its histories can be made again only where they were made: on {platform}, {size} at a time.")
    assert isinstance(question, RunQuestion)
    order = question.order()
    wanted = Ensemble(order, question.runs, question.seed, in_turn(order, question.drawn_from), stand=stood(order))
    made = functools.lru_cache(maxsize=2)(maker(wanted, size, jax.devices()[0]))
    return order, lambda number: made(number // size)


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
