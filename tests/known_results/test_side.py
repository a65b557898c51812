"""For or against the incumbents: an act has a direction, and its effects follow it (Pearson and Baumann 1993; Regan 2002)."""

from __future__ import annotations

import dataclasses
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import expit

from hegemon import law
from hegemon.drivers import OPEN, draw
from hegemon.event import PARTS, score
from hegemon.history.codebook import KIND
from hegemon.instruments import (
    AGAINST,
    AID,
    CODE,
    DIRECTED,
    FOR,
    HARM,
    INSTRUMENTS,
    KINDS,
    NAMES,
    NEITHER,
    OPEN_SIDED,
    SIDES,
    by_side,
)
from hegemon.pooled import crises as pooled
from hegemon.pooled.model import siding
from worlds import STATES, Draw, Quarter, Situation, given

ALL = np.ones(STATES)
UPRISING = KINDS.index("uprising") + 1
FORCES = ("unilateral_force", "collective_force")


@pytest.fixture(params=range(4))
def situation(request: pytest.FixtureRequest) -> Situation:
    """Four different worlds with the model's parameters."""
    return Draw(request.param, 0.0, "default").situation()


def leaning(situation: Situation, **numbers: float) -> Situation:
    """The same with other numbers of the side, by name."""
    blocks = situation.params.blocks
    side = dataclasses.replace(blocks["side"], **{name: np.float32(value) for name, value in numbers.items()})
    return dataclasses.replace(situation, params=dataclasses.replace(situation.params, blocks={**blocks, "side": side}))


def answered(situation: Situation, instrument: str, side: int = OPEN, kind: int = UPRISING, **known: int) -> Quarter:
    """Everybody in a grave crisis that is answered with an instrument."""
    facts = {"severity": 3, "line": 1, "requested": 0, "consented": 1, "survived": 1, **known}
    script = given(kind=kind * ALL, response=CODE[instrument] * ALL, side=side * ALL,
                   **{name: code * ALL for name, code in facts.items()})  # fmt: skip
    return situation.next(script=script)


def staying(found: Quarter) -> Any:
    """Probability that the incumbents survive."""
    fall, stay = (np.asarray(weight, float) for weight in found.seen["survival"])
    return stay / (fall + stay)


# ---- What is done on either side ----


@pytest.mark.parametrize("instrument", FORCES)
def test_force_for_the_incumbents_shores_them_up_and_the_same_force_against_them_pulls_them_down(
    situation: Situation, instrument: str
) -> None:
    """Budapest, November 1956: force against a government is no rescue."""
    rescue, alone, punished = (staying(answered(situation, name, side)) for name, side in
                               ((instrument, FOR), ("abstain", OPEN), (instrument, AGAINST)))  # fmt: skip
    assert (rescue > alone).all() and (alone > punished).all()
    log_odds = [np.log(p / (1.0 - p)) for p in (rescue, alone, punished)]
    np.testing.assert_allclose(log_odds[0] - log_odds[1], log_odds[1] - log_odds[2], rtol=1e-2)


@pytest.mark.parametrize("instrument", FORCES)
def test_gratitude_is_owed_for_rescue_only(situation: Situation, instrument: str) -> None:
    rescued, punished, left_alone = (
        answered(
            situation.after(dataclasses.replace(situation.world, obligation=np.zeros(STATES, np.float32))), name, side
        ).after
        for name, side in ((instrument, FOR), (instrument, AGAINST), ("abstain", OPEN))
    )
    assert (np.asarray(rescued.obligation) > 0.0).all()
    assert not np.asarray(punished.obligation).any()
    np.testing.assert_array_equal(punished.obligation, left_alone.obligation)


def test_punishment_frightens_and_offends_and_rescue_does_so_less(situation: Situation) -> None:
    """Nor does rescue bring sanctions as punishment does."""
    calm = dataclasses.replace(situation.world, fear=np.zeros(STATES, np.float32), sanctions=np.zeros(1, np.float32))
    rescued, punished = (answered(situation.after(calm), "unilateral_force", side).after for side in (FOR, AGAINST))
    assert (np.asarray(punished.fear) > np.asarray(rescued.fear)).all()
    assert (np.asarray(punished.legitimacy) < np.asarray(rescued.legitimacy)).any()
    assert (np.asarray(punished.legitimacy) <= np.asarray(rescued.legitimacy)).all()
    assert np.asarray(punished.sanctions) > np.asarray(rescued.sanctions)


