"""What is not known is in the numbers: parameters are drawn, and what is luck and what is parameters is told apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.engine.histories import histories
from hegemon.engine.runs import parted as spread_of
from hegemon.engine.sets import Sets
from hegemon.errors import UserError
from hegemon.inference.draws import draws, holding, in_turn, source
from hegemon.inference.vector import FREE
from hegemon.order import Order
from hegemon.posterior import load_posterior
from hegemon.studies import parted

TOY = str(Path(__file__).parents[1] / "toy.toml")


def test_parameters_are_drawn_of_the_posterior_where_there_is_one(order: Order, toy: Order) -> None:
    assert (source(order), source(toy), source(toy, "mean")) == ("posterior", "prior", "mean")
    kept = load_posterior("post-soviet")
    drawn = draws(order, "posterior")
    assert drawn is not None and drawn.shape == (256, len(FREE))
    column = FREE.index("dispute.price")
    assert sorted(drawn[:, column]) == pytest.approx(sorted(kept.values[:, kept.names.index("dispute.price")]))
    assert draws(order, "mean") is None
    with pytest.raises(UserError, match="toy names no posterior"):
        source(toy, "posterior")


def test_what_is_set_by_hand_holds_in_every_draw_even_at_its_usual_value(toy: Order) -> None:
    usual = float(toy.parameters.blocks["dispute"].price)
    for value in (0.2, usual):
        changed = toy.with_parameters({"dispute.price": value})
        x = draws(changed, "prior")
        assert x is not None
        column = x[:, FREE.index("dispute.price")]
        assert (column == np.float32(value)).all() and len(set(x[:, FREE.index("pact.vote")])) > 200
        assert changed.changed == {"dispute.price": pytest.approx(value)}
        assert changed.hash != toy.hash, "another question"
    assert np.array_equal(holding(toy, x), x)


def test_history_r_has_draw_r_whatever_the_chunk() -> None:
    sets = Sets(np.arange(6.0, dtype=np.float32).reshape(3, 2), each=None)
    assert sets.of(np.arange(5, 12)).tolist() == [2, 0, 1, 2, 0, 1, 2]
    assert sets.luck(np.arange(3)).tolist() == [0, 1, 2] and sets.fit(1) and sets.fit(10**9)


def test_means_are_the_order_s_own_numbers_and_draws_are_not(toy: Order) -> None:
    one = hegemon.simulate(toy, 300, 4, parameters="mean")
    (chunk, rest) = histories(toy, 300, 4)
    own = np.concatenate([chunk.measures["fear"], rest.measures["fear"]], -1)
    np.testing.assert_array_equal(one["fear"].transpose("quarter", "state", "run").values, own)
    drawn = hegemon.simulate(toy, 300, 4)
    sets = in_turn(toy, "prior")
    (first, _) = histories(toy, 300, 4, sets=sets)
    np.testing.assert_array_equal(drawn["fear"].values[:256], np.moveaxis(first.measures["fear"], -1, 0))
    assert not np.array_equal(drawn["fear"].values, one["fear"].values)
    assert (drawn.summary["autonomy_sd"] > one.summary["autonomy_sd"]).isel(quarter=-1).all()


def test_luck_and_parameters_are_told_apart() -> None:
    """Histories that differ by 3 from draw to draw and by 1 within: variance components of a balanced one-way layout."""
    luck = np.random.default_rng(0)
    values = (3.0 * luck.standard_normal((1, 400)) + luck.standard_normal((8, 400))).astype(np.float32)
    of_parameters, of_luck, low, high = spread_of([{"x": values.reshape(1, 1, -1)}], "x", 3_200, 400)[:, 0, 0]
    assert (of_parameters, of_luck) == (pytest.approx(3.0, rel=0.1), pytest.approx(1.0, rel=0.05))
    assert (low, high) == (pytest.approx(-1.645, abs=0.3), pytest.approx(1.645, abs=0.3))
    assert np.isnan(spread_of([{"x": values.reshape(1, 1, -1)}], "x", 500, 400)).all(), "one history of a draw tells nothing"


@pytest.mark.parametrize("spread", [0.0, 0.5, 3.0])
def test_the_interval_of_a_mean_is_that_of_its_expectation_over_draws(spread: float) -> None:
    """Nine in ten draws' expectations lie inside, although each is known from four histories only."""
    luck = np.random.default_rng(1)
    truth = 1.0 + spread * luck.standard_normal((200, 256))
    values = truth[:, None] + luck.standard_normal((200, 4, 256))
    found = parted.of_rounds(values.mean((1, 2)), values.reshape(200, -1), 256, 1_024)
    inside = ((found.low[:, None] <= truth) & (truth <= found.high[:, None])).mean()
    assert 0.86 < inside < 0.94 if spread else inside > 0.9, inside
    assert np.median(found.share) == pytest.approx(spread**2 / (spread**2 + 1.0), abs=0.03)
    assert found.error == pytest.approx(1.0 / 32.0, rel=0.1), "the noise of so many histories is luck's"


def test_a_run_says_what_it_is_conditional_on_and_what_is_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", TOY, "-n", "600", "--out", str(tmp_path / "r"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    cell = said["numbers"]["neighbours"]["ANA"]["autonomy"]["2005Q4"]
    assert cell["low"] < cell["luck"][0] < cell["mean"] < cell["luck"][1] < cell["high"] and 0 < cell["parameters"] < 1
    first, others = said["finding"], said["sentences"]
    assert first.startswith("Left to chance from 2000Q1, parameters drawn from the priors, as no record has been asked")
    assert any("is parameters, which evidence could narrow" in line for line in others)
    assert any("hegemon room" in line for line in others)
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert "left to chance from 2000Q1" in page.partition("<h1")[2].partition("</h1>")[0]


def test_with_means_a_run_says_that_its_bands_are_luck_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", TOY, "-n", "600", "--parameters", "mean", "--out", str(tmp_path / "r"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    cell = said["numbers"]["neighbours"]["ANA"]["autonomy"]["2005Q4"]
    assert cell["luck"] == [cell["low"], cell["high"]] and cell["parameters"] == 0
    assert "Bands are luck alone" in (tmp_path / "r" / "report.html").read_text("utf-8")


def test_a_comparison_carries_what_parameters_leave_open(toy: Order) -> None:
    """The interval of a difference is wider than noise alone makes it, and says how much of it is parameters."""
    drawn, alone = (hegemon.compare(toy, toy.without("red_line"), 600, parameters=of) for of in (None, "mean"))
    assert drawn.drawn and not alone.drawn
    last = drawn.summary.isel(quarter=-1)
    for name in drawn.measures:
        width = last[f"{name}_difference_high"] - last[f"{name}_difference_low"]
        assert (width >= 2 * 1.64 * last[f"{name}_error"]).all(), name
    ends = (c.summary.isel(quarter=-1) for c in (drawn, alone))
    wide, narrow = (each["red_line_difference_high"] - each["red_line_difference_low"] for each in ends)
    assert (wide > 2 * narrow).all()
    shares = drawn.summary["fear_parameters"].isel(quarter=-1)
    assert ((shares >= 0) & (shares <= 1)).all() and not alone.summary["fear_parameters"].any()
    rows = drawn.crises.set_index("name")
    assert (rows["difference_low"] <= rows["difference"]).all() and (rows["difference"] <= rows["difference_high"]).all()
    assert rows["parameters"].dropna().between(0, 1).all() and not alone.crises["parameters"].fillna(0).any()
