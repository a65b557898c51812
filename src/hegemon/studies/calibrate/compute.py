"""Calibrating: the posterior by Hamiltonian Monte Carlo, several chains from scattered starts, or a normal approximation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hegemon.inference import laplace
from hegemon.inference.diagnostics import convergence
from hegemon.inference.hamiltonian import sample
from hegemon.inference.record import Record
from hegemon.inference.vector import prior_moments
from hegemon.order import Order
from hegemon.studies.asking import ask
from hegemon.studies.calibrate.question import CalibrateQuestion
from hegemon.studies.calibrate.result import Fit
from hegemon.studies.folder import UNFINISHED
from hegemon.studies.provenance import made
from hegemon.studies.records import laid_out, tabled
from hegemon.studies.study import Progress, Resources

QUICK = 1_000
"""Draws of a normal approximation at least."""


def compute(question: CalibrateQuestion, resources: Resources) -> Fit:
    """Sample, or approximate; unfinished chains are kept in the folder."""
    laid = laid_out(question, question.order())
    quick, seed = question.quick, question.seed
    draws = max(question.draws, QUICK) if quick else question.draws
    numbers = {"chains": 1 if quick else question.chains, "warmup": 0 if quick else question.warmup, "draws": draws, "seed": seed}
    how = _how(laid, quick=quick, **numbers)
    near = laplace.laplace(laid.data)
    if quick:
        z = near.draws(draws, seed)[None]
        diverging = np.zeros(z.shape[:2], bool)
        diagnostics = {"rhat": 1.0, "ess_bulk": float(draws), "ess_tail": float(draws), "diverging": 0.0, "steps": 0.0}
    else:
        keep = None if resources.folder is None else _unfinished(resources.folder, how)
        ran = sample(laid.data, near, chains=question.chains, warmup=question.warmup, draws=draws, seed=seed, keep=keep,
                     progress=resources.progress)  # fmt: skip
        z, diverging = ran.z, ran.diverging
        rhat, bulk, tail = convergence(z)
        diagnostics = {"rhat": float(rhat.max()), "ess_bulk": float(bulk.min()), "ess_tail": float(tail.min()),
                       "diverging": float(diverging.mean()), "steps": float(ran.steps.mean())}  # fmt: skip
    told = made(resources.seconds, **how, diagnostics=diagnostics)
    return Fit(question, told, np.asarray(z, np.float32), np.asarray(diverging, bool))


def _how(laid: Record, *, quick: bool, **numbers: int) -> dict[str, Any]:
    """What a posterior says of its making."""
    order = laid.order
    return {"method": laplace.METHOD if quick else "Hamiltonian Monte Carlo", "scenario": order.name,
            "scenario_hash": order.scenario.hash[:16], "without": " ".join(order.off),
            "crises": len(laid.events), "data_hash": laid.hash, "ties": laid.data.observed is not None,
            **({} if laid.data.weights.timing.any() else {"counting": "answers"}), **numbers}  # fmt: skip


def _unfinished(folder: Path, how: Mapping[str, Any]) -> Path:
    """Where chains are kept; those of a model with other priors are left alone."""
    told = json.dumps({**how, "priors": prior_moments()[0].tolist()}, sort_keys=True)
    path = folder / f"{UNFINISHED}{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def calibrate(
    scenario: Order | str = "post-soviet", history: pd.DataFrame | str | None = None, *, ties: pd.DataFrame | str | None = None,
    quick: bool = False, chains: int = 4, warmup: int = 200, draws: int = 800, seed: int = 0, out: str | Path | None = None,
    progress: Progress | None = None,
) -> Fit:  # fmt: skip
    """Learn an order's free parameters from a record.

    scenario  an order, or its name or file
    history   a built-in record by name, a CSV file, or a table with the columns of `hegemon.history()` or in the model's terms
              (`hegemon.history.record_events`); None: the scenario's
    ties      observed orientations: a built-in table by name, a CSV file, a table with the columns of
              `hegemon.evidence.orientation()`, or "none"; None: those that come with the scenario's record, if any do
    quick     a normal approximation around the mode instead of sampling
    chains, warmup, draws  1 to 64 chains, each with 50 to 100,000 iterations to adapt and 10 to 100,000 draws kept
    seed      luck of the sampler, below 2^31
    out       folder of the result, and of unfinished chains: the same call goes on where it was stopped
    progress  called with iterations done and asked for

    Neal 2011, Handbook of MCMC 5 (Hamiltonian Monte Carlo); Vehtari et al. 2021, Bayesian Analysis 16:667 (diagnostics). Raises
    `UserError` for a record that does not fit, or numbers out of range.
    """
    about, named = CalibrateQuestion.about(scenario), tabled(history=history, ties=ties)
    asked = {"quick": quick, "chains": chains, "warmup": warmup, "draws": draws, "seed": seed}
    return ask(CalibrateQuestion.of(about, named, asked), out=out, progress=progress)
