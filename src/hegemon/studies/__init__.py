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

from hegemon.errors import UnknownName, did_you_mean, shown
from hegemon.studies.study import Study


def _listed(name: str, noun: str, summary: str, result: str, parallel: bool = True, **layouts: str) -> Study:
    """A study in a folder of its own here: question in question.py, computation in compute.py, result in result.py."""
    home = f"hegemon.studies.{name}"
    return Study(name, noun, summary, f"{home}.question:{name.capitalize()}Question", f"{home}.compute:compute",
                 f"{home}.result:{result}", parallel, {name: f"{home}.{where}" for name, where in layouts.items()})  # fmt: skip


STUDIES: tuple[Study, ...] = (
    _listed("run", "a run", "Simulate an order many times, and say what came out beside the record.", "Runs"),
    _listed("compare", "a comparison", "Put two orders under the same random numbers, and say what differs.", "Comparison"),
    _listed(
        "replay", "a replay", "Let history decide every event: how likely was it, and where does it lead?", "Replay", False
    ),
    _listed("claims", "judged claims", "Judge a ledger of claims: verdicts, effects, and what they hang on.", "Claims"),
    _listed("room", "a room for manoeuvre", "Say what a neighbour may do before its patron answers.", "Room"),
    _listed("sweep", "a sweep", "Vary parameters: what do outcomes depend on, when does something happen?", "Sweep"),
    _listed("predict", "a prediction", "Say what the patron will do about each crisis, in probabilities.", "Prediction", False),
    _listed("backtest", "a back-test", "Predict every crisis of a record without knowing it, and score it.", "Backtest", False),
    _listed(
        "forecast", "a forecast", "Simulate the years after a date: what may come, or how near it was to what came.", "Forecast",
        False, hub="hub:hub",
    ),
    _listed("calibrate", "a calibration", "Learn the model's parameters from a record.", "Fit", False),
    _listed("check", "a predictive check", "Compare histories by prior and posterior with the record.", "Check", False),
)


def study(name: str) -> Study:
    """A kind of answer by name. Raises `UnknownName`."""
    for each in STUDIES:
        if each.name == name:
            return each
    raise UnknownName(f"no study is called {shown(name)}", did_you_mean(name, [each.name for each in STUDIES]))
