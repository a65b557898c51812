"""What a crisis is before anybody answers: how grave it is, how others see the incumbents, whether they ask."""

from __future__ import annotations

import dataclasses
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import expit, logit

from hegemon import law
from hegemon.drivers import OPEN, Player
from hegemon.event import PARTS
from hegemon.instruments import KINDS
from hegemon.law import Parameters
from hegemon.mechanisms import BY_NAME
from hegemon.mechanisms.alignment import line
from hegemon.order import default_parameters
from hegemon.world import Crisis
from worlds import STATES, Draw, Quarter, Situation, dice, given, one_quarter

HALF = 1.2
"""Half the width of the middle step of severity, in log-odds."""


def changed(situation: Situation, block: str, **values: float) -> Situation:
    blocks = situation.params.blocks
    one = dataclasses.replace(blocks[block], **{name: np.float32(value) for name, value in values.items()})
    return dataclasses.replace(situation, params=dataclasses.replace(situation.params, blocks={**blocks, block: one}))


def off(params: Parameters, *names: str) -> Parameters:
    return dataclasses.replace(params, on={**params.on, **dict.fromkeys(names, np.float32(0.0))})


def everywhere(**parts: int) -> Any:
    return given(**{name: np.full(STATES, code) for name, code in parts.items()})


def weights(found: Quarter, part: str) -> np.ndarray:
    """Shares of a part's outcomes, [outcome, neighbour]."""
    stacked = np.stack([np.asarray(weight, float) for weight in found.seen[part]])
    return stacked / stacked.sum(0)


@pytest.fixture(params=range(3))
def situation(request: pytest.FixtureRequest) -> Situation:
    return Draw(request.param, 0.0, "default").situation()


# ---- Severity: an ordered logit ----


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "uprising"])
@pytest.mark.parametrize("gravity", [-2.0, 0.0, 0.5, 3.0])
def test_severity_is_an_ordered_logit(situation: Situation, kind: str, gravity: float) -> None:
    """P(low) = sigma(-g - 1.2), P(high) = sigma(g - 1.2), the rest in the middle: one log-odds g moves both steps."""
    block = {"turnover": "turnover", "rival_turn": "rivals", "secession": "separatism", "interstate": "war",
             "dispute": "dispute"}[kind]  # fmt: skip
    found = changed(situation, block, gravity=gravity).next(script=everywhere(kind=KINDS.index(kind) + 1))
    low, high = expit(-gravity - HALF), expit(gravity - HALF)
    expected = np.array([low, 1.0 - low - high, high])
    np.testing.assert_allclose(weights(found, "severity"), expected[:, None] * np.ones(STATES), atol=1e-6)


def test_without_reasons_a_crisis_is_as_often_low_as_high(situation: Situation) -> None:
    """All mechanisms off, g = 0: shares .2315, .5370 and .2315, whatever the kind (1 / (1 + e^1.2) = .23148)."""
    params = off(situation.params, *BY_NAME)
    kind = jnp.arange(1, STATES + 1, dtype=jnp.int32)
    now = law.standing(situation.world, situation.setting, params)
    found = law.severity(law.crisis(kind), situation.world, now, situation.setting, params)
    np.testing.assert_allclose(np.stack(found)[:, 0], [0.231475, 0.537050, 0.231475], atol=1e-6)
    np.testing.assert_allclose(np.stack(found), np.stack(found)[:, :1] * np.ones(STATES), atol=1e-7)


def test_an_uprising_is_the_graver_the_more_are_in_the_street(situation: Situation) -> None:
    """g = gravity + gravity_crowd x (crowd - 1/2), by the closed form; and the crowd may be another than the world's."""
    p = situation.params.blocks["unrest"]
    before = 0.0
    for crowd in (0.1, 0.5, 0.9):
        now = law.standing(situation.world, situation.setting, situation.params, crowd=jnp.full(STATES, crowd))
        np.testing.assert_allclose(now.mobilisation, crowd)
        trouble = law.crisis(jnp.full(STATES, KINDS.index("uprising") + 1, jnp.int32))
        found = law.severity(trouble, situation.world, now, situation.setting, situation.params)
        expected = expit(p.gravity + p.gravity_crowd * (crowd - 0.5) - HALF)
        np.testing.assert_allclose(found[2], expected, atol=1e-6)
        assert expected > before
        before = expected


@pytest.mark.slow
def test_the_dice_draw_severity_in_those_shares() -> None:
    """Four thousand disputes with g = -0.5: low, medium and high within four standard errors."""
    situation = Draw(0, 0.0, "default").situation()
    script = everywhere(kind=KINDS.index("dispute") + 1)
    drawn = np.concatenate([np.asarray(situation.next(when, script).event.severity) for when in range(1_000)])
    low, high = expit(0.5 - HALF), expit(-0.5 - HALF)
    for step, share in enumerate((low, 1.0 - low - high, high), start=1):
        error = np.sqrt(share * (1.0 - share) / drawn.size)
        assert abs((drawn == step).mean() - share) < 4 * error, step


def test_graver_uprisings_are_survived_less_often(situation: Situation) -> None:
    """survival_gravity is lost per step: the log-odds of staying fall by it from low to medium and from medium to high."""
    p = situation.params.blocks["unrest"]
    stays = []
    for severity in (1, 2, 3):
        script = everywhere(kind=KINDS.index("uprising") + 1, severity=severity, response=0)
        stays.append(logit(weights(situation.next(script=script), "survival")[1]))
    np.testing.assert_allclose(np.diff(stays, axis=0), -p.survival_gravity, atol=2e-4)


