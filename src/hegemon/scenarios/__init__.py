"""Scenarios: one question about one order per TOML file, checked while it is read."""
