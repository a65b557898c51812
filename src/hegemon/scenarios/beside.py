"""What stands beside a scenario's file and belongs to it: a coded record, observed ties, a posterior, mechanisms.

A folder with a file `scenario.toml` is an order. In it, files of these names are found by place; any other file is named by
its path, from the folder of the scenario that names it. What is found is read into the scenario (`files`), so that the same
order is there in another folder, in another process, and in a bundle.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hegemon.errors import BadFile, BadValue, UnknownKey, UserError, shown, typed
from hegemon.errors import Path as At
from hegemon.files import read_bytes, read_text

if TYPE_CHECKING:
    from hegemon.scenarios.schema import Scenario

SCENARIO = "scenario.toml"
"""The file that makes a folder an order."""

ANSWERS = "answers.toml"
"""What a person has answered, where the scenario was built from that (`hegemon new FOLDER --patron ...`)."""

CLAIMS = "claims.toml"
"""Claims about it (`hegemon claims FOLDER`)."""

MECHANISMS = "mechanisms"
"""The folder of its own mechanisms: every file *.py in it, but those whose names begin with _."""

PLACES: Mapping[str, str] = MappingProxyType({"history": "record.csv", "ties": "ties.csv", "posterior": "posterior.npz"})
"""Where each key's file is found if the scenario names none."""

ENDINGS: Mapping[str, str] = MappingProxyType({"history": ".csv", "ties": ".csv", "posterior": ".npz"})

LARGEST = 20_000_000
"""Most bytes of such a file."""

Tables = dict[str, Any]


def order_folder(word: str | Path) -> Path | None:
    """The scenario's file of a folder that is an order; None for anything else. Raises `BadFile` for a folder that is none."""
    from hegemon.files import home

    place = home(word)
    if not os.path.isdir(place):  # a name that is too long is none, and whoever reads it says so
        return None
    if not (place / SCENARIO).is_file():
        near = sorted(file.name for file in place.glob("*.toml"))[:3]
        remedy = f"Name a file in it, as {near[0]}" if near else f"Begin one: hegemon new {typed(word)}"
        raise BadFile(f"{shown(str(word), 200)} is a folder without a {SCENARIO}", f"{remedy}.")
    return place / SCENARIO


def mark(answers: str) -> str:
    """The line of a scenario that says of which answers it was built."""
    return f"# Of answers.toml {hashlib.sha256(_lines(answers)).hexdigest()[:16]}; do not change this line."


MARK = re.compile(r"^# Of answers\.toml [0-9a-f]{16}; do not change this line\.$", re.MULTILINE)


def _lines(text: str) -> bytes:
    return text.replace("\r\n", "\n").encode()


def outdated(file: Path, scenario: str) -> bool:
    """Whether answers beside a scenario's file are others than those it was built of. One without the mark was not built."""
    found = MARK.search(scenario)
    if found is None or not file.with_name(ANSWERS).is_file():
        return False
    return found[0] != mark(read_text(file.with_name(ANSWERS), LARGEST, said=str(file.with_name(ANSWERS))))


def built_of_its_answers(file: Path, scenario: str) -> None:
    """Raise `BadFile` where answers have changed since a scenario was built: it would be run as it was."""
    if outdated(file, scenario):
        folder = typed(file.parent.as_posix())
        raise BadFile(f"{shown(str(file.with_name(ANSWERS)), 200)} has changed since {SCENARIO} was built of it",
                      f"Build it again: hegemon new {folder}, or hegemon overview {folder}.")  # fmt: skip


