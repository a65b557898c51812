"""From what pydantic found wrong to one sentence a political scientist can act on."""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hegemon.errors import BadDate, BadValue, Missing, OutOfRange, Path, UnknownKey, UserError, did_you_mean, shown
from hegemon.scenarios.schema import Scenario

_URGENT = ("[key]", "extra_forbidden", "missing")
"""A misspelt key is both unknown and missing: tell the unknown one, it carries the remedy."""

_WORDS = {
    "string_type": "text in quotes",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "a table"),
    "tuple_type": "a list, in [ ]",
    **dict.fromkeys(("missing_argument", "unexpected_positional_argument"), "a list of two, lowest and highest"),
}

_SAID: dict[str, tuple[type[UserError], str, str]] = {
    "bad_date": (BadDate, "{what}", "{remedy}"),
    "finite_number": (OutOfRange, "{what}", "It must be a finite number."),
    "too_short": (Missing, "{key} is empty", "Give at least one entry."),
    "string_too_long": (BadValue, "{key} is longer than {max_length} characters", "Shorten it."),
    **{kind: (BadValue, "{what}", f"It must be {word}.") for kind, word in _WORDS.items()},
}

_SIDES = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}


def complaint(error: ValidationError, of: type[BaseModel] = Scenario) -> UserError:
    """The most telling mistake in what should be a scenario, or a question `of`; how many others there are comes after it."""
    found = error.errors(include_url=False, include_context=True)
    first = min(found, key=_rank)
    lacking = [e for e in found if e["type"] == "missing" and e["loc"][:2] == first["loc"][:2]]
    if first["type"] == "missing" and first["loc"][0] == "states" and len(lacking) > 5:
        # a state of which next to nothing is given: a new one begun, or a code spelt wrong
        said = f"states.{first['loc'][1]} lacks {', '.join(str(e['loc'][-1]) for e in lacking)}"
        remedy = "A state needs all its figures; if it was meant to change another's, check the code."
        return Missing(said, remedy, at=("states", str(first["loc"][1])))
    return most_telling(error, SCENARIO if of is Scenario else Format(of, "question", "a question of this kind"))


def dotted(at: Path) -> str:
    """A path as a reader would write it, list elements counted from 1: "force 1: state"."""
    text, glue = "", ""
    for part in at:
        text += f" {part + 1}" if isinstance(part, int) else f"{glue}{word(part)}"
        glue = ": " if isinstance(part, int) else "."
    return text


def word(key: str) -> str:
    """A key as a reader would write it."""
    return key if re.fullmatch("[A-Za-z0-9_-]{1,40}", key) else shown(key)


def _pattern(pattern: str) -> str:
    if "A-Z" in pattern:
        return "Write the three capital letters of ISO 3166, as in ARM."
    return "Write small letters, digits, - and _, beginning with a letter."


@dataclass(frozen=True)
class Format:
    """What is given in some format, and how its mistakes are told.

    of       the model that it must be
    noun     what it is called
    name     of the format
    dotted   a path as a reader would write it
    pattern  what to write where a word does not match a pattern
    more     keys that a file may have besides
    """

    of: type[BaseModel]
    noun: str
    name: str = "the format"
    dotted: Callable[[Path], str] = dotted
    pattern: Callable[[str], str] = _pattern
    more: tuple[str, ...] = ()


SCENARIO = Format(Scenario, "scenario", more=("extends",))


def most_telling(error: ValidationError, of: Format) -> UserError:
    """The most telling mistake, as a sentence; how many others there are comes after it."""
    found = error.errors(include_url=False, include_context=True)
    said, more = _sentence(min(found, key=_rank), of), len(found) - 1
    if more:
        others = f"({more} more mistake{'s' if more > 1 else ''} in this {of.noun}.)"
        said = type(said)(said.what, f"{said.remedy} {others}", at=said.at, place=said.place)
    return said


def _rank(error: ErrorDetails) -> int:
    kind = "[key]" if "[key]" in error["loc"] else error["type"]
    return _URGENT.index(kind) if kind in _URGENT else len(_URGENT)


