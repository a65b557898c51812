"""`hegemon report`: the page of a finished result, or its figures as pictures.

The folder of an ensemble is drawn anew. Comparisons, claims, rooms and sweeps leave their pages and their figures as SVG;
those are turned into other formats as they are.
"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, cast

import typer


class Format(StrEnum):
    """What to write."""

    html = "html"
    png = "png"
    svg = "svg"
    pdf = "pdf"

    @property
    def picture(self) -> Literal["png", "svg", "pdf"]:
        """The format as that of a picture."""
        return cast("Literal['png', 'svg', 'pdf']", self.value)


def report(
    result: Annotated[Path, typer.Argument(help="Folder of a finished result, as a command wrote it.")],
    format: Annotated[Format, typer.Option("--format", help="One page, or one picture per figure.")] = Format.html,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write to; by default the result's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Write a result's report, or each of its figures with its numbers (CSV)."""
    from hegemon.cli.run import _table, order_info, record_of
    from hegemon.ensemble.store import open_result
    from hegemon.order import restored
    from hegemon.report import write_figures, write_report

    if drawn(result):
        return told(converted(result, format, out), as_json)
    found = open_result(result)
    order = restored(found.summary.attrs["scenario_text"], found.summary.attrs["scenario"])
    record, names, folder = _table(record_of(order)), order_info(order), out or result
    if format is Format.html:
        written = [write_report(found.summary, found.sample_events, record, names, folder / "report.html")]
    else:
        target = folder if out is not None else folder / "figures"
        kind = format.picture
        written = write_figures(found.summary, found.sample_events, record, names, target, kind)
    told(written, as_json)


def told(written: list[Path], as_json: bool) -> None:
    """The files that were written."""
    files = [path.as_posix() for path in written]
    print(json.dumps({"files": files}, indent=1) if as_json else "\n".join(files))


def drawn(folder: Path) -> bool:
    """Whether a folder holds the figures of something other than an ensemble."""
    return not (folder / "events").is_dir() and bool(svgs(folder))


def svgs(folder: Path) -> list[Path]:
    """Figures as they were drawn, in the folder or in its own for figures."""
    return sorted(folder.glob("*.svg")) or sorted((folder / "figures").glob("*.svg"))


def converted(folder: Path, format: Format, out: Path | None) -> list[Path]:
    """The folder's pages, or its figures in a format, each beside its numbers."""
    from hegemon.files import write_atomically
    from hegemon.report.render import from_svg

    pages = sorted(folder.glob("*.html"))
    if format is Format.html and out is None:
        return pages
    target, written = out or folder / "figures", []
    target.mkdir(parents=True, exist_ok=True)
    if format is Format.html:
        for page in pages:
            write_atomically(target / page.name, page.read_bytes())
        return [target / page.name for page in pages]
    for file in svgs(folder):
        picture = target / f"{file.stem}.{format.value}"
        write_atomically(picture, from_svg(file.read_text("utf-8"), format.picture))
        written.append(picture)
        numbers = file.with_suffix(".csv")
        if numbers.is_file() and numbers.parent != target:
            write_atomically(target / numbers.name, numbers.read_bytes())
            written.append(target / numbers.name)
    return written
