"""`hegemon data code`, `merge`, `reliability`: what several people make of the same crises."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegemon.cli.output import JSON, print_json, say, try_new, write_new
from hegemon.errors import BadValue, OutOfRange, UnknownName, did_you_mean, shown, typed
from hegemon.files import try_to_write, write_file

if TYPE_CHECKING:
    import pandas as pd

CODINGS = Annotated[
    list[str] | None, typer.Option("--codings", metavar="FILE.csv", help="Codings of your own too (repeatable).")
]

PAGE = "#/code"
"""The explorer's page for it."""


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
    if out is not None:
        try_to_write(out)
    command = " ".join(["hegemon data reliability", *(f"--codings {typed(name)}" for name in codings or [])])
    told = every_coding(codings or [])
    of = reliability.document(told, f"{command} --out {typed(out.as_posix())}" if out else command)
    if out is not None:
        write_file(out, markdown.page(of))
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


def code(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.csv", help="Your file: begun, or gone on with. Else codings-NAME.csv.")
    ] = None,
    coder: Annotated[str | None, typer.Option("--coder", metavar="NAME", help="What you go by in the file.")] = None,
    order: Annotated[
        list[str] | None, typer.Option("--order", help="Crises of this order only (repeatable); by default of all.")
    ] = None,
    drawn: Annotated[bool, typer.Option("--drawn", help="Only crises drawn from registers.")] = False,
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="N", min=1, help="So many of them, drawn at random.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the draw and of the order in which crises come.")] = 0,
    crises: Annotated[
        str | None, typer.Option("--list", metavar="FILE.csv", help="Crises of your own: crisis_id, patron, state, start, name.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port; else the explorer's, or a free one. 0: a free one.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document when it is ready.")] = False,
) -> None:
    """Code crises blind, in a browser: one at a time, the codebook beside it, nobody's codes shown. Saved as you go.

    Kind, severity, line and request are coded before the patron's answer is asked. Stop with Ctrl-C and go on whenever you like:
    your file knows how far you are.
    """
    import tempfile

    from hegemon.cli.serve import explore, installed
    from hegemon.history import sheet

    installed()
    if file is None and coder is None:
        raise BadValue("nobody is named", "Say who codes: --coder NAME; or name a file that was begun.")
    path = file if file is not None else Path(f"codings-{coder}.csv")
    if path.suffix != ".csv":
        raise BadValue(f"file {shown(path.as_posix(), 200)}", "Its name ends in .csv.")
    if path.exists():
        if order or drawn or sample or crises:
            raise BadValue(f"{path.name} is there already", "It says which crises; leave --order, --drawn, --sample, --list out.")
        sheet.reopen(path, coder)
    else:
        if coder is None:
            raise BadValue(f"there is no file {shown(path.as_posix(), 200)}", "To begin it, say who codes: --coder NAME.")
        sheet.begin(path, coder, chosen(order or [], drawn, sample, seed, crises))
    from hegemon.owner import owned_file
    from hegemon.server.site import Site

    with owned_file(path), tempfile.TemporaryDirectory(prefix="hegemon-coding-") as folder:
        mine = sheet.reopen(path, coder)

        def told(base: str) -> None:
            address = f"{base}{PAGE}"
            if as_json:
                return print_json({"address": address, "file": path.as_posix(), "crises": len(mine.rows)}, indent=None)
            say(f"{len(mine.rows)} crises to code at {address}  (saved in {path.as_posix()} as you go; Ctrl-C stops it)")

        site = Site(Path(folder))
        site.sheet = mine
        explore(site, port, told, no_open=no_open, page=PAGE)


def chosen(orders: list[str], drawn: bool, sample: int | None, seed: int, own: str | None) -> pd.DataFrame:
    """The crises to code, in a random order that the seed gives. Raises for an order that nobody has coded."""
    from hegemon.history import every_crisis

    if own is not None:
        from hegemon.files import home, read_text
        from hegemon.history.merging import OPEN
        from hegemon.history.reading import read_crises

        if orders or drawn:
            raise BadValue("--list and --order or --drawn together", "Your list says which crises.")
        path = home(own)
        table = read_crises(read_text(path, 20_000_000, said=own), path.name, unknown=OPEN)
        for column in ("order", "patron", "end"):
            table = table if column in table else table.assign(**{column: ""})
    else:
        table = every_crisis()
        known = sorted(table["order"].unique())
        for name in orders:
            if name not in known:
                raise UnknownName(f"--order {shown(name)}", did_you_mean(name, known))
        table = table[table["order"].isin(orders or known) & (table["drawn"] | (not drawn))]
    if sample is not None and sample > len(table):
        raise OutOfRange(f"--sample {sample}", f"There are {len(table)} crises to draw from.")
    return table.sample(n=sample if sample is not None else len(table), random_state=seed)


def every_coding(files: list[str]) -> pd.DataFrame:
    """Codings that come with hegemon, and those of one's own."""
    from hegemon.history.codings import codings
    from hegemon.history.merging import merged, read_codings

    return merged([read_codings(name) for name in files], ours=True) if files else codings()
