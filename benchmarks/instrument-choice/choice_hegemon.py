"""hegemon's own entries: the pooled model, and its twin that knows no consequences (docs/protocol.md).

    python benchmarks/instrument-choice/choice_hegemon.py          fit, and write entries/hegemon/ and entries/inclinations-only/
"""

from __future__ import annotations

import pandas as pd
from choice_baselines import answers
from choice_task import HERE

from hegemon.files import write_atomically
from hegemon.pooled import kept
from hegemon.pooled.answering import answers as pooled
from hegemon.pooled.approximate import approximate

LINES = {"patron": "pro_patron", "balanced": "balanced", "rival": "pro_rival"}
NOTES = {
    "hegemon": "the pooled model: a fixed table of consequences with learned worths, inclinations of a learned scale",
    "inclinations-only": "its twin without consequences",
}


def told(rows: pd.DataFrame) -> pd.DataFrame:
    """The benchmark's rows in the codebook's columns; what is not known stays empty."""
    request = rows["requested"].map({0: "none", 1: "asked"}).fillna("")
    named = rows.assign(incumbent_before=rows["line"].map(LINES), host_request=request)
    return named.rename(columns={"instrument": "response_primary"})


def entry(name: str) -> None:
    """Learn in every fold, answer, and write the entry."""
    use = name == "hegemon"

    def fitted(train: pd.DataFrame, rows: pd.DataFrame):
        known = kept.complete(told(train))
        return pooled(told(rows), known, approximate(known, use=use), use=use)[0]

    folder = HERE / "entries" / name
    folder.mkdir(parents=True, exist_ok=True)
    about = f'name = "{name}"\nwho = "model"\ninformation = "coded"\nnote = "{NOTES[name]}"\n'
    write_atomically(folder / "entry.toml", about.encode())
    write_atomically(folder / "answers.csv", answers(fitted).to_csv(index=False).encode())
    print(name, flush=True)


if __name__ == "__main__":
    for each in NOTES:
        entry(each)
