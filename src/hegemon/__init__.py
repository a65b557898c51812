"""hegemon: a laboratory for hierarchical orders in international politics.

import hegemon
order = hegemon.load("post-soviet")
runs = hegemon.simulate(order, runs=2_000, seed=7)
runs.data["autonomy"].sel(state="KAZ").quantile([0.05, 0.5, 0.95], "run")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hegemon.claims import claims
    from hegemon.ensemble.replay import replay
    from hegemon.ensemble.runs import Runs
    from hegemon.ensemble.simulate import simulate
    from hegemon.experiments.claims.judge import judge
    from hegemon.experiments.claims.verdicts import Judgement
    from hegemon.history import history
    from hegemon.inference.calibrate import Fit, calibrate
    from hegemon.inference.predict import predict
    from hegemon.order import Order, load
    from hegemon.posterior import Posterior
    from hegemon.studies.compare.compute import compare
    from hegemon.studies.compare.result import Comparison
    from hegemon.studies.folder import open_result as open
    from hegemon.studies.room.compute import room
    from hegemon.studies.room.result import Room
    from hegemon.studies.sweep.compute import sweep
    from hegemon.studies.sweep.result import Sweep

__version__ = "0.1.0"
__all__ = ["Comparison", "Fit", "Judgement", "Order", "Posterior", "Room", "Runs", "Sweep", "__version__", "calibrate", "claims",
           "compare", "history", "judge", "load", "open", "predict", "replay", "room", "simulate", "sweep"]  # fmt: skip

_HOMES = {
    "Comparison": ("hegemon.studies.compare.result", "Comparison"),
    "Fit": ("hegemon.inference.calibrate", "Fit"),
    "Order": ("hegemon.order", "Order"),
    "Runs": ("hegemon.ensemble.runs", "Runs"),
    "Posterior": ("hegemon.posterior", "Posterior"),
    "calibrate": ("hegemon.inference.calibrate", "calibrate"),
    "claims": ("hegemon.claims", "claims"),
    "compare": ("hegemon.studies.compare.compute", "compare"),
    "history": ("hegemon.history", "history"),
    "Judgement": ("hegemon.experiments.claims.verdicts", "Judgement"),
    "judge": ("hegemon.experiments.claims.judge", "judge"),
    "load": ("hegemon.order", "load"),
    "open": ("hegemon.studies.folder", "open_result"),
    "predict": ("hegemon.inference.predict", "predict"),
    "replay": ("hegemon.ensemble.replay", "replay"),
    "Room": ("hegemon.studies.room.result", "Room"),
    "room": ("hegemon.studies.room.compute", "room"),
    "simulate": ("hegemon.ensemble.simulate", "simulate"),
    "Sweep": ("hegemon.studies.sweep.result", "Sweep"),
    "sweep": ("hegemon.studies.sweep.compute", "sweep"),
}


def __getattr__(name: str) -> Any:
    """Import what is used when it is used, so that `import hegemon` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hegemon' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    return found
