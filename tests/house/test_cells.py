"""What stands in a cell of somebody's file reaches a message through one function."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from hegemon import errors
from hegemon.errors import UserError

SOURCE = Path(errors.__file__).parent
ESCAPE = "\x1b[31m"
CHECKED = {"table['rcid'].iloc[row]", "own.iloc[row]", "found['session'].iloc[row]", "year.iloc[row]", "session.iloc[row]",
           "found['state'].iloc[row]", "found['year'].iloc[row]", "found['iso3_1'].iloc[row]", "found.iloc[row]",
           "years.iloc[row]", "ENDED[found.iloc[row]]", "votes['rcid'].iloc[row]", "votes[column].iloc[row]",
           "table['iso3_1'].iloc[row]"}  # fmt: skip
"""Cells that were read as numbers or known codes before a message has them."""


@pytest.mark.parametrize("file", sorted((SOURCE / "evidence").glob("*.py")), ids=lambda file: file.name)
def test_messages_show_what_cells_say_through_one_function(file: Path) -> None:
    """In a message a cell goes through `shown` or `cell`, unless it was checked; whatever else slips is escaped at the end."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        for part in (part for part in ast.walk(node) if isinstance(node, ast.JoinedStr) and isinstance(part, ast.FormattedValue)):
            cells = any(isinstance(each, ast.Attribute) and each.attr == "iloc" for each in ast.walk(part.value))
            called = isinstance(part.value, ast.Call) and ast.unparse(part.value).startswith(("shown(", "cell("))
            assert called or not cells or part.format_spec or ast.unparse(part.value) in CHECKED, ast.unparse(node)
    assert str(UserError(ESCAPE, place="\u202e")) == "\\x1b[31m (\\u202e)."
