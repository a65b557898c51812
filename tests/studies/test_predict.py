"""Predictions know what was known: not the answer, not what came after, and not more than was asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.history import history
from hegemon.instruments import NAMES
from hegemon.order import load
from hegemon.posterior import Posterior, load_posterior
from hegemon.studies.predict.answers import BATCH
from hegemon.studies.predict.compute import predict
from hegemon.studies.predict.known import ended_by
from hegemon.studies.predict.sequential import ModelForecaster

EARLY = 9
"""Crises of the short record that tests learn from: few, so that learning is quick."""


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return history().sort_values(["start", "crisis_id"]).reset_index(drop=True)


@pytest.fixture(scope="module")
def forecaster() -> ModelForecaster:
    return ModelForecaster(load("post-soviet"), draws=64)


def test_every_crisis_gets_nine_probabilities_that_add_up(record: pd.DataFrame) -> None:
    found = predict(record, by="simulation").table
    assert list(found.columns) == list(NAMES) and list(found.index) == list(record["crisis_id"])
    assert np.allclose(found.sum(axis=1), 1.0, atol=1e-9) and (found > 0.0).all(axis=None)


@pytest.mark.slow
def test_a_prediction_does_not_know_the_answer_nor_the_future(
    record: pd.DataFrame, forecaster: ModelForecaster
) -> None:
    """Rewrite how a crisis was answered and ended, and everything after it: its own prediction stays, to the bit."""
    short = record.iloc[: EARLY + 1]
    before = forecaster.rolling(short, EARLY).iloc[0]
    other = short.copy()
    later = other.index >= EARLY - 1
    other.loc[later, "response_primary"] = "mediate"
    other.loc[later, "legal_frame"] = "none"
    other.loc[later, "incumbent_survived"] = 1
    other.loc[later, "orientation_after"] = "balanced"
    other.loc[other.index >= EARLY, "kind"] = "bargaining_dispute"
    other.loc[other.index >= EARLY, "severity"] = 1
    after = forecaster.rolling(other, EARLY).iloc[0]
    assert (before == after).all()


OTHERWISE = {"response_primary": "mediate", "legal_frame": "none", "incumbent_survived": 0, "orientation_after": "pro_rival",
             "responses_secondary": ""}  # fmt: skip


def crowded(record: pd.DataFrame, *begun: tuple[str, str, str]) -> pd.DataFrame:
    """The record, and crises (name, state, start) that begin as its last one did."""
    last = record.iloc[-1:]
    mine = [last.assign(crisis_id=name, state=state, start=start, end="", partners="") for name, state, start in begun]
    return pd.concat([record, *mine], ignore_index=True)


@pytest.fixture(scope="module")
def few() -> Posterior:
    """A posterior of as many draws as are taken side by side."""
    kept = load_posterior("post-soviet")
    return dataclasses.replace(kept, values=kept.values[:BATCH])


SHARING = [
    [("a", "KAZ", "2020-04-05"), ("b", "KAZ", "2020-05-05"), ("c", "UKR", "2020-06-05")],
    [("b", "KAZ", "2020-04"), ("a", "KAZ", "2020-04"), ("c", "KAZ", "2020-07-01")],  # which came first nobody knows
    [("a", "UKR", "2022-01-01"), ("b", "KAZ", "2022-02-05"), ("c", "KAZ", "2022-03-05")],  # the last quarter: some move back
    [("a", "KAZ", "2020-04-05"), ("b", "KAZ", "2020-05-05"), ("c", "KAZ", "2020-06-05"), ("d", "UKR", "2020-07-05")],
]
"""Crises that share a quarter, in order of their names."""


@pytest.mark.parametrize(
    ("begun", "ends"),
    [(SHARING[0], "c"), *(pytest.param(begun, [name for name, *_ in begun], marks=pytest.mark.slow) for begun in SHARING)],
)
def test_crises_that_share_a_quarter_are_predicted_from_what_was_known_when_each_began(
    record: pd.DataFrame, begun: list[tuple[str, str, str]], ends: Sequence[str], few: Posterior
) -> None:
    """However a crisis was answered and ended, it and those that had not certainly begun after it keep their predictions to
    the bit; so they do in whatever order a file has its rows. A crisis knows an earlier one of its quarter."""
    rows, start = crowded(record, *begun), {name: start for name, _, start in begun}
    names = list(start)
    before = predict(rows, posterior=few).table.loc[names]
    for end in ends:
        other = rows.iloc[::-1].reset_index(drop=True)
        other.loc[other["crisis_id"] == end, list(OTHERWISE)] = list(OTHERWISE.values())
        after = predict(other, posterior=few).table.loc[names]
        same = [name for name in names if start[name] <= start[end]]
        assert (before.loc[same] == after.loc[same]).all(axis=None)
        if begun is SHARING[0] and end == "a":
            assert (before.loc["b"] != after.loc["b"]).any()


@pytest.mark.slow
def test_nor_are_parameters_learned_from_a_later_one(record: pd.DataFrame, forecaster: ModelForecaster) -> None:
    """The first of a quarter's two crises of a state moves on to the next quarter when the second is another state's."""
    early = record.iloc[:EARLY]
    when = str(early["start"].iloc[-1])
    year = int(when[:4]) + 1
    rows = crowded(early, ("a", "KAZ", f"{year}-01-05"), ("b", "KAZ", f"{year}-02-05"), ("c", "UKR", f"{year}-03-05"))
    before = forecaster.rolling(rows, EARLY + 1)
    for end in ("b", "c"):
        other = rows.copy()
        other.loc[other["crisis_id"] == end, list(OTHERWISE)] = list(OTHERWISE.values())
        after = forecaster.rolling(other, EARLY + 1)
        same = ["a", "b", "c"][: 2 + (end == "c")]
        assert (before.loc[same] == after.loc[same]).all(axis=None)


@pytest.mark.slow
def test_what_had_not_ended_by_a_date_is_not_learned_from(record: pd.DataFrame, forecaster: ModelForecaster) -> None:
    early = record.iloc[: EARLY + 1].copy()
    early.loc[early.index[2], "end"] = "2009-01-01"
    date = str(early["start"].iloc[-1])
    train = ended_by(early, date)
    before = forecaster.learned_until(early, train, date)
    name = early["crisis_id"].iloc[2]
    early.loc[early.index[2], list(OTHERWISE)] = list(OTHERWISE.values())
    after = forecaster.learned_until(early, train, date)
    assert name not in set(train["crisis_id"]) and (before.loc[name] == after.loc[name]).all()


@pytest.mark.slow
def test_a_prediction_learns_from_earlier_answers(record: pd.DataFrame, forecaster: ModelForecaster) -> None:
    """Had the patron mediated in every crisis before, it is expected to mediate."""
    short = record.iloc[:EARLY].copy()
    before = forecaster.rolling(short, EARLY).iloc[0]
    short.loc[short.index < EARLY - 1, ["response_primary", "legal_frame"]] = "mediate", "none"
    assert forecaster.rolling(short, EARLY).iloc[0]["mediate"] > 1.5 * before["mediate"]


@pytest.mark.slow
def test_what_may_be_known_of_a_crisis_matters(record: pd.DataFrame) -> None:
    """A graver rival turn is answered, a mild one is let pass; friends are helped, others coerced."""
    turn = record[record["crisis_id"] == "mda-2013-association"].assign(crisis_id="mine", start="2021-12-01", end="")
    mild = predict(turn.assign(severity=1), by="simulation").table.loc["mine"]
    grave = predict(turn.assign(severity=3), by="simulation").table.loc["mine"]
    assert mild["abstain"] > grave["abstain"] + 0.15
    friend = predict(turn.assign(kind="uprising", severity=3, incumbent_before="pro_patron"), by="simulation").table.loc["mine"]
    foe = predict(turn.assign(kind="uprising", severity=3, incumbent_before="pro_rival"), by="simulation").table.loc["mine"]
    support = ["economic_support", "security_support"]
    assert friend[support].sum() > foe[support].sum()
    assert foe["economic_coercion"] > friend["economic_coercion"]


@pytest.mark.slow
def test_rows_beyond_the_record_are_predicted_from_it(record: pd.DataFrame) -> None:
    """A file that continues the record needs no copy of it; years after the scenario's end are no obstacle, nor is a quarter,
    the last one too, in which a state has two crises."""
    one = record.iloc[[-1]].assign(crisis_id="kaz-2024-mine", start="2024-02-01", end="")
    later = pd.concat([one, one.assign(crisis_id="kaz-2024-also", start="2024-03-01")])
    found = predict(later, by="simulation").table
    assert list(found.index) == ["kaz-2024-mine", "kaz-2024-also"] and np.isfinite(found).all(axis=None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "ARG"}, '"ARG" is no neighbour in post-soviet'),
        ({"patron": "USA"}, "The patron of post-soviet is RUS"),
        ({"start": "1985-03-01", "end": ""}, "post-soviet runs from 1992Q1"),
    ],
)
def test_rows_of_another_order_are_told_where_no_column_says_so(
    record: pd.DataFrame, change: dict[str, str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.csv"
    record.iloc[:3].assign(**change).drop(columns="order", errors="ignore").to_csv(file, index=False)
    for words in (["predict", "--history"], ["data", "check"], ["predict", "post-soviet", "--history"]):
        assert main([*words, str(file)]) == 2
        told = capsys.readouterr()
        assert said in told.err and "own.csv, row 2" in told.err
        assert ("column `order`" in told.err) == ("post-soviet" not in words)
        assert told.out == "" and told.err.count("\n") == 1


@pytest.mark.slow
def test_crises_of_another_order_are_predicted_less_sharply(record: pd.DataFrame) -> None:
    """The same crisis, said to be of an order nobody described: what is known of Russia holds only so far."""
    one = record[record["crisis_id"] == "ukr-2009-gas"]
    here = predict(one, by="simulation").table.iloc[0].to_numpy()
    there = predict(one.assign(order="elsewhere", patron="QQQ", state="YYY"), by="simulation").table.iloc[0].to_numpy()
    entropy = lambda p: -(p * np.log(p)).sum()
    assert entropy(there) > entropy(here)


def test_learning_until_a_date_takes_what_had_ended_by_then(record: pd.DataFrame) -> None:
    train = ended_by(record, "1994-06")
    assert set(train["end"].str[:7]) <= {f"{year}-{month:02}" for year in range(1991, 1995) for month in range(1, 13)}
    assert (train["end"].str[:7] <= "1994-06").all() and "tjk-1993-collective-force" not in set(train["crisis_id"])


def test_a_prediction_says_what_it_learned_from_and_is_read_back(record: pd.DataFrame, tmp_path: Path) -> None:
    found = predict(record, out=tmp_path / "p")
    again = hegemon.open(tmp_path / "p")
    assert again.table.equals(found.table) and "learned from the pooled posterior of 276 crises" in again.document().finding
    found.export(tmp_path / "odds.csv")
    assert list(pd.read_csv(tmp_path / "odds.csv")["crisis_id"]) == list(record["crisis_id"])


@pytest.mark.slow
def test_a_posterior_given_as_it_is_belongs_to_the_question(record: pd.DataFrame) -> None:
    """By name or by value it is the same posterior, and the question can be asked again without the object."""
    few = record.iloc[-3:]
    kept = load_posterior("post-soviet")
    found = predict(few, posterior=kept)
    assert found.table.equals(predict(few, posterior="post-soviet").table)
    assert set(found.question.given) == {"history", "posterior"}
    other = predict(few, posterior=dataclasses.replace(kept, values=kept.values[:1]))
    assert not other.table.equals(found.table) and other.question.key() != found.question.key()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rolling", "--train-until", "2010-01"], "Choose one"),
        (["--train-until", "soon"], "soon"),
        (["--train-until", "1935-01"], "later date"),
        (["--train-until", "2030-01"], "earlier date"),
        (["--order", "warsaw-pakt"], "warsaw-pakt"),
        (["--history", "nothing.csv"], "nothing.csv"),
        (["--posterior", "nothing"], "post-soviet"),
    ],
)
def test_mistakes_get_a_sentence(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", *words]) == 2
    told = capsys.readouterr()
    assert told.out == "" and said in told.err and len(told.err.strip().splitlines()) == 1
