"""Codings of several people put together, without losing whose is whose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hegemon.errors import BadValue, shown
from hegemon.history.codings import CODED, CODERS, codings
from hegemon.history.reading import REQUIRED, read_crises

if TYPE_CHECKING:
    import pandas as pd

KEY = ("crisis_id", "coder")
ABOUT = ("crisis_id", "coder", "order", "patron", "state", "start", "end", "name")
"""What says which crisis it is, and who coded it."""

OPEN = tuple(name for name in REQUIRED if name not in ABOUT)
"""Columns that somebody who has not finished leaves empty."""


def read_codings(name: str) -> pd.DataFrame:
    """A file of codings, checked: columns of a crisis file and `coder`; what is not coded yet is empty."""
    from hegemon.files import home, read_text

    path = home(name)
    return read_crises(read_text(path, 20_000_000, said=name), path.name, unknown=OPEN, coders=True)


def merged(tables: Sequence[pd.DataFrame], ours: bool = False) -> pd.DataFrame:
    """All codings in one table, by crisis and coder. `ours`: those that come with hegemon too, and nobody else by their names.

    Raises where one coder says two things of one crisis, or where somebody goes by the name of a coder of ours.
    """
    import pandas as pd

    for table in tables:
        for row in table.to_dict("records"):
            if ours and row["coder"] in CODERS:
                names = ", ".join(CODERS)
                raise BadValue(f"coder = {shown(row['coder'])}", f"Codings of ours go by {names}; take another name.",
                               place=_place(table, row))  # fmt: skip
    tables = [started(table) for table in tables]
    whole = pd.concat([*([codings()] if ours else []), *tables], ignore_index=True)
    _agreeing(tables)
    whole = whole.drop_duplicates(list(KEY), keep="first").sort_values(list(KEY), kind="stable", ignore_index=True)
    rest = [name for name in whole if name not in (*ABOUT, *CODED)]
    coded = [name for name in CODED if name in whole]
    return whole[[*(name for name in ABOUT if name in whole), *coded, *rest]]


def started(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table in which something is coded."""
    there = [name for name in CODED if name in table]
    return table[(table[there].notna() & (table[there] != "")).any(axis=1)]


def _agreeing(tables: Sequence[pd.DataFrame]) -> None:
    """Raise for a crisis of which one coder says two things in two files."""
    import pandas as pd

    seen: dict[tuple[str, str], tuple[pd.DataFrame, dict[str, str]]] = {}
    for table in tables:
        for row in table.to_dict("records"):
            said = {str(name): str(value) for name, value in row.items() if name in CODED and not pd.isna(value) and value != ""}
            key = row["crisis_id"], row["coder"]
            if key not in seen:
                seen[key] = table, said
                continue
            other, before = seen[key]
            for name in CODED:
                if before.get(name, "") != said.get(name, ""):
                    what = f"coder {row['coder']} says {shown(said.get(name, ''))} here and {shown(before.get(name, ''))}"
                    raise BadValue(f"{what} in {_place(other, row)}", "Keep one of the two rows, or name two coders.",
                                   place=f"{_place(table, row)}, column {name}")  # fmt: skip


def _place(table: pd.DataFrame, row: dict[object, object]) -> str:
    number = table.attrs.get("rows", {}).get(f"{row['crisis_id']}, {row['coder']}")
    return f"{table.attrs.get('file', 'codings')}, row {number}"
