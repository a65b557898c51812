"""Where neighbours stood, given all observations: against the joint normal written out, textbooks' limits, and made-up truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegemon.inference.levels import VAGUE, filtered, levels, shares
from hegemon.inference.smoothed import Past, past, smoothed

NUMBERS = st.floats(-3.0, 3.0, allow_subnormal=False)


def test_a_level_is_smoothed_as_conditioning_the_joint_normal_does() -> None:
    """Every year of two neighbours, with years without an observation at the beginning, within and at the end."""
    at, gap = np.array([0.03, np.log(0.1), np.log(0.5)]), np.nan
    y = np.array([[0.2, gap, 0.5, 0.1, gap, -0.3], [gap, gap, 1.2, gap, 0.9, gap]])
    sd = np.array([[0.2, 1.0, 0.3, 0.2, 1.0, 0.6], [1.0, 1.0, 0.1, 1.0, 0.4, 1.0]])
    mean, variance = smoothed(y, sd, at)
    years = np.arange(6)
    joint, trend = VAGUE + 0.01 * np.minimum(years[:, None], years[None, :]), 0.03 * years
    for n in range(2):
        seen = np.isfinite(y[n])
        inside = joint[np.ix_(seen, seen)] + np.diag((0.5 * sd[n, seen]) ** 2)
        gain = np.linalg.solve(inside, joint[seen]).T
        np.testing.assert_allclose(mean[n], trend + gain @ (y[n, seen] - trend[seen]), rtol=1e-9)
        np.testing.assert_allclose(variance[n], np.diag(joint - gain @ joint[seen]), rtol=1e-9)


def test_between_two_sure_observations_it_is_a_brownian_bridge() -> None:
    """Years without an observation are interpolated: the mean in a straight line, whatever the drift; variance shock k(n-k)/n."""
    y, k = np.full((1, 9), np.nan), np.arange(9)
    y[0, 0], y[0, 8] = -0.4, 1.2
    mean, variance = smoothed(y, np.full((1, 9), 1e-6), np.array([0.7, np.log(0.3), 0.0]))
    np.testing.assert_allclose(mean[0], -0.4 + 0.2 * k, atol=1e-6)
    np.testing.assert_allclose(variance[0], 0.09 * k * (8 - k) / 8, atol=1e-6)


def test_in_the_midst_of_many_years_weights_fall_by_a_constant_share_on_both_sides() -> None:
    """Weights (1-a)/(1+a) a^|j|, with (1-a)^2/a the shock's variance over the error's, and the variance the error's times the
    largest of them (Whittle 1963, Prediction and Regulation, ch. 3; Harvey 1989, ch. 4)."""
    error, shock = 0.4, 0.2
    ratio = shock**2 / error**2
    a = 1.0 + ratio / 2 - np.sqrt(ratio + ratio**2 / 4)
    y = np.random.default_rng(0).normal(size=(1, 201))
    mean, variance = smoothed(y, np.full(y.shape, error), np.array([0.0, np.log(shock), 0.0]))
    weights = (1 - a) / (1 + a) * a ** np.abs(np.arange(201) - 100)
    assert mean[0, 100] == pytest.approx(weights @ y[0], abs=1e-9)
    assert variance[0, 100] == pytest.approx(error**2 * weights[100], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_came_later_makes_nobody_less_sure(data: Any) -> None:
    """The smoothed variance never exceeds the filtered one; in the last year both are the same, to the bit; a neighbour that was
    never observed stays as vague as it was, and drifts."""
    n, t = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 12))
    cells = st.lists(st.one_of(NUMBERS, st.just(float("nan"))), min_size=n * t, max_size=n * t)
    y = np.array(data.draw(cells)).reshape(n, t)
    y[0] = np.nan
    sd = np.array(data.draw(st.lists(st.floats(0.05, 2.0), min_size=n * t, max_size=n * t))).reshape(n, t)
    at = np.array([data.draw(st.floats(-0.2, 0.2)), data.draw(st.floats(-5.0, 0.0)), data.draw(st.floats(-2.0, 1.0))])
    mean, variance = smoothed(y, sd, at)
    for last in range(t):
        then = filtered(y[:, : last + 1], sd[:, : last + 1], at)
        assert (variance[:, last] <= then[1] * (1 + 1e-12)).all() and (variance[:, last] > 0).all()
    np.testing.assert_array_equal(mean[:, -1], then[0])
    np.testing.assert_array_equal(variance[:, -1], then[1])
    np.testing.assert_allclose(mean[0], at[0] * np.arange(t), atol=1e-12)
    np.testing.assert_allclose(variance[0], VAGUE + np.exp(2 * at[1]) * np.arange(t), rtol=1e-12)


TRUE = {"drift": 0.04, "shock": 0.15, "error": 0.4}


@pytest.fixture(scope="module")
def made_up() -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Thirty neighbours over twenty years, a tenth of the observations lost; and the patron's true share, [N, T]."""
    luck, rows, true = np.random.default_rng(4), [], np.zeros((30, 20))
    for n in range(30):
        level = luck.normal(-0.5, 0.5)
        for t in range(20):
            level += TRUE["drift"] + luck.normal(0.0, TRUE["shock"])
            true[n, t] = shares(np.array([0.0, level]))[0]
            if luck.random() < 0.9:
                seen = shares(np.array([0.0, level + luck.normal(0.0, TRUE["error"] * 0.5)]))
                rows.append((f"S{n}", 1992 + t, *seen, 0.5))
    return pd.DataFrame(rows, columns=["state", "year", "hub", "rim", "error"]), true


