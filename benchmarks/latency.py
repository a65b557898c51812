"""How long a user waits: help, the first run after install, and the second.

    python benchmarks/latency.py [--json]

Every command runs in a fresh process; the first run has an empty cache of compiled programs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time


def timed(command: list[str], folder: str, cache: str) -> dict[str, float]:
    """Wall and processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder, env={**os.environ, "HEGEMON_CACHE": cache})
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_seconds": round(wall, 2), "cpu_seconds": round(cpu, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    as_json = parser.parse_args().json
    hegemon = [sys.executable, "-m", "hegemon.cli.main"]
    with tempfile.TemporaryDirectory() as folder:
        cache = f"{folder}/cache"
        help_runs = [timed([*hegemon, "--help"], folder, cache) for _ in range(7)]
        found = {
            "help": {k: statistics.median(run[k] for run in help_runs) for k in help_runs[0]},
            "first_run": timed([*hegemon, "run", "post-soviet", "--out", "first"], folder, cache),
            "second_runs": [
                timed([*hegemon, "run", "post-soviet", "--out", f"again{i}"], folder, cache) for i in range(3)
            ],
            "finished_result": timed([*hegemon, "run", "post-soviet", "--out", "first"], folder, cache),
        }
    print(json.dumps(found, indent=1) if as_json else "\n".join(f"{k:16} {v}" for k, v in found.items()))


if __name__ == "__main__":
    main()
