"""Write docs/plausibility.md: what an ensemble with default parameters does, with the record beside it.

python tools/plausibility.py [--runs 1000] [--seed 0] [--out docs/plausibility.md]

No number of that page is typed by hand, and what fits badly is listed by rule: every count of the record that lies
outside the middle 90 % of histories.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

import hegemon
from hegemon.history import history, record_events
from hegemon.instruments import KINDS, NAMES
from hegemon.order import Order
from hegemon.studies.run.digest import decades
from hegemon.studies.run.result import Runs
from hegemon.world import World

JOINED = ("EST", "LTU", "LVA")
"""Neighbours that had joined a bloc of rivals by the end of the record (NATO and the European Union, 2004)."""

Counts = npt.NDArray[np.int64]


def main() -> None:
    """Simulate and write."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=1_000)
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--out", type=Path, default=Path("docs/plausibility.md"))
    asked = words.parse_args()
    order = hegemon.load("post-soviet")
    made = hegemon.simulate(order, runs=asked.runs, seed=asked.seed, parameters="mean", keep=True)
    asked.out.write_text(page(order, made), encoding="utf-8")


def page(order: Order, made: Runs) -> str:
    """The page as Markdown."""
    s, runs = order.scenario, made.summary.attrs["runs"]
    record = record_events(history(s.history or ""), start=s.start, end=s.end)
    events = made.events
    misfits: list[str] = []

    def compared(head: str, groups: list[tuple[str, pd.DataFrame, pd.DataFrame]]) -> str:
        rows = []
        for name, simulated, coded in groups:
            found = per_history(simulated, runs)
            low, high = (int(q) for q in np.quantile(found, (0.05, 0.95), method="inverted_cdf"))
            fits = low <= len(coded) <= high
            mark = "" if fits else "outside"
            rows.append((name, f"{found.mean():.2f}", f"{low} to {high}", str(len(coded)), mark))
            if not fits:
                misfits.append(
                    f"{head} {name}: {len(coded)} in the record, {low} to {high} in the middle 90 % of histories "
                    f"(mean {found.mean():.1f})"
                )
        return table((head, "mean per history", "middle 90 %", "record", ""), rows)

    def by(column: str, codes: tuple[str, ...]) -> list[tuple[str, pd.DataFrame, pd.DataFrame]]:
        return [(plain(c), events[events[column] == c], record[record[column] == c]) for c in codes]

    kinds = compared("kind", [*by("kind", KINDS), ("all", events, record)])
    means = compared("instrument", by("instrument", NAMES))
    crossed = cross(events, record, runs)
    pairs = [
        (f"{plain(i)} in {plain(k)}", *(t[(t["kind"] == k) & (t["instrument"] == i)] for t in (events, record)))
        for k in KINDS
        for i in NAMES
    ]
    compared("response", pairs)
    years = [int(quarter[:4]) for quarter in (s.start, s.end)]
    spans = [
        (f"{plain(i)}, {a}-{b}", *(within(t[t["instrument"] == i], a, b) for t in (events, record)))
        for a, b in decades(*years)
        for i in NAMES
    ]
    decade = compared("instrument and decade", spans)
    states = compared(
        "neighbour",
        [(s.states[c].name, events[events["state"] == c], record[record["state"] == c]) for c in order.states],
    )
    facts = compared(
        "fact",
        [
            (
                "incumbents in an uprising survive",
                *(t[(t["kind"] == "uprising") & t["survived"]] for t in (events, record)),
            ),
            (
                "incumbents in an uprising fall",
                *(t[(t["kind"] == "uprising") & ~t["survived"]] for t in (events, record)),
            ),
            ("help is asked for", *(t[t["requested"]] for t in (events, record))),
            ("the pact consents", *(t[t["consented"]] for t in (events, record))),
            *(
                (f"a new government: {leaning}", *(t[t["successor"] == leaning] for t in (events, record)))
                for leaning in ("patron", "balanced", "rival")
            ),
        ],
    )
    attrs = made.summary.attrs
    quarters = made.data.sizes["quarter"] * made.data.sizes["state"]
    listed = "\n".join(f"- {line}" for line in dict.fromkeys(misfits)) or "- nothing, by this rule"
    return f"""\
<!-- Written by tools/plausibility.py for order {order.hash}. Do not edit: run it again. -->

# Plausibility

What the model does with the parameters of its scenario, {runs:,} histories of *{s.title}* ({s.start} to {s.end}, {quarters:,}
state-quarters each), seed {attrs["seed"]}, beside the coded record's {len(record)} crises. Written by
`python tools/plausibility.py`; no number here is typed by hand.

**How to read it.** The record is one history. A model that is right should put it inside the middle 90 % of its own
histories about nine times in ten; "outside" marks where it does not. The parameters are the posterior's means, learned
from this very record, so that totals agree is no evidence for the theory; the [back-test](backtest.md) is the place to
look for that. How the record is told in the model's
kinds and instruments, and what that loses: `src/hegemon/history/codebook.md`.

## Where it fits badly

By rule: every count below, and every pair of instrument and kind of crisis, in which the record lies outside the middle
90 % of histories. Of {len(pairs)} pairs, {len(spans)} counts by decade and {len(order.states)} neighbours, about one in
ten should be outside by chance alone; counts of rare things cannot be outside so easily.

{listed}

## Crises by kind

{kinds}

## The patron's responses

{means}

### Used at least once

Share of histories in which the instrument is used at least once.

{used(made, record)}

### By kind of crisis

Crises per history, with the record's number in brackets; empty where neither has any.

{crossed}

### By decade

{decade}

## Outcomes

{facts}

## Crises by neighbour

{states}

## Who leaves

Share of histories in which a neighbour ends {s.end} under a rival bloc's shelter (above 0.5). How open the bloc is to
each is given by the scenario (`accession`); that the doors are used, and when, is the model's.

{shelter(order, made)}

## State-quarters at a bound

Share of all state-quarters (of quarters, for what the order shares) in which a variable lies at its lowest or highest
value. Zero is where debts, garrisons, entities and membership are when there are none; a large share at the top would
say that the formulas push against the wall.

{bounds(made)}
"""


