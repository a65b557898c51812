"""The back-test: every crisis of a record predicted by forecasters that do not know it, scored and compared.

Two schemes. *rolling*: each crisis from a given one on, by only those that had begun before, as a forecaster of the day
would have had it. *left out*: each crisis by all the others, later ones too; more rows and a better fit, but no forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import runtime
from hegemon.errors import BadValue
from hegemon.evidence import orientation
from hegemon.instruments import NAMES
from hegemon.order import Order
from hegemon.pooled import kept
from hegemon.pooled.worths import wrong_table
from hegemon.studies.asking import ask
from hegemon.studies.backtest import scores
from hegemon.studies.backtest.baselines import Everywhere, Forecaster, RatesByKind, RidgeLogit, baselines, happened
from hegemon.studies.backtest.question import BacktestQuestion, record_of, testable
from hegemon.studies.backtest.result import TWIN, Backtest, Tables, best
from hegemon.studies.predict.known import in_order
from hegemon.studies.predict.pooled import PooledForecaster
from hegemon.studies.predict.sequential import ModelForecaster
from hegemon.studies.provenance import made
from hegemon.studies.records import fingerprint, tabled
from hegemon.studies.study import Progress, Resources

ROLLING, LEFT_OUT = "rolling", "left out"
SCHEMES = (ROLLING, LEFT_OUT)

SURPRISES = 10
"""Crises the table of surprises lists."""


def compute(question: BacktestQuestion, resources: Resources) -> Backtest:
    """Let the model and every baseline predict the record's crises."""
    order, record = question.order(), record_of(question)
    forecasters: list[Forecaster] = [*baselines(order.scenario)]
    if not question.baselines_only:
        runtime.prepare()
        others = kept.coded()
        others = others[~others["crisis_id"].isin(record["crisis_id"])]
        simulated = ModelForecaster(order, orientation())  # it learns from the ties observed by then, too
        informed = [Everywhere(RatesByKind(), others), Everywhere(RidgeLogit(), others)]
        forecasters = [PooledForecaster(others), *twins(others), simulated, *informed, *forecasters]
    model = None if question.baselines_only else forecasters[0].name
    tables = scored(record, forecasters, question.first, question.seed, model=model, progress=resources.progress)
    how = made(resources.seconds, crises=len(record), record_hash=fingerprint(in_order(record)),
               level=scores.LEVEL, resamples=scores.RESAMPLES)  # fmt: skip
    return Backtest.restored(question, how, tables)


def twins(others: pd.DataFrame) -> list[Forecaster]:
    """The pooled model without consequences, and with those of a table that means nothing."""
    return [PooledForecaster(others, TWIN, use=False), PooledForecaster(others, "wrong table", effects=wrong_table())]


def scored(
    record: pd.DataFrame, forecasters: Sequence[Forecaster], first: int = 31, seed: int = 0, *, model: str | None = None,
    progress: Progress | None = None,
) -> Tables:  # fmt: skip
    """Let every forecaster predict the record's crises under both schemes, and compare them: the tables of a `Backtest`.

    record       with the columns of `hegemon.history()`
    forecasters  `baselines.Forecaster`: the model's, the built-in ones, or your own
    first        first crisis of the rolling scheme, counted from 1 in order of start
    seed         of the bootstrap
    model        the forecaster to compare the others with; None: the one with the best rolling log score

    Raises `UserError` for a record without the columns that are read, a `first` beyond it, or forecasters of one name.
    """
    testable(record, first)
    names = [f.name for f in forecasters]
    if not names or len(set(names)) < len(names) or (model is not None and model not in names):
        raise BadValue(f"forecasters {', '.join(names) or 'none'}", "Give at least one, each with a name of its own.")
    ordered = in_order(record)
    tested = {ROLLING: ordered.iloc[first - 1 :], LEFT_OUT: ordered}
    found: dict[str, dict[str, pd.DataFrame]] = {scheme: {} for scheme in SCHEMES}
    steps = [(scheme, f) for f in forecasters for scheme in SCHEMES]
    for done, (scheme, forecaster) in enumerate(steps, start=1):
        table = forecaster.rolling(ordered, first) if scheme == ROLLING else forecaster.left_out(ordered)
        found[scheme][forecaster.name] = _aligned(table, tested[scheme], forecaster.name)
        if progress is not None:
            progress(done, len(steps))
    y = {scheme: happened(rows) for scheme, rows in tested.items()}
    reference = model or max(names, key=lambda n: float(scores.log_score(found[ROLLING][n], y[ROLLING]).mean()))
    rows, bins, surprising = [], [], []
    for scheme in SCHEMES:
        states, its = list(tested[scheme]["state"]), found[scheme][reference].to_numpy(float)
        for name in names:
            mine = found[scheme][name].to_numpy(float)
            beside = None if name == reference else its
            rows.append({"scheme": scheme, "forecaster": name, **_scores(mine, beside, y[scheme], states, seed)})
            bins += [{"scheme": scheme, "forecaster": name, **asdict(b)} for b in scores.calibration(mine, y[scheme])]
    table = pd.DataFrame(rows).replace([np.inf, -np.inf], np.nan)
    for scheme in SCHEMES:
        other = best(table, scheme)
        surprising += _surprises(scheme, tested[scheme], found[scheme][reference], found[scheme][other], other)
    said = [t.reset_index().assign(scheme=scheme, forecaster=n) for scheme in SCHEMES for n, t in found[scheme].items()]
    forecasts = pd.concat(said, ignore_index=True)[["scheme", "forecaster", "crisis_id", *NAMES]]
    return {"scores": table, "forecasts": forecasts, "calibration": pd.DataFrame(bins),
            "surprises": pd.DataFrame(surprising)}  # fmt: skip


