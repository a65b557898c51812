"""Every number in a sentence is that of the data it speaks of: over all results that come with hegemon, read back from text."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from hegemon import stories
from hegemon.order import Order
from hegemon.pages.order import order_info
from hegemon.sentences.comparing import Gap, compared
from hegemon.sentences.headline import Shown, headline
from hegemon.sentences.measures import MEASURES, measure, slots
from hegemon.sentences.placing import CHANCES, Put, put
from hegemon.server.shipped import shipped
from hegemon.studies.claims import sentences as claims
from hegemon.studies.claims.result import Claims, published
from hegemon.studies.claims.verdicts import Judged
from hegemon.studies.folder import open_result
from hegemon.studies.predict.compute import predict
from hegemon.studies.predict.words import each, ranked
from hegemon.studies.room.result import Room
from hegemon.studies.room.sentences import findings, strongest
from hegemon.studies.run.result import Runs
from sentences import reading
from sentences.reading import near, phrase, told

SHOWN = ("nothing", "all", "alike", "one", "one alike", "yes", "mostly", "seldom", "no", "one yes", "one no")
THEN = ("more", "less", "still", "luck", "no luck", "all luck")
GAPS = ("nothing", "same so far", "same", "by definition", "hardly", "higher", "lower", "open")
ENDS = re.compile(r"(?<=[.]) (?=[A-Z])")
FOUR = 5e-5
"""By how much numbers with four digits are rounded already."""


def scale(name: str) -> float:
    return 1.0 if measure(name).unit == "number" else 100.0


def checked(said: str, of: Shown) -> int:
    """A headline against what it was made of; how many numbers were compared."""
    first, *rest = ENDS.split(said)
    kind, given = phrase(first, SHOWN)
    m, names, times = measure(of.name), slots(of.who, of.patron, of.pole), scale(of.name)
    beyond = FOUR * times
    assert given["quarter"] == of.quarter
    if kind in ("yes", "mostly", "seldom", "no"):
        low, middle, high = (value is not None and value > 0.5 for value in (of.low, of.middle, of.high))
        assert kind == ("yes" if low else "mostly" if middle else "seldom" if high else "no")
        return 1
    asked = of.middle if of.number is None else of.value
    assert None not in (of.low, of.middle, of.high, asked), said
    clause = m.level.format(value="{value}", **names)
    value = (reading.slots(given["level"], clause) or {})["value"]
    compared_ = [(value, asked)] + [(given[n], getattr(of, n)) for n in ("low", "middle", "high") if n in given]
    for sentence in rest:
        kind, more = phrase(sentence, THEN)
        if kind in ("more", "less"):
            assert more["since"] == of.since and (of.middle > of.before) == (kind == "more")
            compared_ += [(more["gap"], abs(of.middle - of.before))]
        elif kind == "still":
            compared_ += [(more["before"], of.before)]
        elif kind == "luck":
            compared_ += [(more["low"], of.luck[0]), (more["high"], of.luck[1])]
    for printed, value in compared_:
        assert near(printed, value, times, 2.0 * beyond), (said, printed, value)
    return len(compared_)


def bands(show: Mapping[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Every neighbour and quarter of a picture, with its numbers."""
    for i, state in enumerate(show["states"]):
        for t, quarter in enumerate(show["quarters"]):
            yield state["name"], quarter, show["quarters"][0], {k: v[i][t] for k, v in show["bands"].items()} | {
                "before": show["bands"]["median"][i][0] if "median" in show["bands"] else None
            }


MAPS = {f"{n} {k}": s for n in stories.names() for k, s in stories.story(n)["shows"].items() if s["kind"] == "map"}
DIFFERENCES = {f"{n} {k}": s for n in stories.names() for k, s in stories.story(n)["shows"].items() if s["kind"] == "gap"}


@pytest.mark.parametrize("name", MAPS)
def test_headlines_of_every_map_say_its_numbers(name: str) -> None:
    """Runs that come with hegemon: every neighbour and quarter."""
    show, numbers = MAPS[name], 0
    for who, quarter, since, of in bands(show):
        luck = (of["luck_low"], of["luck_high"]) if of.get("luck_low") is not None else None
        begun = {"since": since, "before": of["before"]} if quarter != since else {}
        shown = Shown(show["measure"], who, show["patron"], "", quarter, of["p05"], of["median"], of["p95"], luck=luck, **begun)
        numbers += checked(headline(shown), shown)
    assert numbers > 1_000


