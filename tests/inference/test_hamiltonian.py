"""Chains of any posterior can move: they begin where there is a slope, and no path is without end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from hegemon.inference import hamiltonian
from hegemon.inference.laplace import Laplace
from hegemon.inference.record import Data


def begun_below(edge: float) -> Any:
    """A start of chains on a density that has no slope beyond the edge."""
    return lambda w, *_: SimpleNamespace(z=w, potential_energy=(w**2).sum(-1), z_grad=jnp.where(jnp.abs(w) < edge, w, jnp.nan))


def test_a_chain_that_would_begin_where_there_is_no_slope_begins_nearer_the_mode_and_the_others_where_they_are() -> None:
    begin = jnp.array([[1.0, 0.5], [5.0, 0.5], [-1.9, 1.9]])
    state = hamiltonian._begun(begun_below(2.0), begin, None, 0, None)
    assert state.z.tolist() == [[1.0, 0.5], [1.25, 0.125], jnp.array([-1.9, 1.9]).tolist()]


def test_sampling_begins_its_chains_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def resting(state: Any, paths: Any, _: Any) -> Any:
        return state, (np.stack([state.z] * len(paths)), np.zeros((len(paths), 2), bool), np.ones((len(paths), 2), int))

    monkeypatch.setattr(hamiltonian, "_program", lambda: (begun_below(0.5), resting))
    ran = hamiltonian.sample(object.__new__(Data), Laplace(np.zeros(9), np.eye(9)), chains=2, warmup=0, draws=25, seed=1)
    assert 0.0 < np.abs(ran.z).max() < 0.5


def test_a_posterior_without_a_slope_at_its_mode_is_an_error() -> None:
    with pytest.raises(FloatingPointError, match="no slope at its mode"):
        hamiltonian._begun(begun_below(0.0), jnp.ones((2, 3)), None, 0, None)


@pytest.mark.parametrize("learned", [0.0, 1e-38, 1e-6, 0.1, 1.0, 100.0])
@pytest.mark.parametrize("care", [0.4, 1.0])
def test_no_path_has_more_than_the_most_steps(learned: float, care: float) -> None:
    size, length = hamiltonian._steps(jnp.float32(3.0), jnp.float32(care), jnp.float32(learned))
    assert size > 0 and 0 < length / size <= hamiltonian.MOST * (1.0 + 1e-6) and length <= 3.0


def test_steps_of_chains_that_move_are_those_that_were_learned() -> None:
    size, length = hamiltonian._steps(jnp.float32(3.0), jnp.float32(0.4), jnp.float32(0.25))
    assert (float(size), float(length)) == (pytest.approx(0.1), 3.0)
