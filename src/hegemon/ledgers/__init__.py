"""Claims as data: sentences about an order, the numbers by which they stand or fall, and what speaks beside the model.

OPEN limited-sovereignty.toml FIRST. `regularities.toml` is what the literature knows and the model should reproduce.
"""

from __future__ import annotations

from hegemon.ledgers.loading import builtin_ledgers, load_ledger
from hegemon.ledgers.schema import Ledger
from hegemon.ledgers.tables import Claim, Estimand

__all__ = ["Claim", "Estimand", "Ledger", "builtin_ledgers", "load_ledger"]
