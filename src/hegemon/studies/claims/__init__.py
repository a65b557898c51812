"""Claims judged: sides become ensembles, ensembles become effects, effects over a posterior become verdicts."""
