"""A seat can be taken: a person or a policy decides one part of the event, the dice decide the rest."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from hegemon.drivers import OPEN, Player
from hegemon.instruments import ABSTAIN, KINDS
from hegemon.opening import fixed, opening_world
from hegemon.order import Order
from worlds import dice, given, one_quarter, unknown

UPRISINGS = 1 + KINDS.index("uprising")


def test_a_patron_that_always_abstains_is_a_patron_whose_abstention_is_on_record(toy: Order) -> None:
    """Deciding a seat's part by policy gives the world that the same decision gives when it is read from a record."""
    world, setting = opening_world(toy.scenario), fixed(toy.scenario)
    states = len(toy.states)
    trouble = given(states, kind=[UPRISINGS] * states)
    recorded = given(states, kind=[UPRISINGS] * states, response=[ABSTAIN] * states)
    passive = Player("response", lambda odds, crisis, world, now: jnp.full(states, ABSTAIN, jnp.int32))

    by_policy = one_quarter(world, setting, toy.parameters, dice(5), trouble, passive)
    by_record = one_quarter(world, setting, toy.parameters, dice(5), recorded)

    np.testing.assert_array_equal(by_policy[0].response, ABSTAIN)
    for one, other in zip(vars(by_policy[2]).values(), vars(by_record[2]).values(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_player_may_leave_a_choice_to_the_dice_and_sees_what_the_seat_sees(toy: Order) -> None:
    """OPEN for a neighbour leaves it to the dice; the player is shown odds, crisis, world and standing."""
    world, setting, states = opening_world(toy.scenario), fixed(toy.scenario), len(toy.states)
    seen = []

    def decide(odds, crisis, world, now):  # type: ignore[no-untyped-def]
        seen.append((odds, crisis, world, now))
        return jnp.full(states, OPEN, jnp.int32)

    alone = one_quarter(world, setting, toy.parameters, dice(9), unknown(states))
    played = one_quarter(world, setting, toy.parameters, dice(9), unknown(states), Player("response", decide))
    np.testing.assert_array_equal(alone[0].response, played[0].response)
    odds, crisis, shown, now = seen[0]
    assert len(odds) == 9
    assert crisis.any.shape == shown.hold.shape == now.red_line.shape == (states,)
