"""Operations as C: a function for each stretch of a mechanism, a loop for each group, runs innermost."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from portable.labels import comment
from portable.program import NoSuchPrimitive, Op, Program, Value, View
from portable.schedule import Group, grouped, inside, places

TYPES = {"float32": "float", "int32": "int", "uint32": "uint", "uint16": "ushort", "bool": "int"}
LANES = 16
"""Runs that a sum takes at a time. Part of the order of sums, so it does not depend on the machine."""

FORMS = {
    "add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0} * {1}", "div": "{0} / {1}", "neg": "-{0}", "copy": "{0}",
    "max": "{0} > {1} ? {0} : {1}", "min": "{0} < {1} ? {0} : {1}", "clamp": "{1} < {0} ? {0} : {1} > {2} ? {2} : {1}",
    "eq": "{0} == {1}", "ne": "{0} != {1}", "lt": "{0} < {1}", "le": "{0} <= {1}", "gt": "{0} > {1}", "ge": "{0} >= {1}",
    "and": "{0} & {1}", "or": "{0} | {1}", "xor": "{0} ^ {1}", "shift_left": "{0} << {1}", "square": "{0} * {0}",
    "shift_right_logical": "{0} >> {1}", "sqrt": "__builtin_sqrtf({0})", "abs": "{0} < 0 ? -{0} : {0}",
}  # fmt: skip
CALLS = ("exp", "log", "log1p", "expm1", "tanh", "logistic", "erf", "erf_inv")


def literal(x: np.generic, dtype: str) -> str:
    """A number of a type, exactly."""
    if dtype == "float32":
        if not np.isfinite(x):
            return "(0.0f / 0.0f)" if np.isnan(x) else f"({'-' if x < 0 else ''}1.0f / 0.0f)"
        short = np.format_float_positional(np.float32(x), unique=True, trim="0")
        exact = short if len(short) < 16 else float(x).hex()
        return f"({exact}f)" if x < 0 else f"{exact}f"
    return f"{int(x)}u" if dtype == "uint32" else f"({int(x)})" if int(x) < 0 else str(int(x))


def expression(op: Op, args: list[str]) -> str:
    """What an operation computes of an element."""
    name, kind = op.name, op.args[0].of.dtype
    to = op.out.of.dtype
    if name in CALLS and kind == "float32":
        return f"{name}_({args[0]})"
    if name == "select_n":
        choices = args[1:]
        text = choices[0] if len(choices) == 2 else choices[-1]
        if len(choices) == 2:
            return f"{args[0]} ? {choices[1]} : {text}"
        for k in reversed(range(len(choices) - 1)):
            text = f"{args[0]} == {k} ? {choices[k]} : ({text})"
        return text
    if name == "not":
        return f"{args[0]} ^ 1" if kind == "bool" else f"~{args[0]}"
    if name == "convert_element_type":
        return f"{args[0]} != 0" if to == "bool" else f"({TYPES[to]}){args[0]}"
    if name == "integer_pow" and 1 <= op.params["y"] <= 4:
        return " * ".join([args[0]] * op.params["y"])
    if name in FORMS and not (name == "shift_right_logical" and kind == "int32"):
        return FORMS[name].format(*args)
    raise NoSuchPrimitive(f"{'.'.join(op.label)} uses {name} of {kind}, which the emitter does not know: add it to {__name__}.")


class Writer:
    """A program as the text of a C file."""

    def __init__(self, program: Program, runs: int) -> None:
        self.program, self.runs = program, runs
        self.names: dict[int, str] = {}
        self.used: dict[str, int] = {}
        self.declared: list[str] = []
        self.functions: list[str] = []
        for x, _, _ in program.carried:
            self.array(x, "now")
        for x in (*program.inputs, *program.outputs):
            self.array(x, x.name)
        begin, quarter = self.part(program.before, "before", keep=True), self.part(program.ops, "", keep=False)
        begin += [f"    copy({self.names[x.number]}, {self.read(first)}, sizeof {self.names[x.number]});"
                  if first.whole else self.filled(x, first) for x, first, _ in program.carried]  # fmt: skip
        moves = [(self.names[x.number], self.names[following.number])
                 for (x, _, _), following in zip(program.carried, program.next, strict=True)]  # fmt: skip
        quarter += [f"    copy({now}, {following}, sizeof {now});" for now, following in moves] + ["    quarter++;"]
        table = ", ".join(self.names[x.number] for x in (*program.inputs, *program.outputs))
        preamble = (Path(__file__).parent / "arithmetic.h").read_text("utf-8")
        self.text = "\n".join([
            preamble, f"enum {{ R = {runs} }}; /* histories side by side */", "static int quarter;",
            "static inline void copy(void *to, const void *from, unsigned long bytes) { __builtin_memcpy(to, from, bytes); }",
            *self.declared, *self.functions,
            "/* Everything up to the first quarter. */\nvoid hegemon_begin(void)\n{\n    quarter = 0;", *begin, "}",
            "/* The next quarter. */\nvoid hegemon_quarter(void)\n{", *quarter, "}",
            f"static void *const table[] = {{{table}}};",
            "/* Where an argument or a result stands, by its number in the manifest. */",
            "void *hegemon_at(int which) { return table[which]; }", "",
        ])  # fmt: skip

    def array(self, x: Value, hint: str) -> str:
        """Declare an array."""
        if x.number not in self.names:
            base = re.sub(r"\W+", "_", hint).strip("_")[-40:] or "x"
            self.used[base] = self.used.get(base, -1) + 1
            name = self.names[x.number] = f"{base}{self.used[base] or ''}" + ("_" if base[-1:].isdigit() else "")
            known = ""
            if x.known is not None:
                known = " = {" + ", ".join(literal(n, x.dtype) for n in x.known.flat) + "}"
            static = "static const" if known else "static"
            self.declared.append(f"{static} {TYPES[x.dtype]} {name}[{x.at.size}]{known};")
        return self.names[x.number]

    def read(self, x: View, dims: tuple[str, ...] = ()) -> str:
        """An element of a view at a turn of a loop; the whole array without one."""
        numbers = x.known
        if numbers is not None and (numbers == numbers.flat[0]).all():
            return literal(numbers.flat[0], x.of.dtype)
        name = self.array(x.of, "known")
        if not dims and x.whole and x.of.at.size > 1:
            return name
        strides = [s for n, s in zip(x.shape, x.at.strides, strict=True) if n != 1]
        terms = [f"{d} * {s}" if s != 1 else d for d, s in zip(dims, strides, strict=True) if s]
        terms += [f"quarter * {x.step}"] if x.step else []
        terms += [str(x.offset)] if x.offset or not terms else []
        return f"{name}[{' + '.join(terms)}]"

    def filled(self, x: Value, first: View) -> str:
        """What a carried array begins with, where it is not as long in memory."""
        op = Op("copy", View(x, x.at), (first,), {}, ("", ""))
        return self.loop(Group(op.space, [op]), set())

    def part(self, ops: list[Op], prefix: str, *, keep: bool) -> list[str]:
        """Functions of a part of the program, and the calls."""
        groups = grouped(ops)
        program = self.program
        read_later = {x.of.number for op in program.ops for x in op.args} | {b.of.number for _, b, _ in program.carried}
        kept = {x.number for x in program.next} | (read_later if keep else set())
        inner = inside(groups) - kept
        slots = {} if keep else places(groups, kept | inner)
        values = {op.out.of.number: op for g in groups for op in g.ops}
        slot_names: dict[int, str] = {}
        for n, op in values.items():
            if n in inner or n in self.names:
                continue
            if n in slots:
                if slots[n] not in slot_names:
                    slot_names[slots[n]] = self.array(op.out.of, "t")
                self.names[n] = slot_names[slots[n]]
            else:
                self.array(op.out.of, "_".join(op.label))
        calls: list[str] = []
        at = 0
        while at < len(groups):
            label = groups[at].ops[0].label
            end = at
            while end < len(groups) and groups[end].ops[0].label == label and end - at < 12:
                end += 1
            base = "_".join(filter(None, (prefix, label[0], re.sub(r"\W+", "_", label[1]))))
            self.used[base] = self.used.get(base, -1) + 1
            name = f"{base}_{self.used[base] + 1}"
            loops = [self.loop(g, inner) for g in groups[at:end]]
            said = comment(label).replace("*/", "* /")
            about = f"/* {'.'.join(filter(None, label))}{': ' + said if said else ''} */"
            self.functions.append(f"{about}\nstatic void __attribute__((noinline)) {name}(void)\n{{\n" + "\n".join(loops) + "\n}")
            calls.append(f"    {name}();")
            at = end
        return calls

    def loop(self, group: Group, inner: set[int]) -> str:
        """A group as a loop over its space."""
        if group.ops[0].inner:
            return self.sum_(group.ops[0])
        dims = tuple("ijk"[d] if d < len(group.space) - 1 else "r" for d in range(len(group.space)))
        local: dict[int, str] = {}
        lines: list[str] = []
        labels: set[tuple[str, str]] = {group.ops[0].label}
        for op in group.ops:
            args = [local[x.of.number] if x.of.number in local else self.read(x, dims) for x in op.args]
            value = expression(op, args)
            kind = TYPES[op.out.of.dtype]
            if op.label not in labels:
                labels.add(op.label)
                lines.append(f"/* {'.'.join(op.label)} */")
            n = op.out.of.number
            own = local[n] = f"x{len(local)}"
            if op.name == "copy" and n not in inner:
                local.pop(n)
                lines.append(f"{self.read(op.out, dims)} = {value};")
                continue
            lines.append(f"{kind} {own} = {value};")
            if n not in inner:
                lines.append(f"{self.read(op.out, dims)} = {own};")
        heads = [f"for (int {d} = 0; {d} < {n}; {d}++)" for d, n in zip(dims, group.space, strict=True)]
        pad = "    "
        if len(lines) > 1:
            body = "\n".join(f"{pad * 2}{line}" for line in lines)
            return f"{pad}{' '.join([*heads, '{'])}\n{body}\n{pad}}}"
        return f"{pad}{' '.join(heads)} {lines[0]}"

    def sum_(self, op: Op) -> str:
        """A sum of products: over runs in so many lanes, which are added up pair by pair; else in order, runs side by side."""
        outer, dims = op.out.shape, []
        letters = iter("ijklmnop")
        for n in (*outer, *op.inner):
            dims.append(next(letters) if n != 1 else "0")
        def heads(places: range, shape: tuple[int, ...]) -> str:
            return " ".join(f"for (int {dims[d]} = 0; {dims[d]} < {shape[d]}; {dims[d]}++)" for d in places if shape[d] != 1)
        shape = (*outer, *op.inner)
        used = tuple(d for d in dims if d != "0")
        product = " * ".join(self.read(x, used) for x in op.args)
        to = self.read(op.out, tuple(d for d in dims[: len(outer)] if d != "0"))
        lanes = next((d for d in reversed(range(len(shape))) if shape[d] == self.runs), None)
        pad = "    "
        if lanes is None:
            every = heads(range(len(outer), len(shape)), shape)
            return (f"{pad}{heads(range(len(outer)), shape)} {{\n{pad * 2}float s = 0.0f;\n{pad * 2}{every} s += {product};\n"
                    f"{pad * 2}{to} = s;\n{pad}}}")  # fmt: skip
        letter = dims[lanes]
        wide = lambda text: re.sub(rf"\b{letter}\b", f"({letter} + l)", text)  # noqa: E731
        block = f"for (int {letter} = 0; {letter} < R; {letter} += {LANES})"
        each = f"for (int l = 0; l < {LANES}; l++)"
        alone = tuple(1 if d == lanes else n for d, n in enumerate(shape))
        if lanes >= len(outer):  # over runs
            others = heads(range(len(outer), len(shape)), alone)
            tree = "\n".join(f"{pad * 2}for (int l = 0; l < {w}; l++) s[l] += s[l + {w}];" for w in (8, 4, 2, 1))
            body = f"{pad * 2}{others} {block} {each} s[l] += {wide(product)};\n{tree}\n{pad * 2}{to} = s[0];"
            return f"{pad}{heads(range(len(outer)), shape)} {{\n{pad * 2}float s[{LANES}] = {{0}};\n{body}\n{pad}}}"
        before = heads(range(len(outer)), alone)
        over = heads(range(len(outer), len(shape)), shape)
        return (f"{pad}{before} {block} {{\n{pad * 2}float s[{LANES}] = {{0}};\n{pad * 2}{over} {each} s[l] += {wide(product)};\n"
                f"{pad * 2}{each} {wide(to)} = s[l];\n{pad}}}")  # fmt: skip
