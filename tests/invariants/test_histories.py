"""A history depends on the order, the seed and its number, on nothing else, and can be told again to the bit."""

from __future__ import annotations

import dataclasses
import itertools
import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import hegemon
from hegemon.engine.chunk import encode
from hegemon.engine.program import chunk_size
from hegemon.engine.simulate import Simulated, simulated
from hegemon.engine.tally import Crises
from hegemon.instruments import INSTRUMENTS, KINDS, SIDES
from hegemon.mechanisms import BY_NAME
from hegemon.opening import Opening, opening, script_of
from hegemon.order import Order
from hegemon.studies.replay.compute import CHUNK, drive
from hegemon.studies.run.compute import simulate
from hegemon.studies.run.result import Runs
from hegemon.world import Event

MANY, SEED = 3_000, 11
NEVER = np.log(1e-30)
"""What the score says of an event of probability nought."""


@pytest.fixture(scope="module")
def thousands(toy: Order) -> Runs:
    """Three chunks of the toy order."""
    return simulate(toy, MANY, SEED, parameters="mean", keep=True)


def told(order: Order, events: pd.DataFrame) -> Opening:
    """The order's opening with every event known."""
    script = script_of(events, order.quarters, order.states, until=order.quarters[-1])
    return dataclasses.replace(opening(order), script=script)


def events_of(runs: Runs | Simulated, run: int) -> pd.DataFrame:
    return runs.events[runs.events["run"] == run].drop(columns="run").reset_index(drop=True)


def assert_same(one: xr.Dataset, other: xr.Dataset) -> None:
    """Every measure equal to the bit."""
    for name in one.data_vars:
        np.testing.assert_array_equal(one[name].values, other[name].values, str(name))


def test_run_r_is_run_r_alone_or_among_thousands(toy: Order, thousands: Runs) -> None:
    """One history, a thousand and twenty-five (two chunks) or three thousand: the first ones are the same to the bit."""
    for count in (1, chunk_size() + 1):
        few = simulate(toy, count, SEED, parameters="mean", keep=True)
        assert_same(few.data, thousands.data.isel(run=slice(count)))
        pd.testing.assert_frame_equal(few.events, thousands.events[thousands.events["run"] < count])


def test_a_history_does_not_depend_on_what_else_its_chunk_holds(toy: Order, thousands: Runs) -> None:
    """A whole chunk on one device, against the same histories with two more chunks on all devices."""
    whole = chunk_size()
    few = simulate(toy, whole, SEED, parameters="mean", keep=True)
    assert_same(few.data, thousands.data.isel(run=slice(whole)))
    pd.testing.assert_frame_equal(few.events, thousands.events[thousands.events["run"] < whole])


@pytest.mark.slow
def test_the_number_of_devices_changes_no_bit(toy: Order, thousands: Runs, tmp_path: Path) -> None:
    """The same three chunks in a process with two devices, or with one where this one has more."""
    devices = 1 if len(jax.devices()) > 1 else 2
    program = (
        "import sys, hegemon; from pathlib import Path;"
        "from hegemon.order import from_scenario; from hegemon.scenarios.loader import read_scenario;"
        "toy = from_scenario(read_scenario(Path(sys.argv[1]).read_text('utf-8'), 'toy'));"
        f"hegemon.simulate(toy, {MANY}, {SEED}, parameters='mean', keep=True).save(sys.argv[2]);"
        f"import jax; assert len(jax.devices()) == {devices}"
    )
    toml = Path(__file__).parents[1] / "toy.toml"
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count={devices}"
    other = {**os.environ, "XLA_FLAGS": flags}
    subprocess.run([sys.executable, "-c", program, str(toml), str(tmp_path / "other")], check=True, env=other)
    there = hegemon.open(tmp_path / "other")
    assert_same(there.data, thousands.data)
    pd.testing.assert_frame_equal(there.events, thousands.events)
    assert_same(there.summary, thousands.summary)


