"""`hegemon compare`: two orders with the same luck, and what differs by more than luck."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.cli.crew import Scheduler, Workers
from hegemon.errors import BadDate, Missing

if TYPE_CHECKING:
    from hegemon.experiments.compare import Comparison
    from hegemon.order import Order
    from hegemon.report.comparison_page import Told

Forces = Annotated[
    list[str] | None,
    typer.Option(
        "--force", metavar='"QUARTER STATE CRISIS [INSTRUMENT]"', help="An event given in the second (repeatable)."
    ),
]


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="Name of a built-in scenario, or a file.")],
    second: Annotated[str | None, typer.Argument(metavar="[B]", help="The other; absent: A, changed.")] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="MECHANISM", help="Switched off in the second (repeatable)."),
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MECHANISM.PARAMETER=VALUE", help="Changed in the second (repeatable)."),
    ] = None,
    force: Forces = None,
    instead_of: Annotated[
        list[str] | None,
        typer.Option(
            "--instead-of", metavar='"QUARTER STATE CRISIS [INSTRUMENT]"', help="An event given in the first."
        ),
    ] = None,
    record: Annotated[
        str | None, typer.Option("--record", metavar="QUARTER", help="Both follow history to here, then dice.")
    ] = None,
    end: Annotated[str | None, typer.Option("--end", metavar="QUARTER", help="Last quarter of both.")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="QUARTER", help="Quarter to report; else the last.")] = None,
    runs: Annotated[int, typer.Option("--runs", "-n", help="Pairs of histories.")] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help="Luck: the same in both.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the result; by default under results/.")] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """What would be different, luck being equal? The second order less the first, neighbour by neighbour.

    A forced event branches from history the quarter before it, and both run on for four years, unless --record and
    --end say otherwise.
    """
    if second is None and not (without or change or force or instead_of):
        raise Missing(
            f"nothing to compare {first} with", "Name a second scenario, or change it: --without, --set, --force."
        )
    one, other = orders(first, second, without or [], change or [], force or [], instead_of or [], record, end)
    quarter = at or min(one.quarters[-1], other.quarters[-1])
    if quarter not in set(one.quarters) & set(other.quarters):
        last = min(one.quarters[-1], other.quarters[-1])
        raise BadDate(f"--at {quarter}", f"It must lie from {one.quarters[0]} to {last}.")

    from hegemon.cli.progress import bar
    from hegemon.experiments import compare as experiment

    place = out or folder(one, other, runs, seed)
    with bar(f"{one.name} and {other.name}: {runs:,} pairs", 2 * len(one.states) * len(one.quarters)) as tick:
        found = experiment.compare(one, other, runs, seed, out=place, progress=tick, scheduler=scheduler, workers=workers)
    tell(one, other, found, quarter, place, as_json=as_json)


def orders(
    first: str, second: str | None, without: list[str], change: list[str], force: list[str], instead_of: list[str],
    record: str | None, end: str | None,
) -> tuple[Order, Order]:  # fmt: skip
    """The two orders a command line describes."""
    from hegemon.experiments.branch import branched, eve, parse_force
    from hegemon.order import load
    from hegemon.scenarios.overrides import parse_set

    one = load(first)
    values = {f"{block}.{name}": value for block, name, value in map(parse_set, change)}
    other = (one if second is None else load(second)).with_parameters(values).without(*without)
    given, real = [parse_force(text) for text in force], [parse_force(text) for text in instead_of]
    if given or real:
        before, after = eve(one, [*given, *real])
        record, end = record or before, end or after
    if record is None and end is None:
        return one, other
    return branched(one, real, record=record, end=end), branched(other, given, record=record, end=end)


def folder(one: Order, other: Order, runs: int, seed: int) -> Path:
    """Where a comparison goes if nobody says."""
    return Path("results") / f"compare-{one.name}-{one.hash[:8]}-{other.hash[:8]}-seed{seed}-{runs}"


def tell(one: Order, other: Order, found: Comparison, quarter: str, folder: Path, *, as_json: bool) -> None:
    """Write page, figures and numbers, and print what differs."""
    from hegemon.cli.run import order_info
    from hegemon.report.comparison_page import told

    said, attrs = told(one, other, found, quarter, order_info(other)), found.summary.attrs
    files = write(folder, found, said)
    made = {k: v for k, v in attrs.items() if not k.endswith("_text") and k not in ("kept_runs", "trajectories")}
    if as_json:
        document = {**made, "quarter": quarter, "folder": folder.as_posix(), "report": files[0],
                    "sentences": said.sentences, "variance_ratio": said.ratios, **numbers(found, one.poles[0]),
                    "crises": found.crises.to_dict("records")}  # fmt: skip
        return print(json.dumps(document, ensure_ascii=False))
    show(said, made)
    print(f"\nPage: {files[0]}")


def numbers(found: Comparison, patron: str) -> dict[str, Any]:
    """Every measure by neighbour and quarter for JSON: means, and differences with the 90 % interval of their mean."""
    parts = ("first", "second", "difference", "difference_low", "difference_high")
    quarters = [str(q) for q in found.summary["quarter"].values]
    neighbours: dict[str, Any] = {}
    order: dict[str, Any] = {}
    for name in map(str, found.data.data_vars):
        at = {part: found.summary[f"{name}_{part}"] for part in parts}
        if name == "orientation":
            at = {part: values.sel(pole=patron) for part, values in at.items()}
        if "state" in at["first"].dims:
            neighbours[name] = {str(s): {part: _short(values.sel(state=s)) for part, values in at.items()}
                                for s in found.summary["state"].values}  # fmt: skip
        else:
            order[name] = {part: _short(values) for part, values in at.items()}
    return {"quarters": quarters, "neighbours": neighbours, "order": order}


def _short(values: Any) -> list[float]:
    return [float(f"{x:.5g}") for x in values.values]


def write(folder: Path, found: Comparison, said: Told) -> list[str]:
    """comparison.html, every figure as SVG with its numbers, and the summary as Zarr; made before anything is written."""
    from hegemon.ensemble.store import write_dataset
    from hegemon.files import write_folder
    from hegemon.pages import render
    from hegemon.report.comparison_page import note as noted

    note = noted(found.summary.attrs)
    made = said.files(found)
    for figure in said.figures:
        made[f"{figure.name}.svg"] = render.picture(dataclasses.replace(figure, note=note), "svg")
        made[f"{figure.name}.csv"] = figure.data.to_csv(index=False).encode()
    files = write_folder(folder, made)
    write_dataset(found.summary, folder / "summary")
    return files


def show(said: Told, made: dict[str, Any]) -> None:
    """Sentences, the largest differences, and how it was made, for a terminal."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for line in said.sentences:
        console.print(line)
    clear = said.table[said.table["exceeds"]]
    clear = clear.reindex(clear["in_spreads"].abs().sort_values(ascending=False).index).head(12)
    if len(clear):
        grid = Table("who", "measure", "first", "second", "difference", "90 % interval", "in spreads", box=None)
        for r in clear.to_dict("records"):
            who = said.info.state(r["state"]) if r["state"] else "the order"
            grid.add_row(who, r["measure"].replace("_", " "), f"{r['first']:.3f}",
                         f"{r['second']:.3f}", f"{r['difference']:+.4f}",
                         f"{r['difference_low']:+.4f} to {r['difference_high']:+.4f}", f"{r['in_spreads']:+.2f}")  # fmt: skip
        console.print(grid)
    known = {name: ratio for name, ratio in said.ratios.items() if ratio is not None}
    if known:
        least = min(known, key=lambda name: known[name])
        console.print(f"Pairing makes the variance of differences smaller by a factor of {known[least]:,.1f} "
                      f"({least.replace('_', ' ')}) or more.")  # fmt: skip
    console.print(f"first {made['first_scenario_hash']}, second {made['second_scenario_hash']}, version {made['version']}, "
                  f"{made['platform']}, seed {made['seed']}, {made['wall_seconds']} s")  # fmt: skip
