"""The backtest: every crisis of a record foretold by forecasters that do not know it, scored and compared.

Two schemes. *rolling*: each crisis from a given one on, by only those that had begun before, as a forecaster of the day
would have had it. *left out*: each crisis by all the others, later ones too; more rows and a better fit, but no forecast.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import BadValue, OutOfRange
from hegemon.inference import scores
from hegemon.inference.baselines import Forecaster, happened, in_order, needs
from hegemon.inference.scores import Bin, Interval, Summary
from hegemon.instruments import NAMES

if TYPE_CHECKING:
    import pandas as pd

ROLLING, LEFT_OUT = "rolling", "left out"
SCHEMES = (ROLLING, LEFT_OUT)

FIRST = 31
"""The first crisis foretold in the rolling scheme: thirty to learn from before."""

SURPRISES = 10
"""Crises the table of surprises lists."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""


@dataclass(frozen=True)
class Difference:
    """A score of the reference minus another forecaster's, mean over crises, with intervals by resampling crises and
    by resampling states. `verdict` on the reference: "better" or "worse" only where both intervals leave zero out."""

    by_crisis: Interval
    by_state: Interval
    verdict: str

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"by_crisis": self.by_crisis.document(), "by_state": self.by_state.document(), "verdict": self.verdict}


@dataclass(frozen=True)
class Scored:
    """One forecaster under one scheme: its probabilities [R, 9], what they were worth, and how far behind the reference
    it is, by log score (reference minus this one: positive is better for the reference) and by Brier score (this one
    minus reference: likewise). `log` and `brier` are None for the reference itself."""

    forecast: pd.DataFrame
    summary: Summary
    by_state: Interval
    calibration: list[Bin]
    log: Difference | None
    brier: Difference | None


