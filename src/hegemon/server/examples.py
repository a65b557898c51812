"""Worked examples: questions that the home page asks, answered before anybody opens them.

When an explorer starts, those without an answer wait behind everything that somebody asks; the answers are results like any
other, kept in the results folder, so that the next explorer has them at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hegemon import studies
from hegemon.errors import UserError
from hegemon.server import questions
from hegemon.server.answers import ExampleInfo
from hegemon.server.errors import Refused
from hegemon.server.jobs import Job
from hegemon.server.site import Site


@dataclass(frozen=True)
class Example:
    """A question, and how its answer is to be looked at."""

    title: str
    what: str
    study: str
    question: Mapping[str, Any]
    view: Mapping[str, str] = field(default_factory=dict)


EXAMPLES = (
    Example(
        "How much foreign policy does Russia leave its neighbours?",
        "Thirty years of fourteen neighbours, on the map, beside the record.",
        "run",
        {"scenario": "post-soviet", "runs": 512, "seed": 7},
        {"q": "2022Q1", "state": "KAZ"},
    ),
    Example(
        "January 2022 in Kazakhstan: with the pact, or alone?",
        "The same history to 2021; then collective force against unilateral force, with the same random numbers.",
        "compare",
        {"first": "kazakhstan-2022", "second": "kazakhstan-alone", "runs": 512, "seed": 7},
        {"m": "fear", "state": "KAZ", "q": "2022Q1"},
    ),
    Example(
        "What if no rival offered anything?",
        "The order as it is, against the same order with its rival poles switched off.",
        "compare",
        {"first": "post-soviet", "without": ("rivals",), "runs": 512, "seed": 7},
        {"m": "autonomy"},
    ),
)
"""All of them, in the order of the page."""


def job_of(site: Site, example: Example) -> Job:
    """The job that answers it."""
    kind = studies.study(example.study)
    return site.job(questions.question_of(kind, questions.body_of(kind)(**example.question), site.scenarios))


def prepare(site: Site) -> None:
    """Queue those without an answer, behind all else. What somebody has cancelled, or has failed, is left alone."""
    for example in EXAMPLES:
        with contextlib.suppress(UserError, Refused):  # of another version, or made elsewhere: whoever opens it is told
            job = job_of(site, example)
            before = site.jobs.jobs.get(job.id)
            if before is None or before.status == "interrupted":
                site.submit(job, idle=True)


def told(site: Site) -> list[ExampleInfo]:
    """The examples, and how far their answers are."""
    found = []
    for example in EXAMPLES:
        job = job_of(site, example)
        known = job.id in site.index.saved or job.id in site.jobs.jobs
        found.append(ExampleInfo(
            id=job.id, study=example.study, noun=studies.study(example.study).noun, title=example.title,
            what=example.what, view=dict(example.view), question=questions.plain(job.asked),
            entry=site.entry(job.id) if known else None,
        ))  # fmt: skip
    return found