def of(table: pd.DataFrame, last: int | None = None) -> Past:
    return past(table, ("hub", "rim"), [f"S{n}" for n in range(31)], last)


def test_nine_in_ten_bands_hold_the_truth_nine_times_in_ten(made_up: tuple[pd.DataFrame, np.ndarray[Any, Any]]) -> None:
    """600 made-up neighbour-years, seen or not; the filter's bands are wider than the smoother's."""
    table, true = made_up
    found = of(table)
    low, middle, high = found.shares((0.05, 0.5, 0.95))[:, :30, :, 0]
    assert 0.85 < ((low <= true) & (true <= high)).mean() < 0.95
    assert np.abs(middle - true).mean() < 0.8 * np.abs(np.where(found.seen[:30], shares_seen(table), 0.5) - true).mean()
    earlier = of(table, 2001)
    at_once, in_hindsight = (each.shares((0.05, 0.95))[:, :30, 9, 0] for each in (earlier, found))
    assert (at_once[1] - at_once[0]).mean() > 1.1 * (in_hindsight[1] - in_hindsight[0]).mean()


def shares_seen(table: pd.DataFrame) -> np.ndarray[Any, Any]:
    """The patron's share as it was observed, [N, T]."""
    wide = table.pivot(index="state", columns="year", values="hub").reindex(index=[f"S{n}" for n in range(30)])
    return wide.to_numpy(float)


def test_at_the_last_year_it_is_the_filter(made_up: tuple[pd.DataFrame, np.ndarray[Any, Any]]) -> None:
    """The picture of the past ends where a forecast begins; what came after a last year does not count."""
    table, _ = made_up
    states = [f"S{n}" for n in range(31)]
    for last in (2001, 2011):
        found, now = of(table, last), levels(table, ("hub", "rim"), states, last)
        assert found.years == tuple(range(1992, last + 1))
        np.testing.assert_allclose(found.mean[:, -1], now.mean, rtol=1e-9)
        np.testing.assert_allclose(found.variance[:, -1], now.variance, rtol=1e-9)
    np.testing.assert_array_equal(of(table, 2001).mean, of(table[table["year"] <= 2001]).mean)


def test_a_past_runs_from_the_first_observation_to_the_last() -> None:
    """Before, after, and where there is none, a neighbour has no past; years of which nothing is known are there all the same."""
    rows = [("S0", 1995, 0.6, 0.4, 0.3), ("S0", 1999, 0.4, 0.6, 0.3), ("S1", 1993, 0.5, 0.5, 0.3), ("XXX", 1980, 0.5, 0.5, 0.3)]
    found = of(pd.DataFrame(rows, columns=["state", "year", "hub", "rim", "error"]))
    assert found.years == tuple(range(1993, 2000))
    assert [int(each) for each in found.between()[:3].sum(1)] == [5, 1, 0] and found.seen[0].sum() == 2
    assert (found.mean[..., 0] == 0.0).all() and (found.variance[..., 0] == 0.0).all(), "the patron is measured against itself"
    low, high = found.shares((0.05, 0.95))[:, :, :, 0]
    assert (high - low)[2].min() > 0.8 > (high - low)[1, 0], "who was never observed may stand anywhere"
    with pytest.raises(ValueError, match="no neighbour was observed"):
        past(pd.DataFrame(rows[3:], columns=["state", "year", "hub", "rim", "error"]), ("hub", "rim"), ["S0"])
