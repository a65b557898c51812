"""An order's own folder: scenario.toml and what stands beside it, written whole or not at all.

`write_project` is the one way in which such a folder comes to be; who makes the text (a blank one, a built-in order's, figures
computed from data) is none of its business.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from hegemon.errors import BadFile, BadValue, UserError, shown
from hegemon.files import home, refused
from hegemon.scenarios.beside import CLAIMS, SCENARIO

OTHERS = ("record.csv", "ties.csv", "posterior.npz", CLAIMS)
"""Files that may stand in an order's folder besides its scenario and `mechanisms/`."""


def write_project(folder: str | Path, scenario_text: str, files: Mapping[str, str | bytes] | None = None) -> list[Path]:
    """Make an order's folder: its scenario, and files by path from the folder (`OTHERS`, "mechanisms/mine.py", a README).

    The folder must not be there, or be empty. Everything is written elsewhere and read as an order first, so that what cannot
    be read is never left behind. Returns the files. Raises `UserError`.
    """
    texts = {SCENARIO: scenario_text, **(files or {})}
    return whole_folder(new_place(folder), texts, _read)


def whole_folder(target: Path, texts: Mapping[str, str | bytes], read: Callable[[Path], None]) -> list[Path]:
    """Make a folder that is not there, or is empty, with all its files; `read` raises for what must not be left behind."""
    with refused(f"cannot write {shown(str(target), 200)}", "choose another folder."):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        place = draft / target.name
        for name, text in texts.items():
            file = place / name
            if not file.resolve().is_relative_to(place.resolve()):
                raise BadValue(f"{shown(name)} lies outside the folder", "Name files from the folder itself.")
            with refused(f"cannot write {shown(str(target / name), 200)}", "choose another folder."):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text if isinstance(text, bytes) else text.encode())
        read(place)
        with refused(f"cannot write {shown(str(target), 200)}", "choose another folder."):
            try:
                if target.is_dir():
                    target.rmdir()
                place.rename(target)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                raise BadFile(f"{shown(str(target), 200)} exists already", "Choose another name.") from None  # made meanwhile
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return [target / name for name in texts]


def new_place(folder: str | Path) -> Path:
    """A place for a new folder. Raises `UserError` where there is something already."""
    from hegemon.scenarios.loader import builtin_names

    target = home(folder)
    name = target.resolve().name
    if name in builtin_names():
        raise BadValue(f"{shown(name)} is the name of a built-in order", "Choose another for your folder.")
    if not name.isprintable():
        raise BadValue(f"folder {shown(name)}", "Its name holds an invisible character; choose another.")
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        remedy = "Choose another name; --claims adds claims to an order that is there."
        raise BadFile(f"{shown(str(folder), 200)} exists already", remedy)
    return target


def _read(place: Path) -> None:
    """Raise what keeps a folder from being an order."""
    from hegemon.ledgers.loading import load_ledger
    from hegemon.scenarios.loader import load_scenario

    load_scenario(place)
    if (place / CLAIMS).is_file():
        try:
            load_ledger(place)
        except UserError as error:
            raise error.placed(CLAIMS) from None
