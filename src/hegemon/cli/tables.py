"""The summary of a run, as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hegemon.order import Order


def show(order: Order, made: dict[str, Any], found: dict[str, Any]) -> None:
    """Print crises by kind, instruments by decade and neighbours then and now."""
    from rich.console import Console

    console = Console(width=None, highlight=False)
    s = order.scenario
    console.print(f"\n[bold]{s.title}[/bold], {s.start} to {s.end}: {made['runs']:,} histories, seed {made['seed']}")
    if order.off:
        console.print(f"without {', '.join(order.off)}")
    console.print(_crises(found["crises"]))
    console.print(_instruments(found["instruments"]))
    patron = s.patron.name
    console.print(_neighbours(order, "Autonomy: share of foreign policies permitted", "autonomy", found["neighbours"]))
    console.print(_neighbours(order, f"Orientation: share of ties with {patron}", "orientation", found["neighbours"]))
    console.print(
        f"[dim]scenario {made['scenario_hash']}, version {made['version']}, {made['platform']}, chunks of "
        f"{made['chunk']:,}, {made['wall_seconds']} s[/dim]"
    )


def _table(title: str, *columns: str) -> Any:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(title=title, box=SIMPLE, title_justify="left", title_style="bold", pad_edge=False)
    for n, column in enumerate(columns):
        table.add_column(column, justify="left" if n == 0 else "right")
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")


def _crises(rows: dict[str, Any]) -> Any:
    recorded = any("record" in row for row in rows.values())
    table = _table("Crises per history", "kind", "mean", "5-95 %", *(["record"] if recorded else []))
    for kind, row in rows.items():
        cells = [_words(kind), f"{row['per_history']:.1f}", f"{row['low']}-{row['high']}"]
        table.add_row(*cells, *([str(row["record"])] if recorded else []))
    total = [f"{sum(row['per_history'] for row in rows.values()):.1f}", ""]
    table.add_row("all", *total, *([str(sum(row["record"] for row in rows.values()))] if recorded else []))
    return table


def _instruments(decades: dict[str, Any]) -> Any:
    table = _table("The patron's responses, % of crises: model (record)", "instrument", *decades)
    for name in next(iter(decades.values())):
        cells = []
        for rows in decades.values():
            row = rows[name]
            beside = f" ({100 * row['record']:3.0f})" if "record" in row else ""
            cells.append(f"{100 * row['model']:4.0f}{beside}")
        table.add_row(_words(name), *cells)
    return table


def _neighbours(order: Order, title: str, what: str, rows: dict[str, Any]) -> Any:
    quarters = list(next(iter(rows.values()))[what])
    table = _table(title, "neighbour", *quarters, f"5-95 % in {quarters[-1]}")
    for state, row in rows.items():
        last = row[what][quarters[-1]]
        means = [f"{row[what][quarter]['mean']:.2f}" for quarter in quarters]
        table.add_row(order.scenario.states[state].name, *means, f"{last['low']:.2f}-{last['high']:.2f}")
    return table
