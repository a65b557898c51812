"""The pooled model of the patron's answers: it finds what made the answers, invents nothing, and knows no future."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hegemon
from hegemon.history import history
from hegemon.history.codebook import KIND
from hegemon.instruments import NAMES
from hegemon.pooled import crises as coded
from hegemon.pooled import kept
from hegemon.pooled.answering import answers
from hegemon.pooled.approximate import RESPONDING, approximate, coded_shares, design, scored, shares, slopes
from hegemon.pooled.coding import confusion
from hegemon.pooled.crises import LINE
from hegemon.pooled.patron import at_large
from hegemon.pooled.unknown import MAY_BE, completed
from hegemon.pooled.worths import table, wrong_table
from hegemon.posterior import load_posterior
from hegemon.studies.predict.pooled import PooledForecaster

TOLD = ("kind", "severity", "incumbent_before", "host_request")


def made_up(count: int, seed: int = 0) -> pd.DataFrame:
    """Crises of all kinds, severities, lines and requests, nobody's answer to them."""
    luck = np.random.default_rng(seed)
    return pd.DataFrame({
        "crisis_id": [f"c{i}" for i in range(count)], "order": "made-up", "patron": "AAA", "state": "AAB",
        "start": [f"{1950 + i % 70}-01-{1 + i % 28:02d}" for i in range(count)], "kind": luck.choice(sorted(KIND), count),
        "severity": luck.integers(1, 4, count), "incumbent_before": luck.choice(list(LINE), count),
        "host_request": luck.choice(["none", "asked"], count), "drawn": luck.integers(0, 2, count),
    })  # fmt: skip


@pytest.fixture(scope="module")
def few() -> pd.DataFrame:
    return kept.coded().iloc[::3].reset_index(drop=True)


def test_worths_and_scale_that_made_the_answers_are_found() -> None:
    """600 crises answered by known worths: every worth within four posterior spreads, most within two."""
    luck, rows = np.random.default_rng(3), made_up(600)
    of = coded.crises(rows)
    truth = {"scale": np.full(1, 0.7)}
    sizes = {"habit": (1, 8), "drawn": (1, 8), "worths": (1, 17), "inclined": (1, 8, 9)}
    truth |= {name: luck.standard_normal(size) for name, size in sizes.items()}
    p = shares(of, truth)
    rows["response_primary"] = [NAMES[luck.choice(len(NAMES), p=row / row.sum())] for row in p]
    found = approximate(rows, draws=400)
    off = np.abs(found["worths"].mean(0) - truth["worths"][0]) / found["worths"].std(0)
    assert off.max() < 4.0 and (off < 2.0).mean() > 0.8
    assert found["worths"].std(0).min() < 0.6 and 0.35 < found["scale"].mean() < 1.4


def test_the_mode_is_where_the_slope_vanishes(few: pd.DataFrame) -> None:
    of, acts = coded.crises(few), coded.instruments(few)
    x = design(of, table(), 1.0, True)
    z = scored(x, of, acts).mode
    share, slope = coded_shares(of, x @ z), slopes(of, x @ z)
    at = np.arange(len(acts))
    assert np.abs(np.einsum("rk,rkd->d", slope[at, acts] / share[at, acts][:, None], x) - z).max() < 0.02
    step = 1e-5 * np.random.default_rng(0).standard_normal(len(z))
    moved = coded_shares(of, x @ (z + step)) - coded_shares(of, x @ (z - step))
    assert np.allclose(moved / 2.0, np.einsum("rck,rk->rc", slope, x @ step), atol=1e-9)


def test_the_quick_posterior_agrees_with_the_sampled_one_that_ships() -> None:
    rows = kept.coded()
    quick, sampled = approximate(rows, draws=1_000), kept.posterior()
    for name in RESPONDING:
        off = np.abs(quick[name].mean(0) - sampled[name].mean(0)) / sampled[name].std(0)
        assert off.mean() < 0.35 and off.max() < 0.7
    one, other = (answers(rows, rows, draws)[0] for draws in (quick, sampled))
    assert np.abs(one - other).mean() < 0.02 and np.abs(one - other).max() < 0.12


def test_what_ships_was_learned_from_the_record_as_it_is_and_has_converged() -> None:
    from hegemon.studies.records import fingerprint

    made = kept.made()
    assert made["record_hash"] == fingerprint(kept.coded()), "python tools/pooled.py learn"
    assert made["rhat"] < 1.01 and made["ess"] > 400 and made["diverged"] < 0.001


def test_the_twin_without_consequences_does_not_see_their_table(few: pd.DataFrame) -> None:
    of = coded.crises(few)
    one, other = (shares(of, approximate(few, effects=effects, use=False, draws=50), effects, False)
                  for effects in (table(), wrong_table()))  # fmt: skip
    assert np.array_equal(one, other)


def test_coding_errors_are_shares_and_most_codes_are_right() -> None:
    assert np.allclose(confusion().sum(1), 1.0) and (confusion() > 0.0).all()
    assert np.diag(confusion()).min() > 0.75


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(sorted(MAY_BE))), st.sampled_from(sorted(KIND)), st.sampled_from(["", "francafrique"]))
def test_what_is_not_known_is_added_up_over(unknown: set[str], kind: str, order: str) -> None:
    """The probabilities are those of the rows filled in, in weights that add up to one."""
    row = {"kind": kind, "order": order, "severity": 3, "incumbent_before": "pro_patron", "host_request": "asked"}
    rows = pd.DataFrame([{**row, **dict.fromkeys(unknown, "")}])
    of, at, weights = completed(rows, kept.coded())
    options = np.prod([len(MAY_BE[name]) for name in unknown])
    assert (at == 0).all() and np.isclose(weights.sum(), 1.0) and len(weights) in (options, 2 * options)
    drawn = {name: x[:5] for name, x in kept.posterior().items()}
    found, friendly = answers(rows, kept.coded(), drawn)
    assert np.allclose(found[0], weights @ shares(of, drawn)) and np.isclose(found.sum(), 1.0) and 0.0 < friendly[0] < 1.0


