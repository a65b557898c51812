"""An order that was built by formula, simulated, beside its record: what differs, where the model fails. For order_table.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import beta

import hegemon
from hegemon.building.agreement import answers_of
from hegemon.engine.sets import Sets
from hegemon.engine.simulate import simulated
from hegemon.history import recorded
from hegemon.inference.draws import drawn, holding
from hegemon.instruments import KINDS, NAMES
from hegemon.order import Order
from hegemon.pooled.kept import coded
from hegemon.pooled.patron import at_large
from hegemon.posterior import load_posterior
from hegemon.scenarios.checks import there

MIDDLE = (0.05, 0.95)
ENOUGH = 0.8
"""Of an order's shares, the part that should lie inside."""

SEVERE = 2
"""The register's crises are of severity 2 and 3, so that simulated ones are too."""


@dataclass(frozen=True)
class Cell:
    """A share: simulated with the habits of the post-Soviet patron, of patrons at large; in the record, hits of so many."""

    share: float
    large: float
    hits: int
    count: int

    @property
    def low(self) -> float:
        return interval(self.hits, self.count)[0]

    @property
    def high(self) -> float:
        return interval(self.hits, self.count)[1]

    def inside(self, large: bool = False) -> bool:
        """Whether the simulated share lies in the middle 90 % of what the record's can be."""
        return self.low <= (self.large if large else self.share) <= self.high


@dataclass(frozen=True)
class Beside:
    """An order, its simulated crises of some severity, and its record's within its quarters and neighbours."""

    order: Order
    runs: int
    found: hegemon.Runs
    severe: pd.DataFrame
    record: pd.DataFrame
    cells: dict[str, Cell]

    def present(self, quarter: int) -> list[str]:
        """Neighbours that are there in a quarter."""
        when = self.order.quarters[quarter]
        return [state for state in self.order.states if there(self.order.scenario, state, when)]

    def autonomy(self, quarter: int) -> float:
        """Mean over the neighbours that are there, and histories."""
        said = self.found.summary["autonomy_mean"].isel(quarter=quarter)
        return float(said.sel(state=self.present(quarter)).mean())


def interval(hits: int, count: int) -> tuple[float, float]:
    """Middle 90 % of a share, Jeffreys' prior; down to 0 and up to 1 where all or none are hits (Brown, Cai, DasGupta 2001)."""
    low = 0.0 if hits == 0 else float(beta.ppf(MIDDLE[0], hits + 0.5, count - hits + 0.5))
    high = 1.0 if hits == count else float(beta.ppf(MIDDLE[1], hits + 0.5, count - hits + 0.5))
    return low, high


def by_kind(crises: pd.DataFrame, kinds: pd.Series) -> tuple[pd.DataFrame, np.ndarray]:
    """Share of each instrument by kind of crisis, for the kinds that are given (of kinds that none had, those of all), and the
    kinds' weights."""
    table = pd.crosstab(crises["kind"].astype(str), crises["instrument"].astype(str)).reindex(columns=list(NAMES), fill_value=0)
    each, overall = table.div(table.sum(axis=1), axis=0), table.sum() / table.to_numpy().sum()
    rows = pd.DataFrame([each.loc[kind] if kind in each.index else overall for kind in kinds.index], index=kinds.index)
    return rows, (kinds / kinds.sum()).to_numpy()


def weighed(crises: pd.DataFrame, kinds: pd.Series) -> np.ndarray:
    """Share of each instrument, kinds weighed as in the record."""
    rows, weights = by_kind(crises[crises["severity"] >= SEVERE], kinds)
    return np.asarray(weights @ rows.to_numpy())


def beside(name: str, runs: int) -> Beside:
    """An order simulated."""
    order: Order = hegemon.load(name)
    found = hegemon.simulate(order, runs=runs, seed=0)
    record = recorded(order.scenario)
    assert record is not None
    record = record[record["state"].isin(list(order.states))]
    severe = found.events[found.events["severity"] >= SEVERE]
    kinds, rows = record["kind"].value_counts(), coded()
    others = at_large(load_posterior("post-soviet"), rows[rows["order"] != name])
    sets = Sets(holding(order, drawn(others, len(others.values), 0)), each=None)
    shares = [weighed(events, kinds) for events in (found.events, simulated(order, runs, 0, sets=sets).events)]
    used = record["instrument"].value_counts().reindex(list(NAMES), fill_value=0)
    cells = {one: Cell(float(shares[0][i]), float(shares[1][i]), int(used[one]), len(record)) for i, one in enumerate(NAMES)}
    return Beside(order, runs, found, severe, record, cells)


def words(code: str) -> str:
    """A code in words."""
    return code.replace("_", " ")


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    return ["| " + " | ".join(line) + " |" for line in (head, ["---"] + ["---:"] * (len(head) - 1), *rows)]


def failing(of: Beside, large: bool = False) -> str:
    """In a sentence, which shares lie outside."""
    parts = []
    for name, cell in of.cells.items():
        share = cell.large if large else cell.share
        if not cell.inside(large):
            which = "much" if share > cell.high else "little"
            parts.append(f"too {which} {words(name)} ({share:.0%}, record {cell.hits} of {cell.count})")
    return "; ".join(parts) if parts else "no share outside the interval of its record"


