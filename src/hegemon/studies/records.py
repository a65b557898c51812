"""The data that a question names: a coded record, observed ties, a posterior; built in, a user's file, or given from Python."""

from __future__ import annotations

import base64
import codecs
import dataclasses
import hashlib
import io
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import numpy as np
from pydantic import BeforeValidator, Field

from hegemon import runtime, separated
from hegemon.evidence import orientation
from hegemon.evidence.orientation import BUILTIN, ties_of
from hegemon.files import home, read_text
from hegemon.history import COVERAGE, coded, history, picked
from hegemon.posterior import FILE, Posterior
from hegemon.studies.question import FileOf, Option, Word

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.inference.record import Data, Record
    from hegemon.order import Order
    from hegemon.studies.question import Question

NONE = "none"
"""What stands for no observed ties."""


def measured() -> tuple[str, ...]:
    """Names of the orientations that come with hegemon, and the word for none."""
    return (*BUILTIN, NONE)


def _in_folder(name: object) -> object:
    """The file in the folder of a calibration."""
    file = home(name) / FILE if isinstance(name, str) and name else None
    return str(file) if file is not None and file.is_file() else name


RecordName = Annotated[Word | None, FileOf("hegemon.history:builtin_records"), Option(metavar="FILE.csv")]
TiesName = Annotated[
    Word | None, FileOf("hegemon.studies.records:measured"), Option(metavar="FILE.csv"),
    Field(description="Observed orientations: post-soviet, a file, or none; absent: those that come with the record."),
]  # fmt: skip
PosteriorName = Annotated[
    Word | None, BeforeValidator(_in_folder), FileOf("hegemon.posterior:builtin"), Option(metavar="NAME|FOLDER|FILE.npz")
]


def data_of(order: Order) -> Data | None:
    """The record of an order as calibration sees it, with the ties that come with it; None where it names none."""
    if order.scenario.history is None:
        return None
    runtime.prepare()
    return lay_out(order, ties=ties_of(order.scenario)).data


def lay_out(order: Order, record: pd.DataFrame | None = None, ties: pd.DataFrame | None = None) -> Record:
    """A record for an order, as it may be learned from (`inference.record.lay_out`): of crises that were picked answers
    count, and what else was coded of each, but not when crises came and of which kinds."""
    from hegemon.inference import record as records

    found = records.lay_out(order, record, ties)
    return answers_alone(found) if picked(coded(order.scenario) if record is None else record) else found


def answers_alone(of: Record) -> Record:
    """The same record, with nothing learned from whether there was a crisis, and which."""
    weights = dataclasses.replace(of.data.weights, timing=np.zeros_like(of.data.weights.timing))
    return dataclasses.replace(of, data=dataclasses.replace(of.data, weights=weights))


def asked_of(question: Question | None, order: Order) -> pd.DataFrame | None:
    """The record that a question is about: the one that it names, else the order's; None where there is none."""
    if question is not None and getattr(question, "history", None) is not None:
        return read_record(question)
    return None if order.scenario.history is None else coded(order.scenario)


def read_record(
    question: Question, otherwise: Order | None = None, field: str = "history", unknown: Collection[str] = ()
) -> pd.DataFrame:
    """The record that a field names (None: that of the order `otherwise`), as `hegemon.history` gives it, or in the model's terms
    as `hegemon.history.record_events` does. Columns may be `unknown`. Raises `UserError` for a record that is damaged, or where
    there is none."""
    name = question.path(field)
    if name is None and otherwise is not None:
        return coded(otherwise.scenario)
    if name is None or name in COVERAGE or not _in_model_terms(name):
        return history(name or "", unknown)
    import pandas as pd

    text = read_text(Path(name), 20_000_000)
    separator, rows = separated.rows(io.StringIO(text, newline=""), Path(name).name)
    header = next(rows)[1]
    for number, cells in rows:
        separated.same_width(cells, header, separator, f"{Path(name).name}, row {number}")
    return pd.read_csv(io.StringIO(text), keep_default_na=False, sep=separator)


def _in_model_terms(name: str) -> bool:
    with Path(name).open("rb") as file:
        return b"quarter" in file.readline(65_536).removeprefix(codecs.BOM_UTF8).strip().split(b",")


def read_ties(question: Question, order: Order, field: str = "ties") -> pd.DataFrame | None:
    """The observed ties that a field names; None: those that come with the order's record, if any do."""
    name = question.path(field)
    if name is None:
        return ties_of(order.scenario)
    return None if name == NONE else orientation(name, order.poles)


def laid_out(question: Question, order: Order) -> Record:
    """The record and the ties that `history` and `ties` name, laid out for an order. Raises `UserError` where they do not fit."""
    runtime.prepare()
    record = None if question.path("history") is None else read_record(question)
    return lay_out(order, record, read_ties(question, order))


class Calibrated(Protocol):
    """What a posterior can be had of: a calibration."""

    def posterior(self) -> Posterior:
        """The posterior as it is kept."""


def tabled(**tables: pd.DataFrame | Calibrated | Posterior | str | None) -> dict[str, Any]:
    """Fields of a question that name data, from names, tables, posteriors or calibrations; what has no name is given in full."""
    import pandas as pd

    found: dict[str, Any] = {}
    given: dict[str, str] = {}
    for field, value in tables.items():
        if value is None or isinstance(value, str):
            found[field] = value
            continue
        if isinstance(value, pd.DataFrame):
            found[field], content = f"{field}.csv", value.to_csv(index=False).encode()
        else:
            kept = value if isinstance(value, Posterior) else value.posterior()
            found[field], content = f"{field}.npz", kept.content()
        given[field] = base64.b64encode(content).decode()
    return {**found, "given": given}


def fingerprint(record: pd.DataFrame) -> str:
    """SHA-256 of a record as a table: first 16 digits."""
    return hashlib.sha256(record.to_csv(index=False).encode()).hexdigest()[:16]
