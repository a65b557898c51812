"""Throughput and memory with Dask workers against the same cores in one process, and what an enormous ensemble would cost.

    python benchmarks/scale.py [--json] [--histories 100000] [--repeats 3] [--write docs/scale.md]

Both ways simulate the post-soviet order into a folder, in turn, each in a fresh process; rates leave the starting of
processes out (they are taken from the first tenth of the histories to the last). With --write, what stands between the
page's marks is replaced.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ONCE = """
import json, resource, sys, time
from pathlib import Path
import hegemon

def main():
    histories, out, how = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    ticks = []
    began = time.perf_counter()
    hegemon.simulate(hegemon.load("post-soviet"), histories, 1, out=out,
                     progress=lambda done, _: ticks.append((time.perf_counter() - began, done)), **how)
    wall = time.perf_counter() - began
    early = next(tick for tick in ticks if tick[1] >= histories / 10)
    rate = (ticks[-1][1] - early[1]) / (ticks[-1][0] - early[0])
    mine, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"wall": wall, "rate": rate, "cpu": sum(x.ru_utime + x.ru_stime for x in (mine, others)),
                      "client_mb": mine.ru_maxrss / 1024, "worker_mb": others.ru_maxrss / 1024}))

if __name__ == "__main__":
    main()
"""


def once(histories: int, how: dict[str, Any], keep: Path | None = None) -> dict[str, float]:
    """One run in a fresh process: seconds, histories per second, processor seconds, peak memory of client and workers."""
    with tempfile.TemporaryDirectory() as place:
        script = Path(place) / "once.py"
        script.write_text(ONCE)
        out = keep or Path(place) / "result"
        line = [sys.executable, str(script), str(histories), str(out), json.dumps(how)]
        done = subprocess.run(line, capture_output=True, text=True, check=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found


def disk(folder: Path) -> dict[str, int]:
    """Bytes and files of a result."""
    events = list(folder.glob("events/*.parquet"))
    rest = [file for file in folder.rglob("*") if file.is_file() and file not in events]
    return {
        "event_bytes": sum(file.stat().st_size for file in events),
        "event_files": len(events),
        "other_bytes": sum(file.stat().st_size for file in rest),
    }


def client_capacity(chunks: int = 16, rounds: int = 12) -> dict[str, float]:
    """How many histories a second one client can take in: unpacking, adding up and writing, workers left out."""
    import dataclasses

    import hegemon
    from hegemon.engine.gathering import Gathering
    from hegemon.engine.part import Job, compute
    from hegemon.engine.store import Folder
    from hegemon.engine.workers import Here
    from hegemon.opening import opening

    order, workers = hegemon.load("post-soviet"), Here()
    import jax

    first = 8  # beyond the histories whose trajectories are kept
    runs = workers.size * (first + chunks * rounds)
    job = Job(order, opening(order), 1, runs, workers.size, False, True, runs)
    begin = jax.device_put((job.start, order.parameters), jax.devices()[0])
    part = compute(job, range(first, first + chunks), jax.devices()[0], *begin)
    sent = pickle.dumps(part, protocol=5)
    with tempfile.TemporaryDirectory() as place:
        ledger = Gathering(job, Folder(Path(place), 0, lambda chunks: None), {})
        began = time.process_time()
        for number in range(rounds):
            ledger.take(dataclasses.replace(pickle.loads(sent), first=number * chunks))
        seconds = time.process_time() - began
    histories = chunks * workers.size
    return {"taken_per_second": rounds * histories / seconds, "bytes_per_history": len(sent) / histories}


def measure(histories: int, repeats: int, workers: int) -> dict[str, Any]:
    """Both ways in turn."""
    here, there = [], []
    with tempfile.TemporaryDirectory() as place:
        kept = Path(place) / "kept"
        for number in range(repeats):
            here.append(once(histories, {}))
            there.append(once(histories, {"workers": workers}, kept if number == 0 else None))
        stored = disk(kept)
    few = once(max(histories // 10, 3_000), {"workers": workers})

    def middle(rows: list[dict[str, float]], key: str) -> float:
        return statistics.median(row[key] for row in rows)

    ratios = sorted(b["rate"] / a["rate"] for a, b in zip(here, there, strict=True))
    walls = sorted(a["wall"] / b["wall"] for a, b in zip(here, there, strict=True))
    return {
        "histories": histories,
        "repeats": repeats,
        "workers": workers,
        "cores": os.cpu_count(),
        "load_now": round(os.getloadavg()[1], 1),
        "one_process_histories_per_second": round(middle(here, "rate")),
        "workers_histories_per_second": round(middle(there, "rate")),
        "ratio": round(statistics.median(ratios), 2),
        "ratio_range": [round(ratios[0], 2), round(ratios[-1], 2)],
        "whole_call_ratio": round(statistics.median(walls), 2),
        "one_process_cpu_seconds": round(middle(here, "cpu"), 1),
        "workers_cpu_seconds": round(middle(there, "cpu"), 1),
        "one_process_peak_mb": round(middle(here, "client_mb")),
        "client_peak_mb": round(middle(there, "client_mb")),
        "worker_peak_mb": round(middle(there, "worker_mb")),
        "client_peak_mb_at_a_tenth": round(few["client_mb"]),
        "worker_peak_mb_at_a_tenth": round(few["worker_mb"]),
        **{f"{name}_per_history": round(stored[f"{name}_bytes"] / histories, 1) for name in ("event",)},
        "event_files": stored["event_files"],
        "other_bytes": stored["other_bytes"],
        **{name: round(value) for name, value in client_capacity().items()},
    }


MARKS = re.compile(r"(<!-- measured: [^\n]* -->\n).*?(<!-- end of measured -->)", re.DOTALL)


def table(found: dict[str, Any]) -> str:
    """What was measured, and what it means for enormous ensembles, as Markdown."""
    per_core = found["workers_histories_per_second"] / found["workers"]
    core_hours = 1e9 / per_core / 3600.0
    low, high = found["ratio_range"]
    rows = [
        ("one process, all its cores", f"{found['one_process_histories_per_second']:,} histories per second"),
        (f"{found['workers']} workers", f"{found['workers_histories_per_second']:,} histories per second"),
        ("workers against one process, median of pairs (range)", f"{found['ratio']} ({low} to {high})"),
        ("the same with the starting of processes", f"{found['whole_call_ratio']}"),
        ("the same by processor time, which others on the machine change less",
         f"{found['one_process_cpu_seconds'] / found['workers_cpu_seconds']:.2f} ({found['one_process_cpu_seconds']:,.0f} s "
         f"against {found['workers_cpu_seconds']:,.0f} s, starting included)"),
        ("peak memory of the client", f"{found['client_peak_mb']:,} MB ({found['client_peak_mb_at_a_tenth']:,} MB with a tenth "
                                      "of the histories)"),
        ("peak memory of a worker", f"{found['worker_peak_mb']:,} MB ({found['worker_peak_mb_at_a_tenth']:,} MB)"),
        ("sent to the client", f"{found['bytes_per_history']:,} bytes per history"),
        ("written to disk", f"{found['event_per_history']:.0f} bytes per history"),
        ("what one client can take in", f"{found['taken_per_second']:,} histories per second, about "
                                        f"{found['taken_per_second'] / per_core:,.0f} cores"),
    ]  # fmt: skip
    costs = [
        (f"10^{power}", f"{core_hours * 10.0 ** (power - 9):,.0f}", f"{10.0**power * found['event_per_history'] / 1e12:,.2f}",
         f"{10.0**power / found['taken_per_second'] / 3600.0:,.1f}")
        for power in (8, 9, 10)
    ]  # fmt: skip
    lines = [
        f"{found['histories']:,} histories of `post-soviet`, {found['repeats']} times each way in turn, {found['cores']} cores, "
        f"load {found['load_now']} when done (other programs included).",
        "", "| what | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows), "",
        "From these, for ensembles that have not been run:",
        "", "| histories | core hours | terabytes of crises | hours of one client |", "| ---: | ---: | ---: | ---: |",
        *(f"| {' | '.join(row)} |" for row in costs),
    ]  # fmt: skip
    return "\n" + "\n".join(lines) + "\n\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--histories", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    asked = parser.parse_args()
    found = measure(asked.histories, asked.repeats, asked.workers)
    if asked.write is not None:
        page = asked.write.read_text(encoding="utf-8")
        asked.write.write_text(MARKS.sub(lambda m: m[1] + table(found) + m[2], page), encoding="utf-8")
    print(json.dumps(found, indent=1) if asked.json else table(found))


if __name__ == "__main__":
    main()
