"""A jaxpr as a list of operations on strided views: what only moves numbers about costs nothing.

A view is an array of bytes that NumPy reshapes, transposes, slices and broadcasts for us; nobody reads the bytes, only their
strides. What is constant is computed here, and what is computed twice is computed once.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np
from jax.extend.core import Literal

from portable.labels import label_of


class NoSuchPrimitive(SystemExit):
    """The model uses an operation of JAX that the emitter does not know."""


@dataclass(eq=False)
class Value:
    """An array that is computed, given or known."""

    dtype: str
    at: np.ndarray  # bytes, one per element
    kind: str = "local"  # local, input, constant, carried, kept (from before the first quarter), output
    known: Any = None
    name: str = ""
    number: int = field(default_factory=itertools.count().__next__)


@dataclass(frozen=True, eq=False)
class View:
    """Some elements of a value in some order, `step` elements further every quarter."""

    of: Value
    at: np.ndarray
    step: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        return self.at.shape

    @property
    def offset(self) -> int:
        return int(self.at.__array_interface__["data"][0] - self.of.at.__array_interface__["data"][0])

    @property
    def whole(self) -> bool:
        return not self.step and self.key[1:] == View(self.of, self.of.at).key[1:]

    @property
    def key(self) -> tuple[Any, ...]:
        dims = [(n, s) for n, s in zip(self.at.shape, self.at.strides, strict=True) if n != 1]
        return self.of.number, self.offset, self.step, tuple(dims)

    @property
    def known(self) -> Any:
        """The numbers, where they are constant."""
        if self.of.kind != "constant" or self.step:
            return None
        numbers = self.of.known
        strides = [s * numbers.itemsize for s in self.at.strides]
        return np.lib.stride_tricks.as_strided(numbers.reshape(-1)[self.offset :], self.at.shape, strides)

    def moved(self, at: np.ndarray) -> View:
        return View(self.of, at, self.step)


@dataclass(eq=False)
class Op:
    """One operation on every element of `out`; a sum over runs or a product of matrices runs over `inner` too."""

    name: str
    out: View
    args: tuple[View, ...]
    params: dict[str, Any]
    label: tuple[str, str]
    inner: tuple[int, ...] = ()

    @property
    def space(self) -> tuple[int, ...]:
        return tuple(n for n in self.out.shape if n != 1)


ELEMENTWISE = {
    "add", "sub", "mul", "div", "max", "min", "neg", "abs", "exp", "log", "expm1", "log1p", "tanh", "sqrt", "logistic", "erf",
    "erf_inv", "square", "eq", "ne", "lt", "le", "gt", "ge", "and", "or", "xor", "not", "shift_left", "shift_right_logical",
    "select_n", "clamp", "convert_element_type", "integer_pow",
}  # fmt: skip
"""Primitives that are done element by element: exactly those that `c.expression` can write."""

INLINE = {"jit", "pjit", "closed_call", "custom_jvp_call", "custom_vjp_call"}
SAME = {"copy", "copy_p", "stop_gradient", "optimization_barrier"}


def moved(name: str, params: dict[str, Any], at: np.ndarray) -> np.ndarray | None:
    """What an operation that only moves elements makes of a view; None: it is another operation."""
    if name in SAME:
        return at
    if name in ("reshape", "expand_dims"):
        return at.reshape(params["new_sizes"] if name == "reshape" else np.expand_dims(at, params["dimensions"]).shape)
    if name == "squeeze":
        return np.squeeze(at, tuple(params["dimensions"]))
    if name == "broadcast_in_dim":
        places = dict(zip(params["broadcast_dimensions"], at.shape, strict=True))
        return np.broadcast_to(at.reshape([places.get(d, 1) for d in range(len(params["shape"]))]), params["shape"])
    if name == "transpose":
        return at.transpose(params["permutation"])
    if name == "slice":
        steps = params["strides"] or (1,) * at.ndim
        return at[tuple(map(slice, params["start_indices"], params["limit_indices"], steps))]
    return np.flip(at, params["dimensions"]) if name == "rev" else None


class Program:
    """Operations before the first quarter, and those of every quarter."""

    def __init__(self, closed: Any, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        self.ops: list[Op] = []
        self.seen: dict[Any, View] = {}
        self.carried: list[tuple[Value, View, View]] = []  # what it is called, what it begins with, what follows
        self.outputs: list[Value] = []
        jaxpr = closed.jaxpr
        self.inputs = [self.fresh(v.aval, "input", name) for v, name in zip(jaxpr.invars, inputs, strict=True)]
        env = {v: View(x, x.at) for v, x in zip(jaxpr.invars, self.inputs, strict=True)}
        env |= {v: self.constant(c) for v, c in zip(jaxpr.constvars, closed.consts, strict=True)}
        (scan,) = [i for i, q in enumerate(jaxpr.eqns) if q.primitive.name == "scan"]
        if jaxpr.eqns[scan + 1 :]:
            raise NoSuchPrimitive(f"after the last quarter there is {jaxpr.eqns[scan + 1].primitive}: the emitter ends with it.")
        for q in jaxpr.eqns[:scan]:
            self.equation(q, env, None)
        self.before, self.ops = self.ops, []
        loop = jaxpr.eqns[scan]
        self.quarter(loop.params, [self.view(v, env) for v in loop.invars])
        found = dict(zip(loop.outvars[loop.params["num_carry"] :], self.found, strict=True))
        for v, name in zip(jaxpr.outvars, outputs, strict=True):
            self.outputs.append(self.output(found[v], name))
        self.prune()

    def fresh(self, aval: Any, kind: str = "local", name: str = "") -> Value:
        return Value(str(aval.dtype), np.empty(aval.shape, np.int8), kind, name=name)

    def constant(self, numbers: Any) -> View:
        known = np.array(numbers, order="C")
        key = "constant", str(known.dtype), known.shape, known.tobytes()
        if key not in self.seen:
            value = Value(str(known.dtype), np.empty(known.shape, np.int8), "constant", known)
            self.seen[key] = View(value, value.at)
        return self.seen[key]

    def view(self, v: Any, env: dict[Any, View]) -> View:
        return self.constant(np.asarray(v.val, v.aval.dtype)) if isinstance(v, Literal) else env[v]

    def quarter(self, params: Any, args: list[View]) -> None:
        """The body of the loop over quarters."""
        fixed, carry = params["num_consts"], params["num_carry"]
        body, env = params["jaxpr"].jaxpr, {}
        env |= {v: self.constant(c) for v, c in zip(body.constvars, params["jaxpr"].consts, strict=True)}
        env |= dict(zip(body.invars[:fixed], args[:fixed], strict=True))
        held = [self.fresh(v.aval, "carried") for v in body.invars[fixed : fixed + carry]]
        env |= {v: View(x, x.at) for v, x in zip(body.invars[fixed : fixed + carry], held, strict=True)}
        for v, x in zip(body.invars[fixed + carry :], args[fixed + carry :], strict=True):
            env[v] = View(x.of, x.at[0, ...], x.at.strides[0])
        for q in body.eqns:
            self.equation(q, env, None)
        ends = [self.view(v, env) for v in body.outvars]
        self.carried = list(zip(held, args[fixed : fixed + carry], ends[:carry], strict=True))
        self.found = ends[carry:]

    def equation(self, q: Any, env: dict[Any, View], label: tuple[str, str] | None) -> None:
        name, args = q.primitive.name, [self.view(v, env) for v in q.invars]
        label = label or label_of(q)
        if name in INLINE:
            inner = q.params.get("jaxpr") or q.params["call_jaxpr"]
            body = getattr(inner, "jaxpr", inner)
            own = dict(zip(body.invars, args, strict=True))
            own |= {v: self.constant(c) for v, c in zip(body.constvars, getattr(inner, "consts", ()), strict=True)}
            for each in body.eqns:
                self.equation(each, own, label)
            env |= {v: self.view(x, own) for v, x in zip(q.outvars, body.outvars, strict=True)}
        elif name in SAME:
            env |= dict(zip(q.outvars, args, strict=True))
        elif all(x.known is not None for x in args) and q.outvars[0].aval.size <= 4096:
            found = q.primitive.bind(*(jax.numpy.asarray(x.known) for x in args), **q.params)
            env[q.outvars[0]] = self.constant(found)
        elif args and (at := moved(name, q.params, args[0].at)) is not None:
            if not np.may_share_memory(at, args[0].at):
                args[0] = self.computed(Op("copy", args[0], (args[0],), {}, label), q.invars[0].aval)
                at = moved(name, q.params, args[0].at)
            env[q.outvars[0]] = args[0].moved(at)
        else:
            env[q.outvars[0]] = self.operation(name, args, q.params, q.outvars[0].aval, label)

    def operation(self, name: str, args: list[View], params: Any, aval: Any, label: tuple[str, str]) -> View:
        """An operation that computes."""
        if name in ELEMENTWISE:
            if (plain := simpler(name, args, aval)) is not None:
                return plain.moved(np.broadcast_to(plain.at, aval.shape))
            args = [x.moved(np.broadcast_to(x.at, aval.shape)) for x in args]
            return self.computed(Op(name, args[0], tuple(args), params, label), aval)
        if name in ("stack", "concatenate"):
            out = self.fresh(aval)
            axis, done = params["axis" if name == "stack" else "dimension"], 0
            for x in args:
                at = x.at if name == "concatenate" else np.expand_dims(x.at, axis)
                part = np.moveaxis(out.at, axis, 0)[done : done + at.shape[axis]]
                done += at.shape[axis]
                self.ops.append(Op("copy", View(out, np.moveaxis(part, 0, axis)), (x.moved(at),), {}, label))
            return View(out, out.at)
        if name == "reduce_sum":
            kept = [d for d in range(args[0].at.ndim) if d not in params["axes"]]
            at = args[0].at.transpose([*kept, *params["axes"]])
            return self.summed((args[0].moved(at),), len(kept), aval, label)
        if name == "dot_general":
            return self.product(args, params, aval, label)
        raise NoSuchPrimitive(f"{'.'.join(label)} uses {name}, which the emitter does not know: add it to tools/portable.")

    def product(self, args: list[View], params: Any, aval: Any, label: tuple[str, str]) -> View:
        """A product of matrices as a sum over what both have: [batch, left, right, common] each, with length one for the rest."""
        (common, batch), wide = params["dimension_numbers"], []
        free = [[d for d in range(x.at.ndim) if d not in (*common[i], *batch[i])] for i, x in enumerate(args)]
        for i, x in enumerate(args):
            at = x.at.transpose([*batch[i], *free[i], *common[i]])
            ones, edge = (1,) * len(free[1 - i]), len(batch[i]) + (len(free[0]) if i == 0 else 0)
            wide.append(at.reshape([*at.shape[:edge], *ones, *at.shape[edge:]]))
        shape = np.broadcast_shapes(*(at.shape for at in wide))
        both = tuple(x.moved(np.broadcast_to(at, shape)) for x, at in zip(args, wide, strict=True))
        return self.summed(both, len(shape) - len(common[0]), aval, label)

    def summed(self, args: tuple[View, ...], outer: int, aval: Any, label: tuple[str, str]) -> View:
        out = self.fresh(aval)
        self.ops.append(Op("sum", View(out, out.at), args, {}, label, args[0].at.shape[outer:]))
        return View(out, out.at)

    def computed(self, op: Op, aval: Any) -> View:
        shown = sorted((k, str(v)) for k, v in op.params.items() if k in ("y", "new_dtype"))
        key = op.name, str(aval.dtype), aval.shape, str(shown), tuple(x.key for x in op.args)
        if key not in self.seen:
            out = self.fresh(aval)
            self.seen[key] = op.out = View(out, out.at)
            self.ops.append(op)
        return self.seen[key]

    def stored(self, x: View, label: str) -> Value:
        """An array of its own for what is read after a quarter."""
        if x.whole and x.of.kind == "local":
            return x.of
        out = Value(x.of.dtype, np.empty(x.shape, np.int8))
        self.ops.append(Op("copy", View(out, out.at), (x,), {}, ("", label)))
        return out

    def output(self, x: View, name: str) -> Value:
        out = self.stored(x, "outputs")
        out.kind, out.name = "output", name
        return out

    def prune(self) -> None:
        """Leave out what nothing hangs on, and do before the first quarter what is small and the same in all of them."""
        self.next = [self.stored(end, "next") for _, _, end in self.carried]
        begun = {begin.of.number for _, begin, _ in self.carried}
        wanted = {x.number for x in (*self.next, *self.outputs)} | begun
        self.ops = needed(self.ops, wanted)
        self.before = needed(self.before, wanted)
        fixed = {op.out.of.number for op in self.before}
        limit = max((np.prod(x.at.shape[-2:]) for x, _, _ in self.carried), default=1)
        writes = Counter(op.out.of.number for op in self.ops)
        early: list[Op] = []
        for op in self.ops:
            of = op.out.of
            still = all((x.of.kind in ("input", "constant") or x.of.number in fixed) and not x.step for x in op.args)
            if still and of.kind == "local" and of.at.size <= limit and writes[of.number] == 1 and of not in self.next:
                fixed.add(of.number)
                early.append(op)
        chosen = set(early)
        self.ops = [op for op in self.ops if op not in chosen]
        read = {x.of.number for op in self.ops for x in op.args}
        self.before = needed(self.before + early, read | begun)


def needed(ops: list[Op], wanted: set[int]) -> list[Op]:
    """Those of some operations that what is wanted hangs on; adds what they need to what is wanted."""
    kept = []
    for op in reversed(ops):
        if op.out.of.number in wanted:
            kept.append(op)
            wanted |= {x.of.number for x in op.args}
    return kept[::-1]


NEUTRAL: dict[str, Callable[[list[Any]], int | None]] = {
    "add": lambda k: 1 if k[0] == 0 else 0 if k[1] == 0 else None,
    "sub": lambda k: 0 if k[1] == 0 else None,
    "mul": lambda k: 1 if k[0] == 1 else 0 if k[1] == 1 else None,
    "div": lambda k: 0 if k[1] == 1 else None,
}
"""Which operand an operation is the same as, given those that are known to be one number."""


def simpler(name: str, args: list[View], aval: Any) -> View | None:
    """The operand that an operation gives unchanged."""
    if name == "convert_element_type":
        return args[0] if args[0].of.dtype == str(aval.dtype) else None
    if name not in NEUTRAL:
        return None
    numbers = [x.known for x in args]
    same = [n.flat[0] if n is not None and n.size and (n == n.flat[0]).all() else None for n in numbers]
    chosen = NEUTRAL[name](same)
    return args[chosen] if chosen is not None else None
