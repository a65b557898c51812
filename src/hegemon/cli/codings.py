"""`hegemon data reliability`, `merge`: what several people made of the same crises."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegemon.cli.output import JSON, print_json, say, try_new, write_new
from hegemon.errors import BadFile, BadValue, shown

if TYPE_CHECKING:
    import pandas as pd

CODINGS = Annotated[
    list[str] | None, typer.Option("--codings", metavar="FILE.csv", help="Codings of your own too (repeatable).")
]


def reliability(
    codings: CODINGS = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.md", help="Write the whole page as Markdown, over an older one.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """How far coders agree with each other, column by column, and with third parties."""
    from hegemon.pages import markdown, reliability, terminal

    if out is not None and out.suffix != ".md":
        raise BadValue(f"--out {shown(out.as_posix())}", "Name a page of Markdown, as in reliability.md.")
    command = " ".join(["hegemon data reliability", *(f"--codings {name}" for name in codings or [])])
    told = every_coding(codings or [])
    of = reliability.document(told, f"{command} --out {out.as_posix()}" if out else command)
    if out is not None:
        from hegemon.files import reason, write_atomically

        try:
            write_atomically(out, markdown.page(of).encode())
        except (OSError, ValueError) as error:
            raise BadFile(f"cannot write {shown(str(out), 200)}", reason(error)) from None
    if as_json:
        return print_json(of.plain())
    terminal.show(of)
    if out is not None:
        say(f"Wrote {out.as_posix()}.")


def merge(
    files: Annotated[list[str], typer.Argument(metavar="FILE.csv...", help="Codings, by one person or several each.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.csv", help="The new file with all of them.")],
    ours: Annotated[bool, typer.Option("--with-ours", help="The codings that come with hegemon too.")] = False,
    as_json: JSON = False,
) -> None:
    """Put codings together: a row per crisis and coder, so that whose is whose is never lost.

    A crisis that one coder gives in two files is taken once if both say the same, and refused if they do not.
    """
    from hegemon.history.merging import merged, read_codings

    try_new(out)
    table = merged([read_codings(name) for name in files], ours=ours)
    write_new(out, table.to_csv(index=False))
    who = {str(name): len(part) for name, part in table.groupby("coder")}
    if as_json:
        return print_json({"file": out.as_posix(), "crises": int(table["crisis_id"].nunique()), "coders": who})
    listed = ", ".join(f"{name} ({n})" for name, n in who.items())
    say(f"Wrote {out.as_posix()}: {table['crisis_id'].nunique()} crises, coded by {listed}.")


def every_coding(files: list[str]) -> pd.DataFrame:
    """Codings that come with hegemon, and those of one's own."""
    from hegemon.history.codings import codings
    from hegemon.history.merging import merged, read_codings

    return merged([read_codings(name) for name in files], ours=True) if files else codings()
