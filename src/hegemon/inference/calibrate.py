"""Calibration: what the record teaches about the parameters.

`calibrate` samples the posterior with NUTS, several chains from scattered starts, or gives a normal approximation of it
when it should be quick. A `Fit` says how far it can be trusted (R-hat, effective sample size, divergences; Vehtari et al.
2021, Bayesian Analysis 16:667) and which parameters the record moved at all.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.errors import BadValue, OutOfRange
from hegemon.order import Order
from hegemon.posterior import Posterior

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.inference.record import Record

RHAT, ESS, DIVERGING = 1.01, 400.0, 0.001
"""A calibration has converged if R-hat is below, bulk ESS above and the share of divergent draws below these."""

SHIPPED = 256
"""Draws of a posterior that is kept."""

SCATTER = 0.7
"""Spread of the chains' starts around the mode, in prior spreads."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fit:
    """A calibrated order.

    order   what was calibrated
    record  what it was calibrated on, laid out
    z       draws of the free parameters in standard-normal coordinates, [C, S, D]
    made    method, hashes, version, seed, numbers of draws, diagnostics
    """

    order: Order
    record: Record
    z: npt.NDArray[np.float32]
    diverging: npt.NDArray[np.bool_]
    made: Mapping[str, Any]

    @property
    def values(self) -> npt.NDArray[np.float32]:
        """Draws in the parameters' own units, [C, S, D]."""
        import jax

        from hegemon.inference.vector import values

        flat = jax.vmap(values)(self.z.reshape(-1, self.z.shape[-1]))
        return np.asarray(flat).reshape(self.z.shape)

    @property
    def converged(self) -> bool:
        """Whether the diagnostics allow the draws to be taken for the posterior."""
        d = self.made["diagnostics"]
        return bool(d["rhat"] < RHAT and d["ess_bulk"] > ESS and d["diverging"] < DIVERGING)

    def idata(self) -> Any:
        """The draws as an ArviZ InferenceData: one variable per parameter, and which draws diverged."""
        from hegemon.inference.diagnostics import inference_data
        from hegemon.inference.vector import FREE

        values = self.values
        draws = {name: values[:, :, d] for d, name in enumerate(FREE)}
        return inference_data(draws, self.diverging, _flat(self.made))

    def learned(self) -> pd.DataFrame:
        """What the record moved, by parameter: prior and posterior mean and sd, and contraction, 1 - the ratio of
        variances: 0 nothing was learned, 1 all that can be. R-hat and effective sample size where chains were run."""
        import pandas as pd

        from hegemon.inference.diagnostics import convergence
        from hegemon.inference.vector import FREE, OF_TIES, prior_moments
        from hegemon.mechanisms import PRIORS

        mean, sd = prior_moments()
        values = self.values.reshape(-1, len(FREE)).astype(float)
        found = {"prior_mean": mean, "prior_sd": sd, "mean": values.mean(0), "sd": values.std(0)}
        found["contraction"] = 1.0 - (found["sd"] / sd) ** 2
        table = pd.DataFrame(found, index=pd.Index(FREE, name="parameter"))
        table.insert(0, "unit", [(PRIORS.get(name) or OF_TIES[name]).unit for name in FREE])
        if self.z.shape[0] > 1:
            rhat, bulk, tail = convergence(self.z)
            table = table.assign(rhat=rhat, ess_bulk=bulk, ess_tail=tail)
        return table.sort_values("contraction", ascending=False)

    def posterior(self, draws: int = SHIPPED) -> Posterior:
        """The posterior as it is kept: `draws` of it, evenly spaced, and the mean of all."""
        from hegemon.inference.vector import FREE

        values = self.values.reshape(-1, len(FREE))
        kept = np.linspace(0, len(values) - 1, min(draws, len(values))).astype(int)
        return Posterior(FREE, values[kept], values.astype(float).mean(0).astype(np.float32), self.made)


