"""Histories by worker processes, here and at a scheduler: the same to the bit, and a sentence for whatever can go wrong."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from cast import cast, command, fatal, free_port
from same import assert_same

import hegemon
from hegemon.cli.main import main
from hegemon.engine import cluster, gathering
from hegemon.engine.gathering import Gathering
from hegemon.engine.jobs import Todo
from hegemon.engine.part import Job, Part
from hegemon.engine.program import chunk_size
from hegemon.engine.store import Folder
from hegemon.errors import UserError
from hegemon.opening import opening
from hegemon.order import Order
from hegemon.studies.provenance import made
from hegemon.studies.run.compute import kept, simulate
from hegemon.studies.run.question import RunQuestion
from hegemon.studies.run.result import Runs

SEED = 5
CHUNKS = 14
MANY = CHUNKS * chunk_size() - 7
TOY = Path(__file__).parents[1] / "toy.toml"


@pytest.fixture(scope="module")
def alone(toy: Order, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """By one process, undisturbed."""
    return simulate(toy, MANY, SEED, parameters="mean", out=tmp_path_factory.mktemp("alone") / "r")


@pytest.fixture(scope="module")
def parts(toy: Order) -> tuple[Job, list[Part]]:
    """The ensemble in parts of one to three chunks."""
    job = Job(toy, opening(toy), SEED, MANY, chunk_size(), False, True, MANY)
    (work,) = job.ready(1)
    todo, found = Todo(job, [range(CHUNKS)]), []
    for most in (1, 3, 2) * CHUNKS:
        if chunks := todo.take(most):
            found.append(work(chunks))
    return job, found


def begun(order: Order, job: Job, place: Path) -> Folder:
    """The folder of the ensemble, begun or to go on with."""
    question = RunQuestion.of({**RunQuestion.about(order), "runs": MANY, "seed": SEED, "parameters": "mean"}).resolved()
    return kept(place, question, made(0.0, chunk=job.size))


@pytest.mark.slow
@pytest.mark.parametrize("luck", range(4))
def test_parts_may_come_in_any_order_and_the_client_may_die_between_any_two(
    toy: Order, alone: Runs, parts: tuple[Job, list[Part]], tmp_path: Path, luck: int
) -> None:
    """A new gathering on the same folder after every part: nothing taken is missing, and the rest is one run away."""
    job, several = parts
    assert [part.chunks for part in several if part.first * job.size >= 2048] == [2, 1, 3]
    random.Random(luck).shuffle(several := list(several))
    taken: set[int] = set()
    for part in several[:-2]:
        book = Gathering(job, begun(toy, job, tmp_path / "r"), {})
        missing = {chunk for chunks in book.missing() for chunk in chunks}
        assert missing == set(range(CHUNKS)) - taken
        book.take(part)
        taken |= set(range(part.first, part.after))
        assert book.histories == sum(min(job.size, MANY - chunk * job.size) for chunk in taken)
    told: list[int] = []
    assert_same(simulate(toy, MANY, SEED, parameters="mean", out=tmp_path / "r", progress=lambda n, _: told.append(n)), alone)
    assert len(told) == CHUNKS - len(taken)


def test_crises_that_no_total_accounts_for_are_not_counted_twice(
    toy: Order, alone: Runs, parts: tuple[Job, list[Part]], tmp_path: Path
) -> None:
    """Killed between a part's crises and its totals: the file of three chunks must not stand beside those of one."""
    job, several = parts
    late = several[-1]
    assert late.chunks == 3
    folder = begun(toy, job, tmp_path / "r")
    folder.keep_events(late.first + 1, late.table)
    (tmp_path / "r" / "events" / "000003.parquet.17.part").write_bytes(b"half")
    assert_same(simulate(toy, MANY, SEED, parameters="mean", out=tmp_path / "r"), alone)
    assert {file.suffix for file in (tmp_path / "r" / "events").iterdir()} == {".parquet"}


