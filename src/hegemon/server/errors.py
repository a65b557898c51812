"""What a client is told when it cannot have what it asked for, with the status that says so."""

from __future__ import annotations

from hegemon.errors import UserError


class Refused(Exception):
    """A refusal that is no mistake in what was asked: status and one sentence."""

    status = 400


class NotFound(Refused):
    """No such thing."""

    status = 404


class Conflict(Refused):
    """Not in its present state."""

    status = 409


class TooLarge(Refused):
    """More than the explorer takes."""

    status = 413


class TooMany(Refused):
    """Others are waiting already."""

    status = 429


class Blind(Refused):
    """Closed, since somebody codes here who must see nobody's codes."""

    status = 403


class NotYet(Refused):
    """Cannot be had now."""

    status = 503


class Stopped(Exception):
    """Work that was cancelled."""


def lacking(missing: ImportError) -> str:
    """That a package is not installed."""
    return f"This part of hegemon is not there: {missing.name}."


def told(mistake: UserError) -> str:
    """A mistake in words that fit a page: without the kind of mistake and the option's dashes that a terminal shows."""
    return str(mistake).removeprefix("--")