def per_history(events: pd.DataFrame, runs: int) -> Counts:
    """Number of these crises in each history."""
    return np.bincount(events["run"].to_numpy(), minlength=runs)


def within(events: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Crises of the years from first to last."""
    years = events["quarter"].str[:4].astype(int)
    return events[(years >= first) & (years <= last)]


def cross(events: pd.DataFrame, record: pd.DataFrame, runs: int) -> str:
    """Instruments by kinds, per history."""
    simulated = pd.crosstab(events["instrument"], events["kind"]).reindex(index=NAMES, columns=KINDS, fill_value=0)
    coded = pd.crosstab(record["instrument"], record["kind"]).reindex(index=NAMES, columns=KINDS, fill_value=0)
    rows = []
    for name in NAMES:
        cells = [(simulated.loc[name, kind] / runs, int(coded.loc[name, kind])) for kind in KINDS]
        rows.append((plain(name), *(f"{mean:.2f} ({known})" if mean or known else "" for mean, known in cells)))
    return table(("instrument", *(plain(kind) for kind in KINDS)), rows)


def used(made: Runs, record: pd.DataFrame) -> str:
    """Share of histories that used each instrument, and whether the record did."""
    shares = made.summary["used_count"] / made.summary.attrs["runs"]
    rows = [
        (
            plain(i),
            f"{100 * float(shares.sel(instrument=i)):.1f} %",
            "used" if (record["instrument"] == i).any() else "never",
        )
        for i in NAMES
    ]
    return table(("instrument", "histories", "record"), rows)


def shelter(order: Order, made: Runs) -> str:
    """Who ends outside the sphere."""
    last = made.data["shelter"].isel(quarter=-1)
    rows = []
    for state in order.states:
        given = order.scenario.states[state]
        share = float((last.sel(state=state) > 0.5).mean())
        rows.append(
            (given.name, f"{100 * share:.1f} %", "joined" if state in JOINED else "outside", f"{given.accession:g}")
        )
    return table(("neighbour", "histories", "in fact", "`accession` given"), rows)


def bounds(made: Runs) -> str:
    """Share of values at a bound."""
    limits = {f.name: (f.metadata["low"], f.metadata["high"]) for f in dataclasses.fields(World)}
    rows = []
    for name, values in made.data.data_vars.items():
        if name in limits:
            low, high = limits[str(name)]
            at = [f"{100 * float((abs(values - bound) < 1e-6).mean()):.2f} %" for bound in (low, high)]
            rows.append((f"`{name}`", f"{low:g}", at[0], f"{high:g}", at[1]))
    return table(("variable", "lowest", "share there", "highest", "share there"), rows)


def plain(code: str) -> str:
    """A code in words."""
    return code.replace("_", " ")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
