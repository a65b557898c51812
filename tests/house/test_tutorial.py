"""What the tutorial and the README show is what a reader gets who types it in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def blocks(page: Path) -> list[tuple[int, str, str]]:
    """Line, code and printed output (or nothing) of each piece of Python on a page."""
    text = page.read_text(encoding="utf-8")
    return [(text[: m.start()].count("\n") + 2, m[1], m[2] or "") for m in BLOCK.finditer(text)]


def execute(page: Path, capsys: pytest.CaptureFixture[str]) -> int:
    """Run a page's Python in order and compare what it prints, numbers loosely. How many pieces showed what they print."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for line, code, shown in blocks(page):
        place = f"{page.name}, line {line}"
        exec(compile("\n" * (line - 1) + code, page.name, "exec"), names)
        printed = capsys.readouterr().out
        if shown:
            compare(printed, shown, place)
    return sum(bool(shown) for _, _, shown in blocks(page))


def compare(printed: str, shown: str, place: str) -> None:
    """Words must agree; numbers may differ by what another processor's last bit does to 500 histories."""
    words = ["".join(NUMBER.sub("#", text).split()) for text in (printed, shown)]
    assert words[0] == words[1], f"{place}: printed\n{printed}"
    found, said = ([float(x) for x in NUMBER.findall(text)] for text in (printed, shown))
    for one, other in zip(found, said, strict=True):
        assert one == pytest.approx(other, rel=0.05, abs=0.035), f"{place}: printed\n{printed}"


@pytest.mark.slow
def test_the_tutorial_runs_and_prints_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert execute(ROOT / "docs" / "tutorial.md", capsys)


@pytest.mark.slow
def test_the_five_lines_of_the_readme_run_and_print_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    pieces = blocks(ROOT / "README.md")
    assert len(pieces) == 1
    assert len(pieces[0][1].splitlines()) == 5
    assert execute(ROOT / "README.md", capsys)


@pytest.mark.slow
def test_the_page_about_comparisons_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(ROOT / "docs" / "compare.md", capsys)


def test_a_page_with_another_number_is_noticed() -> None:
    compare("[0.2  0.28]\n", "[0.21 0.28]\n", "here")
    for other in ("[0.20 0.38]\n", "[0.20]\n", "(0.20 0.28)\n"):
        with pytest.raises(AssertionError):
            compare(other, "[0.20 0.28]\n", "here")