def test_an_instrument_does_on_its_own_side_what_its_row_says() -> None:
    """Row by row, by hand: what it is told of is kept; help is turned round and owed for no more; punishment spares friends."""
    rows, mild = tuple(i.effects for i in INSTRUMENTS), 0.25
    rescue, against = by_side(rows, mild)
    for i, row, kind, harsh in zip(INSTRUMENTS, rows, rescue, against, strict=True):
        if i.name in ("abstain", "mediate", "peacekeeping"):
            assert kind == harsh == row and not i.sides
            continue
        helping, other = (kind, harsh) if i.name not in ("economic_coercion", "separatism_support") else (harsh, kind)
        assert [getattr(helping, name) for name in AID] == [getattr(row, name) for name in AID]
        assert (other.shores_up, other.obligation) == (-row.shores_up, 0.0)
        if i.name in ("economic_coercion", "separatism_support", "unilateral_force"):
            assert [getattr(harsh, name) for name in HARM] == [getattr(row, name) for name in HARM]
            assert [getattr(kind, name) for name in HARM] == [mild * getattr(row, name) for name in HARM]
        else:
            assert [getattr(kind, name) for name in HARM] == [getattr(row, name) for name in HARM]
    alone, under = (against[CODE[name]] for name in FORCES)
    assert (under.harshness, under.compliance) == (alone.harshness, alone.compliance), "force is force to its target"
    assert under.delegitimation == pytest.approx(alone.delegitimation + rows[CODE["collective_force"]].delegitimation)
    for one, other, row in zip(rescue, against, rows, strict=True):
        for name in ("freeze", "deployment", "burden", "brokerage", "habit", "uprising"):
            assert getattr(one, name) == getattr(other, name) == getattr(row, name)


# ---- Who is on which side ----


def test_an_act_has_a_side_where_the_instrument_has_one(situation: Situation) -> None:
    """Help is for the incumbents and backing of challengers against them by definition; nobody is on the side of a mediator."""
    for instrument in INSTRUMENTS:
        found = answered(situation, instrument.name)
        weights = np.stack([np.broadcast_to(np.asarray(w, float), (STATES,)) for w in found.seen["side"]])
        assert set(np.flatnonzero(weights.sum(1))) == set(instrument.sides or (NEITHER,))
        np.testing.assert_allclose(weights.sum(0), 1.0, rtol=1e-6)
        assert set(np.asarray(found.event.side)) <= set(instrument.sides or (NEITHER,))
    assert set(OPEN_SIDED) == {"economic_coercion", "unilateral_force", "collective_force"}
    assert set(DIRECTED) == {*OPEN_SIDED, "economic_support", "security_support", "separatism_support"}


def test_a_script_that_says_a_side_has_it(situation: Situation) -> None:
    for side in (FOR, AGAINST):
        assert (np.asarray(answered(situation, "unilateral_force", side).event.side) == side).all()


def test_a_side_that_an_act_has_not_is_not_taken(situation: Situation) -> None:
    """A script may say for whom; if the patron only mediates, for nobody. Where nothing happens, too."""
    assert (np.asarray(answered(situation, "mediate", AGAINST).event.side) == NEITHER).all()
    quiet = situation.next(script=given(kind=0 * ALL, side=FOR * ALL))
    assert (np.asarray(quiet.event.side) == NEITHER).all()


def test_an_open_side_is_drawn_as_often_as_the_law_says(situation: Situation) -> None:
    """Along a ladder of luck, and thrown 240 times, to four standard errors."""
    for intercept in (-2.0, 0.5):
        likely = leaning(situation, unilateral_force=intercept)
        found = answered(likely, "unilateral_force")
        p = np.asarray(found.seen["side"][FOR], float)
        ladder = (np.arange(100) + 0.5) / 100
        drawn = np.stack([np.asarray(draw(jnp.full(STATES, u), found.seen["side"])) for u in ladder])
        np.testing.assert_allclose((drawn == FOR).mean(0), p, atol=0.011)
        thrown = np.concatenate([np.asarray(likely.next(when=w, script=given(
            kind=UPRISING * ALL, severity=3 * ALL, line=ALL, requested=0 * ALL, response=CODE["unilateral_force"] * ALL,
        )).event.side) for w in range(60)])  # fmt: skip
        wide = 4.0 * np.sqrt((p * (1.0 - p)).mean() / len(thrown))
        assert abs((thrown == FOR).mean() - p.mean()) < wide


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("instrument", OPEN_SIDED)
def test_the_side_is_the_pooled_model_s_logit(situation: Situation, kind: str, instrument: str) -> None:
    """The same form as the model of all orders has (docs/pooled): coefficient for coefficient the same probability."""
    luck = np.random.default_rng(3).normal(size=len(NAMES) + len(KINDS) + 3)
    names = dict(zip((*NAMES, *KINDS, "gravity", "alignment", "requested"), luck, strict=True))
    block = situation.params.blocks["side"]
    mine = leaning(situation, **{name: value for name, value in names.items() if hasattr(block, name)})
    for severity, line, asked in ((1, 0, 1), (2, 1, 0), (3, 2, 1)):
        found = answered(mine, instrument, kind=KINDS.index(kind) + 1, severity=severity, line=line, requested=asked)
        told = pooled.Crises(np.eye(len(KINDS))[[KINDS.index(kind)]], np.array([severity - 2.0]), np.array([1.0 - line]),
                             np.array([float(asked)]), np.zeros(1))  # fmt: skip
        theirs = expit(siding(told, np.eye(len(NAMES))[[CODE[instrument]]]) @ luck)
        np.testing.assert_allclose(np.asarray(found.prospects.toward)[CODE[instrument]], theirs[0], rtol=1e-5)
    assert set(KIND.values()) == set(KINDS)


