"""Writes the trace of a run while it runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from germane.types import Step, Trace


class Recorder:
    """Collects the steps of one run. ``with recorder.step("dense") as notes: notes["found"] = 3``."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, object]]:
        notes: dict[str, object] = {}
        start = time.perf_counter()
        try:
            yield notes
        finally:
            self._steps.append(Step(name, (time.perf_counter() - start) * 1000, notes))

    def trace(self) -> Trace:
        return Trace(tuple(self._steps))
