"""The back-test: forecasters are compared as their forecasts deserve, and what is told follows from the numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hegemon
from hegemon.errors import UserError
from hegemon.history import history
from hegemon.instruments import CODE
from hegemon.studies.backtest import baselines as b
from hegemon.studies.backtest.compute import scored
from hegemon.studies.backtest.question import BacktestQuestion
from hegemon.studies.backtest.result import Backtest
from hegemon.studies.predict.known import in_order
from hegemon.studies.records import fingerprint


def made(size: int = 40, seed: int = 0) -> pd.DataFrame:
    """A made-up record in which disputes are always coerced and uprisings mostly ignored."""
    luck = np.random.default_rng(seed)
    kinds = luck.choice(["bargaining_dispute", "uprising"], size)
    answers = np.where(
        kinds == "uprising", luck.choice(["abstain", "mediate"], size, p=[0.8, 0.2]), "economic_coercion"
    )
    return pd.DataFrame({
        "crisis_id": [f"made-{i:03d}" for i in range(size)],
        "state": luck.choice(["ARM", "BLR", "UKR"], size),
        "start": [f"{1992 + i // 4}-{1 + 3 * (i % 4):02d}-05" for i in range(size)],
        "kind": kinds, "severity": luck.integers(1, 4, size), "incumbent_before": "balanced", "host_request": "none",
        "response_primary": answers, "name": "made up",
    })  # fmt: skip


class Oracle(b.Refitted):
    """Knows the answers, and says so with 90 %."""

    name = "oracle"

    def __init__(self, table: pd.DataFrame) -> None:
        self.answers = table.set_index("crisis_id")["response_primary"]

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        sure = np.eye(9)[[CODE[self.answers[i]] for i in rows["crisis_id"]]]
        return b.frame(rows, 0.9 * sure + 0.1 / 9)


@pytest.fixture(scope="module")
def result() -> Backtest:
    table = made()
    tables = scored(table, [Oracle(table), b.Uniform(), b.BaseRates(), b.RatesByKind()], 31, 0, model="oracle")
    how = {"crises": 40, "record_hash": "made up", "level": 0.95, "resamples": 4_000}
    return Backtest.restored(BacktestQuestion(), how, tables)


def test_an_oracle_is_better_and_the_backtest_says_so(result: Backtest) -> None:
    sure = np.log(0.9 + 0.1 / 9)
    for scheme, crises in (("rolling", 10), ("left out", 40)):
        mine, uniform = result.scored(scheme, "oracle"), result.scored(scheme, "uniform")
        assert mine["events"] == crises
        assert mine["log"] == pytest.approx(sure)
        assert mine["reference"] and np.isnan(mine["ahead"])
        assert uniform["ahead"] == pytest.approx(sure + np.log(9.0))
        assert uniform["ahead_verdict"] == "better"
        assert result.best_other(scheme) == "rates by kind"


def test_the_same_two_ways_round_is_worse() -> None:
    table = made()
    found = scored(table, [b.Uniform(), Oracle(table)], 31, 0, model="uniform")["scores"]
    oracle = found[(found["scheme"] == "left out") & (found["forecaster"] == "oracle")]
    assert oracle["ahead_verdict"].item() == "worse"


def test_surprises_come_worst_first(result: Backtest) -> None:
    table = made()
    surprises = scored(table, [b.RatesByKind(), b.Uniform()], 31, 0)["surprises"]
    found = surprises[surprises["scheme"] == "left out"].to_dict("records")
    assert [row["probability"] for row in found] == sorted(row["probability"] for row in found)
    assert found[0]["happened"] != found[0]["expected"]
    assert found[0]["other"] == "uniform"
    assert found[0]["other_probability"] == pytest.approx(1 / 9, abs=1e-4)


def test_what_is_told_is_what_the_numbers_say(result: Backtest) -> None:
    told = result.document()
    assert "better, and both intervals leave zero out" in " ".join(told.sentences)
    assert f"{result.scored('rolling', 'oracle')['log']:.2f}" in told.finding
    assert [figure.name for figure in told.figures] == ["backtest-scores", "backtest-calibration"]
    assert all(figure.spec() for figure in told.figures)
    assert len(result.forecasts) == 4 * (10 + 40)


def test_a_back_test_is_asked_saved_and_read_back(tmp_path: Path) -> None:
    """From Python with a table of one's own; told the same when it is opened."""
    table = history().iloc[:9]
    found = hegemon.backtest(table, first=8, baselines_only=True, out=tmp_path / "b")
    again = hegemon.open(tmp_path / "b")
    assert again.document().plain() == found.document().plain()
    assert found.scores.equals(again.scores) and found.made["record_hash"] == fingerprint(in_order(table))


@pytest.mark.parametrize(
    ("table", "first", "sentence"),
    [
        (made().drop(columns="severity"), 31, "no column severity"),
        (made().iloc[:0], 31, "has no crises"),
        (made(), 40, "begin with one from 1 to 39"),
        (made(), 0, "begin with one from 1 to 39"),
    ],
)
def test_a_record_that_cannot_be_tested(table: pd.DataFrame, first: int, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        scored(table, [b.Uniform()], first)
