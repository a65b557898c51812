"""Years to come: chances against base rates, what they hang on, a layout for others, and seals that nobody can alter unseen."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hegemon.errors import UserError
from hegemon.history import history
from hegemon.instruments import KINDS
from hegemon.order import Order
from hegemon.pages import charts
from hegemon.studies.folder import open_result
from hegemon.studies.forecast import sealing
from hegemon.studies.forecast.chances import MOVED, cells, chances, counted, moved
from hegemon.studies.forecast.compute import forecast
from hegemon.studies.forecast.cut import ahead, known_to
from hegemon.studies.forecast.hub import hub
from hegemon.studies.forecast.question import ForecastQuestion
from hegemon.studies.forecast.result import Forecast

TOY = Path(__file__).parents[1] / "toy.toml"
RUNS, SPAN = 500, ("2010Q1", "2014Q4")


@pytest.fixture(scope="module")
def events(order: Order) -> pd.DataFrame:
    """Made-up crises of histories: one a quarter, wherever."""
    luck, size = np.random.default_rng(0), 4_000
    return pd.DataFrame({
        "run": luck.integers(0, RUNS, size), "quarter": luck.choice(order.quarters, size),
        "state": luck.choice(order.states, size), "kind": luck.choice(KINDS, size),
    })  # fmt: skip


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    """Five crises of one neighbour long ago, one of another just before."""
    rows = [("UKR", "dispute", "1995Q1")] * 5 + [("MDA", "dispute", "2009Q4")]
    return pd.DataFrame(rows, columns=["state", "kind", "quarter"])


def test_a_chance_is_a_share_of_histories(order: Order, events: pd.DataFrame, record: pd.DataFrame) -> None:
    found = chances(events, record, order, SPAN, RUNS).set_index(["state", "kind"])
    inside = events[events["quarter"].between(*SPAN)]
    for state, kind in (("", ""), ("UKR", ""), ("", "uprising"), ("MDA", "dispute")):
        here = inside[(inside["state"] == state) | (state == "")]
        here = here[(here["kind"] == kind) | (kind == "")]
        row = found.loc[(state, kind)]
        assert row["probability"] == here["run"].nunique() / RUNS
        assert row["mean"] == pytest.approx(len(here) / RUNS)
    assert found["probability"].max() == found.loc[("", ""), "probability"]


def test_the_base_rate_remembers_and_forgets(order: Order, events: pd.DataFrame, record: pd.DataFrame) -> None:
    """Who had crises is likelier to have more, long ago counts for less, and who had none is not safe."""
    base = chances(events, record, order, SPAN, RUNS).set_index(["state", "kind"])["base"]
    assert 0.0 < base["KAZ", "dispute"] < base["MDA", "dispute"] < base["", "dispute"] < 1.0
    assert base["KAZ", "dispute"] < base["UKR", "dispute"]
    assert base["UKR", "dispute"] < 5 * base["MDA", "dispute"], "fifteen years ago"


def test_what_moves_a_chance_is_neither_luck_nor_a_definition(order: Order) -> None:
    every = cells(order)
    mine = np.zeros((len(every), 400), int)
    mine[:, ::2] = 1
    luck = mine.copy()
    luck[:, 0] = 0  # one history of four hundred
    none, more = np.zeros_like(mine), np.ones_like(mine)
    other = {"without separatism": none, "a patron a quarter weaker": more, "growth 3 points lower": luck}
    found = moved(mine, other, order).assign(kind=[kind for _, kind in every])
    made = found["kind"].isin(["", "secession"])
    assert (found.loc[made, "assumption"] == "a patron a quarter weaker").all() and (found.loc[made, "second"] == "").all()
    assert (found.loc[~made, "assumption"] == "without separatism").all()
    assert set(found["moves"]) == {0.5, -0.5}


def test_a_quarter_that_the_record_covers_in_part_is_given_as_far_as_it_goes(order: Order) -> None:
    """The record ends with January 2022: its crisis is known, what else comes in that quarter is not."""
    known = known_to(order, "2022Q1", "2026Q4")
    assert known.scenario.record == "2021Q4" and known.scenario.end == known.quarters[-1] == "2026Q4"
    assert [(force.state, force.crisis) for force in known.scenario.force] == [("KAZ", "uprising")]
    assert ahead(order, "2022Q1", 5) == ("2022Q1", "2026Q4") and ahead(order, "2009Q4", 5) == SPAN
    one = pd.DataFrame({"run": [0, 0], "quarter": "2022Q1", "state": ["KAZ", "UKR"], "kind": "uprising"})
    assert counted(one, known, ("2022Q1", "2026Q4"), 1)[0, 0] == 1, "what is given is no forecast"


@pytest.mark.parametrize(("origin", "years", "sentence"), [
    ("2022Q1", None, "or say for how many --years"), ("2023Q1", 2, "begin before its end"), ("2009Q4", 26, "25"),
])  # fmt: skip
def test_what_cannot_be_foreseen(origin: str, years: int | None, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        ForecastQuestion.of({"scenario": "post-soviet", "origin": origin, "years": years, "parameters": "mean"}).check()


@pytest.fixture(scope="module")
def result(order: Order, tmp_path_factory: pytest.TempPathFactory) -> tuple[Forecast, Path]:
    """Five years from the end of the record, and where they are kept."""
    folder = tmp_path_factory.mktemp("forecast") / "five"
    return forecast(order, "2022Q1", years=5, parameters="mean", runs=60, seed=3, out=folder), folder


@pytest.mark.slow
def test_five_years_from_the_end_of_the_record(result: tuple[Forecast, Path], order: Order) -> None:
    of, folder = result
    assert (of.first, of.last, of.compared, of.counts) == ("2022Q1", "2026Q4", [], [])
    assert set(MOVED) <= set(of.chances)
    told = of.document()
    assert told.title.endswith("from 2022Q1") and "base rate" in told.finding
    assert "at the close of 2021Q4 and of 2022Q1" in told.question
    for section in told.sections:
        for block in section.blocks:
            if hasattr(block, "settings"):
                charts.draw(block)
    again = open_result(folder)
    pd.testing.assert_frame_equal(again.chances, of.chances)
    assert again.page() == of.page()


@pytest.mark.slow
def test_years_that_have_come_are_scored_no_further_than_they_were_asked_for(order: Order) -> None:
    found = forecast(order, "2009Q4", years=2, parameters="mean", runs=20, seed=3)
    assert found.compared == [found.first, found.last] == ["2010Q1", "2011Q4"]
    assert set(found.cases["year"]) == {2010, 2011} and set(MOVED) <= set(found.chances)


@pytest.mark.slow
def test_other_houses_can_read_it(result: tuple[Forecast, Path], order: Order) -> None:
    """Every task's chances add up to one, quantiles do not cross, and no task has two values of a kind."""
    table = hub(result[0])
    task = ["origin_date", "target", "horizon", "target_end_date", "location"]
    assert not table.duplicated([*task, "output_type", "output_type_id"]).any()
    whole = table[table["output_type"] == "pmf"].groupby(task)["value"].sum()
    np.testing.assert_allclose(whole, 1.0)
    quantiles = table[table["output_type"] == "quantile"].assign(level=lambda t: t["output_type_id"].astype(float))
    rising = quantiles.sort_values([*task, "level"]).groupby(task)["value"].apply(lambda v: v.is_monotonic_increasing)
    assert rising.all()
    assert set(table["location"]) == {*order.states, order.name}


