"""A mechanism from outside: a Python file of somebody's own, made into a `Mechanism` that stands beside the built-in ones or,
by its name, in the place of one of them.

Its code runs with all that its owner may do. So it is run only where the person has named the file, or the folder that it
stands in: `trust` notes that on this machine, and everything that runs code asks `trusted` first. What is wrong with a file is
told with its line; a loop without end in it is stopped.
"""

from __future__ import annotations

import copyreg
import functools
import hashlib
import linecache
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType, MappingProxyType, ModuleType
from typing import Any

from hegemon.errors import BadFile, BadValue, Missing, UnknownMechanism, UserError, did_you_mean, shown
from hegemon.files import Brings, write_atomically
from hegemon.mechanisms import BY_NAME, MECHANISMS
from hegemon.mechanisms.base import CONTRIBUTIONS, Mechanism
from hegemon.parameters import Params, priors
from hegemon.runtime import cache_folder

PATIENCE = 10
WAITING = 100
"""Seconds of work that a file, or one of its functions, may take before it is taken to be caught in a loop, and seconds that one
which only waits is given."""

READ: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "separatism": ("youth",), "war": ("peace",), "pact": ("unbidden",), "turnover": ("tilt",), "response": ("precision",),
    "learning": (), "unrest": tuple(name for name, _ in priors(BY_NAME["unrest"].params)),
})  # fmt: skip
"""Parameters of a mechanism that others read, so that whoever takes its place has them too."""

PREFIX = "hegemon_outside_"


class BadMechanism(UserError):
    """A file that is no mechanism, or one that does not do what a mechanism does."""


class Untrusted(UserError):
    """Code that nobody has named on this machine."""


# ---- Who may run ----


