"""The judgements that come with the package are those of its ledgers, its scenarios and its posterior."""

from __future__ import annotations

from pathlib import Path

import pytest

from hegemon.claims import load_claims
from hegemon.claims.loading import builtin_ledgers
from hegemon.experiments.claims.draws import chosen
from hegemon.experiments.claims.keeping import published

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"limited-sovereignty": "ledger.md", "regularities": "regularities.md"}


@pytest.mark.parametrize("name", builtin_ledgers())
def test_the_published_judgement_is_of_this_ledger_and_stands_in_the_documentation(name: str) -> None:
    """Whoever changes a ledger, a scenario or the posterior judges anew: `hegemon claims --page`, then tools/judged.py."""
    ledger = load_claims(name)
    known = published(ledger)
    assert known is not None, "judged before the ledger or its scenario changed"
    made, claims = known
    assert made["parameters_hash"] == chosen(ledger, None, False, made["draws"]).hash
    page = (DOCS / PAGES[name]).read_text("utf-8")
    for key in ("ledger_hash", "parameters_hash", "scenario_hash", "version", "seed"):
        assert f"- {key}: {made[key]}\n" in page, key
    for claim, judged in claims.items():
        assert f"\n## {claim}: {judged.verdict}\n" in page
