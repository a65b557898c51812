"""Room for manoeuvre: what a neighbour may do before the patron answers, and what it must expect where it does more.

For one neighbour at one date: the red line, the autonomy it leaves, and over all orientations and levels of unrest the chance
of each crisis and of each answer to it, from the law's own functions, averaged over worlds (shocks) and parameters. Two things
are kept apart throughout:

    given a crisis   how the patron answers if one breaks out
    in a year        that one breaks out and is answered so: what incumbents have to reckon with

Everything but what is varied is as it was at the date. Claims C7, C12.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.engine.workers import workers_at
from hegemon.inference.draws import draws as drawn
from hegemon.inference.draws import told
from hegemon.inference.vector import FREE, flat, prior_moments
from hegemon.order import Order
from hegemon.posterior import Source
from hegemon.studies.asking import ask
from hegemon.studies.provenance import made
from hegemon.studies.records import read_ties
from hegemon.studies.room import dated, numbers, tables
from hegemon.studies.room.question import RoomQuestion
from hegemon.studies.room.result import Room
from hegemon.studies.study import Progress, Resources

LINE = ("base", "doctrine", "obligation", "dependence", "integration", "shelter", "overstretch")
"""Parameters that say where the red line runs."""


def compute(question: RoomQuestion, resources: Resources) -> Room:
    """Drive the worlds to both dates, and ask the law. Raises `Failure` where workers are lost."""
    runtime.prepare()
    order, at = question.order(), question.date
    who, rival = dated.neighbour(order, question.state), dated.main_rival(order)
    dates = dated.check_dates(order, at, question.earlier)
    given = dated.source(order, at, question.dice)
    x = drawn(order, question.drawn_from, question.draws, question.seed)
    x = np.repeat(flat(order.parameters)[None], question.draws, axis=0) if x is None else x
    seen = dated.measured(order, read_ties(question, order) if given.followed else None, who, dates[0])
    with workers_at(resources.scheduler, resources.workers) as workers:
        worlds = numbers.driven(order, given.opening, x, question.seed, dates, who, seen, workers)
        asked = numbers.plan(order, worlds, rival, question.orientation_grid, question.incumbents == "follow")
        found = numbers.ask(worlds, asked, rival, who, workers, resources.progress)
        platform = workers.platform
    words = given.words + (" and measured ties" if seen.known.any() else "")
    how = made(resources.seconds, platform, worlds=words, parameters=told(order, question.drawn_from),
               prior_spread_left=spread_left(x))  # fmt: skip
    return Room(question, how, **tables.assembled(order, question.state, rival, worlds, asked, found, dates))


def spread_left(x: npt.NDArray[np.float32]) -> float | None:
    """Share of the prior spread that the draws leave to the red line's parameters, their mean; None: they are no draws."""
    at = [FREE.index(f"red_line.{name}") for name in LINE]
    left = x[:, at].astype(float).std(0) / prior_moments()[1][at]
    return round(float(left.mean()), 4) if left.max() > 1e-6 else None


def room(
    order: Order | str, state: str, at: str | None = None, since: str | None = None, *, draws: int = 200, seed: int = 0,
    dice: bool = False, parameters: Source | None = None, incumbents: Literal["stay", "follow"] = "stay",
    ties: str | None = None, orientation_grid: int = 20, out: str | Path | None = None, progress: Progress | None = None,
    scheduler: str | None = None, workers: int | None = None,
) -> Room:  # fmt: skip
    """A neighbour's room for manoeuvre as the quarter `at` opens, and since an earlier one.

    order             an order, or a scenario by name or file
    state             a neighbour, by ISO3 code
    at, since         dates, "2022Q1"; None: the last quarter known, and 2010Q1 or the start
    draws             worlds, 2 to 4,096, each with shocks and parameters of its own
    seed              luck: the same seed gives the same worlds
    dice              simulated histories even where the order has a record to follow
    parameters        "posterior" (the default where the scenario names one), "prior" (the default elsewhere), or "mean": the
                      order's own values. Values that were set on the order hold in every draw
    incumbents        "stay": they want what they want, wherever their state is put; "follow": what they want moves along
    ties              measured orientations that say where it stood, as far as known by then: a built-in table, a file, or
                      "none"; None: the one that comes with the record. Simulated histories have none
    orientation_grid  the triangle of orientations is tiled by the square of this, 4 to 40
    out, progress, scheduler, workers  see `hegemon.studies.asking.ask`

    Chances are shares from 0 to 1. Raises `UserError` for a state, a date or a number that cannot be; `Failure` where workers
    are lost.
    """
    question = RoomQuestion.of({
        **RoomQuestion.about(order), "state": state, "at": at, "since": since, "draws": draws, "seed": seed, "dice": dice,
        "parameters": parameters, "incumbents": incumbents, "ties": ties, "orientation_grid": orientation_grid,
    })  # fmt: skip
    return ask(question, out=out, progress=progress, scheduler=scheduler, workers=workers)
