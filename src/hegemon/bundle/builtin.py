"""What comes with hegemon and decides numbers: posteriors, records, measured ties; each by name with its fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path

from hegemon.bundle.numbers import fingerprint, table
from hegemon.errors import UserError


def posterior(name: str) -> bytes:
    """The file of a posterior, by name or path."""
    from hegemon.posterior import builtin

    if name in builtin():
        return resources.files("hegemon.posteriors").joinpath(f"{name}.npz").read_bytes()
    return Path(name).expanduser().read_bytes()


def record(name: str) -> bytes:
    """A coded record as CSV."""
    from hegemon.history import history

    return table(history(name))


def ties(name: str) -> bytes:
    """Measured orientations as CSV."""
    from hegemon.evidence.orientation import orientation

    return table(orientation(name))


CONTENTS: Mapping[str, Callable[[str], bytes]] = {"posterior": posterior, "record": record, "ties": ties}


def named(**names: str | None) -> dict[str, str]:
    """Fingerprints of what is used: `named(record="post-soviet")`; what is None is not."""
    return {f"{what} {name}": fingerprint(CONTENTS[what](name)) for what, name in names.items() if name is not None}


def other(made: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What is another here than where a bundle was made: a name to both fingerprints, shortened."""
    found = {}
    for name, was in made.items():
        what, _, which = name.partition(" ")
        try:
            here = fingerprint(CONTENTS[what](which))
        except (KeyError, OSError, UserError):
            here = "not there"
        if here != was:
            found[name] = (was[:12], here[:12])
    return found
