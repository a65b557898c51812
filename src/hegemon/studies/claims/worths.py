"""What the patrons of all orders act as if consequences were worth: the pooled posterior, whose prior takes no side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hegemon.ledgers.tables import Priced
from hegemon.pooled.worths import WORTHS


@dataclass(frozen=True)
class WorthCheck:
    """A worth given the pooled record: mean, the middle 90 %, and the probability of its claimed sign. It was one half before."""

    what: str
    worth: str
    sign: str
    centre: float
    low: float
    high: float
    probability: float

    def summary(self) -> dict[str, Any]:
        """For JSON."""
        return {name: round(x, 4) if isinstance(x, float) else x for name, x in vars(self).items()}


def weighed(asked: Priced) -> WorthCheck:
    """The worth, of the pooled posterior that comes with hegemon."""
    from hegemon.pooled.kept import posterior

    drawn = posterior()["worths"][:, [worth.name for worth in WORTHS].index(asked.worth)].astype(float)
    low, high = np.quantile(drawn, (0.05, 0.95))
    right = drawn > 0.0 if asked.sign == "positive" else drawn < 0.0
    return WorthCheck(asked.what, asked.worth, asked.sign, float(drawn.mean()), float(low), float(high), float(right.mean()))
