"""Predicting: choose what may be learned from, learn, and give every crisis its probabilities.

    nothing said   parameters as a posterior has them: for crises outside its record a prediction, for its own a description
    train until    parameters learned once, from crises that had ended by a date
    rolling        parameters learned anew for each crisis, from those that had begun before it
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from hegemon import runtime
from hegemon.evidence.orientation import ties_of
from hegemon.inference.record import lay_out
from hegemon.inference.vector import FREE, aligned
from hegemon.order import Order
from hegemon.posterior import Posterior
from hegemon.studies.asking import ask
from hegemon.studies.calibrate.result import Fit
from hegemon.studies.predict import transfer
from hegemon.studies.predict.answers import predicted
from hegemon.studies.predict.everywhere import probabilities, without_scenario
from hegemon.studies.predict.known import before, frame, in_order
from hegemon.studies.predict.plan import Plan
from hegemon.studies.predict.question import PredictQuestion
from hegemon.studies.predict.result import Prediction
from hegemon.studies.predict.sequential import ModelForecaster
from hegemon.studies.provenance import made
from hegemon.studies.records import fingerprint, tabled
from hegemon.studies.study import Progress, Resources


def compute(question: PredictQuestion, resources: Resources) -> Prediction:
    """Learn, and give every crisis its probabilities."""
    if question.pooled:
        return _pooled(question, resources)
    runtime.prepare()
    plan = question.plan()
    found, said = _probabilities(question, plan, resources.progress)
    told = plan.whole.set_index("crisis_id").loc[list(found.index)]
    columns = [name for name in ("name", "state", "start", "kind", "response_primary") if name in told]
    table = told[columns].join(found).reset_index()
    how = made(resources.seconds, order=plan.home.name, learned_from=said, generic=plan.generic,
               record_hash=fingerprint(plan.rows), by="simulation", undescribed=[])  # fmt: skip
    return Prediction(question, how, table)


def _pooled(question: PredictQuestion, resources: Resources) -> Prediction:
    given = question.rows()
    found, said = probabilities(given, question.seed, resources.progress)
    told = given.asked.set_index("crisis_id").loc[list(found.index)]
    columns = [name for name in ("name", "state", "start", "kind", "response_primary") if name in told]
    orders = sorted(set(given.asked["order"]))
    how = made(resources.seconds, order=", ".join(orders), learned_from=said, record_hash=fingerprint(given.asked), by="pooled",
               undescribed=without_scenario(given))  # fmt: skip
    return Prediction(question, how, told[columns].join(found).reset_index())


def _probabilities(question: PredictQuestion, plan: Plan, progress: Progress | None) -> tuple[pd.DataFrame, str]:
    """Probabilities by crisis (index crisis_id, a column per instrument), and in words what they were learned from."""
    if not plan.direct:
        return _transferred(question, plan)
    if plan.kept is not None:
        table = predicted(plan.kept, plan.whole, plan.home).loc[plan.asked]
        return table, f"the posterior of {plan.kept.made['crises']} crises ({len(FREE)} parameters)"
    forecaster = ModelForecaster(plan.home, ties_of(plan.home.scenario), seed=question.seed, progress=progress)
    if plan.train is None:
        more = f", {plan.added} built-in ones among them" if plan.added else ""
        return forecaster.rolling(plan.whole, max(2, plan.added + 1)), f"crises that had begun before{more}"
    table = forecaster.learned_until(plan.whole, plan.train, str(question.train_until))
    return table.loc[plan.asked], f"{len(plan.train)} crises that had ended by {question.train_until}"


def _transferred(question: PredictQuestion, plan: Plan) -> tuple[pd.DataFrame, str]:
    """What the posterior of the home order says of another one, reweighted by what is known of it."""
    assert plan.kept is not None
    laid = lay_out(plan.home, plan.rows)
    names = laid.events["crisis_id"]
    known = np.zeros((len(names), len(names)), bool)
    said = f"the posterior of {plan.kept.made['crises']} crises of {plan.kept.made['scenario']}, as far as orders are alike"
    if plan.train is not None:
        known[:] = names.isin(plan.train["crisis_id"]).to_numpy()
        said += f", and {len(plan.train)} crises that had ended by {question.train_until}"
    elif question.rolling:
        ordered = in_order(plan.rows)
        for e, start in enumerate(ordered.set_index("crisis_id")["start"][names]):
            known[e] = names.isin(before(ordered, str(start))["crisis_id"]).to_numpy()
        said += ", and crises that had begun before"
    draws = np.asarray(aligned(plan.kept), np.float32)
    return frame(laid.events, transfer.shares(laid, plan.rows, draws, known, question.seed)).loc[plan.asked], said


def predict(
    history: pd.DataFrame | str | None = None, order: Order | str | None = None, *, which: str | None = None,
    train_until: str | None = None, rolling: bool = False, by: Literal["pooled", "simulation"] | None = None,
    posterior: Fit | Posterior | str | None = None, seed: int = 0, out: str | Path | None = None,
    progress: Progress | None = None,
) -> Prediction:  # fmt: skip
    """Probabilities of the nine instruments for the crises of one order in a record.

    history      a built-in record by name, a CSV file, or a table with the columns of `hegemon.history()`; None: the order's
    order        the order they are of, or its scenario by name, file or folder; None: the built-in one that the rows name
    which        where a record has rows of several orders: which of them
    train_until  learn once, from crises that had ended by this date, "2009-12-31"
    rolling      learn anew for each crisis, from those that had begun before it
    by           "pooled": the model of all orders, told the crisis alone; "simulation": worlds that follow a built-in order's
                 record; None: pooled, or the simulation where a posterior is given
    posterior    a calibration, a posterior, its name, file or folder, instead of the built-in one; where nothing is learned anew
    seed         luck of the draws of parameters
    out, progress  see `hegemon.studies.asking.ask`

    `Prediction.table` has a row per crisis and a column per instrument, which add up to 1. Raises `UserError` for a record or a
    choice that cannot be.
    """
    given = tabled(history=history, posterior=posterior)
    about = {} if order is None else PredictQuestion.about(order)
    asked = {"which": which, "train_until": train_until, "rolling": rolling, "by": by, "seed": seed}
    return ask(PredictQuestion.of(about, given, asked), out=out, progress=progress)
