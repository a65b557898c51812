"""`hegemon replay`: drive the coded record through an order; say how likely the model thought it, and draw what it did."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hegemon.errors import OutOfRange

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.order import Order
    from hegemon.pages.order import OrderInfo
    from hegemon.report.surprise import Account

MOST = 10
"""Surprises that are listed."""


def replay(
    scenario: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a file.")] = "post-soviet",
    history: Annotated[
        str | None,
        typer.Option("--history", metavar="FILE.csv", help="A crisis file of your own; else the scenario's."),
    ] = None,
    runs: Annotated[int, typer.Option("--runs", "-n", help="Draws of the small unobserved shocks.")] = 64,
    seed: Annotated[int, typer.Option("--seed", help="Luck: the same seed gives the same shocks.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for page and figures; else under results/.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Let history decide every event: how likely was it, part by part, and where does it leave the neighbours?"""
    from hegemon.ensemble.replay import replay as drive
    from hegemon.order import load

    if not 0 <= seed < 2**64:
        raise OutOfRange(f"seed = {seed} is not between 0 and 2^64 - 1", "Choose another seed.")
    order = load(scenario)
    events, notes, label = record_for(order, history)
    found = drive(order, events, runs=runs, seed=seed)

    from hegemon.cli.run import order_info
    from hegemon.report.surprise import account

    told = account(found, events)
    digest = hashlib.sha256(events.to_csv(index=False).encode()).hexdigest()[:16]
    names = ("scenario", "scenario_hash", "scenario_text", "version", "seed", "runs", "platform", "command")
    attrs = {name: found.worlds.attrs[name] for name in names}
    attrs |= {"history": label, "history_hash": digest}
    # The same command twice is the same folder; another record through the same order is another.
    folder = out or Path("results") / f"replay-{order.name}-{order.hash[:8]}-{digest[:8]}-seed{seed}-{runs}"
    info = order_info(order)
    files = write(folder, found.worlds, told, info, attrs)
    brief = {key: value for key, value in attrs.items() if key != "scenario_text"}
    if as_json:
        document = {**brief, "files": files, "notes": notes, **digest_of(told)}
        return print(json.dumps(document, ensure_ascii=False, indent=1))
    show(order, told, info, brief, notes)
    print(f"\nPage: {files[0]}")


def record_for(order: Order, file: str | None) -> tuple[pd.DataFrame, list[str], str]:
    """The events to drive through an order, what should be said about them, and what the record is called."""
    from hegemon.ensemble.replay import following
    from hegemon.history import history, record_events
    from hegemon.history.fitting import fit, impossible, remarks

    s = order.scenario
    notes = []
    if s.force:
        notes.append(f"The forced events of {order.name} are set aside: history decides.")
    if file is not None:
        table = history(file)
        events = fit(s, table)
        return events, notes + remarks(events), Path(file).name
    if s.history is None:
        following(order)  # says what is missing
    name = s.history or ""
    table = history(name)
    events = record_events(table, start=s.start, end=s.end)
    events = events[events["state"].isin(order.states)].reset_index(drop=True)
    left = len(table) - len(events)
    if left:
        notes.append(f"{left} of {len(table)} coded crises lie outside the years or the states of {order.name}.")
    notes += remarks(events)
    for event in events.to_dict("records"):
        reason = impossible(s, event)
        if reason is not None:
            notes.append(f"{event['crisis_id']} counts as next to impossible: {reason}")
    return events, notes, name


def write(folder: Path, worlds: Any, told: Account, info: OrderInfo, attrs: dict[str, Any]) -> list[str]:
    """The page, and each figure as SVG and PNG with its numbers; everything is made before anything is written."""
    import dataclasses

    from hegemon.files import write_folder
    from hegemon.pages import render
    from hegemon.report import replay as drawing
    from hegemon.report.replay_page import whole

    note = f"hegemon {attrs['version']}, {attrs['scenario']} {attrs['scenario_hash']}, record {attrs['history']}, "
    note += f"{attrs['runs']} draws, seed {attrs['seed']}"
    figures = drawing.figures(worlds, told, info)
    made: dict[str, bytes] = {"replay.html": whole(worlds, told, info, figures, attrs).encode()}
    for figure in figures:
        alone = dataclasses.replace(figure, note=note)
        made |= {f"figures/{figure.name}.{kind}": content for kind, content in render.pictures(alone, "svg", "png").items()}
        made[f"figures/{figure.name}.csv"] = figure.data.to_csv(index=False).encode()
    return write_folder(folder, made)


