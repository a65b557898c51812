"""A coder's session in a browser: by keyboard alone, blind, saved as it goes, gone on with where it was left."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_access import AXE, SHOTS, violations

from hegemon.history.merging import read_codings
from hegemon.history.sheet import begin

pytestmark = pytest.mark.slow


@pytest.fixture
def coding(tmp_path: Path) -> Iterator[Any]:
    """Starts `hegemon data code` and gives what it says; each call ends the session before."""
    held: list[subprocess.Popen[str]] = []

    def end() -> None:
        while held:
            one = held.pop()
            one.send_signal(signal.SIGINT)
            one.wait(30)
            assert one.stdout is not None
            one.stdout.close()

    def start(*more: str) -> dict[str, Any]:
        end()
        hegemon = str(Path(sys.executable).parent / "hegemon")
        command = [hegemon, "data", "code", *more, "--port", "0", "--no-open", "--json"]
        held.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path))
        assert held[-1].stdout is not None
        told: dict[str, Any] = json.loads(held[-1].stdout.readline())
        return told

    yield start
    end()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    found = context.new_page()
    found.set_default_timeout(60_000)
    said: list[str] = []
    found.on("pageerror", lambda e: said.append(str(e)))
    yield found
    context.close()
    assert said == []


def file(folder: Path) -> dict[str, str]:
    """The first crisis as it lies on disk."""
    return pd.read_csv(folder / "mine.csv", dtype=str, keep_default_na=False).iloc[0].to_dict()


def until(page: Any, words: str) -> None:
    page.get_by_text(re.compile(words)).first.wait_for()


def test_a_crisis_is_coded_by_keyboard_alone(coding: Any, page: Any, tmp_path: Path) -> None:
    """No click: digits, Tab, arrows, Enter. The crisis comes before the answer; what was coded stays when it is asked."""
    (tmp_path / "list.csv").write_text(
        "crisis_id,order,patron,state,start,end,name\n"
        "a-1,mine,RUS,KAZ,2022-01-02,2022-01-19,January unrest\nb-2,mine,RUS,GEO,2003-11-02,2003-11-23,November protests\n"
    )
    told = coding("mine.csv", "--coder", "ann", "--list", "list.csv")
    assert (told["file"], told["crises"]) == ("mine.csv", 2)
    page.goto(told["address"])
    until(page, "How grave was it")
    first = page.locator("h2").first.inner_text()
    assert page.get_by_text("costliest act").count() == 0, "the answer is not asked yet"
    assert page.get_by_role("navigation").get_by_role("link").count() == 0, "nothing leads to anybody's codes"
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "code-crisis.png", full_page=True)
    if AXE.is_file():
        assert violations(page) == []

    page.keyboard.press("1")  # uprising; on to severity
    page.keyboard.press("3")
    page.keyboard.press("Tab")  # on, past the line
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")  # pro_patron, by the browser's own keys
    page.keyboard.press("ArrowDown")  # balanced
    page.keyboard.press("Enter")
    until(page, "Not coded yet")  # the request is missing: the step is not left, and the question has the focus
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    until(page, "costliest act")
    row = file(tmp_path)
    assert (row["kind"], row["severity"], row["incumbent_before"], row["host_request"]) == ("uprising", "3", "balanced", "asked")
    page.screenshot(path=SHOTS / "code-answer.png", full_page=True)

    page.keyboard.press("9")  # collective_force; on to other acts
    page.keyboard.press("2")  # mediate, ticked
    page.keyboard.press("Tab")
    page.wait_for_timeout(200)
    for name, digit in (("side", "1"), ("force_size", "3"), ("legal_frame", "2")):
        page.locator(f"#q-{name} input").first.focus()
        page.keyboard.press(digit)
    page.locator("#q-refused input").first.focus()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    until(page, "in office at the end")
    page.keyboard.press("Backspace")  # back to the answer, and to the crisis: fixed, and said so
    page.keyboard.press("Backspace")
    until(page, "It is fixed")
    assert page.locator("#q-kind input").first.is_disabled()
    page.keyboard.press("Enter")
    until(page, "costliest act")
    page.keyboard.press("Enter")
    until(page, "in office at the end")
    for name, digit in (("incumbent_survived", "2"), ("orientation_after", "2"), ("autonomy_change", "1")):
        page.locator(f"#q-{name} input").first.focus()
        page.keyboard.press(digit)
    page.keyboard.press("Enter")
    until(page, "How sure are you")
    page.keyboard.press("1")
    page.keyboard.type("Digits 1 2 3 are letters here")
    page.keyboard.press("Enter")
    page.wait_for_function("first => document.querySelector('h2').innerText !== first", arg=first)
    row = file(tmp_path)
    assert (row["response_primary"], row["responses_secondary"], row["side"]) == ("collective_force", "mediate", "for")
    assert (row["force_size"], row["legal_frame"], row["host_request"]) == ("2", "pact_mandate", "asked")
    assert (row["incumbent_survived"], row["autonomy_change"], row["coder_confidence"]) == ("1", "-1", "high")
    assert row["note"] == "Digits 1 2 3 are letters here"
    until(page, "1 through")

    coding("mine.csv")  # closed and opened again: the same coder, where she was
    table = read_codings(str(tmp_path / "mine.csv"))
    assert list(table["coder"]) == ["ann", "ann"]


def test_what_contradicts_is_said_and_not_saved(coding: Any, page: Any, tmp_path: Path) -> None:
    crises = pd.DataFrame([{"crisis_id": "a-1", "order": "mine", "patron": "RUS", "state": "KAZ", "start": "2001-02",
                            "end": "", "name": "A strike"}])  # fmt: skip
    sheet = begin(tmp_path / "mine.csv", "bob", crises)
    sheet.save("a-1", {"kind": "uprising", "severity": "2", "incumbent_before": "balanced", "host_request": "none"})
    page.goto(coding("mine.csv")["address"])
    until(page, "costliest act")
    page.keyboard.press("1")  # abstain
    page.locator("#q-side input").first.focus()
    page.keyboard.press("1")  # for: words are no act
    until(page, "Not saved: .*Words are no act")
    assert file(tmp_path)["side"] == ""
    page.locator("#q-side input").first.focus()
    page.keyboard.press("4")
    until(page, "Saved")
    assert (file(tmp_path)["response_primary"], file(tmp_path)["side"]) == ("abstain", "none")
