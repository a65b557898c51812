"""hegemon: a laboratory for hierarchical orders in international politics.

import hegemon
runs = hegemon.simulate("post-soviet", runs=2_000, seed=7)
runs["autonomy"].sel(state="KAZ").quantile([0.05, 0.5, 0.95], "run")
runs.plot("autonomy", state="KAZ")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hegemon.studies.folder import open_result as open
    from hegemon.ledgers.loading import load_ledger as ledger
    from hegemon.ledgers.schema import Ledger
    from hegemon.studies.claims.compute import claims
    from hegemon.studies.claims.result import Claims
    from hegemon.studies.compare.compute import compare
    from hegemon.studies.compare.result import Comparison
    from hegemon.studies.run.compute import simulate
    from hegemon.studies.run.result import Runs
    from hegemon.experiments.manoeuvre.room import Room, room
    from hegemon.experiments.sensitivity.sweep import Sweep, sweep
    from hegemon.history import history
    from hegemon.inference.calibrate import Fit, calibrate
    from hegemon.inference.predict import predict
    from hegemon.order import Order, load
    from hegemon.posterior import Posterior
    from hegemon.studies.replay.compute import replay
    from hegemon.studies.replay.result import Replay

__version__ = "0.1.0"
__all__ = ["Claims", "Comparison", "Fit", "Ledger", "Order", "Posterior", "Replay", "Room", "Runs", "Sweep", "__version__",
           "calibrate", "claims", "compare", "history", "ledger", "load", "open", "predict", "replay", "room", "simulate",
           "sweep"]  # fmt: skip

_HOMES = {
    "Comparison": ("hegemon.studies.compare.result", "Comparison"),
    "Fit": ("hegemon.inference.calibrate", "Fit"),
    "Order": ("hegemon.order", "Order"),
    "Runs": ("hegemon.studies.run.result", "Runs"),
    "Posterior": ("hegemon.posterior", "Posterior"),
    "calibrate": ("hegemon.inference.calibrate", "calibrate"),
    "Claims": ("hegemon.studies.claims.result", "Claims"),
    "claims": ("hegemon.studies.claims.compute", "claims"),
    "compare": ("hegemon.studies.compare.compute", "compare"),
    "history": ("hegemon.history", "history"),
    "Ledger": ("hegemon.ledgers.schema", "Ledger"),
    "ledger": ("hegemon.ledgers.loading", "load_ledger"),
    "load": ("hegemon.order", "load"),
    "open": ("hegemon.studies.folder", "open_result"),
    "predict": ("hegemon.inference.predict", "predict"),
    "Replay": ("hegemon.studies.replay.result", "Replay"),
    "replay": ("hegemon.studies.replay.compute", "replay"),
    "Room": ("hegemon.experiments.manoeuvre.room", "Room"),
    "room": ("hegemon.experiments.manoeuvre.room", "room"),
    "simulate": ("hegemon.studies.run.compute", "simulate"),
    "Sweep": ("hegemon.experiments.sensitivity.sweep", "Sweep"),
    "sweep": ("hegemon.experiments.sensitivity.sweep", "sweep"),
}


def __getattr__(name: str) -> Any:
    """Import what is used when it is used, so that `import hegemon` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hegemon' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    return found
