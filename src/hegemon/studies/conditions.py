"""What an answer is conditional on, in words: dice, the record, given events; and where its parameters come from."""

from __future__ import annotations

from pathlib import Path

from hegemon.inference.levels import observed_to
from hegemon.order import Order
from hegemon.posterior import Source


def begun(order: Order) -> str:
    """What the histories of an order have in common: "left to chance from 1992Q1"."""
    s = order.scenario
    given = f", with {'an event' if len(s.force) == 1 else f'{len(s.force)} events'} given" if s.force else ""
    if s.record is None:
        return f"left to chance from {s.start}{given}"
    seen = observed_to(order)
    ties = "" if seen is None else f", ties as observed to {seen}"
    return f"the record to {s.record}{ties}, then chance{given}"


def parameters(order: Order, of: Source) -> str:
    """Where the parameters of an order's histories come from; a posterior of another name than the order's is named."""
    name = order.scenario.posterior
    named = "" if name is None or name == order.name else f" called {Path(name).name}"
    return {"posterior": f"parameters drawn from the posterior{named}",
            "prior": "parameters drawn from the priors, as no record has been asked about them",
            "mean": "parameters at their means"}[of]  # fmt: skip


ALONE = (
    "**Bands are luck alone.** All histories have the same parameters, those of the order, so that bands are far narrower than "
    "what is not known. Without --parameters mean they are drawn."
)
"""What must be said where parameters are not drawn."""
