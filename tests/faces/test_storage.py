"""A result survives: nothing finished is lost, nothing finished is computed twice, and nothing is taken for another."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

import hegemon
from hegemon.ensemble.program import chunk_size
from hegemon.ensemble.simulate import simulate
from hegemon.errors import UserError
from hegemon.order import Order

TOY = Path(__file__).parents[1] / "toy.toml"
MANY = 60
"""Chunks: enough for a signal to arrive in the middle."""

SCRIPT = """
import sys, time, hegemon
from hegemon.ensemble import simulate as home
def slowly(done, total):
    print(done, flush=True)
    time.sleep(0.05)
hegemon.simulate(hegemon.load(sys.argv[1]), int(sys.argv[2]), 3, out=sys.argv[3], keep=False, progress=slowly)
"""


def same(one: hegemon.Runs, other: hegemon.Runs) -> None:
    """Equal to the bit in all but the time it took."""
    xr.testing.assert_equal(one.summary, other.summary)
    order = ["run", "quarter", "state"]
    frames = [r.events.astype({"quarter": str, "state": str}).sort_values(order, ignore_index=True) for r in (one, other)]
    pd.testing.assert_frame_equal(frames[0].astype(str), frames[1].astype(str))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_run_goes_on_where_it_was_and_ends_as_if_undisturbed(how: signal.Signals, tmp_path: Path) -> None:
    """Killed or interrupted in the middle: the same call finishes the rest, equal to an undisturbed run to the bit."""
    runs = MANY * chunk_size()
    command = [sys.executable, "-c", SCRIPT, str(TOY), str(runs), str(tmp_path / "stopped")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None
    for _ in range(7):
        assert process.stdout.readline().strip()
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode not in (0, None)

    note = json.loads((tmp_path / "stopped" / "manifest.json").read_text())
    assert note["status"] == "running"
    assert 6 <= note["chunks"] < MANY
    with pytest.raises(UserError, match="unfinished"):
        hegemon.open(tmp_path / "stopped")

    calls: list[int] = []
    order = hegemon.load(str(TOY))
    resumed = simulate(order, runs, 3, out=tmp_path / "stopped", keep=False, progress=lambda done, _: calls.append(done))
    assert len(calls) == MANY - note["chunks"], "finished chunks were computed again"
    same(resumed, simulate(order, runs, 3, out=tmp_path / "undisturbed", keep=False))


def test_a_finished_result_is_read_not_computed(toy: Order, tmp_path: Path) -> None:
    """The second call does no chunk and leaves every file as it is."""
    simulate(toy, 300, 1, out=tmp_path / "r")
    files = {f: f.stat().st_mtime_ns for f in (tmp_path / "r").rglob("*") if f.is_file()}
    calls: list[int] = []
    began = time.perf_counter()
    simulate(toy, 300, 1, out=tmp_path / "r", progress=lambda done, _: calls.append(done))
    assert not calls
    assert time.perf_counter() - began < 60
    assert files == {f: f.stat().st_mtime_ns for f in (tmp_path / "r").rglob("*") if f.is_file()}


def test_a_folder_that_holds_something_else_is_refused(toy: Order, tmp_path: Path) -> None:
    """Another seed, another order, or somebody's files: one sentence, and nothing is touched."""
    simulate(toy, 50, 1, out=tmp_path / "r")
    with pytest.raises(UserError, match="seed 1, not 2"):
        simulate(toy, 50, 2, out=tmp_path / "r")
    with pytest.raises(UserError, match="scenario_hash"):
        simulate(toy.without("pact"), 50, 1, out=tmp_path / "r")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("dear")
    with pytest.raises(UserError, match="no result of hegemon"):
        simulate(toy, 50, 1, out=tmp_path / "letters")
    assert [f.name for f in (tmp_path / "letters").iterdir()] == ["a.txt"]


@pytest.mark.parametrize("keep", [True, False])
def test_a_saved_result_opens_as_it_was(toy: Order, tmp_path: Path, keep: bool) -> None:
    """In memory, saved and opened, or written as it ran: the same data, labels, units and provenance."""
    made = simulate(toy, 2 * chunk_size() + 9, 4, keep=keep)
    saved = hegemon.open(made.save(tmp_path / "saved"))
    written = simulate(toy, 2 * chunk_size() + 9, 4, keep=keep, out=tmp_path / "written")
    for other in (saved, written):
        xr.testing.assert_equal(made.data.load(), other.data.load())
        same(made, other)
        for name in ("scenario", "scenario_hash", "seed", "runs", "version", "command", "platform", "chunk"):
            assert other.summary.attrs[name] == made.summary.attrs[name]
    assert made.summary["autonomy_mean"].attrs["units"] == "1"
    assert made.summary["autonomy_mean"].attrs["long_name"]


def test_means_of_the_summary_are_the_means_of_the_trajectories(toy: Order) -> None:
    """What streams out of the scan is what the kept histories say, and so are counts and quantiles."""
    made = simulate(toy, chunk_size() + 77, 8, keep=True)
    for name in ("autonomy", "fear", "obligation"):
        xr.testing.assert_allclose(made.summary[f"{name}_mean"], made.data[name].mean("run").drop_attrs(), atol=1e-5)
        band = made.data[name].quantile([0.05, 0.5, 0.95], "run")
        given = made.summary[f"{name}_quantile"].sel(quantile=[0.05, 0.5, 0.95])
        xr.testing.assert_allclose(given.drop_attrs(), band.transpose(*given.dims).drop_attrs(), atol=1e-5)
    assert int(made.summary["event_count"].sum()) == len(made.events)
    assert int(made.summary["survived_count"].sum()) == int(made.events["survived"].sum())
    assert int((made.summary["history_count"] * made.summary["crises"]).sum()) == len(made.events)
