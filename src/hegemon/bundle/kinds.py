"""How each kind of result is packed and rebuilt."""

from __future__ import annotations

from collections.abc import Mapping

from hegemon.bundle import claims, comparison, room, run, sweep
from hegemon.bundle.packed import Kind

KINDS: Mapping[str, Kind] = {
    "run": run.KIND,
    "comparison": comparison.KIND,
    "claims": claims.KIND,
    "room": room.KIND,
    "sweep": sweep.KIND,
}
