"""The page of a comparison, and its figures as files."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo
from hegemon.report import comparison, page, readings
from hegemon.report.part import Part

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.experiments.compare import Comparison
    from hegemon.order import Order

LABELS = {
    "first_scenario": "First",
    "first_scenario_hash": "First: hash",
    "first_without": "First: without",
    "first_changed": "First: changed",
    "second_scenario": "Second",
    "second_scenario_hash": "Second: hash",
    "second_without": "Second: without",
    "second_changed": "Second: changed",
    "version": "Version of hegemon",
    "seed": "Seed",
    "runs": "Pairs of histories",
    "command": "Command",
    "chunk": "Histories per chunk",
    "platform": "Platform",
    "wall_seconds": "Time taken",
}


def figures(
    found: Comparison, table: pd.DataFrame, info: OrderInfo, quarter: str, first: str, second: str
) -> list[Figure]:
    """Every figure, from what moves to how it came."""
    drawn = [comparison.movers(table, info, quarter)]
    drawn += [comparison.fans(found.summary, info, name, first, second) for name in ("orientation", "autonomy")]
    drawn += [comparison.difference(found.summary, info, name) for name in comparison.TITLES]
    return [*drawn, comparison.crises(found.crises)]


def note(attrs: Mapping[str, Any]) -> str:
    """Provenance that travels with a picture."""
    return (f"hegemon {attrs['version']}, {attrs['first_scenario_hash']} and {attrs['second_scenario_hash']}, "
            f"{attrs['runs']} pairs, seed {attrs['seed']}")  # fmt: skip


def _pairing(ratios: dict[str, float | None], quarter: str) -> Table:
    """What pairing saves, by measure."""
    rows = [
        [name.replace("_", " "), "does not differ" if ratio is None else f"{ratio:,.1f}"]
        for name, ratio in ratios.items()
    ]
    caption = (
        f"How many times larger the variance of a difference would be without pairing, at the close of {quarter}: "
    )
    return Table(["Measure", "Times"], rows, caption + "median over neighbours whose histories differ")


@dataclasses.dataclass(frozen=True)
class Told:
    """A comparison as it is told.

    info       names, the heading and the question
    quarter    the quarter that is reported
    first, second  what the orders are called beside each other
    table      differences at that quarter (`noise.differences`)
    sentences  whether anything exceeds noise, and what most
    ratios     what pairing saves, by measure (`noise.saved`)
    """

    info: OrderInfo
    quarter: str
    first: str
    second: str
    table: pd.DataFrame
    sentences: list[str]
    ratios: dict[str, float | None]
    figures: list[Figure]

    def part(self, found: Comparison, chapter: str = "") -> Part:
        """What its page says."""
        attrs: dict[str, Any] = dict(found.summary.attrs)
        shown, tables = comparison.window(found.summary), [_pairing(self.ratios, self.quarter)]
        return page.part(self.info, attrs, readings.all_quarters(shown), self.sentences, self.figures, tables,
                         kicker="Two orders, the same luck", labels=LABELS, chapter=chapter)  # fmt: skip

    def files(self, found: Comparison, changes: Sequence[str] = ()) -> dict[str, bytes]:
        """The page, and what the explorer shows beside the numbers."""
        html = page.alone(self.part(found))
        brief = {"title": self.info.title, "quarter": self.quarter, "sentences": self.sentences, "changes": list(changes),
                 "variance_ratio": self.ratios, "first": self.first, "second": self.second,
                 "crises": found.crises.to_dict("records")}  # fmt: skip
        return {"comparison.html": html.encode(), "comparison.json": json.dumps(brief, ensure_ascii=False).encode()}


def told(one: Order, other: Order, found: Comparison, quarter: str, info: OrderInfo) -> Told:
    """What there is to say about a comparison at the close of a quarter."""
    from hegemon.experiments.noise import differences, saved, verdict

    info = dataclasses.replace(info, title=titled(one, other), question=other.scenario.question)
    table = differences(found, quarter, one.poles[0])
    first, second = called(one, other), called(other, one)
    drawn = figures(found, table, info, quarter, first, second)
    said = verdict(found, table, quarter, dict(info.states))
    return Told(info, quarter, first, second, table, said, saved(found, quarter), drawn)


def called(order: Order, beside: Order) -> str:
    """What an order is called beside another."""
    if order.scenario.title != beside.scenario.title:
        return order.scenario.title
    forced = [f"{f.crisis.replace('_', ' ')} in {order.scenario.states[f.state].name}, {f.quarter}"
              + (f", answered by {f.instrument.replace('_', ' ')}" if f.instrument else "")
              for f in order.scenario.force if f not in beside.scenario.force]  # fmt: skip
    off = [f"without {name.replace('_', ' ')}" for name in order.off if name not in beside.off]
    if forced or off:
        return "; ".join(forced + off)
    return "as it is" if order.hash != beside.hash and (beside.off or beside.scenario.force) else "the other parameters"


def titled(one: Order, other: Order) -> str:
    """Both in a heading."""
    if one.scenario.title == other.scenario.title:
        return f"{one.scenario.title}: {called(other, one)}"
    return f"{other.scenario.title}, against {one.scenario.title}"
