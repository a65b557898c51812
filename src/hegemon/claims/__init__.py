"""Claims as data: sentences about an order, the numbers by which they stand or fall, and what speaks beside the model.

OPEN limited-sovereignty.toml FIRST. `regularities.toml` is what the literature knows and the model should reproduce.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from hegemon.claims.loading import builtin_ledgers, load_claims
from hegemon.claims.schema import Claim, Estimand, Ledger

__all__ = ["Claim", "Estimand", "Ledger", "builtin_ledgers", "claims", "load_claims"]


def claims(name_or_path: str | Path = "limited-sovereignty") -> Ledger:
    """A ledger of claims by built-in name ("limited-sovereignty", "regularities"), or path of a TOML file.

    Raises `UserError` in one sentence that names file, line, claim, key and remedy.
    """
    return load_claims(name_or_path)


class _Callable(ModuleType):
    """Users write `hegemon.claims()`, and `hegemon.claims` is this module once anything has imported it."""

    def __call__(self, name_or_path: str | Path = "limited-sovereignty") -> Ledger:
        return load_claims(name_or_path)


sys.modules[__name__].__class__ = _Callable
