"""`hegemon forecast`: follow the record to a date, throw dice from there, compare with what happened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from hegemon.inference.hindcast import Hindcast


def forecast(
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a file.")] = "post-soviet",
    origin: Annotated[
        str, typer.Option("--from", metavar="QUARTER", help="Follow the record to its close.")
    ] = "2009Q4",
    runs: Annotated[int, typer.Option("--runs", "-n", help="Histories to simulate.")] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help="Luck: the same seed gives the same histories.")] = 0,
    page: Annotated[
        Path | None, typer.Option("--page", help="Markdown page to write, figures beside it in img/.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for scores (JSON), numbers (CSV), figures.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Foretell the years after a date that the record covers, and score it against what came."""
    from hegemon.cli.progress import bar
    from hegemon.cli.run import order_info
    from hegemon.inference.hindcast import hindcast
    from hegemon.order import load

    order = load(scenario)
    info = order_info(order)
    with bar(f"{order.scenario.title} from {origin}", len(order.states) * len(order.quarters)) as tick:
        result = hindcast(order, origin, runs, seed, progress=tick)
    made = provenance(result)
    document = {"made": made, **result.document()}
    written: list[Path] = []
    if page is not None:
        from hegemon.report.hindcast import write_page

        written += write_page(result, info, made, page)
    if out is not None:
        written += write_folder(result, info, document, out)
    if as_json:
        print(json.dumps({**document, "files": [path.as_posix() for path in written]}, indent=1, allow_nan=False))
        return
    show(result)
    for path in written:
        print(path.as_posix())


def provenance(result: Hindcast) -> dict[str, Any]:
    """How it was made."""
    from hegemon.history import history
    from hegemon.inference.backtest import fingerprint
    from hegemon.inference.baselines import in_order

    record = in_order(history(result.order.scenario.history or ""))
    attrs = result.runs.summary.attrs
    return {
        "command": attrs["command"],
        "version": attrs["version"],
        "order": f"{result.order.name} {result.order.hash} (cut at {result.origin})",
        "record": f"{len(record)} crises, sha256 {fingerprint(record)}",
        "runs": attrs["runs"],
        "seed": result.seed,
        "chunk": attrs["chunk"],
        "platform": attrs["platform"],
    }


def write_folder(result: Hindcast, info: Any, document: dict[str, Any], folder: Path) -> list[Path]:
    """forecast.json, each figure as PNG, SVG and CSV, and orientation by neighbour-year where there is evidence."""
    from hegemon.pages import render
    from hegemon.report.hindcast import figures

    folder.mkdir(parents=True, exist_ok=True)
    numbers = folder / "forecast.json"
    numbers.write_text(json.dumps(document, indent=1, allow_nan=False), encoding="utf-8")
    written = [numbers]
    if len(result.cases):
        written.append(folder / "orientation.csv")
        result.cases.to_csv(written[-1], index=False)
    for figure in figures(result, info):
        for kind, content in render.pictures(figure, "png", "svg").items():
            written.append(folder / f"{figure.name}.{kind}")
            written[-1].write_bytes(content)
        written.append(folder / f"{figure.name}.csv")
        figure.data.to_csv(written[-1], index=False)
    return written


def show(result: Hindcast) -> None:
    """Counts and scores in a terminal."""
    from rich.console import Console

    from hegemon.cli.tables import _table, _words
    from hegemon.report.hindcast import said

    console = Console(highlight=False)
    s = result.order.scenario
    runs = result.runs.summary.attrs["runs"]
    console.print(f"\n[bold]{s.title}[/bold], foretold in {result.origin}, {result.first} to {result.last}: {runs:,} "
                  f"histories, seed {result.seed}")  # fmt: skip
    table = _table("Counts: what came, what was foretold, log scores", "count", "came", "mean", "5-95 %", "histories",
                   "Poisson", "neg. bin.")  # fmt: skip
    for c in result.counts:
        span = f"{c.low}-{c.high}{'' if c.inside else ' *'}"
        table.add_row(_words(c.name), str(c.observed), f"{c.mean:.1f}", span,
                      *(f"{x:.2f}" for x in (c.model, c.poisson, c.persistence)))  # fmt: skip
    console.print(table)
    for line in said(result):
        console.print(f"- {line}")
