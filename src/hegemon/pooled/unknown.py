"""What is not known of a crisis when an answer is asked for: added up over, in the proportions of the coded record."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.history.codebook import KIND
from hegemon.pooled.crises import LINE, Crises, asked, crises

Numbers = npt.NDArray[np.float64]

MAY_BE = {"severity": (1, 2, 3), "incumbent_before": tuple(LINE), "host_request": ("none", "asked")}
"""What each column may hold that a row may leave empty."""

ELSEWHERE = 0.05
"""Weight of a crisis of another kind, where one of the same kind counts as one."""

UNSEEN = 0.01
"""Crises added to every combination."""

ORDERS_ALIKE = 2.0
"""Crises that the whole record's share of drawn ones counts for in an order."""


def empty(value: Any) -> bool:
    """Whether a cell is left open."""
    return value is None or value == "" or bool(pd.isna(value))


def completed(rows: pd.DataFrame, record: pd.DataFrame) -> tuple[Crises, npt.NDArray[np.int64], Numbers]:
    """Rows with everything that may be so filled in: the crises [M], the row of each [M], and weights that add up to one by row.

    How grave a crisis is, how the incumbents stand and whether they ask go together: their combinations have the shares that
    they have in a `record` whose rows are complete, crises of the same kind above all. Whether a row was drawn from a register
    or chosen is as in the crises of its order, where its column `drawn` does not say.
    """
    shares, filled, of, weights = Shares(record), [], [], []
    for at, row in enumerate(rows.to_dict("records")):
        known = {name: [row[name]] if name in row and not empty(row[name]) else options for name, options in MAY_BE.items()}
        options = [dict(zip(MAY_BE, values, strict=True)) for values in itertools.product(*known.values())]
        likely = np.array([shares.of(row["kind"], option) for option in options])
        likely = likely / likely.sum() if len(options) > 1 else np.ones(1)
        given = row.get("drawn")
        drawn = shares.drawn(row.get("order")) if empty(given) else float(bool(int(given)))  # type: ignore[arg-type]
        for option, share in zip(options, likely, strict=True):
            for value, chance in ((1.0, drawn), (0.0, 1.0 - drawn)):
                if chance > 0.0:
                    filled.append({**option, "kind": row["kind"], "drawn": value})
                    of.append(at)
                    weights.append(share * chance)
    return crises(pd.DataFrame(filled)), np.array(of, np.int64), np.array(weights)


class Shares:
    """How often severity, line and request go together in a record, and how many of its crises were drawn."""

    def __init__(self, record: pd.DataFrame) -> None:
        rows = zip(record["kind"], record["severity"], record["incumbent_before"], record["host_request"], strict=True)
        self.seen = [(KIND[kind], int(severity), line, asked(request)) for kind, severity, line, request in rows]
        orders = record["order"] if "order" in record else [""] * len(record)
        self.orders = [*zip(orders, record["drawn"].astype(float) if "drawn" in record else [0.0] * len(record), strict=True)]

    def of(self, kind: str, option: dict[str, object]) -> float:
        """Weight of a combination in crises of a kind."""
        wanted = int(float(str(option["severity"]))), option["incumbent_before"], asked(option["host_request"])
        return UNSEEN + sum((1.0 if seen[0] == KIND[kind] else ELSEWHERE) for seen in self.seen if seen[1:] == wanted)

    def drawn(self, order: object) -> float:
        """Probability that a crisis of an order was drawn from a register."""
        mine = [drawn for name, drawn in self.orders if name == order]
        whole = float(np.mean([drawn for _, drawn in self.orders])) if self.orders else 0.0
        if mine and len(set(mine)) == 1:
            return mine[0]  # all were chosen, or all drawn
        return (sum(mine) + ORDERS_ALIKE * whole) / (len(mine) + ORDERS_ALIKE)
