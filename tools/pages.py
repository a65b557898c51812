"""Write the pages and tables of the documentation that say what the code says, so that they can be read where the code is.

python tools/pages.py            write docs/odd.md, docs/mechanisms/, docs/api.md, and the tables of README.md and docs/*.md
python tools/pages.py --check    say which of them are not what the code gives, and exit with 1
python tools/pages.py --odd      print the model's ODD description
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hegemon
from hegemon import studies
from hegemon.docs import odd
from hegemon.mechanisms import MECHANISMS

ROOT = Path(__file__).resolve().parents[1]

TABLE = re.compile(r"(<!-- (systems|instruments|studies|releases): written by[^>]*-->\n).*?(\n<!-- end of \w+ -->)", re.DOTALL)
"""A table between its marks."""


def page_of(module: str) -> str:
    """The page of a mechanism, by its module's name."""
    return {m.params.__module__.rpartition(".")[2]: m.name for m in MECHANISMS}[module] + ".md"


def systems(folder: str) -> str:
    """The table of systems with links to pages instead of files."""
    return re.sub(r"\(src/hegemon/mechanisms/(\w+)\.py\)", lambda found: f"({folder}{page_of(found[1])})", odd.systems())


def commands() -> str:
    """The table of studies: command, Python, what it gives."""
    rows = ["| command | Python | what it does |", "| --- | --- | --- |"]
    for each in studies.STUDIES:
        python = {"run": "simulate"}.get(each.name, each.name)
        rows.append(f"| `hegemon {each.name}` | [`hegemon.{python}`](api.md#{python}) | {each.summary} |")
    return "\n".join(rows)


def releases() -> str:
    """The table of official data sets that a world pack is built from."""
    from hegemon.world_pack.manifest import RELEASES

    rows = ["| data set | cite | file | terms | without it |", "| --- | --- | --- | --- | --- |"]
    for each in RELEASES:
        files = " or ".join(f"`{pattern}`" for pattern in each.files)
        without = each.without or "no pack can be built"
        rows.append(f"| [{each.title}]({each.where}) | {each.cite} | {files} | {each.terms} | {without} |")
    return "\n".join(rows)


TABLES: dict[str, Callable[[Path], str]] = {
    "systems": lambda file: odd.systems() if file.name == "README.md" else systems("mechanisms/"),
    "instruments": lambda file: odd.instruments(),
    "studies": lambda file: commands(),
    "releases": lambda file: releases(),
}
"""What stands between marks, by name."""


def filled(file: Path) -> str:
    """A page with its tables written anew."""
    return TABLE.sub(lambda found: found[1] + TABLES[found[2]](file) + found[3], file.read_text("utf-8"))


PREFACE = """Written from the docstrings by `python tools/pages.py`. `import hegemon` is instant: what is used is imported when it
is used. A mistake of the user's raises `hegemon.errors.UserError`, one sentence that says what to do. What every result can do
stands under [Result](#result)."""


def api() -> str:
    """Every public name of the package with its signature and docstring."""
    names = [name for name in hegemon.__all__ if not name.startswith("_")]
    functions = [name for name in names if not inspect.isclass(getattr(hegemon, name))]
    classes = [name for name in names if name not in functions]
    parts = ["# Python reference", PREFACE, "## Functions"]
    parts += [section(name, getattr(hegemon, name)) for name in functions]
    from hegemon import evidence, measures
    from hegemon.aftermath import aftermath
    from hegemon.event import unfold
    from hegemon.mechanisms.base import Mechanism
    from hegemon.parameters import Prior, fixed, param
    from hegemon.studies.result import Result

    inside = (Mechanism, param, fixed, Prior, unfold, aftermath, measures.autonomy, measures.multivector, measures.versatility)
    readers = (evidence.read_votes, evidence.read_ideal_points, evidence.read_trade, evidence.read_vdem, evidence.read_dyads)
    public = (evidence.orientation, evidence.ideal_points, evidence.agreement_by_year, *readers,
              evidence.codes_then, evidence.codes_now)  # fmt: skip
    parts += [
        "## Results and other classes",
        section("Result", Result),
        *(section(name, getattr(hegemon, name)) for name in classes),
    ]
    parts += ["## Measuring from public data (`hegemon.evidence`)", *(section(each.__name__, each) for each in public)]
    parts += ["## Inside the model", "For whoever changes it. Shapes: `N` neighbours, `P` poles, runs as an optional last axis.",
              *(section(each.__name__, each) for each in inside)]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def section(name: str, of: Any) -> str:
    """A name with its signature, docstring and, of a class, its public methods."""
    shown = name if inspect.isclass(of) else f"{name}{signature(of)}"
    parts = [f"### {name}", f"```python\n{shown}\n```", prose(of)]
    if inspect.isclass(of):
        for method, given in vars(of).items():
            plain = given.__func__ if isinstance(given, classmethod) else given.fget if isinstance(given, property) else given
            if (
                (method.startswith("_") and method != "__getitem__")
                or method == "model_post_init"  # pydantic's own, in words that change with its release
                or not inspect.isfunction(plain)
                or not inspect.getdoc(plain)
            ):
                continue
            called = f".{method}" if isinstance(given, property) else f".{method}{signature(plain)}"
            parts.append(f"`{called}`\n\n{prose(plain)}")
    return "\n\n".join(parts)


def signature(of: Any) -> str:
    """Arguments with their types, without `self`."""
    found = inspect.signature(of)
    kept = [p for p in found.parameters.values() if p.name not in ("self", "cls")]
    return str(found.replace(parameters=kept)).replace("'", "")


def prose(of: Any) -> str:
    """A docstring; lists whose entries are aligned become lists."""
    return as_lists(inspect.getdoc(of) or "")


def as_lists(text: str) -> str:
    """Aligned entries as list items, the rest as it is."""
    lines: list[str] = []
    entry = False
    for line in text.splitlines():
        found = re.match(r"^(\w[\w, ]*?) {2,}(\S.*)$", line)
        if found:
            if not entry and lines and lines[-1]:
                lines.append("")
            lines.append(f"- `{found[1]}` {found[2]}")
            entry = True
        elif entry and line.startswith("    "):
            lines.append(f"  {line.strip()}")
        else:
            if entry and line.strip():
                lines.append("")
            entry = False
            lines.append(line)
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Everything that is written, by path."""
    made = {"docs/odd.md": odd.odd(), "docs/api.md": api(), "docs/mechanisms/index.md": f"# Mechanisms\n\n{systems('')}\n"}
    made |= {f"docs/mechanisms/{m.name}.md": odd.submodel(m, level=1) + "\n" for m in MECHANISMS}
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        if TABLE.search(file.read_text("utf-8")):
            made[file.relative_to(ROOT).as_posix()] = filled(file)
    return {path: text.rstrip() + "\n" for path, text in made.items()}


def stale() -> list[str]:
    """Paths of pages that are not what the code gives."""
    found = [path for path, text in pages().items()
             if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != text]  # fmt: skip
    kept = {f"{m.name}.md" for m in MECHANISMS} | {"index.md"}
    return found + [f"docs/mechanisms/{f.name}" for f in (ROOT / "docs/mechanisms").glob("*.md") if f.name not in kept]


if __name__ == "__main__":
    if "--odd" in sys.argv[1:]:
        print(odd.odd(), end="")
    elif "--check" in sys.argv[1:]:
        print("\n".join(stale()))
        sys.exit(bool(stale()))
    else:
        for path, text in pages().items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, "utf-8")
            print(path)
