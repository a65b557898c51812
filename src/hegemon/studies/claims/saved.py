"""Judged claims as plain values: finished ones on disk, so that a stopped judgement goes on, and those that are published."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hegemon.files import write_atomically
from hegemon.ledgers.schema import Ledger
from hegemon.ledgers.tables import Claim
from hegemon.studies.claims.recorded import recorded
from hegemon.studies.claims.verdicts import Assessment, Change, Estimate, Judged
from hegemon.studies.claims.worths import weighed
from hegemon.studies.folder import FINISHED
from hegemon.studies.plain import finite

Plain = dict[str, Any]

CHANGE = "change"
"""The entry that is no assessment."""


def plain(judged: Judged) -> Plain:
    """All that was computed of a claim, unrounded: by what it was judged under, None for what is not known."""
    without = {f"without {name}": each for name, each in judged.without.items()}
    found = {"posterior": judged.assessment, "prior": judged.prior, "neutral": judged.neutral, "inclinations": judged.inclined,
             "all on": judged.all_on, **without, CHANGE: judged.change}  # fmt: skip
    return {name: finite(dataclasses.asdict(each)) for name, each in found.items() if each is not None}


def judged_again(saved: Mapping[str, Any], claim: Claim, ledger: Ledger) -> Judged:
    """A judged claim from these values. Raises KeyError, TypeError or ValueError where they are damaged."""
    found = {name: _assessment(each) for name, each in saved.items() if name != CHANGE}
    if saved.get("prior") == saved["posterior"]:
        found["prior"] = found["posterior"]
    change = None if CHANGE not in saved else Change(**_known(saved[CHANGE]))
    return assembled(claim, found, change, ledger)


def assembled(claim: Claim, found: Mapping[str, Assessment], change: Change | None, ledger: Ledger) -> Judged:
    """A judged claim from its assessments, by what it was judged under, and what would change it."""
    without = {name.removeprefix("without "): each for name, each in found.items() if name.startswith("without ")}
    record = tuple(recorded(r, ledger.base) for r in claim.record)
    return Judged(claim, found["posterior"], found.get("prior"), without, found.get("all on"), record,
                  tuple(weighed(each) for each in claim.worth), found.get("neutral"), found.get("inclinations"),
                  change)  # fmt: skip


def _assessment(saved: Mapping[str, Any]) -> Assessment:
    estimates = tuple(Estimate(**_known(each)) for each in saved["estimates"])
    return Assessment(**{**_known(saved), "estimates": estimates})


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: math.nan if value is None else value for name, value in values.items()}


class Saved:
    """The finished claims of a judgement under way. The folder is the question's own; `how` says what else decides bits."""

    def __init__(self, folder: Path | None, ledger: Ledger, how: Mapping[str, Any]) -> None:
        """`how` is what `provenance.made` gives."""
        self.folder, self.ledger = None if folder is None else folder / FINISHED, ledger
        self.how = {name: value for name, value in how.items() if name != "seconds"}

    def find(self, claim: Claim) -> Judged | None:
        """A claim that is finished, or None: of another device or version, or damaged, it is judged anew."""
        if self.folder is None:
            return None
        try:
            found = json.loads((self.folder / f"{claim.id}.json").read_text("utf-8"))
            return judged_again(found["assessments"], claim, self.ledger) if found["how"] == self.how else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def save(self, judged: Judged) -> None:
        """Write a judged claim, whole or not at all."""
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            content = json.dumps({"how": self.how, "assessments": plain(judged)}, indent=1)
            write_atomically(self.folder / f"{judged.claim.id}.json", content.encode())
