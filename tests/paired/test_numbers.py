"""No dead number: every parameter of the model, changed alone, changes what may happen or what follows from it."""

from __future__ import annotations

import dataclasses
from typing import Any

import jax
import numpy as np
import pytest

import hegemon
from hegemon.drivers import Script
from hegemon.instruments import CODE, INSTRUMENTS, KINDS
from hegemon.law import Parameters
from hegemon.mechanisms import BLOCKS, BY_NAME, PRIORS
from worlds import STATES, Draw, Quarter, Situation, given

CASES = [(seed, kind) for seed in range(6) for kind in range(len(KINDS) + 1)]
"""Worlds by kind of crisis, the same for all four neighbours; 0 is none."""


SELDOM = {"red_line.ceiling": 0.5, "separatism.youth": 1.0, "war.peace": 40.0}
"""Numbers that no quarter of such worlds shows (a bound seldom reached, what holds at the opening), each with another value."""


def changed(params: Parameters, name: str) -> Parameters:
    """The parameters with one moved by half its prior spread, away from the nearer end of its range; a fixed one by a quarter
    of its range."""
    block, _, field = name.partition(".")
    prior = PRIORS[name]
    size = 0.25 * (prior.high - prior.low) if prior.fixed else 0.5 * prior.sd
    step = size if prior.mean + size <= prior.high else -size
    value = {field: np.float32(prior.mean + step)}
    if block in BLOCKS:
        one = dataclasses.replace(params.blocks[block], **value)
        return dataclasses.replace(params, blocks={**params.blocks, block: one})
    rows = list(params.effects)
    rows[CODE[block]] = dataclasses.replace(rows[CODE[block]], **value)
    return dataclasses.replace(params, effects=tuple(rows))


def script(seed: int, kind: int) -> Script:
    """A crisis everywhere, in which every second government falls and every instrument has its turn."""
    here = np.arange(STATES)
    return given(
        kind=np.full(STATES, kind),
        response=(here + seed * STATES + kind) % len(INSTRUMENTS),
        survived=(here + seed) % 2,
        successor=(here + seed) % 3,
    )


def told(found: Quarter) -> list[np.ndarray]:
    """All that can be seen of a quarter."""
    return [np.asarray(x) for x in jax.tree.leaves((found.seen, found.prospects, found.after, found.standing))]


@pytest.fixture(scope="module")
def cases() -> list[tuple[Situation, Script, list[np.ndarray]]]:
    found = []
    for seed, kind in CASES:
        situation = Draw(seed, 0.0, "default").situation()
        found.append((situation, script(seed, kind), told(situation.next(script=script(seed, kind)))))
    return found


@pytest.mark.parametrize("block", sorted({name.partition(".")[0] for name in PRIORS}))
def test_every_number_of_a_block_matters(cases: Any, block: str) -> None:
    """If a contribution is lost on its way to the law or the aftermath, its numbers die here."""
    dead = []
    for name in PRIORS:
        if name.partition(".")[0] != block or name in SELDOM:
            continue
        for situation, known, before in cases:
            params = changed(situation.params, name)
            after = told(dataclasses.replace(situation, params=params).next(script=known))
            if any((x != y).any() for x, y in zip(before, after, strict=True)):
                break
        else:
            dead.append(name)
    assert not dead


@pytest.mark.parametrize("name", SELDOM)
def test_what_shows_seldom_shows_in_histories(name: str) -> None:
    plain = hegemon.simulate("post-soviet", runs=64, seed=1)
    other = hegemon.simulate(hegemon.load("post-soviet").with_parameters({name: SELDOM[name]}), runs=64, seed=1)
    assert any((plain[each].values != other[each].values).any() for each in ("red_line", "hold", "autonomy"))


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_switch_matters(cases: Any, name: str) -> None:
    """Off, a mechanism changes what is seen of at least one case in five."""
    moved = 0
    for situation, known, before in cases:
        params = dataclasses.replace(situation.params, on={**situation.params.on, name: np.float32(0.0)})
        after = told(dataclasses.replace(situation, params=params).next(script=known))
        moved += any((x != y).any() for x, y in zip(before, after, strict=True))
    assert moved >= len(cases) / 5
