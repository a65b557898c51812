"""`hegemon new`: begin an order of one's own, as a folder that every command takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hegemon.cli.output import FOR_PROGRAMS, print_json, say
from hegemon.errors import shown


def new(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The order's folder, which is made; its name is the order's.")],
    from_: Annotated[
        str | None, typer.Option("--from", metavar="SCENARIO", help="Begin as a copy of this order; absent: a blank one.")
    ] = None,
    claims: Annotated[
        bool, typer.Option("--claims", help="Begin claims.toml too; in a folder that is an order already, that alone.")
    ] = False,
    as_json: FOR_PROGRAMS = False,
) -> None:
    """Begin an order of your own: a folder with a scenario and a record that run at once, every choice explained."""
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
