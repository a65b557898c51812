"""The page of a comparison, and its figures as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hegemon.report import comparison, page, readings
from hegemon.report.figure import Figure, Table
from hegemon.report.order import OrderInfo

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.experiments.compare import Comparison

LABELS = {
    "first_scenario": "First",
    "first_scenario_hash": "First: hash",
    "first_without": "First: without",
    "second_scenario": "Second",
    "second_scenario_hash": "Second: hash",
    "second_without": "Second: without",
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
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        drawn = [comparison.movers(table, info, quarter)]
        drawn += [comparison.fans(found.summary, info, name, first, second) for name in ("orientation", "autonomy")]
        drawn += [comparison.difference(found.summary, info, name) for name in comparison.TITLES]
        return [*drawn, comparison.crises(found.crises)]


def whole(
    found: Comparison,
    info: OrderInfo,
    drawn: list[Figure],
    said: list[str],
    ratios: dict[str, float | None],
    quarter: str,
) -> str:
    """The page as text."""
    attrs: dict[str, Any] = dict(found.summary.attrs)
    shown = comparison.window(found.summary)
    return page.page(info, attrs, readings.all_quarters(shown), said, drawn, [_pairing(ratios, quarter)],
                     kicker="Two orders, the same luck", labels=LABELS)  # fmt: skip


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
