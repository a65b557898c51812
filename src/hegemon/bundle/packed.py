"""What any result brings to its bundle: how it was made, its orders, its numbers, its figures, and more files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hegemon.order import Order
    from hegemon.pages.figure import Figure

Files = Mapping[str, bytes]
"""Contents by name."""

Means = dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]
"""Averages by name, each with its standard error."""

Progress = Callable[[int, int], None]

Rebuild = Callable[[Progress | None], Files]
"""Makes a result's numbers anew."""


@dataclass(frozen=True)
class Packed:
    """A result, ready to be packed.

    kind      of result
    title, question  as its page has them
    size      how much was computed, in words: "120 histories, seed 4"
    made      what made.json says, but for what is the same for all
    orders    by name ("" where there is one): scenario and parameters are written for each
    numbers   every number by file name, as .npy, .csv or .json
    posterior name or file of the posterior that parameters come from; None: they come from the priors
    drawn     what of it they are: "the means", "100 draws"
    unkept    names of numbers of which only the fingerprint is kept
    figures   drawn, with provenance
    again     what makes the same anew: a command line, or lines of Python where no command line can say it
    analysis  what the numbers vary over, for TRACE
    more      other files: name to contents
    listed    what the other files are, for the README: name to words
    """

    kind: str
    title: str
    question: str
    size: str
    made: Mapping[str, Any]
    orders: Mapping[str, Order]
    numbers: Files
    figures: Sequence[Figure]
    again: str
    analysis: str
    posterior: str | None = None
    drawn: str = "the means"
    unkept: frozenset[str] = frozenset()
    more: Files = field(default_factory=dict)
    listed: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> Order:
        """The order that ODD and TRACE describe: the only one, or the first."""
        return next(iter(self.orders.values()))


@dataclass(frozen=True)
class Kind:
    """What there is to know about a kind of result.

    pack     the result in a folder
    read     from the files of a bundle, what makes its numbers anew; KeyError, TypeError or ValueError where they are damaged
    means    averages with standard errors from its numbers, to compare where bits may differ
    told     the result on one line
    """

    pack: Callable[..., Packed]
    read: Callable[[Files, Mapping[str, Any]], Rebuild]
    means: Callable[[Files, Mapping[str, Any]], Means]
    told: Callable[[Mapping[str, Any]], str]
