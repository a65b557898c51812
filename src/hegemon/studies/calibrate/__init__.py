"""Calibrations: what a record teaches about the parameters."""
