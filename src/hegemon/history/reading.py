"""Reading a crisis file: every cell is checked against the codebook before anything is made of it."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Sequence
from importlib import resources
from typing import TYPE_CHECKING, NoReturn

from hegemon import quarters, separated
from hegemon.errors import (
    BadDate,
    BadFile,
    BadValue,
    Missing,
    OutOfRange,
    UnknownKey,
    UnknownName,
    UnknownState,
    UserError,
    did_you_mean,
    shown,
)
from hegemon.history.codebook import KIND, SUCCESSOR

if TYPE_CHECKING:
    import pandas as pd

REQUIRED = (
    "crisis_id", "state", "start", "name", "kind", "severity", "incumbent_before", "incumbent_survived",
    "orientation_after", "host_request", "response_primary", "legal_frame",
)  # fmt: skip
"""Columns the model's terms need. The others of the codebook may be left out."""

OPTIONAL = (
    "order", "patron", "end", "responses_secondary", "partners", "troops_patron", "troops_partners", "duration_days",
    "rival_response", "autonomy_change", "coder_confidence", "note", "sources", "side", "force_size", "drawn",
)  # fmt: skip

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
    "side": ("for", "against", "both", "none"),
    "force_size": ("0", "1", "2", "3"),
    "drawn": ("0", "1"),
}
LISTS = ("responses_secondary", "rival_response", "partners")
STATES = ("state", "patron", "partners")
WHOLE = ("incumbent_survived", "severity", "autonomy_change", "force_size", "drawn")
COUNTS = ("troops_patron", "troops_partners", "duration_days")
PROSE = {"note": 2_000, "sources": 8_000}
"""Columns of free text, which may run over several lines, and the most characters they hold."""
LONGEST = 200
"""Most characters of any other cell."""
YEARS = (1800, 2100)
JOINERS = "\u00ad\u200c\u200d"
"""Invisible characters that spelling needs in some languages."""

DEPLOYS = ("security_support", "separatism_support", "peacekeeping", "unilateral_force", "collective_force")
"""Instruments that send somebody or something: what a legal frame can cover."""

ISO = frozenset(resources.files("hegemon.history").joinpath("iso3.txt").read_text("utf-8").split())
"""ISO 3166-1 alpha-3; the last dozen are codes withdrawn since 1974."""
FREE = re.compile(r"AA[A-Z]|Q[M-Z][A-Z]|X[A-Z]{2}|ZZ[A-Z]|RVN")
"""Codes that ISO 3166 leaves to users, as XKX for Kosovo; RVN is the Republic of Vietnam, whose own code went to its heir."""


def read_crises(text: str, label: str, unknown: Collection[str] = (), coders: bool = False) -> pd.DataFrame:
    """A crisis file as a table. Rows are counted as a spreadsheet does: the header is row 1.

    unknown   columns that may be empty, or be missing, although the model's terms need them
    coders    the file holds the codings of several people: a column more, `coder`, and a crisis may come once for each

    `attrs` keep the file's name ("file") and each crisis's row in it ("rows"), for whoever finds a mistake later.
    """
    import pandas as pd

    required = tuple(name for name in REQUIRED if name not in unknown) + (("coder",) if coders else ())
    header, rows = _rows(text, label, required)
    seen: dict[str, int] = {}
    for number, row in rows.items():
        for column in header:
            try:
                check_cell(column, row[column], required)
            except UserError as error:
                raise error.placed(f"{label}, row {number}, column {column}") from None
        place = f"{label}, row {number}"
        name = f"{row['crisis_id']}, {row['coder']}" if coders else row["crisis_id"]
        if name in seen:
            what = f"crisis_id {shown(row['crisis_id'])} is given twice" + (f" by coder {row['coder']}" if coders else "")
            raise BadValue(what, f"It names row {seen[name]} too.", place=place)
        seen[name] = number
        check_row(row, place, settled=not coders)
    _known_states(rows, header, label)
    table = pd.DataFrame(list(rows.values()), columns=header)
    for column in (*WHOLE, *COUNTS):  # whole numbers all: `check_cell` has read every one
        if column in table:
            table[column] = pd.to_numeric(table[column].replace("", None)).astype("Int64")
    table.attrs = {"file": label, "rows": seen}
    return table