def _sentence(error: ErrorDetails, of: Format) -> UserError:
    at: Path = tuple(part for part in error["loc"] if part != "[key]")
    if at[1:2] == ("path",):  # years are keys, not places in a list
        at = tuple(map(str, at))
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    key = of.dotted(at)
    what = f"{key} = {shown(value)}"
    if "[key]" in error["loc"]:
        return BadValue(f"{key} is no state's code", _pattern("A-Z"), at=at)
    if kind == "extra_forbidden":
        return UnknownKey(f"{key} is no key of {of.name}", did_you_mean(str(at[-1]), _keys(at[:-1], of)), at=at)
    if kind == "missing":
        if isinstance(at[-1], int):
            return BadValue(f"{of.dotted(at[:-1])} lacks an entry", "It takes two.", at=at[:-1])
        return Missing(f"{key} is missing", _what_it_is(at, of), at=at)
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return OutOfRange(what, _between(at, context, of), at=at)
    if kind == "bad_year":
        return BadDate(f"{key}: {shown(context['key'])} is no year", str(context["remedy"]), at=(*at, context["key"]))
    if kind == "literal_error":
        allowed = [part.strip("'") for part in str(context["expected"]).replace(" or ", ", ").split(", ")]
        remedy = did_you_mean(value, allowed) if isinstance(value, str) else f"Known: {', '.join(allowed)}."
        return BadValue(what, remedy, at=at)
    if kind == "string_pattern_mismatch":
        return BadValue(what, of.pattern(str(context["pattern"])), at=at)
    if kind == "too_long":
        many = context["actual_length"] or "too many"
        return BadValue(f"{key} has {many} entries", f"At most {context['max_length']}.", at=at)
    if kind in _SAID:
        mistake, said, remedy = _SAID[kind]
        given = {**context, "key": key, "what": what}
        return mistake(said.format(**given), remedy.format(**given), at=at)
    return BadValue(what, f"{error['msg'].rstrip('.')}.", at=at)


def _between(at: Path, context: dict[str, Any], of: Format) -> str:
    """The whole range, not only the side that was missed: the next guess should be right."""
    low = high = None
    for part in _peeled(_annotation(at, of.of))[1]:
        low = _number(part.ge) if getattr(part, "ge", None) is not None else low
        low = f"{_number(part.gt)} (not included)" if getattr(part, "gt", None) is not None else low
        high = _number(part.le) if getattr(part, "le", None) is not None else high
    if low is not None and high is not None:
        return f"It must lie between {low} and {high}."
    return next(f"It must be {side} {_number(context[name])}." for name, side in _SIDES.items() if name in context)


def _number(bound: Any) -> str:
    return f"{bound:,}" if isinstance(bound, int) and bound >= 10_000 else f"{bound:g}"


def _keys(at: Path, of: Format) -> list[str]:
    table = _peeled(_annotation(at, of.of))[0]
    return [*(of.more if table is of.of else ()), *(name for name in _fields(table) if name != "given")]


def _what_it_is(at: Path, of: Format) -> str:
    """What belongs in a missing place, from the field's own description."""
    field = _fields(_peeled(_annotation(at[:-1], of.of))[0]).get(str(at[-1]))
    if field is not None and field.description:
        return f"Add it: {field.description.rstrip('.')}."
    if len(at) == 1 and of is SCENARIO:
        return 'Add it, or extend a scenario that has it: extends = "post-soviet".'
    return "Add it."


def _fields(table: Any) -> dict[str, Any]:
    """Fields of a model by the keys of its format; of anything else none."""
    if not (isinstance(table, type) and issubclass(table, BaseModel)):
        return {}
    return {field.alias or name: field for name, field in table.model_fields.items()}


def _annotation(at: Path, of: type[BaseModel]) -> Any:
    """The type the format gives to a path, None where it has none."""
    found: Any = of
    for part in at:
        found, _ = _peeled(found)
        if field := _fields(found).get(str(part)):
            found = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        elif get_origin(found) in (dict, tuple):
            found = get_args(found)[1 if get_origin(found) is dict else 0]
        else:
            return None
    return found


def _peeled(found: Any) -> tuple[Any, list[Any]]:
    """A type without its annotations and without `| None`; and what the annotations say."""
    said: list[Any] = []
    while get_origin(found) in (Annotated, Union, types.UnionType):
        for part in getattr(found, "__metadata__", ()):
            said += [part, *getattr(part, "metadata", ())]
        found = next(arg for arg in get_args(found) if arg is not types.NoneType)
    return found, said
