"""What numbers say, in sentences: pure functions from numbers to words, shared by terminal, report, explorer and documents.

Three rules. A sentence names both sides and says which way it goes, or that it is not known. It never says the same number
twice as if it were a difference. And what a change does by definition is no finding.
"""
