"""The model's clock: quarters written "1992Q1", counted as whole numbers (four per year)."""

from __future__ import annotations

import re
from datetime import date

from hegemon.errors import BadDate, shown

_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


def index(quarter: str) -> int:
    """Number of a quarter: index("1992Q1") == 4 * 1992; the next one is one more."""
    found = _QUARTER.fullmatch(quarter) if isinstance(quarter, str) else None
    if found is None:
        raise BadDate(f"{shown(quarter)} is no quarter", _remedy(quarter))
    return 4 * int(found[1]) + int(found[2]) - 1


def label(number: int) -> str:
    """Name of a quarter: label(4 * 1992) == "1992Q1"."""
    if not 0 <= number < 40_000:
        raise BadDate(f"quarter number {number} lies outside the years 0000 to 9999", "Count quarters as 4 * year.")
    return f"{number // 4:04d}Q{number % 4 + 1}"


def span(first: str, last: str) -> list[str]:
    """All quarters from the first to the last, both included."""
    begin, end = index(first), index(last)
    if end < begin:
        raise BadDate(f"{last} lies before {first}", "Give the earlier quarter first.")
    return [label(number) for number in range(begin, end + 1)]


def shift(quarter: str, by: int) -> str:
    """The quarter `by` quarters later (earlier if negative)."""
    return label(index(quarter) + by)


def year(quarter: str) -> int:
    """Year of a quarter."""
    return index(quarter) // 4


def of_date(when: str) -> str:
    """Quarter of a date "YYYY-MM" or "YYYY-MM-DD"."""
    found = _DATE.fullmatch(when) if isinstance(when, str) else None
    try:
        if found is None:
            raise ValueError
        day = date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        raise BadDate(f"{shown(when)} is no date", "Write YYYY-MM-DD, or YYYY-MM, as in 2014-02-27.") from None
    return f"{day.year:04d}Q{(day.month - 1) // 3 + 1}"


def _remedy(text: object) -> str:
    """The likely quarter, where one can be guessed from what was written."""
    word = str(text)[:20]
    loose = re.fullmatch(r"\s*([0-9]{4})[\s\-_/.:]*[qQ][\s\-_/.:]*([1-4])\s*", word)
    if loose:
        return f'Did you mean "{loose[1]}Q{loose[2]}"?'
    if _DATE.fullmatch(word):
        try:
            return f'Did you mean "{of_date(word)}"?'
        except BadDate:
            pass
    return 'Write year, Q and 1 to 4, as in "2022Q1".'
