"""Finished claims on disk, so that a judgement that was stopped goes on where it was left.

A file's name says which numbers it holds: it is read again only for the same claim, orders, draws, histories, seed and
version.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any

from hegemon.claims.schema import Claim, Ledger
from hegemon.claims.sides import sides
from hegemon.ensemble.work import Crew
from hegemon.experiments.claims.draws import Draws
from hegemon.experiments.claims.judge import SHARE
from hegemon.experiments.claims.recorded import recorded
from hegemon.experiments.claims.verdicts import LEVEL, LINES, Found, Judged, Under
from hegemon.files import write_atomically


def told(judged: Judged) -> dict[str, Any]:
    """A judged claim as plain tables."""
    return judged.document()


def published(ledger: Ledger) -> tuple[dict[str, Any], dict[str, Judged]] | None:
    """How a built-in ledger was judged for this version, and its judged claims by id (written by `tools/judged.py`); None
    for a ledger that is not built in, or whose text or scenario has changed since."""
    file = resources.files("hegemon.claims") / "judged" / f"{ledger.name}.json"
    if not file.is_file():
        return None
    found = json.loads(file.read_text("utf-8"))
    made = found["made"]
    if (made["ledger_hash"], made["scenario_hash"]) != (ledger.hash, ledger.base.scenario.hash[:16]):
        return None
    return made, {claim.id: judged_again(found["claims"][claim.id], claim, ledger) for claim in ledger.claim}


class Kept:
    """The judged claims of a folder, by claim and by all that decides its numbers."""

    def __init__(
        self, ledger: Ledger, over: Draws, apriori: Draws | None, runs: int | None, beside: bool, out: Path | None,
        crew: Crew,
    ) -> None:  # fmt: skip
        """`made` says how a judgement is made."""
        import hegemon
        from hegemon.ensemble.simulate import command

        self.ledger, self.out = ledger, out
        self.made: dict[str, Any] = {
            "ledger": ledger.name,
            "ledger_hash": ledger.hash,
            "scenario": ledger.base.scenario.name,
            "scenario_hash": ledger.base.scenario.hash[:16],
            "parameters": over.source,
            "parameters_hash": over.hash,
            "prior_hash": None if apriori is None else apriori.hash,
            "draws": len(over.values),
            "runs": runs or ledger.runs,
            "seed": ledger.seed,
            "chunk": crew.size,
            "version": hegemon.__version__,
            "platform": crew.platform,
            "command": command(),
        }
        self._asked = {"runs": runs, "beside": beside, "lines": LINES, "level": LEVEL, "share": SHARE}
        self._found: dict[str, Judged | None] = {}

    def file(self, claim: Claim) -> Path | None:
        """Where a claim is kept."""
        if self.out is None:
            return None
        orders = [[given.key for given in sides(e, self.ledger.base)] for e in claim.estimand]
        decides = {k: v for k, v in self.made.items() if k not in ("ledger", "ledger_hash", "command")}
        text = json.dumps([claim.hash, orders, self.ledger.runs, decides, self._asked], sort_keys=True)
        return self.out / f"{claim.id}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"

    def find(self, claim: Claim) -> Judged | None:
        """A claim judged before, or None."""
        if claim.id not in self._found:
            self._found[claim.id] = self._read(claim)
        return self._found[claim.id]

    def _read(self, claim: Claim) -> Judged | None:
        path = self.file(claim)
        if path is None or not path.is_file():
            return None
        try:
            return judged_again(json.loads(path.read_text(encoding="utf-8")), claim, self.ledger)
        except (ValueError, KeyError, TypeError):  # damaged: judge anew
            return None

    def keep(self, judged: Judged) -> None:
        """Write a judged claim, whole or not at all."""
        path = self.file(judged.claim)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps({"made": self.made, **exact(judged)}, indent=1).encode())


def exact(judged: Judged) -> dict[str, Any]:
    """All that was computed, unrounded."""

    def known(value: Any) -> Any:
        return None if value != value else value

    def plain(under: Under | None) -> dict[str, Any] | None:
        if under is None:
            return None
        found = [{name: known(value) for name, value in dataclasses.asdict(f).items()} for f in under.found]
        return {"found": found, "probability": known(under.probability), "error": known(under.error)}

    return {
        "under": plain(judged.under),
        "prior": plain(judged.prior),
        "all_on": plain(judged.all_on),
        "without": {name: plain(under) for name, under in judged.without.items()},
    }


def judged_again(kept: dict[str, Any], claim: Claim, ledger: Ledger) -> Judged:
    """A judged claim from what was kept of it."""

    def read(part: dict[str, Any] | None) -> Under | None:
        if part is None:
            return None
        nan = float("nan")
        known: list[dict[str, Any]] = [{k: nan if v is None else v for k, v in each.items()} for each in part["found"]]
        found = [Found(**each) for each in known]
        return Under(tuple(found), *(nan if part[k] is None else part[k] for k in ("probability", "error")))

    under = read(kept["under"])
    if under is None:
        raise ValueError("nothing was kept")
    without = {name: read(part) for name, part in kept["without"].items()}
    return Judged(
        claim=claim,
        under=under,
        prior=under if kept["prior"] == kept["under"] else read(kept["prior"]),
        without={name: part for name, part in without.items() if part is not None},
        all_on=read(kept["all_on"]),
        said=tuple(recorded(r, ledger.base) for r in claim.record),
    )
