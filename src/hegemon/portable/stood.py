"""Where neighbours were observed to stand, year by year as far as was known then: what a page puts its histories to.

The Kalman filter's numbers (`inference.levels`) of tables that come with hegemon are kept beside the engines, because a page's
server has no seconds to spare; a table of one's own is filtered when the page is written.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from importlib import resources
from typing import Any

import numpy as np

from hegemon.evidence.orientation import ties_of
from hegemon.inference import levels
from hegemon.order import Order
from hegemon.posterior import KEPT
from hegemon.quarters import year

Plain = dict[str, Any]
KEPT_FILE = "stood.json"


def normals(order: Order) -> np.ndarray[Any, Any]:
    """The luck of where each history stands, [S, N, P], of double precision: what `Levels.now` draws."""
    return np.random.default_rng([0, 3]).standard_normal((KEPT, len(order.states), len(order.poles)))


def years(order: Order) -> range:
    """Years at whose end neighbours were observed; none where there is no such table."""
    table = ties_of(order.scenario) if order.scenario.history is not None else None
    if table is None or table.empty:
        return range(0)
    return range(max(int(table["year"].min()), year(order.scenario.start)), int(table["year"].max()) + 1)


def made_of(order: Order) -> str:
    """Fingerprint of what the numbers hang on: the table, the filter, the order's neighbours and poles."""
    table = ties_of(order.scenario)
    assert table is not None
    said = [table.to_csv(), inspect.getsource(levels), *order.states, *order.poles, str(list(years(order)))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def filtered(order: Order) -> Plain:
    """Means and deviations of levels, [N, P] in the order of memory, by year."""
    table = ties_of(order.scenario)
    found: Plain = {}
    for last in years(order):
        assert table is not None
        now = levels.levels(table, order.poles, order.states, last)
        found[str(last)] = {"mean": now.mean.ravel().tolist(), "deviation": np.sqrt(now.variance).ravel().tolist()}
    return {"sets": KEPT, "years": found}


def kept() -> Plain:
    """What comes with hegemon, by fingerprint."""
    return dict(json.loads(resources.files("hegemon.portable").joinpath(KEPT_FILE).read_text("utf-8")))


def stood(order: Order) -> Plain:
    """Where an order's neighbours were observed to stand: as kept, or filtered now."""
    return kept().get(made_of(order)) or filtered(order)
