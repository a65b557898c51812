"""A process that simulates, so that the one that answers pages never waits for it.

Both speak lines of JSON. The server says {"do": task}, {"cancel": true}; the worker says {"done": n, "of": m} as it goes on,
and at the end {"result": ...}, or {"raised": name, "said": what the error is made of, "place": of a user's mistake}. When the
server is gone, the worker's input ends, and so does the worker.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, TextIO

from hegemon.errors import Failure, UserError
from hegemon.server.errors import Conflict, NotYet, Stopped, lacking
from hegemon.studies.study import Progress

TASKS = 40  # tasks after which a worker is replaced by a fresh one, whatever it may have kept in memory
PATIENCE = 10.0  # seconds a worker has to stop what was cancelled

CHECK = 0.5

RAISED: dict[str, type[Exception]] = {kind.__name__: kind for kind in (Stopped, Conflict, NotYet, Failure)}
"""What a task may raise besides `UserError`."""


class Worker:
    """The server's end: one task at a time. A worker is started when it is needed."""

    def __init__(self, folder: Path, seconds: float | None = None) -> None:
        """`folder` is where the worker's relative paths begin; `seconds`, the longest a task may take."""
        self.folder, self.seconds = folder, seconds
        self._busy = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._said: queue.Queue[str | None] = queue.Queue()
        self._tasks = 0
        self._stopped = False
        self._number = 0

    def ask(self, task: dict[str, Any], progress: Progress | None = None) -> Any:
        """Have a task done. Raises what it raised, `Stopped` where it was cancelled, `Failure` where the process died."""
        with self._busy:
            if self._stopped:
                raise Stopped
            if self._tasks >= TASKS:
                self._kill()
            self._number += 1
            self._start()
            self._tell({"do": task})
            return self._hear(progress)

    def _hear(self, progress: Progress | None) -> Any:
        left = self.seconds
        while True:
            try:
                line = self._said.get(timeout=CHECK)
            except queue.Empty:
                if left is not None and (left := left - CHECK) <= 0:
                    self._kill()
                    raise Failure(f"It took longer than {self.seconds:g} s and was stopped") from None
                continue
            if line is None:
                self._kill()
                if self._stopped:
                    raise Stopped
                raise Failure("The process that simulates has died; what was finished is kept. Resume")
            try:
                said = json.loads(line)
            except ValueError:  # something else has printed
                continue
            if "done" in said:
                if progress is not None:
                    progress(said["done"], said["of"])
            elif "result" in said:
                return said["result"]
            elif said["raised"] == UserError.__name__:
                raise UserError(*said["said"], place=said["place"])
            else:
                raise RAISED[said["raised"]](*said["said"])

    def _start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._tasks += 1
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._said, self._tasks = queue.Queue(), 1
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "hegemon.server.worker"], cwd=self.folder, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=_listen, args=(self._process.stdout, self._said), daemon=True).start()

    def _tell(self, message: dict[str, Any]) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):  # it is gone: listening tells
                process.stdin.write(json.dumps(message) + "\n")
                process.stdin.flush()

    def cancel(self) -> None:
        """Stop the task, between two chunks if possible."""
        self._tell({"cancel": True})
        number = self._number

        def at_last() -> None:
            if self._busy.locked() and self._number == number:
                self._kill()

        timer = threading.Timer(PATIENCE, at_last)
        timer.daemon = True
        timer.start()

    def stop(self) -> None:
        """End the process, whatever it does: what it has finished is on disk."""
        self._stopped = True
        self._kill()

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError, ValueError):
                        stream.close()


def _listen(stream: TextIO, said: queue.Queue[str | None]) -> None:
    """Hand on what a worker says, and that it says no more."""
    with contextlib.suppress(OSError, ValueError):
        for line in stream:
            said.put(line)
    said.put(None)


def main() -> None:
    """The worker's end."""
    voice = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints must not be taken for an answer
    if hasattr(os, "nice"):
        os.nice(5)
    tasks: queue.Queue[dict[str, Any]] = queue.Queue()
    cancelled = threading.Event()
    threading.Thread(target=_obey, args=(tasks, cancelled), daemon=True).start()

    def say(message: dict[str, Any]) -> None:
        voice.write(json.dumps(message) + "\n")
        voice.flush()

    def progress(done: int, total: int) -> None:
        if cancelled.is_set():
            raise Stopped
        say({"done": done, "of": total})

    while True:
        task = tasks.get()
        say(_outcome(task, progress))


def _obey(tasks: queue.Queue[dict[str, Any]], cancelled: threading.Event) -> None:
    """Read what the server says; end with it."""
    for line in sys.stdin:
        said = json.loads(line)
        if "cancel" in said:
            cancelled.set()
        else:
            cancelled.clear()
            tasks.put(said["do"])
    os._exit(0)


def _outcome(task: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """What came of a task."""
    from hegemon.server import tasks

    try:
        return {"result": tasks.do(task, progress)}
    except UserError as mistake:
        return {"raised": UserError.__name__, "said": [mistake.what, mistake.remedy], "place": mistake.place}
    except (Stopped, Conflict, Failure) as error:
        kind = next(name for name, kind in RAISED.items() if isinstance(error, kind))
        return {"raised": kind, "said": [str(error)]}
    except ImportError as missing:
        return {"raised": NotYet.__name__, "said": [lacking(missing)]}
    except Exception as error:  # a worker that dies of one task would lose what it has compiled for the next
        traceback.print_exc()
        said = f"It failed ({type(error).__name__}); the terminal of hegemon serve says more"
        return {"raised": Failure.__name__, "said": [said]}


if __name__ == "__main__":
    main()
