"""What a kind of answer is: its name, its question, how it is computed, and its result."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hegemon.pages.document import Document
    from hegemon.studies.question import Question

Progress = Callable[[int, int], None]
"""Called with steps done and steps in all."""

Numbers = Mapping[str, Any]
"""All that was found, by name: labelled arrays (`xarray.Dataset`), tidy tables (`pandas.DataFrame`), plain values (dict)."""

Z = 1.6448536269514722
"""Standard deviations from the mean of a normal distribution to either end of its middle 90 %."""

MIDDLE = (0.05, 0.95)
"""Quantiles that bound the middle 90 %."""

Estimates = Mapping[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]
"""Averages by name, each with its standard error."""


@runtime_checkable
class Answer(Protocol):
    """What whoever saves, tells, exports or bundles a result needs of it. Results are made of `result.Result`."""

    @property
    def study(self) -> str:
        """The kind of answer."""

    @property
    def question(self) -> Question:
        """What was asked."""

    @property
    def made(self) -> Mapping[str, Any]:
        """How it was made."""

    def numbers(self) -> Numbers:
        """All that was found, by name."""

    def plain(self) -> dict[str, Any]:
        """The numbers as JSON has them."""

    def estimates(self) -> Estimates:
        """Averages with standard errors."""

    def document(self) -> Document:
        """The result as it is told."""

    def page(self) -> str:
        """The page."""

    def write(self, folder: Path) -> None:
        """Write the numbers into a folder."""


@dataclass(frozen=True)
class Resources:
    """With what a question is computed. Nothing of it changes a number.

    folder     where unfinished work is kept, so that the same question goes on from there; None: nothing is kept
    scheduler  address of a Dask scheduler whose workers compute
    workers    compute in so many processes of this machine, instead of in this one
    progress   told how far it is
    began      when, on the machine's clock of seconds
    """

    folder: Path | None = None
    scheduler: str | None = None
    workers: int | None = None
    progress: Progress | None = None
    began: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return round(time.perf_counter() - self.began, 3)

    def tick(self, done: int, total: int) -> None:
        """Tell how far it is."""
        if self.progress is not None:
            self.progress(done, total)


@dataclass(frozen=True)
class Study:
    """A kind of answer.

    name      the command, the route, the page and the mark of its folders: "compare"
    noun      what an answer is called in a sentence: "a comparison"
    summary   what it does, in a line
    question  its class of questions, as "module:name": nothing is imported before it is used
    compute   "module:name" of the function (question, resources) -> result
    result    its class of results, as "module:name"
    parallel  whether it can be computed by other processes
    """

    name: str
    noun: str
    summary: str
    question: str
    compute: str
    result: str
    parallel: bool = True

    @property
    def asks(self) -> type[Question]:
        """The class of its questions."""
        return _named(self.question)

    @property
    def gives(self) -> type[Any]:
        """The class of its results (a `result.Result`)."""
        return _named(self.result)

    def ask(self, question: Question, resources: Resources | None = None) -> Any:
        """Compute the answer to a question; nothing is saved but what resuming needs."""
        return _named(self.compute)(question.resolved(), resources or Resources())


def kept_so_far(folder: Path | None) -> str:
    """What has become of the finished chunks of work whose workers are lost."""
    if folder is None:
        return "nothing is kept, for want of a folder or because there is so little to do."
    return f"what is finished is kept in {folder.as_posix()}, and the same command, with workers again, goes on from there."


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
