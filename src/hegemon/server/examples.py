"""Worked examples: questions that the home page asks, answered before anybody opens them.

When an explorer starts, those without an answer wait behind everything that somebody asks for; the answers are results like
any other, kept in the results folder, so that the next explorer has them at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from hegemon.errors import UserError
from hegemon.server.answers import ExampleInfo
from hegemon.server.asked import CompareAsked, RunAsked, Side
from hegemon.server.errors import Refused
from hegemon.server.jobs import Job
from hegemon.server.routes import compares, runs
from hegemon.server.site import Site


@dataclass(frozen=True)
class Example:
    """A question, and how its answer is to be looked at."""

    title: str
    what: str
    asked: RunAsked | CompareAsked
    view: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What answers it."""
        return "run" if isinstance(self.asked, RunAsked) else "compare"


@cache
def examples() -> tuple[Example, ...]:
    """All of them, in the order of the page."""
    order = Side(scenario="post-soviet")
    return (
        Example(
            "How much foreign policy does Russia leave its neighbours?",
            "Thirty years of fourteen neighbours, on the map, beside the record.",
            RunAsked(scenario="post-soviet", runs=500, seed=7),
            {"q": "2022Q1", "state": "KAZ"},
        ),
        Example(
            "January 2022 in Kazakhstan: with the pact, or alone?",
            "The same history to 2021; then collective force against unilateral force, under the same luck.",
            CompareAsked(first=Side(scenario="kazakhstan-2022"), second=Side(scenario="kazakhstan-alone"), runs=200, seed=7),
            {"m": "fear", "state": "KAZ"},
        ),
        Example(
            "What if no rival offered anything?",
            "The order as it is, against the same order with its rival poles switched off.",
            CompareAsked(first=order, second=order.model_copy(update={"without": ["rivals"]}), runs=200, seed=7),
            {"m": "autonomy"},
        ),
    )


def job_of(site: Site, example: Example) -> Job:
    """The run or comparison that answers it."""
    asked = example.asked
    return runs.job_of(site, asked) if isinstance(asked, RunAsked) else compares.job_of(site, asked)


def prepare(site: Site) -> None:
    """Queue those without an answer, behind all else. What somebody has cancelled, or has failed, is left alone."""
    for example in examples():
        with contextlib.suppress(UserError, Refused):  # of another version, or made elsewhere: whoever opens it is told
            job = job_of(site, example)
            before = site.jobs.jobs.get(job.id)
            if before is None or before.status == "interrupted":
                site.submit(job, example.asked.model_dump(), idle=True)


def told(site: Site) -> list[ExampleInfo]:
    """The examples, and how far their answers are."""
    found = []
    for example in examples():
        name = job_of(site, example).id
        known = name in site.shelf.kept or name in site.jobs.jobs
        found.append(ExampleInfo(
            id=name, kind=example.kind, title=example.title, what=example.what, view=dict(example.view),
            request=example.asked.model_dump(), entry=site.entry(name) if known else None,
        ))  # fmt: skip
    return found
