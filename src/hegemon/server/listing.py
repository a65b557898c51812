"""Runs and comparisons as a list shows them: those on disk, and those that wait, run or have failed."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

from hegemon import quarters
from hegemon.server.answers import Entry
from hegemon.server.jobs import Job
from hegemon.server.requests import Requests
from hegemon.server.shelf import Kept

RATE = 3e6
"""Neighbours times quarters times histories per second, where no result says better."""

START = 6.0
"""Seconds until a worker has compiled."""


def entries(kept: Mapping[str, Kept], jobs: Mapping[str, Job], requests: Requests) -> list[Entry]:
    """All of them, the latest first."""
    found = [entry(kept.get(name), jobs.get(name), requests) for name in {*kept, *jobs}]
    return sorted(found, key=lambda each: (each.created, each.id), reverse=True)


def entry(kept: Kept | None, job: Job | None, requests: Requests) -> Entry:
    """One of them. A finished result on disk is finished, whatever a job says."""
    if kept is not None and (kept.whole or job is None):
        return of_folder(kept, requests.of(kept))
    if job is None:
        raise ValueError("neither a result nor a job")
    return of_job(job, requests.known.get(job.id), 0 if kept is None else kept.done)


def of_folder(kept: Kept, request: dict[str, Any] | None) -> Entry:
    """A result on disk."""
    attrs = kept.attrs
    first = "" if kept.kind == "run" else "first_"
    title = attrs["title"] if kept.kind == "run" else told_title(kept)
    status = "done" if kept.whole else "running" if kept.elsewhere else "interrupted"
    return Entry(
        id=kept.id, kind="run" if kept.kind == "run" else "compare", status=status,
        done=kept.done, total=int(attrs["runs"]), title=title, scenario=attrs[f"{first}scenario"],
        scenario_hash=attrs[f"{first}scenario_hash"], seed=int(attrs["seed"]), runs=int(attrs["runs"]),
        version=attrs["version"], created=moment(kept.stamp / 1e9), changes=changes(kept),
        request=request, resumable=status == "interrupted", error=None, estimate_seconds=attrs.get("wall_seconds"),
    )  # fmt: skip


def told_title(kept: Kept) -> str:
    """What a comparison is called."""
    said = told(kept)
    one, other = kept.attrs["first_title"], kept.attrs["second_title"]
    return str(said.get("title") or (one if one == other else f"{other}, against {one}"))


def told(kept: Kept) -> dict[str, Any]:
    """What the explorer wrote down about a comparison it made."""
    try:
        found: dict[str, Any] = json.loads((kept.folder / "comparison.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def changes(kept: Kept) -> list[str]:
    """What was changed of the scenario, as far as its result tells."""
    if kept.kind == "compare":
        return [str(change) for change in told(kept).get("changes", [])]
    said = [f"without {name.replace('_', ' ')}" for name in str(kept.attrs.get("without", "")).split()]
    try:
        values: dict[str, float] = json.loads(kept.attrs.get("changed", "{}"))
        return said + [f"{name} = {value:g}" for name, value in values.items()]
    except (ValueError, TypeError, AttributeError):
        return said


def of_job(job: Job, request: dict[str, Any] | None, stored: int) -> Entry:
    """A job; `stored` histories are on disk, which an explorer that was killed has not noted."""
    about = job.about
    return Entry(
        id=job.id, kind="run" if job.kind == "run" else "compare", status=job.status, done=max(job.done, stored),
        total=about["runs"], title=about["title"], scenario=about["scenario"], scenario_hash=about["scenario_hash"],
        seed=about["seed"], runs=about["runs"], version=about["version"], created=moment(job.created),
        changes=about["changes"], request=request, resumable=job.status in ("failed", "cancelled", "interrupted"),
        error=job.error, estimate_seconds=about["estimate"],
    )  # fmt: skip


def moment(seconds: float) -> str:
    """A time as ISO 8601, UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def estimate(cells: int, runs: int, kept: Iterable[Kept]) -> float:
    """Seconds a run would take, as results of this machine's size have taken."""
    rates: list[float] = []
    for each in sorted(kept, key=lambda k: -k.stamp):
        if each.whole and each.kind == "run" and each.attrs["runs"] >= 1_000 and len(rates) < 5:
            seconds = float(each.attrs.get("wall_seconds", 0.0))
            if seconds > 0.0:
                rates.append(size(each.attrs["scenario_text"]) * each.attrs["runs"] / seconds)
    rate = sorted(rates)[len(rates) // 2] if rates else RATE
    return round((0.0 if rates else START) + cells * runs / rate, 1)


def size(text: str) -> int:
    """Neighbours times quarters of a scenario."""
    found = json.loads(text)
    return len(found["states"]) * (quarters.index(found["end"]) - quarters.index(found["start"]) + 1)
