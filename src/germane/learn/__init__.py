"""Training: what ships, from licensed data (``python -m germane.learn.verifier``), and what users train."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from germane.errors import MissingExtra

if TYPE_CHECKING:
    from germane.learn.finetune import Trained


def train_verifier(
    data: Path,
    out: Path,
    *,
    start: Path | None = None,
    steps: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Trained:
    """See ``germane.learn.finetune.train_verifier``; ``start`` is the shipped verifier's folder by default.
    Raises ``MissingExtra`` where torch is not installed."""
    try:
        from germane.learn import finetune
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "torch", "train") from error
    return finetune.train_verifier(data, out, start=start, steps=steps, progress=progress)
