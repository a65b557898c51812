"""How JAX is set up: devices, compiler options and the cache of compiled programs.

XLA reads its options when the first device is used, so `prepare` must come before; whoever has used JAX earlier in the
process keeps their own set-up, which is slower but gives the same model.
"""

from __future__ import annotations

import contextlib
import functools
import os
import platform
from pathlib import Path

XLA_OPTIONS = (
    "--xla_backend_extra_options=xla_cpu_use_multi_output_fusion=true",
    "--xla_cpu_prefer_vector_width=512",
    "--xla_cpu_multi_thread_eigen=false",
    "--xla_gpu_deterministic_ops=true",
)
"""Shared intermediates are computed once; vectors are as wide as the machine has; a device is a core, so that what one
chunk computes never waits for another; a GPU chooses the same algorithm every time."""


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cache_folder() -> Path:
    """Where compiled programs are kept: `HEGEMON_CACHE`, or the user's cache folder."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("HEGEMON_CACHE")
    return Path(chosen) if chosen else user_cache_path("hegemon") / "compiled"


@functools.cache
def prepare(devices: int | None = None) -> None:
    """Set up JAX once per process: so many CPU devices (None: one per core), fast compiler options, programs on disk."""
    given = os.environ.get("XLA_FLAGS", "")
    added = [option for option in XLA_OPTIONS if option.split("=")[0] not in given]
    os.environ["XLA_FLAGS"] = " ".join([given, *added]).strip()

    import jax

    if "xla_force_host_platform_device_count" not in given:
        with contextlib.suppress(RuntimeError):  # JAX is already in use: keep its devices
            jax.config.update("jax_num_cpu_devices", devices or cores())
    jax.config.update("jax_default_matmul_precision", "highest")  # a GPU would round products to ten bits
    jax.config.update("jax_compilation_cache_dir", str(cache_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)


def platform_name() -> str:
    """Device kind, JAX version and processor type, for provenance: what a result's last bit depends on."""
    import jax

    return f"{jax.devices()[0].platform}, jax {jax.__version__}, {platform.machine()}"
