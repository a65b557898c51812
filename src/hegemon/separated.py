"""Separated text as spreadsheets, R and archives write it: one way in, one diagnosis, for every file of rows."""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from hegemon.errors import BadFile, shown

Rows = Iterator[tuple[int, list[str]]]

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def encoding(start: bytes) -> str:
    """The encoding that a file's first bytes tell: by a byte order mark or UTF-16's zero bytes, else UTF-8."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[1:4:2] == b"\0\0":
        return "utf-16-le"
    return "utf-16-be" if start[0:4:2] == b"\0\0" else "utf-8-sig"


def rows(text: Iterable[str], label: str, broken: str = "") -> tuple[str, Rows]:
    """The separator, and every row with a filled cell, by its number: first the header.

    Rows are counted as a spreadsheet does: blank ones count, Excel's own first line, "sep=;", does not. `broken` is what to
    say of a file whose quotes do not close. Raises `BadFile`, some of it only while the rows are taken.
    """
    lines = _without_zeros(text, label)
    blank, first = 0, ""
    for first in lines:
        if first.strip(' \t,;|"\r\n'):
            break
        blank += 1
    if told := re.match(r'"?sep=([^"\r\n])"?[,;\s]*$', first, re.IGNORECASE):
        separator, first = told[1], next(lines, "")
        if separator not in SEPARATORS:
            raise BadFile(f"{label} is separated by {shown(separator)}", "Save it separated by commas.", place="row 1")
    else:
        separator = max(SEPARATORS, key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))

    def parsed() -> Rows:
        number = blank
        reader = csv.reader(itertools.chain([first], lines), delimiter=separator, strict=True)
        try:
            for number, cells in enumerate(reader, start=blank + 1):
                if (cells and cells[0].strip()) or "".join(cells).strip():
                    yield number, cells
        except csv.Error as error:
            what = broken or f"{label} is no CSV file"
            raise BadFile(what, _unreadable(str(error)), place=f"row {number + 1}") from None

    return separator, parsed()


def same_width(cells: Sequence[str], header: Sequence[str], separator: str, place: str) -> None:
    """Raise for a row with more or fewer fields than the header: every value after the slip would stand in a wrong column."""
    if len(cells) != len(header):
        what = f"{len(cells)} field{'s' * (len(cells) != 1)} where the header has {len(header)}"
        raise BadFile(what, f"Quote fields that hold a {SEPARATORS[separator]}.", place=place)


def _without_zeros(text: Iterable[str], label: str) -> Iterator[str]:
    for number, line in enumerate(text, start=1):
        if "\0" in line:
            remedy = "It holds zero bytes; save as CSV, UTF-8."
            raise BadFile(f"{label} is no text file", remedy, place=f"line {number}")
        yield line


def _unreadable(reason: str) -> str:
    """What the CSV reader stumbled on, with what to do."""
    if "unexpected end of data" in reason:
        return 'A quote is opened there and never closed; close it with ", and write a quote within a cell as "".'
    if "expected after" in reason:
        return 'Text follows a closing quote there; write a quote within a cell as "".'
    if "field larger" in reason:
        return f"A cell holds more than {csv.field_size_limit():,} characters; look for a quote that is not closed."
    return f'{reason.capitalize().rstrip(".")}; separate by commas, quote with ".'
