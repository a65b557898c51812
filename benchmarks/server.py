"""How long a reader waits: alone, and in a full house of 30 clients browsing while 4 runs wait and run.

    python benchmarks/server.py [--clients 30] [--runs 4] [--seconds 40] [--json]

Starts `hegemon serve` over a folder of its own, makes one result to look at, and lets a single client read what pages read,
one request after the other with a thought in between; then queues the runs, and lets every client do so and listen for changes.
Fails (exit code 1) where the 95th percentile of reads is 25 ms or more alone, 100 ms or more in a full house, a request fails,
or the server's memory grows without bound.
"""

from __future__ import annotations

import argparse
import http.client
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
from urllib.parse import urlsplit

import httpx2
import psutil

ALONE_MS, LIMIT_MS = 25.0, 100.0
"""Milliseconds under which 95 reads in 100 stay: of a single client, and of all."""
LIMIT_MB = 1_024.0
"""Memory of the server's own process, workers apart."""

PAUSE = 0.3
"""Mean seconds a client looks at what it has got."""


def pages(done: str) -> list[str]:
    """What the pages ask for; the result most often, in the thin forms in which maps and fans ask for it."""
    return ["/", "/api/v1/results", "/api/v1/orders", "/api/v1/parameters", "/api/v1/mechanisms", "/api/v1/map/post-soviet",
            "/api/v1/history/post-soviet", "/api/v1/claims", f"/api/v1/results/{done}", f"/api/v1/results/{done}/numbers",
            f"/api/v1/results/{done}/numbers?measures=autonomy,orientation", f"/api/v1/results/{done}/numbers?measures=fear",
            f"/api/v1/results/{done}/numbers?measures=hold,grievance,hierarchy", "/api/v1/about"]  # fmt: skip


def browse(
    address: str, addresses: list[str], until: float, seed: int, found: list[tuple[float, int, str]], pause: float = PAUSE
) -> None:
    """One client, with a connection that it keeps, as browsers do: read, think, read."""
    luck, there = random.Random(seed), urlsplit(address).netloc
    client = http.client.HTTPConnection(there, timeout=30.0)
    while time.monotonic() < until:
        where = luck.choice(addresses)
        began = time.perf_counter()
        try:
            client.request("GET", where, headers={"accept-encoding": "gzip"})
            answer = client.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            client.close()
            status = 0
        found.append(((time.perf_counter() - began) * 1e3, status, where))
        time.sleep(luck.expovariate(1.0 / pause))
    client.close()


def middle(reads: list[tuple[float, int, str]]) -> dict[str, float]:
    """Milliseconds in which half of the reads, and 95 of 100, were answered."""
    times = sorted(ms for ms, _, _ in reads)
    return {"p50_ms": round(times[len(times) // 2], 1), "p95_ms": round(times[int(0.95 * len(times))], 1)}


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
        entry: dict[str, Any] = client.get(f"/api/v1/results/{name}").json()
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
            made = client.post("/api/v1/studies/run", json={"scenario": "post-soviet", "runs": 2_000}).json()["id"]
            assert wait(client, made, 240.0)["status"] == "done"
            alone: list[tuple[float, int, str]] = []
            for where in pages(made):  # what is made when it is first asked for is there
                client.get(where)
            browse(address, pages(made), time.monotonic() + seconds / 2, 0, alone, PAUSE / 6)
            asked = [{"scenario": "post-soviet", "runs": 50_000, "seed": seed} for seed in range(1, runs + 1)]
            queued = [client.post("/api/v1/studies/run", json=one).json()["id"] for one in asked]
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
            states = [client.get(f"/api/v1/results/{name}").json() for name in queued]
            workers = [child.memory_info().rss / 2**20 for child in process.children(recursive=True)]
            for entry in states:
                if entry["status"] in ("queued", "running"):
                    client.post(f"/api/v1/results/{entry['id']}/cancel")
    finally:
        server.terminate()
        server.wait(20.0)
    times = sorted(ms for ms, _, _ in reads)
    slow = {where: statistics.quantiles([ms for ms, _, w in reads if w == where], n=20)[-1]
            for where in pages(made) if sum(w == where for _, _, w in reads) > 1}  # fmt: skip
    return {
        "alone": middle(alone), "clients": clients, "runs_queued": runs, "seconds": seconds, "reads": len(reads),
        "errors": sum(status != 200 for _, status, _ in alone + reads), **middle(reads),
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
    good = (found["alone"]["p95_ms"] < ALONE_MS and found["p95_ms"] < LIMIT_MS
            and not found["errors"] and not found["failed_runs"]
            and found["server_mb_most"] < LIMIT_MB and found["server_mb_last"] < found["server_mb_first"] + 300.0)  # fmt: skip
    if asked.json:
        print(json.dumps({**found, "holds": good}))
    else:
        for name, value in found.items():
            print(f"{name:32} {value}")
        wanted = f"p95 under {ALONE_MS:g} ms alone, {LIMIT_MS:g} ms in a full house; no error; memory under {LIMIT_MB:g} MB"
        print("holds" if good else f"does NOT hold: {wanted}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
