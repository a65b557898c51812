"""Ideal points: a chamber we know, and the published points of Bailey, Strezhnev and Voeten."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hegemon.errors import UserError
from hegemon.evidence import ideal_points, irt, read_ideal_points, read_votes
from hegemon.evidence.chamber import chamber

SIBLING = Path(__file__).resolve().parents[2].parent / "shared/data/public"
PUBLIC = Path(os.environ.get("HEGEMON_PUBLIC_DATA", SIBLING))
needs_data = pytest.mark.skipif(
    not (PUBLIC / "un_votes.parquet").is_file(),
    reason="public data are not here: set HEGEMON_PUBLIC_DATA to their folder",
)


def simulated(states: int = 40, years: int = 6, calls: int = 30, seed: int = 5) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Votes of a chamber whose ideal points are known, and these points. Some are absent, one state enters late."""
    rng = np.random.default_rng(seed)
    names = [f"S{i:02d}" for i in range(states)]
    walk = np.cumsum(rng.normal(0, 0.15, (states, years)), axis=1) + np.linspace(-1.5, 1.5, states)[:, None]
    rows = []
    for t in range(years):
        for call in range(calls):
            divides, low, gap = rng.normal(0, 2), rng.normal(0, 1), rng.gamma(2, 0.5)
            latent = divides * walk[:, t] + rng.logistic(size=states)
            vote = np.where(latent < low, 1, np.where(latent > low + gap, 3, 2))
            for i in np.flatnonzero(rng.random(states) > 0.1):
                if not (i == 7 and t < 2):
                    rows.append((t * calls + call, names[i], 40 + t, 1985 + t, vote[i]))
    votes = pd.DataFrame(rows, columns=["rcid", "iso3", "session", "year", "vote"])
    truth = pd.DataFrame(walk, index=names, columns=range(1985, 1985 + years)).stack().rename("truth")
    return votes, truth.rename_axis(["state", "year"]).reset_index()


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    votes, truth = simulated()
    return ideal_points(votes, above=("S39", "S00")).merge(truth, on=["state", "year"])


@pytest.mark.slow
def test_a_known_chamber_is_recovered(found: pd.DataFrame) -> None:
    assert np.corrcoef(found["point"], found["truth"])[0, 1] > 0.95
    assert abs(found["point"].mean()) < 1e-6 and abs(found["point"].std(ddof=0) - 1) < 1e-6


def test_the_error_is_honest(found: pd.DataFrame) -> None:
    """Of 90 % intervals about 90 % hold the truth, put on the same scale."""
    truth = (found["truth"] - found["truth"].mean()) / found["truth"].std(ddof=0)
    assert 0.82 < truth.between(found["low"], found["high"]).mean() < 0.97


def test_a_state_is_listed_in_the_years_it_votes(found: pd.DataFrame) -> None:
    assert list(found[found["state"] == "S07"]["year"]) == [1987, 1988, 1989, 1990]
    assert (found["votes"] > 0).all()


def test_what_is_drawn_around_the_mode_spreads_as_its_curvature_says() -> None:
    """Years by their curvature, the first by its prior, neighbours by the walk: the inverse of all that is the covariance."""
    dice, elapsed, drift = np.random.default_rng(3), np.array([1.0, 2.0]), 0.7
    roots = dice.normal(size=(3, 2, 2))
    curvature = roots @ roots.transpose(0, 2, 1) + 0.5 * np.eye(2)
    precision = np.zeros((6, 6))
    for t in range(3):
        precision[2 * t : 2 * t + 2, 2 * t : 2 * t + 2] = curvature[t]
    precision[:2, :2] += np.eye(2) / irt.FIRST_SD**2
    for t, tie in enumerate(1 / (drift**2 * elapsed)):
        precision[2 * t : 2 * t + 4, 2 * t : 2 * t + 4] += tie * np.kron([[1, -1], [-1, 1]], np.eye(2))
    drawn = irt._around(curvature, elapsed, drift, 60_000, dice).transpose(0, 2, 1).reshape(-1, 6)
    np.testing.assert_allclose(np.cov(drawn.T), np.linalg.inv(precision), atol=0.02)


def test_years_in_the_middle_can_be_asked_for() -> None:
    votes, _ = simulated(states=12, years=5, calls=20)
    assert chamber(votes, 1986, 1988).years == (1986, 1987, 1988)
    assert chamber(votes).years == tuple(range(1985, 1990))


def test_the_first_guess_has_the_higher_state_above_the_lower() -> None:
    votes, _ = simulated(states=12, years=2, calls=20)
    told = chamber(votes)
    last = told.states.index("S11")
    for high, low in ((0, last), (last, 0)):
        place = irt.start(told, high, low)["point"]
        assert (place[high] > place[low]).all()


@pytest.mark.slow
def test_plus_is_where_we_say() -> None:
    votes, _ = simulated(years=2)
    up = ideal_points(votes, above=("S39", "S00"), draws=100).set_index(["state", "year"])["point"]
    down = ideal_points(votes, above=("S00", "S39"), draws=100).set_index(["state", "year"])["point"]
    assert np.corrcoef(up, down)[0, 1] < -0.99


@pytest.mark.slow
def test_the_same_seed_gives_the_same_points() -> None:
    votes, _ = simulated(years=1)
    one, two = (ideal_points(votes, above=("S39", "S00"), draws=50, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "casts no vote here"),
        ({"above": ("S39", "S00"), "first": 1900}, "no session of 1900"),
        ({"above": ("S39", "S00"), "first": 1986, "last": 1985}, "lies before the first"),
        ({"above": ("S39", "S00"), "method": "nut"}, 'Did you mean "nuts"'),
    ],
)
def test_mistakes_are_said(options: dict[str, object], says: str) -> None:
    votes, _ = simulated(years=2)
    with pytest.raises(UserError, match=says):
        ideal_points(votes, **options)  # type: ignore[arg-type]


@needs_data
def test_the_published_points_of_1992_to_1996() -> None:
    """All states and core votes of five sessions, against the release of April 2020 (Bailey et al. 2017, JCR 61:430)."""
    votes = read_votes(PUBLIC / "un_votes.parquet")
    found = ideal_points(votes, 1992, 1996)
    published = read_ideal_points(PUBLIC / "un_ideal_points.parquet", "2020-04", "all_by_session")
    both = found.merge(published.rename(columns={"iso3": "state"}), on=["state", "year"], suffixes=("", "_published"))
    assert len(both) > 850
    assert np.corrcoef(both["point"], both["point_published"])[0, 1] > 0.95
    mean = found.groupby("state")["point"].mean()
    assert mean["USA"] > mean["RUS"] > mean["CUB"]
