"""A run as it is told: crises by kind beside the record, answers by decade, neighbours then and now."""

from __future__ import annotations

from typing import Any

import pandas as pd
import xarray as xr

from hegemon.pages import fans, readings, theme, words
from hegemon.pages.document import Document, Section
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, order_info, reading_order
from hegemon.studies.run.digest import digest
from hegemon.studies.run.result import Runs

COLUMNS = ("quarter", "state", "kind", "instrument", "requested", "consented", "survived", "name", "crisis_id")
MEASURES = {"autonomy": "Autonomy", "orientation": "Ties to {patron}", "multivector": "Multi-vector index", "fear": "Fear",
            "legitimacy": "Legitimacy", "openness": "Openness", "integration": "Integration"}  # fmt: skip
FATES = {"requested": "asked for help", "consented": "pact agreed", "survived": "survived"}


def document(of: Runs) -> Document:
    """What came out."""
    from hegemon.studies.run import findings

    order = of.question.order()
    info, record, summary = order_info(order), of.record, of.summary
    found, coded = digest(summary, record), table_of(record)
    drawn = figures(of, coded, info)
    said = findings.findings(summary, coded, info)
    changed = [f"without {words.listed([name.replace('_', ' ') for name in order.off])}"] if order.off else []
    changed += [f"{name} = {value:g}" for name, value in order.changed.items()]
    quarters = order.quarters
    return Document(
        kicker="A simulated order of states",
        title=info.title,
        question=info.question,
        finding=said[0],
        facts=[(f"{of.question.runs:,}", "histories"),
               (f"{quarters[0]} – {quarters[-1]}", words.counted(len(quarters), "quarter", "quarters")),
               (str(len(info.states)), "neighbours"), (str(of.question.seed), "seed"), ("; ".join(changed), "changed")],
        sentences=said[1:],
        sections=[
            *(Section(figure.title, [figure], figure.name) for figure in drawn),
            Section("In numbers", [
                crises(of, found["crises"], coded if record is not None else None),
                instruments(found["instruments"]),
                neighbours(info, "Autonomy: share of foreign policies permitted", "autonomy", found["neighbours"]),
                neighbours(info, f"Orientation: share of ties with {info.patron}", "orientation", found["neighbours"]),
            ], "numbers"),
            Section("Then and now", [then_and_now(summary, info)], "then-now", brief=False),
        ],
    )  # fmt: skip


def figures(of: Runs, record: pd.DataFrame, info: OrderInfo) -> list[Figure]:
    """Every figure, in the order in which the page tells its story."""
    from hegemon.studies.run import autonomy_map, instruments, regard, timeline

    summary = of.summary
    of_region = autonomy_map.autonomy_map(summary, info)
    return [
        *([] if of_region is None else [of_region]),
        timeline.timeline(summary, of.sample_events, record, info),
        fans.autonomy(summary, info), fans.orientation(summary, info),
        instruments.instrument_mix(summary, record, info), instruments.crises_by_kind(summary, record, info),
        regard.region(summary, info), regard.neighbours(summary, info), fans.order(summary, info),
    ]  # fmt: skip


def table_of(record: pd.DataFrame | None) -> pd.DataFrame:
    """The record, without rows where there is none."""
    return pd.DataFrame(columns=list(COLUMNS)) if record is None else record


# ---- Tables ----


def crises(of: Runs, rows: dict[str, Any], record: pd.DataFrame | None) -> Table:
    """Crises by kind: how many a history holds, what became of them, and the record's."""
    counts = of.summary["event_count"].sum(["quarter", "state", "instrument"]).to_series()
    fates = {name: of.summary[f"{name}_count"].sum(["quarter", "state"]).to_series() / counts.where(counts > 0) for name in FATES}
    cells = []
    for kind, row in rows.items():
        line = [words.plain(kind, words.KINDS), f"{row['per_history']:.1f}", f"{row['low']}–{row['high']}"]
        line += [str(row["record"])] if record is not None else []
        line += [_share(fates[name][kind]) for name in FATES]
        if record is not None:
            line.append(_share(record.loc[record["kind"] == kind, "survived"].dropna().astype(float).mean()))
        cells.append(line)
    total = ["All", f"{sum(row['per_history'] for row in rows.values()):.1f}", ""]
    total += [str(sum(row["record"] for row in rows.values()))] if record is not None else []
    head = ["Kind", "mean", "5–95 %", *(["record"] if record is not None else []), *FATES.values()]
    head += ["survived, record"] if record is not None else []
    return Table(head, [*cells, [*total, *[""] * (len(head) - len(total))]], "Crises per history, and what became of them")


def instruments(decades: dict[str, Any]) -> Table:
    """The patron's answers by decade."""

    def cell(row: dict[str, float]) -> str:
        return f"{100 * row['model']:.0f}" + (f" ({100 * row['record']:.0f})" if "record" in row else "")

    names = next(iter(decades.values()))
    rows = [[words.plain(name, words.INSTRUMENTS), *(cell(found[name]) for found in decades.values())] for name in names]
    return Table(["Answer", *decades], rows, "The patron's responses, % of crises: model (record)")


def neighbours(info: OrderInfo, caption: str, what: str, rows: dict[str, Any]) -> Table:
    """A measure of each neighbour at the first, a middle and the last date."""
    quarters = list(next(iter(rows.values()))[what])
    last = quarters[-1]
    cells = [[info.state(state), *(f"{row[what][quarter]['mean']:.2f}" for quarter in quarters),
              f"{row[what][last]['low']:.2f}–{row[what][last]['high']:.2f}"] for state, row in rows.items()]  # fmt: skip
    return Table(["Neighbour", *quarters, f"5–95 % in {last}"], cells, caption)


def _share(value: float) -> str:
    return f"{value:.0%}" if value == value else ""


def then_and_now(summary: xr.Dataset, info: OrderInfo) -> Table:
    """Every neighbour at the first and at the last quarter."""
    times = readings.all_quarters(summary)
    ends = [times[0], times[-1]]
    present = reading_order(info, readings.all_states(summary))
    columns = {}
    for name, label in MEASURES.items():
        if f"{name}_quantile" not in summary:
            continue
        medians = summary[f"{name}_quantile"].sel(quantile=0.5, method="nearest")
        if "pole" in medians.dims:
            medians = medians.sel(pole=info.patron_pole)
        pair = medians.sel(quarter=ends, state=present).transpose("state", "quarter").to_numpy().astype(float)
        columns[label.format(patron=info.patron)] = [f"{theme.index(a)} → {theme.index(b)}" for a, b in pair]
    rows = [[info.state(s), *(cells[i] for cells in columns.values())] for i, s in enumerate(present)]
    return Table(["Neighbour", *columns], rows, f"Medians over histories, close of {ends[0]} → close of {ends[1]}")
