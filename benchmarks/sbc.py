"""Simulation-based calibration of the post-soviet order: records written by the model, its parameters sought again.

    python benchmarks/sbc.py [--process matched] [--method sampled] [--records 50] [--workers 2] [--json]
    python benchmarks/sbc.py --records 0 --page docs/sbc.md

Every finished record is one small file under results/sbc/; stopping loses the records under way and no other, and the same
command goes on. Files of another version of the model are made again. --page writes the page and its pictures from all
finished records.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

FOLDER = Path("results/sbc")


def laid_out() -> Any:
    """The order's data: where it starts, and which ties are observed in which years."""
    from hegemon.evidence import orientation
    from hegemon.inference.record import lay_out
    from hegemon.order import load

    order = load("post-soviet")
    return lay_out(order, ties=orientation("post-soviet", order.poles)).data


def place(process: str, method: str, record: int) -> Path:
    return FOLDER / f"{process}-{method}-{record:04d}.npz"


def finished(data: Any, process: str, method: str, records: int | None = None) -> dict[int, Any]:
    """Outcomes on disk that this version of the model has made, by record."""
    import sbc_ranks as sbc

    found = {}
    for path in sorted(FOLDER.glob(f"{process}-{method}-*.npz")):
        number = int(path.stem.rsplit("-", 1)[1])
        if records is None or number < records:
            outcome = sbc.read(path)
            if sbc.still(outcome, data):
                found[number] = outcome
    return found


def work(data: Any, asked: argparse.Namespace) -> None:
    """Do the records that are missing, one per worker and core."""
    import jax

    import sbc_ranks as sbc

    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = finished(data, asked.process, asked.method, asked.records)
    done = {record for record, outcome in kept.items() if not sbc.may_go_on(outcome.made)}
    missing = [r for r in range(asked.records) if r not in done]
    print(f"{asked.process}, {asked.method}: {len(done)} finished, {len(missing)} to do", flush=True)
    stop, devices = threading.Event(), jax.devices()
    free = list(range(asked.workers))
    lock = threading.Lock()

    def one(record: int) -> Any:
        with lock:
            mine = free.pop()
        try:
            device = devices[mine % len(devices)]
            with jax.default_device(device):
                found = sbc.run(data, asked.process, asked.method, asked.seed, record, device=device, stop=stop)
            found.save(place(asked.process, asked.method, record))
            return found
        finally:
            with lock:
                free.append(mine)

    pool = ThreadPoolExecutor(asked.workers)
    try:
        for job in as_completed([pool.submit(one, record) for record in missing]):
            made = job.result().made
            told = ", ".join(f"{k} {v:.3g}" for k, v in made.items() if isinstance(v, float))
            print(f"{time.strftime('%H:%M:%S')} record {made['record']}: {made['crises']} crises, {told}", flush=True)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def verdict(outcomes: list[Any]) -> dict[str, Any]:
    """What the ranks say, in numbers."""
    import numpy as np

    import sbc_ranks as sbc

    rows = sbc.table(outcomes)
    parameters = rows.drop(sbc.WHOLE_RECORD)
    moved = parameters[parameters["contraction"] >= 0.1]
    made = [o.made for o in outcomes]
    found: dict[str, Any] = {
        "records": len(outcomes),
        "crises": [int(np.quantile([m["crises"] for m in made], q)) for q in (0.0, 0.5, 1.0)],
        "parameters": len(parameters),
        "outside": int(parameters["outside"].sum()),
        "moved": len(moved),
        "moved_outside": int(moved["outside"].sum()),
        "whole_record_p": round(float(rows.loc[sbc.WHOLE_RECORD, "p"]), 4),
        "seconds_per_record": round(float(np.median([m["seconds"] for m in made])), 1),
    }
    for name in ("rhat", "ess_least", "ess_median", "diverging", "steps"):
        if name in made[0]:
            numbers = [m[name] for m in made]
            found[name] = [round(float(np.quantile(numbers, q)), 4) for q in (0.0, 0.5, 1.0)]
    columns = ["p", "bias", "width", "contraction"]
    found["worst"] = {str(n): [round(float(v), 4) for v in row] for n, row in
                      zip(rows.index[:12], rows[columns].to_numpy()[:12], strict=True)}  # fmt: skip
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--process", choices=("matched", "full"), default="matched", help="who writes the records")
    parser.add_argument("--method", choices=("sampled", "laplace"), default="sampled")
    parser.add_argument("--records", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2, help="records at a time, one core each")
    parser.add_argument("--page", type=Path, help="write the page, docs/sbc.md, and its pictures")
    parser.add_argument("--json", action="store_true", help="print one JSON document in the end")
    asked = parser.parse_args()

    from hegemon import runtime

    runtime.prepare()
    data = laid_out()
    if asked.records:
        try:
            work(data, asked)
        except KeyboardInterrupt:
            print("stopped; the same command goes on")
            return
    if asked.page is not None:
        from sbc_page import write

        every = {(p, m): list(finished(data, p, m).values()) for p in ("matched", "full") for m in ("sampled", "laplace")}
        write(asked.page, {key: outcomes for key, outcomes in every.items() if outcomes})
        return
    outcomes = list(finished(data, asked.process, asked.method, asked.records or None).values())
    found = verdict(outcomes) if outcomes else {"records": 0}
    print(json.dumps(found, indent=1) if asked.json else "\n".join(f"{k:20} {v}" for k, v in found.items()))


if __name__ == "__main__":
    main()
