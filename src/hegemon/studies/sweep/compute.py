"""Sweeps: an order's outcomes over the priors of its parameters, or over its posterior.

Every set of parameters is simulated in the same histories: run r of each throws the dice of history r. A set is a row of
the batch, never another compilation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import numpy as np

from hegemon.engine.histories import Chunk, Ensemble
from hegemon.engine.jobs import Workers
from hegemon.engine.readings import Question, Readings
from hegemon.engine.sets import Sets
from hegemon.engine.workers import workers_at
from hegemon.errors import BadValue
from hegemon.inference.vector import FIXED
from hegemon.order import Order
from hegemon.outcomes import Outcome
from hegemon.studies.asking import ask
from hegemon.studies.provenance import made
from hegemon.studies.study import Progress, Resources, keeping
from hegemon.studies.sweep import twins
from hegemon.studies.sweep.analysis import Outcomes, analyse
from hegemon.studies.sweep.designs import Unit
from hegemon.studies.sweep.placing import Parameters, placed
from hegemon.studies.sweep.question import SweepQuestion
from hegemon.studies.sweep.result import Sweep

Simulate = Callable[[Sequence[Parameters]], Iterator[Outcomes]]

BLOCK = 16_384
"""Histories that the engine is asked for at a time, or a chunk, where that is more."""


def compute(question: SweepQuestion, resources: Resources) -> Sweep:
    """Simulate every set and ask what its outcomes depend on. Raises `Failure` where workers are lost."""
    order, runs = question.order(), question.runs_per_set
    how, asked, condition = question.plan(), question.outcomes(), question.condition()
    test = None if condition is None else (condition.outcome.text, condition.holds)
    with workers_at(resources.scheduler, resources.workers) as workers:
        also = twins.sets(question, how)
        total = (how.evaluations + sum(len(x) for x in also.values())) * runs
        simulate = simulation(order, how.names, asked, runs, question.seed, total, resources.progress, workers=workers,
                              folder=resources.folder)  # fmt: skip
        block = max(max(BLOCK, workers.size) // runs, 1)
        with keeping(resources.folder):
            found = analyse(partial(at_quantiles, order, how.names, simulate), [outcome.text for outcome in asked], how,
                            condition=test, block=block)  # fmt: skip
            beside = twins.table(also, simulate, [outcome.text for outcome in asked])
        size, platform = workers.size, workers.platform
    return Sweep(question, made(resources.seconds, platform, chunk=size, sets=how.evaluations), twins=beside, **vars(found))


def simulation(
    order: Order, names: tuple[str, ...], asked: Sequence[Outcome], runs: int, seed: int, total: int,
    progress: Progress | None = None, *, workers: Workers, folder: Path | None = None,
) -> Simulate:  # fmt: skip
    """Outcomes of an order under sets of parameters, block by block.

    names   parameters that vary: fixed ones among them follow the free ones in a set (`placed`)
    total   histories that will be asked for, in all
    folder  where finished chunks are kept; None: nowhere
    """
    done, several, also = 0, tuple(asked), tuple(name for name in names if name in FIXED)
    what = " ".join(outcome.text for outcome in several)

    def simulate(blocks: Sequence[Parameters]) -> Iterator[Outcomes]:
        nonlocal done
        given = [Sets(sets, runs, paired=True, also=also) for sets in blocks]
        read = partial(_read, order, several)
        questions = (Question((Ensemble(order, len(sets.values) * runs, seed, sets),), read, what) for sets in given)
        coming = Readings(tuple(questions), workers, folder)
        for number, readings in groupby(coming, key=lambda found: found[0]):
            parts = []
            for _, reading in readings:
                parts.append(reading["ratios"])
                done += reading["ratios"].shape[-1]
                if progress is not None:
                    progress(done, total)
            ratios = np.moveaxis(np.concatenate(parts, axis=2), 2, 0).reshape(len(blocks[number]), runs, len(asked), 2)
            yield pooled(ratios[..., 0], ratios[..., 1], asked)

    return simulate


def at_quantiles(order: Order, names: tuple[str, ...], simulate: Simulate, blocks: Sequence[Unit]) -> Iterator[Outcomes]:
    """Outcomes at quantiles of the priors of some parameters; the others are the order's own."""
    yield from simulate([placed(order, names, unit) for unit in blocks])


