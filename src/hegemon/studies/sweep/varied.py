"""The parameters that a sweep varies: chosen by name, or drawn by a posterior."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

import numpy as np

from hegemon.errors import BadValue, Missing, UnknownParameter, did_you_mean, shown
from hegemon.order import Order
from hegemon.studies.sweep import designs


def chosen(order: Order, over: Sequence[str]) -> tuple[str, ...]:
    """Parameters by name, pattern, or name of a mechanism or instrument, in the order of the registry; none: all.

    Fixed ones are meant only where a word matches no other. Those of mechanisms that are off are left out: nothing depends on
    them. Raises `UnknownParameter` for a word that matches none, and `BadValue` where all are off.
    """
    from hegemon.inference.vector import FIXED, MODEL

    known = (*MODEL, *FIXED) if over else MODEL
    blocks = dict.fromkeys(name.partition(".")[0] for name in known)
    wanted: set[str] = set()
    words = [part.strip() for text in over for part in text.split(",")] if over else ["*"]
    for word in words:
        if not word:
            raise Missing("a name is empty in --over", "Write names apart by commas, as in pact.vote,red_line.*.")
        pattern = f"{word}.*" if word in blocks else word
        found = fnmatch.filter(MODEL, pattern) or fnmatch.filter(FIXED, pattern)
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
    from hegemon.posterior import posterior_of

    kept = posterior_of(order.scenario)
    if kept is None:
        raise BadValue(f"{order.name} has no posterior", "Leave out --posterior, or calibrate it: hegemon calibrate.")
    if unasked := [name for name in names if name in FIXED]:
        raise BadValue(f"{unasked[0]} is fixed: no posterior says anything about it", "Sweep it without --posterior.")
    z = aligned(kept)
    return np.asarray(norm.cdf(z[:, [FREE.index(name) for name in names]]))
