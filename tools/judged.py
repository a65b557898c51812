"""Packs the judgements of the built-in ledgers, so that the explorer shows verdicts before anybody has judged anything.

    hegemon claims --page docs/ledger.md
    hegemon claims regularities --page docs/regularities.md
    python tools/judged.py            # from results/ into src/hegemon/ledgers/judged

Nothing is computed here: a file holds what `hegemon claims` found and how. It belongs to one text of its ledger and
scenarios, by their hashes.
"""

from __future__ import annotations

import json
from pathlib import Path

from hegemon.files import write_text
from hegemon.ledgers.loading import builtin_ledgers
from hegemon.studies.claims.question import ClaimsQuestion
from hegemon.studies.folder import open_result

ROOT = Path(__file__).parents[1]
FROM, TO = ROOT / "results", ROOT / "src" / "hegemon" / "ledgers" / "judged"


def main() -> None:
    for name in builtin_ledgers():
        question = ClaimsQuestion(ledger=name)
        found = open_result(FROM / question.key())
        kept = {"hashes": question.hashes(), "made": found.made, "assessments": found.numbers()["assessments"]}
        write_text(TO / f"{name}.json", json.dumps(kept, separators=(",", ":"), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
