"""Sensitivity against functions whose indices are known, with luck and without (Ishigami and Homma 1990; Saltelli et al.
2010, Comput. Phys. Commun. 181:259), through the path that an order's outcomes take."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from SALib.analyze import sobol as salib

from hegemon.errors import UserError
from hegemon.studies.sweep import designs, indices
from hegemon.studies.sweep.analysis import Analysis, Plan, analyse
from hegemon.studies.sweep.designs import REST, Space

Unit = npt.NDArray[np.float64]
Outcomes = npt.NDArray[np.float32]

XS = ("x1", "x2", "x3")
A, B = 7.0, 0.1
PARTS = (0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 8 * B**2 * np.pi**8 / 225)
"""Ishigami's variance: of x1 alone, of x2 alone, of x1 and x3 together."""
VARIANCE = sum(PARTS)
FIRST = np.array([PARTS[0], PARTS[1], 0.0]) / VARIANCE
TOTAL = np.array([PARTS[0] + PARTS[2], PARTS[1], PARTS[2]]) / VARIANCE


def ishigami(unit: Unit) -> npt.NDArray[np.float64]:
    x = np.pi * (2 * unit - 1)
    return np.asarray(np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0]))


def certain(unit: Unit) -> Outcomes:
    """Ishigami's function, one run, one outcome."""
    return ishigami(unit)[:, None, None].astype(np.float32)


SHARED, TANGLED = 4.0, 30.0
"""Variance of luck that is the same for every set, and of luck that goes its own way with every set."""


def lucky(runs: int, seed: int, tangled: float = TANGLED) -> Any:
    """Ishigami's function under luck: run r shifts every set alike, and adds a wave whose phase turns with the parameters."""
    rng = np.random.default_rng(seed)
    shift = np.sqrt(SHARED) * rng.standard_normal(runs)
    turns, phase = rng.integers(3, 40, size=(3, runs)), 2 * np.pi * rng.random(runs)

    def model(unit: Unit) -> Outcomes:
        wave = np.sqrt(2 * tangled) * np.cos(2 * np.pi * unit @ turns + phase)
        return (ishigami(unit)[:, None] + shift + wave)[..., None].astype(np.float32)

    return model


def swept(model: Any, *, sets: int = 1024, seed: int = 0, names: tuple[str, ...] = XS, **more: Any) -> Analysis:
    plan = Plan(names, more.pop("kind", "sobol"), sets, more.pop("most", 12), seed=seed, **more)
    return analyse(partial(map, model), ["y"], plan)


