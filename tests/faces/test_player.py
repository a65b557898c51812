"""The player's seat: one part of the event decided by a person or a policy, the rest by the same dice."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from hegemon.drivers import OPEN, Player
from hegemon.event import PARTS
from hegemon.instruments import ABSTAIN, AGAINST, CODE, INSTRUMENTS, KINDS
from hegemon.world import Crisis, Standing, World
from worlds import STATES, Draw, Situation, dice, given, one_quarter, unknown

UPRISINGS = np.full(STATES, KINDS.index("uprising") + 1)


def play(situation: Situation, player: Player | None, script: Any = None) -> tuple[Any, ...]:
    """One quarter with a seat taken; not compiled, as a game would be played."""
    return one_quarter(
        situation.world, situation.setting, situation.params, dice(situation.seed), script or unknown(), player
    )


def always(code: int) -> Any:
    """A policy that decides the same for everybody."""

    def decide(odds: Sequence[Any], crisis: Crisis, world: World, standing: Standing) -> Any:
        return jnp.full(world.hold.shape, code, jnp.int32)

    return decide


def assert_same_world(one: World, other: World) -> None:
    for field in dataclasses.fields(World):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), field.name)


@pytest.fixture(params=[0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def situation(request: pytest.FixtureRequest) -> Situation:
    return Draw(request.param, 0.1, "default").situation()


@pytest.mark.slow
def test_a_patron_who_always_abstains_is_a_script_in_which_it_abstains(situation: Situation) -> None:
    """The same dice for everything else: the same events, the same world, to the bit."""
    played = play(situation, Player("response", always(ABSTAIN)))
    dictated = play(situation, None, given(response=np.full(STATES, ABSTAIN)))
    assert not np.asarray(played[0].response).any()
    for field in dataclasses.fields(played[0]):
        np.testing.assert_array_equal(getattr(played[0], field.name), getattr(dictated[0], field.name), field.name)
    assert_same_world(played[2], dictated[2])


@pytest.mark.slow
def test_a_player_who_leaves_everything_open_leaves_everything_to_the_dice(situation: Situation) -> None:
    for part in PARTS:
        assert_same_world(play(situation, Player(part, always(OPEN)))[2], play(situation, None)[2])


@pytest.mark.slow
def test_the_script_is_above_the_player(situation: Situation) -> None:
    """What is known has happened; a player decides only what is open."""
    script = given(kind=UPRISINGS, response=np.array([CODE["mediate"], OPEN, OPEN, OPEN]))
    event = play(situation, Player("response", always(CODE["economic_support"])), script)[0]
    assert event.response.tolist() == [CODE["mediate"], *[CODE["economic_support"]] * 3]


def test_a_player_sees_what_is_feasible_and_what_is_at_stake(situation: Situation) -> None:
    """The seat gets the weights of its outcomes (0 where infeasible), the trouble, the world and what follows from it."""
    seen: list[Any] = []

    def watch(odds: Sequence[Any], crisis: Crisis, world: World, standing: Standing) -> Any:
        seen.append((odds, crisis, world, standing))
        return jnp.full(world.hold.shape, OPEN, jnp.int32)

    play(situation, Player("response", watch), given(kind=UPRISINGS, consented=np.zeros(STATES)))
    ((odds, crisis, world, standing),) = seen
    assert len(odds) == len(INSTRUMENTS)
    assert not np.asarray(odds[CODE["collective_force"]]).any(), "the pact has not consented"
    assert np.asarray(odds[ABSTAIN]).all()
    assert np.asarray(crisis.uprising).all()
    assert_same_world(world, situation.world)
    assert standing.red_line.shape == (STATES,)


def test_every_part_has_a_seat(situation: Situation) -> None:
    """Whoever sits there decides: who gets into trouble, how grave it is, how incumbents are seen, who asks, consents,
    answers, for whom, survives, and who comes after. A wish is an index into the odds: severities count from 1."""
    wishes = {"crisis": ("kind", 2), "severity": ("severity", 2), "line": ("line", 2), "request": ("requested", 1),
              "consent": ("consented", 1), "response": ("response", CODE["mediate"]), "side": ("side", AGAINST),
              "survival": ("survived", 0), "successor": ("successor", 2)}  # fmt: skip
    assert set(wishes) == set(PARTS)
    for part, (fact, code) in wishes.items():
        forced = {"response": np.full(STATES, CODE["unilateral_force"])} if part == "side" else {}  # used on either side
        script = unknown() if part == "crisis" else given(kind=UPRISINGS, **forced)
        event = play(situation, Player(part, always(code)), script)[0]
        expected = code + 1 if part == "severity" else code
        assert (np.asarray(getattr(event, fact)).astype(int) == expected).all(), part


def test_the_seat_leaves_everybody_else_s_dice_alone(situation: Situation) -> None:
    """A player at one seat does not change who got into trouble or who asked."""
    free, played = play(situation, None)[0], play(situation, Player("survival", always(0)))[0]
    for fact in ("kind", "severity", "line", "requested", "consented", "response", "successor"):
        np.testing.assert_array_equal(getattr(free, fact), getattr(played, fact), fact)
