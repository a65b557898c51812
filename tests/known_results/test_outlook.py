"""Room for manoeuvre against what can be known without it: closed forms, the dice themselves, mechanisms switched off."""

from __future__ import annotations

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from hegemon import law
from hegemon.dice import key
from hegemon.drivers import quarter
from hegemon.engine.chunk import lift
from hegemon.inference.vector import FREE, flat
from hegemon.instruments import INSTRUMENTS, KINDS, NAMES
from hegemon.opening import opening
from hegemon.order import Order, from_scenario
from hegemon.pages.charts.triangle import plane
from hegemon.scenarios.schema import Scenario
from hegemon.studies.room import dated, numbers
from hegemon.studies.room.compute import room
from hegemon.studies.room.outlook import FIELDS, Situation, outlook
from hegemon.studies.room.result import Room
from hegemon.studies.room.tables import GROUPS
from hegemon.studies.run.compute import simulate
from worlds import unknown


@pytest.fixture(scope="module")
def prior_means(order: Order) -> Order:
    """The post-Soviet order with the model's prior means."""
    content = {name: value for name, value in order.scenario.content().items() if name != "posterior"}
    return from_scenario(Scenario.model_validate(content).named("post-soviet"))


def ask(order: Order, state: str = "KAZ", **more: Any) -> Room:
    given: dict[str, Any] = {"at": "2010Q1", "since": "2000Q1", "draws": 8, "orientation_grid": 6, "ties": "none",
                             "parameters": "mean", **more}  # fmt: skip
    return room(order, state, **given)


@pytest.fixture(scope="module")
def plain(prior_means: Order) -> Room:
    """Kazakhstan in 2010, prior means, no measured ties."""
    return ask(prior_means)


# ---- Geometry ----


@pytest.mark.parametrize("poles", [2, 3, 4, 5])
@pytest.mark.parametrize("line", [0.0, 0.1, 0.35, 0.6, 0.95])
def test_autonomy_is_the_share_of_foreign_policies_above_the_line(poles: int, line: float) -> None:
    """(1 - rho)^(P - 1): the red line cuts a smaller simplex of the same shape off the corner."""
    points = numbers.points(40, poles)
    weights = numbers.weights(points, poles)
    assert weights.sum() == pytest.approx(1.0)
    permitted = float(weights[points[:, 0] >= line].sum())
    assert permitted == pytest.approx((1.0 - line) ** (poles - 1), abs=0.035)


def test_tiles_cover_the_triangle_once() -> None:
    """As many as the square of the steps, all of one area, which add up to the whole."""
    flat = plane(numbers.corners(7), 1e4) / 1e4
    one, other = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    areas = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2.0
    assert len(areas) == 49
    assert areas == pytest.approx(np.full(49, np.sqrt(3.0) / 4.0 / 49.0), rel=1e-4)  # drawn to a tenth of a pixel
    assert numbers.points(7, 3).sum(1) == pytest.approx(np.ones(49))


@pytest.mark.slow
def test_the_map_agrees_with_the_closed_form(plain: Room) -> None:
    """Four poles: the weighted share of permitted points is the mean autonomy, as fine as the grid is."""
    share = float((plain.data["permitted"] * plain.data["weight"]).sum())
    assert share == pytest.approx(plain.now["autonomy"]["mean"], abs=0.12)
    fine = ask(plain.order, orientation_grid=24, draws=4)
    share = float((fine.data["permitted"] * fine.data["weight"]).sum())
    assert share == pytest.approx(fine.now["autonomy"]["mean"], abs=0.03)


# ---- The law, one neighbour at a time ----


