"""An order that was built, in its folder: written at first, and written again of the answers that are there."""

from __future__ import annotations

from pathlib import Path

from hegemon.building.answers import load_answers
from hegemon.building.build import Built, build
from hegemon.errors import BadFile, shown
from hegemon.files import home, read_text, try_to_write, write_folder
from hegemon.projects import whole_folder
from hegemon.scenarios.beside import ANSWERS, LARGEST, SCENARIO, mark, outdated
from hegemon.scenarios.loader import read_scenario
from hegemon.world_pack.opening import open_world

CANDIDATES = "crises_to_code.csv"
"""Crises that registers know of."""

REMEDY = "choose another folder."


def ready(folder: Path) -> None:
    """Raise `BadFile` where an order cannot be built into a folder: before the work."""
    if (folder / SCENARIO).exists() and not (folder / ANSWERS).is_file():
        raise BadFile(f"{shown(str(folder / SCENARIO), 200)} exists already", "Choose another folder.")
    try_to_write(folder / SCENARIO, REMEDY)


def put(built: Built, folder: Path, *, answered: bool = False) -> list[str]:
    """Write an order's files into a folder: the scenario anew; answers and crises to be coded where there are none yet, since
    they are a person's work. Returns their paths. Raises `UserError`.

    answered  the answers are written anew too: they hold what was there, and what was answered since
    """
    read_scenario(built.scenario, folder.name or "scenario")
    own, kept = folder / ANSWERS, (CANDIDATES,) if answered else (ANSWERS, CANDIDATES)
    texts = {ANSWERS: built.asked, CANDIDATES: built.candidates}
    texts = {name: text for name, text in texts.items() if name not in kept or not (folder / name).exists()}
    asked = texts.get(ANSWERS) or read_text(own, LARGEST, said=str(own))
    content = {SCENARIO: f"{mark(asked)}\n{built.scenario}", **texts}
    raw = {name: text.encode() for name, text in content.items()}
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return [file.as_posix() for file in whole_folder(folder, raw, lambda _: None)]
    return write_folder(folder, raw, REMEDY)


def again(folder: Path, pack: str | None) -> Built:
    """Build a folder's order again, of its own answers. Raises `UserError`."""
    ready(folder)
    built = build(load_answers(str(folder / ANSWERS)), open_world(pack))
    put(built, folder)
    return built


def renewed(word: str, pack: str | None) -> Built | None:
    """The order of a folder, built again if its answers have changed since it was built; None where there is nothing to build.
    Raises `UserError`."""
    file = home(word) / SCENARIO
    if not file.is_file() or not outdated(file, read_text(file, LARGEST, said=str(file))):
        return None
    return again(file.parent, pack)