def calibrate(
    order: Order,
    record: pd.DataFrame | None = None,
    *,
    ties: pd.DataFrame | None = None,
    quick: bool = False,
    chains: int = 4,
    warmup: int = 400,
    draws: int = 800,
    seed: int = 0,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Learn the order's free parameters from a record.

    record  with the columns of `hegemon.history()`; None: the order's own
    ties    observed orientations with the columns of `hegemon.evidence.orientation()`; None: none are learned from
    quick   a normal approximation around the mode instead of sampling
    keep    folder for the state of unfinished chains; the same call goes on where it was stopped
    progress  called with iterations done and asked for

    Raises `UserError` for a record that does not fit, or numbers out of range.
    """
    for name, number, least, most in (("chains", chains, 1, 64), ("warmup", warmup, 50, 100_000),
                                      ("draws", draws, 10, 100_000)):  # fmt: skip
        if not least <= number <= most:
            raise OutOfRange(f"{name} = {number}", f"Ask for {least} to {most}.")
    if not 0 <= seed < 2**31:
        raise BadValue(f"seed = {seed}", "Choose one from 0 to 2147483647.")
    runtime.prepare()
    from hegemon.inference.diagnostics import convergence
    from hegemon.inference.laplace import laplace
    from hegemon.inference.record import lay_out
    from hegemon.inference.target import descend

    began = time.perf_counter()
    laid = lay_out(order, record, ties)
    made = _made(laid, quick=quick, chains=1 if quick else chains, warmup=0 if quick else warmup, draws=draws, seed=seed)
    if quick:
        z = laplace(laid.data).draws(draws, seed)[None]
        diverging = np.zeros(z.shape[:2], bool)
        diagnostics = {"rhat": 1.0, "ess_bulk": float(draws), "ess_tail": float(draws), "diverging": 0.0, "steps": 0.0}
    else:
        from hegemon.inference.nuts import sample

        mode = descend(laid.data)
        scatter = np.random.default_rng(seed).standard_normal((chains, len(mode)))
        starts = np.clip(mode + SCATTER * scatter, -3.0, 3.0).astype(np.float32)
        folder = None if keep is None else _unfinished(keep, made)
        ran = sample(laid.data, starts, warmup=warmup, draws=draws, seed=seed, keep=folder, progress=progress)
        z, diverging = ran.z, ran.diverging
        rhat, bulk, tail = convergence(z)
        diagnostics = {"rhat": float(rhat.max()), "ess_bulk": float(bulk.min()), "ess_tail": float(tail.min()),
                       "diverging": float(diverging.mean()), "steps": float(ran.steps.mean())}  # fmt: skip
    made |= {"diagnostics": diagnostics, "wall_seconds": round(time.perf_counter() - began, 1)}
    return Fit(laid.order, laid, np.asarray(z, np.float32), np.asarray(diverging, bool), made)


def _made(laid: Record, *, quick: bool, **numbers: int) -> dict[str, Any]:
    import hegemon
    from hegemon.ensemble.simulate import command
    from hegemon.scenarios.loader import scenario_hash

    return {
        "method": "normal approximation" if quick else "NUTS",
        "scenario": laid.order.name,
        "scenario_hash": scenario_hash(laid.order.scenario)[:16],
        "without": " ".join(laid.order.off),
        "crises": len(laid.events),
        "data_hash": laid.hash,
        "ties": laid.data.observed is not None,
        "version": hegemon.__version__,
        **numbers,
        "platform": runtime.platform_name(),
        "command": command(),
    }


def _unfinished(folder: Path, made: Mapping[str, Any]) -> Path:
    """Where this call's chains are kept: another call, or another version of the model, keeps its own elsewhere."""
    from hegemon.inference.vector import prior_moments

    told = {k: v for k, v in made.items() if k != "command"} | {"priors": prior_moments()[0].tolist()}
    name = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
    path = folder / f"unfinished-{name}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def _flat(made: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes that netCDF can hold."""
    plain = {k: int(v) if isinstance(v, bool) else v for k, v in made.items() if not isinstance(v, Mapping)}
    return {**plain, "diagnostics": json.dumps(dict(made["diagnostics"]))}
