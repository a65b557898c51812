"""The explorer as a process of its own: killed in the middle of a run, stopped with open sockets, simulating for real."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from explorer import API, RUNS, SEED, TOY, run_id, until

import hegemon
from hegemon.cli.serve import bound
from hegemon.order import Order
from hegemon.studies.folder import open_result

LONG = 40_000


@contextmanager
def explorer(results: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    """`hegemon serve` over a folder, and a client that talks to it."""
    words = [sys.executable, "-m", "hegemon.cli.main", "serve", "--no-open", "--no-examples", "--json", "--port", "0",
             "--results", str(results)]  # fmt: skip
    process = subprocess.Popen([*words, *more], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        with httpx2.Client(base_url=said["address"].partition("?")[0], timeout=120.0, trust_env=False) as client:
            yield process, client
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    return [int(word) for file in Path(f"/proc/{pid}/task").glob("*/children") for word in file.read_text("ascii").split()]


def alive(pid: int) -> bool:
    """Whether a process is there and not only its remains."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")


def test_small_answers_are_sent_at_once() -> None:
    """A socket whose protocol is not named waits 40 ms with the end of every answer, until what was sent before is confirmed."""

    async def quick() -> bool:
        seen = asyncio.get_running_loop().create_future()
        server = await asyncio.start_server(lambda _, out: seen.set_result(out), sock=bound("127.0.0.1", 0))
        async with server:
            _, mine = await asyncio.open_connection(*server.sockets[0].getsockname())
            theirs: asyncio.StreamWriter = await seen
            found = theirs.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for each in (mine, theirs):
                each.close()
                await each.wait_closed()
            return bool(found)

    assert asyncio.run(quick())


@pytest.mark.slow
@linux
def test_a_killed_explorer_loses_no_finished_chunk_and_the_result_is_the_same_to_the_bit(tmp_path: Path, toy: Order) -> None:
    """kill -9 in the middle; its worker goes too; the next explorer goes on, and ends where an undisturbed run does."""
    results = tmp_path / "results"
    with explorer(results) as (process, client):
        assert client.post(f"{API}/scenarios", json={"name": "toy", "text": TOY.read_text("utf-8")}).status_code == 201
        name = client.post(f"{API}/studies/run", json={"scenario": "toy", "runs": LONG, "seed": 5}).json()["id"]

        def begun() -> Any:
            found = client.get(f"{API}/results/{name}").json()
            assert found["status"] in ("queued", "running"), found
            return found["done"] >= 512 and found

        until(begun, 120.0)
        workers = children(process.pid)
        assert workers
        process.send_signal(signal.SIGKILL)
        process.wait()
        until(lambda: not any(alive(pid) for pid in workers))
    kept = json.loads((results / name / "manifest.json").read_text("utf-8"))
    assert 0 < kept["chunks"] < LONG // kept["made"]["chunk"]
    with explorer(results) as (process, client):
        found = client.get(f"{API}/results/{name}").json()
        assert found["status"] == "interrupted"
        assert client.post(f"{API}/results/{name}/resume").status_code == 202
        least = until(lambda: client.get(f"{API}/results/{name}").json()["done"])
        assert least >= min(kept["chunks"] * kept["made"]["chunk"], found["done"]), "it begins where it was left"
        until(lambda: client.get(f"{API}/results/{name}").json()["status"] == "done", 120.0)
        assert client.get(f"{API}/results/{name}/numbers?measures=autonomy").json()["attrs"]["runs"] == LONG
    undisturbed = hegemon.simulate(toy, LONG, 5, out=tmp_path / "alone")
    assert open_result(results / name).summary.drop_attrs().equals(undisturbed.summary.drop_attrs())
    assert open_result(results / name).events.equals(undisturbed.events)


