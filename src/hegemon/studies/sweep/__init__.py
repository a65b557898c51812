"""Sweeps: what outcomes depend on, and under which parameters something happens."""
