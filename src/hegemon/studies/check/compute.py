"""Predictive checks: does the calibrated model, simulated with its luck and its uncertainty, look like the record?

Every history has parameters of its own, drawn from the prior or a posterior, and runs on the engine. Coverage, the share of
what was observed that lies in the middle 90 % of histories, is read beside the coverage that the histories themselves have when
each in turn is taken for the record: cells hang together, and counts are whole numbers. Ties are checked twice (`ties`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from hegemon import runtime
from hegemon.engine.program import chunk_size
from hegemon.inference.draws import drawn
from hegemon.inference.record import Record
from hegemon.order import Order
from hegemon.posterior import Posterior, load_posterior
from hegemon.studies.asking import ask
from hegemon.studies.calibrate.learned import learned
from hegemon.studies.calibrate.result import Fit
from hegemon.studies.check.counts import compare, periods, recorded, tallied
from hegemon.studies.check.histories import simulated
from hegemon.studies.check.question import CheckQuestion
from hegemon.studies.check.result import Check, Compared
from hegemon.studies.check.ties import compare_ties, deviating, logit_of, measured
from hegemon.studies.provenance import made
from hegemon.studies.records import laid_out, tabled
from hegemon.studies.study import Progress, Resources


def compute(question: CheckQuestion, resources: Resources) -> Check:
    """Simulate with draws from prior and posterior, and compare both with the record."""
    kept, laid = load_posterior(str(question.path("posterior"))), laid_out(question, question.order())
    moved, n = learned(kept), question.histories

    before = compared(None, laid, n, question.seed, lambda done, _: resources.tick(done, 2 * n))
    after = compared(kept, laid, n, question.seed, lambda done, _: resources.tick(n + done, 2 * n))
    how = made(resources.seconds, chunk=chunk_size(), record_hash=laid.hash, posterior=dict(kept.made),
               draws=len(kept.values))  # fmt: skip
    return Check(question, how, before, after, moved)


def compared(
    kept: Posterior | None, laid: Record, histories: int, seed: int = 0, progress: Progress | None = None
) -> Compared:
    """So many histories, each with a draw from the posterior (None: from the prior), beside the record. Raises `UserError` for a
    posterior with other parameters."""
    runtime.prepare()
    x, observed = drawn(kept, histories, seed), laid.data.observed
    when = np.zeros(0, np.int32) if observed is None else np.asarray(observed.quarter)
    crises, shares = simulated(laid.order, x, seed, when, progress)
    covered = int((np.asarray(laid.data.weights.timing).min(0) > 0.0).sum())
    cells, coverage = compare(tallied(crises, histories, covered), recorded(laid, covered), periods(laid.order, covered))
    found = []
    if observed is not None:
        for basis, logit in {"free": logit_of(shares), "following": deviating(laid, x, seed)}.items():
            found.append(compare_ties(basis, measured(logit, x, observed, seed), laid, coverage))
    return Compared(cells, pd.concat(found, ignore_index=True) if found else pd.DataFrame(), coverage)


def check(
    posterior: Fit | Posterior | str = "post-soviet", scenario: Order | str | None = None,
    history: pd.DataFrame | str | None = None, *, ties: pd.DataFrame | str | None = None, histories: int = 512, seed: int = 0,
    out: str | Path | None = None, progress: Progress | None = None,
) -> Check:  # fmt: skip
    """Compare histories simulated with draws from prior and posterior with the record, and say what was learned.

    posterior      a calibration, a posterior, its name, file or folder
    scenario       the order it was learned for; None: the one it names
    history, ties  as in `hegemon.calibrate`
    histories      for prior and posterior each, 20 to 100,000
    seed           luck, the same in both; below 2^31
    out, progress  see `hegemon.studies.asking.ask`

    Raises `UserError` for numbers out of range, a record that does not fit, or a posterior with other parameters. Gelman, Meng
    and Stern 1996, Statistica Sinica 6:733 (posterior predictive checks).
    """
    about = {} if scenario is None else CheckQuestion.about(scenario)
    named = tabled(posterior=posterior, history=history, ties=ties)
    return ask(CheckQuestion.of(about, named, {"histories": histories, "seed": seed}), out=out, progress=progress)
