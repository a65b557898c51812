"""Stories: prose beside pictures, every number of it from a result. Written by `tools/stories.py`, read as they are."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from hegemon.files import builtin

ORDER = ("limited-sovereignty", "kazakhstan-2022", "pact", "baltic-states", "failures")
"""Stories in the order in which they are offered."""


def names() -> list[str]:
    """Stories that come with hegemon."""
    there = builtin("stories", ".json")
    return [name for name in ORDER if name in there]


def story(name: str) -> dict[str, Any]:
    """A story as it was written."""
    found: dict[str, Any] = json.loads(resources.files("hegemon.stories").joinpath(f"{name}.json").read_text("utf-8"))
    return found
