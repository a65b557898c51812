"""What a kind of answer is: its name, its question, how it is computed, and its result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from hegemon.errors import Failure

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
    layouts   tables in layouts of other houses, by the option that writes one: "module:name" of a function (result) -> table
    """

    name: str
    noun: str
    summary: str
    question: str
    compute: str
    result: str
    parallel: bool = True
    layouts: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def asks(self) -> type[Question]:
        """The class of its questions."""
        return resolve_name(self.question)

    @property
    def gives(self) -> type[Any]:
        """The class of its results (a `result.Result`)."""
        return resolve_name(self.result)

    def ask(self, question: Question, resources: Resources | None = None) -> Any:
        """Compute the answer to a question; nothing is saved but what resuming needs."""
        return resolve_name(self.compute)(question.resolved(), resources or Resources())


@contextmanager
def keeping(folder: Path | None) -> Iterator[None]:
    """Where workers are lost within, the failure says what has become of the finished chunks of their work."""
    try:
        yield
    except Failure as lost:
        kept = "nothing is kept, for want of a folder or because there is so little to do"
        if folder is not None:
            kept = (f"what is finished is kept in {folder.as_posix()}, and the same command, with workers again, goes on from "
                    "there")  # fmt: skip
        raise type(lost)(f"{lost}; {kept}.") from lost
