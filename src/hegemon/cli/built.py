"""Building an order from a world pack into a folder: what `hegemon new FOLDER --patron ...` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hegemon.cli.output import print_json, say

if TYPE_CHECKING:
    from hegemon.building import Built


def built_order(
    folder: Path, patron: str | None, neighbours: str | None, pole: Sequence[str] | None, bloc: str | None, start: int | None,
    until: int | None, answers: str | None, ask: bool, pack: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Build an order of options, of a file of answers, or of the folder's own answers, and write its files."""
    from hegemon.building import build
    from hegemon.building.agreement import answers_of, builtin_answers
    from hegemon.building.answers import load_answers
    from hegemon.building.commission import from_options
    from hegemon.errors import BadFile, BadValue, printable, shown, typed
    from hegemon.projects.built import put, ready
    from hegemon.scenarios.beside import ANSWERS
    from hegemon.world_pack.opening import open_world

    own = folder / ANSWERS
    options = any(each is not None for each in (patron, neighbours, bloc, start, until)) or bool(pole)
    if options and answers is not None:
        raise BadValue(
            "--answers beside other options of an order", "A file of answers says them all; give one or the other."
        )
    if own.is_file() and (options or answers is not None):
        raise BadFile(
            f"{shown(str(own), 200)} exists already", "Give the folder alone to build it again, or choose another."
        )
    ready(folder)
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
    written = put(built, folder, answered=ask)
    if as_json:
        states = list(built.figures)
        return print_json({"files": written, "states": states, "left": dict(built.left), "notes": list(built.notes)})
    say(f"Wrote {', '.join(written)}: {told(built)}")
    say(f"Answer what you know in {own.as_posix()}; then, for everything about it on one page: hegemon overview "
        f"{typed(folder.as_posix())}")  # fmt: skip
    return None


def told(built: Built) -> str:
    """How large an order is, and what a reader should know before trusting it, a sentence a line."""
    order = built.answers.order
    size = f"{len(built.figures)} neighbours, {order.from_} to {order.until}."
    return "\n".join([size, *(f"Note: {note}" for note in built.notes)])
