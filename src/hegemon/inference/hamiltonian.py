"""Sampling the posterior: Hamiltonian Monte Carlo (Neal 2011, Handbook of MCMC 5), NumPyro's, in blocks.

Chains move in coordinates in which the normal approximation is round, so that only the step has to be learned. Paths are of
three sorts, by lot, and of random length (Bou-Rabee and Sanz-Serna 2017, Ann. Appl. Probab. 27:2159). Where the posterior is
normal, one of about a quarter of a period ends anywhere, whatever it began with; longer ones, by up to three quarters, reach
the far ends of what is curved; and careful ones, of small steps, leave corners too narrow for the others. Lots are the same for
all chains: so two chains at once take as many steps as one and half its time again. Chains run in pairs, each pair a thread on
a core of its own. After every block a pair's state is kept on disk, if there is a folder for it, so that a stopped calibration
goes on where it was, to the same draws.
"""

from __future__ import annotations

import functools
import pickle
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from hegemon.inference.laplace import Laplace
from hegemon.inference.record import Data
from hegemon.inference.target import potential

BLOCK = 25  # iterations between two reports
PAIR = 2  # chains at once
ACCEPT = 0.8  # acceptance the step size is adapted to
PATHS = np.array([(1.1, 2.1, 1.0), (2.1, 5.1, 1.0), (1.1, 2.1, 0.4)])
"""Sorts of paths: least and greatest length, spreads of the normal approximation; size of steps, of the one that is learned."""
MOST = 64  # steps of a path
SCATTER = 1.5  # spread of the chains' starts, in spreads of the normal approximation
NEARER = 20  # times a start is moved half the way to the mode
SHORTEST = 1e-6  # step, of a chain that never moves: paths of no step would not end

Progress = Callable[[int, int], None]
"""Called with iterations done and asked for, all chains together."""


@dataclass(frozen=True)
class Chains:
    """Draws in standard-normal coordinates, [C, S, D]; of each whether it diverged, and how many steps it took, [C, S]."""

    z: np.ndarray
    diverging: np.ndarray
    steps: np.ndarray


@functools.cache
def _program() -> tuple[Any, Any]:
    """Start and block of iterations of chains at once, compiled once for data of a shape."""
    from numpyro.infer.hmc import hmc

    def around(data: Data, mode: Any, root: Any) -> Any:
        return lambda w: potential(mode + root @ w, data)

    begin, step = hmc(potential_fn_gen=around, algo="HMC")

    def start(w: Any, key: Any, warmup: int, target: Any) -> Any:
        return jax.vmap(
            lambda w, key: begin(w, num_warmup=warmup, target_accept_prob=ACCEPT, adapt_mass_matrix=False, step_size=0.2,
                                 trajectory_length=1.0, model_args=target, rng_key=key)
        )(w, key)  # fmt: skip

    @jax.jit
    def block(state: Any, paths: Any, target: Any) -> Any:
        def one(state: Any, path: Any) -> Any:
            length, care = path[0], path[1]
            learned = state.adapt_state.step_size
            size, length = _steps(length, care, learned)
            state = _with_step(state, size)._replace(trajectory_length=length)
            state = jax.vmap(lambda each: step(each, model_args=target))(state)
            found = state.z, state.diverging, state.num_steps
            return _with_step(state, jnp.where(care < 1.0, learned, state.adapt_state.step_size)), found

        return jax.lax.scan(one, state, paths)

    return start, block


def _with_step(state: Any, size: Any) -> Any:
    return state._replace(adapt_state=state.adapt_state._replace(step_size=size))


def _steps(length: Any, care: Any, learned: Any) -> tuple[Any, Any]:
    """Size of a path's steps, and its length, of at most `MOST` of them."""
    size = jnp.maximum(care * learned, SHORTEST)
    return size, jnp.minimum(length, MOST * size)


def _begun(start: Any, w: Any, keys: Any, warmup: int, target: Any) -> Any:
    """Chains that begin at w [C, D], or nearer the mode where the posterior has no slope: none could leave such a place."""
    for _ in range(NEARER):
        state = start(w, keys, warmup, target)
        sloping = jnp.isfinite(state.potential_energy) & jnp.isfinite(state.z_grad).all(-1)
        if sloping.all():
            return state
        w = jnp.where(sloping[:, None], w, w / 2.0)
    raise FloatingPointError("the posterior has no slope at its mode")


