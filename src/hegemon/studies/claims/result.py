"""Judged claims."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from hegemon.errors import UnknownName, did_you_mean, shown
from hegemon.ledgers.schema import Ledger
from hegemon.studies.claims.question import ClaimsQuestion
from hegemon.studies.claims.recorded import RecordCheck
from hegemon.studies.claims.saved import CHANGE, judged_again, plain
from hegemon.studies.claims.verdicts import VERDICTS, Assessment, Judged
from hegemon.studies.result import Result
from hegemon.studies.study import Estimates, Numbers, Z


@dataclass(frozen=True, repr=False)
class Claims(Result):
    """A ledger's claims, judged: `claims["C4"].verdict`.

    judged  the claims in the ledger's order, each with its verdict, effects, and what it hangs on
    """

    question: ClaimsQuestion
    judged: tuple[Judged, ...]

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.question.book()

    @property
    def verdicts(self) -> dict[str, int]:
        """How many claims are supported, contradicted, open."""
        return {kind: sum(j.verdict == kind for j in self.judged) for kind in VERDICTS}

    def __getitem__(self, claim: str) -> Judged:
        """A judged claim by its id. Raises `UnknownName`."""
        by_id = {judged.claim.id: judged for judged in self.judged}
        if claim not in by_id:
            raise UnknownName(f"no claim is called {shown(claim)}", did_you_mean(claim, by_id))
        return by_id[claim]

    def numbers(self) -> Numbers:
        """Tables of claims, estimates and what the record says; and all of it unrounded, `assessments`."""
        record = [row(j.claim.id, check) for j in self.judged for check in j.record]
        return {"claims": pd.DataFrame(_claims(self)), "estimates": pd.DataFrame(_estimates(self)),
                "record": pd.DataFrame(record, columns=RECORD),
                "assessments": {j.claim.id: plain(j) for j in self.judged}}  # fmt: skip

    @classmethod
    def restored(cls, question: Any, made: Mapping[str, Any], numbers: Numbers) -> Claims:
        """From its assessments; the tables are made of them."""
        claims = {claim.id: claim for claim in question.claims()}
        saved: Any = numbers["assessments"]
        judged = tuple(judged_again(saved[name], claim, question.book()) for name, claim in claims.items())
        return cls(question, made, judged)

    def estimates(self) -> Estimates:
        """Probabilities and effects under the draws that were judged over."""
        found = {}
        for j in self.judged:
            known = [e for e in j.assessment.estimates if e.effect == e.effect]
            errors = [(e.high - e.low) / (2 * Z) / np.sqrt(e.draws) for e in known]
            found[j.claim.id] = np.array([j.assessment.probability]), np.array([j.assessment.error])
            found[f"{j.claim.id} effects"] = np.array([e.effect for e in known]), np.array(errors)
        return found


RECORD = ["claim", "what", "history", "number", "of", "share", "low", "high", "against_number", "against_of", "probability"]


def _claims(of: Claims) -> list[dict[str, Any]]:
    def of_twin(found: Assessment | None) -> float:
        return float("nan") if found is None else found.probability

    return [{"claim": j.claim.id, "verdict": j.verdict, "near_the_line": j.near, "probability": j.assessment.probability,
             "error": j.assessment.error, "prior_share": j.share, "bayes_factor": j.bayes_factor,
             "neutral": of_twin(j.neutral), "inclinations": of_twin(j.inclined),
             "negligible": ", ".join(map(str, j.negligible)), "needs": ", ".join(j.needs), "words": j.claim.claim}
            for j in of.judged]  # fmt: skip


def _estimates(of: Claims) -> list[dict[str, Any]]:
    """A row for every estimand under everything its claim was judged under."""
    rows = []
    for j in of.judged:
        for under, found in plain(j).items():
            if under == CHANGE:
                continue
            for n, (estimand, values) in enumerate(zip(j.claim.estimand, found["estimates"], strict=True), 1):
                numbers = {name: np.nan if value is None else value for name, value in values.items()}
                rows.append({"claim": j.claim.id, "under": under, "estimand": n, **numbers, "what": estimand.what})
    return rows


def row(claim: str, check: RecordCheck) -> tuple[Any, ...]:
    """What the record says about a claim, in the order of `RECORD`."""
    here, there = check.here, check.there
    against = (np.nan, np.nan) if there is None else (there.number, there.of)
    return (claim, check.what, check.history, here.number, here.of, here.share, here.quantile(0.05), here.quantile(0.95),
            *against, np.nan if check.probability is None else check.probability)  # fmt: skip


def published(ledger: str) -> Claims | None:
    """A built-in ledger as it was judged for this version (`tools/judged.py` writes it): verdicts that can be shown at once.

    None for a ledger that is not built in, or whose text or scenarios have changed since.
    """
    file = resources.files("hegemon.ledgers") / "judged" / f"{ledger}.json"
    if not file.is_file():
        return None
    found, question = json.loads(file.read_text("utf-8")), ClaimsQuestion(ledger=ledger).resolved()
    if found["hashes"] != question.hashes():
        return None
    return Claims.restored(question, found["made"], found)
