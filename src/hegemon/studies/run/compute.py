"""A run: an order simulated, kept as it goes, and read where it is finished."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from hegemon.engine.simulate import simulated, trajectory_bytes
from hegemon.engine.store import Folder
from hegemon.engine.workers import workers_at
from hegemon.errors import UserError, shown
from hegemon.figures import drawn
from hegemon.inference.draws import in_turn
from hegemon.inference.levels import stood
from hegemon.order import Order
from hegemon.posterior import Source
from hegemon.studies import folder as folders
from hegemon.studies.asking import ask
from hegemon.studies.provenance import attrs_of, made
from hegemon.studies.run.question import RunQuestion
from hegemon.studies.run.result import Runs, ordered
from hegemon.studies.study import Progress, Resources

BUDGET = 512 * 2**20
"""Trajectories up to this many bytes are in a result in memory without being asked for."""


def compute(question: RunQuestion, resources: Resources) -> Runs:
    """Simulate; with a folder, what is finished is kept in it and not simulated again.

    Raises `UserError` where other devices began what the folder holds; `Failure` where workers are lost.
    """
    order, place = question.order(), resources.folder
    keep = question.keep or (place is None and trajectory_bytes(order, question.runs) <= BUDGET)
    with workers_at(resources.scheduler, resources.workers) as workers:
        engine: dict[str, Any] = {"engine": question.engine} if question.engine else {}
        how = made(0.0, workers.platform, chunk=workers.size, **engine)
        folder = None if place is None else kept(place, question, how)
        found = simulated(order, question.runs, question.seed, workers, keep=keep, crises=question.listed, folder=folder,
                          sets=in_turn(order, question.drawn_from), stand=stood(order),
                          figures=drawn(order) if question.over else None, attrs=attrs_of(order, question, how),
                          progress=resources.progress, **engine)  # fmt: skip
    how["seconds"] = resources.seconds
    summary = ordered(found.summary, question, how)
    if folder is None:
        return Runs(question, how, summary, found.events, found.data)
    folders.write_numbers(folder.path, "summary", summary)
    folders.write_manifest(folder.path, "run", "complete", question, how, chunks=folder.done, files=folders.contents(folder.path))
    folders.tidy(folder.path)
    return Runs.opened(folder.path, question, how)


def kept(place: Path, question: RunQuestion, how: dict[str, Any]) -> Folder:
    """The folder of an answer that is being made. Raises `UserError` where it was begun with other chunks or devices."""
    folders.begin(place, question)
    found = folders.read_manifest(place)
    was, rest = (found.made, found.rest) if found else ({}, {})
    decide = ("version", "chunk", "platform", "engine")
    wrong = [f"{name} {was[name]}, not {how.get(name)}" for name in decide if name in was and was[name] != how.get(name)]
    if wrong:
        raise UserError(f"{shown(place.as_posix(), 200)} was begun where histories differ ({', '.join(wrong)})",
                        "Go on there, choose another folder with --out, or delete it.")  # fmt: skip

    def note(chunks: int) -> None:
        folders.write_manifest(place, "run", "running", question, how, chunks=chunks)

    return Folder(place, int(rest.get("chunks", 0)), note)


def simulate(
    order: Order | str, runs: int = 2_000, seed: int = 0, *, parameters: Source | None = None, over: str | None = None,
    keep: bool = False, crises: int | None = None, engine: Literal["portable"] | None = None, out: str | Path | None = None,
    progress: Progress | None = None, scheduler: str | None = None, workers: int | None = None,
) -> Runs:  # fmt: skip
    """Simulate `runs` histories of an order; history r depends on (order, seed, r) alone.

    order       an order, or a scenario by name or file: "post-soviet"
    runs        histories, 1 to 10^12
    seed        luck: the same seed gives the same histories, 0 to 2^53 - 1
    parameters  "posterior": history r has draw r modulo 256 of the posterior (the default where the order has one); "prior": the
                same with draws of the priors (the default elsewhere); "mean": all have the order's own values. What was set on
                the order holds in every draw
    over        "figures": history r has draw r modulo 251 of the scenario's figures too, each within its interval, so that what
                nobody knows of the start is in the bands beside luck and parameters (`summary` has what of the spread is whose)
    keep        keep every history's trajectories, [run, quarter, state], however large; without a folder they are in the result
                anyway where they fit half a gigabyte
    crises      how many histories' crises are written to `out`, a row each (None: all); counts are over all histories.
                In memory are those of the first 20,000 histories
    engine      "portable": by the engine of the browser tab, whose bits are the same on every machine (needs wasmtime)
    out, progress, scheduler, workers  see `hegemon.studies.asking.ask`

    The result (`Runs`) has a summary (mean, sd, quantiles and counts by quarter and neighbour), crises and trajectories. It is
    the same to the bit wherever it is made on one kind of device. Raises `UserError` for an order that is not there, numbers
    out of range, a folder that holds something else, and workers that cannot be used; `Failure` where they are lost on the way.
    """
    question = RunQuestion.of({**RunQuestion.about(order), "runs": runs, "seed": seed, "parameters": parameters,
                               "over": over, "keep": keep, "crises": crises, "engine": engine})  # fmt: skip
    return ask(question, out=out, progress=progress, scheduler=scheduler, workers=workers)
