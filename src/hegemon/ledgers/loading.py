"""Reading ledgers: find the file, read it, check it. What is wrong becomes one sentence with claim, line and remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from hegemon.errors import BadFile, UnknownName, UserError, did_you_mean, shown
from hegemon.files import read_text
from hegemon.ledgers.complaints import complaint, named
from hegemon.ledgers.schema import Ledger
from hegemon.scenarios.places import lines_of, nearest, syntax_error

if TYPE_CHECKING:
    from hegemon.scenarios.schema import Scenario

LARGEST = 1_000_000
"""Most bytes of a file of claims."""

_DEEP = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""", re.ASCII)
"""Names joined by more than thirty dots: no key of ours, and hardly prose."""


def builtin_ledgers() -> tuple[str, ...]:
    """Names of the ledgers that come with the package."""
    files = resources.files("hegemon.ledgers").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load_ledger(name_or_path: str | Path = "limited-sovereignty") -> Ledger:
    """A ledger of claims by built-in name ("limited-sovereignty", "regularities"), or path of a TOML file.

    Raises `UserError` in one sentence that names file, line, claim, key and remedy.
    """
    word = str(name_or_path)
    if isinstance(name_or_path, str) and not _is_path(word):
        known = builtin_ledgers()
        if word not in known:
            remedy = f"{did_you_mean(word, known)} A path to a file of your own ends in .toml."
            raise UnknownName(f"no ledger of claims is called {shown(word)}", remedy)
        text = resources.files("hegemon.ledgers").joinpath(f"{word}.toml").read_text("utf-8")
        return read_ledger(text, f"{word}.toml", word)
    path = Path(word).expanduser()
    text = read_text(path, LARGEST, said=word, builtin=builtin_ledgers())
    return read_ledger(text, path.name, path.stem, path.parent)


def read_ledger(
    text: str, label: str = "claims.toml", name: str = "claims", folder: Path | None = None,
    known: Mapping[str, Scenario] | None = None,
) -> Ledger:  # fmt: skip
    """A ledger from TOML text; `folder` is where it looks for scenarios given by path, `known` are scenarios at hand."""
    text = text.replace("\r\n", "\n")
    try:
        if _DEEP.search(text):  # the reader takes time and memory in the square of a key's depth
            raise RecursionError
        tables: dict[str, Any] = tomllib.loads(text)
    except RecursionError:
        raise BadFile(f"{label} is nested too deeply", "Claims have tables in tables, not more.") from None
    except ValueError as error:
        said, line = syntax_error(error)
        place = label if line is None else f"{label}, line {line}"
        raise BadFile("not valid TOML", f"{said}.", place=place) from None
    try:
        return Ledger.model_validate(tables, context={"folder": folder, "scenarios": known}).named(name)
    except ValidationError as error:
        found = complaint(error, tables)
    except UserError as error:
        found = named(error, tables)
    line = nearest(found.at, lines_of(text))
    place = label if line is None else f"{label}, line {line}"
    raise type(found)(found.what, found.remedy, at=found.at, place=place) from None


def _is_path(word: str) -> bool:
    return word.endswith(".toml") or "/" in word or "\\" in word or word in (".", "..")
