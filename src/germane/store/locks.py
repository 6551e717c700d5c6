"""File locks between processes. The system lets go of them when their holder dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from germane.errors import StoreBusy, StoreError

_POLL = 0.01


@contextmanager
def hold(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of ``path``; ``StoreBusy`` when it cannot be had in ``seconds``."""
    lock = FileLock(path, timeout=seconds, thread_local=False)
    try:
        lock.acquire(poll_interval=_POLL)
    except Timeout:
        raise StoreBusy(
            f"another process has been writing to {path.parent} for more than {seconds:g} s",
            hint="wait for it to end, or end it; nothing is lost either way",
        ) from None
    except (OSError, NotImplementedError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise StoreError(
            f"cannot lock {path}: {reason}", hint="the index must lie on a local disk that can be written"
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def attempt(path: Path) -> Iterator[bool]:
    """Hold the lock of ``path`` if it is free; yields whether it was had. Never waits, never raises."""
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except (Timeout, OSError, NotImplementedError):
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
