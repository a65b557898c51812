"""Predictive checks: a true posterior covers what it claims, and a history's parameters are its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pandas as pd
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.dice import split_seed
from hegemon.engine.program import chunk_size, launch
from hegemon.engine.tally import Crises
from hegemon.errors import UserError
from hegemon.inference.draws import drawn
from hegemon.inference.likelihood import expected
from hegemon.inference.likelihood import ties as density
from hegemon.inference.path import follow
from hegemon.inference.record import Record, lay_out
from hegemon.inference.vector import FREE, flat, noise, parameters, rest
from hegemon.opening import opening
from hegemon.order import Order
from hegemon.posterior import Posterior
from hegemon.studies import telling
from hegemon.studies.calibrate.learned import learned, scatter
from hegemon.studies.check import histories as h
from hegemon.studies.check.compute import check
from hegemon.studies.check.counts import Coverage, bounds, tallied
from hegemon.studies.check.result import Check, Compared
from hegemon.studies.check.ties import deviating, logit_of, measured
from hegemon.studies.check.words import BASIS
from hegemon.studies.run.compute import simulate

QUARTERS = np.array([10, 14, 18, 22])


def truth(toy: Order) -> np.ndarray:
    """The toy order's own parameters, ties measured with little error."""
    x = flat(toy.parameters)
    x[[FREE.index("ties.error"), FREE.index("ties.offset")]] = 0.3, 0.2
    return x


def sure(toy: Order, draws: int = 8) -> Posterior:
    """A posterior that knows them."""
    x = truth(toy)
    made = {"method": "sampling", "scenario": "toy", "crises": 20, "ties": True, "chains": 4, "warmup": 10, "draws": draws,
            "seed": 0, "diagnostics": {"rhat": 1.0, "ess_bulk": 999.0, "ess_tail": 999.0, "diverging": 0.0}}  # fmt: skip
    return Posterior(FREE, np.repeat(x[None], draws, 0), x, made)


def as_record(events: pd.DataFrame) -> pd.DataFrame:
    """A history the model made, as if it had been coded."""
    words = dict.fromkeys(("quarter", "state", "kind", "instrument", "line", "successor"), str)
    return events.astype(words).assign(crisis_id=[f"c{i}" for i in range(len(events))])


def measured_ties(toy: Order, seed: int = 5) -> pd.DataFrame:
    """Orientation as some history has it, by year, with a stated error."""
    share = simulate(toy, 1, seed=seed, parameters="mean", keep=True).data["orientation"].sel(run=0, pole="hub")
    rows = [{"state": state, "year": year, "hub": (s := float(share.sel(quarter=f"{year}Q2", state=state))),
             "away": 1.0 - s, "error": 0.3, "parts": ""} for state in toy.states for year in range(2000, 2006)]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def record(toy: Order) -> pd.DataFrame:
    return as_record(simulate(toy, 1, seed=3, parameters="mean").events)


@pytest.fixture(scope="module")
def laid(toy: Order, record: pd.DataFrame) -> Record:
    return lay_out(toy, record, measured_ties(toy))


@pytest.fixture(scope="module")
def whole(toy: Order, record: pd.DataFrame) -> Check:
    return check(sure(toy), toy, record, ties=measured_ties(toy), histories=256)


@pytest.fixture(scope="module")
def found(whole: Check) -> Compared:
    return whole.posterior


@pytest.mark.slow
def test_true_parameters_cover_nine_tenths_of_the_records_they_make(toy: Order, laid: Record) -> None:
    """Ties are continuous: nine tenths but for luck. Counts are whole numbers, and are covered a little more."""
    x, observed = drawn(sure(toy), 512, 1), laid.data.observed
    crises, shares = h.simulated(toy, x, 1, QUARTERS)
    other, fresh = h.simulated(toy, x, 2, QUARTERS)
    low, high = bounds(measured(logit_of(shares), x, observed, 1))
    seen = measured(logit_of(fresh), x, observed, 2)
    inside = ((seen >= low) & (seen <= high)).mean((1, 2))
    assert inside.mean() == pytest.approx(0.9, abs=4 * inside.std() / np.sqrt(512) + 0.02)
    mine, theirs = (tallied(each, 512, 24)["count"] for each in (crises, other))
    low, high = bounds(mine)
    counted = ((theirs >= low) & (theirs <= high)).mean((1, 2))
    assert 0.9 - 4 * counted.std() / np.sqrt(512) < counted.mean() <= 1.0


