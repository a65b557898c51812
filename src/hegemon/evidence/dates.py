"""In which year a vote was cast: a column of dates is read by one rule, chosen on the whole column and its sessions.

Session s of the General Assembly opens in the autumn of s + 1945; its votes fall in that year or, at the latest, the next but
one. Only the calendar year is used, so days and months may stand in either order; where rules disagree on the year, none is
taken. Two digits of a year are completed by the session. Excel's day numbers count from 1900, as Excel does unless told
otherwise. Hours and offsets are passed over: a vote has the date that is written.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, NamedTuple

from hegemon.errors import BadDate, Missing, shown
from hegemon.evidence.tables import blank, numbers, refuse, spot, this_year

if TYPE_CHECKING:
    import pandas as pd

OPENED = 1945
"""Session s of the General Assembly opens in the autumn of year s + 1945."""

OPENS = (9, 15)
"""Month and day from which a vote of an emergency or special session counts to the regular one that opens that autumn."""

LAST = 2
"""A session's last votes fall this many years after its opening at the latest."""

MISDATED = {(22, 1966), (23, 1967)}
"""Session and year of two roll calls (961, 9018) that the source dates before their session."""

SPECIAL = r"(?i)(?:(?P<e>E?)S[- ]?(?P<n>\d+|[IVX]+)|(?P<k>\d+) ?(?P<em>(?:em)?)sp)"
"""An emergency or special session, as in ES-10, S-14 or 11emsp: it has no autumn of its own, and here a number below 1."""

SPECIALS = (1947, 1948, 1961, 1963, 1967, 1974, 1975, 1978, 1978, 1978, 1980, 1982, 1986, 1986, 1988, 1989, 1990, 1990, 1997,
            1998, 1999, 1999, 2000, 2000, 2001, 2001, 2002, 2005, 2014, 2016, 2020, 2021)  # fmt: skip
EMERGENCIES = (1956, 1956, 1958, 1960, 1967, 1980, 1980, 1981, 1982, 1997, 2022)
"""Years in which special and emergency sessions opened (UN Dag Hammarskjöld Library)."""

STANDING = 1997
"""Emergency sessions opened from then on have been resumed ever since."""

_NAMES = "january february march april may june july august september october november december"
MONTH = {name: n for n, long in enumerate(_NAMES.split(" "), 1) for name in (long, long[:3])} | {"sept": 9}

_MARK, _D, _M = r"\s*[-/. ]\s*", r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})"
_Y, _WORD = r"(?P<y>\d{4}|\d{2})", r"(?P<m>[A-Za-z]{3,9})\.?"
_HALF, _ZONE = r"(?:[AaPp]\.?[Mm]\.?)?", r"(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
_TIME = rf"(?:(?:T|,?\s+)\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:[.,]\d+)?)?\s*{_HALF}\s*{_ZONE})?"
RULES = {
    name: re.compile(pattern + _TIME)
    for name, pattern in {
        "year first": rf"(?P<y>\d{{4}})(?:{_MARK}{_M}(?:{_MARK}{_D})?)?",
        "day first": rf"{_D}{_MARK}{_M}{_MARK}{_Y}",
        "month first": rf"{_M}{_MARK}{_D}{_MARK}{_Y}",
        "year first, in two digits": rf"(?P<y>\d{{2}}){_MARK}{_M}{_MARK}{_D}",
        "day and name of the month": rf"{_D}[-/. ]*{_WORD}[-/., ]*{_Y}",
        "name of the month first": rf"{_WORD}[-/. ]*{_D}(?:st|nd|rd|th)?[-/., ]+{_Y}",
        "eight digits": r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:\.0)?",
        "Excel's day, counted from 1900": r"(?P<serial>\d{5})(?:\.\d+)?",
    }.items()
}


class Dated(NamedTuple):
    """A vote's calendar year, and the regular session of its date."""

    year: int
    session: int


def span(session: int) -> tuple[int, int]:
    """First and last year of a session's votes. Special ones are -1, -2 ..., emergency ones -101, -102 ..."""
    if session > 0:
        return session + OPENED, min(session + OPENED + LAST, this_year())
    opened, number = (EMERGENCIES, -session - 100) if session < -100 else (SPECIALS, -session)
    if not 1 <= number <= len(opened):
        return opened[-1], this_year()
    first = opened[number - 1]
    return first, first if opened is SPECIALS else this_year() if first >= STANDING else first + LAST


def named(session: int) -> str:
    """A session as the United Nations number it."""
    return str(session) if session > 0 else f"ES-{-session - 100}" if session < -100 else f"S-{-session}"


def special(word: str) -> int:
    """The number here of a special or emergency session; 0 for what is none."""
    found = re.fullmatch(SPECIAL, word)
    if found is None:
        return 0
    number = found["n"] or found["k"]
    roman = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
    count = int(number) if number.isdecimal() else roman.index(number.upper()) if number.upper() in roman else 99
    return -min(count, 99) - 100 * bool(found["e"] or found["em"])


