"""The explorer: a local web application over results, and the API that its pages use.

    app          puts it together
    routes/      one file per kind of thing the API gives
    asked        what a client may ask for, and the order that is meant
    answers      what it gets
    limits       how much of it
    safety       who may ask
    shelf        results folders as they lie on disk
    jobs         runs and comparisons that wait, run and are done
    worker       the process in which they run
    changes      "something changed, revision n"

Nothing a client sends is ever used as a path: results, scenarios and pages are looked up by name in lists made from disk.
"""