@pytest.mark.parametrize("name", DIFFERENCES)
def test_differences_of_every_map_say_its_numbers(name: str) -> None:
    """Comparisons that come with hegemon: both sides, which way, how far, between what; whoever subtracts gets what is said."""
    show, numbers = DIFFERENCES[name], 0
    times = scale(show["measure"])
    for who, quarter, _, of in bands(show):
        gap = Gap(show["measure"], who, show["patron"], "", quarter, "“a”", "“b”",
                  *(of[n] for n in ("first", "second", "difference_low", "difference_high")))  # fmt: skip
        kind, given = phrase(compared(gap), GAPS)
        apart = gap.second - gap.first
        if kind in ("higher", "lower"):
            assert (kind == "higher") == (apart > 0.0) and (gap.low > 0.0 or gap.high < 0.0)
            one, other, far = (reading.number(re.sub(r"%| points?$", "", given[n])) for n in ("first", "second", "gap"))
            assert abs(abs(other - one) - far) < 1e-6, given
            assert abs(far - times * abs(apart)) <= 0.6001, given
        for part in ("first", "second", "low", "high"):
            if part in given:
                assert near(given[part], getattr(gap, part), times, FOUR * times), (given, gap)
                numbers += 1
    assert numbers > 300


# ---- Rooms ----


