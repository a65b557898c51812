"""Parameter blocks: the one home of every number the model uses.

A block is a frozen dataclass of scalars. Each field carries its prior mean (the default), prior spread,
unit, range and source, so that validation, the docs, calibration and the web page read the same line.
Blocks reach the model as arguments, never as attributes of a static object: a thousand parameter sets
are one more batch axis, not a thousand compilations.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Float

Scalar = Float[Array, ""] | Float[Array, "1 R"] | np.float32 | float | int
"""A parameter: one number, or one number per history (``[1, R]``) in an ensemble over parameter sets."""

PRIOR = "prior: weakly informative, docs/model"


@dataclass(frozen=True)
class Prior:
    """Prior of one parameter: normal around `mean` with spread `sd`, cut to [`low`, `high`].

    A fixed parameter has no spread: calibration leaves it alone, and a sweep takes it evenly from its range.
    """

    mean: float | int
    sd: float
    unit: str
    source: str
    low: float | int
    high: float | int

    @property
    def fixed(self) -> bool:
        """Whether it is a judgement that no record is asked about."""
        return self.sd == 0.0

    def evenly(self, quantile: Any) -> Any:
        """The value of a fixed parameter at a quantile: it is taken evenly from its range."""
        return self.low + (self.high - self.low) * quantile

    def number(self, value: float) -> Scalar:
        """A value as the model takes it."""
        same = self.fixed and np.float32(value) == np.float32(self.mean)
        return Constant(self.mean) if same else np.float32(value)


@jax.tree_util.register_static
class Constant(float):
    """A fixed parameter at its default: part of the compiled program, and none of its arguments.

    What nobody changes costs nothing, and is rounded as a number written into the formula. Set or swept, it is an argument
    like any other; the program is then compiled once more.
    """


class Params(eqx.Module):
    """A mechanism's parameter block. Subclasses list their fields with `param`."""


def param(
    mean: float, *, sd: float, unit: str, source: str = PRIOR, low: float | int = 0.0, high: float | int = np.inf
) -> Any:
    """A parameter's default with its prior spread, unit, source and range (lowest and highest value allowed)."""
    if not low <= mean <= high:
        raise ValueError(f"default {mean} lies outside [{low}, {high}]")
    return dataclasses.field(default=mean, metadata={"prior": Prior(mean, sd, unit, source, low, high)})


def fixed(value: float, *, unit: str, why: str, low: float | int, high: float | int) -> Any:
    """A judgement: a parameter that can be set and swept over its range, and is not calibrated. `why` says where it is from."""
    if not low <= value <= high < np.inf:
        raise ValueError(f"default {value} lies outside [{low}, {high}], or the range has no end")
    prior = Prior(value, 0.0, unit, f"fixed: {why}", low, high)
    return dataclasses.field(default=Constant(value), metadata={"prior": prior})


def priors(block: Params | type[Params]) -> Iterator[tuple[str, Prior]]:
    """Name and prior of every parameter of a block."""
    for field in dataclasses.fields(block):
        yield field.name, field.metadata["prior"]
