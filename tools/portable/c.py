"""Operations as C: a function for each stretch of a mechanism, a loop for each group, runs innermost."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

from portable.labels import comment
from portable.primitives import FORMS, TYPES
from portable.program import Op, Program, Value, View
from portable.schedule import Group, Lives, grouped

LOOPS = 12
"""Loops in a function."""


def literal(x: Any, dtype: str) -> str:
    """A number of a type, exactly."""
    text = f"{x!s}f" if dtype == "float32" else f"{int(x)}u" if dtype == "uint32" else str(int(x))
    return f"({text})" if x < 0 else text


class Writer:
    """A program as the text of a C file."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.names: dict[int, str] = {}
        self.used: set[str] = set()
        self.declared: list[str] = []
        self.functions: list[str] = []
        table = ", ".join(self.array(x) for x in (*program.inputs, *program.outputs))
        quarter = self.part(program.ops, "", {x.number for x in program.next})
        later = {x.of.number for op in program.ops for x in op.args} | {first.of.number for _, first in program.carried}
        before = self.part(program.before, "before", later)
        starts = [self.loop([Op("copy", x.all, (first,))], set()) for x, first in program.carried]
        pairs = zip((x for x, _ in program.carried), program.next, strict=True)
        ends = [self.loop([Op("copy", x.all, (y.all,))], set()) for x, y in pairs if self.names[x.number] != self.names[y.number]]
        self.text = "\n".join([
            (Path(__file__).parent / "arithmetic.h").read_text("utf-8"), "static int quarter;", *self.declared, *self.functions,
            "/* Everything up to the first quarter. */\nvoid hegemon_begin(void)\n{\n    quarter = 0;", *before, *starts, "}",
            "/* The next quarter. */\nvoid hegemon_quarter(void)\n{", *quarter, *ends, "    quarter++;\n}",
            f"static void *const table[] = {{{table}}};",
            "/* Where an argument or a result stands, by its number in the manifest. */",
            "void *hegemon_at(int which) { return table[which]; }", "",
        ])  # fmt: skip

    def named(self, hint: str) -> str:
        """A name that is not taken."""
        base = re.sub(r"\W+", "_", hint).strip("_")[-40:] or "x"
        name = next(each for k in itertools.count(1) if (each := f"{base}_{k}" if k > 1 else base) not in self.used)
        self.used.add(name)
        return name

    def array(self, x: Value, name: str = "") -> str:
        """The name of an array, which is declared when it is first asked for."""
        if x.number not in self.names:
            name = self.names[x.number] = self.named(name or x.name)
            known = "" if x.known is None else f" = {{{', '.join(literal(n, x.dtype) for n in x.known.flat)}}}"
            self.declared.append(f"static {'const ' if known else ''}{TYPES[x.dtype]} {name}[{x.all.at.size}]{known};")
        return self.names[x.number]

    def part(self, ops: list[Op], prefix: str, kept: set[int]) -> list[str]:
        """Functions of a part of the program, and the calls."""
        groups = grouped(ops)
        lives = Lives(groups)
        inner = lives.inside(kept)
        following = self.program.next if not prefix else []
        for (x, _), new in zip(self.program.carried, following, strict=False):
            if following.count(new) == 1 and lives.over(x, new):
                self.names[x.number] = self.array(new)
            self.array(x)
        passing = {n for n, x in lives.values.items() if x.kind == "local" and n not in kept | inner}
        for n, place in lives.places(passing).items():
            self.names[n] = self.array(lives.values[place], "t")
        calls = []
        for label, stretch in itertools.groupby(groups, lambda group: group[0].label):
            loops = [self.loop(group, inner) for group in stretch]
            for at in range(0, len(loops), LOOPS):
                name = self.named("_".join(filter(None, (prefix, *label))))
                body = "\n".join(loops[at : at + LOOPS])
                head = f"static void __attribute__((noinline)) {name}(void)"
                self.functions.append(f"/* {comment(label)} */\n{head}\n{{\n{body}\n}}")
                calls.append(f"    {name}();")
        return calls

    def loop(self, group: Group, inner: set[int]) -> str:
        """A group as a loop over its elements."""
        space = group[0].space
        dims = [*"ijklm"[: max(0, len(space) - 1)], "r"][: len(space)]
        local: dict[int, str] = {}
        lines: list[str] = []
        label = group[0].label
        for op in group:
            args = [local.get(x.of.number) or self.read(x, dims) for x in op.args]
            value, n, kind = FORMS[op.name].format(*args, type=TYPES[op.out.of.dtype]), op.out.of.number, TYPES[op.out.of.dtype]
            if op.label != label:
                label = op.label
                lines.append(f"/* {'.'.join(label)} */")
            if op.name != "copy" or n in inner:
                local[n] = f"x{len(local)}"
                lines.append(f"{kind} {local[n]} = {value};")
            if n not in inner:
                lines.append(f"{self.read(op.out, dims)} = {local.get(n, value)};")
        heads = "".join(f"for (int {d} = 0; {d} < {n}; {d}++) " for d, n in zip(dims, space, strict=True))
        return "\n        ".join([f"    {heads}{{", *lines]) + "\n    }"

    def read(self, x: View, dims: list[str]) -> str:
        """An element of a view at a turn of a loop."""
        if x.one is not None:
            return literal(x.one, x.of.dtype)
        name = self.array(x.of)
        strides = [s for n, s in zip(x.at.shape, x.at.strides, strict=True) if n != 1]
        terms = [f"{d} * {s}" if s != 1 else d for d, s in zip(dims, strides, strict=True) if s]
        terms += [f"quarter * {x.step}"] if x.step else []
        terms += [str(x.offset)] if x.offset or not terms else []
        return f"{name}[{' + '.join(terms)}]"
