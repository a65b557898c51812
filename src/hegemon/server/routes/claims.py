"""Claims: the newest judgement in the results folder, or the one that was published with this version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from hegemon.measures import PER_NEIGHBOUR
from hegemon.server.answers import Claims
from hegemon.server.index import Saved
from hegemon.server.routes import Here
from hegemon.server.site import Site

if TYPE_CHECKING:
    from hegemon.ledgers.schema import Ledger
    from hegemon.ledgers.tables import Claim
    from hegemon.studies.claims.result import Claims as Judgement

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
    words, glance = ({}, {"rule": "", "caution": "", "table": None}) if found is None else worded(found)
    rows = [{"id": claim.id, "claim": claim.claim, "why": claim.why, "source": claim.source, "verdict": None,
             "estimands": [{"what": e.what, "claimed": claimed(e), "outcome": e.outcome} for e in claim.estimand],
             "caveat": claim.caveat, "shows": shows(claim, ledger), **words.get(claim.id, {}), **judged.get(claim.id, {})}
            for claim in ledger.claim]  # fmt: skip
    made = None if found is None else {**found.made, "draws": found.question.draws, "seed": found.question.luck,
                                       "runs": found.question.runs or ledger.runs, "ledger_hash": ledger.hash}  # fmt: skip
    return {"ledger": ledger.name, "title": ledger.title, "judged": found is not None, "made": made, "claims": rows,
            "result": None if folder is None else folder.name, **glance}  # fmt: skip


def worded(found: Judgement) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """The judgement in the ledger's own words: claim by claim, and how to read it with the table of all claims."""
    from hegemon.pages.document import Bullets
    from hegemon.pages.figure import Table
    from hegemon.sentences import claiming
    from hegemon.studies.claims.verdicts import LINES
    from hegemon.studies.claims.words import document

    said = document(found)
    sections = {section.anchor: section.blocks for section in said.sections}
    claims = {}
    for each in found.judged:
        blocks = sections[f"claim-{each.claim.id.lower().replace('.', '-')}"]
        bullets = [list(block.lines) for block in blocks if isinstance(block, Bullets)]
        table = next((block.plain() for block in blocks if isinstance(block, Table)), None)
        sizes = [found.size for found in each.assessment.estimates]
        claims[each.claim.id] = {
            "lines": bullets[0] if bullets else [], "table": table, "rule": claiming.rule(each.verdict, *LINES),
            "assumption": claiming.assumption(each.share, each.assessment.probability), "large": claiming.large(sizes),
        }  # fmt: skip
    rule = " ".join(block for block in sections.get("how", ()) if isinstance(block, str))
    table = next((block.plain() for block in sections.get("all", ()) if isinstance(block, Table)), None)
    return claims, {"rule": rule, "caution": " ".join(said.caveats), "table": table}


def shows(claim: Claim, ledger: Ledger) -> dict[str, Any] | None:
    """The comparison that shows a claim: its first estimand's two orders, the one compared with first. None where an address
    cannot say them."""
    for e in claim.estimand:
        if e.b is None or any(side.change or side.forbid for side in (e.both, e.a, e.b)):
            continue
        orders = []
        for side in (e.b, e.a):
            force = [*map(dict, e.both.force), *map(dict, side.force)]
            orders.append({"scenario": side.scenario or e.both.scenario or ledger.base.scenario.name,
                           "without": [*(e.both.without or ()), *(side.without or ())], "set": {**e.both.set, **side.set},
                           "force": [forced(each) for each in force]})  # fmt: skip
        sides = (e.both, e.a, e.b)
        record, end = (next((getattr(side, key) for side in sides if getattr(side, key)), None) for key in ("record", "end"))
        pole = f":{e.pole or ledger.base.scenario.poles[0].id}"
        first = next(iter(e.measure), None) if e.measure else None
        known = first is None or first in (*PER_NEIGHBOUR, "orientation")
        measure = None if first is None or not known else first + (pole if first == "orientation" else "")
        return {"first": orders[0], "second": orders[1], "record": record, "end": end, "measure": measure,
                "state": e.who[0] if e.who and len(e.who) == 1 else None, "quarter": e.when[1] if e.when else None}  # fmt: skip
    return None


def forced(event: dict[str, Any]) -> str:
    """A given event as an address has it."""
    head = [str(event[key]) for key in ("quarter", "state", "crisis", "instrument") if key in event]
    rest = [f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in event.items()
            if key not in ("quarter", "state", "crisis", "instrument")]  # fmt: skip
    return " ".join([*head, *rest]).replace("=true", "=yes").replace("=false", "=no")
