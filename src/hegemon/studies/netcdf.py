"""Labelled arrays as one NetCDF file of the classic format, which R, Stata, Julia and spreadsheets' libraries read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr


def netcdf(data: xr.Dataset) -> bytes:
    """The file. Whole numbers of 64 bits become such of 32, or decimals where they are larger: the format has none."""
    data = data.drop_encoding()  # what was read from a file is written as what was computed
    for name, values in data.variables.items():
        if values.dtype == np.int64:
            large = abs(int(values.values.max(initial=0))) > 2**31 - 1
            data[name] = data[name].astype(np.float64 if large else np.int32)
    data.attrs = {name: value if isinstance(value, str | float) else str(value) for name, value in data.attrs.items()}
    return bytes(data.to_netcdf(engine="scipy", format="NETCDF3_64BIT"))


def read_netcdf(file: Path) -> xr.Dataset:
    """The arrays of a file, in memory."""
    import xarray as xr

    return xr.load_dataset(file, engine="scipy")
