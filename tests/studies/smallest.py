"""The smallest question that can be asked of each kind."""

from __future__ import annotations

from pathlib import Path

TOY = Path(__file__).parents[1] / "toy.toml"

ASKED: dict[str, list[str]] = {
    "run": ["toy.toml", "-n", "64"],
    "compare": ["toy.toml", "--without", "pact", "-n", "64"],
    "replay": ["post-soviet", "-n", "4"],
    "claims": ["regularities", "--only", "requests", "--draws", "20", "-n", "8", "--quick"],
    "room": ["ANA", "toy.toml", "-n", "8", "--orientation-grid", "4"],
    "sweep": [
        "toy.toml",
        "-m",
        "autonomy@ANA@2005Q4",
        "--over",
        "pact.vote,red_line.base",
        "--sets",
        "64",
        "--runs-per-set",
        "4",
    ],
    "predict": ["--history", "post-soviet"],
    "backtest": ["--baselines-only", "--first", "60"],
    "forecast": ["post-soviet", "--from", "2015Q4", "--parameters", "mean", "-n", "32"],
    "calibrate": ["--quick", "--draws", "20"],
    "check": ["-n", "20"],
}
"""Words of the command by kind; they run where `TOY` lies as toy.toml."""

SLOW = ("claims", "predict", "backtest", "forecast", "calibrate", "check", "replay", "room")
"""Kinds whose smallest question is about a whole region, or is compiled for long: the quick lane leaves them to their own
tests."""
