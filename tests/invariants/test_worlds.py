"""What holds in every world, under every parameter the ranges allow, whatever happens."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from hegemon.event import PARTS
from hegemon.instruments import ABSTAIN, CODE, COLLECTIVE_FORCE, INSTRUMENTS, KINDS, OPEN_SIDED
from hegemon.world import World
from lanes import by_lane
from worlds import STATES, Draw, Quarter, Situation, draws, given

many = settings(max_examples=by_lane(40, 300, 3_000), deadline=None)
QUARTERS = 6

events = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.integers(-1, len(KINDS)),
            "severity": st.sampled_from([-1, 1, 2, 3]),
            "line": st.integers(-1, 2),
            "requested": st.integers(-1, 1),
            "consented": st.integers(-1, 1),
            "response": st.integers(-1, len(INSTRUMENTS) - 1),
            "survived": st.integers(-1, 1),
            "successor": st.integers(-1, 2),
        }
    ),
    min_size=STATES,
    max_size=STATES,
)
"""A quarter's event as somebody might dictate it: each part known or open, feasible or not."""


def assert_sound(world: World) -> None:
    """Every field finite and inside its bounds; shares of ties add up to one."""
    for field in dataclasses.fields(World):
        values = np.asarray(getattr(world, field.name))
        assert np.isfinite(values).all(), f"{field.name} = {values}"
        assert values.min() >= field.metadata["low"], f"{field.name} = {values}"
        assert values.max() <= field.metadata["high"], f"{field.name} = {values}"
    for name in ("orientation", "elite"):
        shares = np.asarray(getattr(world, name))
        np.testing.assert_allclose(shares.sum(0), 1.0, atol=1e-5, err_msg=name)
    assert set(np.unique(world.member)) <= {0.0, 1.0}


def assert_odds(seen: dict[str, Any]) -> None:
    """Weights of every part's outcomes are finite, and something can happen."""
    for part, weights in seen.items():
        stacked = np.stack([np.asarray(w) for w in weights])
        assert np.isfinite(stacked).all(), f"{part}: {stacked}"
        assert stacked.min() >= -1e-6, f"{part}: {stacked}"
        assert stacked.sum(0).min() > 0.0, f"{part}: {stacked}"


def possible(found: Quarter, situation: Situation, code: int) -> np.ndarray:
    """Where the rules of the order allow an instrument, read off the event alone."""
    kind = np.asarray(found.event.kind)
    instrument, on = INSTRUMENTS[code], situation.params.on
    if code == ABSTAIN:
        return np.ones(kind.shape, bool)
    can = np.full(kind.shape, bool(on["response"]))
    if instrument.needs_ground:
        can &= (np.asarray(situation.setting.cleavage) > 0.0) & bool(on["separatism"])
    if instrument.needs_mandate:
        can &= np.asarray(found.event.consented)
        can &= (np.asarray(situation.world.member) > 0.0) & bool(on["pact"])
    return can


@many
@for_all(draws)
def test_whatever_the_dice_decide_every_world_is_sound(draw: Draw) -> None:
    """Six quarters from any world: bounds, simplices, nothing NaN, and always something that can happen."""
    situation = draw.situation()
    for when in range(QUARTERS):
        found = situation.next(when)
        assert_odds(found.seen)
        assert_sound(found.after)
        situation = situation.after(found.after)


@many
@for_all(draws, events)
def test_whatever_is_dictated_the_next_world_is_sound(draw: Draw, told: list[dict[str, int]]) -> None:
    """A script may hold anything, even what the law calls impossible; the world it leaves is still a world."""
    situation = draw.situation()
    parts = {name: [event[name] for event in told] for name in told[0]}
    found = situation.next(script=given(**parts))
    assert_sound(found.after)
    known = np.asarray(parts["kind"]) >= 0
    assert (np.asarray(found.event.kind)[known] == np.asarray(parts["kind"])[known]).all()


@pytest.mark.slow
@many
@for_all(draws)
def test_an_instrument_that_is_not_feasible_is_never_used(draw: Draw) -> None:
    situation = draw.situation()
    for when in range(QUARTERS):
        found = situation.next(when)
        used = np.asarray(found.event.response)
        for code in range(len(INSTRUMENTS)):
            allowed = possible(found, situation, code)
            assert allowed[used == code].all(), INSTRUMENTS[code].name
            share = np.asarray(found.seen["response"][code])
            crisis = np.asarray(found.event.kind) > 0
            assert (share[crisis & ~allowed] == 0.0).all(), INSTRUMENTS[code].name
            assert (share[crisis & allowed] > 0.0).all(), f"{INSTRUMENTS[code].name}: a misfit is rare, not impossible"
        situation = situation.after(found.after)


