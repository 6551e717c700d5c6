"""Bars on stderr, with rate and time left; nothing where stderr is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from germane.indexing import Progress


@contextmanager
def indexing() -> Iterator[Callable[[Progress], None] | None]:
    """What is told how far an indexing is."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bar() as bar:
        task = bar.add_task("indexing", total=None)

        def tick(at: Progress) -> None:
            rate = at.passages / max(bar.tasks[0].elapsed or 0.0, 1e-3)
            said = f"{at.documents:,} documents, {at.passages:,} passages, {rate:,.0f}/s"
            bar.update(task, description=said, completed=at.done, total=at.total or None)

        yield tick


@contextmanager
def training() -> Iterator[Callable[[int, int], None] | None]:
    """What is told the steps done, and all."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bar() as bar:
        task = bar.add_task("training", total=None)

        def tick(done: int, total: int) -> None:
            rate = done / max(bar.tasks[0].elapsed or 0.0, 1e-3)
            said = f"{done:,} of {total:,} steps, {rate:,.1f}/s"
            bar.update(task, description=said, completed=done, total=total)

        yield tick


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    return Bar(*columns, console=Console(stderr=True), transient=True)
