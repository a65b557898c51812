"""A replay as it is told."""

from __future__ import annotations

from typing import Any

import numpy as np

from hegemon.pages import readings, theme, words
from hegemon.pages.document import Block, Bullets, Document, Section
from hegemon.pages.figure import Table
from hegemon.pages.order import OrderInfo, order_info, reading_order
from hegemon.studies.replay import figures
from hegemon.studies.replay.result import Replay
from hegemon.studies.replay.surprise import odds

MOST = 10
"""Rows of a list of surprises."""

READING = (
    "Each draw of the small unobserved shocks gives the record a probability. The mean and its spread are of the logarithms; "
    "log-mean-exp is the logarithm of the mean probability, which is the probability of the record where the shocks are not "
    "known. It never lies below the mean, and parts of it do not add up. Probabilities of single crises and quarters are such "
    "means too, over worlds that the record has driven to that quarter, every draw counting alike."
)


def document(of: Replay) -> Document:
    """How likely the record was, what the model did not expect, and where it leaves the neighbours."""
    order = of.question.order()
    info, times = order_info(order), readings.all_quarters(of.worlds)
    finding, *more = findings(of, info)
    _, notes = of.question.events()
    numbers: list[Block] = [READING, parts(of), surprises(of, info, "log_all")]
    return Document(
        kicker="The record, replayed",
        title=info.title,
        question="History decides every crisis, answer and outcome here. The model says what each did to the neighbours, and how "
        "likely it was.",
        finding=finding,
        facts=[(str(len(of.crises)), "crises" if len(of.crises) != 1 else "crisis"), (f"{times[0]} – {times[-1]}", "quarters"),
               (str(len(info.states)), "neighbours"), (f"{of.question.runs:,}", "draws of the shocks"),
               (str(of.question.seed), "seed")],
        sentences=more,
        sections=[
            Section("In numbers", numbers, "in-numbers"),
            Section("Answers", [figures.answers(of, info), surprises(of, info, "answer")], "by-answer"),
            Section("Quarters", [figures.quarters(of), quarter_list(of)], "by-quarter"),
            Section("Neighbours", [figures.neighbours(of, info)], "by-neighbour"),
            Section("Crises, neighbour by neighbour", [listed(of, info)], "by-crisis", folded=True, brief=False),
            *([Section("What to know about the record", [Bullets(notes)], "notes")] if notes else []),
        ],
        made=[("Record", of.question.history or order.scenario.history or ""), ("Scenario", order.scenario.text)],
    )  # fmt: skip


def findings(of: Replay, info: OrderInfo) -> list[str]:
    """The replay in a few sentences."""
    total = of.total
    said = [
        f"Log-probability of the whole record: {total['mean']:.1f} in the mean over draws of the shocks "
        f"(sd {total['sd']:.1f}, 5–95 % {total['low']:.1f} to {total['high']:.1f}). The logarithm of its mean probability is "
        f"{total['log_mean_exp']:.1f}, carried in effect by {total['effective_draws']:.1f} draws: the fewer, the rougher."
    ]
    if len(of.crises):
        least: Any = of.crises.sort_values("answer", kind="stable").iloc[0]
        known = of.crises["answer"]
        said += [
            f"The answer the model expected least: {words.answer(least['instrument'])} in "
            f"{info.state(least['state'])}, {least['quarter']} ({least['name']}), with {odds(least['log_response'])}.",
            f"To the answers that were given it gave {theme.share(float(known.median()))} in the median; in "
            f"{int((known < 0.1).sum())} of {len(known)} crises less than one in ten.",
        ]
    return said


def parts(of: Replay) -> Table:
    """The record's log-probability by part."""
    rows = [[str(row["part"]), f"{row['decisions']:,}", f"{row['mean']:.1f}", f"{row['sd']:.1f}",
             f"{row['low']:.1f} to {row['high']:.1f}", f"{row['log_mean_exp']:.1f}",
             f"{np.exp(row['mean'] / max(row['decisions'], 1)):.3f}"] for row in of.parts.to_dict("records")]  # fmt: skip
    head = ["Part", "Decisions", "Mean", "sd", "5–95 %", "Log-mean-exp", "Per decision"]
    return Table(head, rows, "Log-probability of the record (nat) by part, over draws; last: geometric mean probability")


def surprises(of: Replay, info: OrderInfo, by: str) -> Table:
    """The crises to which the model gave least: to their answers, or as a whole."""
    rows = []
    for row in of.crises.sort_values(by, kind="stable").head(MOST).to_dict("records"):
        chance = odds(row["log_all"] if by == "log_all" else row["log_response"])
        if by == "answer":
            chance += f" ({100 * row['answer_low']:.2g}–{100 * row['answer_high']:.2g} %)"
        answer = f"{words.plain(row['instrument'], words.INSTRUMENTS)} ({words.plain(row['kind'], words.KINDS).lower()})"
        rows.append([f"{row['quarter']}, {info.state(row['state'])}: {row['name']}", answer, chance])
    captions = {"answer": "Answers to which the model gave least", "log_all": "Crises to which it gave least: that, when, how"}
    return Table(["What happened", "Answer", "Probability"], rows, captions[by])


def quarter_list(of: Replay) -> Table:
    """The quarters to which the model gave least."""
    worst = of.quarters.sort_values("log_mean_exp", kind="stable").head(MOST)
    rows = [[f"{row['quarter']}: {row['crises'] or 'no crisis'}", odds(row["log_mean_exp"])] for row in worst.to_dict("records")]
    return Table(["What happened", "Probability"], rows, "Quarters to which it gave least, all neighbours together")


def listed(of: Replay, info: OrderInfo) -> Table:
    """Every crisis, with the probability of its answer."""
    rows = [[info.state(state), row["quarter"], row["name"], words.plain(row["kind"], words.KINDS),
             words.plain(row["instrument"], words.INSTRUMENTS), figures.given(row)]
            for state in reading_order(info, readings.all_states(of.worlds))
            for row in of.crises[of.crises["state"] == state].to_dict("records")]  # fmt: skip
    return Table(["Neighbour", "Quarter", "Crisis", "Kind", "Answer", "Its probability"], rows, "Crises, neighbour by neighbour")
