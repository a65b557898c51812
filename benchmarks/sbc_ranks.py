"""Ranks of simulation-based calibration: does the sampler find the parameters of records that the model has written?

Parameters are drawn from the prior, a record from the model (`sbc_records`), draws from the posterior given that record. If
simulation, likelihood and sampler are one model, the rank of each true parameter among its posterior draws is uniform
(Talts, Betancourt, Simpson, Vehtari and Gelman 2018, arXiv:1804.06788). Ranks of parameters alone cannot see a
likelihood that forgets part of the record, so the log-likelihood of the whole record is ranked with them (Modrák et al.
2023, Bayesian Analysis, on test quantities that depend on the data).
"""

from __future__ import annotations

import functools
import io
import json
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from hegemon.inference.laplace import Laplace, laplace
from hegemon.inference.likelihood import terms
from hegemon.inference.record import Data
from hegemon.inference.target import log_posterior
from hegemon.inference.vector import FREE, values
from sbc_records import PROCESSES, Simulated, truth

if TYPE_CHECKING:
    import pandas as pd

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

WHOLE_RECORD = "log-likelihood of the record"
"""What is ranked besides the parameters."""

RANKED = (*FREE, WHOLE_RECORD)
"""Names of everything that is ranked."""

DRAWS = 49
"""Posterior draws a truth is ranked among, evenly spaced in the chains: ranks run from 0 to 49."""

BINS = 10
"""Bins of a rank histogram: five ranks each."""

LEVEL = 0.99
"""Probability that a parameter's whole rank distribution stays inside its band if all is right."""

CHAINS, WARMUP = 2, 75
"""Chains of a record, and iterations of each that adapt the step."""

LENGTHS = (200, 400, 800)
"""Iterations of a chain that are kept: the chains go on to the next length until they agree."""

METRICS = 3
"""Metrics that chains are tried in: the normal approximation's, and then, where they do not agree, what they have learned."""

WIDE = 2.0
"""Spread of draws, in spreads of the normal approximation, above which a direction is scaled by what chains have learned."""

AGREE = 1.05
"""Largest split R-hat of chains that agree."""

NORMAL = 400
"""Draws from the normal approximation."""


# ---- One record ----


@functools.cache
def _whole_record() -> Any:
    @jax.jit
    def total(z: Any, data: Data) -> Any:
        found = terms(data.opening, values(z), data.observed, jnp.ones_like(data.weights.ties), data.left)
        return sum((log.sum() for log in found.parts.values()), found.ties.sum())

    return total


def whole_record(z: Any, data: Data) -> float:
    """Log-likelihood of all that was coded and observed, counted here and not by `likelihood.log_likelihood`."""
    return float(_whole_record()(jnp.asarray(z, jnp.float32), data))


@dataclass(frozen=True)
class Outcome:
    """What a record gave.

    ranks  of the truth among `DRAWS` posterior draws, by `RANKED`, 0 to DRAWS
    truth, mean, sd  of the parameters in standard-normal coordinates: the truth, and the posterior's moments, [D]
    made   process, method, seed, record, crises, log-likelihood at the truth, diagnostics, seconds
    """

    ranks: Whole
    truth: Numbers
    mean: Numbers
    sd: Numbers
    made: Mapping[str, Any]

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        from hegemon.files import write_atomically

        file = io.BytesIO()
        np.savez_compressed(file, ranks=self.ranks, truth=self.truth, mean=self.mean, sd=self.sd,
                            made=np.array(json.dumps(dict(self.made))))  # fmt: skip
        write_atomically(path, file.getvalue())


def read(path: Path) -> Outcome:
    """An outcome that was kept."""
    with np.load(path, allow_pickle=False) as found:
        ranks, truth, mean, sd = (found[name] for name in ("ranks", "truth", "mean", "sd"))
        return Outcome(ranks, truth, mean, sd, json.loads(str(found["made"])))


def may_go_on(made: Mapping[str, Any]) -> bool:
    """Whether an outcome's chains disagree and have not been tried in all metrics."""
    return bool(made.get("rhat", 0.0) >= AGREE and made.get("learned", 0) < METRICS - 1)


