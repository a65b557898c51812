"""Two stories of whole histories: limited sovereignty, and how the Baltic states left. Read by tools/stories.py."""

from __future__ import annotations

import numpy as np

from hegemon.pages import words
from hegemon.sentences import trust
from hegemon.sentences.numbers import percent
from hegemon.stories.writing import Number, Writer
from hegemon.studies.run.digest import from_parameters
from story_sources import Pair, Source, bars, link_run


def limited(run: Source, made: dict[str, str]) -> Writer:
    """Limited sovereignty in ten minutes."""
    story = Writer(
        "limited-sovereignty",
        "Limited sovereignty in ten minutes",
        "One power on top of a region, neighbours with a limited foreign policy, and how the limits are kept.",
        10,
        made,
    )
    patron = run.order.scenario.patron.name
    first, last = run.quarters[0], run.quarters[-1]
    for name, title in (
        ("autonomy", "Room for foreign policy"),
        ("red_line", f"Ties that must be left to {patron}"),
        ("fear", f"Fear of {patron}"),
    ):
        story.shows[name] = run.show(name, title, "KAZ")

    def ends(name: str, quarter: str) -> tuple[str, str]:
        t = run.quarters.index(quarter)
        now = [row[t] for row in story.shows[name]["bands"]["median"]]
        return run.states[int(np.argmax(now))], run.states[int(np.argmin(now))]

    def middle(name: str, quarter: str) -> Number:
        t = run.quarters.index(quarter)
        value = float(np.median([row[t] for row in story.shows[name]["bands"]["median"]]))
        return Number(value, "share", f"{run.name}: {name}, median over neighbours of medians, {quarter}")

    wide, narrow = ends("autonomy", first)
    story.step(
        "How free is a neighbour?",
        [
            f"{patron} has {len(run.states)} neighbours here. Of each we ask: of all the foreign policies it "
            f"could have, how many may it have?",
            f"In {first} the middle neighbour could have {{m}} of them. {run.who(wide)} had most room "
            f"({{w}}), {run.who(narrow)} least ({{n}}).",
        ],
        "autonomy",
        at=first,
        state=narrow,
        m=middle("autonomy", first),
        w=run.value(story, "autonomy", wide, first),
        n=run.value(story, "autonomy", narrow, first),
    )
    line = ends("red_line", last)
    story.step(
        "A red line",
        [
            "A foreign policy is a way to divide one's ties among the powers. A red line is the least share "
            "that must be left to the patron.",
            f"In {last} {run.who(line[0])} must leave {{k}} of its ties to {patron}; {run.who(line[1])} must "
            f"leave {{e}}. What lies beyond the "
            "line is answered.",
        ],
        "red_line",
        at=last,
        state=line[0],
        k=run.value(story, "red_line", line[0], last),
        e=run.value(story, "red_line", line[1], last),
    )
    digest = run.of.plain()
    decade = list(digest["instruments"])[-1]
    mix, families = digest["instruments"][decade], list(dict.fromkeys(words.FAMILIES.values()))
    shares = {
        who: {f: sum(row.get(who, 0.0) for code, row in mix.items() if words.FAMILIES[code] == f) for f in families}
        for who in ("model", "record")
    }
    story.shows["answers"] = bars(
        f"How {patron} answers, {decade.replace('-', ' to ')}",
        "Share of crises, in the model and on record.",
        [(f, shares[who][f], percent(shares[who][f]), who) for f in families for who in ("model", "record")],
    )
    crises = digest["crises"]

    def answer(who: str, family: str) -> Number:
        n = next(i for i, b in enumerate(story.shows["answers"]["bars"]) if (b["label"], b["group"]) == (family, who))
        return Number(
            story.shows["answers"]["bars"][n]["value"],
            "share",
            f"{run.name}: answers, {decade}, {family}, {who}",
            ("shows", "answers", "bars", n, "value"),
        )

    story.step(
        "How it is kept",
        [
            "A crisis is an occasion: an uprising, a new government, a turn to a rival, a secession, a war, a dispute. "
            "In thirty years a simulated history holds {h} of them; the one history there was holds {r}.",
            f"{patron} has nine answers, of four families. From {decade.replace('-', ' to ')} it stands aside "
            f"in {{a}} of crises in the model and "
            "{ar} on record, presses in {p} and {pr}, and sends force in {f} and {fr}.",
        ],
        "answers",
        h=Number(sum(row["per_history"] for row in crises.values()), "count", f"{run.name}: crises per history"),
        r=Number(sum(row["record"] for row in crises.values()), "count", "the record: crises"),
        a=answer("model", "stands aside"),
        ar=answer("record", "stands aside"),
        p=answer("model", "presses"),
        pr=answer("record", "presses"),
        f=answer("model", "sends force"),
        fr=answer("record", "sends force"),
    )
    wide, narrow = ends("autonomy", last)
    was = ends("autonomy", first)
    story.step(
        "Thirty years on",
        [
            f"In {last} the middle neighbour may have {{m}} of all foreign policies. {run.who(wide)} has "
            f"{{w}}, {run.who(narrow)} {{n}}; "
            f"in {first} {run.who(was[0])} had {{a}} and {run.who(was[1])} {{b}}.",
            "How open the West was to each neighbour is given to the model. What came of it is the model's.",
        ],
        "autonomy",
        at=last,
        state=wide,
        link=link_run("autonomy", wide, last),
        m=middle("autonomy", last),
        w=run.value(story, "autonomy", wide, last),
        n=run.value(story, "autonomy", narrow, last),
        a=run.value(story, "autonomy", was[0], first),
        b=run.value(story, "autonomy", was[1], first),
    )
    afraid, calm = ends("fear", last)
    story.step(
        "What stays behind",
        [
            f"Every answer is seen by all others. Fear of {patron} in the middle government goes from {{a}} "
            f"of its scale in {first} to {{b}} in "
            f"{last}; it is greatest in {run.who(afraid)} ({{c}}) and least in {run.who(calm)} ({{d}}).",
        ],
        "fear",
        at=last,
        state=afraid,
        a=middle("fear", first),
        b=middle("fear", last),
        c=run.value(story, "fear", afraid, last),
        d=run.value(story, "fear", calm, last),
    )
    shares_ = from_parameters(run.of.summary, "autonomy").isel(quarter=-1)
    story.step(
        "How sure is that?",
        [
            run.line(story, "autonomy", "KAZ", last),
            "Of what Kazakhstan's histories differ in at the end, {p} is what is not known of the model's "
            "numbers, which evidence could narrow. "
            "The rest is luck, which nothing can.",
        ],
        "autonomy",
        at=last,
        state="KAZ",
        link=link_run("autonomy", "KAZ", last),
        p=Number(
            float(shares_.sel(state="KAZ")),
            "share",
            f"{run.name}: share of the variance of autonomy of KAZ that is parameters",
        ),
    )
    story.step(
        "And how far to trust it?",
        [
            story.told(trust.line("run"), "trust.json: lines"),
            story.told(trust.line("forecast"), "trust.json: lines"),
            story.told(trust.line("predict"), "trust.json: lines"),
        ],
        "autonomy",
        at=last,
        state="KAZ",
        link="#/trust",
    )
    return story