@dataclass(frozen=True)
class Backtest:
    """What came out.

    record     the record, in order of start
    reference  name of the forecaster the others are compared with: the model, or the best baseline where there is none
    scored     by scheme and forecaster
    surprises  by scheme: the reference's worst crises, worst first
    """

    record: pd.DataFrame
    reference: str
    model: bool
    first: int
    seed: int
    scored: dict[str, dict[str, Scored]]
    surprises: dict[str, list[dict[str, Any]]]

    def best_other(self, scheme: str) -> str:
        """The forecaster with the highest log score besides the reference, chosen afterwards, which flatters it."""
        return _best({name: s for name, s in self.scored[scheme].items() if name != self.reference} or
                     self.scored[scheme])  # fmt: skip

    def document(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        schemes = {}
        for scheme, rows in self.scored.items():
            schemes[scheme] = {
                "crises": next(iter(rows.values())).summary.events,
                "best_other": self.best_other(scheme),
                "forecasters": {name: _document(scored) for name, scored in rows.items()},
                "surprises": self.surprises[scheme],
            }
        return {
            "reference": self.reference,
            "reference_is_model": self.model,
            "first": self.first,
            "seed": self.seed,
            "record": {"crises": len(self.record), "sha256": fingerprint(self.record)},
            "level": scores.LEVEL,
            "resamples": scores.RESAMPLES,
            "instruments": list(NAMES),
            "schemes": schemes,
        }


def _document(scored: Scored) -> dict[str, Any]:
    return {
        "summary": asdict(scored.summary),
        "log_interval_by_state": scored.by_state.document(),
        "calibration": [asdict(b) for b in scored.calibration],
        "reference_ahead_log": scored.log.document() if scored.log else None,
        "reference_ahead_brier": scored.brier.document() if scored.brier else None,
        "forecast": {str(i): [round(float(p), 5) for p in row]
                     for i, row in zip(scored.forecast.index, scored.forecast.to_numpy(), strict=True)},
    }  # fmt: skip


def fingerprint(record: pd.DataFrame) -> str:
    """SHA-256 of the record as a table: first 16 digits."""
    return hashlib.sha256(record.to_csv(index=False).encode()).hexdigest()[:16]


def backtest(
    record: pd.DataFrame,
    forecasters: Sequence[Forecaster],
    first: int = FIRST,
    seed: int = 0,
    *,
    model: str | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Let every forecaster foretell the record's crises under both schemes, and compare them.

    record       with the columns of `hegemon.history()`
    first        first crisis of the rolling scheme, counted from 1 in order of start
    seed         of the bootstrap
    model        the forecaster to compare the others with; None: the one with the best rolling log score

    Raises `UserError` for a record without the columns that are read, a `first` beyond it, or forecasters of one name.
    """
    needs(record)
    if not 1 <= first <= len(record) - 1:
        raise OutOfRange(f"first = {first}", f"The record has {len(record)} crises; begin with one from 1 to "
                         f"{len(record) - 1}.")  # fmt: skip
    names = [f.name for f in forecasters]
    if not names or len(set(names)) < len(names) or (model is not None and model not in names):
        raise BadValue(f"forecasters {', '.join(names) or 'none'}", "Give at least one, each with a name of its own.")
    ordered = in_order(record)
    tested = {ROLLING: ordered.iloc[first - 1 :], LEFT_OUT: ordered}
    found: dict[str, dict[str, pd.DataFrame]] = {scheme: {} for scheme in SCHEMES}
    steps = [(scheme, f) for f in forecasters for scheme in SCHEMES]
    for done, (scheme, forecaster) in enumerate(steps):
        if progress is not None:
            progress(f"{forecaster.name}, {scheme}", done, len(steps))
        made = forecaster.rolling(ordered, first) if scheme == ROLLING else forecaster.left_out(ordered)
        found[scheme][forecaster.name] = _aligned(made, tested[scheme], forecaster.name)
    if progress is not None:
        progress("done", len(steps), len(steps))
    y = {scheme: happened(rows) for scheme, rows in tested.items()}
    reference = model or max(names, key=lambda n: float(scores.log_score(found[ROLLING][n], y[ROLLING]).mean()))
    scored = {
        scheme: {n: _scored(found[scheme], n, reference, y[scheme], list(tested[scheme]["state"]), seed) for n in names}
        for scheme in SCHEMES
    }
    result = Backtest(ordered, reference, model is not None, first, seed, scored, {})
    for scheme in SCHEMES:
        result.surprises[scheme] = surprises(result, scheme, tested[scheme])
    return result


def _aligned(made: pd.DataFrame, rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """A forecaster's frame with the rows in order. Raises `BadValue` where a crisis or an instrument is missing."""
    wanted = list(rows["crisis_id"])
    if sorted(made.index) != sorted(wanted) or list(made.columns) != list(NAMES):
        raise BadValue(f"{name} did not forecast each crisis once", "Its frame needs index crisis_id, nine columns.")
    return made.loc[wanted]


def _scored(
    made: dict[str, pd.DataFrame], name: str, reference: str, y: npt.NDArray[np.int64], states: list[str], seed: int
) -> Scored:
    mine, its = made[name].to_numpy(float), made[reference].to_numpy(float)
    log, brier = scores.log_score(mine, y), scores.brier_score(mine, y)
    other = name != reference
    return Scored(
        forecast=made[name],
        summary=scores.summary(mine, y),
        by_state=scores.interval(log, states, seed),
        calibration=scores.calibration(mine, y),
        log=difference(scores.log_score(its, y) - log, states, seed) if other else None,
        brier=difference(brier - scores.brier_score(its, y), states, seed) if other else None,
    )


def difference(ahead: npt.NDArray[np.float64], states: Sequence[str], seed: int) -> Difference:
    """How far ahead the reference is, from differences crisis by crisis."""
    both = scores.interval(ahead, None, seed), scores.interval(ahead, states, seed)
    clear = all(i.excludes_zero for i in both)
    verdict = ("better" if both[0].mean > 0 else "worse") if clear else "not distinguishable"
    return Difference(*both, verdict)


def surprises(result: Backtest, scheme: str, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The crises the reference foretold worst: what it expected, what happened, what the best of the others said."""
    other = result.best_other(scheme)
    mine, theirs = (result.scored[scheme][name].forecast for name in (result.reference, other))
    y = happened(rows)
    at = np.argsort(mine.to_numpy(float)[np.arange(len(y)), y], kind="stable")[:SURPRISES]
    found = []
    for row in rows.iloc[at].to_dict("records"):
        crisis, fact = row["crisis_id"], row["response_primary"]
        expected, expected_by_other = str(mine.loc[crisis].idxmax()), str(theirs.loc[crisis].idxmax())
        found.append({
            **{name: str(row[name]) for name in ("crisis_id", "name", "state", "start", "kind")},
            "expected": expected,
            "expected_probability": round(float(mine.loc[crisis, expected]), 4),
            "happened": fact,
            "probability": round(float(mine.loc[crisis, fact]), 4),
            "other": other,
            "other_expected": expected_by_other,
            "other_probability": round(float(theirs.loc[crisis, fact]), 4),
        })  # fmt: skip
    return found


def _best(rows: dict[str, Scored]) -> str:
    return max(rows, key=lambda name: rows[name].summary.log)
