"""`hegemon ledger`: read a ledger of claims, say what is wrong with it, list its claims."""

from __future__ import annotations

from typing import Annotated

import typer

from hegemon.cli.output import JSON, print_json, say


def ledger(
    ledger: Annotated[
        str, typer.Argument(help="A built-in ledger (limited-sovereignty, regularities), or a file.")
    ] = "limited-sovereignty",
    as_json: JSON = False,
) -> None:
    """Read a ledger of claims and list them; nothing is judged."""
    from hegemon.ledgers.loading import load_ledger

    book = load_ledger(ledger)
    rows = [{"id": claim.id, "claim": claim.claim, "estimands": len(claim.estimand)} for claim in book.claim]
    if as_json:
        return print_json({"title": book.title, "ledger_hash": book.hash, "claims": rows})
    say("\n".join(f"{row['id']}: {row['claim']}" for row in rows))
