"""A jaxpr as a list of operations on strided views: what only moves numbers about costs nothing.

A view is an array of bytes that NumPy reshapes, transposes, slices and broadcasts for us; nobody reads the bytes, only their
strides. What is constant is computed here, what is computed twice is computed once, and what is the same in every quarter is
computed before the first.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np
from jax.extend.core import Literal

from portable.labels import Label, label_of
from portable.primitives import FORMS, INLINE, MOVES, TYPES

MOST_KNOWN = 4096  # numbers in a constant that is computed here


class NoSuchPrimitive(SystemExit):
    """The model uses an operation of JAX that the emitter does not know."""

    def __init__(self, label: Label, what: str) -> None:
        where = ".".join(filter(None, label))
        super().__init__(f"{where} uses {what}, which the emitter does not know: add it to tools/portable.")


@dataclass(eq=False)
class Value:
    """An array that is computed, given or known."""

    dtype: str
    shape: tuple[int, ...]
    kind: str = "local"  # local, input, constant, carried, output
    name: str = ""
    known: Any = None
    still: bool = False  # the same in every quarter
    number: int = field(default_factory=itertools.count().__next__)

    def __post_init__(self) -> None:
        self.all = View(self, np.empty(self.shape, np.int8))


@dataclass(frozen=True, eq=False)
class View:
    """Some elements of a value in some order, `step` elements further every quarter."""

    of: Value
    at: np.ndarray
    step: int = 0

    @functools.cached_property
    def offset(self) -> int:
        return int(self.at.__array_interface__["data"][0] - self.of.all.at.__array_interface__["data"][0])

    @functools.cached_property
    def key(self) -> tuple[Any, ...]:
        """What tells it from views of other elements or in another order."""
        dims = [(n, s) for n, s in zip(self.at.shape, self.at.strides, strict=True) if n != 1]
        return self.of.number, self.offset, self.step, tuple(dims)

    @property
    def whole(self) -> bool:
        return self.key == self.of.all.key

    @functools.cached_property
    def known(self) -> Any:
        """The numbers, where they are constant."""
        numbers = self.of.known
        if numbers is None or self.step:
            return None
        strides = [s * numbers.itemsize for s in self.at.strides]
        return np.lib.stride_tricks.as_strided(numbers.reshape(-1)[self.offset :], self.at.shape, strides)

    @property
    def one(self) -> Any:
        """The number that all of them are, where they are constant and the same."""
        numbers = self.known
        return numbers.flat[0] if numbers is not None and numbers.size and (numbers == numbers.flat[0]).all() else None

    def moved(self, at: np.ndarray) -> View:
        return View(self.of, at, self.step)


@dataclass(eq=False)
class Op:
    """One operation on every element of `out`."""

    name: str
    out: View
    args: tuple[View, ...]
    label: Label = ("", "")

    @property
    def space(self) -> tuple[int, ...]:
        return tuple(n for n in self.out.at.shape if n != 1)


class Program:
    """Operations before the first quarter, and those of every quarter.

    carried  arrays from quarter to quarter, and what they begin with
    next     what they are at the end of a quarter
    limit    numbers that are kept from before the first quarter: a larger array costs more to read than to compute
    """

    def __init__(self, closed: Any, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        self.before: list[Op] = []
        self.ops = self.before
        self.carried: list[tuple[Value, View]] = []
        self.limit = 0
        self.seen: dict[Any, View] = {}
        jaxpr = closed.jaxpr
        self.inputs = [self.fresh(v.aval, "input", name, still=True) for v, name in zip(jaxpr.invars, inputs, strict=True)]
        env = {v: x.all for v, x in zip(jaxpr.invars, self.inputs, strict=True)}
        self.all(jaxpr.eqns[:-1], env, jaxpr.constvars, closed.consts)
        loop = jaxpr.eqns[-1]
        if loop.primitive.name != "scan":
            raise NoSuchPrimitive(label_of(loop), f"{loop.primitive.name} after the last quarter")
        ends = self.quarter(loop.params, [self.view(v, env) for v in loop.invars])
        found = dict(zip(loop.outvars, ends, strict=True))
        self.outputs = [self.stored(found[v], name) for v, name in zip(jaxpr.outvars, outputs, strict=True)]
        self.next = [self.stored(end) for end, _ in zip(ends, self.carried, strict=False)]
        wanted = {x.number for x in (*self.next, *self.outputs)} | {begin.of.number for _, begin in self.carried}
        self.ops = needed(self.ops, wanted)
        self.before = needed(self.before, wanted)

    def fresh(self, aval: Any, kind: str = "local", name: str = "", *, still: bool = False) -> Value:
        return Value(str(aval.dtype), aval.shape, kind, name, still=still)

    def constant(self, numbers: Any) -> View:
        known = np.array(numbers, order="C")
        key = "constant", str(known.dtype), known.shape, known.tobytes()
        if key not in self.seen:
            self.seen[key] = Value(str(known.dtype), known.shape, "constant", "known", known, still=True).all
        return self.seen[key]

    def view(self, v: Any, env: dict[Any, View]) -> View:
        return self.constant(np.asarray(v.val, v.aval.dtype)) if isinstance(v, Literal) else env[v]

    def all(self, equations: Iterable[Any], env: dict[Any, View], names: Any, constants: Any, label: Label | None = None) -> None:
        """Equations one after the other; `env` learns what they give."""
        env |= {v: self.constant(c) for v, c in zip(names, constants, strict=True)}
        for q in equations:
            args = [self.view(v, env) for v in q.invars]
            env |= zip(q.outvars, self.equation(q, args, label or label_of(q)), strict=True)

    def quarter(self, params: Any, args: list[View]) -> list[View]:
        """The body of the loop over quarters: what is carried on, and then what is shown."""
        fixed, carry = params["num_consts"], params["num_carry"]
        body, ends = params["jaxpr"].jaxpr, fixed + carry
        held = [self.fresh(v.aval, "carried", "now") for v in body.invars[fixed:ends]]
        self.carried = list(zip(held, args[fixed:ends], strict=True))
        self.limit = max((math.prod(x.shape[-2:]) for x in held), default=0)
        of_time = [View(x.of, x.at[0, ...], x.at.strides[0]) for x in args[ends:]]
        env = dict(zip(body.invars, [*args[:fixed], *(x.all for x in held), *of_time], strict=True))
        self.ops = []
        self.all(body.eqns, env, body.constvars, params["jaxpr"].consts)
        return [self.view(v, env) for v in body.outvars]

    def equation(self, q: Any, args: list[View], label: Label) -> list[View]:
        """What an equation gives."""
        name, params = q.primitive.name, q.params
        aval: Any = q.outvars[0].aval
        if name in INLINE:
            inner = params.get("jaxpr") or params["call_jaxpr"]
            body = getattr(inner, "jaxpr", inner)
            env = dict(zip(body.invars, args, strict=True))
            self.all(body.eqns, env, body.constvars, getattr(inner, "consts", ()), label)
            return [self.view(v, env) for v in body.outvars]
        if name == "optimization_barrier":
            return args
        if all(x.known is not None for x in args) and aval.size <= MOST_KNOWN:
            return [self.constant(q.primitive.bind(*(jax.numpy.asarray(x.known) for x in args), **params))]
        if name in MOVES and np.may_share_memory(at := MOVES[name](args[0].at, params), args[0].at):
            return [args[0].moved(at)]
        return [self.operation(name, args, params, aval, label)]

    def operation(self, name: str, args: list[View], params: Any, aval: Any, label: Label) -> View:
        """An operation that computes. Sums and products of matrices are additions in order."""
        both = functools.partial(self.each, label=label, dtype=str(aval.dtype))
        if name in ("stack", "concatenate"):
            out, done = self.fresh(aval, name="_".join(label)), 0
            axis = params["axis" if name == "stack" else "dimension"]
            for x in args:
                at = np.moveaxis(x.at if name == "concatenate" else np.expand_dims(x.at, axis), axis, 0)
                part = np.moveaxis(out.all.at, axis, 0)[done : done + len(at)]
                self.ops.append(Op("copy", View(out, part), (x.moved(at),), label))
                done += len(at)
            return out.all
        if name == "reduce_sum":
            (axis,) = params["axes"]
            return functools.reduce(lambda one, two: both("add", one, two), parts(args[0], axis))
        if name == "dot_general" and params["dimension_numbers"][1] == ((), ()):
            ((left,), (right,)), _ = params["dimension_numbers"]
            columns = [x.moved(x.at.reshape((*x.at.shape, *[1] * (args[1].at.ndim - 1)))) for x in parts(args[0], left)]
            products = map(functools.partial(both, "mul"), columns, parts(args[1], right))
            return functools.reduce(lambda one, two: both("add", one, two), products)
        if name == "integer_pow" and params["y"] > 0:
            return functools.reduce(lambda one, two: both("mul", one, two), args * params["y"])
        return both(name, *args)

    def each(self, name: str, *args: View, label: Label, dtype: str) -> View:
        """An operation on elements, which is done once."""
        kind = args[0].of.dtype
        if name not in FORMS or {kind, dtype} - TYPES.keys() or (name, kind) == ("shift_right_logical", "int32"):
            raise NoSuchPrimitive(label, f"{name} of {kind}")
        shape = np.broadcast_shapes(*(x.at.shape for x in args))
        if name == "convert_element_type" and kind == dtype:
            return args[0]
        wide = tuple(x.moved(np.broadcast_to(x.at, shape)) for x in args)
        key = name, dtype, shape, tuple(x.key for x in wide)
        if key not in self.seen:
            still = all(x.of.still and not x.step for x in wide) and math.prod(shape) <= self.limit
            out = Value(dtype, shape, "local", "_".join(label), still=still or self.ops is self.before)
            (self.before if still else self.ops).append(Op(name, out.all, wide, label))
            self.seen[key] = out.all
        return self.seen[key]

    def stored(self, x: View, shown: str = "") -> Value:
        """An array of its own for what is read after a quarter, or shown under a name."""
        out = x.of
        if not x.whole or out.still or out.kind not in ("local", "" if shown else "output"):
            out = Value(out.dtype, x.at.shape, name="next")
            self.ops.append(Op("copy", out.all, (x,)))
        if shown:
            out.kind, out.name = "output", shown
        return out


def parts(x: View, axis: int) -> list[View]:
    """A view's slices along an axis."""
    at = np.moveaxis(x.at, axis, 0)
    return [x.moved(at[k, ...]) for k in range(len(at))]


def needed(ops: list[Op], wanted: set[int]) -> list[Op]:
    """Those of some operations that what is wanted hangs on; adds what they need to what is wanted."""
    kept = []
    for op in reversed(ops):
        if op.out.of.number in wanted:
            kept.append(op)
            wanted |= {x.of.number for x in op.args}
    return kept[::-1]
