"""Every answer that hegemon gives is a study: a question, computed into a result that can be kept, opened, told and drawn.

`STUDIES` is the only list of kinds of answer. The command line, the explorer's API, `hegemon.open`, reports, exports and bundles
are generic over it: a further kind of answer is a folder beside these and a line here.

    study       what a kind of answer is, and how it is asked
    question    what is asked: options, request bodies, folder names and provenance come from its fields
    result      what came out: numbers, and a document that tells them
    folder      results on disk, saved whole or not at all
    bundle      a result with everything that rebuilds its numbers
"""

from __future__ import annotations

from hegemon.studies.study import Study

HOME = "hegemon.studies"

STUDIES: tuple[Study, ...] = (
    Study("run", "a run", "Simulate an order many times, and say what came out beside the record.",
          f"{HOME}.run.question:RunQuestion", f"{HOME}.run.compute:compute", f"{HOME}.run.result:Runs"),
    Study("compare", "a comparison", "Put two orders under the same random numbers, and say what differs.",
          f"{HOME}.compare.question:CompareQuestion", f"{HOME}.compare.compute:compute", f"{HOME}.compare.result:Comparison"),
    Study("replay", "a replay", "Let history decide every event: how likely was it, and where does it leave the neighbours?",
          f"{HOME}.replay.question:ReplayQuestion", f"{HOME}.replay.compute:compute", f"{HOME}.replay.result:Replay",
          parallel=False),
    Study("claims", "judged claims", "Judge a ledger of claims: verdicts, effects, and what they hang on.",
          f"{HOME}.claims.question:ClaimsQuestion", f"{HOME}.claims.compute:compute", f"{HOME}.claims.result:Claims"),
)  # fmt: skip


def study(name: str) -> Study:
    """A kind of answer by name. Raises `UnknownName`."""
    from hegemon.errors import UnknownName, did_you_mean, shown

    for each in STUDIES:
        if each.name == name:
            return each
    raise UnknownName(f"no study is called {shown(name)}", did_you_mean(name, [each.name for each in STUDIES]))
