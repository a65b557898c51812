"""Claims: the newest judgement in the results folder, or the one that was published with this version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from hegemon.server.answers import Claims
from hegemon.server.index import Saved
from hegemon.server.routes import Here
from hegemon.server.site import Site

router = APIRouter(tags=["claims"])


@router.get("/claims", response_model=Claims)
async def claims(
    site: Here,
    request: Request,
    ledger: Annotated[Literal["limited-sovereignty", "regularities"], Query()] = "limited-sovereignty",
) -> Response:
    """A ledger of claims, each with verdict and evidence as `hegemon claims` has judged it, here or for this version."""
    saved = newest(site, ledger)
    folder, stamp = (None, 0) if saved is None else (saved.folder, saved.stamp)
    return (await site.built(("claims", ledger, folder, stamp), lambda: told(ledger, folder))).response(request)


def published(site: Site) -> Iterator[str]:
    """Both ledgers."""
    yield from (f"claims?ledger={name}" for name in ("limited-sovereignty", "regularities"))


def newest(site: Site, ledger: str) -> Saved | None:
    """The latest judgement of the whole ledger here, or of a part of it where there is none."""
    found = [saved for saved in site.index.saved.values()
             if saved.whole and saved.study.name == "claims" and getattr(saved.question, "ledger", None) == ledger]  # fmt: skip
    return min(found, key=lambda saved: (bool(getattr(saved.question, "only", ())), -saved.stamp), default=None)


def told(name: str, folder: Path | None) -> dict[str, Any]:
    """The ledger, each claim with its verdict. All are of one judgement: a page never mixes two."""
    from hegemon.errors import UserError
    from hegemon.ledgers.loading import load_ledger
    from hegemon.ledgers.words import claimed
    from hegemon.studies.claims.result import Claims as Judgement
    from hegemon.studies.claims.result import published
    from hegemon.studies.folder import open_result

    ledger, found = load_ledger(name), None
    try:
        found = None if folder is None else open_result(folder)
    except UserError:  # damaged: what was published is told
        found = None
    if not isinstance(found, Judgement) or found.ledger.hash != ledger.hash:
        folder, found = None, published(name)
    judged = {} if found is None else {each.claim.id: each.summary() for each in found.judged}
    for summary in judged.values():
        summary["numbers"] = summary.pop("estimands")
    rows = [{"id": claim.id, "claim": claim.claim, "why": claim.why, "source": claim.source, "verdict": None,
             "estimands": [{"what": e.what, "claimed": claimed(e), "outcome": e.outcome} for e in claim.estimand],
             **judged.get(claim.id, {})} for claim in ledger.claim]  # fmt: skip
    made = None if found is None else {**found.made, "draws": found.question.draws, "seed": found.question.luck,
                                       "runs": found.question.runs or ledger.runs, "ledger_hash": ledger.hash}  # fmt: skip
    return {"ledger": ledger.name, "title": ledger.title, "judged": found is not None, "made": made, "claims": rows,
            "result": None if folder is None else folder.name}  # fmt: skip
