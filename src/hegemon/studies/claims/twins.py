"""Draws of the twins that claims are held against: learned from the ledger's record, as the posterior was."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hegemon.files import write_atomically
from hegemon.inference.record import Data
from hegemon.inference.twins import EFFECTS, inclinations, neutral, twin
from hegemon.inference.vector import Bounds
from hegemon.ledgers.tables import Claim
from hegemon.studies.claims.draws import Draws
from hegemon.studies.claims.question import ClaimsQuestion
from hegemon.studies.folder import FINISHED
from hegemon.studies.records import data_of
from hegemon.studies.study import Progress


class Twins:
    """The twins of a ledger's claims. What is learned once is kept, in the folder too."""

    def __init__(self, question: ClaimsQuestion, folder: Path | None) -> None:
        """Nothing is learned yet. Over the priors, or where the order has no record, twins are of their priors."""
        self.question, self.folder = question, None if folder is None else folder / FINISHED
        self.record = record_of(question)
        self.kept: dict[str, Draws] = {}

    def learn(self, claims: Sequence[Claim], progress: Progress) -> None:
        """Learn all that the claims need, telling how far it is."""
        for done, claim in enumerate(claims):
            progress(done, len(claims) + 1)
            self.neutral(claim)
        if claims:
            self.inclinations()
            progress(len(claims) + 1, len(claims) + 1)

    def neutral(self, claim: Claim) -> Draws:
        """Of the sign-neutral twin of a claim."""
        patterns = assumed(claim)
        return self._drawn(f"no signs of {' '.join(patterns)}", neutral(patterns))

    def inclinations(self) -> Draws:
        """Of the twin whose patron weighs no consequences."""
        return self._drawn("inclinations only", inclinations())

    def _drawn(self, name: str, priors: Bounds) -> Draws:
        if name not in self.kept:
            path = None if self.folder is None else self.folder / f"twin-{hashlib.sha256(name.encode()).hexdigest()[:16]}.npy"
            values = _read(path, self.question.draws)
            if values is None:
                values = twin(priors, self.record, self.question.draws, self.question.luck)
                if path is not None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    file = io.BytesIO()
                    np.save(file, values)
                    write_atomically(path, file.getvalue())
            self.kept[name] = Draws(name, values)
        return self.kept[name]


def assumed(claim: Claim) -> tuple[str, ...]:
    """Parameters that have no sign in a claim's twin: those it names, else every effect of an instrument."""
    return claim.assumes or EFFECTS


def record_of(question: ClaimsQuestion) -> Data | None:
    """The record of a ledger's order, as calibration sees it; None where there is none, or the priors are asked."""
    from hegemon.order import from_scenario

    return None if question.over() is None else data_of(from_scenario(question.book().base.scenario))


def _read(path: Path | None, draws: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]] | None:
    """Draws that are kept already; None where there are none, or they are damaged."""
    if path is None or not path.is_file():
        return None
    try:
        values = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return values if values.shape[0] == draws else None
