"""A forecast: nothing of the years it predicts is given to it, and it is scored as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import hegemon
from hegemon.branch import changed
from hegemon.errors import UserError
from hegemon.history import history, record_events
from hegemon.inference.levels import filtered, levels, observed_to, ratios, shares, stood
from hegemon.instruments import NAMES
from hegemon.order import Order, load
from hegemon.pages import charts
from hegemon.studies.forecast.compute import forecast, scored
from hegemon.studies.forecast.counts import persisting
from hegemon.studies.forecast.cut import known_to
from hegemon.studies.forecast.learning import begun, learned
from hegemon.studies.forecast.orientation import evidence
from hegemon.studies.forecast.question import ForecastQuestion
from hegemon.studies.forecast.result import Forecast


def observed(order: Order, last: int = 2014, step: float = 0.02) -> pd.DataFrame:
    """Made-up orientation: every share at a level of its own, wandering a little."""
    luck = np.random.default_rng(0)
    rows = []
    for state in order.states:
        shares = luck.dirichlet(np.ones(4) * 3)
        for year in range(1992, last + 1):
            shares = np.clip(shares + luck.normal(0.0, step, 4), 0.01, 1.0)
            shares /= shares.sum()
            rows.append((state, year, *shares, 0.02))
    return pd.DataFrame(rows, columns=["state", "year", "russia", "west", "china", "regional", "error"])


@pytest.fixture(scope="module")
def result(order: Order) -> Forecast:
    question = ForecastQuestion.of({**ForecastQuestion.about(order), "origin": "2009Q4", "parameters": "mean", "runs": 120,
                                    "seed": 3})  # fmt: skip
    return scored(question, observed(order))


@pytest.fixture(scope="module")
def record(order: Order) -> pd.DataFrame:
    """The order's record in the model's terms."""
    events = record_events(history(), start=order.scenario.start, end=order.scenario.end)
    return events[events["state"].isin(order.states)]


def test_nothing_prescribed_after_the_origin_is_known(order: Order) -> None:
    known = known_to(order, "2009Q4").scenario
    assert known.record == "2009Q4"
    assert max(known.capacity.path) == max(known.growth.path) == 2009
    assert max(known_to(order, "2010Q2").scenario.capacity.path) == 2009, "2010 is not over"
    assert known.capacity.path[2009] == order.scenario.capacity.path[2009]
    assert known_to(load("kazakhstan-2022"), "2009Q4").scenario.force == ()


def test_parameters_and_mechanisms_stay_as_they_were(order: Order) -> None:
    changed = order.with_parameters({"pact.vote": 1.5}).without("learning")
    known = known_to(changed, "2009Q4")
    assert known.off == ("learning",)
    assert float(known.parameters.blocks["pact"].vote) == pytest.approx(1.5)


def test_the_record_is_followed_to_the_origin_and_no_further(result: Forecast, record: pd.DataFrame) -> None:
    events = result.events
    before = events[events["quarter"].astype(str) <= "2009Q4"].groupby("run").size()
    assert before.nunique() == 1
    assert before.iloc[0] == (record["quarter"] <= "2009Q4").sum()
    after = events[events["quarter"].astype(str) > "2009Q4"].groupby("run").size()
    assert after.nunique() > 3


def test_counts_of_the_record_are_the_record_s(result: Forecast, record: pd.DataFrame) -> None:
    """From 2010Q1 to 2021Q4; January 2022 is covered in part and does not count."""
    assert (result.first, result.last) == ("2010Q1", "2021Q4")
    inside = record[(record["quarter"] >= "2010Q1") & (record["quarter"] <= "2021Q4")]
    found = {(c.group, c.name): c for c in result.counts}
    assert found["all", "all crises"].observed == len(inside)
    for group in ("kind", "instrument", "outcome", "neighbour"):
        assert sum(c.observed for c in result.counts if c.group == group) == len(inside)
        assert sum(c.before for c in result.counts if c.group == group) == found["all", "all crises"].before
    assert {c.name for c in result.counts if c.group == "instrument"} == set(NAMES)
    assert found["instrument", "collective_force"].observed == 0


def test_scores_of_counts_are_finite_and_the_interval_is_the_histories(result: Forecast) -> None:
    after = result.events[result.events["quarter"].astype(str).between("2010Q1", "2021Q4")]
    each = np.bincount(after["run"], minlength=120)
    everything = result.counts[0]
    assert everything.mean == pytest.approx(each.mean())
    assert everything.low <= np.median(each) <= everything.high
    assert all(np.isfinite([c.model, c.poisson, c.persistence, c.decade, c.shrunk]).all() for c in result.counts)
    assert all(c.inside == (c.low <= c.observed <= c.high) for c in result.counts)


def test_persistence_is_a_poisson_and_a_negative_binomial() -> None:
    """18 events in 72 quarters: 12 are expected in 48 more; nothing before does not mean nothing after."""
    plain, wide = persisting(18, 72, 48, 12)
    assert plain == pytest.approx(stats.poisson.logpmf(12, 18.5 / 72 * 48))
    assert wide == pytest.approx(stats.nbinom.logpmf(12, 18.5, 0.6))
    assert wide < plain
    assert np.isfinite(persisting(0, 72, 48, 2)).all()
    mixture = np.mean(
        [stats.poisson.pmf(12, rate * 48) for rate in stats.gamma(18.5, scale=1 / 72).rvs(20_000, random_state=1)]
    )
    assert np.exp(wide) == pytest.approx(mixture, rel=0.02)


def test_cumulated_crises_end_at_the_counts(result: Forecast) -> None:
    last = result.cumulative[result.cumulative["quarter"] == "2021Q4"].set_index("kind")
    for count in (c for c in result.counts if c.group == "kind"):
        assert last.loc[count.name, "record"] == count.before + count.observed
    at = result.cumulative[result.cumulative["quarter"] == "2009Q4"]
    assert (at["p05"] == at["p95"]).all(), "one history to the origin"
    assert (at["record"] == at["median"]).all()


def test_orientation_is_scored_year_by_year(result: Forecast, order: Order) -> None:
    """Fourteen neighbours, five years, four poles; persistence's spread is the size of past changes."""
    assert len(result.cases) == 14 * 5 * 4
    assert [t.pole for t in result.ties] == list(order.poles)
    assert all(t.cases == 70 for t in result.ties)
    assert result.cases["year"].min() == 2010
    sizes = result.cases[result.cases["pole"] == "west"].groupby("year")["past_sd"].first()
    assert sizes.is_monotonic_increasing, "changes grow with the years"
    assert sizes[2010] == pytest.approx(0.02, rel=0.3)


