"""What a sweep is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from hegemon import outcomes
from hegemon.errors import BadValue
from hegemon.studies.question import A_SCENE, Mechanisms, Option, Question, Scene, Seed, Values, Whole, Word, Words

if TYPE_CHECKING:
    from hegemon.outcomes import Condition, Outcome
    from hegemon.studies.sweep.analysis import Plan

MOST = 12
"""Parameters looked at one by one where the user names no number."""


class SweepQuestion(Question):
    """What do outcomes depend on, how much of them is luck, and under which parameters does something happen?

    Parameters vary over their priors; every set of them runs the same histories. An unfinished sweep goes on.
    """

    study: ClassVar[str] = "sweep"

    scenario: Annotated[Word, Scene(), Option(metavar="SCENARIO", argument=True), A_SCENE] = "post-soviet"
    measure: Annotated[Words, Option("-m", metavar="NAME@STATE@QUARTER")] = Field(
        default=(), description="An outcome, as in autonomy@KAZ@2022Q1; absent: autonomy, hierarchy, and whether force is used."
    )
    when: Annotated[Word | None, Option(metavar="CONDITION")] = Field(
        default=None, description='Find where it holds, as in "autonomy@KAZ@2022Q1 < 0.2".'
    )
    over: Annotated[Words, Option(metavar="PATTERNS")] = Field(
        default=(), description="Parameters to vary, as in pact.vote,red_line.*; absent: all."
    )
    design: Literal["sobol", "latin", "morris"] | None = Field(
        default=None, description="Indices (sobol, the default), rank regression (latin) or elementary effects (morris)."
    )
    by: Literal["parameter", "mechanism"] = Field(
        default="parameter", description="Whether the parameters of a mechanism or instrument move together."
    )
    most: Whole | None = Field(
        default=None, ge=1, le=200, description="Parameters a Sobol design looks at one by one (12); the rest move as one."
    )
    sets: Whole | None = Field(
        default=None, ge=4, le=2**20, description="Base sets (sobol: 512), sets (latin: 2048), trajectories (morris: 16)."
    )
    runs_per_set: Whole = Field(
        default=32, ge=2, le=65_536, description="Histories of each set, the same random numbers for all."
    )
    posterior: bool = Field(default=False, description="The draws of the order's posterior in place of the priors.")
    mechanism: Mechanisms = ()
    set: Values = Field(default={}, description="A parameter changed; where it is varied, its prior counts.")
    without: Annotated[Words, Option(metavar="MECHANISM")] = Field(default=(), description="A mechanism switched off.")
    seed: Seed = 0

    def check(self) -> None:
        """Outcomes are of this order, and the options agree."""
        self.outcomes()
        self.plan().check()

    def plan(self) -> Plan:
        """What is varied, and how. Raises `UserError` where the options contradict each other."""
        from hegemon.studies.sweep import designs
        from hegemon.studies.sweep.analysis import Plan
        from hegemon.studies.sweep.varied import chosen, drawn_sets

        order, posterior = self.order(), self.posterior
        names, kind = chosen(order, self.over), self.design or ("posterior" if posterior else "sobol")
        drawn, grouped = "--posterior" if posterior else f"--design {kind}", self.by == "mechanism"
        for wrong, options, remedy in (
            (posterior and self.design is not None, f"--posterior and --design {kind}", "The posterior's draws are the design."),
            (posterior and self.sets is not None, "--posterior and --sets", "The posterior has as many sets as it has draws."),
            (grouped and kind in ("latin", "posterior"), f"--by mechanism and {drawn}",
             "Mechanisms as a whole need --design sobol or morris."),
            (grouped and self.most is not None, "--by mechanism and --most", "By mechanism, all are looked at."),
            (kind == "morris" and self.most is not None, f"--most and {drawn}", "Morris looks at every parameter."),
            (kind == "morris" and self.when is not None, f"--when and {drawn}", "Boxes need --design sobol or latin."),
        ):  # fmt: skip
            if wrong:
                raise BadValue(f"{options} contradict each other", remedy)
        factor = tuple(name.partition(".")[0] for name in names) if grouped else None
        if factor is not None and len({*factor}) < 2:
            raise BadValue(f"--by mechanism, and all parameters belong to {factor[0]}",
                           "Vary more with --over, or sweep by parameter.")  # fmt: skip
        given = drawn_sets(order, names) if posterior else None
        count = len(given) if given is not None else self.sets or designs.SETS[kind]
        return Plan(names, kind, count, self.most or MOST, factor, given, self.seed)

    def outcomes(self) -> tuple[Outcome, ...]:
        """What is asked of every set, each once, the condition's too."""
        order, condition = self.order(), self.condition()
        asked = [outcomes.parse(text, order) for text in self.measure]
        if condition is not None:
            asked.append(condition.outcome)
        asked = asked or [outcomes.parse(text, order) for text in outcomes.defaults(order)]
        return tuple({outcome.text: outcome for outcome in asked}.values())

    def condition(self) -> Condition | None:
        """What boxes are sought for."""
        return None if self.when is None else outcomes.condition(self.when, self.order())

    @property
    def drawn_from(self) -> str:
        """Where parameters come from, in words."""
        return f"posterior {self.order().scenario.posterior}" if self.posterior else "priors"
