"""Two stories of comparisons: Kazakhstan in January 2022, and what a pact changes. Read by tools/stories.py."""

from __future__ import annotations

from typing import Any

from hegemon.pages import words
from hegemon.sentences import trust
from hegemon.sentences.numbers import percent
from hegemon.stories.writing import Number, Writer
from story_sources import Pair, Source, bars


def kazakhstan(pair: Pair, run: Source, carriers: list[dict[str, Any]], made: dict[str, str]) -> Writer:
    """January 2022."""
    story = Writer(
        "kazakhstan-2022",
        "Kazakhstan in January 2022",
        "The pact went in at the host's request. What if the patron had gone in alone?",
        6,
        made,
    )
    for name, title in (
        ("obligation", "What governments owe"),
        ("autonomy", "Room for foreign policy"),
        ("fear", "Fear of Russia"),
        ("legitimacy", "Russia's legitimacy"),
    ):
        story.shows[name] = pair.show(name, f"{title}: second less first", "KAZ")
    assert run.of.record is not None
    fact = run.of.record.set_index("crisis_id").loc["kaz-2022-january"]
    missed = next((m for m in trust.found()["missed"] if m["crisis_id"] == "kaz-2022-january"), None)
    lines = [
        f"{fact['name']}, {fact['quarter']}. On record: {words.answer(fact['instrument'])}, "
        f"{'asked for by' if fact['requested'] else 'not asked for by'} the host; the government "
        f"{'stayed' if fact['survived'] else 'fell'}."
    ]
    numbers = {}
    if missed is not None:
        lines.append(
            f"Knowing only what came before, the model expected {words.answer(missed['expected'])} ({{e}}) "
            f"and gave what happened {{h}}."
        )
        numbers = {
            "e": Number(missed["expected_probability"], "share", "trust.json: missed, kaz-2022-january, expected"),
            "h": Number(missed["probability"], "share", "trust.json: missed, kaz-2022-january, happened"),
        }
    lines.append(
        f"Two orders follow the same record to 2021Q4. In {pair.names[0]} the pact answers, in "
        f"{pair.names[1]} the patron by itself. "
        "Both then throw the same dice."
    )
    story.step(
        "What happened", lines, "autonomy", at=pair.quarters[0], state="KAZ", link="#/record?state=KAZ", **numbers
    )
    story.step("Does the government survive?", [*pair.asked(story)], "obligation", at="2022Q1", state="KAZ")
    story.step("What does it owe?", [pair.said(story, "obligation", "KAZ")], "obligation", at=pair.last, state="KAZ")
    top = max(carriers, key=lambda c: c["share"])
    story.shows["carried"] = bars(
        "What carries the difference in room",
        "Share of the difference that is gone without each mechanism, switched off in both "
        "orders. Shares need not add up to one.",
        [
            (c["title"], max(c["share"], 0.0), percent(c["share"]), "")
            for c in sorted(carriers, key=lambda c: -c["share"])
        ],
    )
    story.step(
        "How much room is left?",
        [
            pair.said(story, "autonomy", "KAZ"),
            f"Without \N{LEFT DOUBLE QUOTATION MARK}{top['title']}\N{RIGHT DOUBLE QUOTATION MARK} in both "
            f"orders, {{s}} of that difference is gone: that much runs through it.",
        ],
        "carried",
        s=Number(top["share"], "share", f"carried: autonomy of KAZ without {top['mechanism']}"),
    )
    story.step(
        "Who is afraid?",
        [pair.said(story, "fear", "KAZ"), pair.said(story, "fear", "TJK")],
        "fear",
        at=pair.last,
        state="KAZ",
    )
    story.step(
        "What is left open",
        [pair.said(story, "legitimacy", "KAZ"), story.told(trust.line("compare"), "trust.json: lines")],
        "legitimacy",
        at=pair.last,
        state="KAZ",
        link=f"#/compare?as=kazakhstan-2022&bs=kazakhstan-alone&n=512&seed=7&m=legitimacy&state=KAZ&q={pair.last}",
    )
    return story


# ---- Three ----


def pact(pair: Pair, made: dict[str, str]) -> Writer:
    """What a pact changes."""
    story = Writer(
        "pact",
        "What a pact changes",
        "The same thirty years with the collective-security pact, and without it.",
        5,
        made,
    )
    for name, title in (
        ("member", "Membership"),
        ("integration", "Integration"),
        ("autonomy", "Room for foreign policy"),
        ("fear", "Fear of Russia"),
    ):
        story.shows[name] = pair.show(name, f"{title}: without the pact less with it", "KAZ")
    first, second = "first", "second"
    story.step(
        "One mechanism less",
        [
            f"The order {pair.names[0]} has all its mechanisms; {pair.names[1]} has the pact switched off. "
            f"Everything else is the same, and so is luck.",
            pair.said(story, "member", "KAZ"),
        ],
        "member",
        at=pair.last,
        state="KAZ",
    )
    story.step(
        "Who answers",
        [
            "With the pact a history holds {a} collective deployments; without it {b}, since there is none to send.",
            "Unilateral force goes from {c} to {d} times a history, security support from {e} to {f}.",
        ],
        "integration",
        at=pair.last,
        state="KAZ",
        a=pair.count("instrument", "collective_force", first),
        b=pair.count("instrument", "collective_force", second),
        c=pair.count("instrument", "unilateral_force", first),
        d=pair.count("instrument", "unilateral_force", second),
        e=pair.count("instrument", "security_support", first),
        f=pair.count("instrument", "security_support", second),
    )
    story.step(
        "Does it bind?",
        [pair.said(story, "integration", "KAZ"), pair.said(story, "integration", "KGZ")],
        "integration",
        at=pair.last,
        state="KAZ",
    )
    story.step(
        "Does it cost room?",
        [pair.said(story, "autonomy", "KGZ"), pair.said(story, "autonomy", "KAZ")],
        "autonomy",
        at=pair.last,
        state="KGZ",
    )
    story.step(
        "And does it calm?",
        [pair.said(story, "fear", "KAZ"), pair.said(story, "fear", "UKR")],
        "fear",
        at=pair.last,
        state="KAZ",
    )
    story.step(
        "What is left open",
        [
            "Governments fall {a} times a history with the pact and {b} times without.",
            story.told(trust.line("compare"), "trust.json: lines"),
        ],
        "autonomy",
        at=pair.last,
        state="KAZ",
        link="#/compare?as=post-soviet&bs=post-soviet&bwithout=pact&n=512&seed=7",
        a=pair.count("outcome", "incumbents fell", first),
        b=pair.count("outcome", "incumbents fell", second),
    )
    return story


# ---- Four ----
