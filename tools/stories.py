"""Writes the five stories of the explorer from results:

    python tools/stories.py --run FOLDER --kazakhstan FOLDER --pact FOLDER --rivals FOLDER

into src/hegemon/stories. The results are those of `hegemon run post-soviet`, `hegemon compare kazakhstan-2022 kazakhstan-alone`
and `hegemon compare post-soviet --without pact` and `--without rivals`, each `--runs 512 --seed 7`; what is said of predictions
is read from what `tools/trust.py` has written. No number in a story is typed by hand.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import hegemon
from hegemon import stories
from hegemon.files import write_atomically
from hegemon.order import Order, load
from hegemon.pages import words
from hegemon.sentences import trust
from hegemon.sentences.comparing import compared
from hegemon.sentences.headline import Shown, headline
from hegemon.sentences.numbers import percent
from hegemon.sentences.sides import sides
from hegemon.stories.writing import Number, Writer
from hegemon.studies.compare.carried import carried
from hegemon.studies.compare.result import Comparison
from hegemon.studies.compare.sentences import fates, gap_of
from hegemon.studies.compare.words import called
from hegemon.studies.run.digest import from_parameters
from hegemon.studies.run.result import Runs

TARGET = Path(stories.__file__).parent
LEVELS = {"p05": 0.05, "median": 0.5, "p95": 0.95}
CARRIERS = ("support", "doctrine", "regard", "learning", "capacity", "alignment")
"""Mechanisms that are switched off one at a time, to see what carries a difference."""


def grid(values: Any) -> list[list[float]]:
    """Neighbours outside, quarters inside, to four digits."""
    found: list[list[float]] = np.round(np.asarray(values.transpose("state", "quarter").values, float), 4).tolist()
    return found


class Source:
    """What stories take from a run."""

    def __init__(self, of: Runs) -> None:
        self.of, self.order = of, of.question.order()
        summary = of.summary
        quarters = [str(q) for q in summary["quarter"].values]
        self.quarters = [q for n, q in enumerate(quarters) if n % 4 == 0]
        self.states = [str(s) for s in summary["state"].values]
        self.summary = summary.sel(quarter=self.quarters)
        self.name = of.question.line

    def who(self, state: str) -> str:
        return self.order.scenario.states[state].name

    def show(self, name: str, title: str, state: str) -> dict[str, Any]:
        """A map with the chosen neighbour's fan."""
        found = self.summary[f"{name}_quantile"]
        bands = {level: grid(found.sel(quantile=at, method="nearest")) for level, at in LEVELS.items()}
        if f"{name}_luck_low" in self.summary:
            bands |= {end: grid(self.summary[f"{name}_{end}"]) for end in ("luck_low", "luck_high")}
        s = self.order.scenario
        record = self.of.record
        marks = (
            []
            if record is None
            else json.loads(
                record[["quarter", "state", "kind", "instrument", "severity", "survived", "name"]].to_json(
                    orient="records"
                )
            )
        )
        return {
            "kind": "map",
            "title": title,
            "region": s.region,
            "measure": name,
            "patron": s.patron.name,
            "quarters": self.quarters,
            "states": [{"iso3": i, "name": self.who(i)} for i in self.states],
            "state": state,
            "bands": bands,
            "marks": marks,
        }

    def value(self, story: Writer, show: str, state: str, quarter: str, level: str = "median") -> Number:
        """A number that is shown."""
        i, t = self.states.index(state), self.quarters.index(quarter)
        bands = story.shows[show]["bands"]
        name = story.shows[show]["measure"]
        return Number(
            bands[level][i][t],
            "share",
            f"{self.name}: {name} of {state}, {quarter}, {level}",
            ("shows", show, "bands", level, i, t),
        )

    def line(self, story: Writer, show: str, state: str, quarter: str) -> str:
        """The headline of what is shown."""
        b, name = story.shows[show]["bands"], story.shows[show]["measure"]
        i, t = self.states.index(state), self.quarters.index(quarter)
        luck = (b["luck_low"][i][t], b["luck_high"][i][t]) if "luck_low" in b else None
        said = headline(
            Shown(
                name,
                self.who(state),
                self.order.scenario.patron.name,
                "",
                quarter,
                b["p05"][i][t],
                b["median"][i][t],
                b["p95"][i][t],
                self.quarters[0],
                b["median"][i][0],
                luck,
            )
        )
        return story.told(said, f"{self.name}: {name} of {state}, {quarter}")