def test_a_prediction_knows_neither_its_answer_nor_what_came_later() -> None:
    """Rewrite what was done in a crisis and in whatever began after it, here and elsewhere: it is predicted as before."""
    rows, elsewhere = made_up(40, 1), made_up(40, 2).assign(crisis_id=[f"e{i}" for i in range(40)])
    rows["response_primary"] = elsewhere["response_primary"] = "abstain"
    first = 39
    start = rows.sort_values(["start", "crisis_id"])["start"].iloc[first - 1]
    before = PooledForecaster(elsewhere, draws=20).rolling(rows, first).iloc[0]
    for frame in (rows, elsewhere):
        frame.loc[frame["start"] >= start, "response_primary"] = "unilateral_force"
    after = PooledForecaster(elsewhere, draws=20).rolling(rows, first).iloc[0]
    assert (before == after).all()
    frame.loc[frame["start"] < start, "response_primary"] = "mediate"
    assert (before != PooledForecaster(elsewhere, draws=20).rolling(rows, first).iloc[0]).all()


def test_a_rolling_prediction_of_ones_own_crises_knows_no_future() -> None:
    """What was done in a crisis, and in those after it, does not reach its own prediction; what was done before it does."""
    rows = made_up(3, 1).assign(start=["1990-01-05", "1995-01-05", "2000-01-05"], order="lunar", response_primary="abstain")
    before = hegemon.predict(rows, rolling=True).table
    later = rows.assign(response_primary=["abstain", "unilateral_force", "unilateral_force"])
    earlier = rows.assign(response_primary=["unilateral_force", "abstain", "abstain"])
    assert hegemon.predict(later, rolling=True).table.iloc[:2].equals(before.iloc[:2])
    changed = hegemon.predict(earlier, rolling=True).table
    assert changed.iloc[0].equals(before.iloc[0]) and (changed.iloc[1:] != before.iloc[1:]).any(axis=None)


def test_force_for_the_incumbents_is_told_from_force_against_them() -> None:
    rows = kept.coded()
    rows = rows[rows["response_primary"].isin(["unilateral_force", "collective_force"]) & rows["side"].isin(["for", "against"])]
    chance = answers(rows, kept.coded(), {name: x[:50] for name, x in kept.posterior().items()})[1]
    assert chance[rows["side"] == "for"].mean() > 0.6 > 0.4 > chance[rows["side"] == "against"].mean()


def test_crises_of_an_order_nobody_described_are_predicted_from_their_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four columns are enough; that there is no scenario is said; more that is known changes what is said."""
    from hegemon.cli.main import main

    monkeypatch.chdir(tmp_path)  # where the answer is kept
    file = tmp_path / "own.csv"
    file.write_text("crisis_id,order,state,start,kind,severity\na,lunar,AAB,2001-05-03,coup,\nb,lunar,AAC,2002-07-01,coup,3\n")
    assert main(["predict", "--history", str(file), "--order", "lunar"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "lunar has no scenario: predicted from its rows and the pooled model alone." in said
    found = hegemon.predict(str(file))
    assert np.allclose(found.table.sum(axis=1), 1.0) and not np.allclose(found.table.loc["a"], found.table.loc["b"])
    assert main(["predict", "--history", str(file), "--order", "solar"]) == 2
    assert "solar" in capsys.readouterr().err


def test_the_builtin_record_can_be_predicted_in_every_way_by_the_pooled_model() -> None:
    """What was learned before a date does not hold what came after it."""
    whole = hegemon.predict()
    until = hegemon.predict(train_until="2012-12-31")
    assert len(whole.table) == len(history()) and 20 < len(until.table) < len(history())
    assert set(until.table.index) <= set(whole.table.index)
    rows = until.crises.merge(history()[["crisis_id", "end"]], on="crisis_id")
    assert (rows["end"].where(rows["end"] != "", rows["start"]).str.slice(0, 4).astype(int) >= 2012).all()


@pytest.mark.slow
def test_patrons_at_large_have_the_habits_of_all_orders_and_the_mechanisms_of_the_one_that_was_learned() -> None:
    """Of one order alone nothing moves but by noise; of all, patrons act less than the post-Soviet one; what ships is that."""
    one, rows = load_posterior("post-soviet"), kept.coded()
    habits = [i for i, name in enumerate(one.names) if name.endswith(".habit")]
    same, many = (at_large(one, these) for these in (rows[rows["order"] == "post-soviet"], rows))
    assert np.abs(same.point - one.values.mean(0))[habits].max() < 0.25
    moved = (many.point - one.values.mean(0))[habits]
    assert len(moved) == len(NAMES) and moved.mean() < -0.3
    others = [i for i, name in enumerate(one.names) if name.partition(".")[0] not in NAMES]
    assert np.array_equal(many.values[:, others], one.values[:, others])
    ships = load_posterior("patrons")
    assert np.allclose(ships.values, many.values, atol=1e-4) and ships.made["crises"] == len(rows)


@pytest.mark.slow
def test_nuts_says_what_ships() -> None:
    from hegemon import runtime

    runtime.prepare()
    from hegemon.pooled.learning import learn

    found = learn(kept.coded(), warmup=300, draws=300, chains=2)
    assert found.rhat < 1.05
    off = np.abs(found.draws["worths"].mean(0) - kept.posterior()["worths"].mean(0))
    assert off.max() < 0.25
