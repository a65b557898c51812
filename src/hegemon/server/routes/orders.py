"""Orders, what can be changed about them, and worked examples to begin with."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

import hegemon
from hegemon.errors import UserError
from hegemon.history import coverage
from hegemon.instruments import KINDS, NAMES
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.mechanisms import MECHANISMS
from hegemon.order import Order, from_scenario, rows
from hegemon.pages.order import map_of
from hegemon.scenarios.loader import builtin_names
from hegemon.scenarios.schema import Scenario
from hegemon.server import examples, limits
from hegemon.server.answers import About, ExampleInfo, MechanismInfo, OrderInfo, ParameterInfo, ScenarioText
from hegemon.server.bodies import Body
from hegemon.server.once import OnceRoute
from hegemon.server.questions import Renamed, ScenarioAsked
from hegemon.server.routes import Here, errors
from hegemon.server.safety import looks_only
from hegemon.server.scenarios import Scenarios
from hegemon.server.site import Site

router = APIRouter(tags=["orders"], route_class=OnceRoute)

ScenarioId = Annotated[str, Path(max_length=80, description="a scenario of one's own, by name")]

ScenarioName = Annotated[str, Query(max_length=80, examples=["post-soviet"])]


@router.get("/about", response_model=About)
async def about(site: Here, request: Request) -> Response:
    """The explorer's version and limits, the revision, and the names of what it measures."""
    found = {
        "version": hegemon.__version__,
        "viewer": looks_only(request),
        "coding": site.sheet is not None,
        "revision": site.changes.revision,
        "limits": {"runs": limits.RUNS, "waiting": limits.WAITING, "work": limits.WORK, "scenario_bytes": limits.SCENARIO},
        "measures": PER_NEIGHBOUR, "order_measures": SHARED, "kinds": KINDS, "instruments": NAMES,
    }  # fmt: skip
    return Body.of(found).response(request)


@router.get("/orders", response_model=list[OrderInfo])
async def orders(site: Here, request: Request) -> Response:
    """Scenarios: those that come with hegemon, and those that were sent."""
    sent = tuple((name, file.stat().st_mtime_ns) for name, file in site.scenarios.sent().items())
    return (await site.built(("orders", sent), lambda: infos(site.scenarios))).response(request)


def published(site: Site) -> Iterator[str]:
    """What pages of a published site ask for of these."""
    yield from ("about", "orders", "mechanisms", "examples")


def infos(scenarios: Scenarios) -> list[dict[str, Any]]:
    """Every scenario that can be read."""
    found, sent = [], scenarios.kept()
    for name in scenarios.names():
        try:
            found.append(info(scenarios.scenario(name), sent))
        except (UserError, OSError, UnicodeDecodeError):  # a file that somebody has put there
            continue
    return found


def info(scenario: Scenario, sent: Collection[str]) -> dict[str, Any]:
    """A scenario in its names; `sent`: those that were sent to this explorer."""
    covered = None if scenario.history is None else coverage(scenario)
    return OrderInfo(
        name=scenario.name, title=scenario.title, question=scenario.question, patron=scenario.patron.name,
        start=scenario.start, end=scenario.end, region=map_of(scenario) or None, history=scenario.history is not None,
        record=scenario.history, covered=None if covered is None else list(covered),
        posterior=scenario.posterior is not None, builtin=scenario.name in builtin_names(), sent=scenario.name in sent,
        states=[{"iso3": iso3, "name": state.name} for iso3, state in sorted(scenario.states.items())],
        poles=[{"id": pole.id, "name": pole.name} for pole in scenario.poles],
    ).model_dump()  # fmt: skip


@router.post("/scenarios", response_model=OrderInfo, status_code=201, responses=errors(429))
async def send_scenario(site: Here, asked: ScenarioAsked) -> Any:
    """Send a scenario of one's own: checked as a file would be, kept by name in the results folder."""
    found = await run_in_threadpool(site.scenarios.keep, asked.name, asked.text, asked.record)
    site.changes.raise_()
    return info(found, (found.name,))


@router.get("/scenarios/{name}", response_model=ScenarioText, responses=errors(404))
async def scenario_of_ones_own(site: Here, name: ScenarioId) -> ScenarioText:
    """A scenario of one's own as it was sent."""
    text = await run_in_threadpool(site.scenarios.text, name)
    return ScenarioText(name=name, text=text, record=await run_in_threadpool(site.scenarios.record, name))


@router.patch("/scenarios/{name}", response_model=OrderInfo, responses=errors(404, 409))
async def rename_scenario(site: Here, name: ScenarioId, asked: Renamed) -> Any:
    """Call a scenario of one's own otherwise."""
    found = await run_in_threadpool(site.scenarios.rename, name, asked.name)
    site.changes.raise_()
    return info(found, (found.name,))


@router.delete("/scenarios/{name}", response_model=ScenarioText, responses=errors(404))
async def delete_scenario(site: Here, name: ScenarioId) -> ScenarioText:
    """Take a scenario of one's own away: what is given back can be sent again. Results made with it keep what it said."""
    text, record = await run_in_threadpool(site.scenarios.drop, name)
    site.changes.raise_()
    return ScenarioText(name=name, text=text, record=record)


@router.get("/parameters", response_model=list[ParameterInfo])
async def parameters(site: Here, request: Request, scenario: ScenarioName = "post-soviet") -> Response:
    """Every number of the model with its prior, and its value in an order."""
    told = await run_in_threadpool(site.scenarios.told, scenario)
    key = ("parameters", scenario, told)
    return (await site.built(key, lambda: registry(from_scenario(site.scenarios.scenario(scenario))))).response(request)


def registry(order: Order) -> list[dict[str, Any]]:
    """The registry of parameters."""
    numbers, found = rows(order.parameters), []
    for key, prior in order.priors.items():
        block, _, name = key.partition(".")
        found.append({
            "name": key, "block": block, "mean": float(prior.mean), "sd": float(prior.sd), "low": float(prior.low),
            "high": float(prior.high) if math.isfinite(prior.high) else None,
            "value": float(f"{float(getattr(numbers[block], name)):.6g}"), "unit": prior.unit, "source": prior.source,
        })  # fmt: skip
    return found


@router.get("/mechanisms", response_model=list[MechanismInfo])
async def mechanisms(request: Request) -> Response:
    """Mechanisms, each of which can be switched off."""
    found = [{"name": m.name, "title": m.title, "system": m.system} for m in MECHANISMS]
    return Body.of(found).response(request)


@router.get("/examples", response_model=list[ExampleInfo])
async def worked_examples(site: Here, request: Request) -> Response:
    """Worked examples, and how far their answers are."""
    key = ("examples", site.changes.revision)
    return (await site.built(key, lambda: [each.model_dump() for each in examples.told(site)])).response(request)
