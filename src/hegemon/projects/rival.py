"""A mechanism tried: the order with and without it under the same random numbers, claims that turn, the record's score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import UserError
from hegemon.order import Order
from hegemon.pages.document import Document, Section
from hegemon.pages.figure import Table

if TYPE_CHECKING:
    from hegemon.studies.claims.result import Claims
    from hegemon.studies.compare.result import Comparison

Vector = npt.NDArray[np.float64]

DRAWS, RUNS = 60, 16
"""Draws of the parameters that claims are judged over, and histories of each."""

NO_TWINS = ("No twin that takes no side was asked: what is supported here may be no more than assumed, as `hegemon claims "
            "--mechanism FILE` finds out.")  # fmt: skip
"""What a quick verdict does not know."""

CHECKED = (
    "It is read, and runs; every contribution has the shape of what it adds to, a name that the model knows, and finite numbers.",
    "What it gives the law in another mechanism's place is what the law asks of that.",
)


@dataclass(frozen=True)
class Score:
    """What the record's crises and ties are worth under an order, nats, at the best parameters found.

    crises  log-probability of the coded crises
    ties    log-density of the observed ties
    prior   what the parameters' distance from their priors takes away
    """

    crises: float
    ties: float
    prior: float

    @property
    def total(self) -> float:
        """What a recalibration maximises."""
        return self.crises + self.ties + self.prior


def scored(order: Order, start: Vector | None = None) -> tuple[Score, Vector]:
    """The score of an order's own record after a quick recalibration (`inference.target.descend`: the posterior's mode).

    start  where to begin, standard-normal coordinates; None: the posterior of the scenario, else the priors
    """
    import jax.numpy as jnp

    from hegemon.evidence.orientation import ties_of
    from hegemon.inference.likelihood import terms
    from hegemon.inference.target import descend
    from hegemon.inference.vector import aligned, values
    from hegemon.posterior import posterior_of
    from hegemon.studies.records import lay_out

    data = lay_out(order, None, ties_of(order.scenario)).data
    if start is None and (kept := posterior_of(order.scenario)) is not None:
        start = aligned(kept).mean(0)
    mode = descend(data, start)
    x = values(jnp.asarray(mode, jnp.float32))
    found = terms(data.opening, x, data.observed, data.weights.ties, data.left)
    crises = float((found.parts["crisis"] * data.weights.timing).sum())
    crises += sum(float((log * data.weights.detail).sum()) for part, log in found.parts.items() if part != "crisis")
    return Score(crises, float(found.ties.sum()), -0.5 * float((mode**2).sum())), mode


@dataclass(frozen=True)
class Turn:
    """A claim without and with the mechanism: its verdict, and the probability of all that is claimed.

    error  of either probability, from so few draws
    """

    id: str
    claim: str
    before: str
    after: str
    was: float
    now: float
    error: float

    @property
    def crossed(self) -> bool:
        """Whether the verdict is another."""
        return self.before != self.after

    @property
    def clear(self) -> bool:
        """Whether it is so by more than the error."""
        return self.crossed and abs(self.now - self.was) > self.error

    @property
    def told(self) -> str:
        """In a few words."""
        return f"{self.id} ({self.before}, {self.was:.0%}, to {self.after}, {self.now:.0%})"


def turned(before: Claims, after: Claims) -> list[Turn]:
    """Every claim without and with the mechanism."""
    was = {judged.claim.id: judged for judged in before.judged}
    found = []
    for judged in after.judged:
        old, new = was[judged.claim.id], judged.assessment
        found.append(Turn(judged.claim.id, " ".join(judged.claim.claim.split()), old.verdict, judged.verdict,
                          old.assessment.probability, new.probability, max(old.assessment.error, new.error)))  # fmt: skip
    return found


def ledger_of(order: Order, folder: Path | None) -> str | None:
    """The claims that are about an order: of its own folder, or the built-in ones; None where there are none."""
    from hegemon.scenarios.beside import CLAIMS

    if folder is not None:
        return str(folder / CLAIMS) if (folder / CLAIMS).is_file() else None
    return "limited-sovereignty" if order.name == "post-soviet" else None


def document(
    rival: Order, pairs: Comparison, scores: tuple[Score, Score] | None, verdicts: tuple[Claims, Claims] | None, unscored: str,
) -> Document:  # fmt: skip
    """The one page."""
    told = pairs.document()
    names = [f"{m.name} ({(m.source or ('', ''))[0]})" for m in rival.outside]
    sections = [Section("Checks", [" ".join(CHECKED)], "checks"), *told.sections[:3]]
    sentences = list(told.sentences)
    if scores is not None:
        one, other = scores
        gained = other.total - one.total
        sentences.append(f"The record {'gains' if gained >= 0 else 'loses'} {abs(gained):.1f} nats by it after a quick "
                         f"recalibration of the built-in parameters: crises {other.crises - one.crises:+.1f}, ties "
                         f"{other.ties - one.ties:+.1f}, distance from the priors {other.prior - one.prior:+.1f}.")  # fmt: skip
        rows = [[name, *(f"{value:.1f}" for value in (s.crises, s.ties, s.prior, s.total))]
                for name, s in (("without", one), ("with", other))]  # fmt: skip
        rows.append(["difference", *(f"{b - a:+.1f}" for a, b in zip(_numbers(one), _numbers(other), strict=True))])
        table = Table(["", "Crises", "Ties", "Priors", "All"], rows, "Nats, at the best parameters")
        sections.append(Section("The record", [table], "record"))
    if verdicts is not None:
        every = turned(*verdicts)
        clear, close = [t for t in every if t.clear], [t for t in every if t.crossed and not t.clear]
        said = f"Of {len(every)} claims, judged quickly over {DRAWS} draws of the parameters and held against no twin, "
        said += f"the verdict changes for {len(clear)}"
        sentences.append(f"{said}: {', '.join(t.told for t in clear)}." if clear else f"{said}.")
        if close:
            sentences.append(f"Over the line, but by less than the error of so few draws: {', '.join(t.told for t in close)}.")
        rows = [[t.id, t.claim, t.before, f"{t.was:.0%}", t.after, f"{t.now:.0%}", f"{t.error:.0%}", "yes" if t.clear else ""]
                for t in every]  # fmt: skip
        table = Table(["Claim", "What it says", "Without", "Probability", "With", "Probability", "Error", "Changes"], rows,
                      f"Claims without and with it, over the same {DRAWS} draws and the same luck. {NO_TWINS}")  # fmt: skip
        sections.append(Section("Claims", [table], "claims"))
    made = [("Mechanism", name) for name in names]
    made += [("SHA-256", _digest(rival)), ("Pairs", f"`{pairs.question.line}`")]
    return Document(
        kicker="A mechanism tried", title=f"{rival.name} with {', '.join(names)}", question=told.question, finding=told.finding,
        facts=told.facts, sentences=sentences, sections=sections,
        caveats=[*told.caveats, "Its own parameters stay at their values; the built-in ones are recalibrated around it. A better "
                 "score says that the record is likelier, not that the mechanism is true.", *([unscored] if unscored else [])],
        made=made, version=told.version,
    )  # fmt: skip


def _numbers(of: Score) -> tuple[float, ...]:
    return of.crises, of.ties, of.prior, of.total


def _digest(order: Order) -> str:
    from hegemon.mechanisms.outside import fingerprint

    return ", ".join(fingerprint(m.source[1]) for m in order.outside if m.source is not None)


def judged(ledger: str, file: Path | None) -> Claims:
    """Verdicts alone, on few draws."""
    from hegemon.studies.asking import ask
    from hegemon.studies.claims.question import ClaimsQuestion

    more: dict[str, Any] = {} if file is None else {"mechanism": (str(file),)}
    found: Claims = ask(ClaimsQuestion.of({"ledger": ledger, "quick": True, "draws": DRAWS, "runs": RUNS, **more}))
    return found


def why_unscored(order: Order) -> Iterator[str]:
    """In words, what keeps a record from being scored."""
    try:
        from hegemon.history import coded

        coded(order.scenario)
    except UserError as error:
        yield f"The record is not scored: {error}"
