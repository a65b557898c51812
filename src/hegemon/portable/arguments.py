"""What the portable engine takes, in the order of its manifest: an opening, parameters of each history, seed and counts."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from hegemon.engine.chunk import simulate_chunk
from hegemon.instruments import NAMES
from hegemon.law import Parameters
from hegemon.opening import Opening
from hegemon.order import Order

RUNS = 64
"""Histories side by side."""
QUARTERS = 400
"""The longest history: an opening is padded to it."""
NEVER = 2**32 - 1
"""The quarter at whose close neighbours stand elsewhere than history has led them, where there is none."""


def padded(begin: Opening) -> Opening:
    """An opening with paths that go on as they end, and a script that leaves everything open, to the longest history."""
    import dataclasses

    def longer(x: Any, fill: Any = None) -> Any:
        x = np.asarray(x)
        missing = QUARTERS - len(x)
        more = np.repeat(x[-1:], missing, 0) if fill is None else np.full((missing, *x.shape[1:]), fill, x.dtype)
        return np.concatenate([x, more])

    from hegemon.drivers import OPEN

    paths = {name: longer(x) for name, x in begin.paths.items()}
    ages = None if begin.ages is None else longer(begin.ages)
    return dataclasses.replace(begin, paths=paths, ages=ages, script=jax.tree.map(lambda x: longer(x, OPEN), begin.script))


def numbered(parameters: Parameters) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Names and values of all parameters and switches: `mechanism.parameter`, `instrument.effect`, `on.mechanism`."""
    leaves = jax.tree_util.tree_flatten_with_path(jax.tree.map(np.float32, plain(parameters)))[0]
    return [_named(path_name(path)) for path, _ in leaves], np.array([x for _, x in leaves], np.float32)


def _named(path: str) -> str:
    head, _, rest = path.partition(".")
    if head != "effects":
        return path if head == "on" else rest
    number, _, effect = rest.partition(".")
    return f"{NAMES[int(number)]}.{effect}"


def plain(parameters: Parameters) -> Parameters:
    """Every number an argument, the fixed ones too."""
    from hegemon.parameters import Constant

    def free(block: Any) -> Any:
        import dataclasses

        numbers = {f.name: np.float32(getattr(block, f.name)) for f in dataclasses.fields(block)
                   if isinstance(getattr(block, f.name), Constant)}  # fmt: skip
        return dataclasses.replace(block, **numbers)

    blocks = {name: free(block) for name, block in parameters.blocks.items()}
    return Parameters(blocks, tuple(free(effects) for effects in parameters.effects), parameters.on)


def leaves(begin: Opening) -> list[np.ndarray[Any, Any]]:
    """An opening's arrays in the order of the manifest, padded to the longest history."""
    return [np.asarray(x) for x in jax.tree.leaves(padded(begin))]


def path_name(path: Any) -> str:
    """A leaf's name, as Python would write it without brackets."""
    return ".".join(str(getattr(k, "name", getattr(k, "key", getattr(k, "idx", "")))) for k in path)


def chunk(order: Order) -> tuple[Any, list[str], list[str], list[str]]:
    """The jaxpr of a chunk of an order's shape, and the names of its arguments, results and parameters. Results are events, and
    every measure of every history."""
    from hegemon.opening import opening

    tree = plain(order.parameters)
    names, values = numbered(order.parameters)
    structure = jax.tree.structure(tree)
    begin = padded(opening(order))

    def run(start: Opening, parameters: Any, seed: Any, numbers: Any, epoch: Any, stand: Any) -> Any:
        each = jax.tree.unflatten(structure, [parameters[i] for i in range(len(names))])
        counts = jnp.ones(RUNS)
        return simulate_chunk(start, each, seed, numbers[0], epoch, counts, trajectories=RUNS, numbers=numbers, stand=stand)[1:]

    word = jax.ShapeDtypeStruct((), jnp.uint32)
    given = (
        begin,
        jax.ShapeDtypeStruct((len(values), 1, RUNS), jnp.float32),
        (word, word),
        jax.ShapeDtypeStruct((RUNS,), jnp.uint32),
        word,
        (word, jax.ShapeDtypeStruct((len(order.poles), len(order.states), RUNS), jnp.float32)),
    )
    closed, shapes = jax.make_jaxpr(run, return_shape=True)(*given)
    top = ("opening", "parameters", "seed", "numbers", "epoch", "stand")
    inputs = [path_name(path) for path, _ in jax.tree_util.tree_flatten_with_path(given)[0]]
    named = [".".join([top[int(name.partition(".")[0])], *name.split(".")[1:]]) for name in inputs]
    outs = [path_name(path) for path, _ in jax.tree_util.tree_flatten_with_path(shapes)[0]]
    heads = ("events", "kept")
    outputs = [".".join([heads[int(name.partition(".")[0])], *name.split(".")[1:]]) for name in outs]
    return closed, named, outputs, names
