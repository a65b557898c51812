"""Figures, tables and sentences that several kinds of result share."""
