"""Arrays and tables as JSON has them: what is not known is null."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from hegemon.engine.plain import numbers as rounded


def plain(value: Any, digits: int = 6) -> Any:
    """Labelled arrays as {dims, coords, values}, a table as rows, plain values with numbers that JSON has."""
    if hasattr(value, "data_vars"):
        coords = {str(name): _days(each.values).tolist() for name, each in value.coords.items() if each.ndim <= 1}
        return {"coords": finite(coords), "arrays": {
            str(name): {"dims": [str(d) for d in each.dims], "values": numbers(each.values, digits)}
            for name, each in value.data_vars.items()}}  # fmt: skip
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        table = value if list(value.index.names) == [None] else value.reset_index()
        return json.loads(table.to_json(orient="records", double_precision=min(digits + 4, 15)))
    return finite(value)


def _days(values: Any) -> Any:
    """Dates as text."""
    return values.astype("datetime64[D]").astype(str) if values.dtype.kind == "M" else values


def numbers(values: Any, digits: int) -> Any:
    """An array as nested lists; what is no finite number is null."""
    return rounded(values, digits) if values.dtype.kind in "fc" else values.tolist()


def finite(value: Any) -> Any:
    """The same in Python's own types, None for what is no finite number."""
    if isinstance(value, dict):
        return {str(name): finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
