"""How JAX is set up: devices, compiler options and the cache of compiled programs.

XLA reads its options once, when JAX is first used. Whoever has used JAX before hegemon (`jax.devices()` in a notebook's first
cell) keeps their own devices; `prepare` then gives the options program by program, so that histories are the same to the bit
and as fast per device.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import platform
import re
import subprocess
import sys
import warnings
from importlib import metadata
from pathlib import Path
from typing import Any

from hegemon.errors import BadMachine, shown
from hegemon.files import home, write_atomically

BACKEND_OPTION = "xla_cpu_use_multi_output_fusion"
"""Shared intermediates are computed once. Without it a chunk costs a hundred times as much, and its last bits differ."""

XLA_OPTIONS: dict[str, int | bool] = {
    "xla_cpu_prefer_vector_width": 512,
    "xla_cpu_multi_thread_eigen": False,
    "xla_gpu_deterministic_ops": True,
}
"""Vectors are as wide as the machine has; a device is a core, so that what one chunk computes never waits for another; a GPU
chooses the same algorithm every time."""


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cache_folder() -> Path:
    """Where compiled programs are kept: `HEGEMON_CACHE`, or the user's cache folder."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("HEGEMON_CACHE")
    return home(chosen) if chosen else user_cache_path("hegemon") / "compiled"


KNOWN = re.compile(r"--xla_force_host_platform_device_count=[1-9][0-9]{0,3}")
"""Options of XLA that need no trial: besides those that `prepare` gives."""


LOGGED = r"(?:[EF]\d{4}|[\d-]+ [\d:.]+ [EF]) [^]]*\] (.*)"
"""A line in which XLA says what it gives up for, as its releases write it: when, where and what."""


@functools.cache
def tried() -> None:
    """Raises `BadMachine` for a value that JAX or XLA does not take in a variable which they read once and give up on.

    XLA would end this process, with a page of its own. So variables that are set are tried in another one, the same ones once.
    """
    own = [word for word in os.environ.get("XLA_FLAGS", "").split() if not (KNOWN.fullmatch(word) or word in _options())]
    given = {name: os.environ[name] for name in sorted(os.environ) if name.startswith("JAX_") and name != "JAX_PLATFORMS"}
    given |= {"XLA_FLAGS": " ".join(own)} if own else {}
    if not given:
        return
    said = repr((given, metadata.version("jaxlib")))
    known = cache_folder() / f"settings-{hashlib.sha256(said.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"
    with contextlib.suppress(OSError):
        if known.exists():
            return
    trial = "import jax; from jaxlib import xla_client; xla_client.CompileOptions()"
    aloud = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run([sys.executable, "-c", trial], env=aloud, capture_output=True, text=True, errors="replace")
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["it does not start"]
        fault = next((found[1] for line in lines if (found := re.match(LOGGED, line))), lines[-1])
        named = [name for name in given if name.lower() in fault.lower()] or [name for name in given if name == "XLA_FLAGS"]
        what = " and ".join(f"{name}={shown(given[name])}" for name in named or given)
        raise BadMachine(f"JAX cannot start with {what}: {shown(fault, 160)[1:-1]}", "Unset it, or correct it.")
    with contextlib.suppress(OSError):
        known.parent.mkdir(parents=True, exist_ok=True)
        known.touch()


def _options() -> list[str]:
    """The options of XLA that histories are computed with, as its variable has them."""
    wanted = [f"--xla_backend_extra_options={BACKEND_OPTION}=true"]
    return wanted + [f"--{name}={str(value).lower()}" for name, value in XLA_OPTIONS.items()]


