"""What came out of a question: numbers, and a document that tells them. Saving, drawing and exporting follow from these two."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hegemon.errors import UnknownName, did_you_mean, shown
from hegemon.pages import charts, html
from hegemon.pages.html import card
from hegemon.studies.export import export
from hegemon.studies.folder import read_numbers, save, write_numbers
from hegemon.studies.plain import plain
from hegemon.studies.study import Estimates, Numbers
from hegemon.studies.telling import document, write_page

if TYPE_CHECKING:
    from hegemon.pages.document import Document
    from hegemon.studies.question import Question

R = TypeVar("R", bound="Result")


@dataclasses.dataclass(frozen=True)
class Result:
    """The answer to a question.

    question  what was asked, with all that its names stand for
    made      how it was made: version, code, platform, seconds (`provenance.made`)
    """

    question: Question
    made: Mapping[str, Any]

    @property
    def study(self) -> str:
        """The kind of answer."""
        return self.question.study

    @classmethod
    def _found(cls) -> list[str]:
        """Fields besides question and making; one that has a default is not saved."""
        return [each.name for each in dataclasses.fields(cls)[2:] if each.default is dataclasses.MISSING]

    def numbers(self) -> Numbers:
        """All that was found, by name: what is saved, exported, bundled and printed as JSON."""
        return {name: getattr(self, name) for name in self._found()}

    @classmethod
    def restored(cls: type[R], question: Question, made: Mapping[str, Any], numbers: Numbers) -> R:
        """The same result from its numbers. Raises KeyError, TypeError or ValueError where they are damaged."""
        return cls(question, made, **{name: numbers[name] for name in cls._found()})

    @classmethod
    def opened(cls: type[R], folder: Path, question: Question, made: Mapping[str, Any]) -> R:
        """The result in a finished folder; a kind whose numbers are too large for memory reads them lazily."""
        return cls.restored(question, made, read_numbers(folder))

    def write(self, folder: Path) -> None:
        """Write the numbers into the result's folder."""
        for name, value in self.numbers().items():
            write_numbers(folder, name, value)

    def document(self) -> Document:
        """The result as it is told, by `document` in words.py beside it: terminal, page and Markdown are made from it."""
        return self._document

    @cached_property
    def _document(self) -> Document:
        return self.beside("words").document(self)

    @classmethod
    def beside(cls, name: str) -> Any:
        """A file of the study's folder, which may know the result: what tells and shows it stands above it."""
        return import_module(f"{cls.__module__.rpartition('.')[0]}.{name}")

    def estimates(self) -> Estimates:
        """Averages with standard errors: what must agree where bits cannot, on another kind of processor."""
        return {}

    def plain(self) -> dict[str, Any]:
        """The numbers as JSON has them; what takes too much room there may be left out."""
        return {name: plain(value) for name, value in self.numbers().items()}

    def page(self) -> str:
        """The page as HTML; a kind whose page can be explored makes its own."""
        return html.page(document(self))

    # ---- What follows ----

    def save(self, folder: str | Path) -> Path:
        """Write the result to a folder that `hegemon.open` reads, whole or not at all. Raises `UserError`."""
        return save(self, Path(folder))

    def report(self, path: str | Path) -> Path:
        """Write the page: one file that opens without internet."""
        return write_page(self, Path(path))

    def export(self, path: str | Path) -> Path:
        """Write the numbers for another program, by ending: .csv, .dta, .nc, .parquet, .xlsx, .json, or .zip for all."""
        return export(self, Path(path))

    def plot(self, what: str | None = None, **choices: Any) -> Any:
        """One picture for a notebook: a figure of the document by name (None: the first). Raises `UnknownName`."""
        figures = {figure.name: figure for figure in self.document().figures}
        if what is None and figures:
            return charts.chart(next(iter(figures.values())))
        if what not in figures:
            raise UnknownName(f"{type(self).__name__} has no figure {shown(what)}", did_you_mean(str(what), figures))
        return charts.chart(figures[what])

    def _repr_html_(self) -> str:
        """A short card: what was asked, the finding, and what there is to look at."""
        return card(document(self))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.question.line}>"
