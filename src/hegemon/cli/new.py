"""`hegemon new`: begin an order of one's own, as a folder that every command takes: blank, a copy, or built from a world pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hegemon.cli.output import JSON, print_json, say
from hegemon.cli.world import PACK
from hegemon.errors import BadDate, BadValue, shown, typed


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
    answers.toml for what only you know, crises_to_code.csv. Edit answers.toml, then give `hegemon overview FOLDER`, which builds
    it again and shows it; the folder alone, here, builds it again without a look.
    """
    from hegemon.scenarios.beside import ANSWERS

    built = any(value for value in (patron, neighbours, pole, bloc, until, answers, ask, pack))
    if not (built or (Path(folder) / ANSWERS).is_file()):
        return _begun(folder, from_, claims, as_json)
    if claims:
        raise BadValue("--claims with an order that is built", "Build it first, then give: hegemon new FOLDER --claims.")
    from hegemon.cli.built import built_order

    return built_order(Path(folder), patron, neighbours, pole, bloc, _year(from_), until, answers, ask, pack, as_json)


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
    say(f"It runs as it is: hegemon run {typed(folder)}")
