"""The emitter says in C what JAX computes, and refuses what it does not know."""

from __future__ import annotations

import ctypes
import shutil
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from scipy import special

import portable_engine
from portable.c import Writer
from portable.program import NoSuchPrimitive, Program

R, N, Q = 8, 3, 4
compiler = pytest.mark.skipif(shutil.which(portable_engine.COMPILER) is None, reason="no C compiler here")


def program_of(step: Any) -> tuple[Any, Program]:
    """A program that goes on with `step` from quarter to quarter, as JAX runs it and as the emitter reads it."""

    def run(x: Any, square: Any, path: Any) -> Any:
        start = jnp.broadcast_to(x[:, None], (N, R)) + jnp.arange(R, dtype=jnp.float32) / R
        return lax.scan(lambda carry, now: step(carry, square, now), start, path)[1]

    given = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in ((N,), (N, N), (Q, 1))]
    closed, shown = jax.make_jaxpr(run, return_shape=True)(*given)
    return run, Program(closed, ["x", "square", "path"], [f"out{i}" for i in range(len(shown))])


def mixed(x: Any, square: Any, now: Any) -> Any:
    """Everything that moves numbers about, sums them or chooses among them."""
    near = square @ x
    stacked = jnp.stack([x, near, x**3])
    parts = jnp.concatenate([stacked[0], stacked[2]])[2 : 2 + N]
    grown = jnp.where(near > now, jnp.tanh(near), jax.nn.sigmoid(parts)) + lax.erf(stacked.sum(0)) * 0.1
    bits = (lax.iota(jnp.uint32, R)[None] * jnp.uint32(747796405)) ^ (grown > 0.5).astype(jnp.uint32)
    following = jnp.clip(grown + (bits >> 9).astype(jnp.float32) * 2.0**-30, -3.0, 3.0)
    weights = jnp.exp(-jnp.abs(following)) / jnp.maximum(jnp.sqrt(jnp.abs(x[:1]) + 1.0), 0.1)
    return following, (following, stacked @ jnp.ones(R), jnp.log(weights + 0.1).reshape(N * R), (bits & 255).astype(jnp.uint16))


@compiler
def test_what_is_moved_summed_and_chosen_is_what_jax_makes_of_it(tmp_path: Path) -> None:
    run, program = program_of(mixed)
    source, made = tmp_path / "order.c", tmp_path / "order.so"
    source.write_text(Writer(program).text, "utf-8")
    portable_engine.library(source, made)
    library = ctypes.CDLL(str(made))
    library.hegemon_at.restype = ctypes.c_void_p

    def array(number: int, value: Any) -> np.ndarray:
        kind = np.dtype(value.dtype)
        memory = (ctypes.c_char * (value.all.at.size * kind.itemsize)).from_address(library.hegemon_at(number))
        return np.frombuffer(memory, kind).reshape(value.shape)

    luck = np.random.default_rng(0)
    given = [luck.normal(size=shape).astype(np.float32) for shape in ((N,), (N, N), (Q, 1))]
    for number, (value, numbers) in enumerate(zip(program.inputs, given, strict=True)):
        array(number, value)[...] = numbers
    wanted = jax.jit(run)(*given)
    library.hegemon_begin()
    for quarter in range(Q):
        library.hegemon_quarter()
        for i, value in enumerate(program.outputs):
            found = array(len(program.inputs) + i, value)
            np.testing.assert_allclose(found, np.asarray(wanted[i][quarter]), rtol=2e-5, atol=2e-6, err_msg=f"{value.name}")


def test_an_operation_that_the_model_does_not_use_is_refused_in_a_sentence() -> None:
    with pytest.raises(NoSuchPrimitive, match=r"uses sort of float32, which the emitter does not know: add it to tools"):
        program_of(lambda x, square, now: (lax.sort(x, dimension=0), (x,)))


def test_an_operation_of_another_type_is_refused_too() -> None:
    with pytest.raises(NoSuchPrimitive, match=r"uses shift_right_logical of int32"):
        program_of(lambda x, square, now: (x, (lax.shift_right_logical(x.astype(jnp.int32), jnp.int32(1)),)))


FUNCTIONS = {
    "exp": (np.exp, np.linspace(-80, 80, 20_001), 3e-7),
    "log": (np.log, np.geomspace(1e-30, 1e30, 20_001), 3e-7),
    "log1p": (np.log1p, np.linspace(-0.999, 5, 20_001), 4e-7),
    "expm1": (np.expm1, np.linspace(-5, 5, 20_001), 4e-7),
    "tanh": (np.tanh, np.linspace(-9, 9, 20_001), 4e-7),
    "logistic": (special.expit, np.linspace(-40, 40, 20_001), 4e-7),
    "erf": (special.erf, np.linspace(-5, 5, 20_001), 4e-7),
    "erf_inv": (special.erfinv, np.linspace(-0.99999, 0.99999, 20_001), 5e-6),  # x * x rounds next to 1, as in XLA
}


@compiler
def test_elementary_functions_are_as_exact_as_single_precision_is(tmp_path: Path) -> None:
    header = Path(portable_engine.__file__).parent / "portable" / "arithmetic.h"
    loops = "\n".join(f"void do_{f}(const float *x, float *y, int n) {{ for (int i = 0; i < n; i++) y[i] = {f}_(x[i]); }}"
                      for f in FUNCTIONS)  # fmt: skip
    source, made = tmp_path / "functions.c", tmp_path / "functions.so"
    source.write_text(header.read_text("utf-8") + loops, "utf-8")
    portable_engine.library(source, made)
    library = ctypes.CDLL(str(made))
    for name, (exact, at, error) in FUNCTIONS.items():
        x, y = at.astype(np.float32), np.zeros(at.size, np.float32)
        pointers = [each.ctypes.data_as(ctypes.POINTER(ctypes.c_float)) for each in (x, y)]
        getattr(library, f"do_{name}")(*pointers, x.size)
        np.testing.assert_allclose(y, exact(x.astype(float)), rtol=error, atol=1e-30 if name == "exp" else 2e-8, err_msg=name)
