"""The lowest versions that pyproject.toml allows, a constraint a line: what `.ci/lowest` installs and tries.

    python tools/lowest.py > constraints.txt && pip install -c constraints.txt -e ".[test]"
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement


def lowest() -> list[str]:
    """Every library that hegemon needs, a cluster and the explorer included, at its lower bound."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [Requirement(line) for line in [*project["dependencies"], *extras["cluster"], *extras["serve"]]]
    bounds = [(each.name, bound.version) for each in asked for bound in each.specifier if bound.operator == ">="]
    return sorted((f"{name}=={version}" for name, version in bounds), key=str.lower)


if __name__ == "__main__":
    print("\n".join(lowest()))
