"""What a mechanism's file says about it: read from source and docstrings, so that nothing is said twice."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from types import ModuleType
from typing import Any

from hegemon.mechanisms import Mechanism

_ENTRY = re.compile(r"^(\w+) {2,}(\S.*)$")


def module(mechanism: Mechanism) -> ModuleType:
    return sys.modules[mechanism.params.__module__]


def file(mechanism: Mechanism) -> str:
    return f"src/{module(mechanism).__name__.replace('.', '/')}.py"


def sentence(mechanism: Mechanism) -> str:
    """What a mechanism says of itself: the first line of its docstring, after the name."""
    first = (inspect.getdoc(module(mechanism)) or "").splitlines()[0]
    return first.partition(": ")[2] or first


def equations(module: ModuleType) -> str:
    """The module's functions: docstring, imports, parameters and registration are told elsewhere."""
    text = inspect.getsource(module)
    functions = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    return "\n\n\n".join(ast.get_source_segment(text, node) or "" for node in functions)


def keys(function: Any) -> list[str]:
    """What a contribution is to: the keys of the tables a function returns."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    tables = [n.value for n in ast.walk(tree) if isinstance(n, ast.Return) and isinstance(n.value, ast.Dict)]
    return [str(k.value) for table in tables for k in table.keys if isinstance(k, ast.Constant)]


def explained(text: str) -> list[tuple[str, str]]:
    """The aligned lists of a docstring: a name, two spaces or more, what it is; deeper lines go on."""
    found: list[tuple[str, str]] = []
    inside = False
    for line in inspect.cleandoc(text).splitlines():
        if entry := _ENTRY.match(line):
            found.append((entry[1], entry[2]))
            inside = True
        elif inside and line.startswith("    ") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        else:
            inside = False
    return found