def fingerprint(text: str) -> str:
    """SHA-256 of a file's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def trust(text: str) -> None:
    """Note that the person has named this code: it may run on this machine, today and later."""
    mark = cache_folder() / "named" / fingerprint(text)
    if not mark.exists():
        with suppress(OSError):
            mark.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(mark, b"")
    _here().add(fingerprint(text))


@functools.cache
def _here() -> set[str]:
    """What was named in this process, where nothing can be kept on disk."""
    return set()


def trusted(text: str) -> bool:
    """Whether the person has named this code."""
    return fingerprint(text) in _here() or (cache_folder() / "named" / fingerprint(text)).exists()


# ---- From a file to a mechanism ----


def mechanisms_of(scenario: Brings) -> tuple[Mechanism, ...]:
    """The mechanisms of a scenario: the built-in ones, with those from outside in their places or after them.

    Raises `UserError` for a file that is none, or that nobody has named.
    """
    names, files = scenario.mechanisms or (), scenario.files or {}
    return joined(tuple(made(name, files[name]) for name in names))


@functools.lru_cache(64)
def joined(outside: tuple[Mechanism, ...]) -> tuple[Mechanism, ...]:
    """The built-in mechanisms, those of the same name replaced, the others after them in the order of their systems."""
    seen: dict[str, Mechanism] = {}
    for each in outside:
        if each.name in seen:
            first, second = (str((m.source or ("", ""))[0]) for m in (seen[each.name], each))
            raise BadMechanism(f"two files hold a mechanism called {shown(each.name)}", f"Rename one: {first}, {second}.")
        seen[each.name] = each
    own = tuple(sorted((m for m in outside if m.name not in BY_NAME), key=lambda m: (m.system, m.name)))
    return (*(seen.get(m.name, m) for m in MECHANISMS), *own) if outside else MECHANISMS


def made(file: str, text: str) -> Mechanism:
    """The mechanism of a file that was named. Raises `UserError` with its line for what is wrong."""
    if not trusted(text):
        raise Untrusted(
            f"{file} is code from outside (SHA-256 {fingerprint(text)[:16]}) that nobody has named on this machine",
            "Read it; then name the file with --mechanism, or the folder of its order.",
        )
    return _made(file, text)


def _sent(mechanism: Mechanism) -> tuple[Any, ...]:
    return again, (mechanism.name, mechanism.source)


copyreg.pickle(Mechanism, _sent)  # in another process it is the same one: found by name, or made of its file


def again(name: str, source: tuple[str, str] | None) -> Mechanism:
    """A mechanism in another process, to which its owner has sent it."""
    if source is None:
        return BY_NAME[name]
    return _made(*source)


@functools.lru_cache(64)
def _made(file: str, text: str) -> Mechanism:
    module = _run(file, text)
    found = getattr(module, "mechanism", None)
    if found is None:
        near = [name for name, value in vars(module).items() if isinstance(value, Mechanism)]
        last = 'Its last line is: mechanism = Mechanism("my_name", "My title", 18, (), Mine, ...)'
        remedy = f"Call {near[0]} so." if near else last
        raise BadMechanism(f"{file} has no `mechanism`", remedy)
    if not isinstance(found, Mechanism):
        remedy = "It must be a Mechanism: from hegemon.mechanisms import Mechanism."
        raise BadMechanism(f"`mechanism` of {file} is {_a(found)}", remedy, place=_line_of(text, file, "mechanism"))
    _checked(found, file, text)
    object.__setattr__(found, "source", (file, text))
    return found


def _run(file: str, text: str) -> ModuleType:
    """The module of a file, in which a mistake is told with its line."""
    name = f"{PREFIX}{fingerprint(text)[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    label = f"<{name}>"
    module.__file__ = label
    try:
        code = compile(text, label, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        said = getattr(error, "msg", None) or str(error)
        raise BadMechanism(f"{file} is no Python: {said}", "Correct the line.", place=_at(file, line)) from None
    linecache.cache[label] = (len(text), None, text.splitlines(keepends=True), label)
    sys.modules[name] = module
    try:
        with told(file, text, "runs"), watched(label):
            exec(code, module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    for value in list(vars(module).values()):
        if isinstance(value, type) and issubclass(value, Params) and value.__module__ == name:
            value.__reduce__ = _reduced(file, text)  # type: ignore[method-assign, assignment]
    return module


def _reduced(file: str, text: str) -> Callable[[Any], tuple[Any, ...]]:
    def reduce(block: Any) -> tuple[Any, ...]:
        return _block, (file, text, type(block).__name__, dict(vars(block)))

    return reduce


def _block(file: str, text: str, name: str, values: dict[str, Any]) -> Any:
    """A block of parameters in another process."""
    return getattr(_run(file, text), name)(**values)


# ---- What can go wrong ----


class Stuck(Exception):
    """Raised in code that has run for too long."""


@contextmanager
def watched(label: str) -> Iterator[None]:
    """Within, the lines of a file are followed, and one that is still running after so many seconds is stopped there."""
    worked, waited = time.thread_time() + PATIENCE, time.monotonic() + WAITING

    def each(frame: FrameType, event: str, _: Any) -> Any:
        if time.thread_time() > worked or time.monotonic() > waited:
            raise Stuck
        return each

    def entered(frame: FrameType, event: str, _: Any) -> Any:
        return each if frame.f_code.co_filename == label else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield
    finally:
        sys.settrace(before)


@contextmanager
def told(file: str, text: str, doing: str) -> Iterator[None]:
    """Whatever a file's code raises within is told as one sentence with its line."""
    label = f"<{PREFIX}{fingerprint(text)[:16]}>"
    try:
        yield
    except (UserError, KeyboardInterrupt):
        raise
    except BaseException as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == label]
        place = _at(file, lines[-1] if lines else None)
        if isinstance(error, Stuck):
            what, remedy = f"{file} does not come to an end", f"It ran for {PATIENCE:.0f} seconds; look for a loop without end."
        else:
            said = " ".join(str(error).split())[:200].rstrip(".")
            what, remedy = f"{file} fails when it {doing}: {type(error).__name__}: {said}", "Correct the line."
        raise BadMechanism(what, remedy, place=place) from None


def _at(file: str, line: int | None) -> str:
    return f"{file}, line {line}" if line else file


