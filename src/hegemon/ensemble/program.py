"""The compiled program: chunks of histories side by side on all devices."""

from __future__ import annotations

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from hegemon.ensemble.chunk import Measures, Sums, simulate_chunk
from hegemon.law import Parameters
from hegemon.opening import Opening

CPU_CHUNK, GPU_CHUNK = 256, 65536
"""Runs per chunk and device. It decides the last bit of a result, so it is a property of the device kind."""


def chunk_size() -> int:
    """Runs per chunk on this machine's kind of device."""
    return CPU_CHUNK if jax.devices()[0].platform == "cpu" else GPU_CHUNK


@functools.cache
def side_by_side(devices: int) -> Mesh:
    """So many devices, each of which takes a chunk."""
    return Mesh(np.array(jax.devices()[:devices]), ("chunk",))


def placed(tree: Any, devices: int) -> Any:
    """The same arrays, copied once to every device that will read them."""
    return jax.device_put(tree, NamedSharding(side_by_side(devices), PartitionSpec()))


def part(array: Any, device: int) -> npt.NDArray[Any]:
    """One device's share of a result, without a copy where the device is the processor."""
    shares = sorted(array.addressable_shards, key=lambda share: share.index[0].start or 0)
    return np.asarray(shares[device].data)[0]


@functools.cache
def compiled(devices: int, trajectories: bool) -> Any:
    """The program for so many devices; parameters, seed and events are arguments, so it is compiled once."""
    alone, split = PartitionSpec(), PartitionSpec("chunk")

    def one(opening: Opening, params: Parameters, seed: Any, first: Any, epoch: Any, counts: Any) -> Any:
        done = simulate_chunk(opening, params, seed, first[0], epoch[0], counts[0], trajectories=trajectories)
        return jax.tree.map(lambda x: x[None], done)

    spread = jax.shard_map(
        one, mesh=side_by_side(devices), in_specs=(alone, alone, alone, split, split, split), out_specs=split, check_vma=False
    )
    return jax.jit(spread)


def launch(
    opening: Opening, params: Parameters, seed: tuple[int, int], chunks: list[int], runs: int, *, size: int,
    devices: int, trajectories: bool,
) -> tuple[Sums, Any, Measures]:  # fmt: skip
    """Start a batch of chunks, one per device, and return at once; missing chunks are padding.

    Every array of the result has a first axis of devices.
    """
    first = [chunk * size for chunk in chunks] + [0] * (devices - len(chunks))
    numbers = np.array(first, dtype=np.uint64)[:, None] + np.arange(size, dtype=np.uint64)
    counts = (numbers < runs).astype(np.float32)
    counts[len(chunks):] = 0.0
    words = tuple(jnp.uint32(word) for word in seed)
    low = np.array([f & 0xFFFFFFFF for f in first], np.uint32)
    high = np.array([f >> 32 for f in first], np.uint32)
    done: tuple[Sums, Any, Measures] = compiled(devices, trajectories)(opening, params, words, low, high, counts)
    return done
