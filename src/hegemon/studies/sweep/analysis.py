"""A sensitivity analysis of any function of a point of the unit cube: screen, look closer, describe.

The function gives, for blocks of sets of parameters, one after the other, outcomes of several runs: [S, D] to [S, R, M]. One
run is enough where there is no luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.studies.sweep import designs, indices
from hegemon.studies.sweep.designs import REST, Design, Space, Unit
from hegemon.studies.sweep.discovery import Box, boxes
from hegemon.studies.sweep.indices import Values

Outcomes = npt.NDArray[np.float32]
Model = Callable[[Sequence[Unit]], Iterator[Outcomes]]
Test = Callable[[Values], npt.NDArray[np.bool_]]

SCREEN = 2048
"""Sets of the Latin hypercube that finds what deserves a closer look."""

FEW = 20
"""Least number of sets in which a condition must hold, and fail, for boxes to be sought."""


@dataclass(frozen=True)
class Plan:
    """What to vary, and how.

    names   parameters
    kind    of `designs.KINDS`, or "posterior"
    sets    base sets, sets or trajectories
    most    parameters looked at one by one in a Sobol design; the others move together, as one factor
    factor  of each parameter where they move in groups; None: each alone
    given   points of the cube in place of a design's
    seed    of the designs and the resampling
    """

    names: tuple[str, ...]
    kind: str
    sets: int
    most: int
    factor: tuple[str, ...] | None = None
    given: Unit | None = None
    seed: int = 0

    @property
    def screened(self) -> bool:
        """Whether a first look decides what is looked at closely."""
        return self.kind == "sobol" and self.factor is None and len(self.names) > self.most

    @property
    def evaluations(self) -> int:
        """Sets of parameters in all."""
        factors = len(set(self.factor)) if self.factor else len(self.names)
        if self.screened:
            return SCREEN + self.sets * (self.most + 3)
        return self.sets * {"sobol": factors + 2, "morris": factors + 1}.get(self.kind, 1)

    def check(self) -> None:
        """Raise `UserError` unless the plan can be carried out."""
        if self.kind != "posterior":
            designs.check(self.kind, self.sets, len(self.names))


@dataclass(frozen=True)
class Found:
    """Where a condition holds: boxes, and the sets that were asked."""

    boxes: tuple[Box, ...]
    holds: int
    sets: int


@dataclass(frozen=True, repr=False)
class Analysis:
    """What came out, as `result.Sweep` has it."""

    design: Design
    values: Outcomes
    luck: pd.DataFrame
    indices: pd.DataFrame | None
    effects: pd.DataFrame | None
    importance: pd.DataFrame | None
    swings: pd.DataFrame | None
    found: Found | None


def analyse(
    model: Model, outcomes: Sequence[str], plan: Plan, *, condition: tuple[str, Test] | None = None, block: int = 512
) -> Analysis:
    """Carry out a plan.

    condition  an outcome and what of its means is of interest
    block      sets evaluated at a time

    Raises `UserError` for a plan that cannot be carried out.
    """
    plan.check()
    looked: tuple[Design, Outcomes] | None = None
    factor = plan.factor or plan.names
    if plan.screened:
        first = designs.make("latin", designs.alone(plan.names), SCREEN, plan.seed, stage=0)
        looked = first, evaluate(model, first.unit, block)
        near = _closest(plan, looked, outcomes)
        factor = tuple(name if name in near else REST for name in plan.names)
    space = Space(plan.names, factor)
    design = designs.make(plan.kind, space, plan.sets, plan.seed, stage=1) if plan.given is None else \
        Design(plan.kind, space, len(plan.given), plan.given)  # fmt: skip
    values = evaluate(model, design.unit, block)

    every = dict(zip(outcomes, np.moveaxis(values.astype(float), -1, 0), strict=True))
    if looked is None and len(design.independent):
        looked = design, values
    unit, means = (np.empty((0, 0)), None) if looked is None else _independent(*looked)
    alone = means is not None and plan.factor is None
    asked = {} if means is None else dict(zip(outcomes, means.T, strict=True))

    luck = {name: vars(indices.luck(y[design.independent] if len(design.independent) else y)) for name, y in every.items()}

    def tables(given: bool, of: Callable[[Values], pd.DataFrame], by: Mapping[str, Values]) -> pd.DataFrame | None:
        return _stacked({name: of(y) for name, y in by.items()}) if given else None

    return Analysis(
        design=design,
        values=values,
        luck=pd.DataFrame.from_dict(luck, orient="index").rename_axis("outcome"),
        indices=tables(design.kind == "sobol", lambda y: indices.sobol(design, y, plan.seed), every),
        effects=tables(design.kind == "morris", lambda y: indices.morris(design, y, plan.seed), every),
        importance=tables(alone, lambda y: indices.importance(plan.names, unit, y), asked),
        swings=tables(alone, lambda y: indices.swing(plan.names, unit, y), asked),
        found=_discovered(plan, unit, asked[condition[0]], condition[1]) if condition is not None and asked else None,
    )


def evaluate(model: Model, unit: Unit, block: int) -> Outcomes:
    """Outcomes of all points, block by block."""
    blocks = [unit[first : first + block] for first in range(0, len(unit), block)]
    return np.concatenate([np.asarray(part, np.float32) for part in model(blocks)])


def _independent(design: Design, values: Outcomes) -> tuple[Unit, Values]:
    """Points that are draws from the priors, and the outcomes' means there, [S, M]."""
    return design.unit[design.independent], values[design.independent].astype(float).mean(1)


def _closest(plan: Plan, looked: tuple[Design, Outcomes], outcomes: Sequence[str]) -> set[str]:
    """The parameters that matter most to any outcome: each outcome names its next in turn, the most important first."""
    unit, means = _independent(*looked)
    tables = [indices.importance(plan.names, unit, means[:, m]) for m in range(len(outcomes))]
    ranked = [list(table["share"].sort_values(ascending=False, kind="stable").index) for table in tables]
    near: dict[str, None] = {}
    for turn in zip(*ranked, strict=True):
        for name in turn:
            if len(near) < plan.most:
                near[str(name)] = None
    return set(near)


def _discovered(plan: Plan, unit: Unit, means: Values, test: Test) -> Found:
    """Boxes in the parameters that matter most to the outcome, by the sets that do not judge."""
    interest = test(means)
    holds = int(interest.sum())
    if not FEW <= holds <= len(interest) - FEW:
        return Found((), holds, len(interest))
    seek = np.arange(len(unit)) % 3 != 2
    share = indices.importance(plan.names, unit[seek], means[seek])["share"].to_numpy()
    axes = np.sort(np.argsort(-share, kind="stable")[: plan.most])
    names = [plan.names[axis] for axis in axes]
    return Found(tuple(boxes(names, unit[:, axes], interest)), holds, len(interest))


def _stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tables one below the other; their notes by outcome."""
    whole = pd.concat({name: table.copy(deep=True) for name, table in tables.items()}, names=["outcome"])
    whole.attrs = {name: dict(table.attrs) for name, table in tables.items()}
    return whole
