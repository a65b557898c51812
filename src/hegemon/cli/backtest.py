"""`hegemon backtest`: how well crises are foretold, by the model and by forecasters without a theory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from hegemon.inference.backtest import Backtest
    from hegemon.inference.baselines import Forecaster
    from hegemon.order import Order


def backtest(
    history: Annotated[
        str, typer.Option("--history", help="A coded record: a built-in one by name, or a CSV file of your own.")
    ] = "post-soviet",
    scenario: Annotated[
        str, typer.Option("--scenario", help="The order whose model and rules are used.")
    ] = "post-soviet",
    first: Annotated[int, typer.Option("--first", help="First crisis of the rolling scheme, counted from 1.")] = 31,
    seed: Annotated[int, typer.Option("--seed", help="Luck of the bootstrap.")] = 0,
    baselines_only: Annotated[
        bool, typer.Option("--baselines-only", help="Leave the model's own forecaster out.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--page", help="Markdown page to write, figures beside it in img/.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for scores (JSON), forecasts (CSV), figures.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Foretell every crisis of a record without knowing it; score, compare, and list the surprises."""
    from hegemon.history import history as read
    from hegemon.inference.backtest import backtest as run
    from hegemon.inference.baselines import baselines
    from hegemon.order import load

    record, order = read(history), load(scenario)
    forecasters: list[Forecaster] = [*baselines(order.scenario)]
    model = None
    if not baselines_only:
        mine = model_forecaster(order)
        forecasters.insert(0, mine)
        model = mine.name
    with steps() as tick:
        result = run(record, forecasters, first, seed, model=model, progress=tick)
    made = provenance(order, result)
    document = {"made": made, **result.document()}
    written: list[Path] = []
    if page is not None:
        from hegemon.report.backtest import write_page

        written += write_page(result, made, page)
    if out is not None:
        written += write_folder(result, document, out)
    if as_json:
        print(json.dumps({**document, "files": [path.as_posix() for path in written]}, indent=1, allow_nan=False))
        return
    show(result)
    for path in written:
        print(path.as_posix())


def model_forecaster(order: Order) -> Forecaster:
    """The model as a forecaster, learning from the ties observed by then too."""
    from hegemon import runtime
    from hegemon.evidence import orientation

    runtime.prepare()
    from hegemon.inference.sequential import ModelForecaster

    return ModelForecaster(order, orientation())


def provenance(order: Order, result: Backtest) -> dict[str, Any]:
    """How it was made."""
    import hegemon
    from hegemon.ensemble.simulate import command
    from hegemon.inference import scores
    from hegemon.inference.backtest import fingerprint

    return {
        "command": command(),
        "version": hegemon.__version__,
        "order": f"{order.name} {order.hash}",
        "record": f"{len(result.record)} crises, sha256 {fingerprint(result.record)}",
        "first": result.first,
        "seed": result.seed,
        "intervals": f"{scores.LEVEL:.0%}, {scores.RESAMPLES:,} bootstrap resamples",
    }


def steps() -> Any:
    """Progress on standard error, a line rewritten where somebody watches, a line per forecast where nobody does."""
    import sys
    from contextlib import contextmanager

    @contextmanager
    def told() -> Any:
        watched = sys.stderr.isatty()

        def tick(what: str, done: int, total: int) -> None:
            text = f"{done}/{total} {what}"
            sys.stderr.write(f"\r\x1b[K{text}" if watched else f"{text}\n")
            sys.stderr.flush()

        yield tick
        if watched:
            sys.stderr.write("\r\x1b[K")

    return told()


def write_folder(result: Backtest, document: dict[str, Any], folder: Path) -> list[Path]:
    """backtest.json, forecasts.csv (a row per scheme, forecaster and crisis), and each figure as PNG, SVG and CSV."""
    import pandas as pd

    from hegemon.pages import render
    from hegemon.report.backtest import figures

    folder.mkdir(parents=True, exist_ok=True)
    scores_, forecasts = folder / "backtest.json", folder / "forecasts.csv"
    scores_.write_text(json.dumps(document, indent=1, allow_nan=False), encoding="utf-8")
    pd.concat(
        [scored.forecast.assign(scheme=scheme, forecaster=name)
         for scheme, rows in result.scored.items() for name, scored in rows.items()]
    ).reset_index().to_csv(forecasts, index=False)  # fmt: skip
    written = [scores_, forecasts]
    for figure in figures(result):
        for kind, content in render.pictures(figure, "png", "svg").items():
            place = folder / f"{figure.name}.{kind}"
            place.write_bytes(content)
            written.append(place)
        numbers = folder / f"{figure.name}.csv"
        figure.data.to_csv(numbers, index=False)
        written.append(numbers)
    return written


def show(result: Backtest) -> None:
    """Scores and surprises in a terminal."""
    from rich.console import Console

    from hegemon.cli.tables import _table, _words
    from hegemon.report.backtest import said

    console = Console(highlight=False)
    for scheme, rows in result.scored.items():
        events = rows[result.reference].summary.events
        title = f"{scheme.capitalize()}: {events} crises; how far ahead {result.reference} is"
        table = _table(title, "forecaster", "log", "Brier", "first", "ahead", "95 %", "it is")
        for name, mine in sorted(rows.items(), key=lambda item: -item[1].summary.log):
            s, d = mine.summary, mine.log
            ahead = ("", "", "")
            if d is not None:
                ahead = (
                    f"{d.by_state.mean:+.2f}",
                    f"{d.by_state.low:+.2f} to {d.by_state.high:+.2f}",
                    d.verdict.replace("not distinguishable", "unclear"),
                )
            table.add_row(name, f"{s.log:.3f}", f"{s.brier:.3f}", f"{s.first:.0%}", *ahead)
        console.print(table)
    table = _table("Surprises, rolling", "crisis", "expected", "happened", "other said")
    for row in result.surprises["rolling"]:
        table.add_row(row["crisis_id"], f"{_words(row['expected'])} {row['expected_probability']:.0%}",
                      f"{_words(row['happened'])} {row['probability']:.1%}", f"{row['other_probability']:.1%}")  # fmt: skip
    console.print(table)
    for line in said(result):
        console.print(f"- {line}")