@pytest.mark.slow
def test_parameters_off_the_truth_do_not(toy: Order) -> None:
    x = drawn(sure(toy), 256, 1)
    low, high = bounds(tallied(h.simulated(toy, x, 1, QUARTERS)[0], 256, 24)["count"])
    x[:, FREE.index("unrest.spark")] *= 5.0
    much = tallied(h.simulated(toy, x, 2, QUARTERS)[0], 256, 24)["count"]
    assert (much[:, 0] > high[0]).mean() > 0.4
    assert (low <= high).all()


def test_a_history_depends_on_its_own_parameters_alone(toy: Order) -> None:
    """Bit for bit, whatever parameters the others in its chunk have."""
    x = drawn(None, 256, 4)
    mixed, ties = h.simulated(toy, x, 1, QUARTERS)
    for run in (0, 7, 255):
        alone, same = h.simulated(toy, np.repeat(x[run : run + 1], 256, 0), 1, QUARTERS)
        assert np.array_equal(ties[run], same[run])
        assert np.array_equal(crises_of(mixed, run), crises_of(alone, run))


def crises_of(crises: Crises, run: int) -> np.ndarray:
    here = crises.run == run
    return np.stack([getattr(crises, name)[here] for name in Crises.__dataclass_fields__ if name != "run"])


@pytest.mark.slow
def test_equal_parameters_give_the_engines_own_histories(toy: Order) -> None:
    """One number for all or the same number for each: another program, so all but a few histories agree."""
    x = np.repeat(truth(toy)[None], 256, 0)
    crises, ties = h.simulated(toy, x, 1, QUARTERS)
    size = chunk_size()
    params = jax.tree.map(np.float32, jax.jit(lambda v: parameters(v, rest(toy.parameters)))(x[0]))
    _, codes, kept = launch(jax.devices()[0], opening(toy), params, split_seed(1), 0, 256, size=size,
                            trajectories=size)  # fmt: skip
    theirs = Crises.decode(np.asarray(codes), 0, 256)
    same = [crises_of(crises, run).shape == crises_of(theirs, run).shape
            and np.array_equal(crises_of(crises, run), crises_of(theirs, run)) for run in range(256)]  # fmt: skip
    assert np.mean(same) > 0.97
    share = np.moveaxis(np.asarray(kept["orientation"])[QUARTERS - 1, 0], (0, 1, 2), (2, 1, 0))[:256]
    assert np.abs(share - ties)[same].max() < 1e-3


@pytest.mark.slow
def test_deviations_have_the_covariance_the_likelihood_gives_them(toy: Order, laid: Record) -> None:
    """Ties drawn around the path are, judged by `likelihood.ties`, as far off as its density expects: twice what they lose
    against the path itself is a chi-squared number with one degree of freedom per observation."""
    x, observed = np.repeat(truth(toy)[None], 512, 0), laid.data.observed
    assert observed is not None
    params = parameters(x[0], laid.data.left)
    path = jax.jit(follow)(laid.data.opening, x[0], laid.data.left)
    shares = measured(deviating(laid, x, 1), x, observed, 1)

    whole = expected(path, observed)

    def judged(logit: Any) -> Any:
        seen = dataclasses.replace(observed, logit=whole.at[0].set(logit))
        return density(path, params, noise(x[0]), seen, laid.data.weights.ties)

    lost = judged(whole[0])[None] - jax.vmap(judged)(
        np.log(shares / (1.0 - shares)).astype(np.float32)
    )
    lost, years = 2.0 * np.asarray(lost), observed.logit.shape[-1]
    assert lost.mean() == pytest.approx(years, rel=0.1)
    assert lost.var() == pytest.approx(2 * years, rel=0.3)


