"""The explorer: a local web application over results, and the API that its pages use.

    app          puts it together
    routes/      one file per kind of thing the API gives
    questions    what a client may ask: the studies' own questions
    answers      what it gets
    limits       how much of it
    safety       who may ask
    index        results folders as they lie on disk
    jobs         questions that wait, are worked on and are done
    worker       the process that works on them
    changes      "something changed, revision n"

Nothing a client sends is ever used as a path: results, scenarios and pages are looked up by name in lists made from disk.
"""
