"""Reading scenarios: find the file, follow `extends`, merge, check. What is wrong becomes one sentence."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from hegemon.errors import BadFile, BadValue, Path, UnknownScenario, UserError, did_you_mean, shown, typed
from hegemon.files import builtin, home, is_path, read_text
from hegemon.scenarios.beside import CLAIMS, SCENARIO, attach, built_of_its_answers, gather, order_folder
from hegemon.scenarios.complaints import complaint
from hegemon.scenarios.places import lines_of, nearest, parsed, placed
from hegemon.scenarios.schema import Scenario

LARGEST = 1_000_000
"""Most bytes of a file of a scenario or of claims; a region of two hundred states needs less."""

LONGEST_CHAIN = 16
"""Most scenarios one after the other in `extends`; more is a mistake, and a circle never ends."""

Tables = dict[str, Any]


@dataclass
class Draft:
    """A scenario before it is checked: merged tables, where each key stands, and the path by which it was named."""

    name: str
    tables: Tables
    places: dict[Path, str] = field(default_factory=dict)
    chain: tuple[str, ...] = ()
    said: str = ""

    def place(self, at: Path) -> str:
        """File and line of the innermost thing that has one."""
        return nearest(at, self.places) or (self.chain[0] if self.chain else self.name)


def builtin_names() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    return builtin("scenarios", ".toml")


def load_scenario(name_or_path: str | File) -> Scenario:
    """A scenario by built-in name ("post-soviet") or path of a TOML file, with everything it extends.

    Raises `UserError` in one sentence that names file, line, key and remedy.
    """
    return finished(find(name_or_path))


def read_scenario(text: str, name: str = "scenario", record: str | None = None) -> Scenario:
    """A scenario from TOML text. It can extend built-in scenarios only: a text has no folder to look in.

    record  the text of a file of coded crises, which would stand beside it in a folder
    """
    return finished(_draft(text, f"{name}.toml", name, None, (), record))


def finished(draft: Draft) -> Scenario:
    """Check a draft; its mistakes are told with file and line."""
    try:
        scenario = Scenario.model_validate(draft.tables).named(draft.name, draft.said)
        fitting(scenario)
        return scenario
    except ValidationError as error:
        found = complaint(error)
    except UserError as error:
        found = error
    raise found.placed(draft.place(found.at)) from None


def fitting(scenario: Scenario) -> None:
    """Raise for the first mistake in the files of its own that a scenario brings: each is read once, as its users would."""
    if not scenario.files:
        return
    from hegemon.evidence.orientation import ties_of
    from hegemon.history import coded
    from hegemon.history.fitting import belong
    from hegemon.posterior import posterior_of

    if scenario.history in scenario.files:
        belong(scenario, coded(scenario))
    if scenario.ties in scenario.files:
        ties_of(scenario)
    if scenario.posterior in scenario.files:
        posterior_of(scenario)
    if scenario.mechanisms:
        from hegemon.mechanisms.outside import mechanisms_of

        mechanisms_of(scenario)


def find(name_or_path: str | File, folder: File | None = None, chain: tuple[str, ...] = ()) -> Draft:
    """The merged, unchecked tables of a scenario by name or path (relative to `folder`)."""
    text, label, name, place = opened(name_or_path, "scenarios", "scenario", UnknownScenario, folder)
    found = _draft(text, str(name_or_path) if chain and place is not None else label, name, place, chain)
    return replace(found, said="" if place is None else str(name_or_path))


def opened(
    name_or_path: str | File, room: str, what: str, mistake: type[UserError], folder: File | None = None
) -> tuple[str, str, str, File | None]:
    """Text, file, name and folder of what comes with the package in a `room` of it, by name, or of a file (from `folder`).

    Raises a `mistake` where nothing built in is called so; `what` it would be.
    """
    word, known = str(name_or_path), builtin(room, ".toml")
    if word not in known and folder is None and (inside := order_folder(word)) is not None:
        return _of_folder(inside, room, word)
    if not isinstance(name_or_path, str) or is_path(word):
        path = home(word) if folder is None else folder / word
        return read_text(path, LARGEST, said=word, builtin=known), path.name, named(path), path.parent
    if word not in known:
        remedy = f"{did_you_mean(word, known)} A path to a file of your own ends in .toml."
        raise mistake(f"no {what} is called {shown(word)}", remedy)
    return resources.files(f"hegemon.{room}").joinpath(f"{word}.toml").read_text("utf-8"), f"{word}.toml", word, None


def named(path: File) -> str:
    """What a file's scenario is called: like the file, or, where it makes a folder an order, like the folder."""
    return path.resolve().parent.name if path.name == SCENARIO else path.stem


