"""How the quick lane compiles: in a third of the time, into programs that are a little slower.

Most of what the quick lane costs is XLA at work, and its histories are few. So there a worker has one device (a program is
compiled for each) and XLA takes the short way. --ci and --all compile as users do, unless --short says otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys

OPTIONS = (
    "--xla_force_host_platform_device_count=1",
    "--xla_backend_optimization_level=1",
    "--xla_cpu_use_fusion_emitters=false",
)
GIVEN = os.environ.get("XLA_FLAGS", "")
"""What whoever starts the tests has said to XLA."""


def shorten() -> None:
    """Have this process, its workers and the processes they start compile the short way, where XLA knows it."""
    short = " ".join([*(option for option in OPTIONS if option.split("=")[0] not in GIVEN), GIVEN]).strip()
    if short != GIVEN and subprocess.run(
        [sys.executable, "-c", "import jax; jax.devices()"], env={**os.environ, "XLA_FLAGS": short}, capture_output=True
    ).returncode == 0:  # another release of XLA ends the process where it does not know an option
        os.environ["XLA_FLAGS"] = short