# ---- Two ----


def baltic(run: Source, pair: Pair, made: dict[str, str]) -> Writer:
    """How the Baltic states left."""
    story = Writer(
        "baltic-states",
        "How the Baltic states left",
        "Estonia, Latvia and Lithuania left the order they were in. By what way?",
        5,
        made,
    )
    story.shows["autonomy"] = run.show("autonomy", "Room for foreign policy", "EST")
    story.shows["shelter"] = run.show("shelter", "Shelter by the rival bloc", "EST")
    story.shows["without"] = pair.show("autonomy", "Room for foreign policy: without rivals less with them", "EST")
    first, last = run.quarters[0], run.quarters[-1]
    three = ("EST", "LVA", "LTU")
    story.step(
        "Where they began",
        [
            f"In {first} Estonia may have {{e}} of all conceivable foreign policies, Latvia {{l}} and "
            f"Lithuania {{t}}; Georgia {{g}}, Kazakhstan {{k}}.",
        ],
        "autonomy",
        at=first,
        state="EST",
        e=run.value(story, "autonomy", "EST", first),
        l=run.value(story, "autonomy", "LVA", first),
        t=run.value(story, "autonomy", "LTU", first),
        g=run.value(story, "autonomy", "GEO", first),
        k=run.value(story, "autonomy", "KAZ", first),
    )
    half = {
        s: next(
            q
            for q, v in zip(run.quarters, story.shows["autonomy"]["bands"]["median"][run.states.index(s)], strict=True)
            if v > 0.5
        )
        for s in three
    }
    most = {
        s: next(
            q
            for q, v in zip(run.quarters, story.shows["autonomy"]["bands"]["median"][run.states.index(s)], strict=True)
            if v > 0.9
        )
        for s in three
    }
    story.step(
        "When it turned",
        [
            "In the median history half of all policies are open to "
            + words.listed([f"{run.who(s)} by {half[s]}" for s in three])
            + "; nine tenths to "
            + words.listed([f"{run.who(s)} by {most[s]}" for s in three])
            + ".",
        ],
        "autonomy",
        at=max(most.values()),
        state="EST",
    )
    story.step(
        "Under another roof",
        [
            f"Shelter is protection by the rival bloc; 100% is a member's. Estonia has {{a}} of it in {first} "
            f"and {{b}} in {last}; Georgia has {{g}}, Kazakhstan {{k}}.",
            "How ready the West was to take each of them in is given to the model.",
        ],
        "shelter",
        at=last,
        state="EST",
        a=run.value(story, "shelter", "EST", first),
        b=run.value(story, "shelter", "EST", last),
        g=run.value(story, "shelter", "GEO", last),
        k=run.value(story, "shelter", "KAZ", last),
    )
    story.step(
        "Had nobody offered anything",
        [pair.said(story, "autonomy", s) for s in three],
        "without",
        at=pair.last,
        state="EST",
        link="#/compare?as=post-soviet&bs=post-soviet&bwithout=rivals&n=512&seed=7&m=autonomy&state=EST",
    )
    story.step(
        "And the others?",
        [pair.said(story, "autonomy", s) for s in ("UKR", "GEO", "KAZ")],
        "without",
        at=pair.last,
        state="UKR",
    )
    story.step(
        "What is not known",
        [
            run.line(story, "autonomy", "EST", last),
            run.line(story, "autonomy", "UKR", last),
            story.told(trust.line("run"), "trust.json: lines"),
        ],
        "autonomy",
        at=last,
        state="UKR",
        link="#/trust",
    )
    return story


# ---- Five ----