def simulate(data: Data, process: str, seed: int, record: int) -> tuple[Any, Simulated]:
    """True parameters of a record, and the record."""
    z, luck = truth(seed, record)
    return z, PROCESSES[process](data, z, luck)


def still(kept: Outcome, data: Data) -> bool:
    """Whether a kept outcome is of this model: it writes the same record, and finds it as likely at the truth."""
    made = kept.made
    z, written = simulate(data, made["process"], made["seed"], made["record"])
    same = len(kept.ranks) == len(RANKED) and np.allclose(kept.truth, np.asarray(z), atol=1e-4)
    return bool(same and abs(whole_record(z, written.data) - made["log_likelihood"]) < 0.1)


def run(
    data: Data, process: str, method: str, seed: int, record: int, *, device: Any = None, stop: threading.Event | None = None,
) -> Outcome:  # fmt: skip
    """Simulate a record, sample its posterior (`method`: nuts or laplace) and rank the truth."""
    began = time.perf_counter()
    z, written = simulate(data, process, seed, record)
    near = laplace(written.data)
    luck = seed * 1_000_003 + record
    told: dict[str, float] = {}
    if method == "sampled":
        draws, told = _sampled(written.data, near, luck, device, stop)
    else:
        draws = np.asarray(near.draws(NORMAL, luck), float)
    whole = whole_record(z, written.data)
    fits = np.array([whole_record(draw, written.data) for draw in draws[_among(len(draws))]])
    crises = int((np.asarray(written.data.opening.script.kind) > 0).sum())
    made = {"process": process, "method": method, "seed": seed, "record": record, "crises": crises,
            "log_likelihood": whole, "draws": len(draws), **told,
            "seconds": round(time.perf_counter() - began, 1)}  # fmt: skip
    return _ranked(np.asarray(z, float), whole, draws, fits, made)


def _sampled(
    data: Data, near: Laplace, luck: int, device: Any, stop: threading.Event | None
) -> tuple[Numbers, dict[str, float]]:
    """Draws of chains that agree, one after the other [S, D], and how good the chains are."""
    for learned in range(METRICS):
        draws, told = _chains(data, near, luck, device, stop)
        told["learned"] = learned
        if told["rhat"] < AGREE:
            break
        near = widened(near, draws)
    return draws, told


def _chains(
    data: Data, near: Laplace, luck: int, device: Any, stop: threading.Event | None
) -> tuple[Numbers, dict[str, float]]:
    """`_sampled`, in one metric: chains as long as it takes to agree, or as may be."""
    from hegemon.inference.diagnostics import convergence
    from hegemon.inference.hamiltonian import sample

    with tempfile.TemporaryDirectory() as folder:
        for kept in LENGTHS:
            ran = sample(data, near, chains=CHAINS, warmup=WARMUP, draws=kept, seed=luck, keep=Path(folder),
                         devices=None if device is None else [device], stop=stop)  # fmt: skip
            rhat, bulk, _ = convergence(ran.z)
            if rhat.max() < AGREE:
                break
    told = {"rhat": float(rhat.max()), "ess_least": float(bulk.min()), "ess_median": float(np.median(bulk)),
            "diverging": float(ran.diverging.mean()), "steps": float(ran.steps.mean())}  # fmt: skip
    return np.concatenate(ran.z).astype(float), told


def widened(near: Laplace, draws: Numbers) -> Laplace:
    """The normal around the mean of draws [S, D], stretched in the directions in which they are much wider than it.

    Only there: the covariance of few draws in many dimensions is mostly noise.
    """
    off = np.linalg.solve(near.root, (draws - draws.mean(0)).T)
    variance, axes = np.linalg.eigh(np.cov(off))
    stretch = np.where(variance > WIDE**2, np.sqrt(np.abs(variance)), 1.0)
    root = near.root @ (axes * stretch) @ axes.T
    size, axes = np.linalg.eigh(root @ root.T)
    return Laplace(draws.mean(0), (axes * np.sqrt(np.abs(size))) @ axes.T)


