"""The report: what an ensemble of histories shows, as figures, tables and one file that opens offline.

Nothing heavy is imported until something is written.
"""

from hegemon.report.write import write_figures, write_report

__all__ = ["write_figures", "write_report"]
