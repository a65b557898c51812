"""What of JAX the model uses: what is computed element by element, as C says it, and what only moves elements about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

TYPES = {"float32": "float", "int32": "int", "uint32": "unsigned", "uint16": "unsigned short", "bool": "int"}

FORMS = {
    "add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0} * {1}", "div": "{0} / {1}", "neg": "-{0}", "copy": "{0}",
    "max": "{0} > {1} ? {0} : {1}", "min": "{0} < {1} ? {0} : {1}", "abs": "{0} < 0 ? -{0} : {0}",
    "sqrt": "__builtin_sqrtf({0})", "eq": "{0} == {1}", "lt": "{0} < {1}", "gt": "{0} > {1}", "ge": "{0} >= {1}",
    "and": "{0} & {1}", "or": "{0} | {1}", "xor": "{0} ^ {1}", "shift_left": "{0} << {1}", "shift_right_logical": "{0} >> {1}",
    "select_n": "{0} ? {2} : {1}", "convert_element_type": "({type}){0}",
} | {name: f"{name}_({{0}})" for name in ("exp", "log", "expm1", "tanh", "logistic", "erf", "erf_inv")}  # fmt: skip
"""Operations on elements. The functions are in arithmetic.h."""

MOVES: dict[str, Callable[[np.ndarray, Any], np.ndarray]] = {
    "reshape": lambda at, p: at.reshape(p["new_sizes"]),
    "squeeze": lambda at, p: np.squeeze(at, tuple(p["dimensions"])),
    "transpose": lambda at, p: at.transpose(p["permutation"]),
    "slice": lambda at, p: at[tuple(map(slice, p["start_indices"], p["limit_indices"], p["strides"] or (1,) * at.ndim))],
    "broadcast_in_dim": lambda at, p: np.broadcast_to(
        np.expand_dims(at, [d for d in range(len(p["shape"])) if d not in p["broadcast_dimensions"]]), p["shape"]),
}
"""What an operation that only moves elements makes of an array."""

INLINE = {"jit", "pjit", "custom_jvp_call"}
"""Operations that are their body's."""
