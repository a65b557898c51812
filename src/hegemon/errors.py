"""What the user got wrong, in one sentence: what, where, and what to do next.

The command line prints the sentence and exits with 2; nobody should have to read a traceback to fix a typing
error. Whoever finds a mistake in a table knows only the key (`at`); whoever read the file adds file and line
(`placed`).
"""

from __future__ import annotations

import difflib
import json
import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

Path = tuple[str | int, ...]
"""Keys from the top of a table down to a value: ("states", "ARM", "hold")."""


class UserError(Exception):
    """A mistake of the user's.

    what    the matter, without a full stop: 'states.ARM.hold = 1.4'
    remedy  the rest: what is allowed, what to do
    at      keys of the value in its table, for whoever knows the lines
    place   file and line, or where else it was found
    """

    def __init__(self, what: str, remedy: str = "", *, at: Path = (), place: str = "") -> None:
        super().__init__(what, remedy)
        self.what, self.remedy, self.at, self.place = what, remedy, at, place

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return printable(f"{self.what.rstrip('.')}{where}. {self.remedy}".rstrip())

    @property
    def sentence(self) -> str:
        """Kind of mistake and message on one line, as the command line prints them."""
        return f"{type(self).__name__}: {self}"

    def placed(self, place: str) -> UserError:
        """The same mistake, with the place where it was found; one already known is kept."""
        return type(self)(self.what, self.remedy, at=self.at, place=self.place or place)


@contextmanager
def inside(*at: str | int) -> Iterator[None]:
    """Mistakes that are found here are told with the keys of the table that is looked into."""
    try:
        yield
    except UserError as error:
        raise type(error)(error.what, error.remedy, at=(*at, *error.at), place=error.place) from None


class Failure(Exception):
    """What stopped the work through no mistake of the user's: what happened, what is kept, how to go on.

    The command line prints the sentence and exits with 1.
    """

    @property
    def sentence(self) -> str:
        """On one line, as the command line prints it."""
        return printable(f"{type(self).__name__}: {self}")


class BadFile(UserError):
    """A file that cannot be read as what it should be."""


class BadMachine(UserError):
    """Devices or settings of this machine that cannot be used."""


class BadDate(UserError):
    """Not a quarter, or not a date."""


class BadValue(UserError):
    """A value of the wrong type, or one that contradicts another."""


class OutOfRange(UserError):
    """A number outside the range its meaning allows."""


class Missing(UserError):
    """Something required is not there."""


class NotFeasible(UserError):
    """A history that cannot happen under the rules of the order."""


class UnknownName(UserError):
    """A name that nothing has."""


class UnknownKey(UnknownName):
    """A key that the format does not have."""


class UnknownScenario(UnknownName):
    """No such scenario."""


class UnknownState(UnknownName):
    """No neighbour of this order."""


class UnknownPole(UnknownName):
    """No pole of this order."""


class UnknownCrisis(UnknownName):
    """No kind of crisis."""


class UnknownInstrument(UnknownName):
    """No instrument."""


class UnknownMechanism(UnknownName):
    """No mechanism."""


class UnknownParameter(UnknownName):
    """No parameter of that mechanism or instrument."""


LISTED = 24
"""Most names a message lists; beyond that only the close ones help."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to write instead of `word`: the closest known name, else what there is to choose from."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if not close:  # case is the commonest slip, and difflib counts it as a difference like any other
        folded = {name.casefold(): name for name in names}
        close = [folded[m] for m in difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)]
    if close:
        return f"Did you mean {shown(close[0])}?"
    if not names:
        return "There are none."
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    listed = (name if name.isprintable() and len(name) <= 60 else shown(name) for name in names[:LISTED])
    return f"Known: {', '.join(listed)}{more}."


def printable(text: str, beside: str = "") -> str:
    """A text from outside, harmless to a terminal: what it would obey, or nobody sees, is spelt out. Characters `beside` stay."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c in beside else ascii(c)[1:-1] for c in text)


def typed(path: object) -> str:
    """A path, or a name, as it is typed into a shell: what a command that is printed calls it by."""
    return shlex.quote(printable(str(path)))


def shown(value: object, most: int = 60) -> str:
    """A value as the user wrote it, on one line, harmless to a terminal and never long."""
    if isinstance(value, str):
        text = json.dumps(value[: most + 1], ensure_ascii=not value.isprintable())
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, int) and abs(value) >= 10**30:
        text = "a number of more than thirty digits"
    elif isinstance(value, dict):
        text = "a table"
    elif isinstance(value, list | tuple):
        text = "a list"
    else:
        text = str(value) if str(value).isprintable() else json.dumps(str(value))
    return text if len(text) <= most else text[: most - 1].rstrip('"') + "…"
