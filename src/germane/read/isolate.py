"""Parsing in a child process with a time and a memory limit, for formats whose parsers can misbehave.

The child is a plain ``python -m germane.read.worker``, kept alive between files: no fork of a process
that has threads, and no second import of the caller's main module, as multiprocessing's spawn does.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from germane.read.part import Fault, Part, Unreadable
from germane.types import Section

SECONDS = 12
"""With what it takes to encode what such a file gives, no file costs more than half a minute."""

MEMORY = 320 * 2**20


class Child:
    """One child process, started when it is first needed, and again after it had to be ended.

    ``seconds`` bound one file, ``memory`` (bytes) the child's address space.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def parts(self, format: str, path: Path) -> Iterator[Part | Fault]:
        """What ``formats.parser(format)(path)`` gives. Raises ``Unreadable``, also on time-out or crash, and
        ``OSError`` where the system does not let the file be read."""
        with self._lock:
            reply = self._ask(format, path)
        if "error" in reply:
            raise Unreadable(reply["error"])
        if "system" in reply:
            raise OSError(*reply["system"])
        for key, title, text, sections, metadata in reply["parts"]:
            spans = tuple(Section(start, end, tuple(headings)) for start, end, headings in sections)
            yield Part(key, title, text, spans, metadata)
        if fault := reply["fault"]:
            yield Fault(*fault)

    def close(self) -> None:
        """End the child; the next file starts another."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()

    def _ask(self, format: str, path: Path) -> dict[str, Any]:
        process = self._start()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._seconds, end)
        timer.daemon = True
        timer.start()
        try:
            request = json.dumps({"format": format, "path": str(path.absolute())})
            _pipe(process.stdin).write(request.encode() + b"\n")
            _pipe(process.stdin).flush()
            (length,) = struct.unpack("<Q", _exactly(_pipe(process.stdout), 8))
            reply = cast("dict[str, Any]", json.loads(_exactly(_pipe(process.stdout), length)))
        except (EOFError, OSError):
            self.close()
            if late.is_set():
                return {"error": f"takes longer than {self._seconds:g} s to read: simplify or exclude it"}
            return {"error": "damaged: it crashes its parser"}
        except BaseException:  # an answer left in the pipe would be taken for the next file's
            self.close()
            raise
        finally:
            timer.cancel()
        if late.is_set() or reply.get("retire"):
            self.close()
        return reply

    def _start(self) -> subprocess.Popen[bytes]:
        alive = self._process is not None and self._owner == os.getpid() and self._process.poll() is None
        if not alive:
            self.close()
            # -P: a docx.py among the documents must never be imported in place of the library.
            command = [sys.executable, "-P", "-m", "germane.read.worker"]
            found = os.pathsep.join(path for path in sys.path if path)
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [*command, str(self._memory), str(int(self._seconds) + 1)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": found, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"},
            )
        assert self._process is not None
        return self._process


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


child = Child()
atexit.register(child.close)
