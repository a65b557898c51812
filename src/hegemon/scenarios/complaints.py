"""From what pydantic found wrong to one sentence a political scientist can act on."""

from __future__ import annotations

import re
import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hegemon.errors import (
    BadDate,
    BadValue,
    Missing,
    OutOfRange,
    Path,
    UnknownKey,
    UserError,
    did_you_mean,
    shown,
)
from hegemon.scenarios.schema import Scenario

_URGENT = ("[key]", "extra_forbidden", "missing")
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
}


def complaint(error: ValidationError, of: type[BaseModel] = Scenario) -> UserError:
    """The most telling mistake in what should be a scenario, or another model `of`; how many others there are comes after it."""
    found = error.errors(include_url=False, include_context=True)
    first = min(found, key=_rank)
    lacking = [e for e in found if e["type"] == "missing" and e["loc"][:2] == first["loc"][:2]]
    if first["type"] == "missing" and first["loc"][0] == "states" and len(lacking) > 5:
        return _no_state(str(first["loc"][1]), [str(e["loc"][-1]) for e in lacking])
    said = _sentence(first, of)
    if len(found) > 1:
        others = f"({len(found) - 1} more mistake{'s' if len(found) > 2 else ''} in this {_noun(of)}.)"
        said = type(said)(said.what, f"{said.remedy} {others}", at=said.at, place=said.place)
    return said


def _rank(error: ErrorDetails) -> int:
    kind = "[key]" if "[key]" in error["loc"] else error["type"]
    return _URGENT.index(kind) if kind in _URGENT else len(_URGENT)


def _no_state(state: str, lacking: list[str]) -> UserError:
    """A state of which next to nothing is given: a new one begun, or a code spelt wrong."""
    remedy = "A state needs all its figures; if it was meant to change another's, check the code."
    return Missing(f"states.{state} lacks {', '.join(lacking)}", remedy, at=("states", state))


def dotted(at: Path) -> str:
    """A path as a reader would write it, list elements counted from 1: "force 1: state"."""
    text, glue = "", ""
    for part in at:
        word = str(part) if re.fullmatch("[A-Za-z0-9_-]{1,40}", str(part)) else shown(part)
        text += f" {part + 1}" if isinstance(part, int) else f"{glue}{word}"
        glue = ": " if isinstance(part, int) else "."
    return text


def _noun(of: type[BaseModel]) -> str:
    return "scenario" if of is Scenario else "question"


def _sentence(error: ErrorDetails, of: type[BaseModel]) -> UserError:
    at: Path = tuple(part for part in error["loc"] if part != "[key]")
    if at[1:2] == ("path",):  # years are keys, not places in a list
        at = tuple(map(str, at))
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    key = dotted(at)
    what = f"{key} = {shown(value)}"
    if "[key]" in error["loc"]:
        return BadValue(f"{key} is no state's code", _pattern(at, "A-Z"), at=at)
    if kind == "extra_forbidden":
        where = "the format" if of is Scenario else f"a {_noun(of)} of this kind"
        return UnknownKey(f"{key} is no key of {where}", did_you_mean(str(at[-1]), _keys(at[:-1], of)), at=at)
    if kind == "missing":
        return Missing(f"{key} is missing", _what_it_is(at, of), at=at)
    if kind in _SIDES:
        return OutOfRange(what, _between(at, context, of), at=at)
    if kind == "bad_date":
        return BadDate(what, str(context["remedy"]), at=at)
    if kind == "bad_year":
        return BadDate(f"{key}: {shown(context['key'])} is no year", str(context["remedy"]), at=(*at, context["key"]))
    if kind == "literal_error":
        return BadValue(what, _literal(value, context), at=at)
    if kind == "string_pattern_mismatch":
        return BadValue(what, _pattern(at, str(context["pattern"])), at=at)
    if kind == "finite_number":
        return OutOfRange(what, "It must be a finite number.", at=at)
    if kind == "too_short":
        return Missing(f"{key} is empty", "Give at least one entry.", at=at)
    if kind == "too_long":
        return BadValue(
            f"{key} has {context['actual_length'] or 'too many'} entries",
            f"At most {context['max_length']}.",
            at=at,
        )
    if kind == "string_too_long":
        return BadValue(f"{key} is longer than {context['max_length']} characters", "Shorten it.", at=at)
    if kind in _WORDS:
        return BadValue(what, f"It must be {_WORDS[kind]}.", at=at)
    return BadValue(what, f"{error['msg'].rstrip('.')}.", at=at)


def _between(at: Path, context: dict[str, Any], of: type[BaseModel]) -> str:
    """The whole range, not only the side that was missed: the next guess should be right."""
    low, high = _bounds(at, of)
    if low is not None and high is not None:
        return f"It must lie between {low} and {high}."
    return next(
        f"It must be {word} {_number(context[name])}."
        for name, word in (("ge", "at least"), ("le", "at most"), ("gt", "more than"), ("lt", "less than"))
        if name in context
    )


_SIDES = ("greater_than_equal", "less_than_equal", "greater_than", "less_than")


def _literal(value: object, context: dict[str, Any]) -> str:
    allowed = [part.strip("'") for part in str(context["expected"]).replace(" or ", ", ").split(", ")]
    return did_you_mean(value, allowed) if isinstance(value, str) else f"Known: {', '.join(allowed)}."


def _pattern(at: Path, pattern: str) -> str:
    if "A-Z" in pattern:
        return "Write the three capital letters of ISO 3166, as in ARM."
    return "Write small letters, digits, - and _, beginning with a letter."


def _annotation(at: Path, of: type[BaseModel]) -> Any:
    """The type the format gives to a path, None where it has none."""
    found: Any = of
    for part in at:
        found = _bare(found)
        if isinstance(found, type) and issubclass(found, BaseModel):
            named = {field.alias or name: field for name, field in found.model_fields.items()}
            if part not in named:
                return None
            field = named[str(part)]
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


def _keys(at: Path, of: type[BaseModel]) -> list[str]:
    table = _bare(_annotation(at, of))
    if isinstance(table, type) and issubclass(table, BaseModel):
        top = ["extends"] if table is Scenario else []
        return top + [field.alias or name for name, field in table.model_fields.items() if name != "given"]
    return []


def _what_it_is(at: Path, of: type[BaseModel]) -> str:
    """What belongs in a missing place, from the field's own description."""
    table, name = _bare(_annotation(at[:-1], of)), str(at[-1])
    if isinstance(table, type) and issubclass(table, BaseModel):
        fields = {field.alias or key: field for key, field in table.model_fields.items()}
        if name in fields and fields[name].description:
            return f"Add it: {fields[name].description}."
    if len(at) == 1 and of is Scenario:
        return 'Add it, or extend a scenario that has it: extends = "post-soviet".'
    return "Add it."


def _bounds(at: Path, of: type[BaseModel]) -> tuple[str | None, str | None]:
    low = high = None
    for part in _metadata(_annotation(at, of)):
        low = _number(part.ge) if getattr(part, "ge", None) is not None else low
        low = f"{_number(part.gt)} (not included)" if getattr(part, "gt", None) is not None else low
        high = _number(part.le) if getattr(part, "le", None) is not None else high
    return low, high


def _number(bound: Any) -> str:
    return f"{bound:,}" if isinstance(bound, int) and bound >= 10_000 else f"{bound:g}"


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
