"""How far to trust a number, in a line; the rest is the explorer's page. Written from results by `tools/trust.py`."""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any


@functools.cache
def found() -> dict[str, Any]:
    """Everything that is known of it."""
    text = resources.files("hegemon.sentences").joinpath("trust.json").read_text("utf-8")
    told: dict[str, Any] = json.loads(text)
    return told


def line(about: str) -> str:
    """What must stand beside a number of a kind: "run", "compare", "room", "claims", "predict", "forecast"."""
    return str(found()["lines"][about])