@pytest.fixture(scope="module", params=[name for name, _ in shipped()])
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A room that comes with hegemon."""
    folder = tmp_path_factory.mktemp("room")
    with zipfile.ZipFile(io.BytesIO(dict(shipped())[request.param])) as archive:
        archive.extractall(folder)
    found = open_result(folder)
    assert isinstance(found, Room)
    return found


def ends(row: Any) -> list[float]:
    return [float(row[part]) for part in ("mean", "low", "high")]


def points(row: Any) -> list[float]:
    """In percentage points; a nought alone where there is nothing at all."""
    return [100.0 * v for v in ends(row)] if any(abs(v) >= 5e-7 for v in ends(row)) else [0.0]


def test_a_room_s_sentences_say_its_numbers(room: Room) -> None:
    now, then, patron = room.now, room.then, order_info(room.order).patron
    year, given = now["in_a_year"], now["given_a_crisis"]
    tie, line = now["orientation"][room.order.poles[0]], now["red_line"]
    moves = room.drivers[~room.drivers["what"].isin(["together", "cut to its bounds"])].set_index("what")["mean"]
    answers = {kind: row["of_crises"] * (row["given"]["coercion"] or 0.0) for kind, row in now["kinds"].items()}
    inside = room.profile[room.profile["patron"] >= line["mean"]].iloc[0]
    far = room.profile.iloc[0]
    room_then, room_now = (float(part["autonomy"]["mean"]) for part in (then, now))
    low, high = (100 * float(room.change["autonomy"][end]) for end in ("low", "high"))
    said = findings(room, order_info(room.order))
    since = next((s for s in said if s.startswith("Since")), "")
    worth = next((s for s in said if s.startswith("A crisis in a year")), "")
    expected: dict[str, list[float]] = {
        "As ": [*ends(line), *ends(now["autonomy"]), *ends(tie), now["within"]],
        "Given ": [],
        f"Since {room.question.earlier}": [] if "hardly moved" in since or "what it was" in since else
        [room_now, low, high] if "as it was" in since else
        [room_then, room_now, *([100 * abs(room_now - room_then)] if ", by " in since else []), low, high],
        "What moved the red line": [100 * float(moves.abs().max())],
        "In a year": [v for name in ("crisis", "coercion", "force", "help") for v in ends(year[name])],
        f"If a crisis breaks out, {patron}": [*ends(given["coercion"]), *ends(given["help"]),
                                              max(answers.values()) / sum(answers.values())],
        "A crisis in a year": [row[name] for name, same in (("coercion", "as without"), ("coercion_given_crisis", "either way"))
                               for row in ((inside,) if same in worth else (inside, far))],
        "Where the red line runs": [min(room.made["prior_spread_left"], 1.0)],
        "What moves its room": [v for name, _ in strongest(room.effects) for v in
                                [1.0 if name == "member" else 0.1] * (name != "member") + points(_effect(room, name))],
        "No effect": [0.1] * sum(name != "member" for name in _idle(room)),
        "What chance alone": [],
    }  # fmt: skip
    assert len(said) >= 8
    assert any(s.startswith("As ") for s in said)
    for sentence in said:
        mine = [values for begun, values in expected.items() if sentence.startswith(begun)]
        assert len(mine) == 1, sentence
        apart = re.search(r", (\d+(?:\.\d)?) points? (more|less)", sentence)
        if apart and sentence.startswith("As "):
            far_ = 100 * (tie["mean"] - line["mean"])
            assert abs(float(apart[1]) - abs(far_)) <= 0.6 and (far_ > 0) == (apart[2] == "more")
            sentence = sentence.replace(apart[0], "")
        told(sentence, mine[0], 0.11 if ", by " in sentence else 1e-6)


def _effect(room: Room, name: str) -> Any:
    rows = room.effects[(room.effects["outcome"] == "autonomy") & (room.effects["thing"] == name)]
    return rows.iloc[0]


def _idle(room: Room) -> list[str]:
    rows = room.effects[room.effects["outcome"] == "autonomy"]
    return list(rows[rows["mean"].abs() <= 5e-7]["thing"])


def test_wherever_a_neighbour_is_put_the_map_s_numbers_are_said(room: Room) -> None:
    """Every colouring, places from everywhere, as streets fill."""
    info, numbers = order_info(room.order), 0
    here = room.data.isel(point=200)
    for name in CHANCES:
        for unrest in room.data["unrest"].values:
            for point in range(0, room.data.sizes["point"], 23):
                there = room.data.isel(point=point).sel(unrest=unrest)
                a, b = float(here[name].sel(unrest=unrest)), float(there[name])
                of = Put(name, "This neighbour", info.patron, "The West", float(there["patron"]), float(there["rival"]), a, b,
                         float(room.data["permitted"][point]), point != 200)  # fmt: skip
                kind, given = phrase(put(of), ("put here", "put more", "put less", "put alike"))
                assert near(given["tie"], of.tie, 100.0) and near(given["others"], of.others, 100.0)
                assert near(given["here"], a, 100.0)
                if kind in ("put more", "put less"):
                    assert near(given["there"], b, 100.0) and (b > a) == (kind == "put more")
                    assert abs(reading.number(given["gap"].split()[0]) - 100 * abs(b - a)) <= 0.1 + 1e-9
                numbers += 1
    assert numbers > 400


# ---- Claims ----


@pytest.fixture(scope="module", params=["limited-sovereignty", "regularities"])
def ledger(request: pytest.FixtureRequest) -> Claims:
    found = published(request.param)
    assert found is not None
    return found


NUMERAL = reading.NUMERAL
NAMES = re.compile(r"\b[a-z_]+\.[a-z_0-9.]+\b|estimand\w* [\d, and]+|a crisis of \d|90 % interval")


def says(text: str, *values: float) -> None:
    """The numbers of a text about a claim are these, in any order, whatever else it names."""
    rest = NAMES.sub("", re.sub(r"(\d)%", r"\1 %", text))
    for value in values:
        if not math.isfinite(value):
            continue
        printed = [m[0] for m in NUMERAL.finditer(rest)]
        bounds = [at for at in ("> 0.99", "< 0.01", "> 100") if at in rest]
        close = any(abs(reading.number(p) - x) <= reading.half(p) + 6e-6 for p in printed for x in (value, 100.0 * value))
        outside = [at for at in bounds if (value > float(at[2:]) if at[0] == ">" else value < float(at[2:]))]
        assert close or outside, (text, value)


def test_what_is_said_of_a_claim_has_its_numbers(ledger: Claims) -> None:
    """Verdict, prior, twins, magnitude, record and worths: from the judgement, not from a sentence."""
    for judged in ledger.judged:
        u = judged.assessment
        if u.probability == u.probability:
            says(claims.verdict(judged, ledger), u.probability, u.error, ledger.question.draws)
        if (said := claims.prior(judged)) and judged.prior is not None and judged.prior.probability == judged.prior.probability:
            says(said, judged.prior.probability)
            factor = claims.factor(judged.bayes_factor)
            assert u.probability != u.probability or factor in said
            told_factor = NUMERAL.findall(factor)
            assert not told_factor or factor[0] in "<>" or abs(float(told_factor[0]) / judged.bayes_factor - 1.0) < 0.051
        says(claims.twins(judged), *(t.probability for t in (judged.neutral, judged.inclined) if t is not None))
        if judged.change is not None:
            lost = judged.change.narrowed
            if lost:
                says(claims.narrowed(judged), *([len(lost)] if len(lost) > 1 else []))
        _large(judged)
        for n, check in enumerate(judged.record):
            for count in (check.here, check.there):
                if count is not None and count.of:
                    says(claims.record(check, judged, n), count.number, count.of, count.share, count.quantile(0.05),
                         count.quantile(0.95))  # fmt: skip
        for worth in judged.worths:
            says(claims.worth(worth), worth.centre, worth.low, worth.high, worth.probability)


def _large(judged: Judged) -> None:
    pairs = zip(judged.claim.estimand, judged.assessment.estimates, strict=True)
    sizes = [abs(f.size) for e, f in pairs if e.signed and f.size == f.size]
    said = claims.magnitude(judged)
    assert bool(said) == bool(sizes)
    if sizes:
        printed = float(re.findall(r"effect is (\d+\.\d+)", said)[0])
        assert max(sizes) <= printed + 1e-9 and printed - max(sizes) <= 0.0101


# ---- Predictions, and every measure of a run ----


@pytest.mark.slow
def test_what_is_said_of_a_crisis_has_its_probabilities() -> None:
    rows = list(each(predict()))
    assert len(rows) > 40
    for row, said in rows:
        order = ranked(row)
        values = [row[order[0]], row[order[1]]]
        if row.get("response_primary") in order:
            values.append(row[row["response_primary"]])
        told(said, [float(v) for v in values])


@pytest.mark.slow
def test_headlines_of_every_measure_say_the_run_s_numbers(order: Order, runs: Runs) -> None:
    """All measures of all neighbours, every tenth quarter: quantiles read from the histories themselves."""
    scenario, quarters, numbers = order.scenario, list(order.quarters), 0
    for name in MEASURES:
        values = np.quantile(runs.data[name].transpose("run", "quarter", ...).values.astype(float), (0.05, 0.5, 0.95), axis=0)
        values = values if values.ndim == 3 else values[..., None]
        who = [scenario.states[s].name for s in order.states] if values.shape[2] > 1 else [""]
        for i, state in enumerate(who):
            for t in range(10, len(quarters), 10):
                low, middle, high = values[:, t, i].tolist()
                of = Shown(name, state, scenario.patron.name, "", quarters[t], low, middle, high, quarters[0],
                           float(values[1, 0, i]))  # fmt: skip
                numbers += checked(headline(of), of)
    assert numbers > 5_000


def test_a_wrong_number_is_seen() -> None:
    """The reader itself: a digit that is changed, a number too many, a way that is turned."""
    show = MAPS["limited-sovereignty autonomy"]
    who, quarter, _, _ = next(iter(bands(show)))
    shown = Shown("autonomy", who, show["patron"], "", quarter, 0.1, 0.42, 0.6)
    said = headline(shown)
    checked(said, shown)
    for wrong in (said.replace("42%", "43%"), said.replace("60%", "61%"), said.replace(quarter, "1850Q1")):
        with pytest.raises(AssertionError):
            checked(wrong, shown)
    with pytest.raises(AssertionError):
        told("It is 42% of 7 worlds.", [0.42])
    with pytest.raises(AssertionError):
        told("It is 42% of 7 worlds.", [0.43, 7.0])
    told("It is 42% of 7 worlds.", [0.42, 7.0])
