"""A coder's own file: one row per crisis, saved as it grows, in which nobody else's codes are.

The file is the list of crises, and all there is to know about how far the coder is; it can be closed and opened again anywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.errors import BadFile, BadValue, Missing, UnknownName, UserError, did_you_mean, shown
from hegemon.files import reason, write_atomically
from hegemon.history.merging import ABOUT, read_codings
from hegemon.history.questions import questions, steps
from hegemon.history.reading import check_cell, check_row

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (*ABOUT[:-2], "end", "name", *(c for s in steps() for q in s.questions if (c := q.column) != "refused"))
"""Of the file: which crisis it is, then what is asked."""

Row = dict[str, str]


@dataclass
class Sheet:
    """An open file. Everything that changes it goes through `save`."""

    path: Path
    coder: str
    rows: dict[str, Row]  # by crisis_id, in the coder's order
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def save(self, crisis_id: str, values: Mapping[str, str]) -> Row:
        """Take codes of one crisis and write the file. Raises `UserError` for what the codebook does not allow: a code it has
        not, a later step before an earlier one, another code for what is fixed."""
        with self._lock:
            if crisis_id not in self.rows:
                raise UnknownName(f"crisis {shown(crisis_id)}", "It is none of this file's.")
            before = self.rows[crisis_id]
            after = changed(before, values)
            kept = self.rows | {crisis_id: after}
            self._write(kept)
            self.rows = kept
            return after

    def _write(self, rows: Mapping[str, Row], *, new: bool = False) -> None:
        import pandas as pd

        text = pd.DataFrame([*rows.values()], columns=list(COLUMNS)).to_csv(index=False)
        try:
            write_atomically(self.path, text.encode(), new=new)
        except FileExistsError:
            remedy = "Give the same command again to go on with it."
            raise BadFile(f"{shown(str(self.path), 200)} is there already", remedy) from None
        except (OSError, ValueError) as error:
            raise BadFile(f"cannot write {shown(str(self.path), 200)}", reason(error)) from None


def changed(row: Row, values: Mapping[str, str]) -> Row:
    """A row with other codes. Raises for what is not allowed; the row given stays as it is."""
    known, after = questions(), dict(row)
    for column, value in values.items():
        if column not in known:
            raise UnknownName(f"column {shown(column)}", did_you_mean(column, known))
        question = known[column]
        codes = [code for code, _ in question.codes]
        for part in (value.split(";") if question.many else [value]) if codes and value else []:
            if part not in codes:
                raise UnknownName(f"{column} = {shown(part)}", did_you_mean(part, codes))
        _in_turn(row, column, value)
        if column == "refused":
            after["host_request"] = _request(after["host_request"], value)
        elif (column, value, row["host_request"]) != ("host_request", "asked", "asked_refused"):
            with_place(column, value)
            after[column] = value
    check_row(after, row["name"], settled=bool(after["response_primary"]))
    return after


def with_place(column: str, value: str) -> None:
    """Raise for a cell that cannot be read, naming its column."""
    try:
        if value:
            check_cell(column, value)
    except UserError as error:
        raise error.placed(f"column {column}") from None


def _request(request: str, refused: str) -> str:
    """What was asked, and whether it was declined, in the codebook's one column."""
    if not request.startswith("asked"):
        if refused == "1":
            raise BadValue("refused = 1", "Nobody asked, by your own code.")
        return request
    return "asked_refused" if refused == "1" else "asked"


def answers(row: Row) -> Row:
    """What the coder has said so far, by question."""
    told = {column: row.get(column, "") for column in questions() if column != "refused"}
    asked = told["host_request"].startswith("asked")
    later = any(row[column] for column in ("response_primary", "side", "legal_frame"))
    refused = {"asked_refused": "1", "asked": "0" if later else ""}.get(told["host_request"], "")
    return {**told, "host_request": "asked" if asked else told["host_request"], "refused": refused}


def _in_turn(row: Row, column: str, value: str) -> None:
    """Raise where a step is answered before its turn, or changed after."""
    at = next(n for n, step in enumerate(steps()) for question in step.questions if question.column == column)
    same = (value or "0") == (answers(row)["refused"] or "0") if column == "refused" else value == answers(row)[column]
    for n, step in enumerate(steps()):
        if n < at and value and (gaps := missing(row, n)):
            raise Missing(f"{step.title} is not coded yet ({', '.join(gaps)})", "Code it first.")
        if n > at and not same and any(row[q.column] for q in step.questions if q.column != "refused"):
            raise BadValue(f"{column} is fixed", f"{step.title} is coded already; say in the note what you would change.")


def missing(row: Row, step: int) -> list[str]:
    """Columns of a step that must be coded and are not."""
    return [q.column for q in steps()[step].questions if not q.optional and not row.get(q.column)]


def reached(row: Row) -> int:
    """How many steps are coded: 0 to all."""
    done = 0
    while done < len(steps()) and not missing(row, done):
        done += 1
    return done


def begin(path: Path, coder: str, crises: pd.DataFrame) -> Sheet:
    """A new file of crises without a code. Their names do not say what the patron did."""
    if not len(crises):
        raise Missing("there is no crisis to code", "Choose others.")
    check_cell("coder", coder)
    names = neutral()
    rows = {}
    for row in crises.to_dict("records"):
        told = {column: str(row[column]) if column in crises and row[column] == row[column] else "" for column in COLUMNS[:8]}
        name = row["crisis_id"]
        rows[name] = {**dict.fromkeys(COLUMNS, ""), **told, "coder": coder, "name": names.get(name, told["name"])}
    sheet = Sheet(path, coder, rows)
    sheet._write(rows, new=True)
    return sheet


def reopen(path: Path, coder: str | None = None) -> Sheet:
    """A file that was begun. Raises where it holds several people's codings, or another's than `coder`."""
    table = read_codings(str(path))
    who = sorted(set(table["coder"]))
    if len(who) > 1:
        raise BadValue(f"{path.name} holds codings of {', '.join(who)}", "Open a file of one coder.")
    if coder is not None and who != [coder]:
        raise BadValue(f"--coder {shown(coder)}", f"{path.name} is {who[0]}'s; choose another file, or leave --coder out.")
    rows = {}
    for row in table.to_dict("records"):
        told = {column: _text(row[column]) if column in table else "" for column in COLUMNS}
        rows[str(row["crisis_id"])] = told
    return Sheet(path, who[0], rows)


def neutral() -> dict[str, str]:
    """Names for crises whose own tell what the patron did."""
    import pandas as pd

    with resources.files("hegemon.history").joinpath("neutral.csv").open("r", encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str)
    return dict(zip(table["crisis_id"], table["name"], strict=True))


def _text(value: Any) -> str:
    import pandas as pd

    return "" if pd.isna(value) else str(value)
