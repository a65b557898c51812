"""A run from Python: what is asked in a sentence, a real time axis, one measure, one picture."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hegemon
from hegemon.errors import UserError
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.order import Order
from hegemon.studies.run.question import RunQuestion
from hegemon.studies.run.result import Runs

TOY = Path(__file__).parents[1] / "toy.toml"


@pytest.fixture(scope="module")
def made(toy: Order) -> Runs:
    """A few dozen histories, with trajectories."""
    return hegemon.simulate(toy, 40, 3)


def test_a_name_or_a_file_is_as_good_as_an_order(toy: Order, made: Runs) -> None:
    """The same histories, and a question that says where they come from by the path that was given, else by a name alone."""
    again = hegemon.simulate(str(TOY), 40, 3)
    np.testing.assert_array_equal(again["fear"], made["fear"])
    assert again.question.line == f"hegemon run {shlex.quote(str(TOY))} --runs 40 --seed 3"
    assert made.question.line == again.question.portable().line == "hegemon run toy.toml --runs 40 --seed 3"
    assert again.question.fingerprint() == made.question.fingerprint()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seed": 1.5}, "seed = 1.5. It must be a whole number."),
        ({"runs": "5"}, 'runs = "5". It must be a whole number.'),
        ({"seed": None}, "seed = None. It must be a whole number."),
        ({"keep": "yes please"}, 'keep = "yes please".'),
        ({"runs": 5, "crises": 6}, "crises = 6. It must lie between 1 and 5, the number of histories."),
    ],
)
def test_a_wrong_type_is_told_in_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    """By the question, from which command, Python and API take their types."""
    with pytest.raises(UserError) as told:
        RunQuestion.of({"scenario": "post-soviet", **wrong}).check()
    assert str(told.value).startswith(sentence)
    assert "\n" not in str(told.value)


def test_years_can_be_sliced_and_resampled(made: Runs, tmp_path: Path) -> None:
    """A date beside every quarter, in memory and in a folder: a year's mean is the mean of its four quarters."""
    made.save(tmp_path / "r")
    opened = hegemon.open(tmp_path / "r")
    for data, name in ((made.summary, "fear_mean"), (made.data, "fear"), (opened.summary, "fear_mean"), (opened.data, "fear")):
        by_time = data[name].swap_dims(quarter="time")
        year = str(data["quarter"].values[4])[:4]
        four = by_time.sel(time=year)
        assert [str(quarter) for quarter in four["quarter"].values] == [f"{year}Q{q}" for q in (1, 2, 3, 4)]
        yearly = by_time.resample(time="YS").mean().sel(time=f"{year}-01-01")
        np.testing.assert_allclose(yearly.squeeze(), four.mean("time"), rtol=1e-5)


def test_every_measure_is_there_by_its_name(made: Runs) -> None:
    for name in (*PER_NEIGHBOUR, *SHARED, "orientation"):
        assert made[name].sizes["run"] == 40
    with pytest.raises(UserError, match='a run has no measure "autnomy". Did you mean "autonomy"'):
        made["autnomy"]


def test_what_was_not_kept_is_told_with_the_remedy(toy: Order, tmp_path: Path) -> None:
    """A folder holds trajectories where they are asked for."""
    with pytest.raises(UserError, match="kept no trajectories. Use .summary, or run again with keep=True"):
        hegemon.simulate(toy, 5, out=tmp_path / "without")["fear"]
    assert hegemon.simulate(toy, 5, out=tmp_path / "with", keep=True)["fear"].sizes["run"] == 5


def test_one_measure_is_one_picture(made: Runs, toy: Order) -> None:
    """For one neighbour, for some, for all, and for the order; the medians that are drawn are the summary's."""
    from hegemon.studies.run.figures import one_measure

    one, some = toy.states[0], list(toy.states[:2])
    for choices in ({}, {"what": "fear", "state": one}, {"what": "fear", "state": some}, {"what": "hierarchy"},
                    {"what": "orientation", "pole": toy.poles[1]}):  # fmt: skip
        assert made.plot(**choices).to_dict(validate=True)
    assert one_measure(made, "fear", some, toy.poles[0]).data["panel"].nunique() == 2
    assert one_measure(made, "hierarchy", some, toy.poles[0]).data["panel"].nunique() == 1
    figure = one_measure(made, "orientation", toy.states[:1], toy.poles[1])
    there = made.summary["orientation_quantile"].sel(pole=toy.poles[1], state=toy.states[0], quantile=0.5)
    np.testing.assert_allclose(figure.data["median"], there, atol=6e-5)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"what": "fair"}, 'Runs has no figure "fair"'),
        ({"what": "fear", "state": "QQQ"}, 'this run has no state "QQQ"'),
        ({"what": "orientation", "pole": "moon"}, 'this run has no pole "moon"'),
        ({"what": "hierarchy", "state": "ANA"}, "hierarchy is of the whole order; leave the state away."),
        ({"what": "fear", "pole": "hub"}, 'Only "orientation" has poles; leave it away.'),
    ],
)
def test_a_picture_that_cannot_be_is_told(made: Runs, choices: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        made.plot(**choices)


def test_a_notebook_shows_little(made: Runs, order: Order) -> None:
    """Names and what to ask for, not the arrays."""
    assert repr(made) == "<Runs: hegemon run toy.toml --runs 40 --seed 3>"
    assert len(made._repr_html_()) < 2_000
    changed = order.without("pact").with_parameters({"pact.vote": 0.5})
    assert repr(changed) == "<Order post-soviet: 14 neighbours, 1992Q1 to 2022Q1; without pact; pact.vote = 0.5>"
    assert len(changed._repr_html_()) < 1_000


def test_the_numbers_of_a_run_are_the_same_saved_or_not(made: Runs, tmp_path: Path) -> None:
    """What a bundle holds of a run in memory is what it holds of the one in a folder, to the byte."""
    from hegemon.studies.bundle import stored

    made.save(tmp_path / "r")
    assert stored(hegemon.open(tmp_path / "r")) == stored(made)