@pytest.mark.slow
@linux
def test_it_stops_cleanly_with_open_sockets_and_a_running_job(results: Path) -> None:
    """SIGTERM: tabs are told, the worker ends, and the run is there to be resumed."""
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    def last_word(socket: Any) -> int:
        try:
            while True:
                socket.recv(timeout=5.0)
        except ConnectionClosed as closed:
            return 0 if closed.rcvd is None else closed.rcvd.code

    with explorer(results) as (process, client), ExitStack() as tabs:
        address = str(client.base_url).replace("http", "ws").rstrip("/")
        sockets = [tabs.enter_context(connect(f"{address}{API}/changes", proxy=None)) for _ in range(5)]
        for socket in sockets:
            assert "revision" in json.loads(socket.recv())
        name = client.post(f"{API}/studies/run", json={"scenario": "post-soviet", "runs": 100_000}).json()["id"]
        until(lambda: client.get(f"{API}/results/{name}").json()["status"] == "running")
        workers = until(lambda: children(process.pid))
        process.send_signal(signal.SIGTERM)
        process.wait(10.0)
        assert {last_word(socket) for socket in sockets} <= {1001, 1012}
        until(lambda: not any(alive(pid) for pid in workers))
    note = json.loads((results / ".explorer" / "jobs" / f"{name}.json").read_text("utf-8"))
    assert note["status"] == "interrupted"


@pytest.mark.slow
def test_a_history_is_the_one_that_was_counted(results: Path, toy: Order) -> None:
    """Simulated again to be shown, history r has the crises that are stored; the worker answers, then cancels, then goes on."""
    with explorer(results) as (_, client):
        stored = open_result(results / run_id(toy)).events
        for number in (0, 7, RUNS - 1):
            found = client.get(f"{API}/results/{run_id(toy)}/histories/{number}").json()
            mine = stored[stored["run"] == number]
            assert [e["quarter"] for e in found["events"]] == list(mine["quarter"].astype(str))
            assert [e["instrument"] for e in found["events"]] == list(mine["instrument"].astype(str))
            assert np.array(found["measures"]["hold"]).shape == (3, len(toy.quarters))
        assert client.get(f"{API}/results/{run_id(toy)}/histories/{RUNS}").status_code == 404
        whole = hegemon.simulate(toy, RUNS, SEED, keep=True).data
        last = client.get(f"{API}/results/{run_id(toy)}/histories/{RUNS - 1}").json()
        want = whole["hold"].sel(run=RUNS - 1).transpose("state", "quarter").values
        np.testing.assert_allclose(np.array(last["measures"]["hold"]), want, atol=5.1e-5)
        page = client.get(f"{API}/results/{run_id(toy)}/download?format=html")
        assert page.status_code == 200
        assert "A toy order" in page.text
        bundle = client.get(f"{API}/results/{run_id(toy)}/download?format=bundle")
        assert bundle.content[:2] == b"PK"


@pytest.mark.slow
def test_a_running_job_is_cancelled_between_chunks(results: Path) -> None:
    """What is finished stays; the next job runs in the same worker."""
    with explorer(results) as (_, client):
        client.post(f"{API}/scenarios", json={"name": "toy", "text": TOY.read_text("utf-8")})
        name = client.post(f"{API}/studies/run", json={"scenario": "toy", "runs": 100_000}).json()["id"]
        until(lambda: client.get(f"{API}/results/{name}").json()["done"] >= 256, 120.0)
        assert client.post(f"{API}/results/{name}/cancel").status_code == 202
        until(lambda: client.get(f"{API}/results/{name}").json()["status"] == "cancelled", 30.0)
        kept = json.loads((results / name / "manifest.json").read_text("utf-8"))
        assert kept["chunks"] > 0
        other = client.post(f"{API}/studies/run", json={"scenario": "toy", "runs": 256, "seed": 11}).json()["id"]
        until(lambda: client.get(f"{API}/results/{other}").json()["status"] == "done", 60.0)
        assert open_result(results / other).question.line == "hegemon run toy --runs 256 --seed 11"


@pytest.mark.slow
def test_the_network_is_let_in_only_when_asked(results: Path) -> None:
    """--lan prints a token that is needed; without it the socket is bound to this machine alone."""
    with explorer(results, "--lan") as (process, client):
        assert client.get("/").status_code == 401
        port = client.base_url.port
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as here:
            assert here.get("/").status_code == 401, "this machine needs it too"
        process.terminate()
    if Path("/proc/net/tcp").exists():
        with explorer(results) as (_, client):
            ending = f":{client.base_url.port:04X}"
            lines = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()]
            bound = {line[1] for line in lines if line[1].endswith(ending) and line[3] == "0A"}
            assert bound == {f"0100007F{ending}"}


def test_a_port_that_is_taken_is_one_sentence(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    from hegemon.cli.main import main

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port), "--no-open", "--results", os.fspath(results)]) == 2
    assert f"port {port} cannot be used" in capsys.readouterr().err
