"""The compiled program: chunks of histories side by side on all devices."""

from __future__ import annotations

import functools
from typing import Any

import jax
import numpy as np

from hegemon.engine.chunk import Measures, Sums, simulate_chunk
from hegemon.engine.sets import Figures, Sets, Stand
from hegemon.law import Parameters
from hegemon.opening import Opening

CPU_CHUNK, GPU_CHUNK = 256, 16384
"""Runs per chunk and device. It decides the last bit of a result, so it is a property of the device kind. A GPU is a third
faster with four times as many (`benchmarks/devices.py`), but every measure of those would take 9 GB."""


def chunk_size() -> int:
    """Runs per chunk on this machine's kind of device."""
    return CPU_CHUNK if jax.devices()[0].platform == "cpu" else GPU_CHUNK


def placed(tree: Any, devices: int) -> list[Any]:
    """The same arrays, copied once to every device that will read them."""
    return [jax.device_put(tree, device) for device in jax.devices()[:devices]]


@functools.cache
def compiled() -> Any:
    """The program of a chunk; parameters, seed and events are arguments, so that it is compiled once.

    Every device runs this same program, not its part of a larger one: programs for two devices and for one differ in
    the last bit.
    """
    return jax.jit(simulate_chunk, static_argnames="trajectories")


@functools.cache
def compiled_each() -> Any:
    """The same with a parameter set per history."""
    from hegemon.inference.vector import parameters

    def run(opening: Opening, x: Any, left: Any, words: Any, numbers: Any, epoch: Any, counts: Any, *, also: tuple[str, ...],
            trajectories: int, stand: Any = None, figures: Any = None) -> Any:  # fmt: skip
        each = jax.vmap(lambda one: parameters(one, left, also))(x)
        params = jax.tree.map(lambda leaf: leaf[None], each)  # [1, R]: a number per history
        return simulate_chunk(opening, params, words, numbers[0], epoch, counts, trajectories=trajectories, numbers=numbers,
                              stand=stand, figures=figures)  # fmt: skip

    return jax.jit(run, static_argnames=("also", "trajectories"))


def launch(
    where: Any, opening: Opening, params: Parameters, seed: tuple[int, int], chunk: int, runs: int, *, size: int,
    trajectories: int, sets: Sets | None = None, stand: Stand | None = None, figures: Figures | None = None,
) -> tuple[Sums, Any, Measures]:  # fmt: skip
    """Start a chunk on a device and return at once; histories beyond `runs` are padding.

    sets   parameters of each history; None: `params`. What sets do not hold is of `params` all the same
    stand  where neighbours stand at a date; None: where histories have led them
    figures  what is given of the start; None: as the scenario has it
    """
    from hegemon.inference.vector import rest

    at = np.arange(chunk * size, (chunk + 1) * size, dtype=np.uint64)
    counts = (at < runs).astype(np.float32)
    words = tuple(np.uint32(word) for word in seed)
    here = None if stand is None else jax.device_put((np.uint32(stand.quarter), stand.of(at).astype(np.float32)), where)
    begun = None if figures is None else jax.device_put(figures.of(at), where)
    done: tuple[Sums, Any, Measures]
    if sets is None:
        first = int(at[0])
        given = jax.device_put((words, np.uint32(first & 0xFFFFFFFF), np.uint32(first >> 32), counts), where)
        done = compiled()(opening, params, *given, trajectories=trajectories, stand=here, figures=begun)
        return done
    luck = sets.luck(at)
    rows = sets.values[sets.of(at)].astype(np.float32)
    numbers, epoch = (luck & 0xFFFFFFFF).astype(np.uint32), np.uint32(int(luck[0]) >> 32)
    given = jax.device_put((rows, rest(params), words, numbers, epoch, counts), where)
    done = compiled_each()(opening, *given, also=sets.also, trajectories=trajectories, stand=here, figures=begun)
    return done
