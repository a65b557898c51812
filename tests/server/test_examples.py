"""Worked examples: answered when nobody waits, kept for the next explorer, and told from what somebody asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from explorer import API, HERE, Fake, until
from starlette.testclient import TestClient

from hegemon.server import limits
from hegemon.server.app import create
from hegemon.server.site import Site


def explorer(results: Path, runner: Fake, *, prepared: bool = True) -> TestClient:
    return TestClient(create(Site(results, runner=runner, asker=Fake()), prepared=prepared), base_url=HERE)


def states(client: TestClient) -> list[str | None]:
    """How far the examples are, in the order of the page."""
    return [e["entry"] and e["entry"]["status"] for e in client.get(f"{API}/examples").json()]


def ask(client: TestClient, seed: int) -> Any:
    return client.post(f"{API}/studies/run", json={"scenario": "post-soviet", "runs": 10, "seed": seed})


def test_a_cold_store_prepares_them_one_after_the_other(results: Path) -> None:
    runner = Fake(held=True)
    with explorer(results, runner) as client:
        until(lambda: states(client) == ["running", "queued", "queued"])
        found = client.get(f"{API}/examples").json()
        assert [e["study"] for e in found] == ["run", "compare", "compare"]
        assert [e["id"] for e in found] == [e["entry"]["id"] for e in found]
        runner.go.set()
        until(lambda: states(client) == ["done", "done", "done"])
    assert [task["study"] for task in runner.tasks] == ["run", "compare", "compare"]


def test_whoever_asks_goes_first_and_finds_the_queue_empty(results: Path) -> None:
    """One that runs is let finish; those that wait count for nothing, until somebody opens one."""
    runner = Fake(held=True)
    with explorer(results, runner) as client:
        until(lambda: states(client) == ["running", "queued", "queued"])
        wanted = [ask(client, seed) for seed in range(limits.WAITING)]
        assert {answer.status_code for answer in wanted} == {202}
        assert ask(client, 99).status_code == 429
        found = client.get(f"{API}/examples").json()
        last = found[2]
        assert client.post(f"{API}/studies/compare", json=last["question"]).json()["id"] == last["id"], "it is there already"
        runner.go.set()
        until(lambda: states(client) == ["done", "done", "done"])
    done = [task["folder"] for task in runner.tasks]
    assert done[-2:] == [last["id"], found[1]["id"]], "the one that nobody opened comes last"
    assert [task["question"]["seed"] for task in runner.tasks] == [7, *range(limits.WAITING), 7, 7]


def test_what_is_cancelled_stays_cancelled_and_what_was_interrupted_goes_on(results: Path) -> None:
    """Also in the next explorer; without examples nothing is begun, and the cards are there all the same."""
    first = Fake(held=True)
    with explorer(results, first) as client:
        until(lambda: states(client) == ["running", "queued", "queued"])
        second = client.get(f"{API}/examples").json()[1]["id"]
        assert client.post(f"{API}/results/{second}/cancel").status_code == 202
    with explorer(results, Fake(), prepared=False) as client:
        assert states(client) == ["interrupted", "cancelled", "interrupted"]
    last = Fake()
    with explorer(results, last) as client:
        until(lambda: states(client) == ["done", "cancelled", "done"])
    assert [task["study"] for task in last.tasks] == ["run", "compare"]


def test_without_them_the_cards_say_what_is_asked(results: Path) -> None:
    runner = Fake()
    with explorer(results, runner, prepared=False) as client:
        assert states(client) == [None, None, None]
        found = client.get(f"{API}/examples").json()
        assert client.post(f"{API}/studies/run", json=found[0]["question"]).json()["id"] == found[0]["id"]
        until(lambda: states(client) == ["done", None, None])
    assert len(runner.tasks) == 1