def test_another_seed_is_another_history(toy: Order, thousands: Runs) -> None:
    """Seeds next to each other, and seeds that differ only beyond 32 bits, share nothing."""
    for seed in (SEED + 1, SEED + 2**32):
        other = simulate(toy, 100, seed, parameters="mean", keep=True)
        same = (other.data["orientation"] == thousands.data["orientation"].isel(run=slice(100))).mean()
        assert same < 0.01
        assert not events_of(other, 0).equals(events_of(thousands, 0))


def test_histories_of_an_ensemble_differ(thousands: Runs) -> None:
    """No two of three thousand end alike."""
    ends = thousands.data["orientation"].isel(quarter=-1).values.reshape(MANY, -1)
    assert len(np.unique(ends, axis=0)) == MANY


@pytest.mark.parametrize("run", [0, 7, 63])
def test_a_history_told_again_gives_the_same_worlds(toy: Order, thousands: Runs, run: int) -> None:
    """Dice and record agree: the events of a simulated history, dictated, lead through its worlds to the bit."""
    events = events_of(thousands, run)
    again = simulated(toy, run + 1, SEED, keep=True, given=told(toy, events))
    assert_same(again.data.isel(run=run), thousands.data.isel(run=run))
    pd.testing.assert_frame_equal(events_of(again, run), events)


def test_a_history_of_the_whole_order_told_again_gives_the_same_worlds(order: Order, runs: Runs) -> None:
    """The same for fourteen neighbours and thirty years."""
    again = simulated(order, 1, runs.question.seed, keep=True, given=told(order, events_of(runs, 0)))
    assert_same(again.data.isel(run=0), runs.data.isel(run=0))


def test_dictating_something_else_changes_the_worlds(toy: Order, thousands: Runs) -> None:
    """The test above would notice: leave out one crisis, and the worlds from there on are others."""
    events = events_of(thousands, 0)
    again = simulated(toy, 1, SEED, keep=True, given=told(toy, events.drop(index=0)))
    assert (again.data["fear"] != thousands.data["fear"].isel(run=slice(1))).any()


@pytest.mark.slow
def test_every_simulated_history_has_a_finite_log_probability(toy: Order, thousands: Runs) -> None:
    """What the dice threw, the law calls possible: part by part, and in sum far above the probability of nought."""
    for run in range(3):
        logs = drive(toy, events_of(thousands, run), runs=4, seed=5).log_probability
        assert np.isfinite(logs.values).all()
        assert float(logs.min()) > NEVER + 10.0, run
        assert float(logs.max()) <= 1e-6


def test_the_record_has_a_finite_log_probability(order: Order) -> None:
    """Thirty years of coded crises: nothing in them has probability nought under the model."""
    logs = drive(order, runs=16, seed=5).log_probability
    assert np.isfinite(logs.values).all()
    at = logs.isel(dict(logs.argmin(...)))  # type: ignore[arg-type]
    assert float(at) > NEVER + 10.0, f"{at.part.item()} in {at.state.item()}, {at.quarter.item()}: {float(at):.1f}"


def test_a_draw_of_the_record_is_the_same_among_any_number(order: Order) -> None:
    """One is driven with as many as fill a chunk; the chunk after the first has its own luck."""
    few, many = drive(order, runs=2, seed=5), drive(order, runs=CHUNK + 1, seed=5)
    assert many.sizes["run"] == CHUNK + 1
    xr.testing.assert_equal(few, many.isel(run=slice(2)))
    assert (many["fear"].isel(run=0) != many["fear"].isel(run=CHUNK)).any()


