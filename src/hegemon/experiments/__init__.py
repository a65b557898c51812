"""Experiments on orders: comparisons, claims, room for manoeuvre, sweeps."""
