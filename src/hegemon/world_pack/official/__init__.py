"""Readers of official data sets, in the formats in which their authors publish them.

Column names are those of the releases in `manifest`; what a file lacks, or holds that it cannot, is said in one sentence with
file and row. Every reader gives rows by the codes of a pack.
"""
