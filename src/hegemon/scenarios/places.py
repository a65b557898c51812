"""Reading TOML, and where each key of a text stands, so that a message can name the line.

The standard library's reader keeps no positions. This scanner follows only what positions need (headers,
keys, strings that run over lines) of a text the reader has already accepted; where it loses track, a message
names the table instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, TypeVar

from hegemon.errors import BadFile, Path

Lines = dict[Path, int]
Where = TypeVar("Where", int, str)

_DEEP = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""", re.ASCII)
"""Names joined by more than thirty dots: no key of ours, and hardly prose."""

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*(\]\]?)\s*(?:#.*)?$")
_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=")
_INLINE = re.compile(rf"(?:[{{,])\s*({_KEY})\s*=")


def parsed(text: str, label: str, subject: str) -> dict[str, Any]:
    """The tables of a TOML text that a message calls `label`. Raises `BadFile`; "A scenario has" is a `subject`."""
    try:
        if _DEEP.search(text):  # the reader takes time and memory in the square of a key's depth
            raise RecursionError
        return tomllib.loads(text)
    except RecursionError:
        raise BadFile(f"{label} is nested too deeply", f"{subject} tables in tables, not more.") from None
    except ValueError as error:
        said, line = _syntax_error(error)
        raise BadFile("not valid TOML", f"{said}.", place=placed(label, line)) from None


def placed(label: str, line: int | None) -> str:
    """File and line, as far as known."""
    return label if line is None else f"{label}, line {line}"


def lines_of(text: str) -> Lines:
    """Line (from 1) of every table and key of a valid TOML text, by its path."""
    found: Lines = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    closing = ""  # what ends a value that began on an earlier line
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if depth > 0:
            depth += _nesting(line)
            continue
        header = _HEADER.match(line)
        if header:
            table = _resolve(_keys(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                found.setdefault(table, number)
                table = (*table, counts[table])
            found.setdefault(table, number)
            continue
        key = _DOTTED.match(line)
        if not key:
            continue
        path = table + _keys(key[1])
        found.setdefault(path, number)
        value = line[key.end() :]
        for mark in ('"""', "'''"):
            if value.strip().startswith(mark) and mark not in value.strip()[3:]:
                closing = mark
        if not closing:
            if value.lstrip().startswith("{"):
                for inner in _INLINE.finditer(value):
                    found.setdefault((*path, *_keys(inner[1])), number)
            depth = max(_nesting(value), 0)
    return found


def nearest(path: Path, lines: Mapping[Path, Where]) -> Where | None:
    """Where the value stands, or the innermost table around it that the text has."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _keys(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


def _resolve(path: Path, counts: dict[Path, int]) -> Path:
    """A header's path, with the number of the element for every array of tables on the way."""
    found: Path = ()
    for i, key in enumerate(path):
        found = (*found, key)
        if found in counts and i < len(path) - 1:
            found = (*found, counts[found])
    return found


def _nesting(value: str) -> int:
    """Brackets opened less brackets closed, outside strings and comments."""
    bare = re.sub(r'"(?:\\.|[^"\\])*"|\'[^\']*\'', "", value).split("#")[0]
    return bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")


def _syntax_error(error: Exception) -> tuple[str, int | None]:
    """The reader's complaint without its coordinates, and the line."""
    text = str(error)
    line = getattr(error, "lineno", None)
    found = re.search(r"\s*\(at line (\d+), column \d+\)", text)
    if found:
        line, text = int(found[1]), text[: found.start()]
    elif "(at end of document)" in text:
        text = text.replace("(at end of document)", "at the end of the file")
    if not isinstance(error, tomllib.TOMLDecodeError) and line is None:
        text = "A number has too many digits" if "digit" in text else text
    return text.strip(), line