def gather(tables: Tables, label: str, folder: Path | None, root: Path | None, place: Callable[[At], str]) -> None:
    """Read into a scenario's tables what it names, or what stands beside it.

    label   the scenario's file
    folder  where it stands; None: it has no folder
    root    the folder of the file that the person has named, whose mechanisms may run; None: of this one
    place   says where a key stands

    Raises `UserError`, placed, for a file that is not there, or cannot be read.
    """
    if "files" in tables:
        raise UnknownKey("files is no key of the format", "Name files by history, ties, posterior and mechanisms.",
                         place=place(("files",)))  # fmt: skip
    if folder is None:
        return
    by_place = Path(label).name == SCENARIO
    found: dict[str, str] = {}
    for key, ending in ENDINGS.items():
        word = tables.get(key)
        if word is None and by_place and (folder / PLACES[key]).is_file():
            word = PLACES[key]
        if isinstance(word, str) and word.endswith(ending):
            tables[key], found[Path(word).name] = Path(word).name, _content(folder / word, word, place((key,)))
    words = tables.get("mechanisms")
    if words is None and by_place:
        words = list(by_place_mechanisms(folder)) or None
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        if root is not None and root.resolve() != folder.resolve():
            remedy = (f"Code runs only where you name it: copy the file to your own folder, or run {shown(str(folder), 200)} "
                      "itself.")  # fmt: skip
            said = f"{shown(str(folder / label), 200)} brings mechanisms of its own"
            raise BadValue(said, remedy, place=place(("mechanisms",)))
        names = []
        for i, word in enumerate(words):
            if not word.endswith(".py"):
                raise BadValue(f"mechanisms = {shown(word)}", "A mechanism is a Python file: its name ends in .py.",
                               place=place(("mechanisms", i)))  # fmt: skip
            name = Path(word).name
            if name in names:
                raise BadValue(f"mechanisms names two files called {shown(name)}", "Rename one.", place=place(("mechanisms", i)))
            names.append(name)
            found[name] = _content(folder / word, word, place(("mechanisms", i)))
            _named(found[name])
        tables["mechanisms"] = names
    if found:
        tables["files"] = found


def attach(tables: Tables, record: str, place: Callable[[At], str]) -> None:
    """A record to a scenario that has no folder, under the name that the scenario has for it, or the usual one."""
    word = tables.get("history", PLACES["history"])
    if not isinstance(word, str) or not word.endswith(ENDINGS["history"]):
        said = f"history = {shown(word)} beside a record that comes along"
        raise BadValue(said, "Keep one of them.", place=place(("history",)))
    tables |= {"history": Path(word).name, "files": {Path(word).name: record.replace("\r\n", "\n")}}


def with_mechanisms(scenario: Scenario, more: Sequence[tuple[str, str]]) -> Scenario:
    """The same scenario with other mechanisms besides its own: names and texts of their files. Raises `UserError`."""
    from pydantic import ValidationError

    from hegemon.scenarios.complaints import complaint
    from hegemon.scenarios.schema import Scenario

    content = scenario.content()
    names, files = list(content.get("mechanisms", ())), dict(content.get("files", {}))
    for name, text in more:
        if files.get(name, text) != text:
            raise BadValue(f"{scenario.name} has another file called {shown(name)}", "Rename yours.", place="--mechanism")
        files[name] = text
        names = [*(each for each in names if each != name), name]
    try:
        found = Scenario.model_validate({**content, "mechanisms": names, "files": files})
        found = found.named(scenario.name, scenario.said)
    except ValidationError as error:
        raise complaint(error) from None
    from hegemon.mechanisms.outside import mechanisms_of

    mechanisms_of(found)
    return found


def by_place_mechanisms(folder: Path) -> Iterator[str]:
    """Mechanisms of an order's folder, by path from it."""
    for file in sorted((folder / MECHANISMS).glob("*.py")) if (folder / MECHANISMS).is_dir() else []:
        if not file.name.startswith("_"):
            yield f"{MECHANISMS}/{file.name}"


def _named(text: str) -> None:
    from hegemon.mechanisms.outside import trust

    trust(text)


def _content(path: Path, said: str, place: str) -> str:
    """The text of a file; of a posterior, base64."""
    try:
        if path.suffix == ".npz":
            return base64.b64encode(read_bytes(path, LARGEST, said=said)).decode()
        return read_text(path, LARGEST, said=said).replace("\r\n", "\n")
    except UserError as error:
        raise error.placed(place) from None
