"""Autonomy, hierarchy, variety: closed forms against counting, and the graphs whose answer is known."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from hegemon.measures import autonomy, multivector, versatility
from hegemon.mechanisms.hierarchy import steepness
from worlds import POLES, STATES, Source, random_world


def reaching_centrality(reach: jax.Array) -> float:
    """Global reaching centrality of a weighted directed graph (Mones, Vicsek and Vicsek 2012): the mean shortfall of the
    others' mean reach from the largest, where `reach[i, j]` in [0, 1] is how strongly i reaches j."""
    nodes = reach.shape[0]
    local = (reach.sum(1) - jnp.diagonal(reach)) / (nodes - 1)
    return float((local.max() - local).sum() / (nodes - 1))


@pytest.mark.parametrize("poles", [2, 3, 4, 6])
@pytest.mark.parametrize("line", [0.0, 0.2, 0.55, 0.9])
def test_autonomy_is_the_share_of_foreign_policies_that_are_permitted(poles: int, line: float) -> None:
    """(1 - rho)^(P - 1) against a million foreign policies drawn evenly from the simplex."""
    policies = np.random.default_rng(poles).dirichlet(np.ones(poles), 1_000_000)
    counted = (policies[:, 0] >= line).mean()
    closed = float(autonomy(jnp.array([line]), poles)[0])
    assert closed == pytest.approx(counted, abs=4 * np.sqrt(0.25 / 1_000_000))


def test_where_nothing_is_forbidden_autonomy_is_whole() -> None:
    assert autonomy(jnp.array([0.0, 0.95]), 4).tolist() == pytest.approx([1.0, 0.05**3])


def test_a_star_is_the_steepest_order() -> None:
    """One reaches all, the others nobody: 1 (Mones, Vicsek and Vicsek 2012)."""
    star = jnp.zeros((6, 6)).at[0].set(1.0)
    assert reaching_centrality(star) == pytest.approx(1.0)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_where_everybody_reaches_everybody_alike_there_is_no_hierarchy(weight: float) -> None:
    assert reaching_centrality(jnp.full((6, 6), weight)) == pytest.approx(0.0, abs=1e-6)


def test_a_line_of_command_lies_between() -> None:
    """0 -> 1 -> 2 with full weights: reaches 1, 1/2, 0, shortfalls 0, 1/2, 1, over two: 3/4."""
    line = jnp.array([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    assert reaching_centrality(line) == pytest.approx(0.75)


@pytest.mark.parametrize("seed", range(5))
def test_the_model_s_hierarchy_is_that_of_its_graph(seed: int) -> None:
    """Poles reach neighbours through dependence on them; the shortcut equals the index of the whole graph."""
    world = random_world(Source(seed, 0.0))
    rest = (1.0 - world.dependence) / (1.0 - world.orientation[0] + 1e-3)
    graph = np.zeros((POLES + STATES, POLES + STATES), np.float32)
    graph[0, POLES:] = world.dependence
    graph[1:POLES, POLES:] = rest * world.orientation[1:]
    assert float(steepness(world)[0]) == pytest.approx(reaching_centrality(jnp.asarray(graph)), abs=1e-5)


def test_the_more_depends_on_the_patron_the_steeper() -> None:
    """From nobody to all depending on the patron, with ties alike: the index rises from the middle on."""
    world = random_world(Source(3, 0.0))
    even = dataclasses.replace(world, orientation=np.full((POLES, STATES), 1 / POLES, np.float32))
    found = [
        float(steepness(dataclasses.replace(even, dependence=np.full(STATES, d, np.float32)))[0])
        for d in np.linspace(0.4, 1.0, 7)
    ]
    assert np.all(np.diff(found) > 0.0)


def test_variety_is_whole_when_all_are_alike_and_nought_when_one_is_all() -> None:
    """Ties over poles, and instruments over crises."""
    assert multivector(jnp.full((4, 1), 0.25)).tolist() == pytest.approx([1.0], abs=1e-5)
    assert multivector(jnp.array([[1.0], [0.0], [0.0]])).tolist() == pytest.approx([0.0], abs=1e-5)
    assert float(versatility(jnp.full(9, 2.0))) == pytest.approx(1.0, abs=1e-5)
    assert float(versatility(jnp.zeros(9).at[3].set(5.0))) == pytest.approx(0.0, abs=1e-5)
    half = jnp.array([1.0, 1.0, 0.0, 0.0])
    assert float(versatility(half)) == pytest.approx(0.5, abs=1e-5)
