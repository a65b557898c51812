"""What pydantic found wrong in a ledger, as one sentence that names claim, key and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from hegemon.errors import Path, UserError
from hegemon.ledgers.schema import Ledger
from hegemon.scenarios.complaints import Format, most_telling, word


def complaint(error: ValidationError, tables: Mapping[str, Any]) -> UserError:
    """The most telling mistake, as a sentence; how many others there are comes after it."""
    remedy = "Write letters, digits, - and _, beginning with a letter, as in C4."
    return named(most_telling(error, Format(Ledger, "file", dotted=dotted, pattern=lambda _: remedy)), tables)


def named(error: UserError, tables: Mapping[str, Any]) -> UserError:
    """The same mistake, beginning with the claim it stands in: by its id, or its number in the file."""
    at = error.at
    if len(at) < 2 or at[0] != "claim" or not isinstance(at[1], int):
        return error
    given = tables.get("claim")
    entry = given[at[1]] if isinstance(given, list) and at[1] < len(given) else {}
    label = entry.get("id") if isinstance(entry, dict) else None
    who = label if isinstance(label, str) and label.isprintable() and 0 < len(label) <= 20 else f"claim {at[1] + 1}"
    part = f", {at[2]} {at[3] + 1}" if _numbered(at) and isinstance(at[3], int) else ""
    return type(error)(f"{who}{part}: {error.what}", error.remedy, at=at, place=error.place)


def dotted(at: Path) -> str:
    """Keys inside their claim and estimand, as a reader would write them."""
    inner = at
    if at[:1] == ("claim",) and len(at) > 2:
        inner = at[4:] if len(at) > 4 and _numbered(at) else at[2:]
    return ".".join(str(part + 1) if isinstance(part, int) else word(part) for part in inner)


def _numbered(at: Path) -> bool:
    """Whether a path leads into one of a claim's estimands, statistics of the record, worths or facts."""
    return len(at) > 3 and at[2] in ("estimand", "record", "worth", "fact") and isinstance(at[3], int)
