"""Sampling the posterior: the No-U-Turn sampler (Hoffman and Gelman 2014, JMLR 15:1593) of NumPyro, in blocks.

Each chain is a thread on a core of its own. After every block its state is kept on disk, if there is a folder for it, so
that a stopped calibration goes on where it was, to the same draws.
"""

from __future__ import annotations

import functools
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from hegemon.inference.record import Data
from hegemon.inference.target import potential

BLOCK = 25  # iterations between two reports
ACCEPT = 0.85  # acceptance the step size is adapted to
DEPTH = 7  # largest depth of a tree: 127 steps

Progress = Callable[[int, int], None]
"""Called with iterations done and asked for, all chains together."""


@dataclass(frozen=True)
class Chains:
    """Draws in standard-normal coordinates, [C, S, D]; of each whether it diverged, and how many steps it took."""

    z: np.ndarray
    diverging: np.ndarray
    steps: np.ndarray


@functools.cache
def _program() -> tuple[Any, Any]:
    """Start and block of iterations, compiled once for data of a shape."""
    from numpyro.infer.hmc import hmc

    begin, step = hmc(potential_fn_gen=lambda data: lambda z: potential(z, data), algo="NUTS")

    def start(z: Any, key: Any, warmup: int, data: Data) -> Any:
        return begin(z, num_warmup=warmup, target_accept_prob=ACCEPT, max_tree_depth=DEPTH, dense_mass=False,
                     step_size=0.1, model_args=(data,), rng_key=key)  # fmt: skip

    @jax.jit
    def block(state: Any, data: Data) -> Any:
        def one(state: Any, _: None) -> Any:
            state = step(state, model_args=(data,))
            return state, (state.z, state.diverging, state.num_steps)

        return jax.lax.scan(one, state, None, length=BLOCK)

    return start, block


def sample(
    data: Data,
    starts: np.ndarray,
    *,
    warmup: int,
    draws: int,
    seed: int,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> Chains:
    """Run chains from `starts` ([C, D]); `warmup` iterations adapt step size and scales and are thrown away.

    keep  folder for each chain's state after every block; an unfinished call with the same arguments is gone on with
    """
    devices = jax.devices()
    total = -(-(warmup + draws) // BLOCK) * BLOCK
    counted, lock = [0] * len(starts), threading.Lock()
    stop = threading.Event()

    def told(chain: int, done: int) -> None:
        with lock:
            counted[chain] = done
            if progress is not None:
                progress(sum(counted), total * len(starts))

    def run(chain: int) -> Any:
        with jax.default_device(devices[chain % len(devices)]):
            return _chain(data, starts[chain], chain, warmup=warmup, total=total, seed=seed, told=told, stop=stop,
                          keep=None if keep is None else keep / f"chain-{chain}.pickle")  # fmt: skip

    pool = ThreadPoolExecutor(min(len(devices), len(starts)))
    try:
        found = list(pool.map(run, range(len(starts))))
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
    z, diverging, steps = (np.stack([chain[part][warmup : warmup + draws] for chain in found]) for part in range(3))
    return Chains(z, diverging, steps)


def _chain(
    data: Data, begin: np.ndarray, chain: int, *, warmup: int, total: int, seed: int,
    told: Callable[[int, int], None], stop: threading.Event, keep: Path | None,
) -> tuple[np.ndarray, ...]:  # fmt: skip
    from hegemon.files import piece, write_atomically

    start, block = _program()
    key = jax.random.fold_in(jax.random.PRNGKey(seed), chain)
    state = start(jnp.asarray(begin, jnp.float32), key, warmup, data)
    done, kept = 0, []
    if keep is not None and keep.is_file():
        with piece(keep, keep), keep.open("rb") as file:
            done, kept, leaves = pickle.load(file)
        state = jax.tree.unflatten(jax.tree.structure(state), [jnp.asarray(leaf) for leaf in leaves])
    while done < total and not stop.is_set():
        told(chain, done)
        state, seen = block(state, data)
        kept.append(tuple(np.asarray(part) for part in seen))
        done += BLOCK
        if keep is not None:
            leaves = [np.asarray(leaf) for leaf in jax.tree.leaves(state)]
            write_atomically(keep, pickle.dumps((done, kept, leaves)))
    told(chain, done)
    return tuple(np.concatenate([part[i] for part in kept]) for i in range(3))