def _aligned(made: pd.DataFrame, rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """A forecaster's frame with the rows in order. Raises `BadValue` where a crisis or an instrument is missing."""
    wanted = list(rows["crisis_id"])
    if sorted(made.index) != sorted(wanted) or list(made.columns) != list(NAMES):
        raise BadValue(f"{name} did not forecast each crisis once", "Its frame needs index crisis_id, nine columns.")
    return made.loc[wanted]


def _scores(
    mine: npt.NDArray[np.float64], its: npt.NDArray[np.float64] | None, y: npt.NDArray[np.int64], states: list[str], seed: int
) -> dict[str, Any]:
    """A forecaster's scores, and how far the reference is ahead of it (`its`; None: it is the reference itself)."""
    log, brier = scores.log_score(mine, y), scores.brier_score(mine, y)
    own = scores.interval(log, states, seed)
    found = {"reference": its is None, **asdict(scores.summary(mine, y)), "log_low": own.low, "log_high": own.high}
    found |= _ahead("ahead", None if its is None else scores.log_score(its, y) - log, states, seed)
    return found | _ahead("brier_ahead", None if its is None else brier - scores.brier_score(its, y), states, seed)


def _ahead(of: str, ahead: npt.NDArray[np.float64] | None, states: Sequence[str], seed: int) -> dict[str, Any]:
    """How far ahead the reference is, from differences crisis by crisis, with intervals by resampling crises and by resampling
    states: "better" or "worse" only where both leave zero out."""
    names = (of, f"{of}_low_by_crisis", f"{of}_high_by_crisis", f"{of}_low", f"{of}_high")
    if ahead is None:
        return {**dict.fromkeys(names, np.nan), f"{of}_verdict": ""}
    by_crisis, by_state = scores.interval(ahead, None, seed), scores.interval(ahead, states, seed)
    clear = by_crisis.excludes_zero and by_state.excludes_zero
    verdict = ("better" if by_crisis.mean > 0 else "worse") if clear else "not distinguishable"
    numbers = by_state.mean, by_crisis.low, by_crisis.high, by_state.low, by_state.high
    return {**dict(zip(names, numbers, strict=True)), f"{of}_verdict": verdict}


def _surprises(
    scheme: str, rows: pd.DataFrame, mine: pd.DataFrame, theirs: pd.DataFrame, other: str
) -> list[dict[str, Any]]:
    """The crises the reference predicted worst: what it expected, what happened, what the best of the others said."""
    y = happened(rows)
    at = np.argsort(mine.to_numpy(float)[np.arange(len(y)), y], kind="stable")[:SURPRISES]
    found = []
    for row in rows.iloc[at].to_dict("records"):
        its, others, fact = mine.loc[row["crisis_id"]], theirs.loc[row["crisis_id"]], row["response_primary"]
        found.append({
            "scheme": scheme, **{name: str(row[name]) for name in ("crisis_id", "name", "state", "start", "kind")},
            "expected": str(its.idxmax()), "expected_probability": round(float(its.max()), 4),
            "happened": fact, "probability": round(float(its[fact]), 4),
            "other": other, "other_expected": str(others.idxmax()), "other_probability": round(float(others[fact]), 4),
        })  # fmt: skip
    return found


def backtest(
    history: pd.DataFrame | str | None = None, scenario: Order | str = "post-soviet", *, first: int = 31, seed: int = 0,
    baselines_only: bool = False, out: str | Path | None = None, progress: Progress | None = None,
) -> Backtest:  # fmt: skip
    """Predict every crisis of a record without knowing it, by the model and by forecasters without a theory; score and compare.

    history         a built-in record by name, a CSV file, or a table with the columns of `hegemon.history()`; None: the
                    scenario's
    scenario        the order whose model and rules are used
    first           first crisis of the rolling scheme, counted from 1 in order of start
    seed            luck of the bootstrap
    baselines_only  leave the model's own forecaster out: seconds instead of minutes
    out, progress   see `hegemon.studies.asking.ask`

    Scores are the mean log score in nat (higher is better) and the Brier score, 0 to 2 (lower is better), as in Gneiting and
    Raftery 2007, JASA 102:359. For forecasters of your own see `scored`. Raises `UserError` for a record that cannot be used.
    """
    about, asked = BacktestQuestion.about(scenario), {"first": first, "seed": seed, "baselines_only": baselines_only}
    return ask(BacktestQuestion.of(about, tabled(history=history), asked), out=out, progress=progress)