def _among(kept: int) -> Whole:
    """Which of so many draws a truth is ranked among."""
    return np.linspace(0, kept - 1, DRAWS).round().astype(np.int64)


def _ranked(truth: Numbers, whole: float, draws: Numbers, fits: Numbers, made: Mapping[str, Any]) -> Outcome:
    """The outcome of a record, of its draws [S, D] and the log-likelihoods of those that are ranked."""
    ranks = np.append((draws[_among(len(draws))] < truth).sum(0), (fits < whole).sum())
    return Outcome(ranks.astype(np.int64), truth, draws.mean(0), draws.std(0), made)


# ---- Many records of a small order ----


@functools.cache
def _many(process: str) -> tuple[Any, Any, Any]:
    """Programs for many records at once: to write them, the posterior density and its slope, the whole record's fit."""
    write = jax.vmap(PROCESSES[process], in_axes=(None, 0, 0))
    return jax.jit(write), jax.jit(jax.vmap(jax.value_and_grad(log_posterior))), jax.jit(jax.vmap(_whole_record()))


LEAPS = (5, 12)
"""Leapfrog steps of a move: at least the first, fewer than the second number, by lot."""


def together(
    data: Data, process: str, seed: int, records: Sequence[int], warmup: int = 40, kept: int = 80
) -> list[Outcome]:
    """What `run` does, for many records of a small order at once.

    Their chains move in step, by plain Hamiltonian Monte Carlo (Neal 2011, Handbook of MCMC 5) in the prior's metric: a
    record of a few crises leaves the posterior about as round as the prior. Steps adapt to an acceptance of 0.8.
    """
    began = time.perf_counter()
    write, slope, whole = _many(process)
    z, luck = (jnp.stack(parts) for parts in zip(*(truth(seed, record) for record in records), strict=True))
    written = write(data, z, luck).data
    rng = np.random.default_rng(seed)

    def density(at: Numbers) -> tuple[Numbers, Numbers]:
        value, way = slope(jnp.asarray(at, jnp.float32), written)
        return np.asarray(value, float), np.asarray(way, float)

    here = rng.standard_normal(z.shape)
    value, way = density(here)
    step, steps, seen, lost = np.full(len(records), 0.2), [], [], np.zeros(len(records))
    for turn in range(warmup + kept):
        push = rng.standard_normal(here.shape)
        at, tilt, then, speed = here, way, value, push
        for _ in range(rng.integers(*LEAPS)):
            half = speed + 0.5 * step[:, None] * tilt
            at = at + step[:, None] * half
            then, tilt = density(at)
            speed = half + 0.5 * step[:, None] * tilt
        gained = then - value - 0.5 * ((speed**2).sum(1) - (push**2).sum(1))
        accepted = np.exp(np.minimum(np.nan_to_num(gained, nan=-np.inf), 0.0))
        moved = rng.random(len(records)) < accepted
        here, way = (np.where(moved[:, None], new, old) for new, old in ((at, here), (tilt, way)))
        value = np.where(moved, then, value)
        if turn < warmup:
            step = step * np.exp((accepted - 0.8) / (1.0 + turn) ** 0.6)
            steps.append(np.log(step))
            step = np.exp(np.mean(steps[warmup // 2 :], 0)) if turn == warmup - 1 else step
        else:
            seen.append(here)
            lost += 1.0 - accepted
    draws = np.stack(seen, 1)
    fits = np.stack([whole(jnp.asarray(draws[:, s], jnp.float32), written) for s in _among(kept)], 1).astype(float)
    fit, crises = np.asarray(whole(z, written), float), np.asarray(written.opening.script.kind > 0).sum((1, 2))
    seconds = round((time.perf_counter() - began) / len(records), 2)
    told = {"process": process, "method": "hmc", "seed": seed, "warmup": warmup, "kept": kept, "seconds": seconds}
    return [
        _ranked(np.asarray(z[r], float), fit[r], draws[r], fits[r],
                {**told, "record": record, "crises": int(crises[r]), "log_likelihood": float(fit[r]),
                 "accepted": float(1.0 - lost[r] / kept), "step": float(step[r])})
        for r, record in enumerate(records)
    ]  # fmt: skip


# ---- Verdict ----


def _crossing(counts: Whole, records: int, draws: int) -> Numbers:
    """How far out an empirical distribution of ranks gets: the least two-sided binomial tail over its steps, [M].

    counts  of records with rank at most k, [M, DRAWS] for k = 0 .. DRAWS - 1
    """
    from scipy.stats import binom

    share = np.arange(1, draws + 1) / (draws + 1)
    at = np.arange(records + 1)[:, None]
    tails = 2.0 * np.minimum(binom.cdf(at, records, share), binom.sf(at - 1, records, share))
    return np.asarray(tails[counts, np.arange(draws)].min(-1), float)


def _cumulated(ranks: Whole, draws: int) -> Whole:
    """Records with rank at most k, [M, draws], of ranks [M, R]."""
    counts = np.stack([np.bincount(row, minlength=draws + 1) for row in ranks])
    return np.asarray(counts.cumsum(-1)[:, :draws], np.int64)


@functools.cache
def _null(records: int, draws: int, simulated: int = 20_000) -> Numbers:
    """`_crossing` of uniform ranks, sorted."""
    ranks = np.random.default_rng(0).integers(0, draws + 1, (simulated, records))
    return np.sort(_crossing(_cumulated(ranks, draws), records, draws))


def surprise(ranks: Whole, draws: int = DRAWS) -> Numbers:
    """Probability of ranks [R, X] at least so far from uniform, for each of X: below 1 - `LEVEL` they leave the band.

    The band holds the whole empirical distribution at once (Säilynoja, Bürkner and Vehtari 2022, Statistics and
    Computing 32:32), by simulation of uniform ranks.
    """
    null = _null(len(ranks), draws)
    found = _crossing(_cumulated(ranks.T, draws), len(ranks), draws)
    return np.asarray((np.searchsorted(null, found * (1.0 + 1e-9), side="right") + 1.0) / (len(null) + 1.0))


def band(records: int, draws: int = DRAWS, level: float = LEVEL) -> tuple[Numbers, Numbers]:
    """Lowest and highest empirical distribution of ranks at k = 0 .. draws - 1 inside the simultaneous band."""
    from scipy.stats import binom

    share = np.arange(1, draws + 1) / (draws + 1)
    tail = float(np.quantile(_null(records, draws), 1.0 - level)) / 2.0
    return binom.ppf(tail, records, share) / records, binom.isf(tail, records, share) / records


def histogram(ranks: Whole, draws: int = DRAWS) -> Whole:
    """Records in each of `BINS` bins of rank, [X, BINS]."""
    place = ranks * BINS // (draws + 1)
    return np.stack([np.bincount(column, minlength=BINS) for column in place.T])


def table(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Everything that was ranked, most surprising first.

    p            `surprise`
    outside      whether it leaves the band
    bias, width  mean and spread of (truth - posterior mean) / posterior sd: 0 and 1 where all is right
    contraction  1 - mean posterior variance / prior variance: what records like this teach
    """
    import pandas as pd

    ranks = np.stack([o.ranks for o in outcomes])
    truth, mean, sd = (np.stack([getattr(o, part) for o in outcomes]) for part in ("truth", "mean", "sd"))
    off = (truth - mean) / np.maximum(sd, 1e-9)
    found = pd.DataFrame({"p": surprise(ranks)}, index=pd.Index(RANKED, name="ranked"))
    found["outside"] = found["p"] < 1.0 - LEVEL
    for name, column in (("bias", off.mean(0)), ("width", off.std(0)), ("contraction", 1.0 - (sd**2).mean(0))):
        found[name] = np.append(column, np.nan)
    for b, column in enumerate(histogram(ranks).T):
        found[f"bin{b + 1}"] = column
    return found.sort_values(["p", "contraction"], ascending=[True, False])
