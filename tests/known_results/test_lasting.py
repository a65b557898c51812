"""What lasts: differences between neighbours that no mechanism knows, a movement that all have in common, and habit."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from hegemon import law
from hegemon.engine.chunk import lift, moved
from hegemon.instruments import KINDS
from hegemon.opening import opening, opening_world
from hegemon.order import Order, load
from hegemon.world import World
from worlds import dice, given, quarter

STILL = {f"alignment.{name}": 0.0 for name in ("pace", "shock", "shock_rivals", "habit", "trend", "trend_bloc", "trend_third")}
HISTORIES, QUARTERS, RATE = 8_000, 800, 0.005


@pytest.mark.parametrize("variance", [0.0, 0.5])
def test_counts_of_neighbours_that_differ_for_good_are_negative_binomial(toy: Order, variance: float) -> None:
    """A Poisson count of mean m whose rate has a hidden gamma factor of variance v has variance m + v m^2 (Greenwood and Yule
    1920): so do counts of neighbours that go on at the factor that their own history shows."""
    params = toy.with_parameters({"law.frailty": variance}).parameters
    world = lift(opening(toy), HISTORIES).world
    none = jnp.zeros_like(world.crises)
    rates = dict.fromkeys(KINDS, none) | {"dispute": none + RATE}

    def live(world: World, luck: jax.Array) -> tuple[World, None]:
        trouble = luck >= law.odds(rates, law.proneness(world, params)).none
        return dataclasses.replace(world, crises=world.crises + trouble, expected=world.expected + RATE), None

    luck = jax.random.uniform(jax.random.PRNGKey(1), (QUARTERS, *none.shape))
    crises = np.asarray(jax.lax.scan(live, world, luck)[0].crises)
    mean = RATE * QUARTERS
    assert crises.mean() == pytest.approx(mean, rel=0.03)
    assert crises.var() == pytest.approx(mean + variance * mean**2, rel=0.06)


def later(order: Order) -> tuple[World, World]:
    """The order's opening, and the world a quarter later in which nothing happened."""
    start = jax.tree.map(jnp.asarray, opening(order))
    script = given(len(order.states), kind=np.zeros(len(order.states)))
    return start.world, quarter(start.world, start.setting, order.parameters, dice(1), script).after


def test_what_moves_all_alike_moves_log_odds_by_the_same(toy: Order) -> None:
    before, after = later(toy.with_parameters({**STILL, "alignment.trend": -0.02}))
    odds = [np.log(each.orientation[0] / (1.0 - each.orientation[0])) for each in (before, after)]
    np.testing.assert_allclose(odds[1] - odds[0], -0.02, atol=1e-4)


def moving(name: str, value: float) -> tuple[np.ndarray, np.ndarray]:
    """Ties of the post-Soviet order, [P, N], at its opening and after a quarter in which only one thing moves them."""
    before, after = later(load("post-soviet").with_parameters({**STILL, "response.yielding": 0.0, f"alignment.{name}": value}))
    return np.asarray(before.orientation), np.asarray(after.orientation)


def test_a_rising_third_pole_takes_from_all_others_alike() -> None:
    before, after = moving("trend_third", 0.05)
    odds = [each[2] / (1.0 - each[2]) for each in (before, after)]
    np.testing.assert_allclose(odds[1], np.exp(0.05) * odds[0], atol=1e-4)
    others = [each[[0, 1, 3]] / each[[0, 1, 3]].sum(0) for each in (before, after)]
    np.testing.assert_allclose(others[1], others[0], atol=1e-4)


@pytest.mark.parametrize(("name", "moves"), [("shock", True), ("shock_rivals", False)])
def test_shocks_are_nested(name: str, moves: bool) -> None:
    """One moves what is left to the patron and not how rivals divide the rest; the others move that, and not how much it is."""
    before, after = moving(name, 0.02)
    patron = np.abs(after[0] - before[0]).max()
    among = np.abs(after[1:] / after[1:].sum(0) - before[1:] / before[1:].sum(0)).max()
    most, least = (patron, among) if moves else (among, patron)
    assert most > 5e-3 and least < 5e-4


def test_without_alignment_nothing_moves_all_alike(toy: Order) -> None:
    before, after = later(toy.with_parameters({"alignment.trend": -0.02}).without("alignment"))
    np.testing.assert_allclose(after.orientation, before.orientation, atol=1e-5)
    np.testing.assert_allclose(after.orientation.sum(0), 1.0, atol=1e-6)


def test_what_is_there_comes_to_be_wanted(toy: Order) -> None:
    before, after = later(toy.with_parameters({**STILL, "alignment.habit": 0.1, "support.embrace": 0.0}))
    gap = [np.asarray(each.elite - before.orientation) for each in (before, after)]
    np.testing.assert_allclose(gap[1], 0.9 * gap[0], atol=1e-4)


def test_what_an_observation_shows_beyond_the_path_lasts(toy: Order) -> None:
    """Neighbours that are moved to where they were observed want what they wanted, as far from there as before."""
    world = jax.tree.map(lambda x: jnp.asarray(x)[..., None], opening_world(toy))
    seen = jnp.asarray([[0.3, 0.5, 0.6], [0.7, 0.5, 0.4]])[..., None]
    after = moved(world, seen, jnp.asarray(True))
    gap = lambda world: np.log(world.elite[0] / world.elite[1]) - np.log(world.orientation[0] / world.orientation[1])
    np.testing.assert_allclose(after.orientation, seen)
    np.testing.assert_allclose(gap(after), gap(world), atol=1e-5)
    same = moved(world, seen, jnp.asarray(False))
    np.testing.assert_array_equal(same.orientation, world.orientation)
    np.testing.assert_array_equal(same.elite, world.elite)