def _rows(text: str, label: str, required: Collection[str] = REQUIRED) -> tuple[list[str], dict[int, dict[str, str]]]:
    """The header, and each row by its number; rows without a single filled cell are passed over."""
    separator, found = separated.rows(io.StringIO(text, newline=""), label)
    lines = {number: [cell.strip() for cell in line] for number, line in found}
    at = next(iter(lines), 0)
    header = lines.pop(at, [])
    if at:
        _header(header, f"{label}, row {at}", label, separator, required)
    if not lines:
        raise Missing(f"{label} has no rows", "Give a header, then one row per crisis; see codebook.md.")
    for number, line in lines.items():
        separated.same_width(line, header, separator, f"{label}, row {number}")
    return header, {number: dict(zip(header, line, strict=True)) for number, line in lines.items()}


def _header(header: Sequence[str], place: str, label: str, separator: str, required: Collection[str]) -> None:
    if separator != ",":  # semicolons part the words within a cell
        marks = f"{separated.SEPARATORS[separator]}s"
        raise BadFile(f"{label} is separated by {marks}", "Save it separated by commas.", place=place)
    for i, name in enumerate(header):
        if not name:
            raise UnknownKey(f"column {i + 1} has no name", "Name it as in the codebook, or remove it.", place=place)
        if name not in (*REQUIRED, *OPTIONAL, *required):
            missing = [known for known in (*REQUIRED, *OPTIONAL) if known not in header]
            hint = did_you_mean(name, missing)
            remedy = hint if hint.startswith("Did") else "Remove it; remarks have their column, note."
            raise UnknownKey(f"{shown(name)} is no column of the codebook", remedy, place=place)
        if name in header[:i]:
            raise BadValue(f"column {name} is given twice", "Keep one of them.", place=place)
    for name in required:
        if name not in header:
            raise Missing(f"column {name} is missing", "Add it; codebook.md says what it holds.", place=place)


def check_cell(column: str, value: str, required: Collection[str] = REQUIRED) -> None:
    """Raise what is wrong with a cell alone."""
    if not value:
        if column in required:
            known = _known(column)
            remedy = f"This column must not be empty. Known: {', '.join(known)}." if known else ""
            raise Missing("nothing is written", remedy or "This column must not be empty.")
        return
    _legible(column, value)
    if column in ("crisis_id", "coder") and not re.fullmatch(r"\w[\w.-]*", value):
        example = "as in kaz-2022-january" if column == "crisis_id" else "a short name of the person's own"
        raise BadValue(shown(value), f"Write letters, digits and hyphens only, {example}.")
    if column in ("start", "end"):
        _date(value)
    if column in COUNTS and not re.fullmatch(r"[0-9]{1,9}", value):
        plain = re.fullmatch(r"([0-9]{1,3})[, .'\u00a0\u202f]([0-9]{3})|([0-9]{1,9})\.0+", value)
        meant = f", as in {''.join(part for part in plain.groups() if part)}" if plain else ""
        raise OutOfRange(shown(value), f"Write a whole number{meant}, or leave it empty where unknown.")
    known = _known(column)
    parts = [part.strip() for part in value.split(";")] if column in LISTS else [value]
    for i, part in enumerate(parts):
        if column in STATES and not re.fullmatch(r"[A-Z]{3}", part):
            hint = f", {part.upper()}" if re.fullmatch(r"[A-Za-z]{3}", part) else ""
            raise BadValue(shown(part), f"Write the three capital letters of ISO 3166{hint or ', as in ARM'}.")
        if known and part not in known:
            raise UnknownName(shown(part), did_you_mean(part, known))
        if part in parts[:i]:
            raise BadValue(f"{shown(part)} is listed twice", "Once is enough.")
    if "none" in parts and len(parts) > 1:
        raise BadValue(shown(value), 'Write "none" alone, or what there was.')


