"""What histories of an ensemble differ in besides luck: parameter sets, figures, and where they stand at a date.

All are batch axes: however many there are, one program serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sets:
    """Parameter sets for consecutive histories.

    values  [S, D] in the order of `inference.vector.FREE`, and then of `also`
    each    histories of a set, one after the other; None: sets take turns, history r has set r modulo S, however many there are
    paired  run r of every set throws the dice of history r, so that sets share their luck; else each history has its own
    also    fixed parameters that the sets hold too, by name
    """

    values: Numbers
    each: int | None = 1
    paired: bool = False
    also: tuple[str, ...] = ()

    def fit(self, runs: int) -> bool:
        """Whether there are sets for so many histories."""
        return self.each is None or runs == len(self.values) * self.each

    def of(self, histories: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
        """The set of each history; those beyond the last have the last one."""
        if self.each is None:
            return histories % len(self.values)
        return np.minimum(histories // self.each, len(self.values) - 1)

    def luck(self, histories: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
        """Whose dice each history throws."""
        return histories % self.each if self.paired and self.each else histories


@dataclass(frozen=True)
class Figures:
    """What a scenario gives of the start, differing between histories; history r has row r modulo S.

    world, setting  by fields of `world.World` and `world.Setting`, first axis S, then those of the field
    """

    world: Mapping[str, Numbers]
    setting: Mapping[str, Numbers]

    def __len__(self) -> int:
        return len(next(iter(self.world.values())))

    def of(self, histories: npt.NDArray[np.integer]) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
        """Those of some histories, which are the last axis."""
        rows = histories % len(self)
        world, setting = ({name: np.moveaxis(values[rows], 0, -1).astype(np.float32) for name, values in table.items()}
                          for table in (self.world, self.setting))  # fmt: skip
        return world, setting


@dataclass(frozen=True)
class Stand:
    """Where neighbours stand at the close of a quarter, whatever histories have done with them until then.

    quarter  its number
    ties     shares of external ties, [S, P, N]; history r has row r modulo S
    """

    quarter: int
    ties: Numbers

    def of(self, histories: npt.NDArray[np.integer]) -> Numbers:
        """Ties of some histories, [P, N, R]."""
        return np.moveaxis(self.ties[histories % len(self.ties)], 0, -1)
