"""The compiled program: chunks of histories side by side on all devices."""

from __future__ import annotations

import functools
from typing import Any

import jax
import numpy as np

from hegemon.engine.chunk import Measures, Sums, simulate_chunk
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


def launch(
    where: Any, opening: Opening, params: Parameters, seed: tuple[int, int], chunk: int, runs: int, *, size: int,
    trajectories: int,
) -> tuple[Sums, Any, Measures]:  # fmt: skip
    """Start a chunk on a device and return at once; histories beyond `runs` are padding."""
    first = chunk * size
    counts = (np.arange(size) < runs - first).astype(np.float32)
    words = tuple(np.uint32(word) for word in seed)
    given = jax.device_put((words, np.uint32(first & 0xFFFFFFFF), np.uint32(first >> 32), counts), where)
    done: tuple[Sums, Any, Measures] = compiled()(opening, params, *given, trajectories=trajectories)
    return done
