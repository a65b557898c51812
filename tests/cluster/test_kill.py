"""`kill -9` of workers, schedulers and clients at random moments: nothing finished is lost, and no bit differs."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import time
from pathlib import Path

import pytest
from cast import Cast, cast, command, kill
from same import assert_same

import hegemon
from hegemon.order import Order
from hegemon.studies.run.compute import simulate
from lanes import by_lane

TOY = Path(__file__).parents[1] / "toy.toml"
HISTORIES, SEED, KILLS = 250_000, 5, by_lane(20, 20, 60)


def finished(folder: Path) -> int:
    """Chunks that a result's folder holds, read while it may be written."""
    while True:
        done = added_up(folder)
        parts = [part.stem.split("-") for part in folder.glob("parts/*.npz") if part.suffixes == [".npz"]]
        if done == added_up(folder):
            return done + sum(int(count) for first, count in parts if int(first) >= done)


def added_up(folder: Path) -> int:
    """Chunks in the totals."""
    manifest = folder / "manifest.json"
    return int(json.loads(manifest.read_text()).get("chunks", 0)) if manifest.exists() else 0


class Client:
    """`hegemon run` at a scheduler, in a process of its own."""

    def __init__(self, folder: Path, address: str) -> None:
        words = ["run", str(TOY), "--runs", str(HISTORIES), "--seed", str(SEED), "--out", str(folder), "--json"]
        line = command(*words, "--scheduler", address)
        self.process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.folder = folder

    def reach(self, chunks: int) -> int:
        """Wait until so many chunks are finished, as long as ever more of them are; how many are."""
        most, until = 0, time.monotonic() + 120
        while (now := finished(self.folder)) < chunks:
            assert self.process.poll() is None, self.process.communicate()
            most, until = (now, time.monotonic() + 120) if now > most else (most, until)
            assert time.monotonic() < until, f"{now} of {chunks} chunks"
            time.sleep(0.005)
        return now

    def said(self) -> str:
        """What it says on standard error by the time it ends."""
        return self.process.communicate(timeout=120)[1].decode()

    def end(self) -> None:
        """As `kill -9` does, if it has not ended."""
        kill(self.process)
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.mark.slow
def test_kills_change_nothing(toy: Order, tmp_path: Path) -> None:
    """The moments are spread over the ensemble, each with a random delay after something was finished, so that they fall
    inside tasks, transfers and writing alike. A client whose scheduler is killed says so in a sentence and starts again;
    one whose worker is killed goes on."""
    luck, folder = random.Random(SEED), tmp_path / "killed"
    chunks = -(-HISTORIES // 256)
    moments = sorted(luck.uniform(0.0, 0.7) for _ in range(KILLS))
    victims = [("worker", "scheduler", "client")[i % 3] for i in range(KILLS)]
    luck.shuffle(victims)
    kept = 0
    with cast(tmp_path) as troupe, contextlib.ExitStack() as last:
        client = Client(folder, troupe.address)
        last.callback(lambda: client.end())
        for victim, moment in zip(victims, moments, strict=True):
            client.reach(max(kept + 1, int(moment * chunks)))
            time.sleep(luck.uniform(0.0, 0.1))
            strike(victim, troupe, client, luck)
            now = finished(folder)
            assert kept <= now < chunks, f"after the {victim}'s death {now} chunks are finished, {kept} were before"
            kept = now
            if victim == "scheduler":
                assert "SchedulerLost: the scheduler at" in client.said()
                assert client.process.returncode == 1
            troupe.enter()
            if victim != "worker":
                client.end()
                client = Client(folder, troupe.address)
        assert client.said() == ""
        assert client.process.returncode == 0
    assert_same(hegemon.open(folder), simulate(toy, HISTORIES, SEED, out=tmp_path / "undisturbed"))


def strike(victim: str, troupe: Cast, client: Client, luck: random.Random) -> None:
    """Kill one of them."""
    if victim == "client":
        kill(client.process)
    elif victim == "scheduler":
        assert troupe.scheduler is not None
        kill(troupe.scheduler)
    else:
        kill(luck.choice([worker for worker in troupe.workers if worker is not None]))
