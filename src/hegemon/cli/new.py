"""`hegemon new FOLDER`: an order of one's own, built from a world pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hegemon.cli.output import JSON
from hegemon.cli.world import PACK


def new(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder of the order; one with answers.toml is built again.")
    ],
    patron: Annotated[str | None, typer.Option("--patron", metavar="ISO3", help="The power on top.")] = None,
    neighbours: Annotated[str | None, typer.Option("--neighbours", metavar="ISO3,...", help="States below it.")] = None,
    pole: Annotated[
        list[str] | None,
        typer.Option("--pole", metavar="NAME=ISO3,...", help="A rival pole; * in it: everybody else (repeatable)."),
    ] = None,
    bloc: Annotated[
        str | None, typer.Option("--bloc", metavar="NAME", help="The pole that can take neighbours in.")
    ] = None,
    start: Annotated[int | None, typer.Option("--from", metavar="YEAR", help="First year.")] = None,
    until: Annotated[int | None, typer.Option("--until", metavar="YEAR", help="Last year.")] = None,
    answers: Annotated[
        str | None,
        typer.Option(
            "--answers",
            metavar="FILE.toml",
            help="Answers instead of options, by path or the name of a built-in order.",
        ),
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask here for what no data set says.")] = False,
    pack: PACK = None,
    as_json: JSON = False,
) -> None:
    """Build an order: scenario.toml with all figures, answers.toml for what only you know, crises_to_code.csv.

    Edit answers.toml and give the command again, with the folder alone.
    """
    from hegemon.cli.built import built_order

    built_order(folder, patron, neighbours, pole, bloc, start, until, answers, ask, pack, as_json)
