"""Forecasters without a theory: they know only what they may, and are as good as they were measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hegemon.history import history
from hegemon.instruments import CODE, NAMES
from hegemon.studies.backtest import baselines as b
from hegemon.studies.backtest.scores import log_score
from hegemon.studies.predict.known import before, in_order
from lanes import by_lane


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return in_order(history())


def made(size: int = 40, seed: int = 0) -> pd.DataFrame:
    """A made-up record in which disputes are always coerced and uprisings mostly ignored."""
    luck = np.random.default_rng(seed)
    kinds = luck.choice(["bargaining_dispute", "uprising"], size)
    answers = np.where(
        kinds == "uprising", luck.choice(["abstain", "mediate"], size, p=[0.8, 0.2]), "economic_coercion"
    )
    return pd.DataFrame({
        "crisis_id": [f"made-{i:03d}" for i in range(size)],
        "state": luck.choice(["ARM", "BLR", "UKR"], size),
        "start": [f"{1992 + i // 4}-{1 + 3 * (i % 4):02d}-05" for i in range(size)],
        "kind": kinds, "severity": luck.integers(1, 4, size), "incumbent_before": "balanced", "host_request": "none",
        "response_primary": answers, "name": "made up",
    })  # fmt: skip


@pytest.mark.slow
def test_every_baseline_gives_each_crisis_a_distribution() -> None:
    size = by_lane(18, 34, 34)
    table = made(size)
    for forecaster in b.baselines():
        for found, first in ((forecaster.rolling(table, size - 3), size - 4), (forecaster.left_out(table), 0)):
            assert list(found.index) == list(table["crisis_id"][first:]), forecaster.name
            assert list(found.columns) == list(NAMES)
            assert found.to_numpy().min() >= 0.0
            assert found.sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_names_tell_them_apart() -> None:
    names = [forecaster.name for forecaster in b.baselines()]
    assert len(set(names)) == len(names) == 8


@pytest.mark.parametrize(
    "forecaster", [pytest.param(f, marks=[pytest.mark.slow] * (f.name == "ridge logit"), id=f.name) for f in b.baselines()]
)
def test_a_rolling_forecast_cannot_see_its_own_crisis_or_later_ones(forecaster: b.Refitted) -> None:
    """Whatever is done to the answers from the crisis on, its forecast stays."""
    table = made(24)
    changed = table.copy()
    changed.loc[20:, "response_primary"] = "unilateral_force"
    one, other = (forecaster.rolling(t, 21).iloc[0] for t in (table, changed))
    pd.testing.assert_series_equal(one, other)


@pytest.mark.parametrize("forecaster", b.baselines(), ids=lambda f: f.name)
def test_a_left_out_forecast_cannot_see_its_own_crisis(forecaster: b.Refitted) -> None:
    table = made(14)
    changed = table.copy()
    changed.loc[7, "response_primary"] = "unilateral_force"
    one, other = (forecaster.left_out(t).iloc[7] for t in (table, changed))
    pd.testing.assert_series_equal(one, other)


def test_forecasters_are_shown_no_answers(record: pd.DataFrame) -> None:
    """Only columns of `SEEN` reach a forecaster, and of the request only that there was one."""

    class Curious(b.Refitted):
        name = "curious"

        def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
            assert list(rows.columns) == list(b.SEEN)
            return b.Uniform().fitted(train, rows)

    Curious().rolling(record, 70)
    Curious().left_out(record)
    refused = record.assign(host_request="asked_refused")
    asked = record.assign(host_request="asked")
    columns = b.columns_of(record)
    assert (b.features(refused, columns) == b.features(asked, columns)).all()
    assert (b.feasible(refused) == b.feasible(asked)).all()


def test_earlier_means_certainly_earlier(record: pd.DataFrame) -> None:
    """Two gas disputes began on 1 January 2006: neither knows the other. A month without a day ends on its last."""
    assert "mda-2006-embargo" not in set(before(record, "2006-01-01")["crisis_id"])
    assert "ukr-2006-gas" not in set(before(record, "2006-01-01")["crisis_id"])
    table = pd.DataFrame({"start": ["2006-11-30", "2006-12", "2006-12-01", "2006-12-31"]})
    assert list(before(table, "2006-12-15")["start"]) == ["2006-11-30", "2006-12-01"]
    assert list(before(table, "2007-01")["start"]) == list(table["start"])
    assert list(before(table, "2006-12")["start"]) == ["2006-11-30"]


def test_base_rates_are_counts_with_a_constant_added() -> None:
    codes = np.array([CODE["abstain"]] * 3 + [CODE["mediate"]])
    assert b.rates(codes, 0.5)[:3] == pytest.approx([3.5 / 8.5, 1.5 / 8.5, 0.5 / 8.5])
    assert b.rates(codes[:0], 0.5) == pytest.approx(1 / 9)


def test_the_strength_of_shrinking_follows_the_training_rows() -> None:
    """Kinds that say everything are shrunk little, kinds that say nothing a lot."""
    luck = np.random.default_rng(1)
    y = luck.integers(0, 3, 90)
    told = b.RatesByKind.strength(y, np.array(["a", "b", "c"])[y], 0.5)
    untold = b.RatesByKind.strength(y, luck.choice(["a", "b", "c"], 90), 0.5)
    assert told == min(b.STRENGTHS)
    assert untold >= 16.0


def test_the_logit_finds_a_rule_and_shrinks_noise() -> None:
    table = made(80)
    found = b.RidgeLogit().fitted(table.iloc[:60], table.iloc[60:])
    disputes = table["kind"].iloc[60:].to_numpy() == "bargaining_dispute"
    assert found["economic_coercion"].to_numpy()[disputes].min() > 0.7
    assert found["economic_coercion"].to_numpy()[~disputes].max() < 0.2
    assert found.to_numpy().min() > 0.0, "an instrument not seen yet can come"


def test_feasible_is_what_the_model_holds_feasible(record: pd.DataFrame) -> None:
    """Every recorded answer is feasible; collective force needs an armed crisis, membership and a request."""
    allowed = b.feasible(record)
    assert allowed[np.arange(len(record)), b.happened(record)].all()
    table = record.set_index("crisis_id").assign(row=np.arange(len(record)))
    collective = {name: bool(allowed[table.loc[name, "row"], CODE["collective_force"]]) for name in table.index}
    assert collective["kaz-2022-january"]
    assert not collective["geo-2003-rose"], "Georgia had left the treaty in 1999"
    assert not collective["kaz-2011-zhanaozen"], "nobody asked"


def test_a_rule_that_fails_is_unlearnt() -> None:
    """Where half of what happened was ruled out, about half of the probability goes there again."""
    table = made(40).assign(kind="bargaining_dispute")
    table["response_primary"] = ["peacekeeping", "mediate"] * 20
    ruled_out = ~b.feasible(table.iloc[:1])[0]
    assert ruled_out[CODE["peacekeeping"]] and not ruled_out[CODE["mediate"]]
    fails = b.Feasible(b.Uniform()).fitted(table, table.iloc[:1]).to_numpy()[0, ruled_out].sum()
    assert fails == pytest.approx(20.5 / 41 * ruled_out.mean())
    holds = b.Feasible(b.Uniform()).fitted(table.iloc[1::2], table.iloc[:1]).to_numpy()[0, ruled_out].sum()
    assert holds == pytest.approx(0.5 / 21 * ruled_out.mean())


def test_membership_is_by_date() -> None:
    assert b.member("KAZ", "2022-01-02")
    assert not b.member("TJK", "1992-05-05"), "ten days before the treaty was signed"
    assert [b.member("UZB", when) for when in ("1999-02", "2001-09-24", "2010-01", "2013-01-01")] == [
        True, False, True, False,
    ]  # fmt: skip


@pytest.mark.slow
def test_the_cheap_baselines_are_as_good_as_measured(record: pd.DataFrame) -> None:
    """Mean log scores, rolling from the 31st crisis and left out: an alarm for changes of code or record."""
    y = b.happened(record)
    for forecaster, rolling, left_out in (
        (b.Uniform(), -2.197, -2.197),
        (b.Feasible(b.Uniform()), -1.848, -1.869),
        (b.BaseRates(), -1.982, -2.016),
        (b.RatesByKind(), -1.756, -1.740),
        (b.Feasible(b.RatesByKind()), -1.684, -1.681),
    ):
        assert log_score(forecaster.rolling(record, 31), y[30:]).mean() == pytest.approx(rolling, abs=0.002)
        assert log_score(forecaster.left_out(record), y).mean() == pytest.approx(left_out, abs=0.002)


@pytest.mark.slow
def test_the_logit_is_as_good_as_measured(record: pd.DataFrame) -> None:
    """Rolling from the 31st crisis, alone, feasible and pooled: -1.73, -1.67 and -1.62."""
    y = b.happened(record)[30:]
    found = [log_score(f.rolling(record, 31), y).mean() for f in b.baselines()[-3:]]
    assert found == pytest.approx([-1.728, -1.669, -1.617], abs=0.01)