def test_without_a_folder_early_parts_wait_in_memory_and_only_so_many(
    parts: tuple[Job, list[Part]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that everybody waits for holds the others up, not the machine's memory."""
    job, several = parts
    monkeypatch.setattr(gathering, "MOST_HELD", len(several) - 1)
    found = Gathering(job, None, {})
    for part in several[1:]:
        assert not found.crowded
        found.take(part)
    assert found.crowded
    assert found.missing() == [range(1)]
    assert found.tally.chunks == 0
    found.take(several[0])
    assert not found.crowded
    assert found.tally.chunks == CHUNKS
    assert found.histories == MANY


@pytest.mark.slow
@pytest.mark.parametrize("stored", [pytest.param(True, id="folder"), pytest.param(False, id="memory", marks=pytest.mark.slow)])
def test_two_worker_processes_make_the_same_histories(toy: Order, tmp_path: Path, stored: bool) -> None:
    """Summary, trajectories and crises, with every trajectory kept; the processes end with the call."""
    before = set(psutil.Process().children(recursive=True))
    ours = simulate(toy, MANY, SEED, keep=True, workers=2, out=tmp_path / "r" if stored else None)
    assert_same(ours, simulate(toy, MANY, SEED, keep=True))
    new = [one for one in psutil.Process().children(recursive=True) if one not in before]
    assert not [one for one in new if "resource_tracker" not in " ".join(one.cmdline())]


@pytest.mark.slow
def test_what_one_process_began_workers_finish(toy: Order, alone: Runs, tmp_path: Path) -> None:
    """And nothing that was finished is done again."""

    class Killed(BaseException):
        pass

    def until_five(done: int, _: int) -> None:
        if done >= 5 * chunk_size():
            raise Killed

    with pytest.raises(Killed):
        simulate(toy, MANY, SEED, parameters="mean", out=tmp_path / "r", progress=until_five)
    told: list[int] = []
    found = simulate(toy, MANY, SEED, parameters="mean", out=tmp_path / "r", workers=1, progress=lambda n, _: told.append(n))
    assert_same(found, alone)
    assert told[0] > 5 * chunk_size()


@pytest.mark.slow
def test_ctrl_c_stops_client_and_workers_with_one_sentence(tmp_path: Path) -> None:
    """As a terminal does it: the signal goes to the whole group of processes."""
    folder = tmp_path / "r"
    words = command("run", str(TOY), "--runs", "2000000", "--out", str(folder), "--workers", "2", "--json")
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    until = time.monotonic() + 120
    while not list(folder.glob("tally-*.npz")):
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    workers = psutil.Process(child.pid).children(recursive=True)
    assert len(workers) >= 2
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, "")
    assert err == "Stopped. Finished chunks are kept; the same command goes on from there.\n"
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit code and sentence of `hegemon run` on the toy order."""
    code = main(["run", str(TOY), "--runs", "300", *words])
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return code, printed.err.strip()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["--scheduler", "cluster"],
            'BadScheduler: "cluster" is no address of a scheduler. Write it as tcp://HOST:PORT.',
        ),
        (["--scheduler", "http://here:1"], "is no address of a scheduler. Write it as tcp://HOST:PORT."),
        (["--scheduler", "tcp://[::1"], "is no address of a scheduler. Write it as tcp://HOST:PORT."),
        (["--workers", "0"], "UserError: workers = 0 is not between 1 and 1024. Ask for one per core."),
        (["--workers", "2", "--scheduler", "here:1"], "UserError: both a scheduler and a number of workers are given."),
    ],
)
def test_what_cannot_be_workers_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = said(capsys, *words)
    assert code == 2
    assert sentence in told


def test_without_dask_the_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "distributed", None)
    for words in (["--workers", "2"], ["--scheduler", "here:1"]):
        code, told = said(capsys, *words)
        assert code == 2
        assert told.endswith("Install it with `pip install 'hegemon[cluster]'`.")


@pytest.mark.parametrize("listening", [True, False], ids=["silent", "nobody"])
def test_an_address_without_a_scheduler_is_refused_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], listening: bool
) -> None:
    """Nobody there, or somebody who accepts and says nothing."""
    monkeypatch.chdir(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1] if listening else free_port()
        other.listen()
        began = time.monotonic()
        code, told = said(capsys, "--scheduler", f"127.0.0.1:{port}")
    assert time.monotonic() - began < 10
    assert code == 2
    assert told.startswith(f"BadScheduler: no Dask scheduler answers at tcp://127.0.0.1:{port}. Start one with ")
    assert not list(tmp_path.rglob("manifest.json"))


def test_a_scheduler_without_workers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    with cast(tmp_path, workers=0) as troupe:
        code, told = said(capsys, "--scheduler", troupe.address)
    assert code == 2
    assert f"the scheduler at {troupe.address} has had no worker for 1 s. Start some with `dask worker" in told


@pytest.mark.parametrize(
    ("preload", "sentence"),
    [
        ("import hegemon; hegemon.__version__ = '0.0.9'", "would make other histories (hegemon 0.0.9, not "),
        pytest.param("import jax; jax.__version__ = '0.1'", "would make other histories (platform cpu, jax 0.1, ",
                     marks=pytest.mark.slow),
        pytest.param("import sys; sys.modules['hegemon'] = None", "cannot run hegemon (", marks=pytest.mark.slow),
    ],
    ids=["version", "jax", "none"],
)
def test_workers_that_would_make_other_histories_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], preload: str, sentence: str
) -> None:
    """A worker of another version, with another JAX, and one without hegemon."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.py").write_text(preload + "\n")
    with cast(tmp_path, workers=1, preload=str(tmp_path / "other.py")) as troupe:
        code, told = said(capsys, "--scheduler", troupe.address)
    assert code == 2
    assert told.startswith("BadScheduler: the worker at tcp://127.0.0.1:")
    assert sentence in told
    assert "nstall" in told


