"""A comparison read back from the folder that `hegemon compare`, or the explorer, has left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.folders.kinds import damaged, read_json

if TYPE_CHECKING:
    from hegemon.experiments.compare import Comparison
    from hegemon.order import Order


@dataclass(frozen=True)
class Compared:
    """A comparison with its orders, and the quarter that is reported."""

    first: Order
    second: Order
    found: Comparison
    quarter: str


def read_comparison(folder: Path) -> Compared:
    """The comparison in a folder, without the differences pair by pair, which are not kept. Raises `BadFile`."""
    import pandas as pd
    import xarray as xr

    from hegemon.experiments.compare import Comparison

    brief = read_json(folder / "comparison.json", "comparison")
    try:
        summary = xr.open_zarr(folder / "summary", consolidated=False, chunks=None).load()
        each = {str(name): summary[f"{name}_difference"].expand_dims(run=0) for name in brief["variance_ratio"]}
        found = Comparison(xr.Dataset(each, attrs=summary.attrs), summary, pd.DataFrame(brief["crises"]))
        first, second = (side(summary.attrs, which) for which in ("first", "second"))
        return Compared(first, second, found, str(brief["quarter"]))
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise damaged(folder, "comparison", error) from None


def side(attrs: dict[Any, Any], which: str) -> Order:
    """One of the two orders, as it was simulated."""
    from hegemon.order import remade

    prefix = f"{which}_"
    given = {str(name).removeprefix(prefix): value for name, value in attrs.items() if str(name).startswith(prefix)}
    if "changed" not in given:
        raise ValueError("it does not say which parameters were changed")
    json.loads(given["changed"])
    return remade(given)