def covered(table: Any, order: str, known: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    return np.asarray((table[f"{order}_low"] <= known) & (known <= table[f"{order}_high"]))


def test_indices_of_ishigami_s_function_are_the_analytic_ones() -> None:
    """First and total order of x1, x2 and x3 lie in their intervals, and the intervals are narrow."""
    table = swept(certain).indices
    assert table is not None
    y = table.loc["y"]
    assert covered(y, "first", FIRST).all()
    assert covered(y, "total", TOTAL).all()
    assert (y["first_high"] - y["first_low"]).max() < 0.25
    assert (y["total_high"] - y["total_low"]).max() < 0.2
    np.testing.assert_allclose(y["total"], TOTAL, atol=0.04)


def test_without_luck_the_indices_are_those_of_the_library() -> None:
    """The same numbers from SALib's own analysis of the same sets, and intervals of much the same width."""
    found = swept(certain, sets=256)
    assert found.indices is not None
    y = found.values[:, 0, 0].astype(float)
    problem = found.design.space.problem()
    theirs = salib.analyze(problem, y, calc_second_order=False, conf_level=0.9, num_resamples=400, seed=3)
    mine = found.indices.loc["y"]
    np.testing.assert_allclose(mine["first"], theirs["S1"], atol=1e-9)
    np.testing.assert_allclose(mine["total"], theirs["ST"], atol=1e-9)
    np.testing.assert_array_equal(mine["first"], mine["first_raw"])
    half = np.asarray(mine["total_high"] - mine["total"])
    np.testing.assert_allclose(half, theirs["ST_conf"], rtol=0.25)


def test_luck_is_taken_out_of_the_indices() -> None:
    """With much luck and few runs the plain total indices all rise by luck's share; the corrected ones are the analytic."""
    y = swept(lucky(8, seed=1)).indices.loc["y"]  # type: ignore[union-attr]
    share = TANGLED / 8 / (VARIANCE + TANGLED / 8)
    np.testing.assert_allclose(y["total_raw"], TOTAL * (1 - share) + share, atol=0.06)
    assert not covered(y, "total", np.asarray(y["total_raw"])).any()
    assert covered(y, "total", TOTAL).all()
    assert covered(y, "first", FIRST).all()


def test_the_share_of_luck_is_the_known_one() -> None:
    """Variance of single histories and of means over eight, taken apart; the dice's common shift counts as luck of one
    history, and not at all in a comparison of sets."""
    runs = 64
    luck = swept(lucky(runs, seed=2), sets=2048).luck.loc["y"]
    assert luck["spread"] == pytest.approx(np.sqrt(VARIANCE), rel=0.05)
    assert luck["remaining"] == pytest.approx(TANGLED / runs / (VARIANCE + TANGLED / runs), rel=0.15)
    rng = np.random.default_rng(2)
    shared = float((np.sqrt(SHARED) * rng.standard_normal(runs)).var(ddof=1))
    luck_of_one = (shared + TANGLED) / (VARIANCE + shared + TANGLED)
    assert luck["history"] == pytest.approx(luck_of_one, abs=0.03)


def test_intervals_hold_what_they_promise() -> None:
    """90 % intervals of corrected indices hold the analytic ones in at least 80 % and seldom in all of 40 studies."""
    hits = []
    for seed in range(40):
        y = swept(lucky(8, seed=seed, tangled=10.0), sets=256, seed=seed).indices.loc["y"]  # type: ignore[union-attr]
        hits.append(np.concatenate([covered(y, "first", FIRST), covered(y, "total", TOTAL)]))
    share = np.array(hits).mean(0)
    assert (share >= 0.8).all(), share
    assert share.mean() < 0.985


@pytest.mark.parametrize("model", [
    lambda unit: np.ones((len(unit), 4, 1), np.float32),
    lambda unit: np.tile(np.random.default_rng(0).standard_normal(4).astype(np.float32), (len(unit), 1))[..., None],
    lambda unit: np.random.default_rng(int(1e6 * unit[0, 0])).standard_normal((len(unit), 4, 1)).astype(np.float32),
], ids=["constant", "the same luck in every set", "nothing but luck"])  # fmt: skip
def test_what_does_not_depend_on_parameters_gets_no_indices(model: Any) -> None:
    """No variance, or none that could be told from luck: nothing rather than noise divided by noise."""
    table = swept(model, sets=128).indices
    assert table is not None
    assert table.isna().all(axis=None)


def linear(slopes: npt.NDArray[np.float64]) -> Any:
    return lambda unit: (unit @ slopes)[:, None, None].astype(np.float32)


def test_parameters_that_move_together_have_the_sum_of_their_indices() -> None:
    """An additive function: a group's index is the sum of its members'."""
    slopes = np.array([3.0, 2.0, 1.0, 1.0])
    factor = ("one", "two", "three", "three")
    y = swept(linear(slopes), names=tuple("abcd"), factor=factor).indices.loc["y"]  # type: ignore[union-attr]
    known = np.array([9.0, 4.0, 2.0]) / 15.0
    assert list(y.index) == ["one", "two", "three"]
    np.testing.assert_allclose(y["total"], known, atol=0.03)
    assert covered(y, "first", known).all()


def test_a_first_look_finds_the_few_that_matter_and_the_rest_is_accounted_for() -> None:
    """Three planted parameters of eighty are looked at one by one; the other 77 are one factor with the index they have."""
    slopes = np.full(80, 0.15)
    slopes[[7, 30, 66]] = 4.0, -3.0, 2.0
    names = tuple(f"p{n}" for n in range(80))
    found = swept(linear(slopes), names=names, most=3)
    y = found.indices.loc["y"]  # type: ignore[union-attr]
    assert set(y.index) == {"p7", "p30", "p66", REST}
    rest = float((np.delete(slopes, [7, 30, 66]) ** 2).sum() / (slopes**2).sum())
    assert y["total"][REST] == pytest.approx(rest, abs=0.03)
    assert y["total"]["p7"] == pytest.approx(16.0 / float((slopes**2).sum()), abs=0.06)
    assert found.importance is not None
    assert set(found.importance.loc["y"]["share"].nlargest(3).index) == {"p7", "p30", "p66"}
    swing = found.swings.loc["y"].loc["p30"]  # type: ignore[union-attr]
    assert swing["high"] - swing["low"] == pytest.approx(-3.0 * 0.8, abs=5 * swing["error"])


def test_elementary_effects_of_a_line_are_its_slopes() -> None:
    """From the 5th to the 95th percentile: nine tenths of the slope, with its sign, everywhere the same."""
    slopes = np.array([3.0, 0.0, -1.0])
    y = swept(linear(slopes), kind="morris", sets=8).effects.loc["y"]  # type: ignore[union-attr]
    np.testing.assert_allclose(y["effect"], [2.7, 0.0, 0.9], atol=1e-5)
    np.testing.assert_allclose(y["sign"], [2.7, 0.0, -0.9], atol=1e-5)
    np.testing.assert_allclose(y["spread"], 0.0, atol=1e-5)
    np.testing.assert_array_equal(y["chance"], 0.0)


def test_elementary_effects_say_what_luck_alone_would_give() -> None:
    """Where nothing but luck moves the outcome, effects are as large as the column says."""

    def noise(unit: Unit) -> Outcomes:
        return np.random.default_rng(5).standard_normal((len(unit), 16, 1)).astype(np.float32)

    y = swept(noise, kind="morris", sets=256).effects.loc["y"]  # type: ignore[union-attr]
    np.testing.assert_allclose(y["effect"], y["chance"], rtol=0.15)
    assert y["chance"].min() > 0.2


def test_rank_regression_sees_through_a_monotone_outcome_and_holds_its_false_alarms() -> None:
    """exp of a line: signs and order are right, all is explained; where nothing matters, the largest of 40 coefficients
    passes the line of chance in about one study of ten."""
    rng = np.random.default_rng(0)
    unit = rng.random((500, 40))
    names = tuple(f"p{n}" for n in range(40))
    slopes = np.zeros(40)
    slopes[:3] = 3.0, -2.0, 1.0
    table = indices.importance(names, unit, np.exp(unit @ slopes))
    assert list(table["share"].nlargest(3).index) == ["p0", "p1", "p2"]
    assert list(np.sign(table["coefficient"].iloc[:3])) == [1, -1, 1]
    assert table.attrs["method"] == "regression"
    assert table.attrs["explained"] > 0.95
    for sets, method in ((500, "regression"), (60, "correlation")):
        alarms = []
        for _ in range(80):
            null = indices.importance(names, rng.random((sets, 40)), rng.random(sets))
            alarms.append(bool((null["coefficient"].abs() > null.attrs["chance"]).any()))
        assert null.attrs["method"] == method
        assert 0.02 <= np.mean(alarms) <= 0.2, method


def test_designs_draw_from_the_cube_as_they_should() -> None:
    """A Latin hypercube has one point in each slice of each axis; a Sobol design's groups move together; seeds matter."""
    latin = designs.make("latin", designs.alone(XS), 64, seed=4)
    for axis in latin.unit.T:
        np.testing.assert_array_equal(np.sort((axis * 64).astype(int)), np.arange(64))
    sobol = designs.make("sobol", Space(XS, ("x1", "pair", "pair")), 64, seed=4)
    base, moved = sobol.unit[0::4], sobol.unit[2::4]
    np.testing.assert_array_equal(base[:, 0], moved[:, 0])
    assert (base[:, 1:] != moved[:, 1:]).all()
    np.testing.assert_array_equal(sobol.unit[sobol.independent], np.stack([base, sobol.unit[3::4]], 1).reshape(-1, 3))
    morris = designs.make("morris", designs.alone(XS), 5, seed=4)
    assert morris.unit.shape == (20, 3)
    assert (np.count_nonzero(np.diff(morris.unit.reshape(5, 4, 3), axis=1), axis=2) == 1).all()
    for kind, sets in (("latin", 64), ("sobol", 64), ("morris", 5)):
        one, again, other = (designs.make(kind, designs.alone(XS), sets, seed) for seed in (4, 4, 2**40 + 4))
        np.testing.assert_array_equal(one.unit, again.unit)
        assert (one.unit != other.unit).any()


@pytest.mark.parametrize(("kind", "sets", "many"), [("sobol", 100, 3), ("sobol", 32, 3), ("latin", 80, 50), ("latin", 10, 2),
                                                   ("morris", 2, 3), ("sobol", 2**21, 3), ("halton", 64, 3)])  # fmt: skip
def test_a_design_that_cannot_be_made_is_refused(kind: str, sets: int, many: int) -> None:
    with pytest.raises(UserError):
        designs.check(kind, sets, many)