@pytest.mark.slow
def test_workers_that_dask_has_paused_are_not_waited_for(
    toy: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Near the end of its memory a worker takes no task, and may never again: the command must not wait in silence."""
    monkeypatch.setattr(cluster, "PATIENCE", 10.0)
    with cast(tmp_path, workers=1, limit="150 MB") as troupe, pytest.raises(cluster.WorkersLost) as told:
        simulate(toy, 600, SEED, out=tmp_path / "r", scheduler=troupe.address)
    assert "are paused for want of memory; start them with --memory-limit 0" in str(told.value)
    assert "0 of 600 histories are finished and kept in " in str(told.value)


@pytest.mark.slow
def test_workers_that_die_again_and_again_are_given_up_in_a_sentence(
    toy: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker of too little memory is killed in every task; the client does not try for ever."""
    monkeypatch.setattr(cluster, "DEATHS", 1)
    monkeypatch.setattr(cluster, "PATIENCE", 300.0)
    monkeypatch.setattr(cluster, "simulated", fatal)
    with pytest.raises(cluster.WorkersLost) as told:
        simulate(toy, 600, SEED, out=tmp_path / "r", workers=1)
    assert "worker after worker died in the same task, perhaps of too little memory" in str(told.value)
    assert "0 of 600 histories are finished and kept in " in str(told.value)


def test_a_result_holds_the_crises_of_the_first_histories_and_its_folder_those_of_all(
    toy: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that reading a result of any size takes the same memory."""
    import pandas as pd

    whole = simulate(toy, MANY, SEED, parameters="mean").events
    for module in ("tally", "runs", "simulate"):
        monkeypatch.setattr(f"hegemon.engine.{module}.EVENT_RUNS", 1000)
    here, there = simulate(toy, MANY, SEED, parameters="mean"), simulate(toy, MANY, SEED, parameters="mean", out=tmp_path / "r")
    for found in (here.events, there.events, hegemon.open(tmp_path / "r").events):
        pd.testing.assert_frame_equal(found, whole[whole["run"] < 1000])
    assert len(pd.read_parquet(tmp_path / "r" / "events")) == len(whole)


def test_a_number_of_workers_out_of_range_is_refused_from_python(toy: Order) -> None:
    with pytest.raises(UserError, match="workers = -1 is not between 1 and 1024"):
        simulate(toy, 10, SEED, workers=-1)
