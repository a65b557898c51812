"""Results on disk: a finished one is read, an unfinished one goes on where it was left, another one is left alone."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import hegemon
from hegemon.cli.main import main
from hegemon.engine import program
from hegemon.engine.program import chunk_size
from hegemon.engine.simulate import simulated
from hegemon.engine.store import Folder
from hegemon.errors import UserError
from hegemon.order import Order
from hegemon.studies import folder as folders
from hegemon.studies.run.compute import simulate
from hegemon.studies.run.result import Runs

MANY, SEED = 20_000, 5
TOY = Path(__file__).parents[1] / "toy.toml"

CHILD = """
import os, signal, sys
from pathlib import Path
from hegemon.studies.run.compute import simulate
from hegemon.order import from_scenario
from hegemon.scenarios.loader import read_scenario

toy = from_scenario(read_scenario(Path(sys.argv[1]).read_text("utf-8"), "toy"))
batches = 0

def progress(done, total):
    global batches
    batches += 1
    if batches == 3:
        os.kill(os.getpid(), signal.SIGKILL)

simulate(toy, {many}, {seed}, out=sys.argv[2], progress=progress)
"""


def assert_same(one: Runs, other: Runs) -> None:
    """Summary (means, bands, counts), events and trajectories equal to the bit."""
    for kind in ("summary", "data"):
        left, right = getattr(one, kind), getattr(other, kind)
        assert set(left.data_vars) == set(right.data_vars)
        for name in left.data_vars:
            np.testing.assert_array_equal(left[name].values, right[name].values, f"{kind}: {name}")
    pd.testing.assert_frame_equal(one.events, other.events)


@pytest.fixture(scope="module")
def undisturbed(toy: Order, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Twenty thousand histories, simulated and stored in one go."""
    return simulate(toy, MANY, SEED, out=tmp_path_factory.mktemp("whole") / "result")


@pytest.mark.slow
def test_fewer_crises_on_disk_change_no_total(toy: Order, undisturbed: Runs, tmp_path: Path) -> None:
    """The crises of the first 300 histories, one by one; counts are still over all twenty thousand."""
    few = simulate(toy, MANY, SEED, out=tmp_path / "few", crises=300)
    for name in few.summary.data_vars:
        np.testing.assert_array_equal(few.summary[name].values, undisturbed.summary[name].values, str(name))
    first = undisturbed.events[undisturbed.events["run"] < 300]
    pd.testing.assert_frame_equal(few.events, first)
    assert len(list((tmp_path / "few" / "events").iterdir())) == 2
    with pytest.raises(UserError, match="holds another result, of: hegemon run toy.toml --runs 20000 --seed 5 --crises 300"):
        simulate(toy, MANY, SEED, out=tmp_path / "few")
    for wrong, remedy in ((0, "It must be at least 1"), (MANY + 1, "It must lie between 1 and 20000")):
        with pytest.raises(UserError, match=f"crises = {wrong}. {remedy}"):
            simulate(toy, MANY, SEED, crises=wrong)


def chunks_done(folder: Path) -> int:
    return int(json.loads((folder / "manifest.json").read_text()).get("chunks", 0))


@pytest.mark.slow
def test_a_killed_run_resumes_and_equals_the_undisturbed_one(toy: Order, undisturbed: Runs, tmp_path: Path) -> None:
    """SIGKILL in the middle of 20,000 histories: what is finished is kept, the rest is done, nothing differs."""
    folder = tmp_path / "killed"
    child = CHILD.format(many=MANY, seed=SEED)
    ended = subprocess.run([sys.executable, "-c", child, str(TOY), str(folder)], check=False)
    assert ended.returncode == -signal.SIGKILL
    done = chunks_done(folder)
    assert 0 < done < MANY / chunk_size()
    with pytest.raises(UserError, match="is unfinished. Give the same command again: hegemon run toy.toml --runs 20000 --seed 5"):
        hegemon.open(folder)
    told: list[int] = []
    resumed = simulate(toy, MANY, SEED, out=folder, progress=lambda now, total: told.append(now))
    assert told[0] > done * chunk_size()
    assert told[-1] == MANY
    assert_same(resumed, undisturbed)


