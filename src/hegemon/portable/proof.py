"""Whether this machine gives the bits that the portable engines were shipped with."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from hegemon.order import Order, load
from hegemon.portable.artefacts import artefact, names
from hegemon.portable.engine import Engine, through_wasmtime


def proof(engine: Engine, order: Order, *, seed: int = 1, quarters: int | None = None) -> str:
    """A checksum over every event and every measure of the order's first histories: the same on every machine."""
    from hegemon.opening import opening
    from hegemon.portable.arguments import numbered

    digest = hashlib.sha256()
    numbers = np.arange(engine.manifest["runs"])
    values = numbered(order.parameters)[1][:, None]
    for results in engine.histories(opening(order), values, seed, numbers, quarters or len(order.quarters)):
        for name in sorted(results):
            digest.update(np.ascontiguousarray(results[name]).tobytes())
    return digest.hexdigest()


def proven() -> list[dict[str, Any]]:
    """Each engine that comes with hegemon, run here: whether its checksum is the one in its manifest."""
    found = []
    for name in names():
        made = artefact(name)
        order = load(made.manifest["of"])
        same = proof(through_wasmtime(made), order) == made.manifest["proof"]
        found.append({"engine": name, "of": order.name, "histories": made.manifest["runs"], "quarters": len(order.quarters),
                      "same": same, "stale": made.stale})  # fmt: skip
    return found
