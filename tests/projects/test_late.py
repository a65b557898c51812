"""States that come and go within an order, and what changes from outside by year."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import hegemon
from hegemon.errors import UserError
from hegemon.opening import opening
from hegemon.order import Order
from hegemon.scenarios.loader import read_scenario

TOY = (Path(__file__).parents[1] / "toy.toml").read_text("utf-8")


def order(change: str = "", ana: str = "") -> Order:
    """The toy order with lines at its end, and lines in Ana's table."""
    from hegemon.order import from_scenario

    text = TOY.replace("[states.ANA]", f"{change}\n[states.ANA]\n{ana}", 1)
    return from_scenario(read_scenario(text, "toy"))


def test_nothing_said_is_nothing_more_in_the_program() -> None:
    begin = opening(order())
    assert begin.setting.present is None and begin.setting.entry is None and begin.ages is None
    assert set(begin.paths) == {"means", "growth", "youth", "founding", "scheduled"}


def test_who_comes_late_waits_bound_to_nobody() -> None:
    late = order(ana='independent = "2002Q1"\nended = "2004Q1"')
    begin, always = opening(late), opening(order())
    n = late.states.index("ANA")
    here = begin.paths["present"][:, n]
    assert [late.quarters[q] for q in np.flatnonzero(np.diff(here))] == ["2001Q4", "2003Q4"]
    assert begin.world.dependence[n] == 0.0 and begin.world.member[n] == 0.0
    assert begin.setting.entry is not None and begin.setting.entry.dependence[n] == always.world.dependence[n] > 0.0
    others = [m for m in range(len(late.states)) if m != n]
    assert np.array_equal(np.asarray(begin.world.dependence)[others], np.asarray(always.world.dependence)[others])


def test_a_state_is_new_when_it_becomes_one() -> None:
    youth = opening(order(ana='independent = "1990Q1"')).paths["youth"]
    assert youth.shape[1] == 3
    n = order().states.index("ANA")
    assert youth[0, n] == pytest.approx(np.exp(-2.0), abs=1e-6)  # ten years of a five years' memory
    assert (np.delete(youth, n, 1)[0] == 1.0).all()


def test_turns_are_paths() -> None:
    turned = order('[turns]\nsource = "invented"\nresolve = { 2000 = 1.0, 2005 = 0.5 }\nidea = { 2000 = 0.1, 2003 = 0.9 }\n'
                   'rest = { 2000 = 0.3 }\nattention = { away = { 2000 = 0.4, 2004 = 1.0 } }')  # fmt: skip
    paths, plain = opening(turned).paths, opening(order()).setting
    assert paths["interest"][:, 1, 0][[0, -1]] == pytest.approx([0.4, 1.0]) and (paths["interest"][:, 0] == 1.0).all()
    assert paths["stake"][0] == pytest.approx(plain.stake) and (paths["stake"][-1] < 0.6 * np.asarray(plain.stake)).all()
    assert paths["idea"][-1, 0] == pytest.approx(0.9) and (paths["creed"] == np.float32(0.3)).all()


def test_a_forecast_is_not_told_of_later_turns_nor_of_who_will_end() -> None:
    from hegemon.studies.forecast.cut import _cut, known_to

    turned = order('[turns]\nsource = "x"\nidea = { 2000 = 0.1, 2005 = 0.9 }', 'ended = "2004Q1"')
    early, late = (known_to(turned, origin).scenario for origin in ("2001Q4", "2004Q2"))
    assert early.states["ANA"].ended is None and late.states["ANA"].ended == "2004Q1"
    assert early.turns is not None and early.turns.paths == {"idea": {2000: 0.1}}

    cut = _cut({"source": "x", "idea": {"2000": 0.1, "2005": 0.9}, "attention": {"away": {"2001": 0.4, "2004": 1.0}}}, 2003)
    assert cut == {"source": "x", "idea": {"2000": 0.1}, "attention": {"away": {"2001": 0.4}}}


@pytest.mark.parametrize(("change", "ana", "said"), [
    ("", 'independent = "2007Q1"', "before end"), ("", 'ended = "2000Q1"', "after 2000Q1"),
    ("", 'independent = "2002Q1"\nended = "2001Q1"', "after 2002Q1"),
    ('[turns]\nsource = "x"\nidea = { 2003 = 0.4 }', "", "begins in 2003"),
    ('[turns]\nsource = "x"\nattention = { moon = { 2000 = 0.4 } }', "", "moon"),
    ('[[force]]\nquarter = "2001Q1"\nstate = "ANA"\ncrisis = "uprising"', 'independent = "2002Q1"', "neighbour from 2002Q1"),
])  # fmt: skip
def test_what_cannot_be_is_said(change: str, ana: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        order(change, ana)


@pytest.mark.slow
def test_who_is_not_there_has_no_crises_and_moves_nobody() -> None:
    """Ana enters in 2002 and goes in 2004: crises of its own in between alone; as it enters, it is as its figures say."""
    late = order(ana='independent = "2002Q1"\nended = "2004Q1"')
    found = hegemon.simulate(late, runs=256, seed=3, parameters="mean")
    when = found.events[found.events["state"] == "ANA"]["quarter"].astype(str)
    assert len(when) > 20 and when.min() >= "2002Q1" and when.max() < "2004Q1"
    entered = found["dependence"].sel(state="ANA", quarter="2001Q4")
    assert np.allclose(entered, late.scenario.states["ANA"].dependence)
    gone = found["dependence"].sel(state="ANA", quarter="2005Q4")
    assert (gone == 0.0).all()


@pytest.mark.slow
def test_a_patron_who_cares_no_more_uses_less_force() -> None:
    calm = order('[turns]\nsource = "invented"\nresolve = { 2000 = 0.0 }')
    force = ["unilateral_force", "economic_coercion"]
    used = [found.events["instrument"].isin(force).sum() for found in (
        hegemon.simulate(each, runs=256, seed=3, parameters="mean") for each in (order(), calm))]  # fmt: skip
    assert used[1] < 0.8 * used[0]
