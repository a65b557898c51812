"""Agreement measures against arithmetic done by hand (Haege 2011, Political Analysis 19:287)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hegemon.errors import UserError
from hegemon.evidence.agreement import DISTANCES, MEASURES, agreement, agreement_matrix

ONE = [1, 1, 1, 2, 3, 1, 1, 2]
OTHER = [1, 1, 2, 2, 3, 3, 1, 1]


def near(value: float, expected: float) -> bool:
    return abs(value - expected) < 5e-5


def test_the_fixture_by_hand() -> None:
    """Eight roll calls. Distances 0 0 1 0 0 2 0 1: identical on 5, sum 4, sum of squares 0 0 1 0 0 4 0 1 = 6.

    agreement        5/8                       = 0.6250
    S absolute       1 - 2 (4/8) / 2           = 0.5000
    S squared        1 - 2 (6/8) / 4           = 0.6250
    """
    assert near(agreement(ONE, OTHER, "agreement"), 0.6250)
    assert near(agreement(ONE, OTHER, "S", "absolute"), 0.5000)
    assert near(agreement(ONE, OTHER, "S", "squared"), 0.6250)


def test_kappa_by_hand() -> None:
    """ONE votes 5 yes, 2 abstain, 1 no; OTHER 4 yes, 2 abstain, 2 no (of 8). Distance expected, each from its own:

    absolute  (yes, abstain) 5x2, (yes, no) 2 x 5x2, (abstain, yes) 2x4, (abstain, no) 2x2, (no, yes) 2 x 1x4,
              (no, abstain) 1x2: 10 + 20 + 8 + 4 + 8 + 2 = 52, over 64 = 0.8125; kappa = 1 - 0.5 / 0.8125 = 0.3846
    squared   10 + 4x10 + 8 + 4 + 4x4 + 2 = 80, over 64 = 1.25;                    kappa = 1 - 0.75 / 1.25 = 0.4000
    """
    assert near(agreement(ONE, OTHER, "kappa", "absolute"), 0.3846)
    assert near(agreement(ONE, OTHER, "kappa", "squared"), 0.4000)


def test_pi_by_hand() -> None:
    """Both together: 9 yes, 4 abstain, 3 no (of 16). Distance expected, both from this:

    absolute  2 (9x4 + 2 x 9x3 + 4x3) = 2 (36 + 54 + 12) = 204, over 256 = 0.796875;  pi = 1 - 0.5 / 0.796875 = 0.3725
    squared   2 (36 + 4x27 + 12) = 312, over 256 = 1.21875;                           pi = 1 - 0.75 / 1.21875 = 0.3846
    """
    assert near(agreement(ONE, OTHER, "pi", "absolute"), 0.3725)
    assert near(agreement(ONE, OTHER, "pi", "squared"), 0.3846)


def test_squared_distances_are_means_and_variances() -> None:
    """With squared distances, chance is a matter of means and variances, which is a second way to the same number.

    Expected squared distance of two independent draws: var(x) + var(y) + (mean x - mean y)^2; of two draws from the pool:
    2 var(pool).
    """
    x, y = np.array(ONE, float), np.array(OTHER, float)
    seen = np.mean((x - y) ** 2)
    kappa = 1 - seen / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    pi = 1 - seen / (2 * np.concatenate([x, y]).var())
    assert near(agreement(ONE, OTHER, "kappa", "squared"), kappa)
    assert near(agreement(ONE, OTHER, "pi", "squared"), pi)


def test_weights_by_hand() -> None:
    """Weights 2 on roll calls 3 and 6, 1 on the six others, 10 in all: distances 2x1 + 2x2 + 1 = 7.

    S absolute = 1 - 2 (7/10) / 2 = 0.3000; agreement = 5/10
    """
    weights = [1, 1, 2, 1, 1, 2, 1, 1]
    assert near(agreement(ONE, OTHER, "S", weights=weights), 0.3000)
    assert near(agreement(ONE, OTHER, "agreement", weights=weights), 0.5000)


def test_scikit_learn_s_kappa_is_ours() -> None:
    sklearn = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    rng = np.random.default_rng(3)
    x, y = rng.integers(1, 4, (2, 80))
    for distance, weights in (("absolute", "linear"), ("squared", "quadratic")):
        assert near(agreement(x, y, "kappa", distance), sklearn.cohen_kappa_score(x, y, weights=weights))


def test_an_absence_drops_the_roll_call() -> None:
    absent = agreement([*ONE, 8, 1, 0], [*OTHER, 1, 9, 3], "kappa")
    assert near(absent, 0.3846)


def test_in_a_chamber_of_yes_men_s_is_high_and_kappa_is_not() -> None:
    """Two states that vote yes nine times in ten, independently: S sees near identity, kappa sees chance."""
    rng = np.random.default_rng(1)
    x, y = np.where(rng.random((2, 4000)) < 0.9, 1, 3)
    assert agreement(x, y, "S") > 0.6
    assert abs(agreement(x, y, "kappa")) < 0.05
    assert abs(agreement(x, y, "pi")) < 0.05


def test_nothing_to_compare_is_no_number() -> None:
    assert np.isnan(agreement([1, 0], [0, 1], "S"))
    assert np.isnan(agreement([1, 1], [1, 1], "kappa"))
    assert agreement([1, 1], [1, 1], "S") == 1


VOTES = arrays(np.int64, st.tuples(st.integers(2, 5), st.integers(1, 12)), elements=st.integers(0, 3))


@given(VOTES, st.sampled_from(MEASURES), st.sampled_from(DISTANCES))
@settings(max_examples=150, deadline=None)
def test_invariants_of_any_chamber(votes: np.ndarray, measure: str, distance: str) -> None:
    """Symmetric; 1 with itself; within its range; no different with yes and no exchanged; pair by pair the same."""
    found = agreement_matrix(votes, measure, distance)
    assert np.array_equal(np.nan_to_num(found, nan=-9), np.nan_to_num(found.T, nan=-9)) or np.allclose(
        found, found.T, equal_nan=True, atol=1e-12
    )
    own = np.diag(found)
    assert np.allclose(own[~np.isnan(own)], 1)
    low = {"agreement": 0, "S": -1}.get(measure, -np.inf)
    there = found[~np.isnan(found)]
    assert (there <= 1 + 1e-12).all() and (there >= low - 1e-12).all()
    turned = np.where(votes > 0, 4 - votes, 0)
    assert np.allclose(agreement_matrix(turned, measure, distance), found, equal_nan=True)
    assert np.isclose(agreement(votes[0], votes[1], measure, distance), found[0, 1], equal_nan=True)


@given(VOTES, st.sampled_from(MEASURES), st.floats(0.1, 10))
@settings(max_examples=50, deadline=None)
def test_equal_weights_are_no_weights(votes: np.ndarray, measure: str, weight: float) -> None:
    weighed = agreement_matrix(votes, measure, weights=np.full(votes.shape[1], weight))
    assert np.allclose(weighed, agreement_matrix(votes, measure), equal_nan=True, atol=1e-9)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: agreement([1, 2], [1, 2, 3]), "same roll calls"),
        (lambda: agreement([1, 2], [1, 2], "kapa"), 'Did you mean "kappa"'),
        (lambda: agreement([1, 2], [1, 2], "S", "square"), 'Did you mean "squared"'),
        (lambda: agreement_matrix(np.array([[1, 7], [1, 2]])), "a vote of 7"),
        (lambda: agreement([1, 2], [1, 2], weights=[1, -1]), "Weights of roll calls are 0 or more"),
    ],
)
def test_mistakes_are_said(call: object, says: str) -> None:
    with pytest.raises(UserError, match=says):
        call()  # type: ignore[operator]
