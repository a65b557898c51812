"""Sweeps: an order's outcomes over the priors of its parameters, or over its posterior.

Every set of parameters is simulated in the same histories: run r of each throws the dice of history r. A set is a row of
the batch, never another compilation.
"""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.ensemble.work import Crew
from hegemon.errors import BadValue, Failure, Missing, OutOfRange, UnknownParameter, did_you_mean, shown
from hegemon.experiments.sensitivity import designs, outcomes
from hegemon.experiments.sensitivity.kept import Kept
from hegemon.experiments.sensitivity.outcomes import Condition, Outcome
from hegemon.experiments.sensitivity.study import Model, Outcomes, Plan, Study, study
from hegemon.mechanisms import PRIORS
from hegemon.order import Order
from hegemon.parameters import Prior

if TYPE_CHECKING:
    from hegemon.ensemble.histories import Chunk

RUNS = 32
"""Histories per set where the user names no number."""

MOST = 12
"""Parameters looked at one by one where the user names no number."""

PADDED = 512
"""Sets come in multiples of this where they are made, so that few programs are compiled."""

BLOCK = 16_384
"""Histories between two savings, or a chunk, where that is more."""

Unit = designs.Unit
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sweep:
    """What an order's outcomes depend on.

    study      points, outcomes and tables (`experiments.study.Study`)
    outcomes   what was asked
    condition  what boxes were sought for, or None
    made       how it was made
    """

    study: Study
    outcomes: tuple[Outcome, ...]
    condition: Condition | None
    made: dict[str, Any]


