"""What a worker does: each task takes plain data and gives plain data."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hegemon.order import Order
from hegemon.server.errors import Conflict
from hegemon.server.jobs import Progress
from hegemon.server.spec import Spec, command, order_from

Task = dict[str, Any]


def do(task: Task, progress: Progress) -> Any:
    """Do a task. Paths are relative to the results folder, and come from the server alone."""
    return TASKS[task["task"]](task, progress)


def run(task: Task, progress: Progress) -> None:
    """Simulate; an unfinished result is resumed."""
    from hegemon.ensemble.simulate import simulate

    order, folder = order_from(task["order"]), Path(task["folder"])
    made_by(task)
    simulate(order, task["runs"], task["seed"], out=folder, keep=False, progress=progress)


def made_by(task: Task) -> None:
    """Have results say the command that makes them again, where there is one."""
    line = task["line"]
    sys.argv = ["hegemon", "serve"] if line is None else command(line, task["runs"], task["seed"], task["order"])


def compare(task: Task, progress: Progress) -> None:
    """Compare two orders; write what `hegemon compare` writes, but for the figures' files."""
    from hegemon.cli.run import order_info
    from hegemon.ensemble.store import write_dataset
    from hegemon.experiments.compare import compare as experiment
    from hegemon.files import write_folder
    from hegemon.report.comparison_page import told

    one, other = order_from(task["first"]), order_from(task["second"])
    sys.argv = ["hegemon", "serve"]
    found = experiment(one, other, task["runs"], task["seed"], progress=progress)
    said = told(one, other, found, min(one.quarters[-1], other.quarters[-1]), order_info(other))
    folder = Path(task["folder"])
    write_folder(folder, said.files(found, task["changes"]))
    write_dataset(found.summary, folder / "summary")  # last: with it the folder counts as a comparison


def room(task: Task, progress: Progress) -> Any:
    """A neighbour's room for manoeuvre, as `hegemon room --json` tells it."""
    from hegemon.experiments.manoeuvre.room import room as measure

    sys.argv = ["hegemon", "room", task["state"], task["line"], "--draws", str(task["draws"])]
    sys.argv += ["--at", task["at"]] if task["at"] else []
    order = order_from(task["order"])
    return measure(order, task["state"], task["at"], draws=task["draws"], progress=progress).document()


def predict(task: Task, progress: Progress) -> Any:
    """A probability per instrument for each crisis: of a built-in record by name, or of rows as CSV."""
    import hegemon
    from hegemon.evidence import orientation
    from hegemon.history import history
    from hegemon.history.reading import read_crises
    from hegemon.inference.backtest import fingerprint
    from hegemon.inference.foretell import foretell

    record = history(task["name"]) if task["rows"] is None else read_crises(task["rows"], "rows")
    found = foretell(record, ties=orientation(), progress=progress)
    rows = {str(name): {k: round(float(v), 6) for k, v in row.items()} for name, row in found.table.iterrows()}
    return {"version": hegemon.__version__, "record_hash": fingerprint(record), "learned_from": found.learned_from,
            "predictions": rows}  # fmt: skip


def history(task: Task, progress: Progress) -> Any:
    """One history of a result, simulated again together with those of its chunk."""
    from hegemon.server.thin import one_history

    size, runs, number = task["chunk"], task["runs"], task["run"]
    measures, events = chunk_of(json.dumps(task["order"], sort_keys=True), task["seed"], runs, size, number // size,
                                task["platform"])  # fmt: skip
    order = order_from(task["order"])
    mine = events[events["run"] == number]
    return one_history(order, number, {name: values[..., number % size] for name, values in measures.items()}, mine)


@functools.lru_cache(maxsize=2)
def chunk_of(text: str, seed: int, runs: int, size: int, chunk: int, platform: str) -> tuple[dict[str, Any], Any]:
    """Every measure of a chunk's histories, [Q, N, R], and their crises; the next step in the same chunk finds them here."""
    import numpy as np

    from hegemon import runtime

    runtime.prepare()
    import jax

    from hegemon.dice import split_seed
    from hegemon.ensemble.program import chunk_size, launch, placed
    from hegemon.ensemble.runs import events_table
    from hegemon.ensemble.tally import Crises
    from hegemon.opening import opening

    if size != chunk_size() or platform != runtime.platform_name():
        raise Conflict(f"Its histories can be made again only where they were made: on {platform}, {size} at a time.")
    order = order_from(json.loads(text))
    ((begin, parameters),) = placed((opening(order), order.parameters), 1)
    _, codes, kept = launch(jax.devices()[0], begin, parameters, split_seed(seed), chunk, runs, size=size, trajectories=size)
    events = events_table(order, [Crises.decode(np.asarray(codes), chunk * size, runs)])
    return {name: np.asarray(values) for name, values in kept.items()}, events


def page(task: Task, progress: Progress) -> None:
    """The report of a finished run."""
    from hegemon.cli.run import _table, order_info, record_of
    from hegemon.ensemble.store import open_result
    from hegemon.report.write import write_report

    folder, order = Path(task["folder"]), _plain(task["order"])
    found = open_result(folder)
    write_report(found.summary, found.sample_events, _table(record_of(order)), order_info(order), folder / "report.html")


def bundle(task: Task, progress: Progress) -> None:
    """A finished run with all that rebuilds it, as `hegemon bundle` writes it."""
    from hegemon.bundle.write import write

    write(Path(task["folder"]), Path(task["target"]))


def _plain(given: Spec) -> Order:
    """An order for its names: parameters do not matter."""
    from hegemon.order import restored

    return restored(given["text"], given["name"])


TASKS: dict[str, Callable[[Task, Progress], Any]] = {
    "run": run, "compare": compare, "room": room, "predict": predict, "history": history, "page": page,
    "bundle": bundle,
}  # fmt: skip
