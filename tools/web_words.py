"""Writes web/src/words.json: the model's codes in a reader's words, as the report has them; and web/src/trust.json, how far to
trust it.

    python tools/web_words.py [--check]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "web" / "src" / "words.json"
TRUST = TARGET.with_name("trust.json")


def said(measure: Any) -> dict[str, str]:
    """A measure's words."""
    return {part: getattr(measure, part) for part in ("title", "group", "level", "noun", "unit")}


def text() -> str:
    """What the file must hold."""
    from hegemon.instruments import OPEN_SIDED
    from hegemon.measures import PER_NEIGHBOUR, SHARED
    from hegemon.pages import words
    from hegemon.sentences import trust
    from hegemon.sentences.definition import ONLY
    from hegemon.sentences.measures import GROUPS, MEASURES, TIES_WITH
    from hegemon.sentences.phrases import PHRASES
    from hegemon.sentences.placing import CHANCES

    found = {
        "kinds": words.KINDS,
        "instruments": words.INSTRUMENTS,
        "families": words.FAMILIES,
        "successors": words.SUCCESSORS,
        "sides": words.SIDES,
        "sided": OPEN_SIDED,
        "measures": PER_NEIGHBOUR,
        "order": SHARED,
        "groups": GROUPS,
        "named": {name: said(m) for name, m in MEASURES.items()},
        "ties": said(TIES_WITH),
        "phrases": PHRASES,
        "only": ONLY,
        "chances": CHANCES,
        "trust": trust.found()["lines"],
    }
    return json.dumps(found, indent=2) + "\n"


def trusted() -> str:
    """What the page on trust must hold."""
    from hegemon.sentences import trust

    return json.dumps(trust.found(), separators=(",", ":"), ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        same = TARGET.read_text(encoding="utf-8") == text() and TRUST.read_text(encoding="utf-8") == trusted()
        sys.exit(0 if same else f"{TARGET.name} or {TRUST.name} is not what the code says")
    TARGET.write_text(text(), encoding="utf-8")
    TRUST.write_text(trusted(), encoding="utf-8")
