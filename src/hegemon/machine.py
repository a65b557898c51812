"""What the machine refuses where nobody has looked for it, in one sentence: a full disk, too little memory."""

from __future__ import annotations

import errno
import os

from hegemon.errors import shown

REMEDIES = {
    errno.ENOSPC: "Make room",
    errno.EDQUOT: "Make room",
    errno.EFBIG: "Make room, or allow larger files (ulimit -f)",
    errno.EACCES: "See who may write there",
    errno.EPERM: "See who may write there",
    errno.EROFS: "Choose a place that can be written to",
    errno.EMFILE: "Allow more open files (ulimit -n)",
    errno.ENOMEM: "Close other programs, or ask for fewer histories",
}
"""What to do, by the system's number for the error."""


def refused(error: OSError | MemoryError) -> str:
    """Which file, why, and what to do."""
    if isinstance(error, MemoryError):
        error = OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
    place = f" ({shown(str(error.filename), 200)})" if error.filename else ""
    remedy = REMEDIES.get(error.errno or 0, "See to it")
    return f"{error.strerror or error}{place}. {remedy} and give the same command again: what is finished is kept."
