"""The queue: one at a time, so many waiting, stopped and taken up again."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from explorer import API, HERE, Fake, run_id, until
from starlette.testclient import TestClient

from hegemon.errors import Failure, UserError
from hegemon.order import Order
from hegemon.owner import owned
from hegemon.server import limits
from hegemon.server.app import create
from hegemon.server.site import Site
from hegemon.studies.run.question import RunQuestion


@pytest.fixture
def worker() -> Fake:
    """Works until it is let go."""
    return Fake(held=True)


def ask(client: TestClient, seed: int) -> Any:
    return client.post(f"{API}/studies/run", json={"scenario": "post-soviet", "runs": 10, "seed": seed})


def status(client: TestClient, name: str) -> str:
    return str(client.get(f"{API}/results/{name}").json()["status"])


def test_one_runs_and_the_others_wait_up_to_so_many(client: TestClient, worker: Fake) -> None:
    """Beyond that, 429 with what to do; the same request again is no new one."""
    first = ask(client, 0).json()["id"]
    until(lambda: status(client, first) == "running")
    waiting = [ask(client, seed).json()["id"] for seed in range(1, limits.WAITING + 1)]
    refused = ask(client, 99)
    assert refused.status_code == 429
    assert "waiting" in refused.json()["error"]
    assert ask(client, 1).json()["id"] == waiting[0], "it is there already"
    assert {status(client, name) for name in waiting} == {"queued"}
    assert len(worker.tasks) == 1
    worker.go.set()
    until(lambda: status(client, waiting[-1]) == "done")
    assert [task["question"]["seed"] for task in worker.tasks] == list(range(limits.WAITING + 1)), "in the order of asking"


def test_cancel_stops_what_runs_and_forgets_what_waits(client: TestClient, worker: Fake) -> None:
    first, second, third = (ask(client, seed).json()["id"] for seed in range(3))
    until(lambda: status(client, first) == "running")
    assert client.post(f"{API}/results/{second}/cancel").status_code == 202
    assert status(client, second) == "cancelled"
    assert client.post(f"{API}/results/{first}/cancel").status_code == 202
    until(lambda: status(client, first) == "cancelled")
    until(lambda: status(client, third) == "running")
    assert client.post(f"{API}/results/{first}/cancel").status_code == 409
    worker.go.set()
    assert client.post(f"{API}/results/{first}/resume").status_code == 202
    until(lambda: status(client, first) == "done")
    assert client.post(f"{API}/results/{first}/resume").status_code == 409
    assert [task["question"]["seed"] for task in worker.tasks] == [0, 2, 0]


def test_progress_is_told(client: TestClient, worker: Fake) -> None:
    name = ask(client, 0).json()["id"]
    found = until(lambda: (e := client.get(f"{API}/results/{name}").json())["done"] and e)
    assert (found["done"], found["total"]) == (1, 2), "as the worker counts"
    assert found["estimate_seconds"] > 0.0


def test_a_restart_finds_what_was_interrupted_and_goes_on(results: Path) -> None:
    """What ran and what waited are interrupted; resumed, the same task is done again."""
    before = Fake(held=True)
    with TestClient(create(Site(results, runner=before, asker=Fake())), base_url=HERE) as client:
        first, second = (ask(client, seed).json()["id"] for seed in range(2))
        until(lambda: status(client, first) == "running")
    after = Fake()
    with TestClient(create(Site(results, runner=after, asker=Fake())), base_url=HERE) as client:
        for name in (first, second):
            found = client.get(f"{API}/results/{name}").json()
            assert found["status"] == "interrupted"
            assert found["resumable"]
            assert found["title"] == "Russia and the post-Soviet space"
        assert client.post(f"{API}/results/{first}/resume").status_code == 202
        until(lambda: status(client, first) == "done")
        assert after.tasks == before.tasks
        assert status(client, second) == "interrupted"
    with TestClient(create(Site(results, runner=after, asker=Fake())), base_url=HERE) as client:
        assert client.get(f"{API}/results/{first}").status_code == 404, "done without leaving a result: nothing to show"
        assert status(client, second) == "interrupted"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(UserError("the folder is full", "Empty it."), "the folder is full. Empty it."), (Failure("It died"), "It died")],
)
def test_what_fails_says_why_and_the_next_one_runs(client: TestClient, worker: Fake, trouble: Exception, words: str) -> None:
    def answer(task: dict[str, Any]) -> None:
        if task["question"]["seed"] == 0:
            raise trouble

    worker.answer = answer
    first, second = (ask(client, seed).json()["id"] for seed in range(2))
    worker.go.set()
    until(lambda: status(client, second) == "done")
    found = client.get(f"{API}/results/{first}").json()
    assert found["status"] == "failed"
    assert found["error"] == words
    assert found["resumable"]


def test_what_the_command_line_left_unfinished_can_be_resumed(site: Site, results: Path, toy: Order, worker: Fake) -> None:
    """With the order it was begun with; while somebody else holds its folder, whatever the clock says, it is left to them."""
    manifest = results / run_id(toy) / "manifest.json"
    note = json.loads(manifest.read_text("utf-8"))
    note |= {"status": "running", "chunks": 1}
    manifest.write_text(json.dumps(note), encoding="utf-8")
    tomorrow = time.time() + 86_400
    os.utime(manifest, (tomorrow, tomorrow))
    worker.go.set()
    with TestClient(create(site), base_url=HERE) as client:
        with owned(results / run_id(toy)):
            until(lambda: status(client, run_id(toy)) == "running")
            assert client.get(f"{API}/results/{run_id(toy)}").json()["done"] == 256
            assert client.post(f"{API}/results/{run_id(toy)}/resume").status_code == 409
        until(lambda: status(client, run_id(toy)) == "interrupted")
        assert client.get(f"{API}/results/{run_id(toy)}/numbers").status_code == 409
        assert client.post(f"{API}/results/{run_id(toy)}/resume").status_code == 202
        until(lambda: worker.tasks)
        assert RunQuestion.of(worker.tasks[0]["question"]).order().hash == toy.hash
        assert worker.tasks[0]["folder"] == run_id(toy)


def test_another_versions_result_is_not_passed_off_as_this_ones(site: Site, results: Path, toy: Order) -> None:
    manifest = results / run_id(toy) / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"version": "', '"version": "0.0.'), encoding="utf-8")
    from explorer import RUNS, SEED, TOY

    with TestClient(create(site), base_url=HERE) as client:
        client.post(f"{API}/scenarios", json={"name": "toy", "text": TOY.read_text("utf-8")})
        refused = client.post(f"{API}/studies/run", json={"scenario": "toy", "runs": RUNS, "seed": SEED})
        assert refused.status_code == 409
        assert "0.0." in refused.json()["error"]


def test_damaged_notes_of_jobs_are_passed_over(results: Path) -> None:
    folder = results / ".explorer" / "jobs"
    folder.mkdir(parents=True)
    for name, text in (("a", ""), ("b", "{}"), ("c", '{"id": 1'), ("d", "[]")):
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    with TestClient(create(Site(results, runner=Fake(), asker=Fake())), base_url=HERE) as client:
        assert len(client.get(f"{API}/results").json()) == 2


def test_many_histories_at_once_are_refused_and_reads_go_on(results: Path, toy: Order) -> None:
    """Those who wait for one do not keep others from what is there."""
    from concurrent.futures import ThreadPoolExecutor

    asker = Fake(held=True)
    with TestClient(create(Site(results, runner=Fake(), asker=asker)), base_url=HERE) as client, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(client.get, f"{API}/results/{run_id(toy)}/histories/{number}") for number in range(8)]
        until(lambda: sum(one.done() for one in asked) == 8 - limits.ASKING)
        refused = [one.result() for one in asked if one.done()]
        assert {one.status_code for one in refused} == {429}
        assert client.get(f"{API}/orders").status_code == 200
        asker.go.set()
        assert sorted(one.result().status_code for one in asked) == [200] * limits.ASKING + [429] * 2