def short(cells: Mapping[str, Cell]) -> str:
    """That fewer shares lie inside than there should, and from what that may come, in plain words; empty where enough do."""
    good, other = (sum(cell.inside(large) for cell in cells.values()) for large in (False, True))
    if good >= ENOUGH * len(cells):
        return ""
    said = f"Only {good} of {len(cells)} shares lie inside, fewer than four in five."
    if other >= ENOUGH * len(cells):
        return (f"{said} That may come from the habits, which are Russia's: with those of patrons at large {other} lie inside, "
                "all else as it is.")  # fmt: skip
    return (f"{said} The habits alone are not what it comes from, since with those of patrons at large {other} lie inside. It "
            "may come from what answers are taken to bring, which was learned from Russia's crises, from limits that this patron "
            "has at home and the model does not know, or from the order's figures.")  # fmt: skip


def section(of: Beside) -> list[str]:
    """An order's part of the page."""
    s, runs = of.order.scenario, of.runs
    answers = answers_of(of.order.name)
    lines = [f"## {of.order.name}", "", f"*{s.title}*, {s.start} to {s.end}; {len(of.record)} crises in the record.", ""]
    lines += ["**What differs.** " + " ".join(differs(of)), ""]
    good, other = (sum(cell.inside(large) for cell in of.cells.values()) for large in (False, True))
    lines += [said, ""] if (said := short(of.cells)) else []
    lines += [f"**Where it fails.** With Russia's habits: {failing(of)} ({good} of {len(NAMES)} inside). With those of patrons "
              f"at large: {failing(of, True)} ({other} inside). {' '.join(outcomes(of))}", ""]  # fmt: skip
    rows = [[words(name), f"{c.share:.0%}", f"{c.large:.0%}", f"{c.hits} of {c.count}", f"{c.low:.0%} to {c.high:.0%}",
             "" if c.inside() else "outside", "" if c.inside(True) else "outside"] for name, c in of.cells.items()]  # fmt: skip
    lines += table(["answer", "Russia's habits", "patrons at large", "record", "its 90 %", "Russia's", "at large"], rows)
    counts, severe = of.found.events["kind"].value_counts() / runs, of.severe["kind"].value_counts() / runs
    kinds = of.record["kind"].value_counts()
    rows = [[words(k), f"{counts.get(k, 0):.1f}", f"{severe.get(k, 0):.1f}", str(kinds.get(k, 0)), survival(of.severe, k),
             survival(of.record, k)] for k in KINDS]  # fmt: skip
    head = ["kind", "crises per history", "of them severe", "drawn into the record", "incumbents survive", "in the record"]
    lines += ["", *table(head, rows), ""]
    shelter = of.found.summary["shelter_mean"].isel(quarter=-1)
    last = of.present(-1)
    autonomy = of.found.summary["autonomy_mean"].isel(quarter=-1)
    here, coded_ = of.found.events["state"].value_counts() / runs, of.record["state"].value_counts()
    rows = [[s.states[state].name, s.states[state].independent or "at the start", s.states[state].ended or "",
             f"{here.get(state, 0):.1f}", str(coded_.get(state, 0)),
             f"{float(autonomy.sel(state=state)):.2f}" if state in last else "",
             f"{float(shelter.sel(state=state)):.2f}" if state in last else ""] for state in of.order.states]  # fmt: skip
    head = ["neighbour", "a state since", "ended", "crises per history", "in the record", "autonomy, end", "rival's shelter"]
    lines += [*table(head, rows), ""]
    return lines if answers.turns is None else [*lines, f"*Turns by year*: {answers.turns.source}", ""]


def survival(crises: pd.DataFrame, kind: str) -> str:
    """Share of a kind's incumbents who survive."""
    here = crises[crises["kind"] == kind]["survived"]
    return f"{here.astype(float).mean():.0%}" if len(here) else ""


def differs(of: Beside) -> list[str]:
    """The order in sentences."""
    s = of.order.scenario
    late = [state.name for state in s.states.values() if state.independent and state.independent > s.start]
    gone = [state.name for state in s.states.values() if state.ended]
    rivals = ", ".join(pole.name for pole in s.poles[1:])
    said = [f"{s.patron.name} with {len(s.states)} neighbours; rivals: {rivals}.",
            f"Its pact decides by {s.pact.rule}." if s.pact else "It has no pact.",
            f"Idea {s.doctrine.idea:.2f}, doctrine at the start {s.doctrine.start:.2f}.",
            f"Autonomy, mean of those who are there, goes from {of.autonomy(0):.2f} to {of.autonomy(-1):.2f}."]  # fmt: skip
    if late:
        said.append(f"Enter later: {', '.join(late)}.")
    if gone:
        said.append(f"End within it: {', '.join(gone)}.")
    return said


def outcomes(of: Beside) -> list[str]:
    """Survival of incumbents and requests, where they lie outside what the record allows."""
    found = []
    for column, what in (("survived", "incumbents survive"), ("requested", "help is asked for")):
        kinds = of.record["kind"].value_counts()
        each = of.severe.groupby(of.severe["kind"].astype(str))[column].mean()
        share = float(np.average([each.get(kind, np.nan) for kind in kinds.index], weights=kinds))
        hits, count = int(of.record[column].astype(bool).sum()), len(of.record)
        low, high = interval(hits, count)
        where = "inside" if low <= share <= high else "outside"
        found.append(f"That {what}: {share:.0%}, record {hits} of {count} ({where}).")
    return found
