"""Where in the model's source an equation of the jaxpr comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jax._src import source_info_util

import hegemon

SOURCE = Path(hegemon.__file__).parent
PLUMBING = {"axes", "dice", "lift", "parameters"}


def label_of(equation: Any) -> tuple[str, str]:
    """(module, function): a mechanism's contribution, or else the part of law, event or aftermath that computes it."""
    frames = []
    for frame in source_info_util.user_frames(equation.source_info.traceback):
        file = Path(frame.file_name)
        if SOURCE in file.parents:
            parts = frame.function_name.partition(".<locals>")[0]
            frames.append((file.parent.name, file.stem, parts))
    for folder, module, function in reversed(frames):
        if folder == "mechanisms":
            return module, function
    for _, module, function in frames:
        if module not in PLUMBING:
            return module, function
    return "", "numbers"


def comment(label: tuple[str, str]) -> str:
    """The first line of the docstring of the function that a label names."""
    import ast
    import functools

    @functools.cache
    def said(module: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for file in sorted(SOURCE.rglob(f"{module}.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    found[node.name] = (ast.get_docstring(node) or "").partition("\n")[0]
        return found

    return said(label[0]).get(label[1].rpartition(".")[2], "") if label[0] else ""
