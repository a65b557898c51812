"""Boxes that were planted are found, and nothing is found where nothing is (Friedman and Fisher 1999, Stat. Comput. 9:123;
Bryant and Lempert 2010, Technol. Forecast. Soc. Change 77:34)."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from hegemon.studies.sweep.analysis import Plan, analyse
from hegemon.studies.sweep.discovery import boxes, peel, within

NAMES = list("abcdef")


def test_a_planted_box_is_found() -> None:
    """a above 0.6 and b below 0.5, of six: exactly these two limits, each within a slice, by sets that did not search."""
    unit = np.random.default_rng(0).random((1000, 6))
    (box,) = boxes(NAMES, unit, (unit[:, 0] > 0.6) & (unit[:, 1] < 0.5))
    assert set(box.limits) == {"a", "b"}
    a, b = box.limits["a"], box.limits["b"]
    assert (a.low, b.high) == (pytest.approx(0.6, abs=0.02), pytest.approx(0.5, abs=0.02))
    assert (a.high, b.low) == (1.0, 0.0)
    assert max(a.p, b.p) < 1e-20
    assert box.judged.coverage > 0.95
    assert box.judged.density > 0.95
    assert box.found.sets + box.judged.sets == 1000


def test_two_planted_boxes_are_found_one_after_the_other() -> None:
    """A large one and a smaller one elsewhere; what lies in the first does not count for the second."""
    unit = np.random.default_rng(1).random((4000, 6))
    first = (unit[:, 0] > 0.5) & (unit[:, 1] > 0.5)
    second = (unit[:, 2] < 0.3) & (unit[:, 0] < 0.5)
    found = boxes(NAMES, unit, first | second)
    assert set(found[0].limits) == {"a", "b"}
    assert {"a", "c"} <= set(found[1].limits)
    assert sum(box.judged.coverage for box in found) > 0.9
    assert min(box.judged.density for box in found[:2]) > 0.9


def test_a_noisy_box_is_found_with_its_own_density() -> None:
    """Eight of ten inside, one of ten outside: coverage and density of the sets that judge are the planted ones."""
    rng = np.random.default_rng(2)
    unit = rng.random((6000, 6))
    inside = (unit[:, 3] < 0.4) & (unit[:, 4] > 0.3) & (unit[:, 4] < 0.8)
    interest = rng.random(6000) < np.where(inside, 0.8, 0.1)
    box = boxes(NAMES, unit, interest, most=1)[0]
    assert set(box.limits) == {"d", "e"}
    assert box.limits["e"].low == pytest.approx(0.3, abs=0.04)
    assert box.limits["e"].high == pytest.approx(0.8, abs=0.04)
    assert box.judged.density == pytest.approx(0.8, abs=0.06)
    assert box.judged.coverage == pytest.approx(0.8 * 0.2 / (0.8 * 0.2 + 0.1 * 0.8), abs=0.06)


def test_what_is_found_in_noise_does_not_stand_up_to_the_judges() -> None:
    """Nothing depends on anything. Limits that luck suggests are dropped, or their box is no denser than the whole."""
    rng = np.random.default_rng(3)
    gains, judged = [], []
    for _ in range(30):
        unit, interest = rng.random((600, 6)), rng.random(600) < 0.3
        for box in boxes(NAMES, unit, interest, most=1):
            gains.append(box.found.density - 0.3)
            judged.append(box.judged.density - 0.3)
    assert abs(float(np.mean(judged or [0.0]))) < 0.03
    assert np.mean(gains or [0.04]) > 0.03, "by those that searched, chance looks like a finding: hence the judges"


def test_peeling_gives_the_boxes_of_the_reference_programs() -> None:
    """Limits, coverage and density of the last four boxes as PRIM 1.0.0 and EMA Workbench 2.5.3 give them for these data
    (threshold 0.5, slices of 0.05): the midpoints between what is kept and what goes."""
    unit = np.random.default_rng(0).random((1000, 6))
    interest = (unit[:, 0] > 0.6) & (unit[:, 1] < 0.5)
    reference = [
        (0.5940378410598188, 0.5313786834206409, 1.0, 0.9178082191780822),
        (0.5940378410598188, 0.5107175311916301, 1.0, 0.9663461538461539),
        (0.5940378410598188, 0.48482090439975684, 0.9701492537313433, 0.9898477157360406),
        (0.6097655065525651, 0.48482090439975684, 0.9303482587064676, 1.0),
    ]
    way = list(peel(unit, interest))
    assert len(way) == 33
    for (low, high), (a, b, coverage, density) in zip(way[-4:], reference, strict=True):
        inside = within(unit, low, high)
        assert (low[0], high[1]) == (pytest.approx(a, abs=1e-12), pytest.approx(b, abs=1e-12))
        assert np.isinf(low[1:]).all()
        assert np.isinf(np.delete(high, 1)).all()
        assert interest[inside].mean() == pytest.approx(density, abs=1e-12)
        assert (interest & inside).sum() / interest.sum() == pytest.approx(coverage, abs=1e-12)


def test_a_study_asks_its_own_sets_and_only_where_there_is_something_to_tell_apart() -> None:
    """The planted box through a whole study with forty more parameters; too few cases of interest give no box, and say so."""
    names = (*NAMES, *(f"p{n}" for n in range(40)))

    def model(unit: np.ndarray) -> np.ndarray:
        return (unit[:, 0] - 0.6)[:, None, None].astype(np.float32) * np.ones((1, 2, 1), np.float32)

    plan = Plan(names, "latin", 512, 12)
    found = analyse(partial(map, model), ["y"], plan, condition=("y", lambda means: means > 0.0)).found
    assert found is not None
    assert (found.holds, found.sets) == (205, 512)
    (box,) = found.boxes
    assert list(box.limits) == ["a"]
    assert box.limits["a"].low == pytest.approx(0.6, abs=0.03)
    rare = analyse(partial(map, model), ["y"], plan, condition=("y", lambda means: means > 0.38)).found
    assert rare is not None
    assert rare.boxes == ()
    assert 0 < rare.holds < 20
