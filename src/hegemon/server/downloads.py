"""A result to take home, in a format of one's choice."""

from __future__ import annotations

from typing import Literal

Format = Literal["html", "csv", "dta", "nc", "parquet", "xlsx", "json", "zip", "bundle"]

MEDIA = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "dta": "application/x-stata-dta",
    "nc": "application/x-netcdf",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
    "bundle": "application/zip",
}
"""Media types. html is the page, bundle all that rebuilds the result, zip all its tables; the others are numbers
(`studies.export`)."""


def filename(name: str, format: Format) -> str:
    """What the file is called."""
    return f"{name}-bundle.zip" if format == "bundle" else f"{name}.{format}"

