"""Digests of histories: proof that a change of the code's shape changed no history by a bit.

    python benchmarks/digests.py > before.json     # and again after, then compare the files

Every built-in scenario, seeds 0 to 3, 256 histories each: sums, events and every measure's trajectory. Dice and record,
all mechanisms and each one off.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

import numpy as np

from hegemon import runtime

runtime.prepare()

import jax  # noqa: E402

import hegemon  # noqa: E402
from hegemon.mechanisms import MECHANISMS  # noqa: E402

RUNS, SEEDS = 256, range(4)


def digest(arrays: Any) -> str:
    """SHA-256 over the arrays' bytes, in the order of their names."""
    total = hashlib.sha256()
    for path, leaf in jax.tree_util.tree_flatten_with_path(arrays)[0]:
        total.update(str(path).encode())
        total.update(np.ascontiguousarray(np.asarray(leaf)).tobytes())
    return total.hexdigest()[:16]


def chunk(order: Any, start: Any, seed: int) -> str:
    """One chunk of the engine's own program."""
    from hegemon.dice import split_seed
    from hegemon.engine.program import launch

    return digest(launch(jax.devices()[0], start, order.parameters, split_seed(seed), 0, RUNS, size=RUNS, trajectories=RUNS))


def digests() -> dict[str, str]:
    """By scenario, driver, seed and what is switched off."""
    from hegemon.opening import following, opening
    from hegemon.scenarios.loader import builtin_names

    found: dict[str, str] = {}
    for name in builtin_names():
        order = hegemon.load(name)
        starts = {"dice": opening(order)}
        if order.scenario.history is not None:
            starts["record"] = following(order)
        for driver, start in starts.items():
            for seed in SEEDS:
                found[f"{name} {driver} seed {seed}"] = chunk(order, start, seed)
            for m in MECHANISMS:
                found[f"{name} {driver} seed 0 without {m.name}"] = chunk(order.without(m.name), start, 0)
        sys.stderr.write(f"{name}\n")
    return found


if __name__ == "__main__":
    print(json.dumps({"platform": runtime.platform_name(), **digests()}, indent=1))