# ---- What the patron makes of it ----


@pytest.mark.parametrize("instrument", OPEN_SIDED)
def test_the_patron_weighs_both_sides_as_likely_as_they_are(situation: Situation, instrument: str) -> None:
    """What it expects lies between the two, in proportion; surely for the incumbents, it is what rescue is worth."""
    code = CODE[instrument]

    def worth(intercept: float) -> tuple[Any, Any]:
        prospects = answered(leaning(situation, **{instrument: intercept}), instrument).prospects
        return np.asarray(prospects.utilities, float)[code], np.asarray(prospects.toward, float)[code]

    (rescue, surely), (punishment, never), (both, p) = worth(8.0), worth(-8.0), worth(0.5)
    assert (surely > 0.999).all() and (never < 0.001).all()
    np.testing.assert_allclose(both, p * rescue + (1.0 - p) * punishment, atol=2e-2)


def test_learning_is_paid_what_the_side_was_worth(situation: Situation) -> None:
    """Rescue where punishment was to be expected: the attraction differs by the two sides' worth, at learning's weight."""
    fresh = situation.after(dataclasses.replace(
        situation.world, attraction=np.zeros_like(situation.world.attraction),
        experience=np.full_like(situation.world.experience, 9.0),
    ))  # fmt: skip
    code, kind = CODE["unilateral_force"], UPRISING - 1
    rescued, punished = (answered(fresh, "unilateral_force", side) for side in (FOR, AGAINST))
    gained = [np.asarray(found.after.attraction, float)[kind, code, 0] for found in (rescued, punished)]
    turned = np.asarray(rescued.prospects.turned, float)[code].mean()
    rho = float(fresh.params.blocks["learning"].experience)
    assert abs(turned) > 0.05
    assert gained[0] - gained[1] == pytest.approx(turned / (9.0 * rho + 1.0), rel=1e-3, abs=1e-4)


# ---- What is not known ----


def test_survival_where_the_side_is_not_known_is_that_of_both_sides(situation: Situation) -> None:
    """Added up over the sides, each as likely as it is; so probabilities of a record with an unknown side add up."""
    from hegemon.event import known, unfold

    found = answered(leaning(situation, unilateral_force=0.7), "unilateral_force", FOR)
    params, now = leaning(situation, unilateral_force=0.7).params, found.standing
    odds = law.odds(
        law.hazards(situation.world, now, situation.setting, params), law.proneness(situation.world, params)
    )
    stays = {}
    for side in (FOR, AGAINST, OPEN):
        seen: dict[str, Any] = {}
        event = dataclasses.replace(found.event, side=jnp.full(STATES, side, jnp.int32))

        def decide(part: str, weights: Any, trouble: Any, event: Any = event, seen: dict[str, Any] = seen) -> Any:
            seen[part] = weights
            return known(event)(part, weights, trouble)

        unfold(odds, lambda trouble: now, situation.world, situation.setting, params, decide)
        stays[side] = np.asarray(seen["survival"][1], float)
        assert bool(np.asarray(score(event, seen)["side"]).any()) == (side != OPEN), "what is not known counts nothing"
    p = np.asarray(found.prospects.toward, float)[CODE["unilateral_force"]]
    np.testing.assert_allclose(stays[OPEN], p * stays[FOR] + (1.0 - p) * stays[AGAINST], rtol=1e-5)


def test_the_direction_throws_dice_of_its_own(situation: Situation) -> None:
    """Every part is drawn from the stream of its own name: one more part moves nobody else's."""
    from hegemon.dice import uniform
    from worlds import dice

    found = situation.next()
    for part in PARTS:
        code = np.asarray(draw(uniform(dice(situation.seed), part, STATES), found.seen[part]))
        if part == "crisis":
            np.testing.assert_array_equal(code, found.event.kind)
        if part == "line":
            np.testing.assert_array_equal(code, found.event.line)
        if part == "side":
            drawn = np.asarray(found.event.side) != NEITHER
            np.testing.assert_array_equal(code[drawn], np.asarray(found.event.side)[drawn])
    assert len({uniform(dice(situation.seed), part, STATES).tobytes() for part in PARTS}) == len(PARTS)
    assert len(SIDES) == 3
