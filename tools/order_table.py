"""One table of the orders that were built by formula: what differs, and where simulated answers leave the record's interval.

    python tools/order_table.py                 # print it
    python tools/order_table.py --write         # into docs/orders.md, between its marks
    python tools/order_table.py --runs 64 --only indochina

An order's record are crises of severity 2 and 3, drawn at random from registers, kinds in proportion to the root of their number.
Simulated answers are therefore those to crises of severity 2 and 3, kinds weighed as in the record.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import beta

import hegemon
from hegemon.building.agreement import BY_HAND, builtin_answers
from hegemon.history import recorded
from hegemon.instruments import NAMES
from hegemon.order import Order

PAGE = Path(__file__).parents[1] / "docs" / "orders.md"
BEGIN, END = "<!-- built: written by tools/order_table.py -->", "<!-- end of built -->"
MIDDLE = (0.05, 0.95)


def shares(crises: pd.DataFrame, kinds: pd.Series) -> pd.Series:
    """Share of each instrument among simulated crises, kinds weighed as given; of kinds that none had, those of all."""
    serious = crises[crises["severity"] >= 2]
    table = pd.crosstab(serious["kind"].astype(str), serious["instrument"].astype(str)).reindex(columns=list(NAMES), fill_value=0)
    each = table.div(table.sum(axis=1), axis=0)
    overall = table.sum() / table.to_numpy().sum()
    rows = [each.loc[kind] if kind in each.index else overall for kind in kinds.index]
    return pd.Series(np.average(rows, axis=0, weights=kinds), index=list(NAMES))


def interval(hits: int, count: int) -> tuple[float, float]:
    """Middle 90 % of a share, Jeffreys' prior; down to 0 and up to 1 where all or none are hits (Brown, Cai, DasGupta 2001)."""
    low = 0.0 if hits == 0 else float(beta.ppf(MIDDLE[0], hits + 0.5, count - hits + 0.5))
    high = 1.0 if hits == count else float(beta.ppf(MIDDLE[1], hits + 0.5, count - hits + 0.5))
    return low, high


def measured(name: str, runs: int) -> dict[str, object]:
    """An order beside its record."""
    order: Order = hegemon.load(name)
    s = order.scenario
    found = hegemon.simulate(order, runs=runs, seed=0)
    record = recorded(s)
    assert record is not None
    record = record[record["state"].isin(list(order.states))]
    used = record["instrument"].value_counts().reindex(list(NAMES), fill_value=0)
    simulated = shares(found.events, record["kind"].value_counts())
    cells = {one: (simulated[one], int(used[one]), *interval(int(used[one]), len(record))) for one in NAMES}
    last = found.summary["autonomy_mean"].isel(quarter=-1)
    first = found.summary["autonomy_mean"].isel(quarter=0)
    crises = float(found.summary["event_count"].sum()) / runs
    return {"order": name, "scenario": s, "record": len(record), "cells": cells, "crises": crises,
            "first": float(first.mean()), "last": float(last.mean())}  # fmt: skip


def told(rows: list[dict], runs: int) -> str:  # type: ignore[type-arg]
    """The tables as Markdown."""
    lines = [
        f"Made by `python tools/order_table.py --write`: version {hegemon.__version__}, {runs} histories of each order, seed",
        "0, parameters drawn from the post-Soviet posterior. Autonomy is the mean over neighbours and histories.", "",
        "| order | patron | years | neighbours | poles | pact | idea, start | autonomy, first and last | crises | record |",
        "| --- | --- | --- | ---: | ---: | --- | --- | --- | ---: | ---: |",
    ]  # fmt: skip
    for row in rows:
        s = row["scenario"]
        pact = s.pact.rule if s.pact else "none"
        lines.append(f"| {row['order']} | {s.patron.name} | {s.start[:4]}-{s.end[:4]} | {len(s.states)} | {len(s.poles)} | "
                     f"{pact} | {s.doctrine.idea:.2f}, {s.doctrine.start:.2f} | {row['first']:.2f}, {row['last']:.2f} | "
                     f"{row['crises']:.1f} | {row['record']} |")  # fmt: skip
    words = " | ".join(name.replace("_", " ") for name in NAMES)
    lines += ["", "Share of the patron's answers in per cent, simulated (record, with its 90 % interval); in bold where the",
              "simulated one lies outside.", "", f"| order | {words} | inside |",
              "| --- |" + " ---: |" * (len(NAMES) + 1)]  # fmt: skip
    inside_all = []
    for row in rows:
        said, inside = [], []
        for share, hits, low, high in row["cells"].values():
            good = low <= share <= high
            inside.append(good)
            text = f"{share:.0%} ({hits}: {low:.0%} to {high:.0%})".replace("%", "")
            said.append(text if good else f"**{text}**")
        inside_all += inside
        lines.append(f"| {row['order']} | {' | '.join(said)} | {sum(inside)} of {len(inside)} |")
    total = sum(inside_all)
    lines += ["", f"In all, {total} of {len(inside_all)} cells lie inside ({total / len(inside_all):.0%}).", "", *failures(rows)]
    return "\n".join(lines)


def failures(rows: list[dict]) -> list[str]:  # type: ignore[type-arg]
    """In sentences, where the model fails."""
    found = []
    for row in rows:
        high = [(n, c) for n, c in row["cells"].items() if c[0] > c[3]]
        low = [(n, c) for n, c in row["cells"].items() if c[0] < c[2]]
        parts = [f"too much {n.replace('_', ' ')} ({c[0]:.0%}, record {c[1]} of {row['record']})" for n, c in high]
        parts += [f"too little {n.replace('_', ' ')} ({c[0]:.0%}, record {c[1]} of {row['record']})" for n, c in low]
        found.append(f"- **{row['order']}**: {'; '.join(parts) if parts else 'no share outside the interval of its record'}.")
    return found


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--runs", type=int, default=512)
    words.add_argument("--only", action="append", help="one order (repeatable)")
    words.add_argument("--write", action="store_true", help="into docs/orders.md")
    given = words.parse_args()
    names = given.only or [name for name in builtin_answers() if name not in BY_HAND]
    text = told([measured(name, given.runs) for name in names], given.runs)
    if not given.write:
        print(text)
        return 0
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
