"""An address that names something there is not gets a sentence, and a page that can be used; none waits for ever."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from webexplorer import until

WAITS = ("Opening…", "Asking…", "Looking…", "Reading")
ROOM = "room-post-soviet-KAZ-2022Q1"

BAD = {
    "run": (
        "#/run/{run}?",
        {
            "m=nonsense": "no measure called “nonsense”",
            "m=orientation:nopole": "no measure called “orientation:nopole”",
            "m=doctrine": "no measure called “doctrine”",
            "q=1850Q1": "no quarter called “1850Q1”",
            "state=XXX": "no neighbour called “XXX”",
            "h=abc": "no history called “abc”",
            "h=9999": "There are 0 to 511",
            "c=zz&level=much": "no level called “much”",
            "v=globe": "no view called “globe”",
        },
    ),
    "compare": (
        "#/compare/{compare}?",
        {
            "m=orientation:nopole": "no measure called “orientation:nopole”",
            "m=nonsense": "no measure called “nonsense”",
            "q=1800Q9&state=QQQ&years=some": "no neighbour called “QQQ”",
        },
    ),
    "room": (
        "#/room?",
        {
            "s=nowhere": "no order called “nowhere”",
            "state=XXX": "no neighbour called “XXX”",
            "at=1700Q1": "no quarter called “1700Q1”",
            "m=zzz": "no colouring called “zzz”",
            "unrest=zz": "no degree of unrest called “zz”",
            "x=9,9": "no place called “9,9”",
        },
    ),
    "tab": (
        "#/tab?n=64&",
        {
            "s=nowhere": "no scenario called “nowhere”",
            "m=orientation:nopole": "no measure called “orientation:nopole”",
            "without=zzz": "no mechanism called “zzz”",
            "set=a.b%3D3": "no change of parameters called “a.b=3”",
            "record=1700Q1": "no quarter to follow a record to called “1700Q1”",
            "seed=-4": "no seed called “-4”",
            "state=QQ&q=1700Q1": "no neighbour called “QQ”",
        },
    ),
    "record": (
        "#/record?",
        {
            "of=nothing": "no record called “nothing”",
            "state=XXX": "no neighbour called “XXX”",
            "kind=zz": "no kind of crisis called “zz”",
            "answer=yy&severity=9": "no severity called “9”",
        },
    ),
    "claims": (
        "#/claims?",
        {
            "ledger=zz": "no ledger called “zz”",
            "verdict=zz": "no verdict called “zz”",
            "open=C99": "no claim called “C99”",
        },
    ),
    "elsewhere": (
        "#/",
        {
            "stories/pact?step=99": "no step called “99”",
            "stories/nothing": "There is no such story",
            "predict/nothing": "no such result",
            "run/nothing": "no such result",
            "compare/nothing": "no such result",
            "result/nothing": "no such result",
            "room/nothing": "no such result",
            "ask/nothing": "Nothing is called “nothing”",
            "ask/room?q=%7Bcut": "no question called “{cut”",
            "run?s=nowhere&n=5": "No scenario is called",
            "compare?as=nowhere&bs=post-soviet": "No scenario is called",
            "run?s=post-soviet&n=many": "It must be a whole number",
            "new?s=nowhere": "No scenario is called",
            "code": "Nobody is coding here",
            "nothing": "There is no page “nothing”",
        },
    ),
}
"""By page: where it is, and of each wrong part what must be said."""


@pytest.mark.parametrize("page_", BAD)
def test_what_an_address_names_and_there_is_not_is_said(site, open_page, page_):
    start, wrong = BAD[page_]
    start = start.format(run=site.run, compare=site.compare)
    late = "|derived_inert" if page_ == "tab" else ""  # the tab's answers may come after it was left
    page = open_page("#/trust", excused=f"Failed to load resource{late}")
    for part, said in wrong.items():
        page.evaluate("where => { location.hash = where; }", "#/trust")
        page.get_by_role("heading", name="How far to trust this").wait_for()
        page.evaluate("where => { location.hash = where; }", start + part)
        expect(page.locator("main")).to_contain_text(said, timeout=60_000)
        if page_ == "elsewhere":
            continue
        until(lambda: not [w for w in WAITS if w in page.locator("main").inner_text()], 120.0)
        page.locator("main svg, main .crises li, main ol li, main form").first.wait_for(state="attached")
        page.wait_for_function(
            "part => !location.hash.includes(part)", arg=re.split("[=&]", part)[0] + "=" + part.split("=")[1][:3]
        )
