"""`hegemon report`: the page of a finished result, or its figures as pictures."""

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


def report(
    result: Annotated[Path, typer.Argument(help="Folder of a finished result, as `hegemon run` wrote it.")],
    format: Annotated[Format, typer.Option("--format", help="One page, or one picture per figure.")] = Format.html,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write to; by default the result's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Write a result's report, or each of its figures with its numbers (CSV)."""
    from hegemon.cli.run import _table, order_info, record_of
    from hegemon.ensemble.store import open_result
    from hegemon.order import restored
    from hegemon.report import write_figures, write_report

    found = open_result(result)
    order = restored(found.summary.attrs["scenario_text"], found.summary.attrs["scenario"])
    record, names, folder = _table(record_of(order)), order_info(order), out or result
    if format is Format.html:
        written = [write_report(found.summary, found.sample_events, record, names, folder / "report.html")]
    else:
        target = folder if out is not None else folder / "figures"
        kind = cast("Literal['png', 'svg', 'pdf']", format.value)
        written = write_figures(found.summary, found.sample_events, record, names, target, kind)
    files = [path.as_posix() for path in written]
    print(json.dumps({"files": files}, indent=1) if as_json else "\n".join(files))
