"""`hegemon sweep`: what an outcome depends on, and under which parameters something happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.cli.crew import Scheduler, Workers

if TYPE_CHECKING:
    from hegemon.experiments.sensitivity.sweep import Sweep
    from hegemon.order import Order

SHOWN = 12
"""Rows of a table in the terminal."""


def sweep(
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a file.")] = "post-soviet",
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure", "-m", metavar="NAME@STATE@QUARTER", help="An outcome, as in autonomy@KAZ@2022Q1 (repeatable)."
        ),
    ] = None,
    when: Annotated[
        str | None,
        typer.Option("--when", metavar="CONDITION", help='Find where it holds, as in "autonomy@KAZ@2022Q1 < 0.2".'),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="PATTERNS",
            help="Parameters to vary, as in pact.vote,red_line.* (repeatable); by default all.",
        ),
    ] = None,
    design: Annotated[str | None, typer.Option("--design", help="sobol (default), latin or morris.")] = None,
    by: Annotated[
        str, typer.Option("--by", help="parameter, or mechanism: its parameters move together.")
    ] = "parameter",
    most: Annotated[
        int | None,
        typer.Option("--most", help="Parameters a Sobol design looks at one by one (12); the rest move as one."),
    ] = None,
    sets: Annotated[
        int | None,
        typer.Option("--sets", help="Base sets (sobol: 512), sets (latin: 2048), trajectories (morris: 16)."),
    ] = None,
    runs: Annotated[int, typer.Option("--runs-per-set", help="Histories of each set, the same dice for all.")] = 32,
    posterior: Annotated[bool, typer.Option("--posterior", help="Draw from the posterior, not from priors.")] = False,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="MECHANISM", help="Switch a mechanism off (repeatable).")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Luck and design: the same seed gives the same result.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the result; by default under results/.")] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="Markdown page to write too, figures beside it in img/.")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Vary parameters over their priors, say what outcomes depend on, write sweep.html. An unfinished sweep goes on."""
    from hegemon.cli.progress import bar
    from hegemon.experiments.sensitivity.sweep import folder, sweep
    from hegemon.order import load

    order = load(scenario).without(*(without or []))
    asked, varied = measure or [], over or []
    how = (design, by, most, sets, runs, posterior, seed, when)
    place = out or folder(order, asked, varied, *how)
    with bar(f"{order.scenario.title}: sweep", len(order.states) * len(order.quarters)) as tick:
        found = sweep(order, asked, over=varied, when=when, design=design, by=by, most=most, sets=sets, runs=runs,
                      posterior=posterior, seed=seed, out=place, progress=tick, scheduler=scheduler, workers=workers)  # fmt: skip
    tell(order, found, place, page, as_json=as_json)


def tell(order: Order, found: Sweep, place: Path, markdown: Path | None, *, as_json: bool) -> None:
    """Write tables, document and page, and print the summary."""
    from hegemon.cli.run import order_info
    from hegemon.experiments.sensitivity.account import document, write_tables
    from hegemon.files import write_text
    from hegemon.report.sensitivity_page import write_page

    write_tables(found, place)
    page = write_page(found, order_info(order), place / "sweep.html")
    if markdown is not None:
        from hegemon.report import sensitivity_markdown

        sensitivity_markdown.write_page(found, order_info(order), markdown)
    told = {"folder": place.as_posix(), "report": page.as_posix(), **document(found)}
    write_text(place / "result.json", json.dumps(told, indent=1) + "\n")
    if as_json:
        print(json.dumps(told, indent=1))
        return
    show(order, found, told)
    print(f"\nReport: {page.as_posix()}")


def show(order: Order, found: Sweep, told: dict[str, Any]) -> None:
    """Print what matters most, how much is luck, and the boxes."""
    from rich.console import Console

    from hegemon.cli.tables import _table
    from hegemon.report.sensitivity import MINUS, ranked, said_of_luck, said_of_rest

    console = Console(width=None, highlight=False)
    made = found.made
    console.print(f"\n[bold]{order.scenario.title}[/bold]: {made['sets']:,} sets of {len(made['parameters'])} parameters "
                  f"from {made['drawn_from']}, {made['runs_per_set']} histories each, seed {made['seed']}")  # fmt: skip
    for outcome in found.outcomes:
        head, rows = ranked(found, outcome, SHOWN)
        narrow = [at for at, name in enumerate(head) if (name, at) != ("90 %", 4)]  # the second interval is on the page
        table = _table(outcome.words[:1].upper() + outcome.words[1:], *(head[at] for at in narrow))
        table.columns[0].no_wrap = True
        for row in [row for row in rows if row[1] not in ("0.00", f"{MINUS}0.00")] or rows[:1]:
            table.add_row(*(row[at].replace(" to ", "..") for at in narrow))
        console.print(table)
        console.print(f"{said_of_rest(found, outcome)}{said_of_luck(found, outcome)}")
    if "discovery" in told:
        console.print(f"\n[bold]{told['discovery']['said']}[/bold]")
        for box in told["discovery"]["boxes"]:
            console.print(f"- {box['said']}")
    console.print(f"[dim]scenario {made['scenario_hash']}, version {made['version']}, {made['platform']}[/dim]")
