"""Calibration on a toy order: samplers agree, a stopped one goes on, a record moves what it should."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import jax
import numpy as np
import pandas as pd
import pytest

import hegemon
from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.history import DRAWN, KNOWN, coded, picked
from hegemon.inference import hamiltonian
from hegemon.inference.laplace import laplace
from hegemon.inference.likelihood import log_likelihood
from hegemon.inference.record import lay_out
from hegemon.inference.vector import FREE, values
from hegemon.instruments import CODE
from hegemon.order import Order
from hegemon.posterior import load_posterior
from hegemon.projects.begin import begin
from hegemon.scenarios.loader import load_scenario
from hegemon.studies import records, telling
from hegemon.studies.calibrate.compute import calibrate
from hegemon.studies.calibrate.question import CalibrateQuestion
from hegemon.studies.calibrate.result import Fit
from hegemon.studies.run.compute import simulate

NUMBERS = {"chains": 2, "warmup": 75, "draws": 75}


@pytest.fixture(scope="module")
def record(toy: Order) -> pd.DataFrame:
    """A history the toy order made itself."""
    events = simulate(toy, 1, seed=3).events
    return events.astype({"quarter": str, "state": str, "kind": str, "instrument": str, "line": str}).assign(
        successor=events["successor"].astype(str), crisis_id=[f"c{i}" for i in range(len(events))]
    )


@pytest.fixture(scope="module")
def fit(toy: Order, record: pd.DataFrame) -> Fit:
    return calibrate(toy, record, seed=1, **NUMBERS)


@pytest.mark.slow
def test_the_quick_answer_is_near_the_sampled_one(toy: Order, record: pd.DataFrame, fit: Fit) -> None:
    quick = calibrate(toy, record, quick=True, draws=2000, seed=1)
    mean, sd = quick.z.reshape(-1, len(FREE)).mean(0), quick.z.reshape(-1, len(FREE)).std(0)
    apart = np.abs(fit.z.reshape(-1, len(FREE)).mean(0) - mean)
    assert np.median(apart) < 0.12 and np.quantile(apart, 0.95) < 0.45
    assert np.median(fit.z.reshape(-1, len(FREE)).std(0) / sd) == pytest.approx(1.0, abs=0.1)


@pytest.mark.slow
def test_stopped_chains_go_on_to_the_same_draws(
    toy: Order, record: pd.DataFrame, fit: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done >= 100:
            raise Enough

    with pytest.raises(Enough):
        calibrate(toy, record, seed=1, out=tmp_path, progress=stop, **NUMBERS)
    assert list(tmp_path.glob("unfinished-*/pair-*.pickle"))
    again = calibrate(toy, record, seed=1, out=tmp_path, **NUMBERS)
    assert np.array_equal(again.z, fit.z)
    assert not list(tmp_path.glob("unfinished-*"))
    opened = hegemon.open(tmp_path)
    assert np.array_equal(opened.z, fit.z) and opened.document().sentences == fit.document().sentences
    assert np.array_equal(load_posterior(str(tmp_path)).values, fit.posterior().values)


@pytest.mark.slow
def test_a_fit_says_what_was_learned_and_how_far_to_trust_it(fit: Fit) -> None:
    table = fit.learned()
    assert set(table.index) == set(FREE) and table["contraction"].max() < 1.0
    assert {"rhat", "ess_bulk", "ess_tail", "unit", "prior_mean"} <= set(table.columns)
    d = fit.made["diagnostics"]
    assert fit.converged == (d["rhat"] < 1.01 and d["ess_bulk"] > 400 and d["diverging"] < 0.001)
    assert set(fit.idata().posterior.data_vars) == set(FREE)


@pytest.mark.slow
def test_a_kept_posterior_is_read_back(fit: Fit, tmp_path: Path) -> None:
    kept = fit.posterior(draws=20)
    kept.save(tmp_path / "mine.npz")
    back = load_posterior(str(tmp_path / "mine.npz"))
    assert back.names == FREE and np.array_equal(back.values, kept.values) and back.made == json.loads(json.dumps(kept.made))
    (tmp_path / "bad.npz").write_bytes(b"PK nonsense")
    with pytest.raises(UserError, match=r"\"bad.npz\" is no posterior"):
        load_posterior(str(tmp_path / "bad.npz"))


def test_leaving_a_crisis_out_takes_away_all_that_is_said_of_it(toy: Order, record: pd.DataFrame) -> None:
    laid = lay_out(toy, record)
    known = np.arange(len(laid.events)) != 2
    quarter, state = laid.at[2]
    weights = laid.counting(known).weights
    assert weights.timing[state, quarter] == weights.detail[state, quarter] == 0.0
    assert weights.detail.sum() == len(laid.events) - 1


def test_no_path_is_careful_while_the_step_is_learned_and_every_sort_comes_after() -> None:
    """A careful path is accepted oftener than its step deserves: learned from, it would teach too large a step."""
    paths = hamiltonian._paths(200, 1_000, seed=3)
    ordinary, careful = hamiltonian.PATHS[0, 2], hamiltonian.PATHS[2, 2]
    assert careful < ordinary == 1.0 and set(paths[:200, 1]) == {np.float32(ordinary)}
    assert set(paths[200:, 1]) == {np.float32(ordinary), np.float32(careful)}
    assert (paths[200:, 1] < 1.0).mean() == pytest.approx(1 / 3, abs=0.06)
    assert hamiltonian.PATHS[:, 0].min() <= paths[:, 0].min() and paths[:, 0].max() <= hamiltonian.PATHS[:, 1].max()
    assert np.array_equal(paths, hamiltonian._paths(200, 1_000, seed=3))


@pytest.mark.slow
def test_pairs_of_chains_have_no_influence_on_each_other(toy: Order, record: pd.DataFrame) -> None:
    """The first pair is the same whether or not there is a second."""
    data = lay_out(toy, record).data
    near = laplace(data)
    both = hamiltonian.sample(data, near, chains=3, warmup=50, draws=25, seed=5)
    one = hamiltonian.sample(data, near, chains=2, warmup=50, draws=25, seed=5)
    assert both.z.shape == (3, 25, len(FREE)) and np.array_equal(both.z[:2], one.z)
    assert not np.array_equal(one.z[0], one.z[1])


@pytest.mark.slow
def test_chains_asked_for_more_draws_go_on_and_a_stop_from_outside_is_not_set(
    toy: Order, record: pd.DataFrame, tmp_path: Path
) -> None:
    """Whoever stops many calls with one event must not see the first that ends stop the rest."""
    data = lay_out(toy, record).data
    near, stop = laplace(data), threading.Event()
    few = hamiltonian.sample(data, near, chains=2, warmup=50, draws=25, seed=5, keep=tmp_path, stop=stop)
    assert not stop.is_set()
    more = hamiltonian.sample(data, near, chains=2, warmup=50, draws=75, seed=5, keep=tmp_path, stop=stop)
    assert more.z.shape == (2, 75, len(FREE)) and np.allclose(more.z[:, :25], few.z, atol=1e-5)
    assert not np.allclose(more.z[:, 25:50], few.z, atol=1e-5)
    stop.set()
    with pytest.raises(InterruptedError):
        hamiltonian.sample(data, near, chains=2, warmup=50, draws=25, seed=5, stop=stop)


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--chains", "0"], "chains"), (["--draws", "1"], "draws"), (["--ties", "none.csv"], "none.csv"),
     (["--history", "nothing.csv"], "nothing.csv"), (["--seed", "-1"], "seed"), (["nowhere"], "nowhere")],
)  # fmt: skip
def test_mistakes_get_a_sentence(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["calibrate", *words]) == 2
    told = capsys.readouterr()
    assert told.out == "" and said in told.err and len(told.err.strip().splitlines()) == 1
    assert not list(tmp_path.rglob("*.npz"))


# ---- A random sample of crises ----


@pytest.mark.parametrize("name", ["syrian-sphere", "warsaw-pact", "post-soviet"])
def test_of_crises_that_were_picked_answers_count_and_rates_do_not(name: str) -> None:
    order = hegemon.load(name)
    found = records.lay_out(order)
    timing, detail = found.data.weights.timing, found.data.weights.detail
    assert float(detail.sum()) == len(found.events) > 0
    assert (float(timing.sum()) == 0.0) == (name in (*DRAWN, *KNOWN))
    assert float(found.counting(np.ones(len(found.events), bool)).weights.timing.sum()) == float(timing.sum())


def test_rows_of_ones_own_say_that_they_are_a_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of a built-in order is the sample that the original is; a file without the column is all there was."""
    monkeypatch.chdir(tmp_path)
    for name, base in (("copy", "syrian-sphere"), ("known", "warsaw-pact"), ("whole", "post-soviet"), ("blank", None)):
        begin(name, base)
    assert [picked(coded(load_scenario(each))) for each in ("copy", "known", "whole", "blank")] == ["drawn", "known", None, None]
    asked = CalibrateQuestion.of({"scenario": "copy"}).resolved()
    assert telling.sample(asked, asked.order()).endswith(telling.ANSWERS)
    text = Path("blank/record.csv").read_text("utf-8").splitlines()
    Path("mine.csv").write_text("\n".join([f"{text[0]},drawn", *(f"{line},{n % 2}" for n, line in enumerate(text[1:]))]), "utf-8")
    given = CalibrateQuestion.of({"scenario": "blank", "history": "mine.csv"}).resolved()
    assert "a random sample of its crises" in telling.sample(given, given.order())
    whole = CalibrateQuestion.of({"scenario": "blank"}).resolved()
    assert telling.sample(whole, whole.order()) == ""
    assert float(records.laid_out(given, given.order()).data.weights.timing.sum()) == 0.0
    assert float(records.laid_out(whole, whole.order()).data.weights.timing.sum()) > 0.0


@pytest.mark.slow
def test_a_sample_does_not_move_rates_and_teaches_answers_all_the_same(toy: Order, record: pd.DataFrame) -> None:
    """How the record pulls each parameter at the priors' means: a handful of crises, taken for all there were, at the rates of
    their kinds; taken for a sample, at no rate, but at what the patron answers."""
    few = record.iloc[:3]
    pulls = {}
    for name, table in (("all", few), ("sample", few.assign(drawn=1))):
        data = records.lay_out(toy, table).data
        pull = jax.grad(lambda x, of=data: log_likelihood(of.opening, x, of.weights, of.observed, of.left))
        pulls[name] = dict(zip(FREE, np.asarray(pull(values(np.zeros(len(FREE)))), float), strict=True))
    rates = ("dispute.rate", "rivals.rate", "turnover.rate", "separatism.rate", "war.rate")
    assert all(pulls["all"][rate] != 0.0 for rate in rates) and all(pulls["sample"][rate] == 0.0 for rate in rates)
    answers = [name for name in FREE if name.split(".")[0] in CODE]
    assert max(abs(pulls["sample"][name]) for name in answers) > 0.01
