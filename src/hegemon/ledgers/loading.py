"""Reading ledgers: find the file, read it, check it. What is wrong becomes one sentence with claim, line and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from hegemon.errors import UnknownName, UserError
from hegemon.files import builtin
from hegemon.ledgers.complaints import complaint, named
from hegemon.ledgers.schema import Ledger
from hegemon.scenarios.loader import opened
from hegemon.scenarios.places import lines_of, nearest, parsed, placed
from hegemon.scenarios.schema import Scenario


def builtin_ledgers() -> tuple[str, ...]:
    """Names of the ledgers that come with the package."""
    return builtin("ledgers", ".toml")


def load_ledger(name_or_path: str | Path = "limited-sovereignty") -> Ledger:
    """A ledger of claims by built-in name ("limited-sovereignty", "regularities"), or path of a TOML file.

    Raises `UserError` in one sentence that names file, line, claim, key and remedy.
    """
    return read_ledger(*opened(name_or_path, "ledgers", "ledger of claims", UnknownName))


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
