"""A forecast: learn from what was known at a date, follow the record to it, simulate from where neighbours were observed to
stand, and compare with what happened next.

What the order is given about the years after the date is cut off (`cut`), parameters are learned anew (`learning`), ties begin
where they were observed (`levels`). What cannot be cut off is that the model's formulas and priors, and some of the scenario's
figures, were set by people who knew how it went on. The rivals know no theory: that things go on as they were.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import runtime
from hegemon.engine.program import chunk_size
from hegemon.engine.sets import Sets, Stand
from hegemon.engine.simulate import simulated
from hegemon.errors import OutOfRange
from hegemon.history import coded as coded_record
from hegemon.history import record_events
from hegemon.history.reading import REQUIRED
from hegemon.inference.draws import draws
from hegemon.inference.levels import known_year, levels
from hegemon.order import Order
from hegemon.posterior import KEPT
from hegemon.studies.asking import ask
from hegemon.studies.forecast.chances import Counts, assumptions, chances, counted, moved
from hegemon.studies.forecast.counts import counts, cumulative
from hegemon.studies.forecast.cut import ahead, covered, known_to, window
from hegemon.studies.forecast.learning import learned
from hegemon.studies.forecast.orientation import CASE, evidence, neighbour_years, ties
from hegemon.studies.forecast.question import ForecastQuestion
from hegemon.studies.forecast.result import Forecast
from hegemon.studies.predict.known import in_order
from hegemon.studies.provenance import made
from hegemon.studies.records import fingerprint
from hegemon.studies.study import Progress, Resources

ASSUMED = 1_000
"""Histories under each other assumption, at most."""

PATHS = ("autonomy_quantile", "orientation_quantile")
"""What is kept of the histories' measures, for pictures."""


def compute(question: ForecastQuestion, resources: Resources) -> Forecast:
    """Simulate what could follow, and score it with what did."""
    observed, untied = evidence(question.order())
    return scored(question, observed, untied, resources.progress)


def scored(
    question: ForecastQuestion, observed: pd.DataFrame | None, untied: str = "", progress: Progress | None = None
) -> Forecast:
    """The forecast, its orientation scored with what was `observed`: columns state, year, one per pole (shares), error (sd of the
    log of a rival's share over the patron's). None: orientation is not scored, and `untied` says why."""
    runtime.prepare()
    began = time.perf_counter()
    order, origin, runs, seed = question.order(), question.origin, question.runs, question.seed
    span = ahead(order, origin, question.years)
    known = known_to(order, origin, None if question.years is None else span[1])
    s = known.scenario
    coded = pd.DataFrame(columns=list(REQUIRED)) if s.history is None else coded_record(s)
    x: npt.NDArray[np.float32] | None
    x = learned(known_to(order, origin), origin, coded, observed, seed) if question.source == "origin" else draws(
        known, question.source)  # fmt: skip
    stood = None if observed is None else levels(observed, order.poles, order.states, known_year(origin))
    stand = None
    if stood is not None:
        stand = Stand(known.quarters.index(s.record or s.start), stood.now(KEPT, seed).astype(np.float32))
    sets = None if x is None else Sets(x, each=None)
    others, few = {} if question.years is None else dict(assumptions(known)), min(runs, ASSUMED)

    def told(done: int, _: int) -> None:
        if progress is not None:
            progress(done, runs + few * len(others))

    found = simulated(known, runs, seed, keep=True, sets=sets, stand=stand, progress=told)
    record = record_events(coded, start=s.start, end=s.end)
    record = record[record["state"].isin(order.states)]
    cases, compared = pd.DataFrame(columns=list(CASE)), _compared(order, origin, span[1])
    if observed is not None and stood is not None and compared is not None:
        cases = neighbour_years(found.data, known, observed, origin, seed, stood)
        untied = "" if len(cases) else f"The evidence on orientation has no year after {origin}."
    likely = chances(found.events, record, known, span, runs)
    otherwise: dict[str, Counts] = {}
    for done, (said, other) in enumerate(others.items(), 1):
        otherwise[said] = counted(simulated(other, few, seed, sets=sets, stand=stand).events, known, span, few)
        told(runs + done * few, runs)
    if otherwise:
        usual = counted(found.events[found.events["run"] < few], known, span, few)
        likely = likely.join(moved(usual, otherwise, known))
    how = made(round(time.perf_counter() - began, 3), chunk=chunk_size(), cut=known.hash, crises=len(coded),
               record_hash=fingerprint(in_order(coded)))  # fmt: skip
    return Forecast(
        question, how, *span, untied,
        compared=list(compared or ()), chances=likely,
        counts=counts(found.events, record, known, compared, runs) if compared else [], ties=ties(cases, seed), cases=cases,
        cumulative=cumulative(found.events, record, known.quarters, runs, covered(order)),
        paths=found.summary[list(PATHS)].drop_attrs(deep=False),
        observed=observed if observed is not None else pd.DataFrame(columns=["state", "year", *order.poles, "error"]),
        events=found.events,
    )  # fmt: skip


def _compared(order: Order, origin: str, last: str) -> tuple[str, str] | None:
    """First and last quarter of a forecast that the record covers, if it covers any."""
    try:
        return window(order, origin, last)
    except OutOfRange:
        return None


def forecast(
    scenario: Order | str = "post-soviet", origin: str = "2009Q4", *, years: int | None = None,
    parameters: Literal["origin", "posterior", "prior", "mean"] = "origin", runs: int = 2_000, seed: int = 0,
    out: str | Path | None = None, progress: Progress | None = None,
) -> Forecast:  # fmt: skip
    """Simulate the years after a date that the record covers, told nothing of them, and score them with what came.

    scenario  an order, or its name or file
    origin    the record is followed to the close of this quarter; where there is none, the dice are thrown from the start
    years     so many are forecast, perhaps beyond the record, with what would move the answer; None: to the end of the record
    parameters  "origin": draws of what the record and the ties to the origin teach (a normal approximation); "posterior": of the
              order's posterior, which has seen the years that are forecast; "prior", "mean"
    runs      histories, 2 to 4,000
    seed      luck: the same seed gives the same histories
    out, progress  see `hegemon.studies.asking.ask`

    Counts are scored by log score (nat, higher is better), orientation by CRPS (shares of external ties, lower is better;
    Gneiting and Raftery 2007, JASA 102:359), both beside forecasts without a theory. Raises
    `UserError` for an origin, a number of runs or an order that cannot be used.
    """
    values = {"origin": origin, "years": years, "parameters": parameters, "runs": runs, "seed": seed}
    return ask(ForecastQuestion.of({**ForecastQuestion.about(scenario), **values}), out=out, progress=progress)
