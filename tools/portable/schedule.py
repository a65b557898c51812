"""Which operations share a loop, and which arrays share a place in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from portable.program import Op, Value, View

MOST = 48
"""Operations in a loop. A compiler's time grows faster than this."""
AHEAD = 700
"""How far down the model's own order a loop looks for operations to take along."""


@dataclass(eq=False)
class Group:
    """Operations that one loop over `space` does element by element, or one sum."""

    space: tuple[int, ...]
    ops: list[Op] = field(default_factory=list)


def same_place(one: View, other: View) -> bool:
    """Whether two views of an array give the same element at every turn of a loop."""
    return one.key == other.key


def grouped(ops: list[Op]) -> list[Group]:
    """Loops in an order in which everything is computed before it is used elsewhere than in its own loop. A loop is of one file
    of the model, so that it can be read beside it."""
    unwritten = Counter(op.out.of.number for op in ops)
    left, groups = list(ops), []
    while left:
        first = left[0]
        group, rest = Group(first.space), []
        here: dict[int, View] = {}

        def fits(op: Op, group: Group = group, first: Op = first, here: dict[int, View] = here) -> bool:
            if op.space != group.space or op.label[0] != first.label[0] or (op.inner and group.ops):
                return False
            return all(not unwritten[n] and (n not in here or same_place(here[n], x)) for x in op.args for n in [x.of.number])

        for k, op in enumerate(left):
            if len(group.ops) == MOST or k > AHEAD or (group.ops and first.inner):
                rest += left[k:]
                break
            if fits(op):
                group.ops.append(op)
                here[op.out.of.number] = op.out
                unwritten[op.out.of.number] -= 1
            else:
                rest.append(op)
        left = rest
        groups.append(group)
    return groups


def inside(groups: list[Group]) -> set[int]:
    """Arrays that nobody reads outside the loop that writes them: numbers of a turn, not arrays."""
    readers: dict[int, set[int]] = {}
    for g, group in enumerate(groups):
        for op in group.ops:
            for x in op.args:
                readers.setdefault(x.of.number, set()).add(g)
    found = set()
    for g, group in enumerate(groups):
        for op in group.ops:
            whole = op.out.of.kind == "local" and op.out.whole and not op.inner
            if whole and readers.get(op.out.of.number, {g}) <= {g}:
                found.add(op.out.of.number)
    return found


def places(groups: list[Group], kept: set[int]) -> dict[int, int]:
    """A slot for every local array, taken over by another of the same size and kind when nobody will read the first again."""
    last: dict[int, int] = {}
    values: dict[int, Value] = {}
    for g, group in enumerate(groups):
        for op in group.ops:
            for x in (op.out, *op.args):
                last[x.of.number], values[x.of.number] = g, x.of
    slots: dict[int, int] = {}
    free: dict[tuple[str, int], list[int]] = {}
    count = 0
    for g, group in enumerate(groups):
        for op in group.ops:
            of = op.out.of
            if of.kind != "local" or of.number in kept or of.number in slots:
                continue
            pool = free.setdefault((of.dtype, of.at.size), [])
            if not pool:
                pool.append(count)
                count += 1
            slots[of.number] = pool.pop()
        for n in [n for n in slots if last[n] == g]:
            free[values[n].dtype, values[n].at.size].append(slots[n])
    return slots
