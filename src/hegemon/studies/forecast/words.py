"""A forecast as it is told: sentences follow from the numbers."""

from __future__ import annotations

from hegemon import quarters
from hegemon.pages import words
from hegemon.pages.document import Block, Document, Section
from hegemon.pages.figure import Table
from hegemon.pages.order import OrderInfo, order_info
from hegemon.sentences import foreseeing
from hegemon.sentences.foreseeing import Ahead, Counted
from hegemon.studies.forecast import figures, foresight
from hegemon.studies.forecast.result import SCORES, Forecast

GROUPS = {"all": "All crises", "kind": "Crises by kind", "instrument": "The patron's responses", "outcome": "Outcomes",
          "neighbour": "Crises by neighbour"}  # fmt: skip

HEADS = {"model": "Histories", "poisson": "Past rate", "persistence": "Past rate, uncertain", "decade": "Last ten years",
         "shrunk": "Fading, shrunk"}  # fmt: skip
"""Who forecasts counts, as a table calls it."""

LEARNED = {
    "origin": "Parameters are draws of what the record and the ties known at the origin teach (a normal approximation).",
    "posterior": "**Parameters have seen the years that are forecast**: they are draws of the order's posterior.",
    "prior": "Parameters are draws of the priors.",
    "mean": "**Parameters have seen the years that are forecast**, where the order has a posterior: they are its means.",
}

READING = (
    "Ties begin where neighbours were observed to stand at the origin, and what their incumbents want is moved as far (in full: "
    "that was decided when forecasts from 2009 had been seen). The order is told nothing the scenario prescribes about "
    "the years after it: capacity and growth hold their last known values, and forced events are left out. Yet this is no "
    "forecast made at the time: the formulas, the priors and some of the scenario's figures (how open the rival bloc is to each "
    "neighbour) were set by people who knew how it went on. What happened is one history, and its counts hang together (a crisis "
    "is counted by kind, response, outcome and neighbour), so small differences of score mean nothing. Rivals know no theory: "
    "the record's rate from the scenario's start to the origin, as a Poisson and as a negative binomial that does not know the "
    "rate exactly; that of the last ten years; and a rate whose past fades with a half-life of ten years, drawn to the usual one "
    "of its group with the weight of one event."
)

UNRECORDED = (
    "The order has no coded record, so that nothing is followed, learned or compared: histories begin at the scenario's start, "
    "and crises before the origin are simulated too. The order is told nothing the scenario prescribes about the years after the "
    "origin. What is known of it is its figures: how far they are known is the question of `hegemon run --over figures`."
)

SHARES = (
    "Share of external ties with each pole, neighbour-years after the origin: mean CRPS, lower is better. To every history as "
    "much error is added as observations had until then. *Persistence* is the last observed share, with the size of past changes "
    "over as many years. *Drift* is the observed level (filtered: a share of the stated error is real), going on to wander, with "
    "the drift that all neighbours had in common, its numbers learned to the origin. Ahead: the rival minus the histories, with "
    "95 % by state."
)


def document(of: Forecast) -> Document:
    """Counts and orientation, beside what came."""
    order, asked = of.question.order(), of.question
    info, lines = order_info(order), [*foreseen(of), *said(of)]
    to_come = asked.years is not None or not of.recorded
    reading: list[Block] = [LEARNED[asked.parameters], READING] if of.recorded else [UNRECORDED]
    came = [(str(of.counts[0].observed), "crises came")] if of.counts else []
    return Document(
        kicker="Forecast" if to_come else "Forecast of years that have come",
        title=f"{info.title}, from {asked.origin}",
        question=f"With what was known at the close of {quarters.shift(of.first, -1)}"
        f"{f' and of {of.first}' if of.first == asked.origin else ''}, {asked.runs:,} histories are simulated from there: "
        + (f"what may happen from {of.first} to {of.last}, and what would move that most?" if to_come else
           f"how near are they to what happened from {of.first} to {of.last}?"),
        finding=" ".join(lines[:2]) if to_come else lines[0],
        facts=[(f"{asked.runs:,}", "histories"), (f"{of.first} – {of.last}", "forecast" if to_come else "compared"), *came,
               (str(asked.seed), "seed")],
        sentences=lines[2:] if to_come else lines[1:],
        sections=[
            *(foresight.sections(of, info) if to_come else []),
            Section("How to read it", reading, "reading", brief=False),
            Section("Drawn", [figures.crises(of), figures.neighbours(of, info)], "drawn", brief=False),
            *(_scored(of, info) if of.counts else []),
        ],
        made=[("Order as it was known", f"{order.name} {of.made['cut']} (cut at {asked.origin})"),
              ("Record", f"{of.made['crises']} crises, sha256 {of.made['record_hash']}")],
    )  # fmt: skip


