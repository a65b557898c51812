"""A comparison as it is told."""

from __future__ import annotations

import dataclasses

import pandas as pd

from hegemon.order import Order
from hegemon.pages import readings
from hegemon.pages.document import Document, Section
from hegemon.pages.figure import Table
from hegemon.pages.order import OrderInfo, order_info
from hegemon.studies.compare import figures as drawing
from hegemon.studies.compare.noise import differences, farthest, saved
from hegemon.studies.compare.result import Comparison
from hegemon.studies.compare.sentences import carriers, leading, noun_of, verdict
from hegemon.studies.conditions import ALONE, begun


def document(of: Comparison) -> Document:
    """What differs at the close of the quarter that is reported, and by more than chance."""
    orders, quarter = of.question.orders(), of.question.quarter
    one, other = orders["first"], orders["second"]
    info = dataclasses.replace(order_info(other), title=titled(one, other))
    table = differences(of, quarter, one.poles[0])
    said = verdict(of, table, quarter, called(one, other), called(other, one))
    quarters = readings.all_quarters(drawing.window(of.summary))
    names = called(one, other), called(other, one)
    figures = [
        drawing.movers(table, info, quarter),
        *(drawing.fans(of.summary, info, name, *names) for name in ("orientation", "autonomy")),
        *(drawing.difference(of.summary, info, name) for name in drawing.TITLES),
        drawing.crises(of.crises),
    ]
    if (top := leading(of, table, quarter, one, other)) is not None and (through := carriers(of, quarter, *top)):
        figures.insert(1, drawing.carried(noun_of(*top, one), list(through.values())))
    return Document(
        kicker="Two orders, the same random numbers",
        title=f"{info.title} ({begun(other)})",
        question=other.scenario.question,
        finding=said[0],
        facts=[(f"{of.question.runs:,}", "pairs of histories"), (f"{quarters[0]} – {quarters[-1]}", f"{len(quarters)} quarters"),
               (str(len(info.states)), "neighbours"), (str(of.question.seed), "seed"),
               (of.question.drawn_from(one), "parameters")],
        caveats=[] if of.drawn else [ALONE],
        sentences=said[1:],
        sections=[Section(figure.title, [figure], figure.name) for figure in figures]
        + [Section("In numbers", [largest(table, info), pairing(saved(of, quarter), info, quarter)], "numbers")],
        made=[("First", one.scenario.text), ("Second", other.scenario.text)],
    )  # fmt: skip


def largest(table: pd.DataFrame, info: OrderInfo, most: int = 12) -> Table:
    """The differences that exceed chance, the largest first."""
    clear = farthest(table[table["exceeds"]], most)
    rows = [[info.state(r["state"]) if r["state"] else "the order", drawing.titled(r["measure"], info), f"{r['first']:.3f}",
             f"{r['second']:.3f}", f"{r['difference']:+.4f}", f"{r['difference_low']:+.4f} to {r['difference_high']:+.4f}",
             f"{r['in_spreads']:+.2f}", f"{r['parameters']:.0%}" if r["parameters"] == r["parameters"] else ""]
            for r in clear.to_dict("records")]  # fmt: skip
    head = ["Who", "Measure", "First", "Second", "Difference", "90% interval", "In spreads", "parameters' part"]
    return Table(head, rows, "Differences that exceed run-to-run noise, the largest first")


def pairing(ratios: dict[str, float | None], info: OrderInfo, quarter: str) -> Table:
    """What pairing saves, by measure."""
    rows = [[drawing.titled(name, info), "does not differ" if ratio is None else f"{ratio:,.1f}"]
            for name, ratio in ratios.items()]  # fmt: skip
    caption = f"How many times larger the variance of a difference would be without pairing, at the close of {quarter}: "
    return Table(["Measure", "Times"], rows, caption + "median over neighbours whose histories differ")


def called(order: Order, beside: Order) -> str:
    """What an order is called beside another."""
    if order.scenario.title != beside.scenario.title:
        return order.scenario.title
    forced = [f"{f.crisis.replace('_', ' ')} in {order.scenario.states[f.state].name}, {f.quarter}"
              + (f", answered by {f.instrument.replace('_', ' ')}" if f.instrument else "")
              for f in order.scenario.force if f not in beside.scenario.force]  # fmt: skip
    off = [f"without {name.replace('_', ' ')}" for name in order.off if name not in beside.off]
    values = [f"{name} = {value:g}" for name, value in order.changed.items() if beside.changed.get(name) != value]
    theirs = {m.source for m in beside.outside}
    code = [f"with {m.name.replace('_', ' ')} by {m.source[0]}" for m in order.outside if m.source and m.source not in theirs]
    return "; ".join(code + forced + off + values) or ("as it is" if order.hash != beside.hash else "the same")


def titled(one: Order, other: Order) -> str:
    """Both in a heading."""
    if one.scenario.title == other.scenario.title:
        return f"{one.scenario.title}: {called(other, one)}"
    return f"{other.scenario.title}, against {one.scenario.title}"