@pytest.mark.parametrize("kind", range(1, len(KINDS) + 1))
def test_where_nobody_is_apart_no_separatists_can_be_backed(kind: int) -> None:
    """A cleavage of nought is no ground; any other is."""
    situation = Draw(1, 0.0, "default").situation()
    apart = np.arange(STATES) % 2 > 0
    split = dataclasses.replace(situation.setting, cleavage=np.where(apart, 0.3, 0.0).astype(np.float32))
    found = dataclasses.replace(situation, setting=split).next(script=given(kind=np.full(STATES, kind)))
    needing = [n for n, each in enumerate(INSTRUMENTS) if each.needs_ground]
    assert needing
    for code in needing:
        assert ((np.asarray(found.seen["response"][code]) > 0.0) == apart).all()


@many
@for_all(draws)
def test_facts_that_need_other_facts_have_them(draw: Draw) -> None:
    """No request and no consent without a crisis, no consent but to a member, unbidden only where that has a chance,
    no collective force without it, a severity of three and a line of three, no fall in peace."""
    situation = draw.situation()
    found = situation.next()
    event = found.event
    kind = np.asarray(event.kind)
    requested, consented = np.asarray(event.requested), np.asarray(event.consented)
    assert (kind > 0)[requested | consented].all()
    assert ((np.asarray(situation.world.member) > 0.0) & bool(situation.params.on["pact"]))[consented].all()
    assert requested[consented].all() or situation.params.blocks["pact"].unbidden > 0.0
    assert set(np.asarray(event.severity).tolist()) <= {1, 2, 3}
    assert set(np.asarray(event.line).tolist()) <= {0, 1, 2}
    assert np.asarray(event.survived)[kind == 0].all()
    assert (np.asarray(event.response)[kind == 0] == ABSTAIN).all()
    assert np.asarray(event.consented)[np.asarray(event.response) == COLLECTIVE_FORCE].all()


@many
@for_all(draws)
def test_competing_risks_add_up_to_one(draw: Draw) -> None:
    """No crisis, or one of six kinds: P(none) = exp(-sum of rates), the rest in proportion to the rates."""
    situation = draw.situation()
    odds = np.stack([np.asarray(weight) for weight in situation.next().seen["crisis"]])
    np.testing.assert_allclose(odds.sum(0), 1.0, atol=1e-5)
    assert odds.min() >= 0.0


@many
@for_all(draws)
def test_what_happened_could_have_happened(draw: Draw) -> None:
    """The log-probability of every event the dice decide is finite, in every part, and never above zero."""
    situation = draw.situation()
    score = situation.next().score
    assert set(score) == set(PARTS)
    for part, of in score.items():
        logs = np.asarray(of)
        assert np.isfinite(logs).all(), part
        assert logs.max() <= 1e-6, part


@many
@for_all(draws)
def test_a_score_is_the_logarithm_of_what_happened_s_share(draw: Draw) -> None:
    """Each part's log-probability against the weights it was drawn from, in double precision; 0 where nothing was open.
    Utilities may be so low that every weight is next to nothing: shares still are shares."""
    situation = draw.situation()
    found = situation.next()
    event = found.event
    crisis = np.asarray(event.kind) > 0
    parts = {"crisis": (event.kind, crisis | True), "severity": (np.asarray(event.severity) - 1, crisis),
             "line": (event.line, crisis), "request": (event.requested, crisis),
             "consent": (event.consented, crisis), "response": (event.response, crisis),
             "side": (event.side, crisis & np.isin(np.asarray(event.response), [CODE[name] for name in OPEN_SIDED])),
             "survival": (event.survived, crisis),
             "successor": (event.successor, crisis & ~np.asarray(event.survived))}  # fmt: skip
    assert list(parts) == list(PARTS)
    for part, (code, open_) in parts.items():
        weights = np.stack([np.asarray(weight, float) for weight in found.seen[part]])
        shares = weights[np.asarray(code).astype(int), np.arange(STATES)] / weights.sum(0)
        expected = np.where(open_, np.log(np.maximum(shares, 1e-30)), 0.0)
        np.testing.assert_allclose(found.score[part], expected, rtol=1e-4, atol=1e-5, err_msg=part)


@many
@for_all(draws, st.integers(0, 2**32 - 1))
def test_the_record_and_the_dice_agree(draw: Draw, other: int) -> None:
    """Dictate what the dice decided, and with the same small shocks the same world follows, to the bit."""
    situation = draw.situation()
    thrown = situation.next()
    facts = {name: np.asarray(getattr(thrown.event, name)).astype(int) for name in given().__dataclass_fields__
             if name not in ("kind",)}  # fmt: skip
    told = situation.next(script=given(kind=thrown.event.kind, **facts))
    for field in dataclasses.fields(World):
        np.testing.assert_array_equal(getattr(told.after, field.name), getattr(thrown.after, field.name), field.name)