def sweep(
    order: Order,
    measures: Sequence[str] = (),
    *,
    over: Sequence[str] = (),
    when: str | None = None,
    design: str | None = None,
    by: str = "parameter",
    most: int | None = None,
    sets: int | None = None,
    runs: int = RUNS,
    posterior: bool = False,
    seed: int = 0,
    out: str | Path | None = None,
    progress: Progress | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Sweep:
    """Vary an order's parameters over their priors and see what its outcomes depend on.

    measures   outcomes, as "autonomy@KAZ@2022Q1" (`experiments.outcomes`); none: the neighbours' autonomy, hierarchy,
               and whether force is used
    over       parameters, by name or pattern ("pact.vote", "red_line.*"); none: all but the fixed ones. What is not varied
               stays as it is
    when       a condition, as "autonomy@KAZ@2022Q1 < 0.2": under which parameters does it hold?
    design     "sobol" (indices; the default), "latin" (rank regression) or "morris" (elementary effects)
    by         "parameter", or "mechanism": the parameters of a mechanism or instrument move together
    most       parameters that a Sobol design looks at one by one: the others move together, as one factor
    sets       base sets, a power of two (Sobol), sets (Latin hypercube) or trajectories (Morris)
    runs       histories per set, the same dice for each set
    posterior  the draws of the order's posterior in place of the priors
    out        folder to keep the outcomes in; the same call goes on where it stopped
    progress   called with histories done and asked for
    scheduler  address of a Dask scheduler whose workers simulate
    workers    simulate in so many processes of this machine, instead of in this one

    Raises `UserError` for what the order does not have, and for options that contradict each other; `Failure` where workers
    are lost.
    """
    if not 2 <= runs <= 65_536:
        raise OutOfRange(f"{runs} runs per set", "Ask for 2 to 65,536: with one, luck looks like an effect.")
    if not 0 <= seed < 2**64:
        raise OutOfRange(f"seed = {seed}", "It must lie between 0 and 2^64 - 1.")
    asked = [outcomes.parse(text, order) for text in measures]
    condition = None if when is None else outcomes.condition(when, order)
    if condition is not None:
        asked.append(condition.outcome)
    asked = asked or [outcomes.parse(text, order) for text in outcomes.defaults(order)]
    asked = list({outcome.text: outcome for outcome in asked}.values())
    plan = _plan(order, chosen(order, over), design, by, most, sets, posterior, condition is not None, seed)
    plan.check()

    from hegemon.ensemble.crew import crew_at
    from hegemon.experiments.compare import kept_so_far

    folder = None if out is None else Path(out)
    with crew_at(scheduler, workers) as crew:
        identity = {
            "scenario_hash": order.hash, "version": _version(), "platform": crew.platform, "chunk": crew.size,
            "design": plan.kind, "sets": plan.sets, "most": plan.most if plan.screened else None, "by": by, "runs": runs,
            "seed": seed, "outcomes": [outcome.text for outcome in asked], "parameters": list(plan.names),
        }  # fmt: skip
        made = _made(order, plan, runs, seed, crew, posterior, condition)
        kept = Kept(folder, identity, made)
        model = simulator(order, plan.names, asked, runs, seed, plan.evaluations, progress, crew=crew, folder=folder)
        try:
            result = study(
                model,
                [outcome.text for outcome in asked],
                plan,
                condition=None if condition is None else (condition.outcome.text, condition.holds),
                block=_block(runs, crew.size),
                kept=kept,
            )
        except Failure as lost:
            raise type(lost)(f"{lost}; {kept_so_far(folder)}") from lost
    return Sweep(result, tuple(asked), condition, made)


def _plan(
    order: Order, names: tuple[str, ...], design: str | None, by: str, most: int | None, sets: int | None,
    posterior: bool, conditioned: bool, seed: int,
) -> Plan:  # fmt: skip
    """The plan that the options ask for. Raises `BadValue` where they contradict each other."""
    kind = design or ("posterior" if posterior else "sobol")
    if posterior and design is not None:
        raise BadValue(
            f"--posterior and --design {design} contradict each other", "The posterior's draws are the design."
        )
    if posterior and sets is not None:
        raise BadValue(
            "--posterior and --sets contradict each other", "The posterior has as many sets as it has draws."
        )
    if not posterior and kind not in designs.KINDS:
        raise BadValue(f"no design is called {shown(kind)}", did_you_mean(kind, designs.KINDS))
    if by not in ("parameter", "mechanism"):
        raise BadValue(f"--by {shown(by)}", "Sweep by parameter or by mechanism.")
    if by == "mechanism" and kind in ("latin", "posterior"):
        raise BadValue(f"--by mechanism and --{'posterior' if posterior else 'design latin'} contradict each other",
                       "Mechanisms as a whole need --design sobol or morris.")  # fmt: skip
    if by == "mechanism" and most is not None:
        raise BadValue("--by mechanism and --most contradict each other", "By mechanism, all are looked at.")
    if most is not None and kind == "morris":
        raise BadValue("--most and --design morris contradict each other", "Morris looks at every parameter.")
    if most is not None and not 1 <= most <= 200:
        raise OutOfRange(f"--most {most}", "Look at 1 to 200 parameters one by one.")
    if conditioned and kind == "morris":
        raise BadValue("--when and --design morris contradict each other", "Boxes need --design sobol or latin.")
    factor = tuple(name.partition(".")[0] for name in names) if by == "mechanism" else None
    if factor is not None and len(set(factor)) < 2:
        raise BadValue(f"--by mechanism, and all parameters belong to {factor[0]}",
                       "Vary more with --over, or sweep by parameter.")  # fmt: skip
    given = _drawn(order, names) if posterior else None
    count = len(given) if given is not None else designs.SETS[kind] if sets is None else sets
    return Plan(names, kind, count, MOST if most is None else most, factor, given, seed)


def chosen(order: Order, over: Sequence[str]) -> tuple[str, ...]:
    """Parameters by name, pattern, or name of a mechanism or instrument, in the order of the registry; none: all that are
    not fixed.

    Those of mechanisms that are off are left out: nothing depends on them. Raises `UnknownParameter` for a word that matches
    none, and `BadValue` where all are off.
    """
    from hegemon.inference.vector import FIXED, MODEL

    known = (*MODEL, *FIXED) if over else MODEL
    blocks = dict.fromkeys(name.partition(".")[0] for name in known)
    wanted: set[str] = set()
    words = [part.strip() for text in over for part in text.split(",")] if over else ["*"]
    for word in words:
        if not word:
            raise Missing("a name is empty in --over", "Write names apart by commas, as in pact.vote,red_line.*.")
        found = fnmatch.filter(known, f"{word}.*" if word in blocks else word)
        if not found:
            near = known if "." in word else blocks
            raise UnknownParameter(f"no parameter matches {shown(word)}", did_you_mean(word, near))
        wanted |= set(found)
    names = tuple(name for name in known if name in wanted and name.partition(".")[0] not in order.off)
    if not names:
        raise BadValue("all parameters to vary belong to mechanisms that are off", "Name others with --over.")
    return names


def _drawn(order: Order, names: tuple[str, ...]) -> Unit:
    """The posterior's draws as quantiles of the priors."""
    from scipy.stats import norm

    from hegemon.inference.vector import FIXED, FREE, aligned
    from hegemon.posterior import load_posterior

    source = order.scenario.posterior
    if source is None:
        raise BadValue(f"{order.name} has no posterior", "Leave out --posterior, or calibrate it: hegemon calibrate.")
    unasked = [name for name in names if name in FIXED]
    if unasked:
        raise BadValue(f"{unasked[0]} is fixed: no posterior says anything about it", "Sweep it without --posterior.")
    z = aligned(load_posterior(source))
    return np.asarray(norm.cdf(z[:, [FREE.index(name) for name in names]]))


def simulator(
    order: Order,
    names: tuple[str, ...],
    asked: Sequence[Outcome],
    runs: int,
    seed: int,
    evaluations: int,
    progress: Progress | None = None,
    *,
    crew: Crew,
    folder: Path | None = None,
) -> Model:
    """Outcomes of an order at quantiles of the priors of some parameters; the others are the order's own.

    folder  where chunks are kept until their block is there; None: nowhere
    """
    from hegemon.ensemble.histories import Ensemble, Sets
    from hegemon.ensemble.readings import Question, Readings
    from hegemon.inference.vector import FIXED

    done, several, also = 0, tuple(asked), tuple(name for name in names if name in FIXED)
    what = " ".join(outcome.text for outcome in several)

    def model(blocks: Sequence[Unit]) -> Iterator[Outcomes]:
        nonlocal done
        questions = []
        for unit in blocks:
            sets = Sets(placed(order, names, unit), runs, paired=True, also=also)
            questions.append(Question((Ensemble(order, sets.runs, seed, sets),), partial(_read, order, several), what))
        coming = Readings(tuple(questions), crew, folder)
        for number, readings in groupby(coming, key=lambda found: found[0]):
            parts = []
            for _, reading in readings:
                parts.append(reading["ratios"])
                done += reading["ratios"].shape[-1]
                if progress is not None:
                    progress(done, evaluations * runs)
            ratios = np.moveaxis(np.concatenate(parts, axis=2), 2, 0).reshape(len(blocks[number]), runs, len(asked), 2)
            yield pooled(ratios[..., 0], ratios[..., 1], asked)
        coming.forget()

    return model


def placed(order: Order, names: tuple[str, ...], unit: Unit) -> npt.NDArray[np.float32]:
    """Parameter sets with some parameters at quantiles of their priors, [S, D]; fixed ones follow the others."""
    from scipy.stats import norm

    from hegemon.inference.vector import FREE, flat

    free = [n for n, name in enumerate(names) if name in FREE]
    at = [FREE.index(names[n]) for n in free]
    short = -len(unit) % PADDED
    z = np.zeros((len(unit) + short, len(FREE)), np.float32)
    z[: len(unit), at] = np.clip(norm.ppf(unit[:, free]), -5.0, 5.0)
    x = np.tile(flat(order.parameters), (len(unit), 1))
    x[:, at] = np.asarray(_values()(z))[: len(unit), at]
    judged = [_evenly(PRIORS[name], unit[:, n]) for n, name in enumerate(names) if n not in free]
    return np.column_stack([x, *judged]).astype(np.float32)


def _evenly(prior: Prior, quantile: Any) -> Any:
    """A fixed parameter's value at a quantile: it is taken evenly from its range."""
    return prior.low + (prior.high - prior.low) * quantile


@functools.cache
def _values() -> Any:
    """From standard normals to parameters, set by set."""
    import jax

    from hegemon.inference.vector import values

    return jax.jit(jax.vmap(values))


def _read(order: Order, several: tuple[Outcome, ...], chunk: Chunk) -> dict[str, Any]:
    """Numerators and denominators of a chunk's histories, [M, 2, R]."""
    return {"ratios": np.array([outcome.read(chunk, order) for outcome in several])}


def _block(runs: int, chunk: int) -> int:
    """Sets that are simulated, and kept, at a time: whole chunks of histories, where sets allow."""
    return max(max(BLOCK, chunk) // runs, 1)


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


def value_at(name: str, quantile: float) -> float:
    """A parameter's value at a quantile of its prior."""
    from scipy.stats import truncnorm

    p = PRIORS[name]
    if p.fixed:
        return float(_evenly(p, quantile))
    low, high = (p.low - p.mean) / p.sd, (p.high - p.mean) / p.sd
    return float(truncnorm.ppf(np.clip(quantile, 1e-6, 1.0 - 1e-6), low, high, loc=p.mean, scale=p.sd))


def folder(order: Order, measures: Sequence[str], over: Sequence[str], *how: Any) -> Path:
    """Where a sweep's result goes if nobody says."""
    key = hashlib.sha256(json.dumps([list(measures), list(over), *how]).encode()).hexdigest()[:8]
    return Path("results") / f"sweep-{order.name}-{order.hash[:8]}-{key}"


def _version() -> str:
    import hegemon

    return hegemon.__version__


def _made(
    order: Order, plan: Plan, runs: int, seed: int, crew: Crew, posterior: bool, condition: Condition | None
) -> dict[str, Any]:
    """How it was made."""
    from hegemon.ensemble.simulate import provenance

    found = provenance(order, plan.evaluations * runs, seed, crew.size, False, crew.platform)
    del found["trajectories"]
    return {
        **found,
        "design": plan.kind,
        "most": plan.most,
        "sets": plan.evaluations,
        "runs_per_set": runs,
        "drawn_from": f"posterior {order.scenario.posterior}" if posterior else "priors",
        "condition": "" if condition is None else condition.text,
        "parameters": list(plan.names),
    }
