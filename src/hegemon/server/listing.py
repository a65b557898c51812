"""Results as a list shows them: those on disk, and those that wait, are worked on or have failed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from hegemon.server import limits, questions
from hegemon.server.answers import Entry
from hegemon.server.index import Saved
from hegemon.server.jobs import Job
from hegemon.server.scenarios import Scenarios
from hegemon.studies.question import Question

RATE = 3e6  # neighbours times quarters times histories per second, where no result says better
START = 6.0  # seconds until a worker has compiled


def entry(saved: Saved | None, job: Job | None, scenarios: Scenarios) -> Entry:
    """A result, or a job, or both of one name. A finished result on disk is finished, whatever a job says."""
    if saved is not None and (saved.whole or job is None):
        return of_folder(saved, scenarios)
    assert job is not None
    return of_job(job, scenarios, 0 if saved is None else saved.done)


def of_folder(saved: Saved, scenarios: Scenarios) -> Entry:
    """A result on disk."""
    total = steps(saved.question)
    status = "done" if saved.whole else "running" if saved.elsewhere else "interrupted"
    return Entry(
        **saved.about, named=False, question=known(saved.question, scenarios), id=saved.id, status=status,
        done=total if saved.whole else saved.done, total=total, version=str(saved.made.get("version", "")),
        created=moment(saved.stamp / 1e9), resumable=status == "interrupted", error=None,
        estimate_seconds=saved.made.get("seconds"),
    )  # fmt: skip


def of_job(job: Job, scenarios: Scenarios, stored: int) -> Entry:
    """A job; `stored` steps are on disk, which an explorer that was killed has not noted."""
    about = {key: value for key, value in job.about.items() if key != "estimate"}
    return Entry(
        **{"when": None, **about}, named=False, question=known(job.asked, scenarios), id=job.id, status=job.status,
        done=max(job.done, stored),
        total=job.total or steps(job.asked), created=moment(job.created), error=job.error,
        resumable=job.status in ("failed", "cancelled", "interrupted"), estimate_seconds=job.about["estimate"],
    )  # fmt: skip


def known(question: Question, scenarios: Scenarios) -> dict[str, Any] | None:
    """What a client asks to get the same again; None where it cannot be asked here."""
    return questions.plain(question) if questions.askable(question, scenarios) else None


def steps(question: Question) -> int:
    """Steps in all, before anybody has said: histories where there are any."""
    return int(getattr(question, "runs", None) or getattr(question, "draws", None) or 0)


def moment(seconds: float) -> str:
    """A time as ISO 8601, UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def estimate(question: Question, saved: Iterable[Saved]) -> float:
    """Seconds its answer would take, as answers of its kind have taken."""
    rates: list[float] = []
    for each in sorted(saved, key=lambda s: -s.stamp):
        seconds = float(each.made.get("seconds") or 0.0)
        alike = each.whole and each.study.name == question.study and steps(each.question) >= 1_000
        if alike and seconds > 0.0 and len(rates) < 5:
            rates.append(limits.work(each.question) / seconds)
    rate = sorted(rates)[len(rates) // 2] if rates else RATE
    return round((0.0 if rates else START) + limits.work(question) / rate, 1)
