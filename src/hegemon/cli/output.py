"""What several commands print and write alike."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from hegemon.errors import BadFile, UserError, printable, shown
from hegemon.files import reason, try_to_write, write_atomically

JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
FOR_PROGRAMS = Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")]


def say(text: str, error: bool = False) -> None:
    """Print a text, harmless to the terminal. Whatever a command prints goes through here, `print_json` or `pages.terminal`."""
    print(printable(text, "\n\t"), file=sys.stderr if error else sys.stdout, flush=True)


def print_json(document: Any, indent: int | None = 1) -> None:
    """One JSON document; what a terminal would obey is written as JSON's escapes."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False)
    say(text if _shows(text) else json.dumps(document, indent=indent, allow_nan=False))


def _shows(text: str) -> bool:
    """Whether standard output has every letter of a text, and a terminal would obey none."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return text.replace("\n", "").isprintable()


@contextmanager
def checking(file: str, as_json: bool) -> Iterator[None]:
    """Where JSON is wanted, what is wrong with a file that is checked within is told as JSON too, and ends with 2."""
    try:
        yield
    except UserError as error:
        if not as_json:
            raise
        told = {"kind": type(error).__name__, "message": str(error), "place": error.place, "remedy": error.remedy}
        print_json({"valid": False, "file": file, "error": told})
        raise typer.Exit(2) from None


def try_new(path: Path) -> None:
    """Raise `BadFile` where a file is there already, or cannot be written: before the work of which it is to tell."""
    with _writing(path):
        if os.path.lexists(path):
            raise FileExistsError
        path.parent.stat()
    try_to_write(path)


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, as a whole or not at all; of two processes at once, one is refused."""
    with _writing(path):
        write_atomically(path, text.encode(), new=True)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise BadFile(f"{shown(str(path), 200)} exists already", "Choose another name, or remove it first.") from None
    except (OSError, ValueError) as error:
        raise BadFile(f"cannot write {shown(str(path), 200)}", reason(error)) from None