@functools.cache
def prepare(devices: int | None = None) -> None:
    """Set up JAX once per process: so many CPU devices (None: one per core), fast compiler options, programs on disk.

    Warns where JAX was used before and takes no options by program either: histories then take a hundred times as long.
    """
    tried()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # of XLA's own remarks, only those it dies of
    given = os.environ.get("XLA_FLAGS", "")
    os.environ["XLA_FLAGS"] = " ".join([given, *(word for word in _options() if word.split("=")[0] not in given)]).strip()

    import jax

    if "xla_force_host_platform_device_count" not in given:
        with contextlib.suppress(RuntimeError):  # JAX is already in use: keep its devices
            jax.config.update("jax_num_cpu_devices", devices or cores())
    jax.config.update("jax_default_matmul_precision", "highest")  # a GPU would round products to ten bits
    try:
        jax.local_devices()
    except (RuntimeError, AssertionError) as error:
        named = os.environ.get("JAX_PLATFORMS")
        what = f"JAX cannot use the devices of JAX_PLATFORMS={shown(named)}" if named else "JAX finds no device it can use"
        said = " ".join(str(error).split())[:200].rstrip(".") or "there are none"
        raise BadMachine(f"{what}: {said}", "Unset JAX_PLATFORMS, or set it to cpu.") from None
    if "xla_backend_extra_options" in given or _options_by_program():
        jax.config.update("jax_compilation_cache_dir", str(cache_folder()))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)
        _kept_whole()
    else:  # nothing is kept: another process would take these slow programs for the ones it knows
        warnings.warn(
            "JAX was used before hegemon, so its compiler options can no longer be set: histories take a hundred times as long "
            "and differ in the last bit. Restart Python and call hegemon.runtime.prepare() before anything else uses JAX.",
            RuntimeWarning,
            stacklevel=2,
        )


def _kept_whole() -> None:
    """Programs are kept whole or not at all, and what is damaged is replaced when it has been compiled anew: JAX writes them in
    place, so that a process that is killed, or a full disk, leaves half of one for good. What cannot be kept is compiled again
    without a word; `hegemon doctor` says so."""
    warnings.filterwarnings("ignore", "Error (reading|writing) persistent compilation cache")
    with contextlib.suppress(ImportError, AttributeError):
        from jax._src.lru_cache import LRUCache

        plain = LRUCache.put

        @functools.wraps(plain)
        def put(self: Any, key: str, value: bytes) -> None:
            if self.eviction_enabled:
                return plain(self, key, value)
            write_atomically(Path(str(self.path)) / f"{key}-cache", value)

        LRUCache.put = put  # type: ignore[method-assign]


def _options_by_program() -> bool:
    """Whether programs are compiled with the options, where XLA has read its own before they were set by adding them to each.

    JAX's own `compiler_options` cannot say XLA's option of a back end (a map), so it is added to the serialized ones: where
    two encoded messages follow each other, protocol buffers merge them.
    """
    try:
        from jax._src import compiler

        def there() -> bool:
            return BACKEND_OPTION.encode() in compiler.get_compile_options(1, 1).SerializeAsString()

        if there():
            return True
        made = compiler.get_compile_options
        added = _field(3, _field(3, _field(500, _field(1, BACKEND_OPTION.encode()) + _field(2, b"true"))))
        # executable_build_options.debug_options.xla_backend_extra_options, by their numbers in XLA's descriptions

        @functools.wraps(made)
        def with_options(*args: Any, **named: Any) -> Any:
            options = made(*args, **named)
            options.env_option_overrides = [*XLA_OPTIONS.items(), *options.env_option_overrides]
            return type(options).ParseFromString(options.SerializeAsString() + added)

        compiler.get_compile_options = with_options
        if there():
            return True
        compiler.get_compile_options = made
    except Exception:  # whatever another release of JAX has changed in there
        return False
    return False


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes, encoded as protocol buffers do."""

    def varint(value: int) -> bytes:
        return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)

    return varint(number << 3 | 2) + varint(len(content)) + content


def platform_name() -> str:
    """Device kind, JAX version and processor type, for provenance: what a result's last bit depends on."""
    import jax

    return f"{jax.devices()[0].platform}, jax {jax.__version__}, {platform.machine()}"