def _legible(column: str, value: str) -> None:
    """Raise for cells that run on, and for characters that nobody sees."""
    longest = PROSE.get(column, LONGEST)
    if len(value) > longest:
        raise BadValue(f"{len(value):,} characters, from {shown(value, 30)}", f"At most {longest:,} are read.")
    allowed = JOINERS + ("\r\n\t" if column in PROSE else "")
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in allowed:
            if character in "\r\n":
                raise BadFile(shown(value, 30), "A line ends within this cell; look for a quote that is not closed.")
            raise BadValue(shown(value, 40), "It holds an invisible character; type the cell anew.")


def _date(value: str) -> None:
    try:
        quarter = quarters.of_date(value)
    except BadDate as error:
        if re.fullmatch(r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}", value):
            remedy = "Write YYYY-MM-DD, as in 2014-02-27, and keep the spreadsheet from changing it: format as text."
            raise BadDate(error.what, remedy) from None
        raise
    if not YEARS[0] <= quarters.year(quarter) <= YEARS[1]:
        raise OutOfRange(shown(value), f"Write a year from {YEARS[0]} to {YEARS[1]}.")


def check_row(row: dict[str, str], place: str, settled: bool = True) -> None:
    """Raise for cells that contradict one another. Not `settled`, a frame without a deployment stands: coders differ on it, and
    what people made of the codebook is what their file is for."""
    state, patron, response = row["state"], row.get("patron", ""), row.get("response_primary", "")

    def wrong(column: str, value: str, remedy: str, kind: type[UserError] = BadValue) -> NoReturn:
        raise kind(f"{column} = {value}", remedy, place=f"{place}, column {column}")

    if row.get("end") and row["end"] < row["start"][: len(row["end"])]:
        wrong("end", shown(row["end"]), f"It lies before start, {row['start']}.", BadDate)
    if state == patron:
        wrong("state", shown(state), "It is the patron itself; the record holds crises of its neighbours.")
    partners = [part.strip() for part in row.get("partners", "").split(";")]
    for party, what in ((state, "the state in crisis"), (patron, "the patron")):
        if party and party in partners:
            wrong("partners", shown(party), f"It is {what}; name those who helped the patron.")
    others = [part.strip() for part in row.get("responses_secondary", "").split(";")]
    if response and response in others:
        wrong("responses_secondary", shown(response), "It is the primary one; leave it out here.")
    if response == "abstain" and row.get("side", "none") not in ("none", ""):
        wrong("side", f"{row['side']} for abstain", 'Words are no act (codebook, rule 1); write "none", or the act.')
    if response == "abstain" and row.get("force_size", "0") not in ("0", "") and not set(others) & set(DEPLOYS):
        wrong("force_size", f"{row['force_size']} for abstain", "Nobody was sent; write 0, or name the deployment.")
    sent = bool({response, *others} & set(DEPLOYS)) or row.get("force_size", "") in ("1", "2", "3")
    if row.get("legal_frame", "") not in ("none", "") and not sent and settled:
        wrong("legal_frame", f"{row['legal_frame']} for {response}",
              f'It covers a deployment: {", ".join(DEPLOYS)}; write "none", or the deployment.')  # fmt: skip


def _known_states(rows: dict[int, dict[str, str]], header: Sequence[str], label: str) -> None:
    """Raise for a code that no state has. Where none is known at all, the order is an invented one, and may be."""

    def codes(row: dict[str, str], column: str) -> list[str]:
        return [part for part in (part.strip() for part in row[column].split(";")) if part]

    columns = [column for column in STATES if column in header]
    if not any(code in ISO for row in rows.values() for column in columns for code in codes(row, column)):
        return
    for number, row in rows.items():
        for column in columns:
            for code in codes(row, column):
                if code not in ISO and not FREE.fullmatch(code):
                    hint = did_you_mean(code, sorted(ISO))
                    remedy = hint if hint.startswith("Did") else "Look it up in ISO 3166-1 alpha-3."
                    place = f"{label}, row {number}, column {column}"
                    raise UnknownState(f"{shown(code)} is no state's code", remedy, place=place)


def _known(column: str) -> tuple[str, ...]:
    """Codes of a column; instruments are the model's, whose registry is only opened here."""
    if column in ("response_primary", "responses_secondary"):
        from hegemon.instruments import NAMES

        return NAMES
    return CODES.get(column, ())
