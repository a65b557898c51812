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
    Study("compare", "a comparison", "Put two orders under the same random numbers, and say what differs.",
          f"{HOME}.compare.question:CompareQuestion", f"{HOME}.compare.compute:compute", f"{HOME}.compare.result:Comparison"),
    Study("predict", "a prediction", "Say what the patron will do about each crisis, in probabilities.",
          f"{HOME}.predict.question:PredictQuestion", f"{HOME}.predict.compute:compute", f"{HOME}.predict.result:Prediction",
          parallel=False),
    Study("backtest", "a back-test", "Predict every crisis of a record without knowing it; score, compare, list the surprises.",
          f"{HOME}.backtest.question:BacktestQuestion", f"{HOME}.backtest.compute:compute", f"{HOME}.backtest.result:Backtest",
          parallel=False),
    Study("forecast", "a forecast", "Simulate the years after a date that the record covers, and score it with what came.",
          f"{HOME}.forecast.question:ForecastQuestion", f"{HOME}.forecast.compute:compute", f"{HOME}.forecast.result:Forecast",
          parallel=False),
    Study("calibrate", "a calibration", "Learn the model's parameters from a record, and say how far the answer can be trusted.",
          f"{HOME}.calibrate.question:CalibrateQuestion", f"{HOME}.calibrate.compute:compute", f"{HOME}.calibrate.result:Fit",
          parallel=False),
    Study("check", "a predictive check", "Compare histories by prior and posterior with the record, and say what was learned.",
          f"{HOME}.check.question:CheckQuestion", f"{HOME}.check.compute:compute", f"{HOME}.check.result:Check", parallel=False),
)  # fmt: skip


def study(name: str) -> Study:
    """A kind of answer by name. Raises `UnknownName`."""
    from hegemon.errors import UnknownName, did_you_mean, shown

    for each in STUDIES:
        if each.name == name:
            return each
    raise UnknownName(f"no study is called {shown(name)}", did_you_mean(name, [each.name for each in STUDIES]))