class Pair:
    """What stories take from a comparison."""

    def __init__(self, of: Comparison) -> None:
        self.of = of
        orders = of.question.orders()
        self.first, self.second = orders["first"], orders["second"]
        self.names = sides(called(self.first, self.second), called(self.second, self.first))
        quarters = [str(q) for q in of.summary["quarter"].values]
        since = max(0, int(np.argmax(of.summary["parted"].values > 0.0)) - 8)
        self.quarters = (
            quarters[since:] if len(quarters) - since < 40 else [q for n, q in enumerate(quarters) if n % 4 == 0]
        )
        self.states = [str(s) for s in of.summary["state"].values]
        self.summary, self.last, self.name = of.summary.sel(quarter=self.quarters), quarters[-1], of.question.line

    def show(self, name: str, title: str, state: str) -> dict[str, Any]:
        """A map of the difference, with both ways of the chosen neighbour."""
        parts = ("first", "second", "difference", "difference_low", "difference_high")
        s = self.first.scenario
        return {
            "kind": "gap",
            "title": title,
            "region": s.region,
            "measure": name,
            "patron": s.patron.name,
            "quarters": self.quarters,
            "states": [{"iso3": i, "name": s.states[i].name} for i in self.states],
            "state": state,
            "sides": list(self.names),
            "bands": {part: grid(self.summary[f"{name}_{part}"]) for part in parts},
        }

    def said(self, story: Writer, name: str, state: str, quarter: str | None = None) -> str:
        """A difference in words."""
        when = quarter or self.last
        told = compared(gap_of(self.of, name, state, when, self.first, self.second, self.names))
        return story.told(told, f"{self.name}: {name} of {state or 'the order'}, {when}")

    def asked(self, story: Writer) -> Iterable[str]:
        """What becomes of the government that was asked about."""
        return [
            story.told(line, f"{self.name}: crises, asked")
            for line in fates(self.of, self.first, self.second, self.names)
        ]

    def count(self, of: str, name: str, side: str) -> Number:
        """Crises or answers per history."""
        row = self.of.crises[(self.of.crises["of"] == of) & (self.of.crises["name"] == name)].iloc[0]
        return Number(float(row[side]), "number", f"{self.name}: {of} {name} per history, {side}")


def bars(title: str, reading: str, rows: Iterable[tuple[str, float, str, str]]) -> dict[str, Any]:
    """Bars: label, value, what is printed, group."""
    return {
        "kind": "bars",
        "title": title,
        "reading": reading,
        "bars": [
            {"label": label, "value": round(value, 4), "text": text, "group": group}
            for label, value, text, group in rows
        ],
    }


def link_run(name: str, state: str, quarter: str) -> str:
    return f"#/run?s=post-soviet&n=512&seed=7&m={name}&state={state}&q={quarter}"


# ---- One ----


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