def _of_folder(inside: File, room: str, word: str) -> tuple[str, str, str, File | None]:
    """What a folder that is an order has of a room: its scenario, called after the folder, or its claims."""
    path = inside if room == "scenarios" else inside.with_name(CLAIMS)
    if not path.is_file():
        remedy = f"Begin them: hegemon new {typed(word)} --claims."
        raise BadFile(f"{shown(word, 200)} has no {CLAIMS}", remedy)
    return read_text(path, LARGEST, said=str(path)), path.name, path.parent.resolve().name, path.parent


def _draft(text: str, label: str, name: str, folder: File | None, chain: tuple[str, ...], record: str | None = None) -> Draft:
    """Parse one file and put it on top of what it extends."""
    text = text.replace("\r\n", "\n")
    if folder is not None and File(label).name == SCENARIO:
        built_of_its_answers(folder / SCENARIO, text)
    tables = parsed(text, label, "A scenario has")
    here = Draft(name, tables, {at: placed(label, line) for at, line in lines_of(text).items()}, (label,))
    gather(tables, File(label).name, folder, File(chain[0]).parent if chain and folder is not None else None, here.place)
    if record is not None:
        attach(tables, record, here.place)
    if "extends" not in tables:
        return here
    parent, place = tables.pop("extends"), here.place(("extends",))
    if not isinstance(parent, str):
        raise BadValue(f"extends = {shown(parent)}", "It must be the name of a scenario, or a path in quotes.", place=place)
    key = label if folder is None else str((folder / File(label).name).resolve())
    if key in chain or len(chain) >= LONGEST_CHAIN:
        wrong = "goes round in a circle" if key in chain else "is too long a chain"
        names = " extends ".join(File(each).name for each in (*chain, key))
        raise BadValue(f"extends {wrong}", f"{names}; one of them must not.", place=place)
    if folder is None and is_path(parent):
        remedy = "Only a file can extend another file; name a built-in scenario."
        raise BadValue(f"extends = {shown(parent)}", remedy, place=place)
    try:
        below = find(parent, folder, (*chain, key))
    except UserError as error:
        raise error.placed(f"{place}: extends") from None
    return _on_top(here, below)


def _on_top(here: Draft, below: Draft) -> Draft:
    """Tables merge key by key, [[force]] is appended, everything else replaces what was there."""
    replaced: set[Path] = set()
    given = len(below.tables["force"]) if isinstance(below.tables.get("force"), list) else 0

    def merge(old: Tables, new: Tables, at: Path) -> None:
        for key, value in new.items():
            before = old.get(key)
            if isinstance(before, dict) and isinstance(value, dict):
                merge(before, value, (*at, key))
            elif (*at, key) == ("force",) and isinstance(before, list) and isinstance(value, list):
                before.extend(value)
            else:
                old[key] = value
                replaced.add((*at, key))

    merge(below.tables, here.tables, ())
    kept = {at: place for at, place in below.places.items() if not any(at[: n + 1] in replaced for n in range(len(at)))}
    moved = {_moved(at, 0 if ("force",) in replaced else given): place for at, place in here.places.items()}
    return Draft(here.name, below.tables, kept | moved, here.chain + below.chain)


def _moved(at: Path, by: int) -> Path:
    """A path after the forced events of what is extended have come before its own."""
    if at[0] == "force" and len(at) > 1 and isinstance(at[1], int):
        return ("force", at[1] + by, *at[2:])
    return at
