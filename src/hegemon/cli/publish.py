"""`hegemon publish`: results as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hegemon.cli.output import JSON, print_json, say
from hegemon.errors import Missing


def publish(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write the site; a site that is there is replaced.")],
    found: Annotated[
        list[Path] | None, typer.Argument(metavar="[RESULT]...", help="Folders of finished results; else all under --results.")
    ] = None,
    results: Annotated[Path, typer.Option("--results", metavar="DIR", help="Folder of results.")] = Path("results"),
    reports: Annotated[
        bool, typer.Option("--reports", help="Each result's report beside it, for print and without JavaScript.")
    ] = False,
    no_engine: Annotated[
        bool, typer.Option("--no-engine", help="Without what runs orders in a reader's browser (1.5 MB less).")
    ] = False,
    title: Annotated[str | None, typer.Option("--title", help="Title of the site.")] = None,
    as_json: JSON = False,
) -> None:
    """Write results, stories, record and claims as a static site: any host serves it, and it opens from a disk, with no server.

    Orders run in the reader's browser (page "In this tab") where a host serves it; a page opened from a disk may not start them.
    """
    try:
        from hegemon.server import publishing
    except ImportError as missing:
        raise Missing(f"publishing needs {missing.name}", "Install it: pip install 'hegemon[serve]'.") from None
    from hegemon.cli.progress import counted
    from hegemon.studies.folder import MANIFEST, read_manifest

    publishing.replaceable(folder)
    if not found:
        described = sorted(results.glob(f"[!.]*/{MANIFEST}"), key=lambda each: -each.stat().st_mtime_ns)
        found = [each.parent for each in described if (said := read_manifest(each.parent)) is not None and said.complete]
    with counted("publishing") as tick:
        made = publishing.publish(folder, found, title=title, reports=reports, engine=not no_engine, progress=tick)
    if as_json:
        return print_json({"folder": folder.as_posix(), "results": list(made.results), "files": made.files, "bytes": made.size})
    say(f"{(folder / 'index.html').as_posix()}: {len(made.results)} results, {made.files} files, {made.size / 1e6:.1f} MB")
