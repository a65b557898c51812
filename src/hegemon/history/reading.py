"""Reading a crisis file: every cell is checked against the codebook before anything is made of it."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from hegemon import quarters
from hegemon.errors import (
    BadDate,
    BadFile,
    BadValue,
    Missing,
    OutOfRange,
    UnknownKey,
    UnknownName,
    UserError,
    did_you_mean,
    shown,
)
from hegemon.history import KIND, SUCCESSOR

if TYPE_CHECKING:
    import pandas as pd

REQUIRED = (
    "crisis_id",
    "state",
    "start",
    "name",
    "kind",
    "incumbent_survived",
    "orientation_after",
    "host_request",
    "response_primary",
    "legal_frame",
)
"""Columns the model's terms need. The others of the codebook may be left out."""

OPTIONAL = (
    "order",
    "patron",
    "end",
    "severity",
    "incumbent_before",
    "responses_secondary",
    "partners",
    "troops_patron",
    "troops_partners",
    "duration_days",
    "rival_response",
    "autonomy_change",
    "coder_confidence",
    "note",
    "sources",
)

CODES: dict[str, tuple[str, ...]] = {
    "kind": tuple(KIND),
    "incumbent_before": tuple(SUCCESSOR),
    "orientation_after": tuple(SUCCESSOR),
    "incumbent_survived": ("0", "1"),
    "severity": ("1", "2", "3"),
    "host_request": ("none", "asked", "asked_refused"),
    "legal_frame": ("bilateral_request", "pact_mandate", "un_mandate", "self_declared", "none"),
    "autonomy_change": ("-1", "0", "1"),
    "coder_confidence": ("high", "medium", "low"),
    "rival_response": ("none", "diplomatic", "sanctions", "economic_aid", "military_aid", "accession_offer"),
}
LISTS = ("responses_secondary", "rival_response")
WHOLE = ("incumbent_survived", "severity", "autonomy_change")
COUNTS = ("troops_patron", "troops_partners", "duration_days")


def read_crises(text: str, label: str) -> pd.DataFrame:
    """A crisis file as a table. Rows are counted as a spreadsheet does: the header is row 1."""
    import pandas as pd

    header, rows = _rows(text, label)
    _header(header, label)
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        for column in header:
            try:
                _cell(column, row[column])
            except UserError as error:
                raise error.placed(f"{label}, row {number}, column {column}") from None
        place = f"{label}, row {number}"
        name = row["crisis_id"]
        if name in seen:
            raise BadValue(f"crisis_id {shown(name)} is given twice", f"It names row {seen[name]} too.", place=place)
        seen[name] = number
        if row.get("end") and row["end"] < row["start"][: len(row["end"])]:
            raise BadDate(
                f"end = {shown(row['end'])}",
                f"It lies before start, {row['start']}.",
                place=f"{place}, column end",
            )
    table = pd.DataFrame(rows, columns=header)
    for column in WHOLE:
        if column in table:
            table[column] = pd.to_numeric(table[column]).astype("Int64")
    for column in COUNTS:
        if column in table:
            table[column] = pd.to_numeric(table[column].replace("", None)).astype("Int64")
    return table


def _rows(text: str, label: str) -> tuple[list[str], list[dict[str, str]]]:
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise BadFile(
            f"{label} is no CSV file", f'{str(error).capitalize()}; separate by commas, quote with ".'
        ) from None
    if len(lines) < 2:
        raise Missing(f"{label} has no rows", "Give a header, then one row per crisis; see codebook.md.")
    header = [name.strip() for name in lines[0]]
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            raise BadFile(
                f"{len(line)} fields where the header has {len(header)}",
                "Quote fields that hold a comma.",
                place=f"{label}, row {number}",
            )
        rows.append(dict(zip(header, (cell.strip() for cell in line), strict=True)))
    return header, rows


def _header(header: list[str], label: str) -> None:
    place = f"{label}, row 1"
    for i, name in enumerate(header):
        if name not in (*REQUIRED, *OPTIONAL):
            missing = [known for known in (*REQUIRED, *OPTIONAL) if known not in header]
            raise UnknownKey(f"{shown(name)} is no column of the codebook", did_you_mean(name, missing), place=place)
        if name in header[:i]:
            raise BadValue(f"column {name} is given twice", "Keep one of them.", place=place)
    for name in REQUIRED:
        if name not in header:
            raise Missing(f"column {name} is missing", "Add it; codebook.md says what it holds.", place=place)


def _cell(column: str, value: str) -> None:
    if not value:
        if column in REQUIRED:
            raise Missing("nothing is written", "This column must not be empty.")
        if column in WHOLE:
            raise Missing("nothing is written", f"Known: {', '.join(CODES[column])}.")
        return
    if column == "state" and not re.fullmatch(r"[A-Z]{3}", value):
        raise BadValue(shown(value), "Write the three capital letters of ISO 3166, as in ARM.")
    if column in ("start", "end"):
        quarters.of_date(value)
    if column in COUNTS and not re.fullmatch(r"[0-9]{1,9}", value):
        raise OutOfRange(shown(value), "Write a whole number, or leave it empty where unknown.")
    known = _known(column)
    for part in value.split(";") if column in LISTS else [value]:
        if known and part not in known:
            raise UnknownName(shown(part), did_you_mean(part, known))


def _known(column: str) -> tuple[str, ...]:
    """Codes of a column; instruments are the model's, whose registry is only opened here."""
    if column in ("response_primary", "responses_secondary"):
        from hegemon.instruments import NAMES

        return NAMES
    return CODES.get(column, ())
