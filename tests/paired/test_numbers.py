"""No dead number: every parameter of the model, changed alone, changes what may happen or what follows from it.

And no silent change: quarters of made-up worlds come to what they came to when the model was last changed on purpose
(`quarters.npz`; after a change that is meant, `python tests/paired/test_numbers.py` writes it anew).
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

import hegemon
from hegemon.drivers import Script
from hegemon.instruments import CODE, INSTRUMENTS, KINDS
from hegemon.law import Parameters
from hegemon.mechanisms import BLOCKS, BY_NAME, PRIORS
from worlds import STATES, Draw, dice, given, one_quarter, unknown

KNOWN = Path(__file__).with_name("quarters.npz")
CASES = [(seed, kind) for seed in range(6) for kind in range(len(KINDS) + 1)]
"""Worlds by kind of crisis, the same for all four neighbours; 0 is none."""


SELDOM = {"red_line.ceiling": 0.5, "separatism.youth": 1.0, "war.peace": 40.0}
"""Numbers that no quarter of such worlds shows (a bound seldom reached, what holds at the opening), each with another value."""


def changed(params: Parameters, name: str, share: float = 1.0) -> Parameters:
    """The parameters with one moved by half its prior spread, away from the nearer end of its range; a fixed one by a quarter
    of its range. Or by a share of that."""
    block, _, field = name.partition(".")
    prior = PRIORS[name]
    size = share * (0.25 * (prior.high - prior.low) if prior.fixed else 0.5 * prior.sd)
    step = size if prior.mean + size <= prior.high else -size
    value = {field: np.float32(prior.mean + step)}
    if block in BLOCKS:
        one = dataclasses.replace(params.blocks[block], **value)
        return dataclasses.replace(params, blocks={**params.blocks, block: one})
    rows = list(params.effects)
    rows[CODE[block]] = dataclasses.replace(rows[CODE[block]], **value)
    return dataclasses.replace(params, effects=tuple(rows))


def all_free(params: Parameters) -> Parameters:
    """Fixed ones a little off, so that none of them is a constant of the program: one program tries them all."""
    return functools.reduce(lambda so_far, name: changed(so_far, name, 0.1), (n for n in PRIORS if PRIORS[n].fixed), params)


def script(seed: int, kind: int) -> Script:
    """A crisis everywhere, in which every second government falls and every instrument has its turn."""
    here = np.arange(STATES)
    return given(
        kind=np.full(STATES, kind),
        response=(here + seed * STATES + kind) % len(INSTRUMENTS),
        survived=(here + seed) % 2,
        successor=(here + seed) % 3,
    )


class Cases:
    """All worlds at once, each with its luck and its crisis, under the same parameters."""

    def __init__(self) -> None:
        def stacked(*each: Any) -> Any:
            return np.stack([np.asarray(x) for x in each])

        drawn = [Draw(seed, 0.0, "default").situation() for seed, _ in CASES]
        self.params = all_free(drawn[0].params)
        self._open = jax.tree.map(lambda each: np.stack([each] * len(CASES)), unknown())
        lucky = [dice(seed, run, 2 * run + 1) for run, (seed, _) in enumerate(CASES)]
        self._other_dice = jax.tree.map(stacked, *lucky)
        self._worlds, self._settings, self._dice, self._scripts = (
            jax.tree.map(stacked, *each)
            for each in (
                [one.world for one in drawn],
                [one.setting for one in drawn],
                [dice(one.seed) for one in drawn],
                [script(seed, kind) for seed, kind in CASES],
            )
        )
        self._quarters = jax.jit(jax.vmap(one_quarter, in_axes=(0, 0, None, 0, 0)))
        self._before = self._told(self.params)

    def _told(self, params: Parameters) -> list[np.ndarray]:
        """All that can be seen of a quarter, but for the event itself."""
        _, *seen, _ = self._quarters(self._worlds, self._settings, params, self._dice, self._scripts)
        return [np.asarray(x).reshape(len(CASES), -1) for x in jax.tree.leaves(seen)]

    def come_to(self) -> dict[str, np.ndarray]:
        """Everything of the quarters in which the script decides, and of as many in which the dice do."""
        both = {"told": (self._dice, self._scripts), "thrown": (self._other_dice, self._open)}
        found = {name: self._quarters(self._worlds, self._settings, self.params, *how) for name, how in both.items()}
        return {name + jax.tree_util.keystr(at): np.asarray(x) for name, each in found.items()
                for at, x in jax.tree_util.tree_leaves_with_path(each)}  # fmt: skip

    def moved(self, params: Parameters) -> int:
        """In how many cases other parameters show."""
        pairs = zip(self._before, self._told(params), strict=True)
        return int(np.any([(x != y).any(axis=1) for x, y in pairs], axis=0).sum())


@pytest.fixture(scope="module")
def cases() -> Cases:
    return Cases()


@pytest.mark.parametrize("block", sorted({name.partition(".")[0] for name in PRIORS}))
def test_every_number_of_a_block_matters(cases: Cases, block: str) -> None:
    """If a contribution is lost on its way to the law or the aftermath, its numbers die here."""
    mine = [name for name in PRIORS if name.partition(".")[0] == block and name not in SELDOM]
    assert [name for name in mine if not cases.moved(changed(cases.params, name))] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SELDOM)
def test_what_shows_seldom_shows_in_histories(name: str) -> None:
    plain = hegemon.simulate("post-soviet", runs=64, seed=1)
    other = hegemon.simulate(hegemon.load("post-soviet").with_parameters({name: SELDOM[name]}), runs=64, seed=1)
    assert any((plain[each].values != other[each].values).any() for each in ("red_line", "hold", "autonomy"))


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_switch_matters(cases: Cases, name: str) -> None:
    """Off, a mechanism changes what is seen of at least one case in five."""
    off = dataclasses.replace(cases.params, on={**cases.params.on, name: np.float32(0.0)})
    assert cases.moved(off) >= len(CASES) / 5


def test_the_model_says_what_it_said(cases: Cases) -> None:
    """Law, event, aftermath and scores: events are the same, numbers but for rounding."""
    found, known = cases.come_to(), np.load(KNOWN)
    assert set(found) == set(known.files)
    other = [at for at, x in found.items() if not np.allclose(x, known[at], rtol=1e-4, atol=2e-6, equal_nan=True)]
    assert other == [], "if the model was changed on purpose: python tests/paired/test_numbers.py"


if __name__ == "__main__":
    np.savez_compressed(KNOWN, **Cases().come_to())
