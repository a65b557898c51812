"""Crises are counted alike wherever that is done: by NumPy from a list, or on a device from the engine's codes."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegemon.engine.counting import counted
from hegemon.engine.tally import Crises, count_crises, per_history
from hegemon.instruments import KINDS, NAMES

QUARTERS, STATES, RUNS = 5, 3, 64


def codes_of(seed: int, density: float) -> np.ndarray:
    """Random codes as `chunk.encode` writes them, 0 where there is no crisis."""
    luck = np.random.default_rng(seed)
    shape = (QUARTERS, STATES, RUNS)
    kind, instrument = luck.integers(1, len(KINDS) + 1, shape), luck.integers(0, len(NAMES), shape)
    rest = luck.integers(0, 2**16 // 128, shape) << 7
    return np.where(luck.random(shape) < density, kind + 8 * instrument + rest, 0).astype(np.uint16)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), density=st.sampled_from([0.0, 0.05, 1.0]), here=st.integers(1, RUNS))
def test_counts_on_a_device_are_those_of_a_list(seed: int, density: float, here: int) -> None:
    """Padding beyond the last history counts nowhere; a history without a crisis counts as one with none."""
    codes = codes_of(seed, density)
    crises = Crises.decode(codes, 0, here)
    expected = count_crises(crises, (QUARTERS, STATES)) | per_history(crises, 0, here)
    found = counted(jnp.asarray(codes), here)
    assert set(found) == set(expected)
    for name, count in expected.items():
        np.testing.assert_array_equal(found[name], count, name)


@pytest.mark.parametrize("run", [0, 1, 40, RUNS, 10 * RUNS])
def test_crises_before_a_history_are_those_of_lower_numbers(run: int) -> None:
    crises = Crises.decode(codes_of(1, 0.3), 0, RUNS)
    early = crises.before(run)
    assert set(early.run) == {number for number in set(crises.run) if number < run}
    assert len(early.kind) == (crises.run < run).sum()