def digest_of(told: Account) -> dict[str, Any]:
    """The numbers as one document; every crisis and quarter, the least expected first."""
    crises = told.crises.sort_values("log_all", kind="stable")
    quarters = told.quarters.sort_values("log_mean_exp", kind="stable")
    return {
        "total": told.total,
        "parts": told.parts,
        "crises": json.loads(crises.to_json(orient="records", double_precision=10)),
        "quarters": json.loads(quarters.to_json(orient="records", double_precision=10)),
    }


def show(order: Order, told: Account, info: OrderInfo, made: dict[str, Any], notes: list[str]) -> None:
    """The same for a person in a terminal."""
    from rich.text import Text

    from hegemon.cli.record_tables import console, rich_table
    from hegemon.report.surprise import odds

    out, s = console(), order.scenario
    title = (
        f"{s.title}, {s.start} to {s.end}: {made['history']} replayed, {len(told.crises)} crises, {made['runs']} draws"
    )
    out.print(Text(f"\n{title}, seed {made['seed']}", "bold"), soft_wrap=True)
    numbers = ("decisions", "mean", "sd", "5-95 %", "log-mean-exp")
    table = rich_table("Log-probability of the record (nats)", "part", *numbers, right=numbers)
    for row in [*told.parts, {"part": "all", **told.total}]:
        spread = f"{row['low']:.1f} to {row['high']:.1f}"
        cells = (
            f"{row['decisions']:,}",
            f"{row['mean']:.1f}",
            f"{row['sd']:.1f}",
            spread,
            f"{row['log_mean_exp']:.1f}",
        )
        table.add_row(str(row["part"]), *cells)
    out.print(table)
    carried = f"{told.total['effective_draws']:.1f} of {made['runs']} draws carry the last one"
    out.print(
        "Mean, sd and 5-95 %: of the logarithms, over draws of the shocks. Log-mean-exp: logarithm of the mean "
        f"probability, which is the record's where the shocks are unknown ({carried}); parts of it do not add up. "
        "Below, probabilities are such means, over worlds that the record has driven to that quarter."
    )
    for by, column, heading in (
        ("answer", "log_response", "Answers to which the model gave least"),
        ("all", "log_all", "Crises to which it gave least as a whole"),
    ):
        table = rich_table(f"\n{heading}", "quarter", "what", "answer", "probability", right=("quarter", "probability"))
        least: Any = told.crises.sort_values(column, kind="stable").head(MOST).to_dict("records")
        for row in least:
            chance = odds(row[column])
            if by == "answer":
                chance += f" ({100 * row['answer_low']:.2g}-{100 * row['answer_high']:.2g} %)"
            what = f"{info.state(row['state'])}: {row['name']}"
            table.add_row(row["quarter"], Text(what), row["instrument"].replace("_", " "), chance)
        out.print(table)
    table = rich_table("\nQuarters to which it gave least", "quarter", "probability", "what", right=("quarter",))
    worst = told.quarters.sort_values("log_mean_exp", kind="stable").head(MOST)
    for quarter, chance, crises in worst[["quarter", "log_mean_exp", "crises"]].itertuples(index=False):
        table.add_row(quarter, odds(chance), Text(crises or "no crisis"))
    out.print(table)
    for note in notes:
        out.print(Text(f"Note: {note}"))
    out.print(Text(f"scenario {made['scenario_hash']}, record {made['history_hash']}, version {made['version']}, "
                   f"{made['platform']}", "dim"))  # fmt: skip
