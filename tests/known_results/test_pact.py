"""The charter's rules: what follows from independent votes under unanimity, majority and the patron alone."""

from __future__ import annotations

import dataclasses
from itertools import product

import jax.numpy as jnp
import numpy as np
import pytest

from hegemon.mechanisms.pact import Pact, consent, mandate
from hegemon.world import Setting
from worlds import STATES, Source, random_setting

MEMBER = np.array([1.0, 1.0, 1.0, 0.0], np.float32)
VOTE = np.array([0.9, 0.5, 0.8, 0.2], np.float32)


def ruled(rule: str, states: int = STATES) -> Setting:
    setting = random_setting(Source(0, 0.0), states)
    one = lambda yes: np.array([float(yes)], np.float32)
    return dataclasses.replace(setting, unanimity=one(rule == "unanimity"), majority=one(rule == "majority"))


def test_unanimity_is_the_product_of_the_others_votes() -> None:
    """Members vote .9, .5 and .8; the host does not vote on itself: .4, .72, .45. A non-member gets nothing."""
    found = consent(jnp.asarray(MEMBER), jnp.asarray(VOTE), ruled("unanimity"))
    np.testing.assert_allclose(found, [0.5 * 0.8, 0.9 * 0.8, 0.9 * 0.5, 0.0], rtol=1e-5)


def test_where_the_patron_decides_alone_consent_is_certain() -> None:
    found = consent(jnp.asarray(MEMBER), jnp.asarray(VOTE), ruled("patron"))
    assert found.tolist() == [1.0, 1.0, 1.0, 0.0]


def by_counting(votes: np.ndarray) -> float:
    """Probability that more than half of independent voters agree; an even split counts half."""
    total = 0.0
    for ballot in product([0, 1], repeat=len(votes)):
        chance = np.prod(np.where(ballot, votes, 1.0 - votes))
        share = sum(ballot) / len(votes)
        total += chance * (1.0 if share > 0.5 else 0.5 if share == 0.5 else 0.0)
    return total


@pytest.mark.parametrize("members", [3, 4, 6, 9])
def test_a_majority_is_close_to_counting_every_ballot(members: int) -> None:
    """The normal approximation against all ballots of all other members: within fifteen hundredths, on the right side of 1/2."""
    votes = np.random.default_rng(members).uniform(0.1, 0.95, members).astype(np.float32)
    found = np.asarray(consent(jnp.ones(members), jnp.asarray(votes), ruled("majority", members)))
    exact = np.array([by_counting(np.delete(votes, host)) for host in range(members)])
    np.testing.assert_allclose(found, exact, atol=0.15)
    clear = np.abs(exact - 0.5) > 0.1
    assert ((found > 0.5) == (exact > 0.5))[clear].all()


def test_where_nobody_else_votes_there_is_no_majority() -> None:
    found = consent(jnp.asarray([1.0, 0.0, 0.0, 0.0]), jnp.asarray(VOTE), ruled("majority"))
    assert float(found.max()) < 0.01


def test_a_majority_of_the_willing_consents_and_of_the_unwilling_does_not() -> None:
    for vote, low, high in ((0.99, 0.95, 1.0), (0.01, 0.0, 0.05), (0.5, 0.499, 0.501)):
        found = consent(jnp.ones(7), jnp.full(7, vote), ruled("majority", 7))
        assert (np.asarray(found) >= low).all()
        assert (np.asarray(found) <= high).all()


def test_a_majority_consents_sooner_than_everybody() -> None:
    """For willing members unanimity is the harder rule, the harder the more of them there are."""
    for members in (3, 6, 9):
        votes = jnp.full(members, 0.8)
        all_, most = (
            float(consent(jnp.ones(members), votes, ruled(rule, members))[0]) for rule in ("unanimity", "majority")
        )
        assert all_ == pytest.approx(0.8 ** (members - 1), rel=1e-4)
        assert most > all_


@pytest.mark.parametrize("rule", ["unanimity", "majority", "patron"])
def test_a_pact_without_members_consents_to_nothing(rule: str) -> None:
    assert not np.asarray(consent(jnp.zeros(STATES), jnp.asarray(VOTE), ruled(rule))).any()


def test_a_mandate_is_worth_more_with_more_members_who_agree() -> None:
    """Breadth of consent times partners' part; a member alone has nobody to mandate it."""
    setting = ruled("unanimity", 6)
    ladder = [(jnp.arange(6) < count).astype("float32") for count in range(1, 6)]
    worth = [float(mandate(member, jnp.full(6, 0.8), setting, Pact())[0]) for member in ladder]
    assert worth[0] == 0.0
    assert np.all(np.diff(worth) > 0.0)
    unwilling = float(mandate(ladder[-1], jnp.full(6, 0.2), setting, Pact())[0])
    assert 0.0 < unwilling < worth[-1] <= 1.0
