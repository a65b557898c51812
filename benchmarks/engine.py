"""How fast the engine is, against the same model in Mesa, and how much memory it takes.

    python benchmarks/engine.py [--json] [--repeats 5] [--histories 10000] [--no-memory]

Rates are state-quarters (neighbours x quarters x histories) per second of the post-soviet order, summaries only,
compilation left out; the engine and its peer take turns, medians are reported. Memory is the peak of a fresh process.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def engine_rates(histories: int) -> Any:
    """A function that runs the engine once and returns (whole call, chunks alone) in state-quarters per second."""
    import hegemon
    from hegemon import runtime
    from hegemon.dice import split_seed
    from hegemon.opening import opening

    order = hegemon.load("post-soviet")
    per_history = len(order.states) * len(order.quarters)
    runtime.prepare()
    import jax

    from hegemon.engine.program import chunk_size, launch, placed
    from hegemon.engine.simulate import simulated

    start, size = opening(order), chunk_size()
    count = -(-histories // size)
    devices = min(len(jax.devices()), count)
    everywhere = placed((start, order.parameters), devices)

    def chunks_alone() -> float:
        began = time.perf_counter()
        results = [
            launch(jax.devices()[c % devices], *everywhere[c % devices], split_seed(1), c, histories,
                   size=size, trajectories=0)[0]
            for c in range(count)
        ]  # fmt: skip
        jax.block_until_ready(results)
        return count * size * per_history / (time.perf_counter() - began)

    def once() -> tuple[float, float]:
        began = time.perf_counter()
        simulated(order, histories, 1)
        whole = histories * per_history / (time.perf_counter() - began)
        return whole, chunks_alone()

    once()
    return once


def mesa_rate() -> float:
    """State-quarters per second of the Mesa port, a few histories, in its own process."""
    command = [sys.executable, str(HERE / "peers" / "mesa_order.py"), "--histories", "2", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["state_quarters_per_second"])


def peak_memory(histories: int) -> float:
    """Peak resident memory of a fresh process that simulates so many histories, in MB."""
    code = (
        "import resource, hegemon;"
        "from hegemon.engine.simulate import simulated;"
        f"simulated(hegemon.load('post-soviet'), {histories}, 1);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def measure(histories: int, repeats: int, memory: bool) -> dict[str, Any]:
    """Everything, interleaved."""
    import jax

    run = engine_rates(histories)
    rates, peers = [], []
    for _ in range(repeats):
        rates.append(run())
        peers.append(mesa_rate())
    whole, alone = (statistics.median(rate[i] for rate in rates) for i in (0, 1))
    peer = statistics.median(peers)
    found: dict[str, Any] = {
        "histories": histories,
        "repeats": repeats,
        "devices": [d.device_kind for d in jax.devices()],
        "machine": platform.processor() or platform.machine(),
        "simulate_state_quarters_per_second": round(whole),
        "simulate_range": [round(min(r[0] for r in rates)), round(max(r[0] for r in rates))],
        "chunks_state_quarters_per_second": round(alone),
        "chunks_range": [round(min(r[1] for r in rates)), round(max(r[1] for r in rates))],
        "mesa_state_quarters_per_second": round(peer),
        "ratio_to_mesa": round(whole / peer),
    }
    if memory:
        found["peak_memory_mb"] = {str(n): round(peak_memory(n)) for n in (10_000, 100_000)}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--no-memory", dest="memory", action="store_false")
    asked = parser.parse_args()
    found = measure(asked.histories, asked.repeats, asked.memory)
    if asked.json:
        print(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        print(
            f"{name.replace('_', ' '):40} {value:,}"
            if isinstance(value, int)
            else f"{name.replace('_', ' '):40} {value}"
        )


if __name__ == "__main__":
    main()
