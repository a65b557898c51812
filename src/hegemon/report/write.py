"""Writes what a reader keeps: the report in one file, or each figure as a picture beside its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hegemon.pages.order import OrderInfo

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hegemon.pages.figure import Figure


def figures(
    summary: xr.Dataset, sample_events: pd.DataFrame, record: pd.DataFrame, order_info: OrderInfo
) -> list[Figure]:
    """Every figure, in the order in which the report tells its story."""
    from hegemon.report import autonomy_map, fans, instruments, regard, timeline

    found = [
        autonomy_map.autonomy_map(summary, order_info),
        fans.orientation(summary, order_info),
        fans.autonomy(summary, order_info),
        instruments.instrument_mix(summary, record, order_info),
        instruments.crises_by_kind(summary, record, order_info),
        regard.region(summary, order_info),
        regard.neighbours(summary, order_info),
        fans.order(summary, order_info),
        timeline.timeline(summary, sample_events, record, order_info),
    ]
    return [figure for figure in found if figure is not None]


def write_report(
    summary: xr.Dataset, sample_events: pd.DataFrame, record: pd.DataFrame, order_info: OrderInfo, out: Path
) -> Path:
    """One self-contained page. `out` is the file, or a folder in which it becomes report.html."""
    from hegemon.files import write_atomically
    from hegemon.report import answer, findings, interactive, readings, tables

    target = out if out.suffix in (".html", ".htm") else out / "report.html"
    drawn = {figure.name: figure for figure in figures(summary, sample_events, record, order_info)}
    text = interactive.page(
        order_info,
        summary.attrs,
        readings.all_quarters(summary),
        findings.findings(summary, record, order_info),
        drawn,
        [tables.neighbours(summary, order_info), tables.outcomes(summary, record)],
        answer.answer(summary, sample_events, record, order_info, drawn),
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, text.encode())
    return target


def write_figures(
    summary: xr.Dataset,
    sample_events: pd.DataFrame,
    record: pd.DataFrame,
    order_info: OrderInfo,
    out: Path,
    format: Literal["png", "svg", "pdf"],
) -> list[Path]:
    """Every figure as a picture, each followed by its numbers as CSV."""
    from hegemon.pages import render

    out.mkdir(parents=True, exist_ok=True)
    written = []
    for figure in figures(summary, sample_events, record, order_info):
        picture, numbers = out / f"{figure.name}.{format}", out / f"{figure.name}.csv"
        picture.write_bytes(render.picture(figure, format))
        figure.data.to_csv(numbers, index=False)
        written += [picture, numbers]
    return written