def test_histories_begin_where_neighbours_were_observed(result: Forecast, order: Order) -> None:
    """The made-up levels have nothing to do with the model's. At the close of the origin every history stands near them."""
    last = observed(order).set_index(["state", "year"]).loc[(slice(None), 2009), :].droplevel("year")
    stood = result.paths["orientation_quantile"].sel(quarter="2009Q4").transpose("state", "pole", "quantile")
    for state in order.states:
        seen = last.loc[state, list(order.poles)].to_numpy(float)
        low, middle, high = (stood.sel(state=state).sel(quantile=at, method="nearest").values for at in (0.05, 0.5, 0.95))
        assert middle == pytest.approx(seen, abs=0.06) and (low < high).all()
    before = result.paths["orientation_quantile"].sel(quarter="2009Q3").isel(quantile=2).transpose("state", "pole")
    assert float(abs(before.values - last.loc[list(order.states), list(order.poles)].to_numpy(float)).max()) > 0.2


def test_who_follows_the_record_stands_where_he_was_observed() -> None:
    """Evidence ends with 2014, or with the last year that was over; dice know nothing of it."""
    branch = load("kazakhstan-2022")
    assert observed_to(branch) == 2014 and observed_to(load("post-soviet")) is None
    assert observed_to(changed(load("post-soviet"), record="2012Q2")) == 2011
    found = stood(branch)
    assert found is not None and branch.quarters[found.quarter] == "2014Q4"
    table = hegemon.evidence.orientation("post-soviet", list(branch.poles))
    seen = table[table["year"] == 2014].set_index("state")["russia"]
    here = dict(zip(branch.states, found.ties[:, 0].mean(0), strict=True))
    assert np.abs(np.array([here[state] - seen[state] for state in seen.index])).max() < 0.08


@pytest.mark.slow
def test_a_run_that_follows_the_record_begins_there() -> None:
    branch = load("kazakhstan-2022")
    runs, wanted = hegemon.simulate(branch, runs=256, seed=1, keep=True), stood(branch)
    assert wanted is not None
    there = runs["orientation"].sel(quarter="2014Q4").transpose("run", "pole", "state").values
    np.testing.assert_allclose(there, wanted.ties, atol=1e-5)


def test_a_level_is_filtered_as_textbooks_do() -> None:
    """Against the joint normal of levels and observations, written out; years without an observation spread it."""
    at = np.array([0.03, np.log(0.1), np.log(0.5)])
    y, sd = np.array([[0.2, np.nan, 0.5, 0.1, np.nan]]), np.full((1, 5), 0.2)
    years, seen = np.arange(5), np.isfinite(y[0])
    joint = 4.0 + 0.01 * np.minimum(years[:, None], years[None, :])
    cross, inside = joint[-1, seen], joint[np.ix_(seen, seen)] + np.eye(3) * 0.01
    off = y[0, seen] - 0.03 * years[seen]
    mean, variance, said = filtered(y, sd, at)
    assert mean[0] == pytest.approx(0.03 * 4 + cross @ np.linalg.solve(inside, off))
    assert variance[0] == pytest.approx(joint[-1, -1] - cross @ np.linalg.solve(inside, cross))
    assert said == pytest.approx(stats.multivariate_normal(cov=inside).logpdf(off) + 1.5 * np.log(2 * np.pi))


