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
    from hegemon.experiments.manoeuvre.room import Room, room
    from hegemon.experiments.sensitivity.sweep import Sweep, sweep
    from hegemon.history import history
    from hegemon.order import Order, load
    from hegemon.posterior import Posterior
    from hegemon.studies.backtest.compute import backtest
    from hegemon.studies.backtest.result import Backtest
    from hegemon.studies.calibrate.compute import calibrate
    from hegemon.studies.calibrate.result import Fit
    from hegemon.studies.check.compute import check
    from hegemon.studies.check.result import Check
    from hegemon.studies.compare.compute import compare
    from hegemon.studies.compare.result import Comparison
    from hegemon.studies.folder import open_result as open
    from hegemon.studies.forecast.compute import forecast
    from hegemon.studies.forecast.result import Forecast
    from hegemon.studies.predict.compute import predict
    from hegemon.studies.predict.result import Prediction

__version__ = "0.1.0"
__all__ = ["Backtest", "Check", "Comparison", "Fit", "Forecast", "Judgement", "Order", "Posterior", "Prediction", "Room", "Runs",
           "Sweep", "__version__", "backtest", "calibrate", "check", "claims", "compare", "forecast", "history", "judge", "load",
           "open", "predict", "replay", "room", "simulate", "sweep"]  # fmt: skip

_HOMES = {
    "Comparison": ("hegemon.studies.compare.result", "Comparison"),
    "Backtest": ("hegemon.studies.backtest.result", "Backtest"),
    "Check": ("hegemon.studies.check.result", "Check"),
    "Fit": ("hegemon.studies.calibrate.result", "Fit"),
    "Forecast": ("hegemon.studies.forecast.result", "Forecast"),
    "Prediction": ("hegemon.studies.predict.result", "Prediction"),
    "backtest": ("hegemon.studies.backtest.compute", "backtest"),
    "check": ("hegemon.studies.check.compute", "check"),
    "forecast": ("hegemon.studies.forecast.compute", "forecast"),
    "Order": ("hegemon.order", "Order"),
    "Runs": ("hegemon.ensemble.runs", "Runs"),
    "Posterior": ("hegemon.posterior", "Posterior"),
    "calibrate": ("hegemon.studies.calibrate.compute", "calibrate"),
    "claims": ("hegemon.claims", "claims"),
    "compare": ("hegemon.studies.compare.compute", "compare"),
    "history": ("hegemon.history", "history"),
    "Judgement": ("hegemon.experiments.claims.verdicts", "Judgement"),
    "judge": ("hegemon.experiments.claims.judge", "judge"),
    "load": ("hegemon.order", "load"),
    "open": ("hegemon.studies.folder", "open_result"),
    "predict": ("hegemon.studies.predict.compute", "predict"),
    "replay": ("hegemon.ensemble.replay", "replay"),
    "Room": ("hegemon.experiments.manoeuvre.room", "Room"),
    "room": ("hegemon.experiments.manoeuvre.room", "room"),
    "simulate": ("hegemon.ensemble.simulate", "simulate"),
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
