"""Judged claims kept whole: the ledger, every scenario it names, all numbers; so that nothing else is needed to tell them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.folders.kinds import damaged, read_json

if TYPE_CHECKING:
    from hegemon.claims.schema import Ledger
    from hegemon.experiments.claims.verdicts import Judgement
    from hegemon.scenarios.schema import Scenario


def keep_judgement(found: Judgement, folder: Path, *, runs: int | None, beside: bool) -> Path:
    """Write ledger.json. `runs` and `beside` are those that `judge` was given."""
    from hegemon.files import write_text

    target = folder / "ledger.json"
    write_text(target, json.dumps(kept(found, runs=runs, beside=beside), indent=1, ensure_ascii=False) + "\n")
    return target


def kept(found: Judgement, *, runs: int | None, beside: bool) -> dict[str, Any]:
    """A judgement as plain tables."""
    from hegemon.experiments.claims.keeping import exact

    book = found.ledger
    return {
        "name": book.name,
        "made": found.made,
        "asked": {"runs": runs, "beside": beside},
        "ledger": tables(book),
        "scenarios": {word: {"name": s.name, "content": s.content()} for word, s in scenarios(book).items()},
        "claims": {judged.claim.id: exact(judged) for judged in found.claims},
    }


def tables(ledger: Ledger) -> dict[str, Any]:
    """A ledger as plain tables, ready to be read again."""
    found: dict[str, Any] = ledger.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found


def scenarios(ledger: Ledger) -> dict[str, Scenario]:
    """Every scenario that a ledger names, by the name it uses."""
    given = [side for claim in ledger.claim for e in claim.estimand for side in (e.both, e.a, e.b) if side is not None]
    words = sorted({side.scenario for side in given if side.scenario is not None})
    return {ledger.scenario: ledger.base.scenario, **{word: ledger.base.named(word) for word in words}}


def ledger_of(content: dict[str, Any], known: dict[str, Scenario], name: str) -> Ledger:
    """A ledger from tables, with its scenarios at hand. Raises `ValueError` where they are none."""
    from hegemon.claims.schema import Ledger

    return Ledger.model_validate(content, context={"scenarios": known}).named(name)


def read_judgement(folder: Path) -> tuple[Judgement, dict[str, Any]]:
    """The judgement in a folder, and what `judge` was asked. Raises `BadFile`."""
    from hegemon.experiments.claims.keeping import judged_again
    from hegemon.experiments.claims.verdicts import Judgement
    from hegemon.scenarios.schema import Scenario

    told = read_json(folder / "ledger.json", "claims")
    try:
        known = {word: Scenario.model_validate(given["content"]).named(str(given["name"]))
                 for word, given in told["scenarios"].items()}  # fmt: skip
        book = ledger_of(told["ledger"], known, str(told["name"]))
        claims = {claim.id: claim for claim in book.claim}
        judged = tuple(judged_again(numbers, claims[name], book) for name, numbers in told["claims"].items())
        return Judgement(book, judged, told["made"]), dict(told["asked"])
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise damaged(folder, "claims", error) from None
