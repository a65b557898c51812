"""What MkDocs does not do by itself: pages and tables written from the code, docstrings' lists as lists.

Nothing that is written here is committed, so no page can lag behind the model.
"""

from __future__ import annotations

import re
from typing import Any

import griffe
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from hegemon.docs import odd
from hegemon.mechanisms import MECHANISMS

TABLES = {"systems": odd.systems, "instruments": odd.instruments}
"""What `<!-- name -->` in a page stands for."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List the mechanisms' pages in the navigation, under the page that introduces them."""
    pages = [{f"{m.system} {m.title}": f"mechanisms/{m.name}.md"} for m in MECHANISMS]
    for entry in config.nav or []:
        if "Mechanisms" in entry:
            entry["Mechanisms"] = ["mechanisms/index.md", *pages]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made from the code."""
    made = {"odd.md": odd.odd(), "mechanisms/index.md": f"# Mechanisms\n\n{_systems_here()}\n"}
    made |= {f"mechanisms/{m.name}.md": odd.submodel(m, level=1) + "\n" for m in MECHANISMS}
    for path, text in made.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put tables where a page asks for them."""
    for name, table in TABLES.items():
        if f"<!-- {name} -->" in markdown:
            text = _systems_here("mechanisms/") if name == "systems" else table()
            markdown = markdown.replace(f"<!-- {name} -->", text)
    return markdown


def _systems_here(folder: str = "") -> str:
    """The table of systems with links to pages instead of files."""
    return re.sub(r"\(src/hegemon/mechanisms/(\w+)\.py\)", _page(folder), odd.systems())


def _page(folder: str) -> Any:
    names = {m.params.__module__.rpartition(".")[2]: m.name for m in MECHANISMS}
    return lambda found: f"({folder}{names[found[1]]}.md)"


class Lists(griffe.Extension):
    """Docstrings explain fields and arguments in aligned lists; make Markdown lists of them."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite an object's docstring."""
        if obj.docstring is not None:
            obj.docstring.value = as_lists(obj.docstring.value)


def as_lists(text: str) -> str:
    """Aligned entries as list items, the rest as it is."""
    lines: list[str] = []
    entry = False
    for line in text.splitlines():
        found = re.match(r"^(\w+) {2,}(\S.*)$", line)
        if found:
            if not entry and lines and lines[-1]:
                lines.append("")
            lines.append(f"- `{found[1]}` {found[2]}")
            entry = True
        elif entry and line.startswith("    "):
            lines.append(f"  {line.strip()}")
        else:
            entry = False
            lines.append(line)
    return "\n".join(lines)
