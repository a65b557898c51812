"""Crises that registers know of, for whoever codes a record. Registers say when and what, not what a patron did."""

from __future__ import annotations

import csv
import io

import numpy as np

from hegemon.building.facts import Facts

COLUMNS = ("crisis_id", "order", "patron", "state", "start", "name", "kind", "severity", "incumbent_before", "incumbent_survived",
           "orientation_after", "host_request", "response_primary", "legal_frame", "coder_confidence", "note",
           "sources")  # fmt: skip

TO_CODE = ("incumbent_before", "orientation_after", "host_request", "response_primary", "legal_frame")
"""Columns that registers leave empty."""

MONTH = "07"
"""Registers in a pack keep years; the month is to be looked up."""

Row = dict[str, str]


def table(f: Facts) -> str:
    """Candidates as CSV with the codebook's columns: what registers say is filled in, what they do not say is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(f))
    return text.getvalue()


def rows(f: Facts) -> list[Row]:
    """One row an event, in the order of years; ids are unique."""
    found = [row for iso in f.neighbours for row in (*_upheavals(f, iso), *_disputes(f, iso))]
    found.sort(key=lambda row: (row["start"], row["state"], row["kind"]))
    seen: dict[str, int] = {}
    for row in found:
        count = seen[row["crisis_id"]] = seen.get(row["crisis_id"], 0) + 1
        row["crisis_id"] += f"-{count}" if count > 1 else ""
    return found


def _row(f: Facts, iso: str, year: int, kind: str, name: str, source: str, severity: int, survived: str = "") -> Row:
    left = ", ".join(TO_CODE if survived else (*TO_CODE, "incumbent_survived"))
    note = f"From a register by year: check that it is one episode, find the month, code {left}."
    return {
        "crisis_id": f"{iso.lower()}-{year}-{kind.replace('_', '-')}", "order": f"{f.patron.lower()}-sphere",
        "patron": f.patron, "state": iso,
        "start": f"{year}-{MONTH}", "name": f"{name}, {f.world.name(iso, year)} {year}", "kind": kind,
        "severity": str(severity), "incumbent_survived": survived, "note": note, "sources": source,
    }  # fmt: skip


def _upheavals(f: Facts, iso: str) -> list[Row]:
    """Coups, irregular exits, wars at home and campaigns, each in the year in which it begins."""
    order = f.answers.order
    years = range(f.first(iso), min(order.until, f.world.last(iso)) + 1)
    span = [years[0] - 1, *years]
    names = ("coups", "coups_won", "leader_irregular", "civil_war", "territory_war", "campaigns_nonviolent")
    here = {name: dict(zip(span, f.world.state(iso, name, span), strict=True)) for name in names}

    def value(name: str, year: int) -> float:
        return float(np.nan_to_num(here[name][year]))

    found = []
    for year in years:
        won = value("coups_won", year) > 0
        if value("coups", year) > 0:
            name = "Coup" if won else "Coup attempt"
            found.append(
                _row(f, iso, year, "coup", name, "Powell and Thyne (2011)", 3 if won else 2, "0" if won else "1")
            )
        elif value("leader_irregular", year) > 0:
            found.append(_row(f, iso, year, "coup", "Irregular exit of the leader", "Archigos 4.1", 3, "0"))
        if value("civil_war", year) > 0 and value("civil_war", year - 1) == 0:
            kind = "secession" if value("territory_war", year) > 0 else "civil_war"
            name = "War over territory" if kind == "secession" else "Civil war"
            found.append(_row(f, iso, year, kind, name, "UCDP/PRIO 25.1", 3 if value("civil_war", year) > 1 else 2))
        if value("campaigns_nonviolent", year) > value("campaigns_nonviolent", year - 1):
            found.append(_row(f, iso, year, "uprising", "Nonviolent campaign", "NAVCO 1.3", 2))
    return found


def _disputes(f: Facts, iso: str) -> list[Row]:
    """Disputes with use of force with another neighbour, and with the patron."""
    order = f.answers.order
    found = []
    for other in (*(o for o in f.neighbours if o > iso), f.patron):
        kind = "bargaining_dispute" if other == f.patron else "interstate_war"
        begun: dict[int, int] = {}
        for year in range(max(f.first(iso), order.from_), order.until + 1):
            tops = [top for _, top in f.world.fights(iso, other, year, year)]
            if tops and max(tops) >= 4:
                begun[year] = max(tops)
        for year, top in begun.items():
            name = f"{'War' if top == 5 else 'Clash'} with {f.world.name(other, year)}"
            found.append(_row(f, iso, year, kind, name, "COW MID 5.0", 3 if top == 5 else 2))
    return found
