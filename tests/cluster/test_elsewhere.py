"""Comparisons, claims, sweeps and rooms on workers: the same to the bit, and nothing finished is done again."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import cast, command, kill

from hegemon.cli.main import main
from hegemon.engine.chunk_cache import FOLDER
from hegemon.engine.jobs import Each, Todo, Values, in_turn
from hegemon.engine.workers import Here
from hegemon.ledgers.loading import read_ledger
from hegemon.order import Order
from hegemon.studies.claims.compute import claims
from hegemon.studies.compare.compute import compare
from hegemon.studies.room.compute import room
from hegemon.studies.sweep.compute import sweep

TESTS = Path(__file__).parents[1]
TOY = TESTS / "toy.toml"
LEDGER = """\
format = 1
title = "Two claims"
question = "?"
scenario = "toy.toml"
runs = 24
[[claim]]
id = "T0"
claim = "?"
why = "?"
mechanisms = ["rivals"]
[[claim.estimand]]
what = "?"
measure = "shelter"
who = "CYD"
b = { without = ["rivals"] }
sign = "positive"
[[claim]]
id = "T1"
claim = "?"
why = "?"
[[claim.estimand]]
what = "?"
share = { survived = true }
of = { kind = "uprising" }
sign = "positive"
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a scheduler with two workers."""
    with cast(tmp_path_factory.mktemp("cast")) as troupe:
        yield troupe.address


@pytest.mark.slow
def test_a_comparison_is_the_same_elsewhere(toy: Order, address: str) -> None:
    other = toy.with_parameters({"dispute.price": 0.2})
    here, there = compare(toy, other, 1_500, seed=3), compare(toy, other, 1_500, seed=3, scheduler=address)
    assert here.summary.drop_attrs().identical(there.summary.drop_attrs())
    assert here.data.drop_attrs().identical(there.data.drop_attrs())
    assert here.crises.equals(there.crises)
    assert there.made["platform"] == here.made["platform"]


@pytest.mark.slow
def test_claims_are_the_same_elsewhere(address: str, tmp_path: Path) -> None:
    book = read_ledger(LEDGER, folder=TESTS)
    here = claims(book, draws=20)
    there = claims(book, draws=20, scheduler=address, out=tmp_path)
    assert here.numbers()["assessments"] == there.numbers()["assessments"]
    assert {**here.made, "seconds": 0} == {**there.made, "seconds": 0}
    assert not (tmp_path / FOLDER).exists(), "chunks are kept until their claim is"


@pytest.mark.slow
def test_a_sweep_is_the_same_elsewhere(toy: Order, address: str, tmp_path: Path) -> None:
    asked: dict[str, Any] = {"over": ["red_line", "unrest.spark"], "sets": 64, "runs_per_set": 8, "seed": 2}
    here = sweep(toy, ["autonomy@ANA"], **asked)
    there = sweep(toy, ["autonomy@ANA"], **asked, out=tmp_path / "s", scheduler=address)
    assert (here.values == there.values).all()
    assert not (tmp_path / "s" / FOLDER).exists()


@pytest.mark.slow
def test_a_room_is_the_same_on_processes_of_this_machine(toy: Order) -> None:
    """Started once for all that is asked of them."""
    here, there = (room(toy, "ANA", draws=70, orientation_grid=5, parameters="mean", workers=n) for n in (None, 2))
    assert here.data.identical(there.data)
    assert here.now == there.now
    assert here.drivers.equals(there.drivers)


# ---- Deaths ----


class Pair:
    """`hegemon compare` of the toy order and itself, changed, in a process of its own."""

    RUNS = 40_000

    def __init__(self, folder: Path, address: str) -> None:
        words = ["compare", str(TOY), "--set", "dispute.price=0.2", "--runs", str(self.RUNS), "--out", str(folder), "--json"]
        line = command(*words, *(("--scheduler", address) if address else ()))
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.folder = folder

    def finished(self) -> int:
        """Chunks kept so far."""
        return len(list((self.folder / FOLDER).glob("*.npz")))

    def reach(self, chunks: int) -> None:
        until = time.monotonic() + 120
        while self.finished() < chunks:
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < until
            time.sleep(0.005)

    def told(self) -> dict[str, Any]:
        """Its document, at the end."""
        out, err = self.process.communicate(timeout=120)
        assert self.process.returncode == 0, err.decode()
        found: dict[str, Any] = json.loads(out)
        return found


@pytest.mark.slow
def test_a_comparison_survives_the_death_of_worker_scheduler_and_client(tmp_path: Path) -> None:
    """What is finished stays finished, and the numbers are those of an undisturbed process."""
    folder = tmp_path / "r"
    with cast(tmp_path) as troupe:
        first = Pair(folder, troupe.address)
        first.reach(20)
        worker = troupe.workers[0]
        assert worker is not None
        kill(worker)
        troupe.enter()
        first.reach(40)
        assert troupe.scheduler is not None
        kill(troupe.scheduler)
        _, err = first.process.communicate(timeout=120)
        assert first.process.returncode == 1
        assert err.decode().startswith(f"SchedulerLost: the scheduler at {troupe.address} is gone; what is finished is kept in")
        troupe.enter()
        kept = first.finished()
        assert kept >= 40
        second = Pair(folder, troupe.address)
        second.reach(kept + 20)
        kill(second.process)
        second.process.communicate()
        kept = second.finished()
        last = Pair(folder, "")
        last.reach(kept)
        ended = last.told()
    assert not (folder / FOLDER).exists()
    undisturbed = Pair(tmp_path / "u", "").told()
    for document in (ended, undisturbed):
        document["made"].pop("seconds")
        for name in ("folder", "report", "files"):
            document.pop(name)
    assert ended == undisturbed


# ---- Work in chunks ----


def squares(_: object) -> Any:
    return lambda chunk: chunk * chunk


class Mixed(Here):
    """Workers whose results come in from the last to the first."""

    def parts(self, work: Any, todo: Todo) -> Iterator[Any]:
        (do,) = work.ready(1)
        yield from reversed([do(chunks) for chunks in iter(lambda: todo.take(3), range(0))])


class Kept(dict[int, int]):
    """A cache in memory."""

    def there(self) -> set[int]:
        return set(self)

    def put(self, chunk: int, value: int) -> None:
        assert chunk not in self, "what is there is not done again"
        self[chunk] = value

    def take(self, chunk: int) -> int:
        return self[chunk]


@pytest.mark.parametrize("there", [(), (0,), (3, 4, 9), tuple(range(10))])
@pytest.mark.parametrize("workers", [Here, Mixed])
def test_values_come_in_turn_whoever_was_first_and_whatever_was_there(workers: type[Here], there: tuple[int, ...]) -> None:
    cache = Kept({chunk: chunk * chunk for chunk in there})
    assert list(in_turn(workers(), Each(squares), 10, cache)) == [n * n for n in range(10)]
    assert set(cache) == set(range(10))
    assert list(in_turn(workers(), Each(squares), 10)) == [n * n for n in range(10)]


def test_several_chunks_of_a_task_are_values_of_each() -> None:
    (do,) = Each(squares).ready(1)
    done = do(range(3, 6))
    assert (done.first, done.values, done.chunks) == (3, (9, 16, 25), 3)
    assert isinstance(done, Values)


@pytest.mark.parametrize("words", [["compare", str(TOY), "--without", "pact"], ["sweep", str(TOY)], ["room", "ANA", str(TOY)],
                                   ["claims", "--draws", "20"]], ids=lambda words: words[0])  # fmt: skip
def test_the_same_options_and_the_same_sentences_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--workers", "2", "--scheduler", "here:1"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "both a scheduler and a number of workers are given" in said.err
    assert not list(tmp_path.iterdir())


