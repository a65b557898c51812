"""`hegemon new`: begin an order of one's own, as a folder that every command takes: blank, a copy, or built from a world pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.cli.output import JSON, print_json, say
from hegemon.cli.world import PACK
from hegemon.errors import BadDate, BadFile, BadValue, shown

if TYPE_CHECKING:
    from hegemon.building.answers import Answers


def new(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The order's folder; one with answers.toml is built again.")],
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="SCENARIO|YEAR", help="Begin as a copy of this order; with --patron, the first year."),
    ] = None,
    claims: Annotated[
        bool, typer.Option("--claims", help="Begin claims.toml too; in a folder that is an order already, that alone.")
    ] = False,
    patron: Annotated[str | None, typer.Option("--patron", metavar="ISO3", help="Build one: the power on top.")] = None,
    neighbours: Annotated[str | None, typer.Option("--neighbours", metavar="ISO3,...", help="States below it.")] = None,
    pole: Annotated[
        list[str] | None,
        typer.Option("--pole", metavar="NAME=ISO3,...", help="A rival pole; * in it: everybody else (repeatable)."),
    ] = None,
    bloc: Annotated[str | None, typer.Option("--bloc", metavar="NAME", help="The pole that can take neighbours in.")] = None,
    until: Annotated[int | None, typer.Option("--until", metavar="YEAR", help="Last year.")] = None,
    answers: Annotated[
        str | None,
        typer.Option("--answers", metavar="FILE.toml", help="Answers instead of options: a file, or a built-in order by name."),
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask here for what no data set says.")] = False,
    pack: PACK = None,
    as_json: JSON = False,
) -> None:
    """Begin an order of your own: a folder with a scenario and a record that run at once, every choice explained.

    With --patron, or an answers file, every figure is computed from a world pack (`hegemon world build`): scenario.toml,
    answers.toml for what only you know, crises_to_code.csv. Edit answers.toml and give the command again, with the folder alone.
    """
    from hegemon.building.commission import ANSWERS

    options = {"--patron": patron, "--neighbours": neighbours, "--pole": pole, "--bloc": bloc, "--until": until}
    said = [name for name, value in options.items() if value]
    if not (said or answers or ask or pack or (Path(folder) / ANSWERS).is_file()):
        return _begun(folder, from_, claims, as_json)
    if claims:
        raise BadValue("--claims with an order that is built", "Build it first, then give: hegemon new FOLDER --claims.")
    if answers is not None and (said or from_):
        raise BadValue("--answers beside other options of an order", "A file of answers says them all; give one or the other.")
    return _built(Path(folder), {**options, "--from": _year(from_)}, answers, ask, pack, as_json)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadDate(f"--from {shown(text)}", "An order that is built begins in a year, as in --from 1961.")
    return int(text)


def _begun(folder: str, from_: str | None, claims: bool, as_json: bool) -> None:
    """A blank order, or a copy."""
    from hegemon.projects.begin import add_claims, begin
    from hegemon.scenarios.beside import SCENARIO

    if claims and from_ is None and (Path(folder) / SCENARIO).is_file():
        written = [add_claims(folder)]
    else:
        written = begin(folder, from_, claims=claims)
    files = [path.as_posix() for path in written]
    if as_json:
        return print_json({"folder": folder, "files": files})
    say(f"Wrote {', '.join(files)}.")
    say(f"It runs as it is: hegemon run {shown(folder, 200)[1:-1]}")


def _built(folder: Path, options: dict[str, Any], answers: str | None, ask: bool, pack: Path | None, as_json: bool) -> None:
    """An order whose figures are computed."""
    from hegemon.building import build
    from hegemon.building.commission import ANSWERS, CANDIDATES, SCENARIO, files, from_options
    from hegemon.files import write_folder
    from hegemon.scenarios.loader import read_scenario
    from hegemon.world_pack.opening import open_world

    own = folder / ANSWERS
    if own.is_file() and (any(options.values()) or answers is not None):
        raise BadFile(f"{shown(str(own), 200)} exists already", "Give the folder alone to build it again, or choose another.")
    if (folder / SCENARIO).exists() and not own.is_file():
        raise BadFile(f"{shown(str(folder / SCENARIO), 200)} exists already", "Choose another folder.")
    given = _answered(own, answers)
    world = open_world(pack)
    asked = [options[f"--{name}"] for name in ("patron", "neighbours", "pole", "bloc", "from", "until")]
    given = given or from_options(asked[0], asked[1], asked[2] or [], *asked[3:], world)
    built = build(given, world)
    if ask:
        from hegemon.building.dialogue import conversation

        built = build(conversation(built, lambda text, default: str(typer.prompt(text, default=default)), say), world)
    read_scenario(built.scenario, folder.name or "scenario")
    theirs = (ANSWERS, CANDIDATES)  # once there, a person's work
    content = {name: text for name, text in files(built).items() if name not in theirs or not (folder / name).exists()}
    written = write_folder(folder, content)
    if as_json:
        states = list(built.figures)
        return print_json({"files": written, "states": states, "late": dict(built.late), "notes": list(built.notes)})
    order = built.answers.order
    say(f"Wrote {', '.join(written)}: {len(built.figures)} neighbours, {order.from_} to {order.until}.")
    for note in built.notes:
        say(f"Note: {note}")
    again = folder.as_posix()
    say(f"Answer what you know in {own.as_posix()} and give: hegemon new {again}\nRun it: hegemon run {again}")


def _answered(own: Path, answers: str | None) -> Answers | None:
    """Answers that were given, or that the folder holds."""
    from hegemon.building.agreement import answers_of, builtin_answers
    from hegemon.building.answers import load_answers

    if answers is not None:
        return answers_of(answers) if answers in builtin_answers() else load_answers(answers)
    return load_answers(str(own)) if own.is_file() else None
