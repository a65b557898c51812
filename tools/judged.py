"""Packs the judgements of the built-in ledgers, so that the explorer shows verdicts before anybody has judged anything.

    hegemon claims --page docs/ledger.md
    hegemon claims regularities --page docs/regularities.md
    python tools/judged.py            # from results/claims into src/hegemon/claims/judged

Nothing is computed here: a file holds what `hegemon claims` found and how. It belongs to one text of its ledger, by hash.
"""

from __future__ import annotations

import json
from pathlib import Path

from hegemon.claims.loading import builtin_ledgers
from hegemon.files import write_text

ROOT = Path(__file__).parents[1]
FROM, TO = ROOT / "results" / "claims", ROOT / "src" / "hegemon" / "claims" / "judged"


def main() -> None:
    for name in builtin_ledgers():
        found = json.loads((FROM / name / "ledger.json").read_text("utf-8"))
        kept = {"made": found["made"], "claims": found["claims"]}
        write_text(TO / f"{name}.json", json.dumps(kept, separators=(",", ":"), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
