"""A back-test as it is told: its document and tables."""

from __future__ import annotations

from hegemon.pages import words
from hegemon.pages.document import Block, Document, Section
from hegemon.pages.figure import Table
from hegemon.studies.backtest.figures import figures
from hegemon.studies.backtest.result import Backtest
from hegemon.studies.backtest.sentences import HEADS, ends, said, the

MODEL = "hegemon"
"""The model's name among the forecasters."""

TOLD = (
    "**What a forecaster is told**: the crisis's kind, severity, state, date, the incumbents' line and whether they "
    "asked for help; of other crises, everything. *Rolling* forecasts use only crises that had begun earlier; *left "
    "out* uses all others, later ones too, and is no forecast. Severity and request are coded with the whole episode in "
    "view, and a crisis that began earlier counts as known though its answer may have come later: both help all "
    "forecasters alike. Forecasters marked *feasible*, and the pool, are told what the model holds feasible; that was drawn "
    "up with the post-Soviet record in view. Rows share states, years and causes: read the intervals that resample "
    "states. The best of the others is picked afterwards, which favours it."
)

FORM = (
    "**The forecasters called hegemon, inclinations only and wrong table** are the pooled model and its twins: one logit for all "
    "orders, told the crisis alone and learned from the crises of other orders besides (docs/protocol.md was written before it "
    "was fitted). *Inclinations only* knows no consequences; *wrong table* has those of another instrument. *Simulation* is the "
    "simulated order's own answer: inclinations, consequences and worlds, learned from this record and from observed ties. "
    "**What was chosen with the record in view**: the form of both. That an answer depends on severity, line and request "
    "besides the expected consequences, and the simulation's prior inclinations (do more the graver the crisis, help friends "
    "who ask, force is out of the ordinary) were settled while such scores were being looked at. Numbers were not: prior "
    "spreads are round and were left alone, and every forecast learns its parameters from other crises only."
)
"""What must be known about how the model came to be what is scored."""


def document(of: Backtest) -> Document:
    """Scores, calibration and surprises."""
    lines, crises, model = said(of), of.made["crises"], of.reference == MODEL
    tested = of.scored("rolling", of.reference)["events"]
    prose: list[Block] = [TOLD, *([FORM] if model else [])]
    return Document(
        kicker="Back-test",
        title="Back-test",
        question=f"How well does {the(of)} predict what the patron does about a crisis, against forecasters that know no "
        f"theory? {crises} coded crises, nine instruments.",
        finding=lines[0],
        facts=[(str(crises), "crises"), (str(tested), "of them rolling"), (str(of.scores["forecaster"].nunique()), "forecasters"),
               (str(of.question.seed), "seed")],
        sentences=lines[1:],
        sections=[
            Section("How to read it", prose, "reading", brief=False),
            Section("Drawn", figures(of), "drawn", brief=False),
            *(Section(head, [scores(of, scheme)], scheme.replace(" ", "-")) for scheme, head in HEADS.items()),
            Section("Calibration", [errors(of), bins(of)], "calibration", brief=False),
            *(Section(f"Surprises, {scheme}", surprises(of, scheme), f"surprises-{scheme.replace(' ', '-')}",
                      brief=scheme == "rolling") for scheme in HEADS),
        ],
        made=[("Record", f"{crises} crises, sha256 {of.made['record_hash']}"),
              ("Intervals", f"{of.made['level']:.0%}, {of.made['resamples']:,} bootstrap resamples")],
    )  # fmt: skip


def scores(of: Backtest, scheme: str) -> Table:
    """Every forecaster, the best first."""
    rows = []
    mine = of.scores[of.scores["scheme"] == scheme].sort_values("log", ascending=False, kind="stable")
    for row in mine.to_dict("records"):
        ahead = [f"{row['ahead']:+.2f}", ends(row, "_by_crisis"), ends(row), row["ahead_verdict"]]
        ahead = [""] * 4 if row["reference"] else ahead
        rows.append([str(row["forecaster"]), f"{row['log']:.3f}", f"{row['brier']:.3f}", f"{row['first']:.0%}",
                     f"{row['among_three']:.0%}", f"{row['mean_rank']:.1f}", str(row["impossible"]), *ahead])  # fmt: skip
    head = ["Forecaster", "Log score", "Brier", "First", "Of three", "Mean rank", "Ruled out", "Reference ahead by",
            "95 %, by crisis", "95 %, by state", "Reference is"]  # fmt: skip
    return Table(head, rows)


def _compared(of: Backtest) -> list[tuple[str, str]]:
    """The reference and the best of the others, under each scheme."""
    return [(scheme, name) for scheme in HEADS for name in dict.fromkeys((of.reference, of.best_other(scheme)))]


def errors(of: Backtest) -> Table:
    """How far probabilities are off, on average."""
    rows = [[f"{scheme}, {name}", f"{of.scored(scheme, name)['calibration_error']:.3f}"] for scheme, name in _compared(of)]
    return Table(["Forecaster", "Expected calibration error"], rows)


def bins(of: Backtest) -> Table:
    """What was said against what happened."""
    rows = []
    for scheme, name in _compared(of):
        rows += [[f"{scheme}, {name}", f"{b['low']:g} to {b['high']:g}", str(b["count"]), f"{b['said']:.3f}",
                  f"{b['happened']:.3f}", f"{b['least']:.3f} to {b['most']:.3f}"]
                 for b in of.bins(scheme, name).to_dict("records")]  # fmt: skip
    return Table(["Forecaster", "Said", "Forecasts", "Mean said", "Happened", "95 %"], rows)


def surprises(of: Backtest, scheme: str) -> list[Block]:
    """The crises that the reference predicted worst."""
    rows = []
    for row in of.surprises[of.surprises["scheme"] == scheme].to_dict("records"):
        rows.append([f"{row['name']} ({row['state']}, {row['start']})", words.answer(row["kind"]),
                     f"{words.answer(row['expected'])} {row['expected_probability']:.0%}",
                     f"{words.answer(row['happened'])} {row['probability']:.1%}",
                     f"{row['other_probability']:.1%}"])  # fmt: skip
    intro = (f"The crises {of.reference} predicted worst: what it held likeliest, what happened with the probability it "
             f"had given it, and what {of.best_other(scheme)} had given it.")  # fmt: skip
    return [intro, Table(["Crisis", "Kind", "Expected", "Happened", "The other said"], rows)]