class Killed(BaseException):
    """What a kill is to the code: it goes no further and cleans nothing up."""


FEW = 4 * chunk_size() - 7
OWNERS: dict[str, Any] = {
    "keep_events": Folder, "keep_sample": Folder, "keep_trajectories": Folder, "checkpoint": Folder,
    "write_manifest": folders, "write_numbers": folders, "tidy": folders,
}  # fmt: skip


@pytest.fixture(
    scope="module",
    params=[pytest.param(False, id="summary"), pytest.param(True, id="trajectories", marks=pytest.mark.slow)],
)
def in_one_go(toy: Order, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A few chunks, stored with and without every history's trajectories."""
    return simulate(toy, FEW, SEED, out=tmp_path_factory.mktemp("few") / "result", keep=request.param)


QUICKLY = {("checkpoint", False), ("keep_events", True), ("write_manifest", False), ("write_numbers", True)}
"""Where the quick lane kills: before and after what counts most."""


@pytest.mark.parametrize(
    ("place", "late"),
    [
        pytest.param(place, late, id=f"{'after' if late else 'before'}-{place}",
                     marks=() if (place, late) in QUICKLY else pytest.mark.slow)
        for late in (False, True) for place in OWNERS
    ],
)  # fmt: skip
def test_a_run_can_be_killed_anywhere(
    toy: Order, in_one_go: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, late: bool
) -> None:
    """Before and after each thing it writes, the last one included: the second run ends as an undisturbed one."""
    keep = bool(in_one_go.data.data_vars)
    owner = OWNERS[place]
    whole = getattr(owner, place)
    calls = 0

    def killing(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        now = calls == (1 if place in ("tidy", "write_numbers") else 3)
        if now and not late:
            raise Killed
        found = whole(*args, **more)
        if now:
            raise Killed
        return found

    with monkeypatch.context() as patched:
        patched.setattr(owner, place, killing)
        if place == "keep_trajectories" and not keep:
            simulate(toy, FEW, SEED, out=tmp_path / "killed", keep=keep)
            assert calls == 0
            return
        with pytest.raises(Killed):
            simulate(toy, FEW, SEED, out=tmp_path / "killed", keep=keep)
    assert_same(simulate(toy, FEW, SEED, out=tmp_path / "killed", keep=keep), in_one_go)


@pytest.mark.parametrize(
    "count", [2 * chunk_size(), *(pytest.param(n, marks=pytest.mark.slow) for n in (chunk_size() // 2, 2 * chunk_size() + 1))]
)
def test_a_run_killed_before_its_last_word_only_says_it(
    toy: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """All chunks are done, the summary is not: nothing is simulated again, and the result is whole."""

    def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(folders, "write_numbers", killed)
        with pytest.raises(Killed):
            simulate(toy, count, SEED, out=tmp_path / "r")
    told: list[int] = []
    resumed = simulate(toy, count, SEED, out=tmp_path / "r", progress=lambda now, total: told.append(now))
    assert told == []
    assert_same(resumed, simulate(toy, count, SEED, out=tmp_path / "whole"))


@pytest.mark.slow
def test_ctrl_c_stops_with_a_sentence_and_the_same_command_goes_on(
    toy: Order, undisturbed: Runs, tmp_path: Path
) -> None:
    """`hegemon run` in a process of its own, stopped by hand: 130, one line on standard error, then it finishes."""
    for attempt in range(5):  # on a busy machine it may be through before the hand is there
        folder = tmp_path / f"stopped-{attempt}"
        words = ["run", str(TOY), "--runs", str(MANY), "--seed", str(SEED), "--out", str(folder), "--json"]
        program = (  # whoever runs the tests in the background has had Ctrl-C ignored
            "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
            f"from hegemon.cli.main import main; sys.exit(main({words!r}))"
        )
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        until = time.monotonic() + 120
        while not ((folder / "manifest.json").is_file() and chunks_done(folder)):
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < until
            time.sleep(0.005)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
        if child.returncode != 0:
            break
    assert child.returncode == 130, err
    assert out == ""
    assert err == "Stopped. Finished chunks are kept; the same command goes on from there.\n"
    assert 0 < chunks_done(folder) < MANY / chunk_size()
    assert_same(simulate(toy, MANY, SEED, out=folder), undisturbed)


def test_a_finished_result_is_read_not_made_again(
    toy: Order, undisturbed: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = simulate(toy, 100, SEED, out=tmp_path / "r")
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "r").rglob("*")}
    monkeypatch.setattr(program, "launch", lambda *_, **__: pytest.fail("simulated again"))
    told: list[int] = []
    again = simulate(toy, 100, SEED, out=tmp_path / "r", progress=lambda now, total: told.append(now))
    assert told == []
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "r").rglob("*")} == before
    assert_same(again, first)


@pytest.mark.slow
def test_with_or_without_trajectories_the_summary_is_the_same(toy: Order, undisturbed: Runs) -> None:
    """Keeping every history's trajectories changes no bit of what is said of them together."""
    with_them = simulated(toy, 6_000, SEED, keep=True)
    without = simulated(toy, 6_000, SEED, keep=False)
    assert not without.data.data_vars
    for name in without.summary.data_vars:
        np.testing.assert_array_equal(with_them.summary[name].values, without.summary[name].values, str(name))
    pd.testing.assert_frame_equal(with_them.events, without.events)


def test_the_summary_is_that_of_the_histories(toy: Order) -> None:
    """Means, spreads and counts, added up chunk by chunk, against the trajectories and the events themselves."""
    found = simulate(toy, chunk_size() + 100, SEED, keep=True)
    count = found.data.sizes["run"]
    for name in ("fear", "autonomy", "hierarchy", "orientation"):
        values = found.data[name].astype(float)
        dims = found.summary[f"{name}_mean"].dims
        np.testing.assert_allclose(found.summary[f"{name}_mean"], values.mean("run").transpose(*dims), atol=2e-6)
        np.testing.assert_allclose(found.summary[f"{name}_sd"], values.std("run").transpose(*dims), atol=2e-3)
        median = found.summary[f"{name}_quantile"].sel(quantile=0.5)
        np.testing.assert_allclose(median, values.median("run").transpose(*median.dims), atol=1e-6)
    events = found.events
    assert int(found.summary["event_count"].sum()) == len(events)
    for kind, here in events.groupby("kind"):
        assert int(found.summary["event_count"].sel(kind=kind).sum()) == len(here)
        assert int(found.summary["survived_count"].sel(kind=kind).sum()) == int(here["survived"].sum())
        spread = found.summary["history_count"].sel(kind=kind)
        assert int(spread.sum()) == count
        assert int((spread * spread["crises"]).sum()) == len(here)
    for instrument, here in events.groupby("instrument"):
        assert int(found.summary["used_count"].sel(instrument=instrument)) == here["run"].nunique()


def test_what_is_saved_is_what_is_opened(toy: Order, tmp_path: Path) -> None:
    """Round trip through Zarr and Parquet, zeros included (a fill value of 0 once made them missing)."""
    found = simulate(toy, 300, SEED, keep=True)
    assert found.save(tmp_path / "r") == tmp_path / "r"
    opened = hegemon.open(tmp_path / "r")
    assert_same(opened, found)
    assert (opened.data["member"] == 0.0).any()
    assert not any(bool(opened.data[name].isnull().any()) for name in opened.data.data_vars)
    for name, values in found.data.data_vars.items():
        assert opened.data[name].attrs["long_name"] == values.attrs["long_name"]
        assert opened.data[name].dims == values.dims
    xr.testing.assert_equal(opened.data.coords.to_dataset(), found.data.coords.to_dataset())


def test_a_summary_without_trajectories_can_be_saved_too(toy: Order, tmp_path: Path) -> None:
    whole = simulate(toy, 300, SEED)
    found = dataclasses.replace(whole, data=whole.data.drop_vars(list(whole.data.data_vars)).isel(run=slice(0)))
    found.save(tmp_path / "r")
    assert_same(hegemon.open(tmp_path / "r"), found)


def test_a_result_says_how_it_was_made(toy: Order, undisturbed: Runs) -> None:
    """Seed, chunk, scenario text, version, platform and command, in the summary and the trajectories."""
    for attrs in (undisturbed.summary.attrs, undisturbed.data.attrs):
        assert attrs["scenario"] == "toy"
        assert attrs["scenario_hash"] == toy.hash
        assert json.loads(attrs["scenario_text"]) == json.loads(toy.scenario.text)
        assert attrs["version"] == hegemon.__version__
        assert (attrs["seed"], attrs["runs"], attrs["chunk"]) == (SEED, MANY, chunk_size())
        assert "jax" in attrs["platform"]
        assert attrs["command"] == f"hegemon run toy.toml --runs {MANY} --seed {SEED}"


def test_a_result_says_which_mechanisms_were_off(toy: Order) -> None:
    assert simulate(toy.without("war", "pact"), 5, SEED).summary.attrs["without"].split() == ["pact", "war"]


@pytest.mark.parametrize("other", ["seed", "runs", "order", "parameters", "keep"])
def test_a_folder_with_another_result_is_refused_in_a_sentence(toy: Order, tmp_path: Path, other: str) -> None:
    simulate(toy, 50, SEED, out=tmp_path / "r")
    what: dict[str, Any] = {"order": toy, "runs": 50, "seed": SEED, "keep": False}
    what |= {
        "seed": {"seed": SEED + 1},
        "runs": {"runs": 51},
        "order": {"order": toy.without("war")},
        "parameters": {"order": toy.with_parameters({"pact.vote": 0.5})},
        "keep": {"keep": True},
    }[other]
    with pytest.raises(UserError) as told:
        simulate(what["order"], what["runs"], what["seed"], out=tmp_path / "r", keep=what["keep"])
    sentence = str(told.value)
    assert "holds another result" in sentence
    assert sentence.endswith("Choose another folder with --out, or delete it.")
    assert "\n" not in sentence


def test_a_folder_with_something_else_is_left_alone(toy: Order, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for place in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(UserError, match="holds no result of hegemon. Choose another folder with --out."):
            simulate(toy, 50, SEED, out=place)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_folder_without_a_result_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no result of hegemon. Make one: hegemon run"):
        hegemon.open(tmp_path)
    with pytest.raises(UserError, match="there is no folder"):
        hegemon.open(tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_text('{"hegemon": 2, "sta')
    with pytest.raises(UserError, match="It is damaged or of another version; delete it and make it again."):
        hegemon.open(tmp_path)


@pytest.mark.parametrize(("runs", "seed"), [(0, 0), (-3, 0), (2**48, 0), (5, -1), (5, 2**64)])
def test_impossible_numbers_are_refused_before_anything_is_compiled(toy: Order, runs: int, seed: int) -> None:
    with pytest.raises(UserError, match=r"(runs|seed) = .*\. It must lie between"):
        simulate(toy, runs, seed)


def test_a_result_holds_no_folder_of_this_machine(toy: Order, tmp_path: Path) -> None:
    """Results are shared: nothing in them says where they were made."""
    simulate(toy, 50, SEED, out=tmp_path / "r")
    here = str(tmp_path).encode()
    for file in (tmp_path / "r").rglob("*"):
        if file.is_file():
            assert here not in file.read_bytes(), file.name
    assert main(["report", str(tmp_path / "r"), "--out", str(tmp_path / "page")]) == 0
    assert here not in (tmp_path / "page" / "report.html").read_bytes()
    assert os.environ["HEGEMON_CACHE"].encode() not in (tmp_path / "page" / "report.html").read_bytes()
