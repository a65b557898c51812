"""What a sweep varies, and how: the plan that a question's options ask for."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hegemon.errors import BadValue, Missing, UnknownParameter, did_you_mean, shown
from hegemon.order import Order
from hegemon.studies.sweep import designs
from hegemon.studies.sweep.analysis import Plan

if TYPE_CHECKING:
    from hegemon.studies.sweep.question import SweepQuestion

MOST = 12
"""Parameters looked at one by one where the user names no number."""


def plan(of: SweepQuestion) -> Plan:
    """The plan that the options ask for. Raises `UserError` where they contradict each other."""
    order, posterior = of.order(), of.posterior
    names, kind = chosen(order, of.over), of.design or ("posterior" if posterior else "sobol")
    drawn, grouped = "--posterior" if posterior else f"--design {kind}", of.by == "mechanism"
    for wrong, options, remedy in (
        (posterior and of.design is not None, f"--posterior and --design {kind}", "The posterior's draws are the design."),
        (posterior and of.sets is not None, "--posterior and --sets", "The posterior has as many sets as it has draws."),
        (grouped and kind in ("latin", "posterior"), f"--by mechanism and {drawn}",
         "Mechanisms as a whole need --design sobol or morris."),
        (grouped and of.most is not None, "--by mechanism and --most", "By mechanism, all are looked at."),
        (kind == "morris" and of.most is not None, f"--most and {drawn}", "Morris looks at every parameter."),
        (kind == "morris" and of.when is not None, f"--when and {drawn}", "Boxes need --design sobol or latin."),
    ):  # fmt: skip
        if wrong:
            raise BadValue(f"{options} contradict each other", remedy)
    factor = tuple(name.partition(".")[0] for name in names) if grouped else None
    if factor is not None and len({*factor}) < 2:
        raise BadValue(f"--by mechanism, and all parameters belong to {factor[0]}",
                       "Vary more with --over, or sweep by parameter.")  # fmt: skip
    given = drawn_sets(order, names) if posterior else None
    count = len(given) if given is not None else of.sets or designs.SETS[kind]
    return Plan(names, kind, count, of.most or MOST, factor, given, of.seed)


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


def drawn_sets(order: Order, names: tuple[str, ...]) -> designs.Unit:
    """The posterior's draws as quantiles of the priors, [S, D]."""
    from scipy.stats import norm

    from hegemon.inference.vector import FIXED, FREE, aligned
    from hegemon.posterior import load_posterior

    source = order.scenario.posterior
    if source is None:
        raise BadValue(f"{order.name} has no posterior", "Leave out --posterior, or calibrate it: hegemon calibrate.")
    if unasked := [name for name in names if name in FIXED]:
        raise BadValue(f"{unasked[0]} is fixed: no posterior says anything about it", "Sweep it without --posterior.")
    z = aligned(load_posterior(source))
    return np.asarray(norm.cdf(z[:, [FREE.index(name) for name in names]]))
