"""The clock of the figures: quarters as points on a line of years, and the decades they fall into."""

from __future__ import annotations

from hegemon.quarters import year


def closing(quarter: str) -> float:
    """Where a quarter's closing value stands on a line of years: "1992Q1" closes at 1992.25."""
    return year(quarter) + int(quarter[-1]) / 4


def middle(quarter: str) -> float:
    """Where something that happened within a quarter stands."""
    return closing(quarter) - 0.125


def thin(quarters: list[str]) -> list[str]:
    """The last quarter of each year; the first and the last of all are always kept."""
    return sorted({quarters[0], *(q for q in quarters if q.endswith("Q4")), quarters[-1]})


def periods(quarters: list[str], years: int = 10) -> dict[str, tuple[int, int]]:
    """Decades counted from the first year; a short remainder (2022) joins the last one."""
    first, last = year(quarters[0]), year(quarters[-1])
    starts = [y for y in range(first, last + 1, years) if y == first or last - y + 1 > years // 2]
    ends = [y - 1 for y in starts[1:]] + [last]
    return {f"{a}\N{EN DASH}{b}" if a != b else str(a): (a, b) for a, b in zip(starts, ends, strict=True)}


def period_of(quarter: str, spans: dict[str, tuple[int, int]]) -> str:
    return next((name for name, (a, b) in spans.items() if a <= year(quarter) <= b), "")
