"""What a client may ask for, and the order that is meant by it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from hegemon import quarters
from hegemon.order import Order
from hegemon.server import limits
from hegemon.server.scenarios import Scenarios

Name = Annotated[str, Field(max_length=80)]
Quarter = Annotated[str, Field(pattern=r"^[0-9]{4}Q[1-4]$")]
Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Seed = Annotated[int, Field(ge=0, lt=2**53, description="luck: the same seed gives the same histories")]


class Asked(BaseModel):
    """Anything a client sends: no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Side(Asked):
    """An order: a scenario by name, with what is changed."""

    scenario: Name = Field(description="a built-in scenario, or one that was sent", examples=["post-soviet"])
    set: dict[Name, Number] = Field(
        default={}, max_length=400, description="values by mechanism.parameter or instrument.effect"
    )
    without: list[Name] = Field(default=[], max_length=40, description="mechanisms switched off")
    force: list[Annotated[str, Field(max_length=200)]] = Field(
        default=[], max_length=20, description='events that are given, as "2022Q1 KAZ uprising unilateral_force"'
    )
    record: Quarter | None = Field(default=None, description="follow history to the end of this quarter, then dice")
    end: Quarter | None = Field(default=None, description="last quarter")


class RunAsked(Side):
    """Histories of an order."""

    runs: int = Field(default=2_000, ge=1, le=limits.RUNS)
    seed: Seed = 0


class CompareAsked(Asked):
    """Two orders under the same luck."""

    first: Side
    second: Side
    runs: int = Field(default=2_000, ge=2, le=limits.PAIRS)
    seed: Seed = 0


class ScenarioAsked(Asked):
    """A scenario of one's own, in the format of scenario files. It may extend a built-in one."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    text: Annotated[str, Field(min_length=1, description="TOML, up to 200 kB")]


class PredictAsked(Asked):
    """Crises whose answer is to be foretold: a built-in record, or rows with the columns of the codebook."""

    name: Name = "post-soviet"
    rows: list[dict[Name, Annotated[str, Field(max_length=8_000)] | int | None]] | None = Field(
        default=None, min_length=1, max_length=limits.ROWS, description="crises of one's own; the name is then ignored"
    )


def order_of(side: Side, scenarios: Scenarios) -> Order:
    """The order that is meant. A forced event branches from the record the quarter before, unless a client says where."""
    base = changed(side, scenarios)
    forced = _forced(side)
    record, end = side.record, side.end
    if forced:
        from hegemon.experiments.branch import eve

        before, after = eve(base, forced)
        record, end = record or before, end or after
    return _branched(base, forced, record, end)


def pair_of(asked: CompareAsked, scenarios: Scenarios) -> tuple[Order, Order]:
    """Two orders, branching from the same quarter and of the same length where either has a forced event."""
    from hegemon.experiments.branch import eve

    one, other = changed(asked.first, scenarios), changed(asked.second, scenarios)
    first, second = _forced(asked.first), _forced(asked.second)
    before, after = eve(one, [*first, *second]) if first or second else (None, None)
    sides = ((one, asked.first, first), (other, asked.second, second))
    one, other = (_branched(o, forced, side.record or before, side.end or after) for o, side, forced in sides)
    return one, other


def changed(side: Side, scenarios: Scenarios) -> Order:
    """The scenario with its parameters and mechanisms changed."""
    return scenarios.order(side.scenario).with_parameters(dict(side.set)).without(*side.without)


def _forced(side: Side) -> list[dict[str, Any]]:
    from hegemon.experiments.branch import parse_force

    return [parse_force(text) for text in side.force]


def _branched(order: Order, forced: list[dict[str, Any]], record: str | None, end: str | None) -> Order:
    if not forced and record is None and end is None:
        return order
    for quarter in (record, end, *(event["quarter"] for event in forced)):
        if quarter is not None:
            quarters.index(quarter)
    from hegemon.experiments.branch import branched

    return branched(order, forced, record=record, end=end)


def changes(side: Side) -> list[str]:
    """What is changed, in words."""
    said = [f"without {name.replace('_', ' ')}" for name in side.without]
    said += [f"{name} = {value:g}" for name, value in side.set.items()]
    said += [f"given: {text}" for text in side.force]
    said += [f"record to {side.record}"] if side.record else []
    return said + ([f"to {side.end}"] if side.end else [])
