"""Plain tables as TOML: what a resolved scenario needs of the format, and no more (the standard library only reads it)."""

from __future__ import annotations

import json
import re
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def text(tables: dict[str, Any]) -> str:
    """A document that `tomllib` reads as the same tables."""
    return "\n".join(_table(tables, ())).lstrip("\n") + "\n"


def _table(table: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    """A table's own values first, then the tables in it, each under its heading."""
    lines = [f"{_key(key)} = {value_text(value)}" for key, value in table.items() if not _is_heading(value)]
    for key, value in table.items():
        here = (*path, key)
        if isinstance(value, dict):
            inner = _table(value, here)
            plain = any(not _is_heading(v) for v in value.values()) or not value
            lines += ["", f"[{'.'.join(map(_key, here))}]", *inner] if plain else inner
        elif _is_heading(value):
            for row in value:
                lines += ["", f"[[{'.'.join(map(_key, here))}]]", *_table(row, here)]
    return lines


def _is_heading(value: Any) -> bool:
    """A table, or a list of tables."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def value_text(value: Any) -> str:
    """A value on one line. JSON's words, numbers and strings are TOML's; tables in lists are written inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {value_text(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(value_text(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("\x7f", "\\u007f")
