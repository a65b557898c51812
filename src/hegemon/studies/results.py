"""What Python does with results in folders or in memory: one page of several, a bundle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hegemon.studies import bundle as bundles
from hegemon.studies import telling
from hegemon.studies.folder import open_result

if TYPE_CHECKING:
    from hegemon.studies.result import Result


def report(results: Result | str | Path | Sequence[Result | str | Path], path: str | Path, *, title: str | None = None) -> Path:
    """Write the page of a result, or one page of several (results, or their folders): one file that opens without internet.

    Raises `UserError` for a folder without a result, and a place that cannot be written to.
    """
    several = [results] if isinstance(results, str | Path) or not isinstance(results, Sequence) else list(results)
    found, target = [_opened(each) for each in several], Path(path)
    if len(found) == 1:
        return telling.write_page(found[0], target)
    return telling.write_joint(found, target if target.suffix else target / telling.PAGE, title)


def bundle(result: Result | str | Path, path: str | Path) -> Path:
    """Write a result with everything that rebuilds its numbers into one zip (`hegemon bundle --check`). Raises `UserError`."""
    bundles.write(_opened(result), Path(path))
    return Path(path)


def _opened(result: Result | str | Path) -> Result:
    return open_result(result) if isinstance(result, str | Path) else result
