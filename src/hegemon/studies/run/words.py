"""A run as it is told: crises by kind beside the record, answers by decade, neighbours then and now."""

from __future__ import annotations

from typing import Any

import pandas as pd
import xarray as xr

from hegemon.pages import fans, readings, theme, words
from hegemon.pages.document import Document, Section
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, order_info, reading_order
from hegemon.sentences import overview
from hegemon.studies.conditions import ALONE, begun, parameters
from hegemon.studies.run import figures
from hegemon.studies.run.digest import digest, from_parameters, share_of
from hegemon.studies.run.result import Runs

COLUMNS = ("quarter", "state", "kind", "instrument", "side", "requested", "consented", "survived", "name", "crisis_id")
MEASURES = {"autonomy": "Room for foreign policy", "orientation": "Ties with {patron}", "multivector": "Spread of ties",
            "fear": "Fear", "legitimacy": "Legitimacy", "openness": "Openness", "integration": "Integration"}  # fmt: skip
FATES = {"requested": "asked for help", "consented": "pact agreed", "survived": "survived"}


def document(of: Runs) -> Document:
    """What came out."""
    order = of.question.order()
    info, record, summary = order_info(order), of.record, of.summary
    found, coded = digest(summary, record), table_of(record)
    drawn_from = of.question.drawn_from
    said = [*findings(summary, coded, info, f"{begun(order)}, {parameters(order, drawn_from)}"), *unknown(summary)]
    changed = [f"without {words.listed([name.replace('_', ' ') for name in order.off])}"] if order.off else []
    changed += [f"{name} = {value:g}" for name, value in order.changed.items()]
    quarters = order.quarters
    return Document(
        kicker="A simulated order of states",
        title=f"{info.title}, {begun(order)}",
        question=info.question,
        finding=said[0],
        facts=[(f"{of.question.runs:,}", "histories"),
               (f"{quarters[0]} – {quarters[-1]}", words.counted(len(quarters), "quarter", "quarters")),
               (str(len(info.states)), "neighbours"), (str(of.question.seed), "seed"),
               (drawn_from, "parameters"), ("; ".join(changed), "changed")],
        sentences=[*said[1:], BESIDE],
        caveats=[ALONE] if drawn_from == "mean" else [],
        sections=[
            *(Section(figure.title, [figure], figure.name) for figure in drawn(of, coded, info)),
            Section("In numbers", [
                crises(of, found["crises"], coded if record is not None else None),
                instruments(found["instruments"]),
                neighbours(info, "Room for foreign policy: share of all that is permitted", "autonomy", found["neighbours"]),
                neighbours(info, f"Ties (orientation): share of ties with {info.patron}", "orientation", found["neighbours"]),
            ], "numbers"),
            Section("Then and now", [then_and_now(summary, info)], "then-now", brief=False),
        ],
    )  # fmt: skip


def drawn(of: Runs, record: pd.DataFrame, info: OrderInfo) -> list[Figure]:
    """Every figure, in the order in which the page tells its story; a region without a map has none."""
    summary = of.summary
    found = [
        figures.autonomy_map(summary, info), figures.timeline(summary, of.sample_events, record, info),
        fans.autonomy(summary, info), fans.orientation(summary, info),
        figures.instrument_mix(summary, record, info), figures.crises_by_kind(summary, record, info),
        figures.region(summary, info), figures.neighbours(summary, info), fans.order(summary, info),
    ]  # fmt: skip
    return [figure for figure in found if figure is not None]


def table_of(record: pd.DataFrame | None) -> pd.DataFrame:
    """The record, without rows where there is none."""
    return pd.DataFrame(columns=list(COLUMNS)) if record is None else record


# ---- Sentences, each read off the numbers and none of them a verdict ----


MOVES = 0.005
"""Spread of histories from which it is asked what it comes from."""

BESIDE = (
    "Where the record, and what was observed, leave one neighbour at a date is another question, with other numbers: "
    "`hegemon room`."
)


def unknown(summary: xr.Dataset) -> list[str]:
    """How much of the spread between histories is parameters, and so could be learned."""
    shares = from_parameters(summary, "autonomy").isel(quarter=-1)
    known = shares.where(summary["autonomy_sd"].isel(quarter=-1) > MOVES).to_series().dropna()
    if "autonomy_luck_sd" not in summary or known.empty:
        return []
    figures = share_of(summary, "autonomy", "figures").isel(quarter=-1).to_series().reindex(known.index).median()
    return [overview.spread(float(known.median()), None if figures != figures else float(figures))]


def findings(summary: xr.Dataset, record: pd.DataFrame, info: OrderInfo, given: str) -> list[str]:
    """What came out, read off the numbers and none of it a verdict."""
    times = readings.all_quarters(summary)
    bands = summary["autonomy_quantile"].transpose("quantile", "quarter", "state")
    first, last = (bands.sel(quantile=0.5, method="nearest").isel(quarter=at).to_series().astype(float) for at in (0, -1))
    low, high = (bands.isel(quarter=-1).sel(quantile=at, method="nearest").to_series().astype(float) for at in (0.05, 0.95))

    def ending(state: str) -> overview.Ending:
        return overview.Ending(info.state(state), float(low[state]), float(last[state]), float(high[state]))

    most, least = ending(str(last.idxmax())), ending(str(last.idxmin()))
    lines = [overview.room(given, float(first.median()), float(last.median()), times[0], times[-1], most, least)]
    mix = figures.counted(summary, record, "instrument").groupby("instrument", sort=False)
    model, real = mix["model"].sum(), mix["record"].sum()
    if model.sum() > 0:
        ranked = model.sort_values(ascending=False).index[:3]
        lines.append(overview.answers(info.patron, [(words.answer(str(c)), float(model[c] / model.sum())) for c in ranked]))
    if real.sum() > 0:
        lines.append(overview.crises(float(model.sum()), float(real.sum())))
    means = {name: summary[f"{name}_mean"].mean("state").to_series() for name in ("fear", "legitimacy")}
    lines.append(overview.regard(info.patron, [(name, float(of.iloc[0]), float(of.iloc[-1])) for name, of in means.items()]))
    return lines


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
    head = ["Kind", "mean", "5–95%", *(["record"] if record is not None else []), *FATES.values()]
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
    """A measure of each neighbour at the first, a middle and the last date, and what its spread at the last comes from."""
    quarters = list(next(iter(rows.values()))[what])
    last = quarters[-1]
    parts = [part for part in ("parameters", "figures") if part in next(iter(rows.values()))[what][last]]
    cells = []
    for state, row in rows.items():
        end = row[what][last]
        cells.append([info.state(state), *(_index(row[what][quarter]["mean"]) for quarter in quarters),
                      f"{_index(end['low'])}–{_index(end['high'])}", "–".join(map(_index, end["luck"] or ())),
                      *("" if end[part] is None else f"{end[part]:.0%}" for part in parts)])  # fmt: skip
    heads = [f"{part}' part" for part in parts]
    return Table(["Neighbour", *quarters, f"5–95% in {last}", "luck alone", *heads], cells, caption)


def _index(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


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