@pytest.fixture
def sealed(order: Order, events: pd.DataFrame, tmp_path: Path) -> Path:
    """A file with two sealed forecasts: of a window that is over, and of one that is not."""
    file = tmp_path / "seals.jsonl"
    record = pd.DataFrame({"state": ["UKR"], "kind": ["dispute"], "quarter": ["1995Q1"]})
    question = ForecastQuestion.of({**ForecastQuestion.about(order), "origin": "2009Q4", "years": 5})
    made = {"version": "0", "code": "a", "data": "b", "record_hash": "c"}
    likely = chances(events, record, order, SPAN, RUNS)
    empty = pd.DataFrame()
    of = Forecast(question, made, *SPAN, "", [], likely, [], [], empty, empty, None, empty)  # type: ignore[arg-type]
    sealing.seal(of, file)
    sealing.seal(dataclasses.replace(of, last="2030Q4"), file)
    return file


def test_a_seal_says_what_was_foretold_and_by_which_rules(sealed: Path) -> None:
    first, second = sealing.read(sealed)
    assert second["previous"] == first["sha256"] and (first["number"], second["number"]) == (1, 2)
    assert "codebook" in first["rules"] and len(first["chances"]) == 15 * 7


def test_what_was_sealed_is_scored_when_its_window_is_over(sealed: Path) -> None:
    """By hand: log scores and Brier scores of crises that the record has, and does not have."""
    over, later = sealing.score(sealed, None, None)
    assert later.settled is None and over.settled is not None
    table = history()
    crises = table[table["start"].between("2010-01-01", "2014-12-31")]
    cells_ = [row for row in sealing.read(sealed)[0]["chances"] if row["state"] and row["kind"]]
    assert over.settled.cells == 14 * 6 == len(cells_) and 0 < over.settled.came <= len(crises)
    share = np.array([row["probability"] for row in cells_])
    assert 0.0 < over.settled.brier < max((share**2).max(), ((1 - share) ** 2).max())
    assert over.settled.ahead.mean == pytest.approx(over.settled.log - over.settled.base_log)


@pytest.mark.parametrize("how", ["altered", "removed", "swapped", "nonsense"])
def test_nobody_alters_a_seal_unseen(sealed: Path, how: str) -> None:
    lines = sealed.read_text("utf-8").splitlines()
    if how == "altered":
        content = json.loads(lines[0])
        content["chances"][3]["probability"] = 0.99
        lines[0] = json.dumps(content)
    changed = {"removed": lines[1:], "swapped": lines[::-1], "nonsense": ["{}"], "altered": lines}[how]
    sealed.write_text("\n".join(changed), "utf-8")
    with pytest.raises(UserError, match="line 1"):
        sealing.read(sealed)


def test_only_a_forecast_of_years_to_come_is_sealed(order: Order, tmp_path: Path) -> None:
    question = ForecastQuestion.of({**ForecastQuestion.about(order), "origin": "2009Q4"})
    empty = pd.DataFrame()
    of = Forecast(question, {}, *SPAN, "", [], empty, [], [], empty, empty, None, empty)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="--years"):
        sealing.seal(of, tmp_path / "seals.jsonl")
    with pytest.raises(UserError, match="--until"):
        sealing.score(tmp_path / "seals.jsonl", "mine.csv", None)


@pytest.mark.slow
def test_an_order_without_a_record_is_forecast_from_its_figures_and_nothing_is_scored(tmp_path: Path) -> None:
    """No base rate, no comparison; the rest is told, and opens again."""
    made = forecast(str(TOY), "2001Q4", runs=64, out=tmp_path / "f")
    assert made.counts == [] and made.ties == [] and made.compared == [] and (made.first, made.last) == ("2002Q1", "2005Q4")
    assert made.chances["base"].isna().all() and made.chance()["probability"] > 0.5
    told = open_result(tmp_path / "f").page()
    assert "has no coded record, so that nothing is followed" in told and "base rate says" not in told
    with pytest.raises(UserError, match="begin earlier"):
        forecast(str(TOY), "2005Q4", runs=64)