@pytest.mark.slow
def test_replay_says_each_part_once(toy: Order, thousands: Runs) -> None:
    """Only a crisis has a severity, a line, a request, a vote, a response and a survival; only a fall a successor."""
    events = events_of(thousands, 0)
    logs = drive(toy, events, runs=1).log_probability.isel(run=0)
    happened = xr.zeros_like(logs.isel(part=0, drop=True), dtype=bool)
    for row in events.itertuples():
        happened.loc[{"quarter": row.quarter, "state": row.state}] = True
    for part in ("severity", "line", "request", "consent", "response", "survival"):
        assert (logs.sel(part=part).where(~happened, 0.0) == 0.0).all()
    for part in ("severity", "line"):
        assert int((logs.sel(part=part) != 0.0).sum()) == len(events)
    fell = events[~events["survived"]]
    spoken = int((logs.sel(part="successor") != 0.0).sum())
    assert spoken == len(fell) > 0


def test_an_event_survives_its_sixteen_bits() -> None:
    """Every combination of kind, instrument, side, facts, successor, severity and line, encoded and decoded: itself again.
    Who survived has no successor."""
    ranges = {"kind": range(1, len(KINDS) + 1), "response": range(len(INSTRUMENTS)), "side": range(len(SIDES)),
              "requested": range(2), "consented": range(2), "survived": range(2), "successor": range(3),
              "severity": range(1, 4), "line": range(3)}  # fmt: skip
    every = np.array(list(itertools.product(*ranges.values()))).T
    every = every[:, (every[list(ranges).index("survived")] == 0) | (every[list(ranges).index("successor")] == 0)]
    told = dict(zip(ranges, every, strict=True))
    facts = {name: codes.astype(bool if name in ("requested", "consented", "survived") else np.int32)[None]
             for name, codes in told.items()}  # fmt: skip
    codes = np.asarray(encode(Event(**{name: jnp.asarray(values) for name, values in facts.items()})))
    assert codes.dtype == np.uint16
    assert len(np.unique(codes)) == codes.size == every.shape[1]
    assert codes.min() > 0, "0 is no crisis"
    back = Crises.decode(codes[None], 0, codes.size)
    for name, values in told.items():
        decoded = back.instrument if name == "response" else back.kind + 1 if name == "kind" else getattr(back, name)
        np.testing.assert_array_equal(decoded, values, name)
    np.testing.assert_array_equal(back.run, np.arange(codes.size))


def test_a_quarter_without_a_crisis_leaves_no_trace() -> None:
    """Whatever the dice of the other parts showed: no kind, no event."""
    n = jnp.ones((2, 3), jnp.int32)
    quiet = Event(0 * n, 3 * n, 2 * n, n > 0, n > 0, 8 * n, 2 * n, n > 0, 2 * n)
    assert not np.asarray(encode(quiet)).any()
    assert Crises.decode(np.zeros((4, 2, 3), np.uint16), 0, 3).run.size == 0


def test_the_table_of_events_speaks_of_severity_and_line(thousands: Runs) -> None:
    """Beside kind and instrument: one of three severities and one of three lines, and each of them occurs."""
    events = thousands.events
    assert list(events.columns) == ["run", "quarter", "state", "cow", "kind", "severity", "line", "instrument",
                                    "side", "requested", "consented", "survived", "successor"]  # fmt: skip
    assert set(events["severity"]) == {1, 2, 3}
    assert set(events["line"]) == {"patron", "balanced", "rival"}
    assert events[events["state"] == "CYD"]["line"].eq("rival").mean() > 0.5, "the one on its way out"


@pytest.mark.parametrize("name", ["doctrine", "learning", "response", "support"])
def test_a_mechanism_switched_off_leaves_the_first_crises_alone(toy: Order, thousands: Runs, name: str) -> None:
    """These four say nothing on who gets into a crisis: the first quarter's are the same crises in the same runs."""
    assert BY_NAME[name].hazards is None
    first = toy.quarters[0]

    def kinds(runs: Runs) -> pd.DataFrame:
        here = runs.events[(runs.events["quarter"] == first) & (runs.events["run"] < 500)]
        return here[["run", "state", "kind"]].reset_index(drop=True)

    without = simulate(toy.without(name), 500, SEED, parameters="mean", keep=True)
    pd.testing.assert_frame_equal(kinds(without), kinds(thousands))
    assert len(kinds(without)) > 50