def _read(order: Order, several: tuple[Outcome, ...], chunk: Chunk) -> dict[str, Any]:
    """Numerators and denominators of a chunk's histories, [M, 2, R]."""
    return {"ratios": np.array([outcome.read(chunk, order) for outcome in several])}


def pooled(top: Any, bottom: Any, asked: Sequence[Outcome]) -> Outcomes:
    """Outcomes by run whose mean over a set's runs is the ratio of its sums, [S, R, M].

    A ratio's runs are its linearisation around the pooled value (the delta method), so that its luck is known too.
    """
    whole = bottom.sum(1, keepdims=True)
    for m, outcome in enumerate(asked):
        empty = int((whole[:, 0, m] == 0).sum())
        if empty:
            raise BadValue(f"{outcome.text}: in {empty:,} of {len(whole):,} sets there is no crisis to take a share of",
                           "Ask for more --runs-per-set, more quarters, or all neighbours.")  # fmt: skip
    ratio = top.sum(1, keepdims=True) / whole
    return np.asarray(ratio + (top - ratio * bottom) / (whole / bottom.shape[1]), np.float32)


def sweep(
    order: Order | str, measure: Sequence[str] = (), *, over: Sequence[str] = (), when: str | None = None,
    design: Literal["sobol", "latin", "morris"] | None = None, by: Literal["parameter", "mechanism"] = "parameter",
    most: int | None = None, sets: int | None = None, runs_per_set: int = 32, posterior: bool = False, seed: int = 0,
    out: str | Path | None = None, progress: Progress | None = None, scheduler: str | None = None, workers: int | None = None,
) -> Sweep:  # fmt: skip
    """Vary an order's parameters over their priors and see what its outcomes depend on.

    order         an order, or a scenario by name or file
    measure       outcomes, as "autonomy@KAZ@2022Q1" (`hegemon.outcomes`); none: the neighbours' autonomy, hierarchy, and
                  whether force is used
    over          parameters, by name or pattern ("pact.vote", "red_line.*"); none: all. What is not varied stays as it is
    when          a condition, as "autonomy@KAZ@2022Q1 < 0.2": under which parameters does it hold?
    design        "sobol" (indices; the default), "latin" (rank regression) or "morris" (elementary effects)
    by            "parameter", or "mechanism": the parameters of a mechanism or instrument move together
    most          parameters that a Sobol design looks at one by one (12): the others move together, as one factor
    sets          base sets, a power of two (Sobol, 512), sets (Latin hypercube, 2048) or trajectories (Morris, 16)
    runs_per_set  histories per set, 2 to 65,536, the same random numbers for each set
    posterior     the draws of the order's posterior in place of the priors
    seed          luck and design: the same seed gives the same result
    out, progress, scheduler, workers  see `hegemon.studies.asking.ask`; progress is counted in histories

    Raises `UserError` for what the order does not have, and for options that contradict each other; `Failure` where workers
    are lost. Indices: Saltelli et al. 2010, Comput. Phys. Commun. 181:259; boxes: Friedman and Fisher 1999, Stat. Comput. 9:123.
    """
    question = SweepQuestion.of({
        **SweepQuestion.about(order), "measure": measure, "over": over, "when": when, "design": design, "by": by, "most": most,
        "sets": sets, "runs_per_set": runs_per_set, "posterior": posterior, "seed": seed,
    })  # fmt: skip
    return ask(question, out=out, progress=progress, scheduler=scheduler, workers=workers)
