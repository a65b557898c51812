"""Learning the pooled model: NUTS over every crisis that counts, four chains side by side on one core."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.inference.diagnostics import convergence
from hegemon.instruments import NAMES
from hegemon.pooled import crises as coded
from hegemon.pooled.model import NORMAL, Answers, given, model, siding
from hegemon.pooled.worths import table

Draws = dict[str, npt.NDArray[np.float32]]
"""Draws by parameter (`model.NORMAL`, and scale), the first axis over draws."""

ROOM = 32
"""Crises are padded to a multiple, so that records of about one size share a compiled program."""
ACCEPT = 0.9


@dataclass(frozen=True)
class Learned:
    """A posterior of the pooled model, and how its chains came out: largest R-hat, least bulk effective sample size, share of
    draws that diverged."""

    draws: Draws
    rhat: float
    ess: float
    diverged: float


def learn(rows: pd.DataFrame, *, effects: npt.NDArray[np.float64] | None = None, use: bool = True, warmup: int = 500,
          draws: int = 500, chains: int = 4, seed: int = 0) -> Learned:  # fmt: skip
    """The posterior given coded crises.

    rows     crises with known kind, severity, line, request and response (`crises.crises`)
    effects  the table of consequences (None: the model's); `use` False leaves them out: the twin of inclinations only
    draws    kept of each chain, after `warmup`
    """
    told, known = laid(rows, effects, use)
    found = _sampler(warmup, draws, chains)
    found.run(jax.random.PRNGKey(seed), told, known, extra_fields=("diverging",))
    each = {name: np.asarray(x) for name, x in found.get_samples(group_by_chain=True).items()}
    flat = np.concatenate([each[name].reshape(chains, draws, -1) for name in (*NORMAL, "scale")], axis=2)
    rhat, bulk, _ = convergence(flat) if chains > 1 else (np.ones(1), np.full(1, np.nan), None)
    diverged = float(np.asarray(found.get_extra_fields()["diverging"]).mean())
    whole = {name: x.reshape(-1, *x.shape[2:]) for name, x in each.items()}
    return Learned(whole, float(rhat.max()), float(bulk.min()), diverged)


def laid(rows: pd.DataFrame, effects: npt.NDArray[np.float64] | None = None, use: bool = True) -> tuple[Any, Answers]:
    """Crises and what was done, padded with rows that do not count."""
    many = len(rows)
    room = max(ROOM, -(-many // ROOM) * ROOM)
    padded = rows.iloc[np.arange(room) % max(many, 1)] if many else _nothing(room)
    counts = (np.arange(room) < many).astype(np.float32)
    of, acts = coded.crises(padded), np.eye(len(NAMES))[coded.instruments(padded)]
    known = Answers(acts * counts[:, None], siding(of, acts), coded.toward(padded) * counts)
    as_floats = jax.tree.map(lambda x: jnp.asarray(x, jnp.float32), known)
    return given(of, table() if effects is None else effects, use), as_floats


def _nothing(room: int) -> pd.DataFrame:
    row = {"kind": "uprising", "severity": 2, "incumbent_before": "balanced", "host_request": "none",
           "response_primary": "abstain"}  # fmt: skip
    return pd.DataFrame([row] * room)


@functools.cache
def _sampler(warmup: int, draws: int, chains: int) -> Any:
    from numpyro.infer import MCMC, NUTS

    return MCMC(NUTS(model, target_accept_prob=ACCEPT), num_warmup=warmup, num_samples=draws, num_chains=chains,
                chain_method="sequential", progress_bar=False, jit_model_args=True)  # fmt: skip
