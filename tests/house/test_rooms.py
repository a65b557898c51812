"""The house's plan: no circles among its files, and what stands lower knows nothing of what stands above."""

from __future__ import annotations

import ast
from pathlib import Path

import networkx as nx
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"

FLOORS = (
    ("axes", "dice", "errors", "parameters", "quarters", "runtime", "files", "machine", "owner", "separated"),
    ("instruments", "world"),
    ("mechanisms", "evidence", "posterior", "world_pack"),
    ("law", "measures"),
    ("event", "aftermath", "drivers", "scenarios", "history"),
    ("order", "opening"),
    ("branch", "building"),
    ("engine", "inference", "pooled", "outcomes", "figures"),
    ("ledgers", "sentences", "pages", "docs"),
    ("studies", "consistency", "projects", "portable", "stories"),
    ("__init__",),
    ("server",),
    ("cli",),
)
"""Rooms from the bottom up; those of a floor may know each other."""

UP = {
    # ("lower room", "upper room"): why
}
"""Arrows that run up all the same, each with its reason."""


def module_of(file: Path) -> str:
    """A file's module."""
    parts = file.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(file): file for file in sorted((SOURCE / "hegemon").rglob("*.py"))}


def imported(module: str) -> set[str]:
    """Modules of ours that a file imports anywhere: at its top, for types only, or where it uses them."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                found.add(whole if whole in FILES else node.module)
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return (found & set(FILES)) - {module}


@pytest.fixture(scope="module")
def plan() -> nx.DiGraph:
    """Files, and an arrow to every file that each imports. The package's own face (`import hegemon`) is no file of the house."""
    found = nx.DiGraph()
    for module in FILES:
        if module != "hegemon":
            found.add_edges_from((module, other) for other in imported(module) if other != "hegemon")
    return found


def room(module: str) -> str:
    """The room of a file: its folder, or itself."""
    return module.split(".")[1] if "." in module else "__init__"


def test_no_files_import_each_other_in_a_circle(plan: nx.DiGraph) -> None:
    circles = [sorted(group) for group in nx.strongly_connected_components(plan) if len(group) > 1]
    assert not circles, "\n".join(" <-> ".join(name.removeprefix("hegemon.") for name in group) for group in circles)


def test_arrows_point_down(plan: nx.DiGraph) -> None:
    floor = {name: level for level, names in enumerate(FLOORS) for name in names}
    up = {(room(a), room(b)): (a, b) for a, b in plan.edges if floor[room(a)] < floor[room(b)]}
    assert len(UP) <= 4
    assert set(up) == set(UP), {rooms: arrow for rooms, arrow in up.items() if rooms not in UP}


def test_every_room_has_its_floor() -> None:
    assert {room(module) for module in FILES} - {"posteriors"} == {name for names in FLOORS for name in names}


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {module: len(file.read_text("utf-8").splitlines()) for module, file in FILES.items()}
    assert not {module: lines for module, lines in long.items() if lines > 400}
