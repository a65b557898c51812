"""The judgements that come with the package are those of its ledgers, its scenarios and its posterior."""

from __future__ import annotations

from pathlib import Path

import pytest

from hegemon.ledgers.loading import builtin_ledgers
from hegemon.studies.claims.result import published
from hegemon.studies.claims.sentences import worded

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"limited-sovereignty": "ledger.md", "regularities": "regularities.md"}


@pytest.mark.parametrize("name", builtin_ledgers())
def test_the_published_judgement_is_of_this_ledger_and_stands_in_the_documentation(name: str) -> None:
    """Whoever changes a ledger, a scenario or the posterior judges anew: `hegemon claims --page`, then tools/judged.py."""
    found = published(name)
    assert found is not None, "judged before the ledger or a scenario changed"
    assert found.made["parameters_hash"] == found.question.drawn().hash
    page = (DOCS / PAGES[name]).read_text("utf-8")
    for value in (found.ledger.hash, found.made["parameters_hash"], found.made["version"], found.question.line):
        assert value in page
    for judged in found.judged:
        assert f"\n## {judged.claim.id}: {worded(judged)}\n" in page
