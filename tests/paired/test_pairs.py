"""Two orders under the same luck."""

from __future__ import annotations

import numpy as np
import pytest

from hegemon.branch import branched, eve, parse_force
from hegemon.engine.histories import histories
from hegemon.engine.sets import Sets
from hegemon.errors import UserError
from hegemon.inference.vector import flat
from hegemon.order import Order, load
from hegemon.studies.compare.compute import Comparison, compare
from hegemon.studies.compare.noise import FAMILY, differences, saved
from hegemon.studies.compare.sentences import verdict
from hegemon.studies.run.compute import simulate

RUNS = 1_000


@pytest.fixture(scope="module")
def kazakhstan() -> Comparison:
    """January 2022: what happened, and the patron alone."""
    return compare(load("kazakhstan-2022"), load("kazakhstan-alone"), RUNS, seed=3)


def test_an_order_differs_from_itself_by_exactly_nothing(toy: Order) -> None:
    found = compare(toy, toy, 300, seed=1)
    for name in found.summary.data_vars:
        if "_difference" in str(name):
            assert not found.summary[name].values.any(), name
    assert not found.crises["difference"].any()
    assert not found.summary["parted"].values.any()
    table = differences(found, toy.quarters[-1], toy.poles[0])
    assert not table["exceeds"].any()
    assert "exactly 0" in " ".join(verdict(found, table, toy.quarters[-1], "a", "b"))


def test_a_difference_is_what_two_simulations_differ_by(toy: Order) -> None:
    """The same histories as `simulate` gives, subtracted."""
    other = toy.without("pact")
    found = compare(toy, other, 300, seed=5)
    one, two = simulate(toy, 300, 5, keep=True), simulate(other, 300, 5, keep=True)
    for name in ("fear", "hierarchy", "orientation"):
        np.testing.assert_array_equal(found.data[name].values, two.data[name].values - one.data[name].values)
        mean = (two.data[name] - one.data[name]).mean("run").values
        np.testing.assert_allclose(found.summary[f"{name}_difference"].values, mean, atol=1e-6)


@pytest.mark.slow
def test_pairs_are_one_history_until_the_event(kazakhstan: Comparison) -> None:
    parted = kazakhstan.summary["parted"]
    assert not parted.sel(quarter=slice("1992Q1", "2021Q4")).values.any()
    assert float(parted.sel(quarter="2022Q1")) == 1.0


@pytest.mark.slow
def test_pairing_divides_the_variance_of_one_event_s_effect_by_five(kazakhstan: Comparison) -> None:
    """Two years on, for every measure of the neighbours that moves at all (common random numbers)."""
    ratios = saved(kazakhstan, "2024Q1")
    known = {name: ratio for name, ratio in ratios.items() if ratio is not None and name != "doctrine"}
    assert len(known) > 15
    assert min(known.values()) >= 5.0, ratios


@pytest.mark.slow
def test_force_without_the_pact_frightens_kazakhstan_and_owes_less(kazakhstan: Comparison) -> None:
    """Claims C4 and C9 as the calibrated model has them: alone, the patron is feared more and owed less."""
    table = differences(kazakhstan, "2026Q1", "russia").set_index(["measure", "state"])
    assert table.loc[("fear", "KAZ"), "difference"] > 0 and table.loc[("fear", "KAZ"), "exceeds"]
    assert table.loc[("obligation", "KAZ"), "difference"] < 0
    said = verdict(kazakhstan, table.reset_index(), "2026Q1", "with its pact", "alone")
    assert said[0].startswith("Kazakhstan's government survives the uprising of 2022Q1 in ") and "“alone”" in said[0]


def test_intervals_of_the_mean_difference_cover_it(toy: Order) -> None:
    """Of 100 comparisons of 64 pairs each, about nine in ten hold the difference of 6,400 pairs."""
    other = toy.with_parameters({"dispute.price": 0.2})
    whole = compare(toy, other, 6_400, seed=9, parameters="mean")
    truth = whole.summary["fear_difference"].isel(quarter=-1).values
    each = [h.measures["fear"][-1] for h in histories(other, 6_400, 9)]
    base = [h.measures["fear"][-1] for h in histories(toy, 6_400, 9)]
    gaps = (np.concatenate(each, -1) - np.concatenate(base, -1)).reshape(len(toy.states), 100, 64).astype(float)
    margin = 1.645 * gaps.std(-1, ddof=1) / 8.0
    inside = np.abs(gaps.mean(-1) - truth[:, None]) <= margin
    assert 0.82 < inside.mean() < 0.96
    assert FAMILY == 0.1


@pytest.mark.slow
def test_a_set_per_history_of_the_same_numbers_is_the_same_order(toy: Order) -> None:
    """Parameters as a batch axis change nothing but the order in which numbers are read."""
    sets = Sets(flat(toy.parameters)[None], 300)
    for one, other in zip(histories(toy, 300, 2), histories(toy, 300, 2, sets=sets), strict=True):
        np.testing.assert_allclose(one.measures["fear"], other.measures["fear"], atol=2e-4)
        np.testing.assert_array_equal(one.crises.kind, other.crises.kind)


def test_a_forced_event_branches_from_the_eve() -> None:
    order = load("post-soviet")
    event = parse_force("2010Q2 KGZ uprising abstain survived=no successor=balanced severity=3")
    assert event["survived"] is False and event["severity"] == 3
    record, end = eve(order, [event])
    assert (record, end) == ("2010Q1", "2022Q1")
    changed = branched(order, [event], record=record, end=end)
    assert changed.scenario.force[0].instrument == "abstain"
    assert changed.parameters is order.parameters
    late, longer = eve(order, [parse_force("2022Q1 KAZ uprising")])
    assert (late, longer) == ("2021Q4", "2026Q1")


def test_force_against_a_government_is_no_rescue() -> None:
    """Budapest, November 1956: the same crisis and the same luck, once for the incumbents and once against them."""
    order = load("warsaw-pact")
    stayed, owed, seen = {}, {}, {}
    for side in ("for", "against"):
        event = parse_force(f"1956Q4 HUN secession unilateral_force side={side} severity=3 line=balanced requested=no")
        runs = simulate(branched(order, [event], record="1956Q3", end="1957Q4"), 256, 7, parameters="mean", keep=True)
        then = runs.events[(runs.events["quarter"] == "1956Q4") & (runs.events["state"] == "HUN")]
        stayed[side], seen[side] = then["survived"].mean(), set(then["side"])
        owed[side] = float(runs["obligation"].sel(state="HUN", quarter="1956Q4").mean())
    assert seen == {"for": {"for"}, "against": {"against"}}
    assert 1.0 - stayed["against"] > 3.0 * (1.0 - stayed["for"]) > 0.0
    assert owed["for"] > 0.02 and owed["against"] == 0.0


def test_a_second_event_in_the_same_place_takes_the_first_s() -> None:
    order = load("kazakhstan-2022")
    changed = branched(order, [parse_force("2022Q1 KAZ uprising abstain")])
    assert [f.instrument for f in changed.scenario.force] == ["abstain"]


def test_a_mechanism_switched_off_counts_when_an_event_is_checked() -> None:
    with pytest.raises(UserError, match="switched off"):
        branched(load("kazakhstan-2022").without("pact"), [parse_force("2022Q1 KAZ uprising collective_force")])


def test_orders_of_other_neighbours_cannot_be_compared(toy: Order, order: Order) -> None:
    with pytest.raises(UserError, match="different states"):
        compare(toy, order, 10)
