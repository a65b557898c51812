"""Scores of forecasts against what is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hegemon.errors import UserError
from hegemon.studies.backtest import scores
from hegemon.studies.backtest.scores import (
    brier_score,
    calibration,
    calibration_error,
    count_log_score,
    crps,
    crps_normal,
    interval,
    log_score,
    ranks,
    summary,
)

NINE = np.arange(9)


def test_a_perfect_forecaster_has_nothing_to_improve() -> None:
    """Log score 0, Brier score 0, always first, calibrated."""
    found = summary(np.eye(9), NINE)
    assert (found.log, found.brier, found.first, found.mean_rank, found.calibration_error) == (0.0, 0.0, 1.0, 1.0, 0.0)


def test_nine_alike_is_minus_log_nine() -> None:
    """-2.1972; Brier (8/9)^2 + 8 (1/9)^2 = 8/9; what happened ranks fifth of nine, as in the mean of 1 to 9."""
    found = summary(np.full((9, 9), 1 / 9), NINE)
    assert found.log == pytest.approx(-np.log(9.0)) == pytest.approx(-2.1972, abs=1e-4)
    assert found.brier == pytest.approx(8 / 9)
    assert found.mean_rank == 5.0
    assert found.first == 0.0
    assert found.calibration_error == pytest.approx(0.0)


def test_sure_and_wrong_costs_the_most_there_is() -> None:
    wrong = np.eye(9)[(NINE + 1) % 9]
    assert brier_score(wrong, NINE) == pytest.approx(2.0)
    assert log_score(wrong, NINE) == pytest.approx(np.log(scores.FLOOR))
    assert summary(wrong, NINE).impossible == 9


def test_scores_are_proper() -> None:
    """Whoever believes (0.7, 0.2, 0.1) does best in expectation by saying so, under either score."""
    belief = np.array([0.7, 0.2, 0.1])
    others = np.random.default_rng(0).dirichlet(np.ones(3), 200)
    for score, better in ((log_score, 1.0), (lambda p, y: -brier_score(p, y), 1.0)):
        honest = better * (belief * score(np.tile(belief, (3, 1)), [0, 1, 2])).sum()
        for said in others:
            assert (belief * score(np.tile(said, (3, 1)), [0, 1, 2])).sum() < honest


def test_ranks_share_a_tie() -> None:
    forecast = np.array([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0.4, 0.4, 0.2]])
    assert list(ranks(forecast, [0, 1, 1])) == [1.0, 2.5, 1.5]


def test_calibration_of_a_known_forecaster() -> None:
    """Said 0.75 and it happened in every case: 0.25 off in both bins, so the expected error is 0.25."""
    forecast, happened = np.tile([0.75, 0.25], (20, 1)), np.zeros(20, int)
    low, high = calibration(forecast, happened, edges=(0.0, 0.5, 1.0))
    assert (low.said, low.happened, low.count) == (0.25, 0.0, 20)
    assert (high.said, high.happened, high.count) == (0.75, 1.0, 20)
    assert calibration_error([low, high]) == pytest.approx(0.25)
    assert high.least == pytest.approx(stats.beta.ppf(0.025, 20.5, 0.5))
    assert high.most == 1.0
    assert (low.least, low.most) == (0.0, pytest.approx(stats.beta.ppf(0.975, 0.5, 20.5)))


def test_what_a_bin_s_count_allows_is_jeffreys_interval() -> None:
    """Three of ten came: 95 % between the quantiles of a beta distribution of 3.5 and 7.5."""
    happened = np.array([0] * 3 + [1] * 7)
    first, _ = calibration(np.tile([0.3, 0.7], (10, 1)), happened, edges=(0.0, 0.5, 1.0))
    assert (first.happened, first.count) == (0.3, 10)
    assert [first.least, first.most] == pytest.approx(stats.beta.ppf([0.025, 0.975], 3.5, 7.5))


def test_a_forecaster_that_draws_from_its_own_forecast_is_calibrated() -> None:
    luck = np.random.default_rng(1)
    forecast = luck.dirichlet(np.ones(9), 20_000)
    happened = (luck.random((20_000, 1)) > forecast.cumsum(1)).sum(1).clip(max=8)
    assert calibration_error(calibration(forecast, happened)) < 0.004


def test_bootstrap_intervals_hold_the_mean_as_often_as_they_say() -> None:
    """Two hundred samples of 40 normal differences: about 95 % of the intervals hold the true mean."""
    luck = np.random.default_rng(2)
    held = 0
    for n in range(200):
        found = interval(luck.normal(0.3, 1.0, 40), seed=n)
        held += found.low <= 0.3 <= found.high
    assert 180 <= held <= 198


def test_rows_that_depend_on_each_other_widen_the_interval() -> None:
    """Ten states with eight copies of one number each know ten things, not eighty: about root 8 as wide."""
    values = np.repeat(np.random.default_rng(3).normal(size=10), 8)
    alone, clustered = interval(values), interval(values, list(np.repeat([*NINE.tolist(), 9], 8)))
    assert clustered.mean == pytest.approx(alone.mean)
    wider = (clustered.high - clustered.low) / (alone.high - alone.low)
    assert 2.2 < wider < 3.4


def test_an_interval_of_equals_is_a_point_and_of_one_state_is_everything() -> None:
    point = interval(np.full(5, 0.2))
    assert point.low == point.mean == point.high == pytest.approx(0.2)
    one = interval([0.1, 0.2], ["ARM", "ARM"])
    assert not one.excludes_zero
    assert one.mean == pytest.approx(0.15)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(4).normal(size=30)
    assert interval(values, seed=5) == interval(values, seed=5) != interval(values, seed=6)


def test_crps_of_a_normal_ensemble() -> None:
    """At its centre a standard normal scores (sqrt 2 - 1) / sqrt pi = 0.2337 (Gneiting and Raftery 2007)."""
    exact = (np.sqrt(2.0) - 1.0) / np.sqrt(np.pi)
    assert crps_normal(0.0, 1.0, 0.0) == pytest.approx(exact)
    members = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    assert crps(members, 0.0) == pytest.approx(exact, abs=1e-3)
    assert crps(np.array([[1.0, 1.0]]), np.array([3.0])) == pytest.approx(2.0), "a point is scored by its distance"


def test_counts_are_scored_by_the_histogram_and_nothing_is_impossible() -> None:
    ensemble = np.random.default_rng(5).poisson(4.0, 50_000)
    for seen in (0, 4, 9):
        assert count_log_score(ensemble, seen) == pytest.approx(stats.poisson.logpmf(seen, 4.0), abs=0.03)
    assert np.isfinite(count_log_score(np.zeros(2_000, int), 1))
    assert count_log_score(np.zeros(2_000, int), 0) == pytest.approx(0.0, abs=1e-3)


def test_a_count_that_nobody_showed_has_a_tenth_of_a_poisson_with_a_gamma_rate() -> None:
    """Mean 12.5 / 4 with half an event added, variance 27: a negative binomial is a Poisson whose rate is gamma distributed."""
    mean, variance = 12.5 / 4, 27.0
    rate = stats.gamma(mean**2 / (variance - mean), scale=(variance - mean) / mean)
    expected = rate.expect(lambda each: stats.poisson.pmf(5, each))
    assert count_log_score([0, 0, 0, 12], 5) == pytest.approx(np.log(0.1 * expected), abs=1e-4)


def test_smoothed_counts_still_add_up_to_one() -> None:
    ensemble = np.random.default_rng(6).negative_binomial(2, 0.3, 500)
    assert sum(np.exp(count_log_score(ensemble, k)) for k in range(200)) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: log_score([[0.5, 0.6]], [0]), "forecast 1 of 1 is no probability distribution"),
        (lambda: log_score([[0.5, 0.5]], [2]), "lies outside 0 to 1"),
        (lambda: log_score([[0.5, 0.5]], [0, 1]), "for 2 events"),
        (lambda: interval([1.0], ["a", "b"]), "2 groups for 1 events"),
        (lambda: interval([np.nan]), "no row of finite numbers"),
        (lambda: crps([1.0], 0.0), "Give two or more members"),
        (lambda: count_log_score([1], -1), "whole numbers from 0"),
    ],
)
def test_what_cannot_be_scored_is_said(wrong: object, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        wrong()  # type: ignore[operator]
