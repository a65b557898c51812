"""Numbers have one home: a judgement of the model stands in a parameter block, with unit, range and reason."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import hegemon
from hegemon.errors import OutOfRange
from hegemon.inference.vector import FIXED, FREE
from hegemon.mechanisms import PRIORS
from hegemon.order import Order
from hegemon.parameters import Constant

SOURCE = Path(hegemon.__file__).parent
MODEL = (*sorted((SOURCE / "mechanisms").glob("*.py")),
         *(SOURCE / f"{name}.py" for name in ("event", "law", "aftermath", "drivers", "opening")))  # fmt: skip
PLAIN = (0, 0.5, 1, 2)
MARKS = ("# guard", "# mathematics", "# prior")
"""What a line ends with whose number keeps arithmetic in range, is a constant of mathematics, or says how wide priors are."""


def bare(text: str) -> list[str]:
    """Lines of code with a float, or a whole number one calculates with, that is neither plain nor marked, outside of
    parameter blocks."""
    tree, lines = ast.parse(text), text.splitlines()
    declared = {
        id(inside)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("param", "fixed")
        for inside in ast.walk(call)
    }
    operands = {
        id(inside.operand if isinstance(inside, ast.UnaryOp) else inside)
        for sum_ in ast.walk(tree)
        if isinstance(sum_, ast.BinOp)
        for inside in (sum_.left, sum_.right)
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or isinstance(node.value, bool) or id(node) in declared:
            continue
        counts = isinstance(node.value, float) or (isinstance(node.value, int) and id(node) in operands)
        line = lines[node.lineno - 1]
        if counts and node.value not in PLAIN and not any(mark in line for mark in MARKS):
            found.append(f"{node.lineno}: {line.strip()}")
    return found


@pytest.mark.parametrize("file", MODEL, ids=lambda file: file.stem)
def test_no_judgement_stands_outside_a_parameter_block(file: Path) -> None:
    assert not bare(file.read_text("utf-8"))


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("x = 0.3 * p.turmoil", True),
        ("x = 6 * crisis.dispute", True),
        ("x = -6 * crisis.dispute", True),
        ("STEP = 1.2", True),
        ("x = 1.0 - 0.5 * y + 2.0 * z", False),
        ("x = y / (z + 1e-3)  # guard", False),
        ("a: Scalar = param(0.3, sd=0.1, unit='share')", False),
        ("x = steps(5)[3]", False),
    ],
)
def test_a_bare_number_is_seen(line: str, seen: bool) -> None:
    assert bool(bare(line)) == seen


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_parameter_has_unit_range_and_reason(name: str) -> None:
    prior = PRIORS[name]
    assert prior.unit
    assert prior.source.removeprefix("fixed: ") not in ("", prior.source)
    assert prior.low < prior.high < np.inf
    assert prior.low <= prior.mean <= prior.high


def test_fixed_parameters_are_not_calibrated() -> None:
    assert FIXED
    assert not set(FIXED) & set(FREE)


def test_a_fixed_parameter_is_set_like_any_other() -> None:
    """At its default it is a constant of the program and leaves the order's fingerprint; set, it changes it."""
    order = hegemon.load("post-soviet")
    changed = order.with_parameters({"law.step": 0.6})
    assert isinstance(order.parameters.blocks["law"].step, Constant)
    assert changed.changed == {"law.step": 0.6}
    assert changed.hash != order.hash
    assert changed.with_parameters({"law.step": 1.2}).hash == order.hash
    assert order.with_parameters({"war.peace": 20.0}).hash != order.with_parameters({"separatism.youth": 20.0}).hash
    with pytest.raises(OutOfRange, match=r"law.step = 9"):
        order.with_parameters({"law.step": 9.0})


@pytest.mark.slow
def test_set_or_swept_a_fixed_parameter_gives_the_same_histories(toy: Order) -> None:
    """One value for all histories, and the same value in a set of each: in the program and in the opening."""
    from hegemon.engine.histories import histories
    from hegemon.engine.sets import Sets
    from hegemon.inference.vector import flat

    chosen = {"law.step": 0.25, "separatism.youth": 20.0, "war.peace": 40.0}
    sets = Sets(np.array([[*flat(toy.parameters), *chosen.values()]], np.float32), 64, also=tuple(chosen))
    one = next(histories(toy.with_parameters(chosen), 64, 3))
    each = next(histories(toy, 64, 3, sets=sets))
    middling = [np.mean(found.crises.severity == 2) for found in (one, each)]
    assert middling[0] == pytest.approx(middling[1], abs=0.01)
    assert middling[0] < 0.2, "with the default step it is above a third"
    for name in ("autonomy", "hold"):
        assert np.abs(one.measures[name].mean((1, 2)) - each.measures[name].mean((1, 2))).max() < 2e-3
