"""Named dice: uniform, independent, and nobody's are moved by what somebody else does."""

from __future__ import annotations

import itertools
import zlib
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from hegemon import dice as dice_
from hegemon import drivers
from hegemon.dice import bits, key, normal, split_seed, uniform
from hegemon.event import PARTS
from hegemon.mechanisms import MECHANISMS
from worlds import Draw, dice, one_quarter, unknown

RUNS, QUARTERS, COUNT = 2_000, 20, 14


def luck(site: str, seed: int = 3, what: Any = uniform) -> np.ndarray:
    """A site's numbers, [quarter, neighbour, run]."""
    low, high = (jnp.uint32(word) for word in split_seed(seed))
    numbers = jnp.arange(RUNS, dtype=jnp.uint32)

    @jax.jit
    def at(when: jax.Array) -> jax.Array:
        return what(key((low, high), numbers, when, jnp.uint32(0)), site, COUNT)

    return np.stack([np.asarray(at(jnp.uint32(when))) for when in range(QUARTERS)])


def test_uniforms_are_uniform() -> None:
    """560,000 draws: mean, variance, and Kolmogorov-Smirnov's distance from the uniform; none is 0 or 1."""
    draws = luck("crisis").ravel().astype(float)
    assert 0.0 < draws.min() < 1e-4
    assert 1.0 - 1e-4 < draws.max() < 1.0
    error = 1.0 / np.sqrt(12 * draws.size)
    assert abs(draws.mean() - 0.5) < 4 * error
    assert abs(draws.var() * 12 - 1.0) < 4 * np.sqrt(0.8 / draws.size)
    assert stats.kstest(draws, "uniform").pvalue > 1e-4


def test_normals_are_normal() -> None:
    """Mean, variance, skewness and kurtosis, and Kolmogorov-Smirnov's distance."""
    draws = luck("mood", what=normal).ravel().astype(float)
    n = draws.size
    assert np.isfinite(draws).all()
    assert abs(draws.mean()) < 4 / np.sqrt(n)
    assert abs(draws.var() - 1.0) < 4 * np.sqrt(2 / n)
    assert abs(stats.skew(draws)) < 4 * np.sqrt(6 / n)
    assert abs(stats.kurtosis(draws)) < 4 * np.sqrt(24 / n)
    assert stats.kstest(draws, "norm").pvalue > 1e-4


@pytest.mark.parametrize("word", [0, 0xFFFFFFFF])
def test_even_the_most_extreme_word_lies_strictly_between(monkeypatch: pytest.MonkeyPatch, word: int) -> None:
    """Neither 0 nor 1 in single precision, so that no normal is infinite."""
    monkeypatch.setattr(dice_, "bits", lambda *_: jnp.full(3, word, jnp.uint32))
    assert 0.0 < float(uniform(dice(), "crisis", 3)[0]) < 1.0
    assert np.isfinite(normal(dice(), "mood", 3)).all()


def test_dice_of_other_sites_quarters_runs_and_neighbours_are_independent() -> None:
    """Correlations along every axis, and between sites and seeds, within sampling error."""
    one = luck("response").astype(float) - 0.5
    others = {
        "site": (one, luck("survival").astype(float) - 0.5),
        "seed": (one, luck("response", seed=4).astype(float) - 0.5),
        "seed beyond 32 bits": (one, luck("response", seed=3 + 2**32).astype(float) - 0.5),
        "quarter": (one[1:], one[:-1]),
        "neighbour": (one[:, 1:], one[:, :-1]),
        "run": (one[..., 1:], one[..., :-1]),
    }
    for what, (x, y) in others.items():
        z = 12 * (x * y).mean() * np.sqrt(x.size)
        assert abs(z) < 4.5, f"{what}: z = {z:.1f}"


def test_a_seed_is_two_words() -> None:
    assert split_seed(5 + 2**40) == (5, 2**8)
    for wrong in (-1, 2**64):
        with pytest.raises(ValueError, match="is not between"):
            split_seed(wrong)


def watched(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[int, Any]]:
    """Every site that is thrown from here on, with its count and numbers."""
    seen: dict[str, tuple[int, Any]] = {}

    def watch(throw: Any) -> Any:
        def thrown(dice: Any, site: str, count: int) -> Any:
            assert site not in seen, f"{site} is thrown twice in a quarter"
            seen[site] = (count, throw(dice, site, count))
            return seen[site][1]

        return thrown

    monkeypatch.setattr(drivers, "uniform", watch(uniform))
    monkeypatch.setattr(drivers, "normal", watch(normal))
    return seen


def test_switching_a_mechanism_off_moves_nobody_s_dice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Common random numbers: with any mechanism off, every site throws what it threw before."""
    situation = Draw(1, 0.0, "default").situation()
    seen = watched(monkeypatch)

    @jax.jit
    def thrown(params: Any) -> Any:
        seen.clear()
        one_quarter(situation.world, situation.setting, params, dice(9, run=4, when=2), unknown())
        return {site: numbers for site, (_, numbers) in seen.items()}

    whole = thrown(situation.params)
    assert set(PARTS) < set(whole)
    for mechanism in MECHANISMS:
        on = {**situation.params.on, mechanism.name: np.float32(0.0)}
        without = thrown(type(situation.params)(situation.params.blocks, situation.params.effects, on))
        for site, numbers in whole.items():
            np.testing.assert_array_equal(without[site], numbers, f"{site} without {mechanism.name}")


def test_sites_do_not_share_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites number their words from a hash of their name: for 250 states and 12 poles no two of them overlap."""
    situation = Draw(1, 0.0, "default").situation()
    seen = watched(monkeypatch)
    jax.eval_shape(one_quarter, situation.world, situation.setting, situation.params, dice(), unknown())
    spans = sorted((zlib.crc32(site.encode()), site) for site in seen)
    for (first, one), (second, other) in itertools.pairwise(spans):
        assert second - first > 250 * 12, f"{one} and {other}"


def test_a_name_s_dice_are_the_same_in_every_process() -> None:
    """A frozen word: Python's own hash is salted per process, ours is not. If it changes, so does every history."""
    again = bits(dice(7, run=1, when=2), "crisis", 2)
    assert bits(dice(7, run=1, when=2), "crisis", 3)[:2].tolist() == again.tolist()
    assert again.tolist() == FROZEN


FROZEN = [2256339050, 3752157363]