# ---- The line: others read it off what the incumbents want ----


def test_the_line_follows_the_elite(situation: Situation) -> None:
    """P(patron) = sigma(line (e - centre) - middle), P(rival) = sigma(-line (e - centre) - middle), e the share wanted."""
    p = situation.params.blocks["alignment"]
    near = p.line * (np.asarray(situation.world.elite[0]) - p.line_centre)
    patron, rival = expit(near - p.line_middle), expit(-near - p.line_middle)
    found = weights(situation.next(script=everywhere(kind=1)), "line")
    np.testing.assert_allclose(found, np.stack([patron, 1.0 - patron - rival, rival]), atol=1e-5)


def test_who_wants_more_with_the_patron_is_seen_nearer_to_it() -> None:
    """From nought to all: ever more are seen as friends, ever fewer as the rival's; half and half at the centre."""
    situation = Draw(0, 0.0, "default").situation()
    wanted = np.linspace(0.0, 1.0, STATES + 1)[:STATES].astype(np.float32)  # 0, 1/4, 1/2, 3/4
    rest = (1.0 - wanted) / (situation.world.elite.shape[0] - 1)
    elite = np.stack([wanted, *[rest] * (situation.world.elite.shape[0] - 1)])
    world = dataclasses.replace(situation.world, elite=elite)
    patron, balanced, rival = (np.asarray(x) for x in line(world, default_parameters().blocks["alignment"]))
    assert (np.diff(patron) > 0.0).all()
    assert (np.diff(rival) < 0.0).all()
    assert patron[2] == pytest.approx(rival[2])
    assert balanced.argmax() == 2
    assert patron[0] < 0.01
    assert rival[0] > 0.9


# ---- Requests and consent ----


def test_incumbents_may_ask_in_every_kind_of_crisis(situation: Situation) -> None:
    """Where neither rule nor territory is at stake they ask less: by request_policy in log-odds, and never not at all."""
    p = situation.params.blocks["support"]
    odds = {}
    for code, kind in enumerate(KINDS, start=1):
        asks = weights(situation.next(script=everywhere(kind=code, severity=2)), "request")[1]
        assert (asks > 0.0).all(), kind
        odds[kind] = logit(asks)
    for kind in ("turnover", "rival_turn", "dispute"):
        np.testing.assert_allclose(odds[kind] - odds["secession"], p.request_policy, atol=2e-3, err_msg=kind)
    for kind in ("uprising", "interstate"):
        np.testing.assert_allclose(odds[kind], odds["secession"], atol=2e-3, err_msg=kind)


def test_the_graver_the_sooner_they_ask(situation: Situation) -> None:
    p = situation.params.blocks["support"]
    odds = [
        logit(weights(situation.next(script=everywhere(kind=1, severity=severity)), "request")[1])
        for severity in (1, 2, 3)
    ]
    np.testing.assert_allclose(np.diff(odds, axis=0), p.request_severity, atol=2e-3)


@pytest.mark.parametrize("unbidden", [0.0, 0.02, 0.3, 1.0])
def test_consent_unbidden_is_a_share_of_consent(situation: Situation, unbidden: float) -> None:
    """The pact consents with probability c where incumbents ask, and with unbidden x c where they do not."""
    changed_ = changed(situation, "pact", unbidden=unbidden)
    for kind in range(1, len(KINDS) + 1):
        asked, silent = (
            weights(changed_.next(script=everywhere(kind=kind, requested=yes)), "consent")[1] for yes in (1, 0)
        )
        np.testing.assert_allclose(asked, changed_.next().standing.consent, atol=1e-6)
        np.testing.assert_allclose(silent, unbidden * asked, atol=1e-6)


def test_who_is_no_member_is_consented_nothing() -> None:
    """Bidden or not, and whatever the charter."""
    for seed in range(20):
        situation = Draw(seed, 0.0, "default").situation()
        outside = np.asarray(situation.world.member) == 0.0
        for requested in (0, 1):
            found = situation.next(script=everywhere(kind=1, requested=requested))
            assert not weights(found, "consent")[1][outside].any()


# ---- What the patron sees when it answers ----


def test_the_answer_is_given_to_what_is_known_when_a_crisis_begins() -> None:
    """Severity, line and request are decided before the response and seen there as steps from the middle."""
    assert PARTS.index("response") > max(PARTS.index(part) for part in ("severity", "line", "request", "consent"))
    situation, seen = Draw(0, 0.0, "default").situation(), []

    def watch(odds: Any, crisis: Crisis, world: Any, standing: Any) -> Any:
        seen.append(crisis)
        return jnp.full(STATES, OPEN, jnp.int32)

    script = given(kind=[1, 2, 3, 0], severity=[1, 2, 3, 3], line=[0, 1, 2, 0], requested=[1, 0, 1, 1])
    one_quarter(situation.world, situation.setting, situation.params, dice(), script, Player("response", watch))
    (crisis,) = seen
    assert crisis.gravity.tolist() == [-1.0, 0.0, 1.0, 0.0], "no crisis has no gravity"
    assert crisis.alignment.tolist() == [1.0, 0.0, -1.0, 0.0]
    assert crisis.requested.tolist() == [1.0, 0.0, 1.0, 0.0]
