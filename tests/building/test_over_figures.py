"""Ignorance about figures is in the bands, beside luck and parameters, and each part of the spread is told apart."""

from __future__ import annotations

import numpy as np
import pytest

import hegemon
from hegemon.engine.runs import crossed, parted
from hegemon.errors import Missing
from hegemon.figures import SETS, drawn
from hegemon.opening import opening


def test_what_three_causes_contribute_is_told_apart() -> None:
    """Sums of three independent normal effects with known variances, 16 and 9 and 4; sets and figures cross."""
    dice = np.random.default_rng(3)
    runs = np.arange(256 * 40)
    sets, figures = 4.0 * dice.standard_normal(256)[runs % 256], 3.0 * dice.standard_normal(251)[runs % 251]
    values = (sets + figures + 2.0 * dice.standard_normal(len(runs))).astype(np.float32)
    found = crossed([{"x": values[None, None]}], "x", len(runs), 256, 251)[:, 0, 0]
    assert found[0] == pytest.approx(4.0, rel=0.1)
    assert found[1] == pytest.approx(2.0, rel=0.1)
    assert found[4] == pytest.approx(3.0, rel=0.1)
    assert found[3] - found[2] == pytest.approx(2 * 1.645 * 2.0, rel=0.15), "the middle 90 % that luck alone leaves"
    both = parted([{"x": values[None, None]}], "x", len(runs), 256)[:, 0, 0]
    assert both[1] > 3.4, "unparted, figures look like luck"


def test_draws_lie_around_the_figures_nine_in_ten_within_their_intervals() -> None:
    order = hegemon.load("francafrique")
    scenario, found, own = order.scenario, drawn(order), opening(order)
    here = np.asarray(own.setting.present) > 0  # Djibouti and the Comoros come later
    assert len(found) == SETS
    assert scenario.intervals is not None
    for name in ("hold", "fear", "dependence"):
        spans = np.array([getattr(scenario.intervals.states[iso], name) for iso in order.states])
        values = found.world[name]
        inside = (values >= spans[:, 0] - 1e-6) & (values <= spans[:, 1] + 1e-6)
        assert 0.85 <= inside.mean() <= 0.97
        assert np.abs(np.median(values, 0) - np.asarray(getattr(own.world, name)))[here].max() < 0.05
    assert np.allclose(found.world["orientation"].sum(1), 1.0, atol=1e-5)
    assert np.array_equal(found.world["grievance"], found.setting["unhappiness"])
    assert np.array_equal(drawn(order).world["hold"], found.world["hold"]), "the same each time"


def test_an_order_that_does_not_say_how_far_its_figures_are_known_is_refused() -> None:
    with pytest.raises(Missing, match=r"post-soviet does not say how far its figures are known. Give it \[intervals\]"):
        hegemon.simulate(hegemon.load("post-soviet"), runs=1, over="figures")


@pytest.mark.slow
def test_who_enters_later_enters_with_figures_of_its_own_history() -> None:
    order = hegemon.load("francafrique")
    state = list(order.states).index("COM")
    first = int(np.argmax(np.asarray(opening(order).paths["present"])[:, state] > 0))
    found = hegemon.simulate(order, runs=64, seed=1, over="figures", parameters="mean", keep=True)
    ties = found["dependence"].isel(state=state).transpose("quarter", "run").to_numpy()
    assert (ties[: first - 1] == 0.0).all(), "not there yet, bound to nobody"
    assert np.abs(np.sort(ties[first]) - np.sort(drawn(order).world["dependence"][:64, state])).max() < 0.1
    assert ties[first].std() > 0.02


@pytest.mark.slow
def test_bands_over_figures_are_wider_and_the_first_quarter_differs_in_figures_alone() -> None:
    """At the close of the first quarter histories have had next to no luck: what they differ in is figures, and parameters."""
    order = hegemon.load("syrian-sphere")
    plain, over = (hegemon.simulate(order, runs=512, seed=1, over=each) for each in (None, "figures"))
    start = {"quarter": 0, "state": 1}
    assert "hold_figures_sd" not in plain.summary
    of_figures, of_luck = (float(over.summary[f"dependence_{part}_sd"].isel(start)) for part in ("figures", "luck"))
    assert of_figures > 3 * of_luck
    assert float(over.summary["dependence_sd"].isel(start)) > 3 * float(plain.summary["dependence_sd"].isel(start))
    last = [each.summary["autonomy_quantile"].isel(quarter=-1) for each in (plain, over)]
    narrow, wide = (float((band.isel(quantile=-1) - band.isel(quantile=0)).mean()) for band in last)
    assert wide > narrow
