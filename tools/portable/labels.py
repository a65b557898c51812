"""Where in the model's source an equation of the jaxpr comes from."""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import Any

from jax._src import source_info_util

import hegemon

Label = tuple[str, str]
"""Module and function."""

SOURCE = Path(hegemon.__file__).parent
PLUMBING = {"axes", "dice", "lift", "parameters"}


def label_of(equation: Any) -> Label:
    """A mechanism's contribution, or else the part of law, event or aftermath that computes it."""
    frames = [(Path(frame.file_name), frame.function_name.partition(".<locals>")[0])
              for frame in source_info_util.user_frames(equation.source_info.traceback)]  # fmt: skip
    ours = [(file, function) for file, function in frames if SOURCE in file.parents]
    mechanisms = [each for each in reversed(ours) if each[0].parent.name == "mechanisms"]
    others = [each for each in ours if each[0].stem not in PLUMBING]
    file, function = next(iter(mechanisms + others), (Path(), "numbers"))
    return file.stem, function


@functools.cache
def comment(label: Label) -> str:
    """A label, and the first line of its function's docstring."""
    trees = [ast.parse(file.read_text("utf-8")) for file in sorted(SOURCE.rglob(f"{label[0]}.py"))] if label[0] else []
    said = [ast.get_docstring(node) or "" for tree in trees for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name == label[1].rpartition(".")[2]]  # fmt: skip
    return ": ".join([".".join(filter(None, label)), *(each.partition("\n")[0] for each in said[-1:] if each)])
