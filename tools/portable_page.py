"""Tables of docs/browser.md, each written by the command that measured it."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "browser.md"


def put(mark: str, text: str, page: Path = PAGE) -> None:
    """Write a text between its marks: "<!-- mark: written by ... -->" and "<!-- end of mark -->"."""
    head, mine, rest = page.read_text("utf-8").partition(f"<!-- {mark}: written by ")
    tool, _, rest = rest.partition(" -->")
    end = f"<!-- end of {mark} -->"
    page.write_text(f"{head}{mine}{tool} -->\n\n{text}\n\n{end}{rest.split(end)[1]}", "utf-8")
