"""`hegemon run`: simulate an order, say what came out, write the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.cli.crew import Scheduler, Workers

if TYPE_CHECKING:
    from hegemon.ensemble.runs import Runs
    from hegemon.order import Order


def run(
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a file.")],
    runs: Annotated[int, typer.Option("--runs", "-n", help="Histories to simulate.")] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help="Luck: the same seed gives the same histories.")] = 0,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MECHANISM.PARAMETER=VALUE", help="Change a parameter (repeatable)."),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="MECHANISM", help="Switch a mechanism off (repeatable).")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the result; by default under results/.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep every history's trajectories (Zarr).")] = False,
    crises: Annotated[
        int | None, typer.Option("--crises", metavar="N", help="Write the crises of N histories only; by default, of all.")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Simulate an order, print a summary, write report.html. An unfinished result is resumed."""
    from hegemon.order import load
    from hegemon.scenarios.overrides import parse_set

    order = load(scenario)
    values = {}
    for text in change or []:
        block, name, value = parse_set(text)
        values[f"{block}.{name}"] = value
    order = order.with_parameters(values).without(*(without or []))
    folder = out or Path("results") / f"{order.name}-{order.hash[:8]}-seed{seed}-{runs}"

    from hegemon.cli.progress import bar
    from hegemon.ensemble.simulate import simulate

    with bar(f"{order.scenario.title}: {runs:,} histories", len(order.states) * len(order.quarters)) as tick:
        result = simulate(order, runs, seed, out=folder, keep=keep, crises=crises, progress=tick, scheduler=scheduler,
                          workers=workers)  # fmt: skip
    tell(order, result, folder, as_json=as_json)


def tell(order: Order, result: Runs, folder: Path, *, as_json: bool) -> None:
    """Write the report unless it is there, and print the summary."""
    from hegemon.ensemble.digest import digest
    from hegemon.report.write import write_report

    record = record_of(order)
    page = folder / "report.html"
    if not page.is_file():
        write_report(result.summary, result.sample_events, _table(record), order_info(order), page)
    found = digest(result.summary, record)
    made = {k: result.summary.attrs[k] for k in ("scenario", "scenario_hash", "version", "seed", "runs", "chunk",
                                                 "platform", "command", "wall_seconds")}  # fmt: skip
    if as_json:
        print(json.dumps({**made, "folder": folder.as_posix(), "report": page.as_posix(), **found}, indent=1))
        return
    from hegemon.cli.tables import show

    show(order, made, found)
    print(f"\nReport: {page.as_posix()}")


def order_info(order: Order) -> Any:
    """Names for the report."""
    from hegemon.pages.order import OrderInfo

    s = order.scenario
    return OrderInfo(
        title=s.title,
        question=s.question,
        patron=s.patron.name,
        states={iso3: state.name for iso3, state in s.states.items()},
        poles={pole.id: pole.name for pole in s.poles},
        region=s.region or "",
    )


def record_of(order: Order) -> Any:
    """The coded record of the order's years, or None where there is none."""
    s = order.scenario
    if s.history is None:
        return None
    from hegemon.history import history, record_events

    return record_events(history(s.history), start=s.start, end=s.end)


def _table(record: Any) -> Any:
    import pandas as pd

    columns = ["quarter", "state", "kind", "instrument", "requested", "survived", "name", "crisis_id"]
    return pd.DataFrame(columns=columns) if record is None else record