def _scored(of: Forecast, info: OrderInfo) -> list[Section]:
    """What was predicted beside what came, where something has."""
    return [
        Section("Scores of counts", ["Mean log score per count, in nat; higher is better.", _totals(of)], "scores"),
        *(Section(head, [_counts(of, info, group)], group) for group, head in GROUPS.items()),
        Section("Orientation", _orientation(of, info), "orientation", brief=False),
    ]


def foreseen(of: Forecast) -> list[str]:
    """What may come, in sentences; none where nothing but the years of the record was asked for."""
    ahead = of.question.years is not None or not of.recorded
    return foresight.said(of, order_info(of.question.order())) if ahead else []


def said(of: Forecast) -> list[str]:
    """How near the histories are to what came, in sentences; none where nothing has."""
    if not of.counts:
        return []
    info, lines = order_info(of.question.order()), []
    for group, row in of.totals().items():
        if row["counts"] < 2:
            continue
        best = max(SCORES[1:], key=lambda who: float(row[who]))
        lines.append(foreseeing.scored(GROUPS[group], int(row["counts"]), int(row["inside"]), float(row["model"]),
                                       HEADS[best].lower(), float(row[best])))  # fmt: skip
    missed = [c for c in of.counts if not c.inside]
    lines.append(foreseeing.outside([Counted(info.states.get(c.name) or _plain(c.name), c.observed, c.low, c.high)
                                     for c in missed]))  # fmt: skip
    for t in of.ties:
        rivals = [Ahead(name, score, a.mean, a.low, a.high) for name, score, a in
                  (("persistence", t.persistence, t.ahead), ("the level with common drift", t.drift, t.drift_ahead))]  # fmt: skip
        lines.append(foreseeing.ties(info.poles.get(t.pole, t.pole), t.cases, t.model, rivals, t.inside))
    return [*lines, of.untied] if of.untied else lines


def _totals(of: Forecast) -> Table:
    rows = [[GROUPS[group], f"{row['counts']:.0f}", f"{row['inside']:.0f}", *(f"{row[who]:.2f}" for who in SCORES)]
            for group, row in of.totals().items()]  # fmt: skip
    return Table(["Counts", "Number", "Inside 90 %", *HEADS.values()], rows)


def _counts(of: Forecast, info: OrderInfo, group: str) -> Table:
    rows = [[info.state(c.name) if group == "neighbour" else _plain(c.name), str(c.before), f"{c.mean:.2f}",
             f"{c.low} to {c.high}", str(c.observed), "" if c.inside else "outside",
             *(f"{getattr(c, who):.2f}" for who in SCORES)]
            for c in of.counts if c.group == group]  # fmt: skip
    head = ["Count", f"To {of.question.origin}", "Mean after", "Middle 90 %", "Came", "", *HEADS.values()]
    return Table(head, rows)


def _orientation(of: Forecast, info: OrderInfo) -> list[Block]:
    if not of.ties:
        return [of.untied]
    rows = [[info.poles.get(t.pole, t.pole), str(t.cases), f"{t.model:.4f}", f"{t.persistence:.4f}", f"{t.drift:.4f}",
             f"{t.inside:.0%}", *(f"{a.mean:+.4f} ({a.low:+.4f} to {a.high:+.4f})" for a in (t.ahead, t.drift_ahead))]
            for t in of.ties]  # fmt: skip
    head = ["Pole", "Neighbour-years", "Histories", "Persistence", "Drift", "Inside 90 %", "Ahead of persistence",
            "Ahead of drift"]  # fmt: skip
    mean = of.cases.groupby("year")[["crps", "past_crps", "drift_crps"]].mean()
    years = [[str(year), *(f"{value:.4f}" for value in row)] for year, row in mean.iterrows()]
    return [SHARES, Table(head, rows), Table(["Year, all poles", "Histories", "Persistence", "Drift"], years)]


def _plain(code: str) -> str:
    return words.plain(code, {**words.INSTRUMENTS, **words.KINDS}).lower()
