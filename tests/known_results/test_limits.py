"""Orders with something missing: no instruments, no rival, no trouble. What must then follow does."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from hegemon import law
from hegemon.aftermath import aftermath
from hegemon.instruments import INCLINATIONS, INSTRUMENTS, KINDS
from hegemon.mechanisms import MECHANISMS, PRIORS, alignment
from hegemon.opening import fixed, opening_world
from hegemon.order import Order
from hegemon.studies.run.compute import simulate
from hegemon.studies.run.result import Runs
from hegemon.world import Event, Setting, Shocks, World
from worlds import STATES, Draw, dice, quarter

PREFERENCES = tuple(name for name, prior in PRIORS.items() if prior.unit.startswith("utility"))
"""What the patron wants, which is all that is counted in utility. None of it says what anything does."""


def tastes(order: Order) -> Order:
    """The same order with a patron of entirely different tastes and inclinations, and instruments of other effects."""
    other = {name: PRIORS[name].mean * 0.4 + 0.7 for name in PREFERENCES} | {"response.precision": 0.7}
    other |= {f"{i.name}.{what}": 1.5 for i in INSTRUMENTS for what in INCLINATIONS}
    rows = ("harshness", "compliance", "deployment", "burden")
    other |= {f"{i.name}.{row}": 0.55 for i in INSTRUMENTS[1:] for row in rows}
    return order.with_parameters(other)


def assert_same(one: Runs, other: Runs) -> None:
    for name in one.data.data_vars:
        np.testing.assert_array_equal(one.data[name].values, other.data[name].values, str(name))
    assert one.events.equals(other.events)


def test_without_instruments_neighbours_live_as_if_the_patron_wanted_nothing(toy: Order) -> None:
    """The patron's response switched off, all its tastes changed: not a bit of 300 histories is another."""
    mute = toy.without("response")
    assert_same(simulate(mute, 300, 2), simulate(tastes(mute), 300, 2))


def test_with_instruments_the_patron_s_tastes_matter(toy: Order) -> None:
    """The test above would notice: the same change, with the response on, changes what neighbours go through."""
    one, other = simulate(toy, 300, 2), simulate(tastes(toy), 300, 2)
    used = [runs.events["instrument"].value_counts(normalize=True) for runs in (one, other)]
    assert used[0].sub(used[1], fill_value=0.0).abs().sum() > 0.1
    assert abs(float((one.data["fear"] - other.data["fear"]).mean())) > 0.01


@pytest.mark.parametrize("name", PREFERENCES)
def test_each_taste_alone_matters(toy: Order, name: str) -> None:
    """No dead number: doubling any one taste of the patron's changes which instruments it uses."""
    prior = PRIORS[name]
    twice = toy.with_parameters({name: min(2.0 * prior.mean + 0.5, prior.high)})
    one, other = (simulate(order, 500, 2).events for order in (toy, twice))
    assert not one["instrument"].equals(other["instrument"]), name


def alone(order: Order) -> tuple[World, Setting]:
    """The order with the patron's pole as the only one."""
    world, setting = opening_world(order), fixed(order)
    one = np.ones_like(world.orientation[:1])
    world = dataclasses.replace(world, orientation=one, elite=one, attention=world.attention[:1])
    return world, dataclasses.replace(
        setting, patron=setting.patron[:1], bloc=setting.bloc[:1], third=setting.third[:1], interest=setting.interest[:1]
    )


def test_with_no_pole_but_the_patron_orientation_stays_put(toy: Order) -> None:
    """There is nowhere to turn: forty eventful quarters, and all ties stay with the patron, wanted and real."""
    world, setting = alone(toy)
    crises = 0
    for when in range(40):
        found = quarter(world, setting, toy.parameters, dice(3, when=when))
        world = found.after
        crises += int((found.event.kind > 0).sum())
        for field in dataclasses.fields(World):
            assert np.isfinite(getattr(world, field.name)).all(), field.name
        np.testing.assert_allclose(world.orientation, 1.0, atol=1e-6)
        np.testing.assert_allclose(world.elite, 1.0, atol=1e-6)
    assert crises > 10


def test_with_every_mechanism_off_nothing_ever_happens(toy: Order) -> None:
    """No mechanism, no event: the law and the aftermath have nothing of their own (ties are kept to five digits: the
    step on the simplex adds a millionth to each, so that none is lost for ever)."""
    still = toy.without(*(m.name for m in MECHANISMS))
    found = simulate(still, 50, 2)
    assert found.events.empty
    for name in found.data.data_vars:
        values = found.data[name].values
        np.testing.assert_allclose(values, np.broadcast_to(values[:1, :1], values.shape), atol=5e-5, err_msg=str(name))


def test_rates_add_up_as_competing_risks() -> None:
    """Rates .2, .1 and .1: nothing happens with exp(-.4), and the first kind with half of the rest."""
    rates = {kind: jnp.zeros(1) for kind in KINDS} | {
        "uprising": jnp.array([0.2]), "dispute": jnp.array([0.1]), "secession": jnp.array([0.1]),
    }  # fmt: skip
    odds = law.odds(rates, jnp.ones(1))
    assert float(odds.none[0]) == pytest.approx(np.exp(-0.4), rel=1e-6)
    by_kind = dict(zip(KINDS, (float(share[0]) for share in odds.kinds), strict=True))
    assert by_kind["uprising"] == pytest.approx((1 - np.exp(-0.4)) / 2, rel=1e-5)
    assert by_kind["dispute"] == by_kind["secession"] == pytest.approx((1 - np.exp(-0.4)) / 4, rel=1e-5)
    assert by_kind["turnover"] == 0.0


def test_with_no_rates_there_is_surely_no_crisis() -> None:
    odds = law.odds({kind: jnp.zeros(3) for kind in KINDS}, jnp.ones(3))
    assert odds.none.tolist() == [1.0] * 3
    assert not np.any([share.tolist() for share in odds.kinds])


@pytest.mark.usefixtures("strict_ranks")
def test_every_formula_holds_for_one_order_without_silent_ranks() -> None:
    """Written for one order: no array is of another rank than its formula says. Ensembles may promote, and so may the
    one place where instruments meet neighbours (`law.response`)."""
    found = Draw(0, 0.0, "default").situation()
    world, setting, params = found.world, found.setting, found.params
    count = len(INSTRUMENTS)

    def all_but_the_response(world: World, setting: Setting) -> World:
        now = law.standing(world, setting, params)
        law.odds(law.hazards(world, now, setting, params), law.proneness(world, params))
        trouble = law.crisis(jnp.arange(STATES, dtype=jnp.int32))
        law.severity(trouble, world, now, setting, params)
        alignment.line(world, params.blocks["alignment"])
        law.request(trouble, world, now, setting, params)
        law.consent(trouble, now, params)
        law.fate(trouble, world, now, setting, params)
        law.worths(trouble, world, now, setting, params)
        codes, yes = jnp.arange(STATES, dtype=jnp.int32), jnp.ones(STATES, bool)
        event = Event(kind=codes, severity=codes, line=codes, requested=yes, consented=yes, response=codes, side=codes,
                      survived=yes, successor=codes)  # fmt: skip
        none = jnp.zeros((count, STATES))
        shocks = Shocks(jnp.zeros(world.orientation.shape), jnp.zeros(STATES))
        return aftermath(world, event, jnp.zeros(STATES), shocks, law.Prospects(none, none, none, none), now, setting, params)

    after = jax.eval_shape(all_but_the_response, world, setting)
    assert [x.shape for x in jax.tree.leaves(after)] == [np.shape(x) for x in jax.tree.leaves(world)]
