"""Asking a question: what is there already is read, what is unfinished goes on, what is new is computed and saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon import studies
from hegemon.engine.trial import passed
from hegemon.errors import UserError
from hegemon.owner import owned
from hegemon.studies import folder as folders
from hegemon.studies.study import Progress, Resources

if TYPE_CHECKING:
    from hegemon.studies.question import Question
    from hegemon.studies.result import Result


def ask(
    question: Question, *, out: str | Path | None = None, progress: Progress | None = None, scheduler: str | None = None,
    workers: int | None = None,
) -> Any:  # fmt: skip
    """The answer to a question.

    out        folder to keep the answer in; the same question on an unfinished one goes on, on a finished one reads it
    progress   called with steps done and steps in all
    scheduler  address of a Dask scheduler whose workers compute: "tcp://10.0.0.5:8786"
    workers    compute in so many processes of this machine, one core each, instead of in this one

    Raises `UserError` for a question that cannot be, a folder that holds something else or cannot be written to, and workers
    that cannot be used; `Failure` where they are lost on the way.
    """
    kind, question = studies.study(question.study), question.resolved()
    question.check()
    for order in question.orders().values():
        passed(order)
    if out is None:
        return kind.ask(question, Resources(None, scheduler, workers, progress))
    place = Path(out)
    found = folders.claimed(place, question)
    if found is not None and found.complete:
        return folders.open_result(place)
    new = [each for each in (place, *place.parents) if not each.exists()]
    with owned(place):
        found = folders.claimed(place, question)  # what another process has finished in the meantime
        if found is not None and found.complete:
            return folders.open_result(place)
        try:
            folders.begin(place, question)
            answer: Result = kind.ask(question, Resources(place, scheduler, workers, progress))
            folders.complete(answer, place)
        except UserError:
            if found is None:
                folders.forget(place, new)
            raise
        return answer
