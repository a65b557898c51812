"""The coded record as a person reads it in a terminal."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hegemon.history.codebook import KIND
from hegemon.pages.terminal import console, empty, plain

WIDE = 112
"""Columns from which a crisis fits on a line."""


def rich_table(title: str, *columns: str, right: tuple[str, ...] = (), whole: tuple[str, ...] = ()) -> Any:
    """An empty table with columns; text wraps but in `whole` columns, and is never read as markup."""
    table = empty(title)
    for name in columns:
        never = name in ("began", "state", "from", "to", "org", *right, *whole)
        table.add_column(name, justify="right" if name in right else "left", overflow="fold", no_wrap=never)
    return table


def extent(crises: int, states: int, first: str, last: str) -> str:
    """How much there is, in words."""
    many = f"{crises} {'crisis' if crises == 1 else 'crises'} in {states} {'state' if states == 1 else 'states'}"
    return f"{many}, {first} to {last}"


def crisis_table(rows: pd.DataFrame, label: str, sources: bool) -> None:
    """Crises: what happened, what the patron did, how it ended; on narrow terminals one below the other."""
    out = console()
    wide = out.width >= WIDE
    heads = ["began", "state", "what", *(["kind", "grade", "response", "asked", "incumbents"] if wide else [])]
    table = rich_table(f"Crises: {label}", *heads, right=("grade",), whole=() if not wide else ("kind", "response"))
    for row in rows.to_dict("records"):
        end = "stayed" if row["incumbent_survived"] else f"fell: {row['orientation_after']}"
        asked = "" if row["host_request"] == "none" else row["host_request"].replace("asked_refused", "refused")
        kind, grade, response = row["kind"], str(row["severity"]), row["response_primary"]
        cells = [row["start"], row["state"], row["name"], kind, grade, response, asked, end]
        if not wide:
            told = f"{row['name']}\n{kind} ({grade}): {response}{', ' + asked if asked else ''}; {end}"
            cells = [row["start"], row["state"], told]
        table.add_row(*(plain(cell) for cell in cells))
    out.print(table)
    if sources:
        for row in rows.to_dict("records"):
            out.print(plain(row["crisis_id"], "bold"))
            for text in (row.get("note", ""), *str(row.get("sources", "")).split(";")):
                if text.strip():
                    out.print(plain(f"  {text.strip()}"), soft_wrap=True)
        out.print()
    if not len(rows):
        out.print("No crises.")
        return
    begun = rows["start"].str.slice(0, 7)
    out.print(plain(f"{extent(len(rows), rows['state'].nunique(), begun.min(), begun.max())}."), soft_wrap=True)
    terms = [f"{coded} -> {kind}" for coded, kind in KIND.items() if coded in set(rows["kind"])]
    out.print(plain(f"In the model's terms: {', '.join(terms)}."), soft_wrap=True)


def codes(rows: pd.DataFrame, title: str, sources: bool) -> None:
    """Any other table as it is coded."""
    out = console()
    columns = [str(column) for column in rows.columns if sources or column not in ("source", "note")]
    table = rich_table(title, *columns, right=("troops",))
    for row in rows[columns].astype(object).to_dict("records"):
        table.add_row(*(plain("" if cell is None or str(cell) == "<NA>" else str(cell)) for cell in row.values()))
    out.print(table)
    out.print(plain(f"{len(rows)} rows. Empty: unknown, or still so at the end of the record."), soft_wrap=True)
