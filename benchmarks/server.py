"""How the explorer bears a full house: 30 clients browsing while 4 runs wait and run.

    python benchmarks/server.py [--clients 30] [--runs 4] [--seconds 40] [--json]

Starts `hegemon serve` over a folder of its own, makes one result to look at, queues the runs, and lets every client read what
pages read, one request after the other with a thought in between, and listen for changes. Fails (exit code 1) where the 95th
percentile of reads is 250 ms or more, a request fails, or the server's memory grows without bound.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx2
import psutil

LIMIT_MS = 250.0
LIMIT_MB = 1_024.0
"""Memory of the server's own process, workers apart."""

PAUSE = 0.3
"""Mean seconds a client looks at what it has got."""


def pages(done: str) -> list[str]:
    """What the pages ask for; the result most often, in the thin forms in which maps and fans ask for it."""
    return ["/", "/api/v1/runs", "/api/v1/orders", "/api/v1/parameters", "/api/v1/mechanisms", "/api/v1/map/post-soviet",
            "/api/v1/history/post-soviet", "/api/v1/claims", f"/api/v1/runs/{done}", f"/api/v1/runs/{done}/result",
            f"/api/v1/runs/{done}/result?measures=autonomy,orientation", f"/api/v1/runs/{done}/result?measures=fear",
            f"/api/v1/runs/{done}/result?measures=hold,grievance,hierarchy", "/api/v1/about"]  # fmt: skip


def browse(address: str, addresses: list[str], until: float, seed: int, found: list[tuple[float, int, str]]) -> None:
    """One client: read, think, read."""
    luck = random.Random(seed)
    with httpx2.Client(base_url=address, timeout=30.0, trust_env=False) as client:
        while time.monotonic() < until:
            where = luck.choice(addresses)
            began = time.perf_counter()
            try:
                status = client.get(where).status_code
            except httpx2.HTTPError:
                status = 0
            found.append(((time.perf_counter() - began) * 1e3, status, where))
            time.sleep(luck.expovariate(1.0 / PAUSE))


def listen(address: str, until: float, heard: list[int]) -> None:
    """One tab."""
    from websockets.sync.client import connect

    with connect(f"{address.replace('http', 'ws')}/api/v1/changes", proxy=None) as socket:
        while time.monotonic() < until:
            try:
                heard.append(json.loads(socket.recv(timeout=max(until - time.monotonic(), 0.01)))["revision"])
            except TimeoutError:
                return


def wait(client: httpx2.Client, name: str, seconds: float) -> dict[str, Any]:
    """A run, once it is done."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        entry: dict[str, Any] = client.get(f"/api/v1/runs/{name}").json()
        if entry["status"] not in ("queued", "running"):
            return entry
        time.sleep(0.2)
    raise SystemExit(f"{name} is not done after {seconds} s")


def measure(clients: int, runs: int, seconds: float, results: Path) -> dict[str, Any]:
    """The whole load."""
    command = [sys.executable, "-m", "hegemon.cli.main", "serve", "--no-open", "--no-examples", "--json", "--port", "0"]
    command += ["--results", str(results)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = json.loads(server.stdout.readline())["address"].rstrip("/")
        process = psutil.Process(server.pid)
        with httpx2.Client(base_url=address, timeout=60.0, trust_env=False) as client:
            made = client.post("/api/v1/runs", json={"scenario": "post-soviet", "runs": 2_000}).json()["id"]
            assert wait(client, made, 240.0)["status"] == "done"
            asked = [{"scenario": "post-soviet", "runs": 50_000, "seed": seed} for seed in range(1, runs + 1)]
            queued = [client.post("/api/v1/runs", json=one).json()["id"] for one in asked]
            reads: list[tuple[float, int, str]] = []
            heard: list[int] = []
            until = time.monotonic() + seconds
            people = [threading.Thread(target=browse, args=(address, pages(made), until, i, reads)) for i in range(clients)]
            people += [threading.Thread(target=listen, args=(address, until, heard)) for _ in range(clients)]
            for person in people:
                person.start()
            memory: list[float] = []
            while any(person.is_alive() for person in people):
                memory.append(process.memory_info().rss / 2**20)
                time.sleep(0.5)
            states = [client.get(f"/api/v1/runs/{name}").json() for name in queued]
            workers = [child.memory_info().rss / 2**20 for child in process.children(recursive=True)]
            for entry in states:
                if entry["status"] in ("queued", "running"):
                    client.post(f"/api/v1/runs/{entry['id']}/cancel")
    finally:
        server.terminate()
        server.wait(20.0)
    times = sorted(ms for ms, _, _ in reads)
    slow = {where: statistics.quantiles([ms for ms, _, w in reads if w == where], n=20)[-1]
            for where in pages(made) if sum(w == where for _, _, w in reads) > 1}  # fmt: skip
    return {
        "clients": clients, "runs_queued": runs, "seconds": seconds, "reads": len(reads),
        "errors": sum(status != 200 for _, status, _ in reads),
        "p50_ms": round(times[len(times) // 2], 1), "p95_ms": round(times[int(0.95 * len(times))], 1),
        "max_ms": round(times[-1], 1), "slowest": {w.replace(made, "ID"): round(t, 1) for w, t in slow.items()},
        "revisions_heard": len(heard), "histories_simulated_meanwhile": sum(entry["done"] for entry in states),
        "failed_runs": sum(entry["status"] == "failed" for entry in states),
        "server_mb_first": round(memory[0], 1), "server_mb_last": round(memory[-1], 1), "server_mb_most": round(max(memory), 1),
        "workers_mb": [round(mb, 1) for mb in workers],
    }  # fmt: skip


def main() -> int:
    """Measure, say, judge."""
    parser = argparse.ArgumentParser(description="Load on the explorer.")
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(asked.clients, asked.runs, asked.seconds, Path(folder) / "results")
    good = (found["p95_ms"] < LIMIT_MS and not found["errors"] and not found["failed_runs"]
            and found["server_mb_most"] < LIMIT_MB and found["server_mb_last"] < found["server_mb_first"] + 300.0)  # fmt: skip
    if asked.json:
        print(json.dumps({**found, "holds": good}))
    else:
        for name, value in found.items():
            print(f"{name:32} {value}")
        print("holds" if good else f"does NOT hold: p95 under {LIMIT_MS:g} ms, no error, memory under {LIMIT_MB:g} MB")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
