"""Reading ledgers: find the file, read it, check it. What is wrong becomes one sentence with claim, line and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from hegemon.errors import UnknownName, UserError, did_you_mean, shown
from hegemon.files import builtin, is_path, read_text
from hegemon.ledgers.complaints import complaint, named
from hegemon.ledgers.schema import Ledger
from hegemon.scenarios.places import lines_of, nearest, parsed, placed

if TYPE_CHECKING:
    from hegemon.scenarios.schema import Scenario

LARGEST = 1_000_000
"""Most bytes of a file of claims."""


def builtin_ledgers() -> tuple[str, ...]:
    """Names of the ledgers that come with the package."""
    return builtin("ledgers", ".toml")


def load_ledger(name_or_path: str | Path = "limited-sovereignty") -> Ledger:
    """A ledger of claims by built-in name ("limited-sovereignty", "regularities"), or path of a TOML file.

    Raises `UserError` in one sentence that names file, line, claim, key and remedy.
    """
    word = str(name_or_path)
    if isinstance(name_or_path, str) and not is_path(word):
        if word not in (known := builtin_ledgers()):
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
    tables = parsed(text, label, "Claims have")
    try:
        return Ledger.model_validate(tables, context={"folder": folder, "scenarios": known}).named(name)
    except ValidationError as error:
        found = complaint(error, tables)
    except UserError as error:
        found = named(error, tables)
    place = placed(label, nearest(found.at, lines_of(text)))
    raise type(found)(found.what, found.remedy, at=found.at, place=place) from None
