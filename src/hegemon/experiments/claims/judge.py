"""The judgement of a ledger: each claim's orders simulated over draws of the parameters, and what the histories say."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hegemon.claims.schema import Claim, Estimand, Ledger
from hegemon.claims.sides import Given, sides
from hegemon.errors import BadValue, Failure, OutOfRange, UnknownName, did_you_mean, shown
from hegemon.experiments.claims.draws import Draws, chosen, prior_draws
from hegemon.experiments.claims.effects import effects
from hegemon.experiments.claims.ensembles import Pool, Wanted
from hegemon.experiments.claims.outcomes import Outcome, outcomes, place
from hegemon.experiments.claims.recorded import recorded
from hegemon.experiments.claims.verdicts import Judged, Judgement, Under, under

Progress = Callable[[int, int], None]

SHARE = 0.5
"""Part of the histories of each draw that is spent on the priors, and on every mechanism switched off."""


@dataclass(frozen=True)
class Task:
    """A claim's ensembles under some draws, with some mechanisms switched off."""

    claim: Claim
    orders: tuple[tuple[Given, ...], ...]
    off: tuple[str, ...]
    draws: Draws
    runs: int
    seed: int

    def wanted(self, given: Given) -> Wanted:
        """The ensemble of a side."""
        return Wanted(given, self.off, self.draws, self.runs, self.seed)

    def parts(self) -> list[tuple[Estimand, list[tuple[Wanted, object, Outcome]]]]:
        """By estimand: the one or two outcomes that make it, each with its ensemble and the name it asks under."""
        found: list[tuple[Estimand, list[tuple[Wanted, object, Outcome]]]] = []
        for e, (estimand, orders) in enumerate(zip(self.claim.estimand, self.orders, strict=True)):
            inside = outcomes(estimand, place(orders[0].scenario))
            pairs = [(given, outcome) for given in orders for outcome in inside]
            found.append((estimand, [(self.wanted(given), (self.claim.id, e, n), outcome)
                                     for n, (given, outcome) in enumerate(pairs)]))  # fmt: skip
        return found

    def ask(self, pool: Pool) -> None:
        """Say what will be needed."""
        for _, parts in self.parts():
            for wanted, who, outcome in parts:
                pool.ask(wanted, who, outcome)

    def answer(self, pool: Pool) -> Under:
        """Simulate what has not been simulated, and judge."""
        measured = []
        for estimand, parts in self.parts():
            sums = [pool.sums(wanted, who) for wanted, who, _ in parts]
            kind = parts[0][2].kind
            measured.append(effects(kind, sums[0], sums[1] if len(sums) > 1 else None, paired=estimand.paired))
        return under(self.claim.estimand, measured)


def judge(
    ledger: Ledger | str | Path,
    *,
    posterior: str | None = None,
    prior: bool = False,
    draws: int = 100,
    runs: int | None = None,
    only: Sequence[str] = (),
    seed: int | None = None,
    beside: bool = True,
    out: Path | None = None,
    progress: Progress | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Judgement:
    """Judge the claims of a ledger (a built-in one by name, a file, or one that is loaded).

    posterior  draws of the parameters to judge over, by name or file; None: the scenario's, and where it has none, the priors
    prior      judge over the priors
    draws      parameter sets
    runs       histories per set, in place of the ledger's
    only       ids of the claims to judge; none: all
    seed       luck, in place of the ledger's
    beside     also judge over the priors, and with mechanisms switched off
    out        folder in which finished claims, and chunks of histories, are kept, and found again
    progress   called with histories done and asked for
    scheduler  address of a Dask scheduler whose workers simulate
    workers    simulate in so many processes of this machine, instead of in this one

    Raises `UserError` for what is not there or out of range; `Failure` where workers are lost.
    """
    from hegemon.claims import load_claims
    from hegemon.ensemble.crew import crew_at
    from hegemon.experiments.claims.keeping import Kept
    from hegemon.experiments.compare import kept_so_far

    began = time.perf_counter()
    book = ledger if isinstance(ledger, Ledger) else load_claims(ledger)
    if seed is not None:
        if not 0 <= seed < 2**63:
            raise OutOfRange(f"seed = {seed}", "It must lie between 0 and 2^63 - 1.")
        book = book.model_copy(update={"seed": seed})
    if runs is not None and not 2 <= runs <= 4096:
        raise OutOfRange(f"runs = {runs}", "It must lie between 2 and 4096.")
    claims = _chosen(book, only)
    over = chosen(book, posterior, prior, draws)
    apriori = prior_draws(draws, book.seed) if beside and over.source != "prior" else None
    with crew_at(scheduler, workers) as crew:
        kept = Kept(book, over, apriori, runs, beside, out, crew)
        pool = Pool(crew, out) if progress is None else Pool(crew, out, progress)
        waiting = [claim for claim in claims if kept.find(claim) is None]
        tasks = {claim.id: _tasks(book, claim, over, apriori, runs, beside) for claim in waiting}
        for each in tasks.values():
            for task in each.values():
                task.ask(pool)
        judged = []
        try:
            for claim in claims:
                old = kept.find(claim)
                if old is None:
                    old = _judged(book, claim, tasks[claim.id], pool)
                    kept.keep(old)
                judged.append(old)
        except Failure as lost:
            raise type(lost)(f"{lost}; {kept_so_far(out)}") from lost
        pool.finish()
    made = kept.made | {"wall_seconds": round(time.perf_counter() - began, 1), "histories": pool.done}
    return Judgement(book, tuple(judged), made)


def _chosen(ledger: Ledger, only: Sequence[str]) -> list[Claim]:
    by_id = {claim.id: claim for claim in ledger.claim}
    for name in only:
        if name not in by_id:
            raise UnknownName(f"no claim is called {shown(name)}", did_you_mean(name, by_id))
    if len(set(only)) != len(only):
        raise BadValue("a claim is named twice", "Name each once.")
    return [by_id[name] for name in only] if only else list(ledger.claim)


def _tasks(ledger: Ledger, claim: Claim, over: Draws, apriori: Draws | None, runs: int | None, beside: bool
           ) -> dict[str, Task]:  # fmt: skip
    """All that is simulated for a claim, by name: "", "prior", "all on", and each mechanism switched off."""
    many = runs or claim.runs or ledger.runs
    orders = tuple(sides(estimand, ledger.base) for estimand in claim.estimand)
    found = {"": Task(claim, orders, (), over, many, ledger.seed)}
    few = max(2, int(many * SHARE))
    if apriori is not None:
        found["prior"] = Task(claim, orders, (), apriori, few, ledger.seed)
    if beside and claim.mechanisms:
        found["all on"] = Task(claim, orders, (), over, few, ledger.seed)
        for name in claim.mechanisms:
            found[f"without {name}"] = Task(claim, orders, (name,), over, few, ledger.seed)
    return found


def _judged(ledger: Ledger, claim: Claim, tasks: dict[str, Task], pool: Pool) -> Judged:
    answers = {name: task.answer(pool) for name, task in tasks.items()}
    without = {name.removeprefix("without "): answers[name] for name in answers if name.startswith("without ")}
    said = tuple(recorded(r, ledger.base) for r in claim.record)
    prior = answers[""] if tasks[""].draws.source == "prior" else answers.get("prior")
    return Judged(claim, answers[""], prior, without, answers.get("all on"), said)
