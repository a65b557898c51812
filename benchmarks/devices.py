"""How fast each kind of device is, at which size of chunk, and whether their histories are the same in distribution.

    python benchmarks/devices.py [--platforms cuda cpu] [--sizes 16384 65536] [--histories 200000]

Every measurement is a fresh process on one platform. Rates are histories of the post-soviet order per second: chunks
alone, all devices busy, compilation left out, by size of chunk; and the whole call that writes a result into a folder.
Agreement: means over histories of other seeds must differ by no more than luck, and with the same seed most histories are
the same ones, crisis by crisis.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

START = """
import json, statistics, sys, time
import numpy as np
import hegemon
from hegemon import runtime
runtime.prepare()
import jax
from hegemon.dice import split_seed
from hegemon.engine.program import chunk_size, launch, placed
from hegemon.opening import opening
order = hegemon.load("post-soviet")
"""

CHUNKS = START + """
size, start = int(sys.argv[1]), opening(order)
devices = jax.devices()
everywhere = placed((start, order.parameters), len(devices))
def go(rounds):
    began = time.perf_counter()
    jax.block_until_ready([launch(where, *given, split_seed(1), r, size * rounds, size=size, trajectories=0)[:2]
                           for r in range(rounds) for where, given in zip(devices, everywhere)])
    return time.perf_counter() - began
began = time.perf_counter()
go(1)
compiled = time.perf_counter() - began
rounds = max(2, min(64, int(2.0 / go(1))))
rates = [rounds * size * len(devices) / go(rounds) for _ in range(5)]
memory = devices[0].memory_stats() or {}
print(json.dumps({"kind": devices[0].device_kind, "devices": len(devices), "rate": statistics.median(rates),
                  "range": [min(rates), max(rates)], "first_call_seconds": compiled,
                  "peak_bytes": memory.get("peak_bytes_in_use")}))
"""

WHOLE = START + """
import resource
histories, crises, seed, out = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
hegemon.simulate(order, max(2 * chunk_size(), 8192), 0, parameters="mean", crises=1)  # compiles
began = time.perf_counter()
hegemon.simulate(order, histories, seed, parameters="mean", out=out, crises=crises)
rate = histories / (time.perf_counter() - began)
print(json.dumps({"histories": histories, "crises": crises, "chunk": chunk_size(), "rate": rate,
                  "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
FEW = 20_000
"""Histories whose crises are written where not all are."""


def run(platform: str, code: str, *words: str) -> dict[str, Any]:
    """One measurement in a fresh process on a platform; told on standard error as soon as it is there."""
    environment = {**os.environ, "JAX_PLATFORMS": platform}
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{platform} {words}: {done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(platform, *words[:2], found, file=sys.stderr, flush=True)
    return found


def agreement(one: Path, other: Path, again: Path) -> dict[str, float]:
    """How many standard errors the means of `one` and `other` (other seeds) are apart; which share of the histories in memory
    is the same, crisis by crisis, in `one` and `again` (the same seed)."""
    import numpy as np
    import pandas as pd

    import hegemon

    a, b, c = (hegemon.open(path) for path in (one, other, again))
    runs = [x.summary.attrs["runs"] for x in (a, b)]
    scores = []
    for name in [str(v).removesuffix("_mean") for v in a.summary if str(v).endswith("_mean")]:
        error = np.sqrt(sum(x.summary[f"{name}_sd"].values ** 2 / n for x, n in zip((a, b), runs, strict=True)))
        gap = (a.summary[f"{name}_mean"] - b.summary[f"{name}_mean"]).values
        scores.append((gap[error > 1e-7] / error[error > 1e-7]).ravel())
    z = np.abs(np.concatenate(scores))
    counts = [x.summary["event_count"].sum(("quarter", "state")).values / n for x, n in zip((a, b), runs, strict=True)]
    each = [pd.util.hash_pandas_object(x.events.drop(columns="run"), index=False).groupby(x.events["run"]).sum() for x in (a, c)]
    both = each[0].index.intersection(each[1].index)
    return {"means": len(z), "beyond_2_errors": float((z > 2).mean()), "largest": float(z.max()),
            "largest_gap_in_crises_per_history": float(np.abs(counts[0] - counts[1]).max()),
            "same_histories": float((each[0][both] == each[1][both]).mean()), "compared_histories": len(both)}  # fmt: skip


def measure(platforms: list[str], sizes: list[int], histories: int) -> dict[str, Any]:
    """Everything."""
    found: dict[str, Any] = {"cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as place:
        for platform in platforms:
            many = histories * (1 if platform == "cpu" else 10)
            found[platform] = {
                "chunks": {str(size): run(platform, CHUNKS, str(size)) for size in (sizes if platform != "cpu" else [256])},
                "counted": run(platform, WHOLE, str(many), str(FEW), "1", f"{place}/{platform}-counted"),
                "listed": run(platform, WHOLE, str(histories), str(histories), "1", f"{place}/{platform}"),
            }
        if len(platforms) == 2:
            one, other = platforms
            run(other, WHOLE, str(histories), str(FEW), "2", f"{place}/luck")
            found["agreement"] = agreement(Path(place, one + "-counted"), Path(place, "luck"), Path(place, other))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platforms", nargs="+", default=["cpu"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[4096, 16384, 65536])
    parser.add_argument("--histories", type=int, default=200_000)
    asked = parser.parse_args()
    found = measure(asked.platforms, asked.sizes, asked.histories)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
