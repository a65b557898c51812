"""What MkDocs does not do by itself: list the mechanisms' pages."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig

from hegemon.mechanisms import MECHANISMS


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List the mechanisms' pages in the navigation, under the page that introduces them."""
    pages = [{f"{m.system} {m.title}": f"mechanisms/{m.name}.md"} for m in MECHANISMS]
    for entry in config.nav or []:
        if "Mechanisms" in entry:
            entry["Mechanisms"] = ["mechanisms/index.md", *pages]
    return config