def test_a_common_drift_is_found_and_goes_on() -> None:
    """Forty neighbours whose rival's share grows by 4 % of the ratio a year, each with shocks of its own."""
    luck, rows = np.random.default_rng(2), []
    for n in range(40):
        level = luck.normal(-0.5, 0.5)
        for year in range(1992, 2012):
            level += 0.04 + luck.normal(0.0, 0.05)
            rows.append((f"S{n}", year, *shares(np.array([0.0, level + luck.normal(0.0, 0.1)])), 0.2))
    table = pd.DataFrame(rows, columns=["state", "year", "hub", "rim", "error"])
    found = levels(table, ("hub", "rim"), [f"S{n}" for n in range(40)], 2011)
    assert found.drift[1] == pytest.approx(0.04, abs=0.01) and found.drift[0] == 0.0
    assert np.sqrt(found.shock[1]) == pytest.approx(0.05, abs=0.025) and found.error[1] == pytest.approx(0.5, abs=0.15)
    near, far = (found.later("S0", years, 0.2, 4_000, 0)[:, 1] for years in (1, 10))
    assert far.mean() > near.mean() and far.std() > near.std()
    assert found.now(500, 0).shape == (500, 2, 40) and found.now(500, 0).sum(1) == pytest.approx(1.0)


@pytest.mark.slow
def test_nothing_that_came_later_moves_a_forecast_by_a_bit(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record and ties whose years after the origin are others: parameters, where it begins and histories are the same."""
    asked = ForecastQuestion.of({**ForecastQuestion.about(order), "origin": "2004Q2", "runs": 40, "seed": 1})
    coded, seen = history(), observed(order)
    later = (coded["start"] > "2004-06-30").to_numpy()
    other = coded.copy()
    other.loc[later, "state"] = "MDA"
    other.loc[later, "response_primary"] = "unilateral_force"
    others = seen.copy()
    others.loc[others["year"] > 2003, ["russia", "west"]] = others.loc[others["year"] > 2003, ["west", "russia"]].to_numpy()
    assert 20 < len(begun(coded, "2004Q2")) == (~later).sum()
    known = known_to(order, "2004Q2")
    one, two = learned(known, "2004Q2", coded, seen, 1), learned(known, "2004Q2", other, others, 1)
    np.testing.assert_array_equal(one, two)
    assert (one.std(0) > 0.0).all()
    monkeypatch.setattr("hegemon.studies.forecast.compute.learned", lambda *_: one)
    first = scored(asked, seen)
    monkeypatch.setattr("hegemon.studies.forecast.compute.history", lambda _: other)
    second = scored(asked, others)
    assert [(c.name, c.mean, c.low, c.high) for c in first.counts] == [(c.name, c.mean, c.low, c.high) for c in second.counts]
    for name in first.paths:
        np.testing.assert_array_equal(first.paths[name].values, second.paths[name].values)
    assert first.counts != second.counts, "what came is another"


def test_without_evidence_orientation_is_left_out_and_said(toy: Order) -> None:
    found, why = evidence(toy)
    assert found is None
    assert why.startswith("Orientation is not scored: nothing was observed of it in toy")


def test_the_evidence_of_the_built_in_order_is_found(order: Order) -> None:
    found, why = evidence(order)
    assert why == ""
    assert found is not None
    assert {"state", "year", "error", *order.poles} <= set(found.columns)


def test_shares_and_log_ratios_are_each_other_s_inverse() -> None:
    ties = np.random.default_rng(0).dirichlet(np.ones(4), 50)
    logs = ratios(np.maximum(ties, 1e-3))
    assert (logs[:, 0] == 0.0).all()
    kept = np.maximum(ties, 1e-3)
    assert shares(logs) == pytest.approx(kept / kept.sum(1, keepdims=True))


def test_a_forecast_is_told_and_read_back(result: Forecast, tmp_path: Path) -> None:
    again = hegemon.open(result.save(tmp_path / "f"))
    told = result.document()
    assert again.document().plain() == told.plain() and again.events is None
    assert result.totals()["kind"]["counts"] == 6 and len(result.ties) == 4
    assert any("Ties with Russia, 70 neighbour-years" in line for line in told.sentences)
    assert [figure.name for figure in told.figures] == ["forecast-crises", "forecast-neighbours"]
    assert all(charts.spec(figure) for figure in told.figures)


def test_where_orientation_is_not_scored_the_reason_is_told(order: Order) -> None:
    question = ForecastQuestion.of({**ForecastQuestion.about(order), "origin": "2015Q4", "parameters": "mean", "runs": 30,
                                    "seed": 1})  # fmt: skip
    found = scored(question, None, "Orientation is not scored: here is none.")
    assert (found.first, found.last) == ("2016Q1", "2021Q4")
    assert found.document().sentences[-1] == "Orientation is not scored: here is none."


@pytest.mark.parametrize(
    ("origin", "runs", "sentence"),
    [
        ("2021Q4", 10, "begin earlier"),
        ("1990Q1", 10, "runs from 1992Q1 to 2022Q1"),
        ("2009", 10, "origin"),
        ("2009Q4", 1, "must lie between 2 and 4000"),
    ],
)
def test_what_cannot_be_predicted(order: Order, origin: str, runs: int, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        forecast(order, origin, runs=runs)
