"""What pydantic found wrong in a ledger, as one sentence that names claim, key and remedy."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hegemon.errors import BadDate, BadValue, Missing, OutOfRange, Path, UnknownKey, UserError, did_you_mean, shown
from hegemon.ledgers.schema import Ledger

_URGENT = ("extra_forbidden", "missing")
"""A misspelt key is both unknown and missing: tell the unknown one, it carries the remedy."""

_WORDS = {
    "string_type": "text in quotes",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "tuple_type": "a list, in [ ]",
    "missing_argument": "a list of two, lowest and highest",
    "unexpected_positional_argument": "a list of two, lowest and highest",
}


def complaint(error: ValidationError, tables: Mapping[str, Any]) -> UserError:
    """The most telling mistake, as a sentence; how many others there are comes after it."""
    found = error.errors(include_url=False, include_context=True)
    first = min(found, key=lambda e: _URGENT.index(e["type"]) if e["type"] in _URGENT else len(_URGENT))
    said = _sentence(first)
    more = len(found) - 1
    if more:
        others = f"({more} more mistake{'s' if more > 1 else ''} in this file.)"
        said = type(said)(said.what, f"{said.remedy} {others}", at=said.at)
    return named(said, tables)


def named(error: UserError, tables: Mapping[str, Any]) -> UserError:
    """The same mistake, beginning with the claim it stands in: by its id, or its number in the file."""
    at = error.at
    if len(at) < 2 or at[0] != "claim" or not isinstance(at[1], int):
        return error
    given = tables.get("claim")
    entry = given[at[1]] if isinstance(given, list) and at[1] < len(given) else {}
    label = entry.get("id") if isinstance(entry, dict) else None
    who = label if isinstance(label, str) and label.isprintable() and 0 < len(label) <= 20 else f"claim {at[1] + 1}"
    part = ""
    if len(at) > 3 and at[2] in ("estimand", "record", "fact") and isinstance(at[3], int):
        part = f", {at[2]} {at[3] + 1}"
    return type(error)(f"{who}{part}: {error.what}", error.remedy, at=at, place=error.place)


def dotted(at: Path) -> str:
    """Keys inside their claim and estimand, as a reader would write them."""
    inner = at
    if at[:1] == ("claim",) and len(at) > 2:
        inner = at[4:] if len(at) > 4 and at[2] in ("estimand", "record", "fact") and isinstance(at[3], int) else at[2:]
    words = (str(p + 1) if isinstance(p, int) else p if re.fullmatch("[A-Za-z0-9_-]{1,40}", p) else shown(p) for p in inner)
    return ".".join(words)


def _sentence(error: ErrorDetails) -> UserError:
    at: Path = tuple(error["loc"])
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    key = dotted(at)
    what = f"{key} = {shown(value)}"
    if kind == "extra_forbidden":
        return UnknownKey(f"{key} is no key of the format", did_you_mean(str(at[-1]), _keys(at[:-1])), at=at)
    if kind == "missing":
        if isinstance(at[-1], int):
            return BadValue(f"{dotted(at[:-1])} lacks an entry", "It takes two.", at=at[:-1])
        return Missing(f"{key} is missing", _what_it_is(at), at=at)
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return OutOfRange(what, _range(at, context), at=at)
    if kind == "bad_date":
        return BadDate(what, str(context["remedy"]), at=at)
    if kind == "literal_error":
        allowed = [part.strip("'") for part in str(context["expected"]).replace(" or ", ", ").split(", ")]
        remedy = did_you_mean(value, allowed) if isinstance(value, str) else f"Known: {', '.join(allowed)}."
        return BadValue(what, remedy, at=at)
    if kind == "string_pattern_mismatch":
        return BadValue(what, "Write letters, digits, - and _, beginning with a letter, as in C4.", at=at)
    if kind == "finite_number":
        return OutOfRange(what, "It must be a finite number.", at=at)
    if kind == "too_short":
        return Missing(f"{key} is empty", "Give at least one entry.", at=at)
    if kind == "too_long":
        return BadValue(f"{key} has {context['actual_length'] or 'too many'} entries",
                        f"At most {context['max_length']}.", at=at)  # fmt: skip
    if kind == "string_too_long":
        return BadValue(f"{key} is longer than {context['max_length']} characters", "Shorten it.", at=at)
    if kind in _WORDS:
        return BadValue(what, f"It must be {_WORDS[kind]}.", at=at)
    return BadValue(what, f"{error['msg'].rstrip('.')}.", at=at)


def _range(at: Path, context: Mapping[str, Any]) -> str:
    """The whole range, not only the side that was missed."""
    low, high = None, None
    for part in _metadata(_annotation(at)):
        low = getattr(part, "ge", low)
        high = getattr(part, "le", high)
    if low is not None and high is not None:
        return f"It must lie between {low} and {high}."
    words = (("ge", "at least"), ("le", "at most"), ("gt", "more than"), ("lt", "less than"))
    return next(f"It must be {word} {context[name]}." for name, word in words if name in context)


def _fields(table: Any) -> dict[str, Any]:
    return {field.alias or name: field for name, field in table.model_fields.items()}


def _annotation(at: Path) -> Any:
    """The type the format gives to a path, None where it has none."""
    found: Any = Ledger
    for part in at:
        found = _bare(found)
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = _fields(found).get(str(part))
            if field is None:
                return None
            found = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        elif get_origin(found) in (dict, tuple):
            found = get_args(found)[1 if get_origin(found) is dict else 0]
        else:
            return None
    return found


def _bare(found: Any) -> Any:
    """A type without its annotations and without `| None`."""
    while get_origin(found) in (Annotated, Union, types.UnionType):
        found = next(arg for arg in get_args(found) if arg is not types.NoneType)
    return found


def _metadata(found: Any) -> list[Any]:
    flat: list[Any] = []
    while get_origin(found) in (Annotated, Union, types.UnionType):
        if get_origin(found) is Annotated:
            for part in get_args(found)[1:]:
                flat += [part, *getattr(part, "metadata", ())]
            found = get_args(found)[0]
        else:
            found = next(arg for arg in get_args(found) if arg is not types.NoneType)
    return flat


def _keys(at: Path) -> list[str]:
    table = _bare(_annotation(at))
    return list(_fields(table)) if isinstance(table, type) and issubclass(table, BaseModel) else []


def _what_it_is(at: Path) -> str:
    """What belongs in a missing place, from the field's own description."""
    table = _bare(_annotation(at[:-1]))
    if isinstance(table, type) and issubclass(table, BaseModel):
        field = _fields(table).get(str(at[-1]))
        if field is not None and field.description:
            return f"Add it: {field.description}."
    return "Add it."
