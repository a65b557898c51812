"""A portable engine at work in this process: through `wasmtime`, or as a library that a compiler has made of the same C."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.errors import UserError
from hegemon.portable.artefacts import Artefact

if TYPE_CHECKING:
    from hegemon.opening import Opening


@dataclass(frozen=True)
class Engine:
    """Arguments and results as arrays in the engine's own memory, and its two functions."""

    manifest: dict[str, Any]
    arrays: dict[str, np.ndarray[Any, Any]]
    begin: Callable[[], Any]
    quarter: Callable[[], Any]

    def histories(self, start: Opening, parameters: Any, seed: int, numbers: Any, quarters: int,
                  results: Sequence[str] = (), stand: tuple[int, Any] | None = None) -> Iterator[dict[str, Any]]:  # fmt: skip
        """The engine's histories by these numbers, quarter by quarter: results, copied.

        parameters  [F, 1] or [F, R], in the order of the manifest
        results     which (none: all)
        stand       the number of a quarter and ties [P, N, R] at its close (None: where histories have led them)
        """
        from hegemon.dice import split_seed
        from hegemon.portable.arguments import NEVER, leaves

        given = leaves(start)
        for (name, array), value in zip(self._openings(), given, strict=True):
            if array.shape != np.shape(value):
                raise UserError(f"{name} has shape {np.shape(value)}, and the engine was made for {array.shape}.")
            array[...] = value
        self.arrays["parameters"][:, 0, :] = parameters
        self.arrays["seed.0"][...], self.arrays["seed.1"][...] = split_seed(seed)
        at = np.asarray(numbers, np.uint64)
        self.arrays["numbers"][...], self.arrays["epoch"][...] = at & 0xFFFFFFFF, int(at[0]) >> 32
        self.arrays["stand.0"][...] = NEVER if stand is None else stand[0]
        if stand is not None:
            self.arrays["stand.1"][...] = stand[1]
        self.begin()
        results = results or [each["name"] for each in self.manifest["outputs"]]
        for _ in range(quarters):
            self.quarter()
            yield {name: self.arrays[name].copy() for name in results}

    def _openings(self) -> list[tuple[str, np.ndarray[Any, Any]]]:
        return [(name, array) for name, array in self.arrays.items() if name.startswith("opening.")]


def _arrays(manifest: dict[str, Any], at: Callable[[int, int], np.ndarray[Any, Any]]) -> dict[str, np.ndarray[Any, Any]]:
    """Named arrays over an engine's memory; `at` gives the bytes of a number of the manifest."""
    found = {}
    for number, each in enumerate([*manifest["inputs"], *manifest["outputs"]]):
        kind = np.dtype(each["dtype"])
        count = int(np.prod(each["shape"], dtype=int))
        found[each["name"]] = at(number, count * kind.itemsize).view(kind).reshape(each["shape"])
    return found


@dataclass(frozen=True)
class Compiled:
    """A module that wasmtime has compiled, for any number of instances."""

    manifest: dict[str, Any]
    engine: Any
    module: Any


def compiled(made: Artefact) -> Compiled:
    """Compile an artefact with wasmtime. Raises `UserError` where that is not installed."""
    try:
        import wasmtime
    except ImportError:
        raise UserError("portable engines need wasmtime, which is not installed",
                        "Install it with `pip install 'hegemon[portable]'`.") from None  # fmt: skip
    engine = wasmtime.Engine()
    return Compiled(made.manifest, engine, wasmtime.Module(engine, made.module))


def instance(of: Compiled) -> Engine:
    """An engine with a memory of its own."""
    import wasmtime

    store = wasmtime.Store(of.engine)
    exports: Any = wasmtime.Instance(store, of.module, []).exports(store)
    memory: Any = exports["memory"]
    whole = np.frombuffer(memory.get_buffer_ptr(store, memory.data_len(store)), np.uint8)

    def at(number: int, size: int) -> np.ndarray[Any, Any]:
        where = exports["hegemon_at"](store, number)
        return whole[where : where + size]

    begin, quarter = exports["hegemon_begin"], exports["hegemon_quarter"]
    return Engine(of.manifest, _arrays(of.manifest, at), lambda: begin(store), lambda: quarter(store))


def through_wasmtime(made: Artefact) -> Engine:
    """An artefact at work."""
    return instance(compiled(made))


def native(library: Path, manifest: dict[str, Any]) -> Engine:
    """The same C, compiled for this machine as a shared library."""
    loaded = ctypes.CDLL(str(library))
    loaded.hegemon_at.restype = ctypes.c_void_p

    def at(number: int, size: int) -> np.ndarray[Any, Any]:
        return np.frombuffer(memoryview((ctypes.c_char * size).from_address(loaded.hegemon_at(number))), np.uint8)

    return Engine(manifest, _arrays(manifest, at), loaded.hegemon_begin, loaded.hegemon_quarter)
