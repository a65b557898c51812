"""hegemon: a laboratory for hierarchical orders in international politics.

import hegemon
runs = hegemon.simulate("post-soviet", runs=2_000, seed=7)
runs.summary["autonomy_mean"].sel(state="KAZ")
runs.plot("autonomy", state="KAZ")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hegemon.history import history
    from hegemon.ledgers.loading import load_ledger as ledger
    from hegemon.ledgers.schema import Ledger
    from hegemon.order import Order, load
    from hegemon.posterior import Posterior
    from hegemon.studies.backtest.compute import backtest
    from hegemon.studies.backtest.result import Backtest
    from hegemon.studies.calibrate.compute import calibrate
    from hegemon.studies.calibrate.result import Fit
    from hegemon.studies.check.compute import check
    from hegemon.studies.check.result import Check
    from hegemon.studies.claims.compute import claims
    from hegemon.studies.claims.result import Claims
    from hegemon.studies.compare.compute import compare
    from hegemon.studies.compare.result import Comparison
    from hegemon.studies.folder import open_result as open
    from hegemon.studies.forecast.compute import forecast
    from hegemon.studies.forecast.result import Forecast
    from hegemon.studies.predict.compute import predict
    from hegemon.studies.predict.result import Prediction
    from hegemon.studies.replay.compute import replay
    from hegemon.studies.replay.result import Replay
    from hegemon.studies.results import bundle, report
    from hegemon.studies.room.compute import room
    from hegemon.studies.room.result import Room
    from hegemon.studies.run.compute import simulate
    from hegemon.studies.run.result import Runs
    from hegemon.studies.sweep.compute import sweep
    from hegemon.studies.sweep.result import Sweep

__version__ = "0.1.0"

_STUDIES = {
    "backtest": "Backtest", "calibrate": "Fit", "check": "Check", "claims": "Claims", "compare": "Comparison",
    "forecast": "Forecast", "predict": "Prediction", "replay": "Replay", "room": "Room", "run": "Runs",
    "sweep": "Sweep",
}  # fmt: skip
"""Kinds of answer with their classes; what asks for one is called like it, but for `simulate`."""

_HOMES = {
    "Ledger": "hegemon.ledgers.schema", "Order": "hegemon.order", "Posterior": "hegemon.posterior",
    "bundle": "hegemon.studies.results", "history": "hegemon.history", "ledger": "hegemon.ledgers.loading:load_ledger",
    "load": "hegemon.order", "open": "hegemon.studies.folder:open_result", "report": "hegemon.studies.results",
    **{found: f"hegemon.studies.{study}.result" for study, found in _STUDIES.items()},
    **{{"run": "simulate"}.get(study, study): f"hegemon.studies.{study}.compute" for study in _STUDIES},
}  # fmt: skip
"""Where each public name lives; the name there, where it is another one."""

__all__ = ["Backtest", "Check", "Claims", "Comparison", "Fit", "Forecast", "Ledger", "Order", "Posterior",
           "Prediction", "Replay", "Room", "Runs", "Sweep", "__version__", "backtest", "bundle", "calibrate", "check",
           "claims", "compare", "forecast", "history", "ledger", "load", "open", "predict", "replay", "report",
           "room", "simulate", "sweep"]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what is used when it is used, so that `import hegemon` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hegemon' has no attribute {name!r}")
    module, _, other = _HOMES[name].partition(":")
    found = getattr(import_module(module), other or name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """What there is."""
    return sorted(__all__)