def _paths(warmup: int, total: int, seed: int) -> np.ndarray:
    """Length and size of steps of every iteration's path, [total, 2]; while the step is learned no path is careful."""
    lots = np.random.default_rng(seed)
    sort = np.where(np.arange(total) < warmup, lots.integers(2, size=total), lots.integers(len(PATHS), size=total))
    least, greatest, care = PATHS[sort].T
    return np.stack([lots.uniform(least, greatest), care], 1).astype(np.float32)


def sample(
    data: Data,
    near: Laplace,
    *,
    chains: int,
    warmup: int,
    draws: int,
    seed: int,
    keep: Path | None = None,
    progress: Progress | None = None,
    devices: Sequence[Any] | None = None,
    stop: threading.Event | None = None,
) -> Chains:
    """Run chains from points scattered around the normal approximation; `warmup` iterations adapt the step and are thrown away.

    keep     folder for each pair's state after every block: a call with the same arguments goes on where one was stopped, a
             call for more draws where a finished one ended
    devices  where pairs run, each on one after the other; None: on all there are
    stop     set from outside, ends the call with `InterruptedError`; set here only when a pair fails
    """
    devices, stop = devices or jax.devices(), stop or threading.Event()
    total = -(-(warmup + draws) // BLOCK) * BLOCK
    pairs = [range(first, min(first + PAIR, chains)) for first in range(0, chains, PAIR)]
    counted, lock = [0] * len(pairs), threading.Lock()
    scattered = SCATTER * np.random.default_rng(seed).standard_normal((chains, len(near.mode)))

    def told(pair: int, done: int) -> None:
        with lock:
            counted[pair] = done * len(pairs[pair])
            if progress is not None:
                progress(sum(counted), total * chains)

    def run(pair: int) -> Any:
        own = pairs[pair]
        with jax.default_device(devices[pair % len(devices)]):
            return _pair(data, near, scattered[own], own, warmup=warmup, total=total, seed=seed, stop=stop,
                         told=functools.partial(told, pair),
                         keep=None if keep is None else keep / f"pair-{pair}.pickle")  # fmt: skip

    pool = ThreadPoolExecutor(min(len(devices), len(pairs)))
    try:
        found = list(pool.map(run, range(len(pairs))))
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    w, diverging, steps = (
        np.concatenate([part[i][warmup : warmup + draws].swapaxes(0, 1) for part in found]) for i in range(3)
    )
    return Chains(near.mode + w @ near.root.T, diverging, steps)


def _pair(
    data: Data, near: Laplace, begin: np.ndarray, numbers: range, *, warmup: int, total: int, seed: int, stop: threading.Event,
    told: Callable[[int], None], keep: Path | None,
) -> tuple[np.ndarray, ...]:  # fmt: skip
    from hegemon.files import piece, write_atomically

    start, block = _program()
    target = (data, jnp.asarray(near.mode, jnp.float32), jnp.asarray(near.root, jnp.float32))
    keys = jnp.stack([jax.random.fold_in(jax.random.PRNGKey(seed), chain) for chain in numbers])
    paths = _paths(warmup, total, seed)
    state = _begun(start, jnp.asarray(begin, jnp.float32), keys, warmup, target)
    done, kept = 0, []
    if keep is not None and keep.is_file():
        with piece(keep, keep), keep.open("rb") as file:
            done, kept, leaves = pickle.load(file)
        state = jax.tree.unflatten(jax.tree.structure(state), [jnp.asarray(leaf) for leaf in leaves])
    while done < total:
        if stop.is_set():
            raise InterruptedError
        told(done)
        state, seen = block(state, paths[done : done + BLOCK], target)
        kept.append(tuple(np.asarray(part) for part in seen))
        done += BLOCK
        if keep is not None:
            leaves = [np.asarray(leaf) for leaf in jax.tree.leaves(state)]
            write_atomically(keep, pickle.dumps((done, kept, leaves)))
    told(done)
    return tuple(np.concatenate([part[i] for part in kept]) for i in range(3))
