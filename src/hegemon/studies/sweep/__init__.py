"""Sensitivity: what outcomes depend on, and under which conditions they happen."""
