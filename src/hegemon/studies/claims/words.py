"""Judged claims as they are told."""

from __future__ import annotations

from hegemon.ledgers.sides import sides
from hegemon.ledgers.words import claimed, exactly
from hegemon.pages.document import Block, Bullets, Document, Section
from hegemon.pages.figure import Table
from hegemon.studies.claims import figures, sentences
from hegemon.studies.claims.result import Claims
from hegemon.studies.claims.sentences import effect, factor, share, size
from hegemon.studies.claims.verdicts import LINES, SHARE, SMALLEST, Assessment, Judged

HOW = (
    "A claim has estimands: numbers by which it stands or falls, fixed in the ledger's file with what is claimed of them. "
    "It holds where all of them do. For each of {draws} draws of the parameters every estimand is computed from pairs of "
    "simulated histories with the same random numbers; the scatter that a finite number of histories leaves is taken off by a "
    "normal model of effects and errors, and what remains is the posterior of the effect. *P* is the probability of what is "
    "claimed. A claim is **supported** where the probability of all its estimands together exceeds {high:g}, **contradicted** "
    "below {low:g}, else **open**. It is **assumed**, and not supported, where its *sign-neutral twin* does not reach that: "
    "the same model learned from the same record, with the signs of what the claim rests on left open in its prior. A second "
    "twin weighs no consequences when it answers. The *Bayes factor* is by how much the record changed the claim's odds. An "
    "effect is a mean over draws, with their middle 90 % in brackets; *noise* is the share of the scatter over draws that is "
    "Monte Carlo; *luck's spread* is how far histories with the same parameters scatter, and an effect below {smallest:g} of it "
    "is **negligible**, whatever its sign. With mechanisms switched off, over the priors and for the twins, {share:.0%} of the "
    "histories are used. What words and method mean, and how to judge claims of your own, stands in the documentation: "
    "*Claims*."
)

CAUTION = (
    "**What a verdict is not.** It says what follows from the model with parameters that the record leaves probable. Supported "
    "does not mean true: the model was built to express the essay's argument, so that its form favours many of these claims "
    "before any record is seen (*holds in ... of the priors' parameter space* says how much). What is evidence is where the "
    "record moves a claim, where a claim fails although the model was built for it, and what happened later."
)


def document(of: Claims) -> Document:
    """Verdicts in one sentence and one table, then claim by claim."""
    book, made = of.ledger, of.made
    low, high = LINES
    overview = figures.overview(of)
    how = HOW.format(draws=of.question.draws, low=low, high=high, share=SHARE, smallest=SMALLEST)
    scenario = book.base.scenario
    return Document(
        kicker="A ledger of claims",
        title=f"Ledger: {book.title}",
        question=f"{book.question} {len(of.judged)} claims about {scenario.title}.",
        finding=overview.finding,
        facts=[(str(len(of.judged)), "claims"), (str(of.question.draws), "draws of the parameters"),
               (str(made["parameters"]), "parameters"), (str(of.question.luck), "seed")],
        sentences=sentences.short(of),
        sections=[Section("All claims", [overview, summary(of)], "all"),
                  Section("All effects", [effects(of)], "effects", folded=True),
                  Section("How to read it", [how], "how", brief=False)]
        + [section(of, judged) for judged in of.judged],
        caveats=[CAUTION],
        made=[("Ledger", book.name), ("Ledger hash", book.hash), ("Scenario", scenario.name),
              ("Scenario hash", scenario.hash[:16]), ("Parameters", str(made["parameters"])),
              ("Hash of the draws", str(made["parameters_hash"])), ("Hash of the priors' draws", str(made["prior_hash"] or "")),
              ("Draws", str(of.question.draws)), ("Histories per draw", str(of.question.runs or book.runs)),
              ("Seed", str(of.question.luck)), ("Histories simulated", f"{made['histories']:,}")],
    )  # fmt: skip


def summary(of: Claims) -> Table:
    """All claims with their verdicts."""
    rows = [[f"{j.claim.id}: {j.claim.claim}", sentences.worded(j), share(j.assessment.probability), share(j.share),
             factor(j.bayes_factor), twin(j.neutral), twin(j.inclined),
             *(str(sentences.speaking(j.claim, side)) for side in ("for", "against"))] for j in of.judged]  # fmt: skip
    head = ["Claim", "Verdict", "P", "Priors", "Bayes factor", "No signs", "No consequences", "Facts for", "against"]
    said = ("Probability of all that is claimed: given the record, over the priors, in the twin that is told no signs, and where "
            "the patron weighs no consequences")  # fmt: skip
    return Table(head, rows, said)


def twin(found: Assessment | None) -> str:
    """The probability that a twin gives."""
    return "–" if found is None else share(found.probability)


def effects(of: Claims) -> Table:
    """All estimands of all claims."""
    rows = [[f"{j.claim.id}, {n}: {e.what}", claimed(e), effect(e, found), share(found.probability)] for j in of.judged
            for n, (e, found) in enumerate(zip(j.claim.estimand, j.assessment.estimates, strict=True), 1)]  # fmt: skip
    return Table(["Estimand", "Claimed", "Effect (middle 90 %)", "P"], rows, "Effects over the draws")


def section(of: Claims, judged: Judged) -> Section:
    """A claim: what came out, why these estimands, what is computed exactly, and what speaks beside the model."""
    claim, base = judged.claim, of.ledger.base
    source = f" ({claim.source})" if claim.source else ""
    said = [sentences.verdict(judged, of)]
    said += [f"*{head}.* {' '.join(lines)}" for head, lines in sentences.told(judged, of).items()]
    exact = [f"Estimand {n}: {exactly(e, sides(e, base)[0].scenario)} Claimed: {claimed(e)}."
             for n, e in enumerate(claim.estimand, 1)]  # fmt: skip
    blocks: list[Block] = [f"**{claim.claim}**{source}", Bullets(said), estimands(judged),
                           figures.effects(of, judged), f"*Why these estimands.* {claim.why}", Bullets(exact)]  # fmt: skip
    if claim.fact:
        blocks += ["*Facts.*", Bullets([sentences.fact(fact, base) for fact in claim.fact])]
    if claim.caveat:
        blocks.append(f"*Caveat.* {claim.caveat}")
    anchor = f"claim-{claim.id.lower().replace('.', '-')}"
    return Section(f"{claim.id}: {sentences.worded(judged)}", blocks, anchor, brief=False)


def estimands(judged: Judged) -> Table:
    """A claim's estimands."""
    rows = [[f"{n}. {e.what}", claimed(e), effect(e, found), share(found.probability), size(e, found), share(found.noise)]
            for n, (e, found) in enumerate(zip(judged.claim.estimand, judged.assessment.estimates, strict=True), 1)]  # fmt: skip
    head = ["Estimand", "Claimed", "Effect (middle 90 %)", "P", "In luck's spreads", "Noise"]
    return Table(head, rows, f"{judged.claim.id}: estimands")
