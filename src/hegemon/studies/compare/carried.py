"""What carries a difference: the same comparison with one mechanism switched off in both orders, mechanism by mechanism.

What is left without a mechanism is what the others make of the change; the rest ran through it. Shares need not add up to
one: what two mechanisms make together is lost with either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hegemon.mechanisms import BY_NAME
from hegemon.order import Order
from hegemon.studies.compare.compute import compare
from hegemon.studies.compare.result import Comparison


@dataclass(frozen=True)
class Carried:
    """A difference with all mechanisms, and without one of them, with the standard errors of simulation."""

    mechanism: str
    title: str
    whole: float
    left: float
    whole_error: float
    left_error: float

    @property
    def share(self) -> float:
        """Share of the difference that is gone without it; below nought where the difference is larger without it."""
        return 1.0 - self.left / self.whole if self.whole else float("nan")


def carried(
    first: Order, second: Order, measure: str, state: str, quarter: str, mechanisms: Sequence[str], runs: int, seed: int
) -> Iterator[Carried]:
    """How much of a difference is left without each mechanism that is on in both."""

    def at(found: Comparison) -> tuple[float, float]:
        now = found.summary.sel(quarter=quarter, state=state)
        return float(now[f"{measure}_difference"]), float(now[f"{measure}_error"])

    whole, error = at(compare(first, second, runs, seed))
    for name in mechanisms:
        if name in first.off or name in second.off:
            continue
        left, noise = at(compare(first.without(name), second.without(name), runs, seed))
        yield Carried(name, BY_NAME[name].title, whole, left, error, noise)
