"""`hegemon report`: the page of a finished result, one page of several results, or figures as pictures with their numbers.

All is drawn anew from what the folders hold. Folders of other commands (`replay`, `calibrate`, ...) have their pages, and
figures as SVG; those are turned into other formats as they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

if TYPE_CHECKING:
    from hegemon.pages.figure import Figure


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
    results: Annotated[
        list[Path],
        typer.Argument(metavar="RESULT...", help="Folders that run, compare, claims, room or sweep have left."),
    ],
    format: Annotated[Format, typer.Option("--format", help="One page, or one picture per figure.")] = Format.html,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; else the result's, or one under results/ for several.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Heading of a page of several results.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Write a result's report, one report of several results, or each of their figures with its numbers (CSV)."""
    from hegemon.errors import BadValue
    from hegemon.folders.kinds import distinct, kinds_in

    if title is not None and (len(results) == 1 or format is not Format.html):
        raise BadValue("--title", "It is the heading of one page of several results; leave it away.")
    distinct(results)
    if len(results) == 1 and not kinds_in(results[0]) and svgs(results[0]):
        written = converted(results[0], format, out)
    elif format is not Format.html:
        written = pictures(results, format, out)
    elif len(results) == 1:
        written = [own_page(results[0], out or results[0])]
    else:
        written = [joint_page(results, out or together(results), title)]
    files = [path.as_posix() for path in written]
    print(json.dumps({"files": files}, indent=1) if as_json else "\n".join(files))


def own_page(folder: Path, out: Path) -> Path:
    """A result's own page. That of a run can be explored."""
    from hegemon.files import write_text
    from hegemon.folders.kinds import kind_of
    from hegemon.report.kept import PAGES, shown
    from hegemon.report.page import alone

    kind = kind_of(folder)
    if kind == "run":
        return run_page(folder, out / PAGES[kind])
    write_text(out / PAGES[kind], alone(shown(folder).part("")))
    return out / PAGES[kind]


def run_page(folder: Path, target: Path) -> Path:
    """The page of an ensemble."""
    from hegemon.cli.run import _table, order_info, record_of
    from hegemon.ensemble.store import open_result
    from hegemon.order import restored
    from hegemon.report import write_report

    found = open_result(folder)
    order = restored(found.summary.attrs["scenario_text"], found.summary.attrs["scenario"])
    return write_report(found.summary, found.sample_events, _table(record_of(order)), order_info(order), target)


def joint_page(folders: Sequence[Path], out: Path, title: str | None) -> Path:
    """One page of several results, in the order in which they are named."""
    import hegemon
    from hegemon.files import write_text
    from hegemon.report.joint import joint
    from hegemon.report.kept import shown

    found = [shown(folder) for folder in folders]
    parts = [result.part(f"{n}.") for n, result in enumerate(found, 1)]
    write_text(out / "report.html", joint(parts, title, hegemon.__version__))
    return out / "report.html"


def together(folders: Sequence[Path]) -> Path:
    """Where a page of several results goes if nobody says."""
    import hashlib

    named = "\n".join(folder.resolve().as_posix() for folder in folders)
    return Path("results") / f"report-{hashlib.sha256(named.encode()).hexdigest()[:8]}"


def pictures(folders: Sequence[Path], format: Format, out: Path | None) -> list[Path]:
    """Every figure in a format, each beside its numbers; those of several results in a folder each."""
    from hegemon.report.kept import shown

    if len(folders) == 1:
        return drawn(shown(folders[0]).figures, out or folders[0] / "figures", format)
    whole, written = out or together(folders), []
    names = [folder.resolve().name for folder in folders]
    for n, (folder, name) in enumerate(zip(folders, names, strict=True), 1):
        target = whole / (name if names.count(name) == 1 else f"{n}-{name}")
        written += drawn(shown(folder).figures, target, format)
    return written


def drawn(figures: Sequence[Figure], target: Path, format: Format) -> list[Path]:
    """Write figures and their numbers."""
    from hegemon.files import write_folder
    from hegemon.pages import render

    made: dict[str, bytes] = {}
    for figure in figures:
        made[f"{figure.name}.{format.value}"] = render.picture(figure, format.picture)
        made[f"{figure.name}.csv"] = figure.data.to_csv(index=False).encode()
    return [Path(name) for name in write_folder(target, made)]


def svgs(folder: Path) -> list[Path]:
    """Figures as they were drawn, in the folder or in its own for figures."""
    return sorted(folder.glob("*.svg")) or sorted((folder / "figures").glob("*.svg"))


def converted(folder: Path, format: Format, out: Path | None) -> list[Path]:
    """The folder's pages, or its figures in a format, each beside its numbers."""
    from hegemon.files import write_folder
    from hegemon.pages.render import from_svg

    pages = sorted(folder.glob("*.html"))
    if format is Format.html and out is None:
        return pages
    made: dict[str, bytes] = {}
    if format is Format.html:
        made = {page.name: page.read_bytes() for page in pages}
    else:
        for file in svgs(folder):
            made[f"{file.stem}.{format.value}"] = from_svg(file.read_text("utf-8"), format.picture)
            if file.with_suffix(".csv").is_file():
                made[f"{file.stem}.csv"] = file.with_suffix(".csv").read_bytes()
    return [Path(name) for name in write_folder(out or folder / "figures", made)]
