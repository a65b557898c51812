"""What several commands print and write alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from hegemon.errors import BadFile, UserError, shown
from hegemon.files import reason

JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
FOR_PROGRAMS = Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")]


def print_json(document: Any, indent: int = 2) -> None:
    """One JSON document."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False))


def invalid(file: str, error: UserError) -> NoReturn:
    """Say as JSON what is wrong with a file that was checked, and end with 2."""
    told = {"kind": type(error).__name__, "message": str(error), "place": error.place, "remedy": error.remedy}
    print_json({"valid": False, "file": file, "error": told})
    raise typer.Exit(2) from None


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, as a whole or not at all."""
    what = shown(str(path), 200)
    if path.exists():
        raise BadFile(f"{what} exists already", "Choose another name, or remove it first.")
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except (OSError, ValueError) as error:
        raise BadFile(f"cannot write {what}", reason(error)) from None
