"""A calibration: draws from the posterior, how far to trust them, and what the record moved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jax
import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from hegemon.inference.diagnostics import convergence, inference_data
from hegemon.inference.record import Record
from hegemon.inference.vector import FREE, values
from hegemon.order import Order
from hegemon.posterior import FILE, KEPT, Posterior
from hegemon.studies.calibrate.learned import learned
from hegemon.studies.calibrate.question import CalibrateQuestion
from hegemon.studies.plain import plain
from hegemon.studies.records import laid_out
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates, Numbers

RHAT, ESS, DIVERGING = 1.01, 400.0, 0.001
"""A calibration has converged if R-hat is below, bulk ESS above and the share of divergent draws below these."""

UNFINISHED = "unfinished"
"""How folders of unfinished chains begin."""


@dataclass(frozen=True, repr=False)
class Fit(Result):
    """A calibrated order.

    z          draws of the free parameters in standard-normal coordinates, [C, S, D] float32
    diverging  which of them diverged, [C, S]
    made       method, record and its hash, numbers of draws, diagnostics
    """

    question: CalibrateQuestion
    z: npt.NDArray[np.float32]
    diverging: npt.NDArray[np.bool_]

    @property
    def order(self) -> Order:
        """What was calibrated."""
        return self.question.order()

    @cached_property
    def record(self) -> Record:
        """What it was calibrated on, laid out."""
        return laid_out(self.question, self.order)

    @cached_property
    def values(self) -> npt.NDArray[np.float32]:
        """Draws in the parameters' own units, [C, S, D]."""
        flat = jax.vmap(values)(self.z.reshape(-1, self.z.shape[-1]))
        return np.asarray(flat).reshape(self.z.shape)

    @property
    def converged(self) -> bool:
        """Whether the diagnostics allow the draws to be taken for the posterior."""
        return converged(self.made)

    def idata(self) -> Any:
        """The draws as an ArviZ InferenceData: one variable per parameter, and which draws diverged."""
        values = self.values
        draws = {name: values[:, :, d] for d, name in enumerate(FREE)}
        return inference_data(draws, self.diverging, _flat(self.made))

    def learned(self) -> pd.DataFrame:
        """What the record moved, by parameter (`learned.learned`), from all draws; R-hat and effective sample size where chains
        were run. Most contracted first."""
        table = learned(self.posterior(self.z.shape[0] * self.z.shape[1]))
        if self.z.shape[0] > 1:
            found = dict(zip(("rhat", "ess_bulk", "ess_tail"), convergence(self.z), strict=True))
            table = table.join(pd.DataFrame(found, index=list(FREE)))
        return table

    def posterior(self, draws: int = KEPT) -> Posterior:
        """The posterior as it is kept: `draws` of it, evenly spaced, and the mean of all."""
        values = self.values.reshape(-1, len(FREE))
        kept = np.linspace(0, len(values) - 1, min(draws, len(values))).astype(int)
        told = {**self.made, "command": self.question.line}
        return Posterior(FREE, values[kept], values.astype(float).mean(0).astype(np.float32), told)

    def numbers(self) -> Numbers:
        """What was learned of each parameter, and all draws."""
        dims = ("chain", "draw", "parameter")
        draws = xr.Dataset(
            {"value": (dims, self.values, {"long_name": "in the parameter's own unit"}),
             "z": (dims, self.z, {"long_name": "in standard-normal coordinates"}), "diverging": (dims[:2], self.diverging)},
            {"chain": np.arange(self.z.shape[0]), "draw": np.arange(self.z.shape[1]), "parameter": list(FREE)},
        )  # fmt: skip
        return {"parameters": self.learned(), "draws": draws}

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Fit:
        """From its draws."""
        draws: Any = numbers["draws"]
        return cls(question, made, draws["z"].values, draws["diverging"].values)

    def estimates(self) -> Estimates:
        """Means of the posterior; their errors are by the effective number of draws."""
        table = self.learned()
        draws = table["ess_bulk"] if "ess_bulk" in table else float(self.z.shape[1])
        return {"mean": (table["mean"].to_numpy(float), (table["sd"] / np.sqrt(draws)).to_numpy(float))}

    def plain(self) -> dict[str, Any]:
        """What was learned; draws are too many for JSON."""
        return {"parameters": plain(self.learned()), "converged": self.converged}

    def write(self, folder: Path) -> None:
        """Write the result, and posterior.npz for whatever starts from it."""
        super().write(folder)
        self.posterior().save(folder / FILE)


def converged(made: Mapping[str, Any]) -> bool:
    """Whether the diagnostics of a calibration or a kept posterior allow its draws to be taken for the posterior."""
    d = made["diagnostics"]
    return bool(d["rhat"] < RHAT and d["ess_bulk"] > ESS and d["diverging"] < DIVERGING)


def _flat(made: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes that netCDF can hold."""
    plain = {k: int(v) if isinstance(v, bool) else v for k, v in made.items() if not isinstance(v, Mapping)}
    return {**plain, "diagnostics": json.dumps(dict(made["diagnostics"]))}
