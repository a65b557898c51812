"""Packs the judgements of the built-in ledgers, so that the explorer shows verdicts before anybody has judged anything.

    hegemon claims
    hegemon claims regularities
    python tools/judged.py            # from results/ into src/hegemon/ledgers/judged, and their pages into docs/
    python tools/judged.py --pages    # the pages only, of what is packed

Nothing is computed here: a file holds what `hegemon claims` found and how. It belongs to one text of its ledger and scenarios,
by their hashes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hegemon.files import write_file
from hegemon.pages import markdown
from hegemon.studies.claims.question import ClaimsQuestion
from hegemon.studies.claims.result import published
from hegemon.studies.folder import open_result
from hegemon.studies.telling import document

ROOT = Path(__file__).parents[1]
FROM, TO = ROOT / "results", ROOT / "src" / "hegemon" / "ledgers" / "judged"
PAGES = {"limited-sovereignty": "ledger.md", "regularities": "regularities.md"}


def pack(name: str) -> None:
    """What `hegemon claims NAME` has left under results/."""
    question = ClaimsQuestion(ledger=name)
    found = open_result(FROM / question.key())
    packed = {"hashes": question.hashes(), "made": found.made, "assessments": found.numbers()["assessments"]}
    write_file(TO / f"{name}.json", json.dumps(packed, separators=(",", ":"), ensure_ascii=False) + "\n")


def main() -> None:
    for name, page in PAGES.items():
        if "--pages" not in sys.argv:
            pack(name)
        found = published(name)
        assert found is not None, f"{name} has changed since it was judged"
        markdown.write(document(found), ROOT / "docs" / page)


if __name__ == "__main__":
    main()
