"""Chains of a simulated record go on, and in another metric, until they agree: what is finished, and what they learn."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from hegemon.inference.laplace import Laplace

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import sbc_ranks as sbc


@pytest.mark.parametrize(
    ("made", "goes_on"),
    [({"rhat": sbc.AGREE}, True),
     ({"rhat": 1.04, "learned": 0}, False),
     ({"rhat": 2.0, "learned": sbc.METRICS - 2}, True),
     ({"rhat": 2.0, "learned": sbc.METRICS - 1}, False),
     ({}, False)],
)  # fmt: skip
def test_a_record_is_finished_when_chains_agree_or_all_metrics_were_tried(made: dict[str, float], goes_on: bool) -> None:
    assert sbc.may_go_on(made) is goes_on


def test_a_metric_learned_from_draws_is_wider_only_where_they_are_much_wider() -> None:
    rng = np.random.default_rng(3)
    near = Laplace(np.zeros(6), np.diag([1.0, 1.0, 1.0, 0.1, 0.1, 0.1]))
    slanted = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 0.0]) / np.sqrt(2.0)
    draws = 7.0 + rng.normal(size=(4000, 6)) @ near.root + 6.0 * rng.normal(size=(4000, 1)) * slanted
    learned = sbc.widened(near, draws)
    assert learned.mode == pytest.approx(np.full(6, 7.0), abs=0.4)
    assert learned.root == pytest.approx(learned.root.T)
    assert np.linalg.norm(learned.root @ slanted) == pytest.approx(np.sqrt(37.0), rel=0.05)
    assert np.diag(learned.root)[2:] == pytest.approx(np.diag(near.root)[2:], abs=0.02)


def test_a_metric_learns_nothing_from_draws_of_the_normal_approximation() -> None:
    near = Laplace(np.zeros(5), np.diag([3.0, 1.0, 0.5, 0.1, 0.01]))
    assert sbc.widened(near, near.draws(2000, 1).astype(float)).root == pytest.approx(near.root)
