"""Which operations share a loop, and which arrays share a place in memory."""

from __future__ import annotations

from collections import Counter, defaultdict

from portable.program import Op, Value, View

MOST = 48
"""Operations in a loop. A compiler's time grows faster than this."""


Group = list[Op]
"""Operations that one loop does element by element."""


def grouped(ops: list[Op]) -> list[Group]:
    """Loops in an order in which everything is computed before it is used elsewhere than in its own loop. A loop is of one file
    of the model, so that it can be read beside it."""
    unwritten = Counter(op.out.of.number for op in ops)
    left, groups = ops, []
    while left:
        group: Group = []
        rest: list[Op] = []
        here: dict[int, View] = {}
        for k, op in enumerate(left):
            if len(group) == MOST:
                rest += left[k:]
                break
            alike = op.space == left[0].space and op.label[0] == left[0].label[0]
            if alike and all(not unwritten[x.of.number] and here.get(x.of.number, x).key == x.key for x in op.args):
                group.append(op)
                here[op.out.of.number] = op.out
                unwritten[op.out.of.number] -= 1
            else:
                rest.append(op)
        left = rest
        groups.append(group)
    return groups


class Lives:
    """When arrays are written and read: a group's number, and an operation's number in it."""

    def __init__(self, groups: list[Group]) -> None:
        self.written: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.read: dict[int, list[tuple[int, int, View]]] = defaultdict(list)
        self.values: dict[int, Value] = {}
        for g, group in enumerate(groups):
            for k, op in enumerate(group):
                self.values[op.out.of.number] = op.out.of
                self.written[op.out.of.number].append((g, k))
                for x in op.args:
                    self.read[x.of.number].append((g, k, x))

    def inside(self, kept: set[int]) -> set[int]:
        """Arrays that nobody reads outside the loop that writes them: numbers of a turn, not arrays."""
        return {n for n, x in self.values.items() if n not in kept and x.kind == "local" and len(self.written[n]) == 1
                and {g for g, _, _ in self.read[n]} <= {self.written[n][0][0]}}  # fmt: skip

    def over(self, old: Value, new: Value) -> bool:
        """Whether the new array may be written over the old one, of which nobody reads then what is overwritten."""
        at = min(self.written[new.number], default=(-1, 0))
        return old.shape == new.shape and old.dtype == new.dtype and all(
            g < at[0] or ((g, k) <= at and x.whole) for g, k, x in self.read[old.number])  # fmt: skip

    def places(self, chosen: set[int]) -> dict[int, int]:
        """For each of some arrays the first array of whose place in memory it takes, when nobody will read what is there."""
        found: dict[int, int] = {}
        places: dict[tuple[str, int], set[tuple[int, int]]] = defaultdict(set)  # last read, and the first array there
        for n in sorted(chosen, key=lambda n: self.written[n][0]):
            free = places[self.values[n].dtype, self.values[n].all.at.size]
            place = max((each for each in free if each[0] < self.written[n][0][0]), default=(0, n))
            free.discard(place)
            found[n] = place[1]
            free.add((max(each[0] for each in (*self.written[n], *self.read[n])), found[n]))
        return found