def _line_of(text: str, file: str, name: str) -> str:
    """Where a name is given its value."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith((f"{name} ", f"{name}=", f"{name}:"))]
    return _at(file, lines[-1] if lines else None)


def where(function: Callable[..., Any], file: str) -> str:
    """File and line of a function."""
    code = getattr(function, "__code__", None)
    return _at(file, code.co_firstlineno if code is not None and code.co_filename.startswith(f"<{PREFIX}") else None)


def _a(value: object) -> str:
    return f"a {type(value).__name__}"


def _checked(found: Mechanism, file: str, text: str) -> None:
    """Raise for what a mechanism's parts show before anything is computed."""
    place = _line_of(text, file, "mechanism")
    if not (isinstance(found.name, str) and found.name.isidentifier() and found.name == found.name.lower()):
        said = f"the mechanism of {file} is called {shown(found.name)}"
        raise BadMechanism(said, "Write small letters, digits and _.", place=place)
    for what, kind, said in (("title", str, "text"), ("system", int, "a whole number"), ("claims", tuple, "names in ( )")):
        if not isinstance(getattr(found, what), kind):
            raise BadValue(f"{what} of {found.name} is {_a(getattr(found, what))}", f"It must be {said}.", place=place)
    if not (isinstance(found.params, type) and issubclass(found.params, Params)):
        remedy = "It must be a class of parameters, as class Mine(Params)."
        raise BadValue(f"params of {found.name} is {shown(found.params)}", remedy, place=place)
    if found.name in ("law", "side"):
        said = f"the mechanism of {file} is called {found.name}"
        raise BadMechanism(said, "That name is the law's own; choose another.", place=place)
    plain = [name for name, field in found.params.__dataclass_fields__.items() if "prior" not in field.metadata]
    if plain:
        raise BadValue(f"{found.name}.{plain[0]} is no parameter", "Write it with param(...) or fixed(...).",
                       place=_line_of(text, file, f"    {plain[0]}"))  # fmt: skip
    for name in CONTRIBUTIONS:
        if (given := getattr(found, name)) is not None and not callable(given):
            raise BadValue(f"{name} of {found.name} is {_a(given)}", "It must be a function.", place=place)
    _instead(found, file, place)
    if all(getattr(found, name) is None for name in CONTRIBUTIONS) and not found.law:
        raise BadMechanism(f"{found.name} does nothing", f"Give it one of {', '.join(CONTRIBUTIONS)}.", place=place)


def _instead(found: Mechanism, file: str, place: str) -> None:
    """Raise where a mechanism that takes another's place lacks what others ask of that."""
    built = BY_NAME.get(found.name)
    wanted = dict(built.law) if built is not None else {}
    for name in found.law:
        if name not in wanted:
            of = ", ".join(wanted) or "nothing, since it stands in no other's place"
            raise UnknownMechanism(f"the law does not ask {found.name} for {shown(name)}", f"It asks for: {of}.", place=place)
    for name in wanted:
        if name not in found.law:
            raise Missing(f"{file} stands in the place of {found.name}, and the law asks that for {name}",
                          f'Give it, as mechanisms/{found.name}.py does: law={{"{name}": {name}}}.', place=place)  # fmt: skip
    if built is not None:
        for name in READ.get(found.name, ()):
            if name not in found.params.__dataclass_fields__:
                raise Missing(f"{file} stands in the place of {found.name}, whose parameter {name} others read",
                              f"Add {name} to its parameters.", place=place)  # fmt: skip


def instead_of(text: str, file: str, name: str) -> str:
    """The text of a file whose mechanism takes the place of a built-in one, whatever it calls itself."""
    if name not in BY_NAME:
        raise UnknownMechanism(f"no mechanism is called {shown(name)}", did_you_mean(name, BY_NAME))
    own = made(file, text).name
    if own == name:
        return text
    return f"{text}\n\nimport dataclasses as _dataclasses\nmechanism = _dataclasses.replace(mechanism, name={name!r})\n"


def read_mechanism(path: Any) -> tuple[str, str]:
    """Name and text of a mechanism's file that the person has named. Raises `BadFile`."""
    from pathlib import Path

    from hegemon.files import home, read_text

    place = home(path)
    if place.suffix != ".py":
        raise BadFile(f"{shown(str(path), 200)} is no mechanism", "A mechanism is a Python file: its name ends in .py.")
    text = read_text(place, 200_000, said=str(path)).replace("\r\n", "\n")
    trust(text)
    return Path(place).name, text
