"""`hegemon room`: how much foreign policy a neighbour has at a date, what lies beyond, and what would widen it."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegemon.cli.crew import Scheduler, Workers

if TYPE_CHECKING:
    from hegemon.experiments.manoeuvre.room import Room
    from hegemon.pages.order import OrderInfo


class Parameters(StrEnum):
    """Where parameters come from."""

    posterior = "posterior"
    prior = "prior"
    point = "point"


class Incumbents(StrEnum):
    """What incumbents want where their state is put elsewhere."""

    stay = "stay"
    follow = "follow"


def room(
    state: Annotated[str, typer.Argument(help="A neighbour, by ISO3 code: KAZ.")],
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a file.")] = "post-soviet",
    at: Annotated[
        str | None, typer.Option("--at", metavar="QUARTER", help="Date, as the quarter opens; else the last one known.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="QUARTER", help="Earlier date to compare with; else 2010Q1 or the start."),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", "-n", help="Worlds, each with shocks and parameters of its own.")
    ] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Luck: the same seed gives the same worlds.")] = 0,
    dice: Annotated[bool, typer.Option("--dice", help="Worlds of simulated histories, not of the record.")] = False,
    parameters: Annotated[
        Parameters | None,
        typer.Option("--parameters", help="Draws of the posterior or prior, or the order's own values."),
    ] = None,
    incumbents: Annotated[
        Incumbents, typer.Option("--incumbents", help="What they want stays, or follows the ties that are tried.")
    ] = Incumbents.stay,
    ties: Annotated[
        str | None,
        typer.Option("--ties", metavar="FILE.csv", help="Measured orientations: post-soviet, a file, or none."),
    ] = None,
    grid: Annotated[
        int, typer.Option("--orientation-grid", metavar="STEPS", help="The triangle is tiled by the square of this.")
    ] = 20,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MECHANISM.PARAMETER=VALUE", help="Change a parameter (repeatable)."),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="MECHANISM", help="Switch a mechanism off (repeatable).")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for page and figures; else under results/.")] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Say what a neighbour's red line is, what it must expect at each orientation, and what would widen its room."""
    from hegemon.cli.progress import counted
    from hegemon.experiments.manoeuvre.room import room as measure
    from hegemon.order import load
    from hegemon.scenarios.overrides import parse_set

    order = load(scenario)
    values = {}
    for text in change or []:
        block, name, value = parse_set(text)
        values[f"{block}.{name}"] = value
    order = order.with_parameters(values).without(*(without or []))
    with counted("asking the law") as tick:
        found = measure(
            order, state, at, since, draws=draws, seed=seed, dice=dice, incumbents=incumbents.value, ties=ties,
            parameters=parameters.value if parameters else None, steps=grid, progress=tick,
            scheduler=scheduler, workers=workers,
        )  # fmt: skip

    from hegemon.cli.run import order_info

    made, info = found.made, order_info(order)
    stem = f"room-{order.name}-{order.hash[:8]}-{state}-{made['at']}-{made['since']}-seed{seed}-{draws}"
    own = Path(ties).expanduser() if ties is not None and ties.endswith(".csv") else None
    files = write(out or Path("results") / stem, found, info, own)
    if as_json:
        print(json.dumps({**found.document(), "files": files}, ensure_ascii=False, allow_nan=False, indent=1))
        return
    show(found, info)
    print(f"\nPage: {files[0]}")


def write(folder: Path, found: Room, info: OrderInfo, ties: Path | None = None) -> list[str]:
    """The page, the numbers, and each figure as SVG and PNG; everything is made before anything is written.

    `ties` is the user's own table of orientations, which is kept too.
    """
    import dataclasses

    from hegemon.ensemble.store import write_dataset
    from hegemon.experiments.manoeuvre.tables import grid
    from hegemon.files import write_folder
    from hegemon.pages import render
    from hegemon.report import room as drawing
    from hegemon.report.room_page import note, whole

    figures = drawing.figures(found, info)
    made: dict[str, bytes] = {"room.html": whole(found, info, figures).encode()}
    made["room.json"] = json.dumps(found.document(), ensure_ascii=False, allow_nan=False, indent=1).encode()
    tables = {"map": grid(found.data)} | {
        n: getattr(found, n) for n in ("profile", "unrest", "effects", "drivers", "way")
    }
    for name, table in tables.items():
        made[f"{name}.csv"] = table.to_csv(index=False).encode()
    if ties is not None and ties.is_file():
        made["ties.csv"] = ties.read_bytes()
    for figure in figures:
        alone = dataclasses.replace(figure, note=note(found))
        made |= {f"figures/{figure.name}.{kind}": content for kind, content in render.pictures(alone, "svg", "png").items()}
        made[f"figures/{figure.name}.csv"] = figure.data.to_csv(index=False).encode()
    files = write_folder(folder, made)
    write_dataset(found.data, folder / "map")
    return files


def show(found: Room, info: OrderInfo) -> None:
    """The same for a person in a terminal."""
    from rich.text import Text

    from hegemon.cli.record_tables import console, rich_table
    from hegemon.instruments import NAMES
    from hegemon.pages.words import INSTRUMENTS
    from hegemon.report.room_words import EFFECTS, OUTCOMES, THINGS, effect, findings, main, percent

    out, of = console(), found.made
    out.print(
        Text(
            f"\n{info.state(found.state)}, {of['at']}: room for manoeuvre ({of['worlds']}; {of['parameters']})", "bold"
        )
    )
    for line in findings(found, info):
        out.print(Text(f"- {line}"))
    columns = (of["since"], of["at"], "change")
    table = rich_table("\nMain numbers: mean (5-95 %)", "what", *columns, right=columns)
    for name, label in OUTCOMES.items():
        cells = [percent(main(part, name)) for part in (found.then, found.now)]
        table.add_row(label, *cells, percent(found.change.get(name), signed=True))
    out.print(table)
    head = ("in a year", "given a crisis")
    table = rich_table(f"Answers where it stands, {of['at']}", "answer", *head, right=head)
    for name in NAMES:
        table.add_row(
            INSTRUMENTS[name], percent(found.now["in_a_year"][name]), percent(found.now["given_a_crisis"][name])
        )
    out.print(table)
    names = list(EFFECTS)
    titles = tuple(EFFECTS.values())
    table = rich_table(
        "What a tenth more of each changes, points of a hundred: mean (5-95 %)", "thing", *titles, right=titles
    )
    for thing, rows in found.effects.groupby("thing", sort=False):
        by = rows.set_index("outcome")
        table.add_row(THINGS[str(thing)], *(effect(by.loc[name]) for name in names))
    out.print(table)
    out.print(Text(f"scenario {of['scenario_hash']}, version {of['version']}, {of['draws']} draws, seed {of['seed']}, "
                   f"{of['platform']}", "dim"))  # fmt: skip