def test_every_group_is_compared_and_says_which_side(found: Compared) -> None:
    assert set(found.coverage) == {"count", "instrument", "survived", "requested", "free", "following"}
    assert set(found.cells["side"]) <= {"inside", "above", "below"}
    for name, each in found.coverage.items():
        frame = (
            found.ties[found.ties["basis"] == name] if name in BASIS else found.cells[found.cells["group"] == name]
        )
        assert len(frame) == each.of
        assert (frame["side"] == "inside").sum() == each.inside
        assert 0.0 <= each.low <= each.high <= 1.0 and 0.0 < each.usual <= 1.0
    assert found.ties.groupby("basis").size().nunique() == 1


def test_what_is_counted_of_the_record_is_its_crises(toy: Order, record: pd.DataFrame, found: Compared) -> None:
    counts = found.cells[found.cells["group"] == "count"]
    assert counts["record"].sum() == len(record)
    assert set(counts["of"]) == {"2000-2005"}


def test_what_was_learned_is_the_priors_where_nothing_was(toy: Order) -> None:
    flat_ = Posterior(FREE, drawn(None, 400, 0), drawn(None, 400, 0).mean(0), sure(toy).made)
    table = learned(flat_)
    assert abs(table["contraction"].mean()) < 0.03
    assert (table["contraction"].abs() < 6 * scatter(400)).all()
    assert table["moved"].abs().max() < 0.25
    assert (learned(sure(toy))["contraction"] == 1.0).all()


@pytest.mark.parametrize("given", [{"histories": 5}, {"seed": -1}, {"histories": 10**7}])
def test_a_number_out_of_range_is_one_sentence(toy: Order, record: pd.DataFrame, given: dict[str, int]) -> None:
    with pytest.raises(UserError) as told:
        check(sure(toy), toy, record, **given)
    assert "\n" not in told.value.sentence and str(next(iter(given.values()))) in told.value.sentence


def test_a_posterior_with_other_parameters_and_an_order_without_a_record_are_told(toy: Order) -> None:
    old = Posterior(FREE[1:], sure(toy).values[:, 1:], sure(toy).point[1:], sure(toy).made)
    for call in (lambda: learned(old), lambda: drawn(old, 20, 0), lambda: check(old, toy), lambda: check(sure(toy), toy)):
        with pytest.raises(UserError) as told:
            call()
        assert "\n" not in told.value.sentence


def test_what_is_told_puts_failures_first(whole: Check, tmp_path: Path) -> None:
    from hegemon.pages import markdown

    text = markdown.page(telling.document(whole))
    for head in ("Where it fits badly", "Can the draws be trusted?", "What the record moved", "How this was made"):
        assert f"\n## {head}\n" in text
    assert "The posterior was learned from other data" in text, "its hash is not the record's"
    bad = dataclasses.replace(whole.posterior, coverage={**whole.posterior.coverage, "count": Coverage("", 1, 6, 0.9, 0.8, 1.0)})
    first = dataclasses.replace(whole, posterior=bad).document().finding
    assert first.startswith("Counts of crises") and "too sure of itself" in first


def test_a_check_is_read_back_and_tells_the_same(whole: Check, tmp_path: Path) -> None:
    again = hegemon.open(whole.save(tmp_path / "c"))
    assert again.document().plain() == whole.document().plain()
    assert [figure.name for figure in whole.document().figures] == [
        "calibration-moved", "calibration-contraction", "calibration-crises", "calibration-answers", "calibration-ties"
    ]  # fmt: skip


def test_a_posterior_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--posterior", "nonesuch", "--ties", "none"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and "nonesuch" in told.err and "post-soviet" in told.err