def failures(run: Source, made: dict[str, str]) -> Writer:
    """Where the model fails."""
    told = trust.found()
    story = Writer(
        "failures",
        "Where the model fails",
        "What surprised it, what it cannot foretell, and what nobody can learn from it.",
        5,
        made,
    )
    scores, calibration = told["predicted"]["figures"]
    story.shows |= {
        "scores": {"kind": "figure", "title": scores["title"], "figure": scores},
        "calibration": {"kind": "figure", "title": calibration["title"], "figure": calibration},
    }
    story.shows["missed"] = bars(
        "The crises that surprised it most",
        "The probability it gave to what happened, and to what it expected.",
        [
            (f"{m['name']} ({m['start'][:4]})", m[key], percent(m[key]), group)
            for m in told["missed"]
            for key, group in (("probability", "what happened"), ("expected_probability", "what it expected"))
        ],
    )
    years = told["ahead"]
    rows = {}
    for row in years["rows"]:
        found = rows.setdefault(row["what"], [0, 0])
        found[0] += row["inside"]
        found[1] += row["counts"]
    story.shows["ahead"] = bars(
        "Counts forecast years ahead that fell within nine histories in ten",
        "Of all counts of a kind, from five dates.",
        [(what, inside / of, f"{inside} of {of}", "") for what, (inside, of) in rows.items()],
    )
    rolling = told["predicted"]["scores"]["rolling"]
    model, other = next(r for r in rolling if r["reference"]), next(r for r in rolling if not r["reference"])

    def score(row: Mapping[str, Any], key: str, form: str = "share") -> Number:
        return Number(float(row[key]), form, f"trust.json: predicted, rolling, {row['forecaster']}, {key}")

    story.step(
        "How often does it name the answer?",
        [
            "Of {n} crises, forecast by what had come before, it names the patron's answer first in {f} and "
            "among three of nine in {t}.",
            "The best rule without a theory names it first in {g}. "
            + (
                "Beside it the model is "
                if other["ahead_verdict"] != "not distinguishable"
                else "By the record the two are "
            )
            + f"{other['ahead_verdict']}.",
        ],
        "scores",
        n=score(model, "events", "count"),
        f=score(model, "first"),
        t=score(model, "among_three"),
        g=score(other, "first"),
    )
    worst, second = told["missed"][:2]
    story.step(
        "What surprised it",
        [
            f"{worst['name']}, {worst['start'][:4]}: it expected {words.answer(worst['expected'])} ({{a}}); "
            f"{words.answer(worst['happened'])}, which happened, it gave {{b}}.",
            f"{second['name']}, {second['start'][:4]}: it expected {words.answer(second['expected'])} "
            f"({{c}}); {words.answer(second['happened'])} it gave {{d}}.",
        ],
        "missed",
        **{
            slot: Number(
                m[key], "share", f"trust.json: missed, {m['crisis_id']}", ("shows", "missed", "bars", n, "value")
            )
            for slot, m, key, n in (
                ("a", worst, "expected_probability", 1),
                ("b", worst, "probability", 0),
                ("c", second, "expected_probability", 3),
                ("d", second, "probability", 2),
            )
        },
    )
    story.step(
        "Do its probabilities mean what they say?",
        [
            "Over all nine answers of every crisis, what it says and what happens are {e} apart on average: "
            "on the dashed line, what was "
            "said with 30% happened in 30% of cases.",
        ],
        "calibration",
        e=Number(float(model["calibration_error"]), "share", "trust.json: predicted, rolling, calibration_error"),
    )
    story.step(
        "And years ahead?",
        [
            "From five dates it forecast {n} counts; {i} fell within nine histories in ten, where {w} were wanted.",
            "In {b} of {o} kinds of count a rule without a theory scores better.",
        ],
        "ahead",
        n=Number(years["counts"], "count", "trust.json: ahead, counts"),
        i=Number(years["inside"], "count", "trust.json: ahead, inside"),
        w=Number(0.9 * years["counts"], "count", "trust.json: nine tenths of counts"),
        b=Number(years["of"] - years["best"], "count", "trust.json: ahead, of less best"),
        o=Number(years["of"], "count", "trust.json: ahead, of"),
    )
    fits = told["fits"]
    outside = [f"{words.plain(o['kind'], words.KINDS).lower()}, {o['of'].replace('_', ' ')}" for o in fits["outside"]]
    story.step(
        "What the record cannot teach",
        [
            "{l} of {p} parameters are as wide after the record as before it: they stand where judgement put them.",
            f"And of what it did learn from, some still lies outside nine histories in ten: {words.listed(outside)}."
            if outside
            else "Of the counts that it learned from, none lies outside nine histories in ten.",
            "Its form was found with the record in view. That totals agree is no evidence for it.",
        ],
        "ahead",
        link="#/trust",
        l=Number(fits["little"], "count", "trust.json: fits, little"),
        p=Number(fits["parameters"], "count", "trust.json: fits, parameters"),
    )
    return story


def carriers(first: Order, second: Order, quarter: str) -> list[dict[str, Any]]:
    """What carries the difference in Kazakhstan's room."""
    found = carried(first, second, "autonomy", "KAZ", quarter, CARRIERS, 256, 7)
    return [{"mechanism": c.mechanism, "title": c.title, "share": round(c.share, 4)} for c in found]


def main() -> None:
    """Read the results, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("run", "kazakhstan", "pact", "rivals"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--carried", type=Path, help="what carries the difference, kept here and not computed again")
    given = parser.parse_args()
    run, pairs = (
        Source(hegemon.open(given.run)),
        {name: Pair(hegemon.open(getattr(given, name))) for name in ("kazakhstan", "pact", "rivals")},
    )
    kept = given.carried
    if kept is not None and kept.is_file():
        shares = json.loads(kept.read_text("utf-8"))
    else:
        shares = carriers(load("kazakhstan-2022"), load("kazakhstan-alone"), pairs["kazakhstan"].last)
        if kept is not None:
            kept.write_text(json.dumps(shares), "utf-8")

    def made(*of: Source | Pair) -> dict[str, str]:
        return {
            one.name: f"version {one.of.made['version']}, code {one.of.made['code']}, scenario "
            + " and ".join(order.hash for order in one.of.question.orders().values())
            for one in of
        }

    told = [
        limited(run, made(run)),
        kazakhstan(pairs["kazakhstan"], run, shares, made(pairs["kazakhstan"], run)),
        pact(pairs["pact"], made(pairs["pact"])),
        baltic(run, pairs["rivals"], made(run, pairs["rivals"])),
        failures(run, {"tools/trust.py": ", ".join(trust.found()["made"])}),
    ]
    for story in told:
        write_atomically(
            TARGET / f"{story.name}.json",
            (json.dumps(story.plain(), separators=(",", ":"), ensure_ascii=False) + "\n").encode(),
        )


if __name__ == "__main__":
    main()