def read(rule: re.Pattern[str], text: str, session: int | None) -> Dated | None:
    """A date by a rule, if it is one, lies within the session (None: in any year) and not in the future."""
    found = rule.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    if part.get("serial"):
        day = datetime.date(1899, 12, 30) + datetime.timedelta(int(part["serial"]))
        years, month, number = [day.year], day.month, day.day
    else:
        years = [int(part["y"])] if len(part["y"]) == 4 else [1900 + int(part["y"]), 2000 + int(part["y"])]
        named = part.get("m") or "1"
        month, number = int(named) if named.isdecimal() else MONTH.get(named.lower(), 0), int(part.get("d") or 1)
    low, high = (0, 9999) if session is None else span(session)
    for year in years:
        try:
            date = datetime.date(year, month, number)
        except ValueError:
            continue
        fits = low <= year <= high and date <= datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(1)
        if session is None or fits or (session, year) in MISDATED:
            return Dated(year, max(1, year - OPENED - ((month, number) < OPENS)))
    return None


def years(table: pd.DataFrame, session: pd.Series, place: str) -> pd.DataFrame:
    """Calendar year and regular session of every vote, by the column date and the sessions beside it (below 1: a special one).

    Raises `UserError` where no rule, or more than one, can be meant.
    """
    import pandas as pd

    remedy = "Write it, leave the row out, or remove the column: votes then count to the year their session opened."
    refuse(blank(table["date"]), place, "date is empty", remedy, Missing)
    pairs = pd.DataFrame({"date": table["date"].astype(str).str.strip(), "session": session})
    apart = pairs.drop_duplicates()
    said = list(zip(apart["date"], apart["session"], strict=True))
    tried = {name: [read(rule, text, when) for text, when in said] for name, rule in RULES.items()}
    agree = {name: [date for date in found if date] for name, found in tried.items() if None not in found}
    if not agree:
        raise _unread(apart, said, tried, place)
    for row, (text, when) in enumerate(said):
        ways = {str(found[row].year) if when > 0 else f"{found[row].year}, session {found[row].session}": name
                for name, found in agree.items()}  # fmt: skip
        if len(ways) > 1:
            what = f"date = {shown(text)} can be {' or '.join(f'{year} ({name})' for year, name in ways.items())}"
            raise BadDate(what, "Write dates as in 1994-02-17.", place=f"{place}, row {apart.index[row]}, column date")
    told = dict(zip(said, next(iter(agree.values())), strict=True))
    return pd.DataFrame([told[pair] for pair in zip(pairs["date"], session, strict=True)], table.index, Dated._fields)


def _unread(apart: pd.DataFrame, said: list[tuple[str, int]], tried: dict[str, list[Dated | None]], place: str
            ) -> BadDate:  # fmt: skip
    """The first date that the rule which reads most of the column cannot have."""
    best = max(tried, key=lambda name: sum(found is not None for found in tried[name]))
    row = tried[best].index(None)
    text, session = said[row]
    at = f"{place}, row {apart.index[row]}, column date"
    for name in [best] if any(tried[best]) else RULES:
        if alone := read(RULES[name], text, None):
            low, high = span(session)
            until = high if high < this_year() else "today"
            what = f"date = {shown(text)} lies in {alone.year} ({name})"
            remedy = f"Votes of session {named(session)} fall in {low} to {until}; correct date or session."
            return BadDate(what, remedy, place=at)
    others = f"Others are read {best}. " if any(tried[best]) else ""
    return BadDate(f"date = {shown(text)}", f"{others}Write all dates alike, as in 1994-02-17.", place=at)


def sessions(table: pd.DataFrame, place: str) -> pd.Series:
    """Numbers of sessions; below 1 for emergency and special ones."""
    said = table["session"].astype(str).str.strip()
    apart = said.map({word: special(word) for word in said.unique()})
    found = numbers(table[apart == 0], "session", place, low=1, high=this_year() - OPENED, whole=True)
    return found.reindex(table.index, fill_value=0) + apart


def when(table: pd.DataFrame, place: str) -> pd.DataFrame:
    """Year and session of every row: by its date if there is one, else by its year, else the year its session opened."""
    session = sessions(table, place)
    if "date" in table:
        found = years(table, session, place)
        return found.assign(session=session.where(session > 0, found["session"]))
    says = table["session"]
    refuse(session < 1, place, lambda row: f"session = {shown(says.iloc[row])} says no year", "Add the column date.", Missing)
    year = opened = session + OPENED
    if "year" in table:
        year = numbers(table, "year", place, low=OPENED + 1, high=this_year(), whole=True)
        wrong = ~year.between(opened, opened + LAST)
        for known in MISDATED:
            wrong &= (session != known[0]) | (year != known[1])
        if wrong.any():
            row, at = spot(wrong, place)
            low, high = span(int(session.iloc[row]))
            remedy = f"Votes of session {session.iloc[row]} fall in {low} to {high}; correct year or session."
            raise BadDate(f"year = {year.iloc[row]}", remedy, place=at)
    return session.to_frame("session").assign(year=year)