@pytest.mark.slow
def test_the_dice_agree_with_what_is_added_up(toy: Order) -> None:
    """400,000 quarters thrown from one world: crises of each kind with each answer are as frequent as the outlook says."""
    runs, state = 400_000, 1
    begin = lift(opening(toy), 1)
    as_is = Situation(np.full(3, np.nan), np.array(np.nan), np.array(0.0), np.zeros(len(FIELDS), np.float32))
    found = jax.jit(outlook)(begin.world, begin.setting, toy.parameters, 1, state, as_is)

    def throw(number: Any) -> Any:
        world = jax.tree.map(lambda x: x[..., 0], begin.world)
        single = opening(toy)
        words = (jnp.uint32(5), jnp.uint32(0))
        dice = key(words, number, jnp.uint32(0), jnp.uint32(0))
        now = law.standing(world, single.setting, toy.parameters)
        event, *_ = quarter(world, now, single.setting, toy.parameters, dice, unknown(len(toy.states)))
        return event.kind[state] * len(NAMES) + event.response[state]

    codes = np.asarray(jax.jit(jax.vmap(throw))(jnp.arange(runs, dtype=jnp.uint32)))
    thrown = np.bincount(codes, minlength=(len(KINDS) + 1) * len(NAMES)).reshape(-1, len(NAMES))[1:]
    expected = np.asarray(found.answers[..., 0], float) * runs
    assert thrown.sum() > 20_000
    off = (thrown - expected) / np.sqrt(np.maximum(expected, 1.0))
    assert np.abs(off).max() < 4.5
    assert (off**2).mean() == pytest.approx(1.0, abs=0.7)


@pytest.mark.slow
def test_another_situation_is_the_law_in_that_world(toy: Order) -> None:
    """Moved ties, a crowd and a change of dependence: as if the world had been so, computed for all neighbours at once."""
    begin, state = lift(opening(toy), 1), 1
    changes = np.zeros(len(FIELDS), np.float32)
    changes[FIELDS.index("dependence")] = 0.2
    to = Situation(np.array([0.2, 0.8, 0.0], np.float32), np.array(0.7), np.array(0.0), changes)
    found = jax.jit(outlook)(begin.world, begin.setting, toy.parameters, 1, state, to)
    world = begin.world
    ties = np.array(world.orientation)
    ties[:, state, 0] = (0.2, 0.8)
    dependence = np.array(world.dependence)
    dependence[state] += 0.2
    world = dataclasses.replace(world, orientation=ties, dependence=dependence)
    crowd = np.array(law.standing(world, begin.setting, toy.parameters).mobilisation)
    crowd[state] = 0.7
    now = law.standing(world, begin.setting, toy.parameters, crowd)
    odds = law.odds(law.hazards(world, now, begin.setting, toy.parameters), law.proneness(world, toy.parameters))
    assert np.asarray(found.kinds[:, 0]) == pytest.approx([float(k[state, 0]) for k in odds.kinds], rel=1e-5)
    assert float(found.red_line[0]) == pytest.approx(float(now.red_line[state, 0]))
    assert float(found.tie[0]) == pytest.approx(0.2)


def test_probabilities_add_up(plain: Room) -> None:
    """Answers given a crisis, answers given a kind, and kinds among crises: one each, everywhere on the map."""
    data = plain.data
    for name, over in (("answer", "instrument"), ("kind_share", "kind"), ("answer_by_kind", "instrument")):
        total = data[name].sum(over).values
        assert total == pytest.approx(np.ones_like(total), abs=1e-5), name
    for part in (plain.now, plain.then):
        assert sum(part["given_a_crisis"][name]["mean"] for name in NAMES) == pytest.approx(1.0, abs=1e-4)
        assert sum(row["of_crises"] for row in part["kinds"].values()) == pytest.approx(1.0, abs=1e-4)
        assert sum(x["mean"] for x in part["orientation"].values()) == pytest.approx(1.0, abs=1e-4)
        for name in GROUPS:
            members = sum(part["given_a_crisis"][i]["mean"] for i in GROUPS[name])
            assert part["given_a_crisis"][name]["mean"] == pytest.approx(members, abs=1e-4)
            assert part["in_a_year"][name]["mean"] <= part["in_a_year"]["crisis"]["mean"]


def test_coercion_is_what_punishes_or_compels() -> None:
    """The group is told by the instruments' rows: harsh, and pushing the target back toward the patron."""
    rows = {i.name: i.effects for i in INSTRUMENTS}
    harsh = tuple(name for name, row in rows.items() if row.harshness >= 0.3 and row.compliance >= 0.4)
    assert harsh == GROUPS["coercion"]


# ---- What theory says ----


