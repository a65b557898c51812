"""Claims: the newest judgement in the results folder, or the one that was published with this version."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from hegemon.server.answers import Claims
from hegemon.server.routes import Here

router = APIRouter(tags=["claims"])

MOST = 5_000
"""Files of judged claims looked at."""


@router.get("/claims", response_model=Claims)
async def claims(
    site: Here,
    request: Request,
    ledger: Annotated[Literal["limited-sovereignty", "regularities"], Query()] = "limited-sovereignty",
) -> Response:
    """A ledger of claims, each with verdict and evidence as `hegemon claims` has judged it, here or for this version."""
    files = judged_files(site.results / "claims" / ledger)
    key = ("claims", ledger, tuple(file.name for file in files), max((file.stat().st_mtime_ns for file in files), default=0))
    return (await site.built(key, lambda: told(ledger, files))).response(request)


def judged_files(folder: Path) -> list[Path]:
    """Files of judged claims, the latest first."""
    files = list(folder.glob("*.json"))[:MOST] if folder.is_dir() else []
    return sorted(files, key=lambda file: -file.stat().st_mtime_ns)


def told(name: str, files: list[Path]) -> dict[str, Any]:
    """The ledger, each claim with the newest judgement of it that still belongs to it.

    A ledger that was judged here is told from that alone, so that one page never mixes two judgements.
    """
    from hegemon.claims import load_claims
    from hegemon.experiments.claims.keeping import published

    ledger = load_claims(name)
    rows: list[dict[str, Any]] = []
    made: dict[str, Any] | None = None
    for claim in ledger.claim:
        row: dict[str, Any] = {"id": claim.id, "claim": claim.claim, "why": claim.why, "source": claim.source,
                               "estimands": [estimand(e) for e in claim.estimand], "verdict": None}  # fmt: skip
        for file in files:
            if file.name.rpartition("-")[0] == claim.id and (found := again(file, claim, ledger)) is not None:
                row, made = row | found[0], made or found[1]
                break
        rows.append(row)
    if made is None and (known := published(ledger)) is not None:
        made, judged = known
        rows = [row | numbered(judged[row["id"]]) for row in rows]
    return {"ledger": ledger.name, "title": ledger.title, "judged": made is not None, "made": made, "claims": rows}


def estimand(given: Any) -> dict[str, Any]:
    """A number that a claim says something about, in words."""
    from hegemon.claims.words import claimed

    return {"what": given.what, "claimed": claimed(given), "outcome": given.outcome}


def again(file: Path, claim: Any, ledger: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A judged claim and how it was judged, or None where it was another claim then, or the file is damaged."""
    from hegemon.experiments.claims.keeping import judged_again

    try:
        kept = json.loads(file.read_text("utf-8"))
        if file.name not in names_of(claim, ledger, kept["made"]):
            return None
        return numbered(judged_again(kept, claim, ledger)), kept["made"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def numbered(judged: Any) -> dict[str, Any]:
    """Verdict and evidence of a judged claim."""
    from hegemon.experiments.claims.keeping import told

    said = told(judged)
    numbers = said.pop("estimands")
    return {**said, "numbers": numbers}


def names_of(claim: Any, ledger: Any, made: dict[str, Any]) -> set[str]:
    """Names of the files in which `hegemon claims` would keep this claim, judged as `made` says (see `keeping.Kept`)."""
    from hegemon.claims.sides import sides
    from hegemon.experiments.claims.judge import SHARE
    from hegemon.experiments.claims.verdicts import LEVEL, LINES

    orders = [[given.key for given in sides(e, ledger.base)] for e in claim.estimand]
    decides = {k: v for k, v in made.items() if k not in ("ledger", "ledger_hash", "command")}
    found = set()
    for runs in (None, made["runs"]):
        for beside in (True, False):
            asked = {"runs": runs, "beside": beside, "lines": LINES, "level": LEVEL, "share": SHARE}
            text = json.dumps([claim.hash, orders, ledger.runs, decides, asked], sort_keys=True)
            found.add(f"{claim.id}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json")
    return found
