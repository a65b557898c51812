"""The judgement of a ledger: each claim's orders simulated over draws of the parameters, and what the histories say."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

from hegemon.engine.workers import workers_at
from hegemon.ledgers.schema import Ledger
from hegemon.ledgers.sides import Variant, sides
from hegemon.ledgers.tables import Claim, Estimand
from hegemon.studies.asking import ask
from hegemon.studies.claims.change import change_of, crises_of
from hegemon.studies.claims.draws import Draws, prior_draws
from hegemon.studies.claims.effects import Effects, effects
from hegemon.studies.claims.ensembles import EnsembleSpec, Pool
from hegemon.studies.claims.outcomes import Outcome, outcomes, place
from hegemon.studies.claims.question import ClaimsQuestion
from hegemon.studies.claims.result import Claims
from hegemon.studies.claims.saved import Saved, assembled
from hegemon.studies.claims.twins import Twins
from hegemon.studies.claims.verdicts import SHARE, Judged, assess
from hegemon.studies.provenance import made
from hegemon.studies.study import Progress, Resources, keeping


@dataclass(frozen=True)
class Task:
    """A claim's ensembles under some draws, with some mechanisms switched off."""

    claim: Claim
    orders: tuple[tuple[Variant, ...], ...]
    off: tuple[str, ...]
    draws: Draws
    runs: int
    seed: int

    def parts(self) -> list[tuple[Estimand, list[tuple[EnsembleSpec, object, Outcome]]]]:
        """By estimand: the one or two outcomes that make it, each with its ensemble and the name it asks under."""
        found: list[tuple[Estimand, list[tuple[EnsembleSpec, object, Outcome]]]] = []
        for e, (estimand, orders) in enumerate(zip(self.claim.estimand, self.orders, strict=True)):
            pairs = product(orders, outcomes(estimand, place(orders[0].scenario)))
            found.append((estimand, [
                (EnsembleSpec(variant, self.off, self.draws, self.runs, self.seed), (self.claim.id, e, n), outcome)
                for n, (variant, outcome) in enumerate(pairs)]))  # fmt: skip
        return found

    def ask(self, pool: Pool) -> None:
        """Say what will be needed."""
        for _, parts in self.parts():
            for spec, who, outcome in parts:
                pool.ask(spec, who, outcome)

    def measured(self, pool: Pool) -> list[Effects]:
        """Each estimand by draw. What has not been simulated is simulated now."""
        found = []
        for estimand, parts in self.parts():
            first, *others = (pool.sums(spec, who) for spec, who, _ in parts)
            found.append(effects(parts[0][2].kind, first, others[0] if others else None, paired=estimand.paired))
        return found


def compute(question: ClaimsQuestion, resources: Resources) -> Claims:
    """Judge claim by claim; with a folder, finished claims are kept in it. Raises `Failure` where workers are lost."""
    book, claims = question.book(), question.claims()
    over = question.drawn()
    apriori = None if question.quick or over.source == "prior" else prior_draws(question.draws, question.luck)
    with workers_at(resources.scheduler, resources.workers) as workers:
        how = made(0.0, workers.platform, chunk=workers.size)
        saved = Saved(resources.folder, book, how)
        pool = Pool(workers, resources.folder, resources.tick)
        known = {claim.id: found for claim in claims if (found := saved.find(claim)) is not None}
        asked = [claim for claim in claims if claim.id not in known]
        twins = None if question.quick else Twins(question, resources.folder)
        if twins is not None:
            twins.learn(asked, resources.tick)
        tasks = {claim.id: tasks_of(question, book, claim, over, apriori, twins) for claim in asked}
        for task in (task for each in tasks.values() for task in each.values()):
            task.ask(pool)
        judged = []
        with keeping(resources.folder):
            for claim in claims:
                found = known.get(claim.id)
                if found is None:
                    found = judged_claim(book, claim, tasks[claim.id], pool)
                    saved.save(found)
                judged.append(found)
    how |= {"seconds": resources.seconds, "parameters": over.source, "parameters_hash": over.hash,
            "prior_hash": None if apriori is None else apriori.hash, "histories": pool.done}  # fmt: skip
    return Claims(question, how, tuple(judged))


def tasks_of(
    question: ClaimsQuestion, book: Ledger, claim: Claim, over: Draws, apriori: Draws | None, twins: Twins | None
) -> dict[str, Task]:
    """By name all that a claim is judged under; what stands beside the verdict has `SHARE` of the histories."""
    many = question.runs or claim.runs or book.runs
    orders, few = tuple(sides(estimand, book.base) for estimand in claim.estimand), max(2, int(many * SHARE))
    under: dict[str, tuple[tuple[str, ...], Draws, int]] = {"posterior": ((), over, many)}
    if apriori is not None:
        under["prior"] = (), apriori, few
    if twins is not None:
        under |= {"neutral": ((), twins.neutral(claim), few), "inclinations": ((), twins.inclinations(), few)}
    if claim.mechanisms and not question.quick:
        under["all on"] = (), over, few
        under |= {f"without {name}": ((name,), over, few) for name in claim.mechanisms}
    return {name: Task(claim, orders, off, draws, runs, question.luck) for name, (off, draws, runs) in under.items()}


def judged_claim(book: Ledger, claim: Claim, tasks: dict[str, Task], pool: Pool) -> Judged:
    """A claim judged under everything."""
    measured = {name: task.measured(pool) for name, task in tasks.items()}
    answers = {name: assess(claim.estimand, found) for name, found in measured.items()}
    if tasks["posterior"].draws.source == "prior":
        answers["prior"] = answers["posterior"]
    over = tasks["posterior"].draws
    twin = (tasks["neutral"].draws, measured["neutral"]) if "neutral" in tasks else (over, measured["posterior"])
    change = change_of(claim, answers, over, twin, crises_of(book.base.scenario))
    return assembled(claim, answers, change, book)


def claims(
    ledger: Ledger | str | Path = "limited-sovereignty", *, posterior: str | None = None, prior: bool = False,
    draws: int = 100, runs: int | None = None, seed: int | None = None, only: tuple[str, ...] | list[str] | str = (),
    quick: bool = False, out: str | Path | None = None, progress: Progress | None = None, scheduler: str | None = None,
    workers: int | None = None,
) -> Claims:  # fmt: skip
    """Judge the claims of a ledger over draws of the parameters.

    ledger     a built-in one by name, a file, or one that is loaded (`hegemon.ledger`)
    posterior  draws of the parameters to judge over, by name or file; None: the scenario's, and where it has none, the priors
    prior      judge over the priors
    draws      parameter sets, 20 to 2,000
    runs       histories per set, 2 to 4,096, in place of the ledger's
    seed       luck, in place of the ledger's
    only       ids of the claims to judge; none: all
    quick      do not also judge over the priors, over the twins' draws, and with mechanisms switched off
    out, progress, scheduler, workers  see `hegemon.studies.asking.ask`

    Raises `UserError` for what is not there or out of range; `Failure` where workers are lost. Method: `studies.claims.mixture`
    (Gelman et al. 2013, Bayesian Data Analysis, 5.4; Shen and Louis 1998, JRSS B 60:455).
    """
    question = ClaimsQuestion.of({
        **ClaimsQuestion.of_ledger(ledger), "posterior": posterior, "prior": prior, "draws": draws, "runs": runs,
        "seed": seed, "only": only, "quick": quick,
    })  # fmt: skip
    return ask(question, out=out, progress=progress, scheduler=scheduler, workers=workers)