def test_the_further_beyond_the_line_the_more_coercion(plain: Room) -> None:
    """C7 at prior means: below the red line, the fewer ties with the patron, the more coercion, in a year and given a crisis."""
    beyond = plain.profile[plain.profile["patron"] <= plain.now["red_line"]["low"]].sort_values("patron")
    assert len(beyond) >= 8
    for name in ("coercion", "coercion_given_crisis"):
        assert (np.diff(beyond[name]) <= 1e-6).all(), name
    assert beyond["coercion"].iloc[0] > 1.2 * beyond["coercion"].iloc[-1]


def test_without_a_red_line_all_is_permitted(prior_means: Order) -> None:
    found = ask(prior_means.without("red_line"))
    assert found.now["autonomy"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
    assert found.now["red_line"]["high"] == 0.0
    assert float(found.data["permitted"].min()) == 1.0
    moves = found.effects[found.effects["outcome"] == "autonomy"]
    assert (moves["mean"] == 0.0).all()


def test_without_a_response_the_patron_looks_on(prior_means: Order) -> None:
    found = ask(prior_means.without("response"))
    assert found.now["given_a_crisis"]["abstain"]["mean"] == pytest.approx(1.0)
    assert found.now["in_a_year"]["coercion"]["high"] == 0.0


def test_without_anything_there_is_no_crisis_to_answer(prior_means: Order) -> None:
    from hegemon.mechanisms import MECHANISMS

    found = ask(prior_means.without(*(m.name for m in MECHANISMS)))
    assert found.now["in_a_year"]["crisis"]["high"] == 0.0
    assert found.now["given_a_crisis"]["coercion"]["mean"] is None


@pytest.mark.parametrize(
    ("thing", "sign"), [("dependence", -1), ("integration", -1), ("obligation", -1), ("doctrine", -1), ("shelter", 1)]
)
def test_a_partial_effect_is_the_red_line_s_slope(plain: Room, thing: str, sign: int) -> None:
    """d(1 - rho)^(P - 1) = -(P - 1)(1 - rho)^(P - 2) d rho, with d rho the parameter (obligation through tanh, near 0)."""
    rows = plain.effects.set_index(["thing", "outcome"])
    slope = float(getattr(plain.order.parameters.blocks["red_line"], thing))
    line = plain.now["red_line"]["mean"]
    found = float(rows.at[(thing, "autonomy"), "mean"])
    assert np.sign(found) == sign
    assert found == pytest.approx(sign * 0.1 * slope * 3.0 * (1.0 - line) ** 2, rel=0.08)
    assert float(rows.at[(thing, "red_line"), "mean"]) == pytest.approx(-sign * 0.1 * slope, rel=0.02)


def test_dependence_narrows_only_if_the_parameters_say_so(prior_means: Order) -> None:
    found = ask(prior_means.with_parameters({"red_line.dependence": 0.0}))
    row = found.effects.set_index(["thing", "outcome"]).loc[("dependence", "autonomy")]
    assert row["mean"] == row["low"] == row["high"] == 0.0


def test_what_moved_the_line_adds_up(plain: Room) -> None:
    """The line is a sum: its movers explain its move, but for what is cut at its bounds, which here is nothing."""
    moves = plain.drivers.set_index("what")["mean"]
    parts = moves.drop(["together", "cut to its bounds"]).sum()
    assert parts == pytest.approx(moves["together"], abs=1e-5)
    assert moves["together"] == pytest.approx(plain.now["red_line"]["mean"] - plain.then["red_line"]["mean"], abs=1e-5)
    assert abs(moves["together"]) > 0.005, "something must have moved for the test to say anything"


def test_incumbents_who_follow_change_nothing_where_they_stand(prior_means: Order, plain: Room) -> None:
    """At present ties what they want is what they want; elsewhere it is another thing, and so is the answer."""
    follow = ask(prior_means, incumbents="follow")
    assert follow.now["in_a_year"] == plain.now["in_a_year"]
    far = (follow.profile["coercion_given_crisis"] - plain.profile["coercion_given_crisis"]).iloc[0]
    assert abs(far) > 0.005


# ---- The worlds at a date ----


@pytest.mark.slow
def test_worlds_at_a_date_are_those_of_the_engine(toy: Order) -> None:
    """Thrown dice, own parameters: ties and red line at the opening of a quarter are those at the close of the one before."""
    runs = simulate(toy, 64, 3, parameters="mean", keep=True)
    found = room(toy, "BOB", "2004Q1", "2001Q1", dice=True, draws=64, seed=3, parameters="mean", orientation_grid=4)
    ties = runs.data["orientation"].sel(quarter="2003Q4", pole="hub", state="BOB").values
    assert found.now["orientation"]["hub"]["mean"] == pytest.approx(float(ties.mean()), abs=2e-3)
    line = runs.data["red_line"].sel(quarter="2000Q4", state="BOB").values
    assert found.then["red_line"]["mean"] == pytest.approx(float(line.mean()), abs=2e-3)
    low, high = np.quantile(ties, [0.05, 0.95])
    assert found.now["orientation"]["hub"]["low"] == pytest.approx(float(low), abs=0.02)
    assert found.now["orientation"]["hub"]["high"] == pytest.approx(float(high), abs=0.02)


def test_the_record_decides_what_is_remembered(order: Order) -> None:
    """Kazakhstan after January 2022 owes Russia something, as before it did not: its line has risen."""
    before, after = (ask(order, at=at, since="2021Q4", parameters="mean") for at in ("2022Q1", "2022Q2"))
    assert after.now["red_line"]["mean"] > before.now["red_line"]["mean"] + 0.02
    owed = after.drivers.set_index("what")["mean"]
    assert owed["obligation"] > 0.02


def test_survivors_are_as_many_as_their_weights_say() -> None:
    """Systematic resampling: each is copied the whole part of J w times, or once more; on average J w times."""
    weights = np.array([[0.5, 0.3, 0.15, 0.05], [0.25, 0.25, 0.25, 0.25]])
    luck = (np.arange(4000) + 0.5) / 4000
    copies = np.zeros((2, 4))
    for u in luck[::40]:
        chosen = np.asarray(dated.survivors(jnp.log(weights), jnp.full(2, u, jnp.float32)))
        counts = np.bincount(chosen, minlength=8).reshape(2, 4)
        assert (np.abs(counts - 4 * weights) < 1.0 + 1e-6).all()
        copies += counts / 100
    assert copies == pytest.approx(4 * weights, abs=0.05)


@pytest.mark.slow
def test_measured_ties_say_where_it_stood(prior_means: Order) -> None:
    """Measured year after year at 0.6: the draws stand where Kalman's filter of the log-odds would put them, and as far apart.
    What is measured later is not known yet."""
    rows = [{"state": "KAZ", "year": year, "russia": 0.6, "west": 0.2, "china": 0.1, "regional": 0.1, "error": 0.2}
            for year in range(1996, 2010)]  # fmt: skip
    table = pd.DataFrame(rows)
    state = prior_means.states.index("KAZ")
    known = dated.measured(prior_means, table, state, prior_means.quarters.index("2004Q1"))
    assert int(known.known.sum()) == 8
    given = dated.source(prior_means, "2010Q1", dice=False)
    x = np.repeat(flat(prior_means.parameters)[None], 64, axis=0)
    x[:, FREE.index("ties.offset")] = 0.02
    at = prior_means.quarters.index("2010Q1")
    ways = []
    for seen in (dated.measured(prior_means, None, state, at), dated.measured(prior_means, table, state, at)):
        _, _, way = dated.snapshots(prior_means, given.opening, x, 0, 0, (at, at - 4), state, seen)
        ways.append(np.log(way["ties"][:, 0] / (1.0 - way["ties"][:, 0])))
    path = ways[0].mean(-1)
    shock, error, kept = 0.04 * np.sqrt(1.5), 0.1, 0.95
    mean, variance = 0.0, 0.0
    for q in range(at + 1):  # deviations from the path return to it at pace .05
        if seen.known[q]:
            gain = variance / (variance + error**2)
            mean, variance = mean + gain * (seen.logit[q] - path[q] - mean), (1.0 - gain) * variance
        if q < at:
            mean, variance = kept * mean, kept**2 * variance + shock**2
    assert abs(mean) > 0.3, "the measurements say something else than the path"
    assert float(ways[1][at].mean()) == pytest.approx(path[at] + mean, abs=0.06)
    assert float(ways[1][at].std()) == pytest.approx(np.sqrt(variance), rel=0.35)
