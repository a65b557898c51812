"""Building an order from a world pack into a folder: what `hegemon new FOLDER --patron ...` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from hegemon.cli.output import print_json, say


def built_order(
    folder: Path, patron: str | None, neighbours: str | None, pole: Sequence[str] | None, bloc: str | None, start: int | None,
    until: int | None, answers: str | None, ask: bool, pack: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Build an order of options, of a file of answers, or of the folder's own answers, and write its files."""
    from hegemon.building import build
    from hegemon.building.agreement import answers_of, builtin_answers
    from hegemon.building.answers import load_answers
    from hegemon.building.commission import ANSWERS, CANDIDATES, SCENARIO, files, from_options
    from hegemon.errors import BadFile, BadValue, printable, shown
    from hegemon.files import try_to_write, write_folder
    from hegemon.projects import whole_folder
    from hegemon.scenarios.loader import read_scenario
    from hegemon.world_pack.opening import open_world

    own = folder / ANSWERS
    fresh = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    options = any(each is not None for each in (patron, neighbours, bloc, start, until)) or bool(pole)
    if options and answers is not None:
        raise BadValue(
            "--answers beside other options of an order", "A file of answers says them all; give one or the other."
        )
    if own.is_file() and (options or answers is not None):
        raise BadFile(
            f"{shown(str(own), 200)} exists already", "Give the folder alone to build it again, or choose another."
        )
    if (folder / SCENARIO).exists() and not own.is_file():
        raise BadFile(f"{shown(str(folder / SCENARIO), 200)} exists already", "Choose another folder.")
    try_to_write(folder / SCENARIO, "choose another folder.")
    if answers is not None:
        given = answers_of(answers) if answers in builtin_answers() else load_answers(answers)
    elif own.is_file():
        given = load_answers(str(own))
    else:
        given = None
    world = open_world(pack)
    given = given or from_options(patron, neighbours, pole or [], bloc, start, until, world)
    built = build(given, world)
    if ask:
        from hegemon.building.dialogue import conversation

        built = build(conversation(built, lambda text, default: str(typer.prompt(printable(text), default=default)), say), world)
    read_scenario(built.scenario, folder.name or "scenario")
    content = files(built)
    if fresh:
        written = [file.as_posix() for file in whole_folder(folder, content, lambda _: None)]
    else:
        theirs = (ANSWERS, CANDIDATES)  # once there, a person's work
        content = {name: text for name, text in content.items() if name not in theirs or not (folder / name).exists()}
        written = write_folder(folder, content, "choose another folder.")
    if as_json:
        states = list(built.figures)
        return print_json({"files": written, "states": states, "left": dict(built.left), "notes": list(built.notes)})
    order = built.answers.order
    say(f"Wrote {', '.join(written)}: {len(built.figures)} neighbours, {order.from_} to {order.until}.")
    for note in built.notes:
        say(f"Note: {note}")
    name = folder.as_posix()
    say(f"Answer what you know in {own.as_posix()} and give: hegemon new {name}\nRun it: hegemon run {name}")
    return None
