"""The engines that come with hegemon: a WebAssembly module for each shape of order, and what is in it."""

from __future__ import annotations

import ast
import functools
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.errors import UserError

if TYPE_CHECKING:
    from hegemon.order import Order

SOURCES = ("axes.py", "dice.py", "drivers.py", "event.py", "law.py", "aftermath.py", "measures.py", "world.py", "instruments.py",
           "parameters.py", "opening.py", "engine/chunk.py", "portable/arguments.py", "mechanisms/*.py")  # fmt: skip
"""What a history is computed by."""


@dataclass(frozen=True)
class Artefact:
    """An engine for orders of so many neighbours and poles.

    manifest  arguments and results in the order of their numbers, parameters by name, fingerprint of the model, proof
    """

    name: str
    manifest: dict[str, Any]
    folder: Any

    @property
    def packed(self) -> bytes:
        """The module, gzipped."""
        return self.folder.joinpath(f"{self.name}.wasm.gz").read_bytes()

    @property
    def module(self) -> bytes:
        """The module."""
        return gzip.decompress(self.packed)

    @property
    def stale(self) -> bool:
        """Whether the model has changed since."""
        return bool(self.manifest["model"] != fingerprint())


def _folder() -> Any:
    return resources.files("hegemon.portable").joinpath("engines")


def shape_name(order: Order) -> str:
    """What fixes an engine: how many neighbours and poles, and what the order has that others have not: dates of independence
    ("aged"), neighbours that enter or end ("late"), and what turns by year."""
    from hegemon.opening import ages, paths

    given = paths(order)
    more = [word for word, known in (("aged", ages(order.scenario) is not None), ("late", "present" in given)) if known]
    return "-".join([f"{len(order.states)}x{len(order.poles)}", *more, *(name for name in TURNING if name in given)])


TURNING = ("creed", "idea", "interest", "stake")
"""What a scenario may have turn by year (`opening.paths`)."""


def names() -> list[str]:
    """Shapes for which there is an engine."""
    return sorted(f.name.removesuffix(".json") for f in _folder().iterdir() if f.name.endswith(".json"))


def artefact(name: str) -> Artefact:
    """The engine of a shape. Raises `UserError` where there is none."""
    if name not in names():
        size, *more = name.split("-")
        with_ = f" with what is called {', '.join(more)}" if more else ""
        raise UserError(f"There is no portable engine for an order of {size.replace('x', ' neighbours and ')} poles{with_}. "
                        f"There are: {', '.join(names())}. Make one: python tools/portable_engine.py SCENARIO.")  # fmt: skip
    return Artefact(name, json.loads(_folder().joinpath(f"{name}.json").read_text("utf-8")), _folder())


@functools.cache
def fingerprint(root: Path | None = None) -> str:
    """Fingerprint of the model's code without its comments and docstrings."""
    root = root or Path(str(resources.files("hegemon")))
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for file in sorted(root.glob(pattern)):
            digest.update("\n".join([file.name, *_code(file.read_text("utf-8"))]).encode())
    return digest.hexdigest()[:16]


def _code(text: str) -> Iterator[str]:
    """Lines that say something to a computer."""
    silent: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            silent.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    for number, line in enumerate(text.splitlines(), start=1):
        if number not in silent and line.strip() and not line.strip().startswith("#"):
            yield line.rstrip()
