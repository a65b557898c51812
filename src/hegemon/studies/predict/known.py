"""What is known of a record when a crisis begins."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import quarters
from hegemon.instruments import NAMES


def frame(rows: pd.DataFrame, shares: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Probabilities [R, 9] as a table by crisis (index crisis_id, columns `NAMES`); rows are made to add up to one."""
    index = pd.Index(rows["crisis_id"])
    return pd.DataFrame(shares / shares.sum(1, keepdims=True), columns=list(NAMES), index=index)


def in_order(record: pd.DataFrame) -> pd.DataFrame:
    """The record by start, ties by crisis_id."""
    return record.sort_values(["start", "crisis_id"], kind="stable").reset_index(drop=True)


def before(record: pd.DataFrame, start: str) -> pd.DataFrame:
    """Crises that had certainly begun before `start`: where only a month is coded, its last day counts against its
    first, so two crises of one month without days do not know of each other."""
    begin = days(start)[0]
    return record[[days(when)[1] < begin for when in record["start"]]]


def ended_by(record: pd.DataFrame, date: str) -> pd.DataFrame:
    """Crises that had ended by a date, YYYY-MM-DD or YYYY-MM; one without an end is taken to have ended when it began."""
    limit = days(date)[1]
    ends = [end if isinstance(end, str) and end else start for end, start in zip(
        record["end"] if "end" in record else record["start"], record["start"], strict=True)]  # fmt: skip
    return record[[days(end)[1] <= limit for end in ends]]


def days(when: str) -> tuple[str, str]:
    """First and last day that a date "YYYY-MM" or "YYYY-MM-DD" may mean; comparable as text. Raises `BadDate`."""
    quarters.of_date(when)
    return (f"{when}-01", f"{when}-31") if len(when) == 7 else (when, when)
