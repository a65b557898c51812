"""What each mechanism adds to foretelling, out of sample, in one page: python tools/ablations.py --page docs/ablations.md

The order is learned without each mechanism in turn, at several dates, from what was known then (a normal approximation), and the
record's next years are foretold. Finished fits are kept under results/, so that the same command goes on.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
from pathlib import Path
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

import hegemon
from hegemon.evidence import orientation
from hegemon.files import write_atomically
from hegemon.inference.laplace import laplace
from hegemon.inference.likelihood import terms
from hegemon.inference.record import Record, lay_out
from hegemon.inference.vector import values
from hegemon.pages.figure import Table
from hegemon.pages.markdown import table
from hegemon.studies.backtest.scores import FLOOR, LEVEL, interval
from hegemon.studies.provenance import code

Numbers = npt.NDArray[np.float64]

ORIGINS = ("1999Q4", "2004Q4", "2009Q4", "2014Q4")
"""Quarters at whose close parameters are learned; each foretells the years to the next."""

DRAWS, BATCH = 256, 32
"""Draws of the parameters that a probability is averaged over, and how many at once."""

PARTS = {
    "When, and what kind": ("crisis",),
    "How grave, line, request": ("severity", "line", "request", "consent"),
    "The answer": ("response",),
    "What became of it": ("survival", "successor"),
}
"""Parts of an event, as columns."""

TOLD = """# What each mechanism adds

Does the order foretell better with a mechanism than without it? At the close of {origins} all
parameters were learned from what was known then (a normal approximation), once with every mechanism and once without each; the
years to the next date, the last to {last}, were then foretold, {crises} crises in all (`python tools/ablations.py`). A number
is the log-probability of what happened that is lost without the mechanism, in nat, all {states} neighbours and all years
together; in brackets {level:.0%}, resampling neighbours. **Above nought the mechanism helps; below it, the order foretells better
without.** In bold, where the interval leaves nought out.

A kind of crisis that has no other source is impossible without its mechanism: then each such crisis costs what the least
probability that is read ({floor:g}) costs, and its column says no more than that the kind exists. Ties are not scored here; they
are in [Forecasts from several dates](origins.md).

{rows}

{verdict}

**What no date takes away**: formulas and priors were written in 2026, with all these years in view; and of {mechanisms} intervals
one may leave nought out by luck.
"""


@functools.cache
def _program() -> Any:
    def parts(z: Any, data: Any) -> Any:
        return terms(data.opening, values(z), data.observed, data.weights.ties, data.left).parts

    return jax.jit(jax.vmap(parts, in_axes=(0, None)))


def foretold(laid: Record, cut: int, seed: int = 0) -> dict[str, Numbers]:
    """Log-probability of what happened, by part, neighbour and quarter, learned from what was before quarter `cut`: [N, Q].
    Meaningful from `cut` on."""
    known = laid.at[:, 0] < cut
    z = laplace(laid.counting(known, cut)).draws(DRAWS, seed)
    drawn = [_program()(z[i : i + BATCH], laid.data) for i in range(0, DRAWS, BATCH)]
    return {part: np.log(np.maximum(np.exp(np.concatenate([np.asarray(d[part], float) for d in drawn])).mean(0), FLOOR))
            for part in drawn[0]}  # fmt: skip


def scored(laid: Record, keep: Path) -> dict[str, Numbers]:
    """Log-probability of what happened after each origin until the next, added up by columns of `PARTS`: by neighbour, [N]."""
    if keep.is_file():
        return dict(zip(PARTS, np.load(keep), strict=True))
    cuts = [laid.order.quarters.index(origin) + 1 for origin in ORIGINS]
    total = {column: np.zeros(len(laid.order.states)) for column in PARTS}
    for cut, until in zip(cuts, [*cuts[1:], len(laid.order.quarters)], strict=True):
        log = foretold(laid, cut)
        now = slice(cut, until)
        for column, parts in PARTS.items():
            for part in parts:
                counts = laid.data.weights.timing if part == "crisis" else laid.data.weights.detail
                total[column] += (log[part] * np.asarray(counts))[:, now].sum(1)
    keep.parent.mkdir(parents=True, exist_ok=True)
    np.save(keep, np.stack(list(total.values())))
    return total


def told(lost: Numbers) -> tuple[str, bool]:
    """A sum over neighbours with its interval, and whether that leaves nought out."""
    found, n = interval(lost, list(range(len(lost)))), len(lost)
    text = f"{found.mean * n:+.1f} ({found.low * n:+.1f} to {found.high * n:+.1f})"
    return (f"**{text}**" if found.excludes_zero else text), found.excludes_zero


def main() -> None:
    """Learn, foretell, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path, required=True)
    given = parser.parse_args()
    hegemon.runtime.prepare()
    order, seen = hegemon.load("post-soviet"), orientation()
    whole = lay_out(order, ties=seen)
    names = [m.name for m in order.parameters.mechanisms]
    mark = hashlib.sha256(f"{code()}{order.hash}{whole.hash}{ORIGINS}".encode()).hexdigest()[:12]

    def of(name: str) -> dict[str, Numbers]:
        laid = whole if name == "all" else lay_out(order.without(name), ties=seen)
        found = scored(laid, Path("results") / f"ablation-{mark}-{name}.npy")
        print(f"{name}: {sum(column.sum() for column in found.values()):.1f}", flush=True)
        return found

    base = of("all")
    rows: list[tuple[float, list[str]]] = []
    clear: dict[bool, list[str]] = {True: [], False: []}
    for mechanism in order.parameters.mechanisms:
        without = of(mechanism.name)
        lost = {column: base[column] - without[column] for column in PARTS}
        lost["All"] = np.sum(list(lost.values()), axis=0)
        cells = {column: told(each) for column, each in lost.items()}
        if cells["All"][1]:
            clear[bool(lost["All"].sum() > 0)].append(mechanism.title)
        rows.append((lost["All"].sum(), [mechanism.title, *(text for text, _ in cells.values())]))
    rows.sort(key=lambda row: -row[0])
    better, worse = (f"{len(each)} ({', '.join(each)})" if each else "none" for each in clear.values())
    verdict = (f"Of {len(names)} mechanisms the order foretells clearly better with {better} and clearly worse with {worse}. Of "
               "the others this record cannot say that they add anything.")  # fmt: skip
    crises = int((whole.at[:, 0] > order.quarters.index(ORIGINS[0])).sum())
    text = TOLD.format(
        origins=", ".join(ORIGINS[:-1]) + f" and {ORIGINS[-1]}", last=order.quarters[-1], crises=crises,
        states=len(order.states), level=LEVEL, floor=FLOOR, mechanisms=len(names), verdict=verdict,
        rows=table(Table(["Without", *PARTS, "All"], [row for _, row in rows])),
    )  # fmt: skip
    write_atomically(given.page, text.encode())


if __name__ == "__main__":
    main()
