"""What caused a query: the places, best first, and the whole sequence as two strips."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Group, RenderableType
from rich.text import Text

from germane.backtrace.cause import Backtrace, Cause
from germane.show.text import clean, shorten

SNIPPET = 220
BARS = " ▁▂▃▄▅▆▇█"
WIDTH = 64
SCALE = 0.2
"""What the highest bar means at least: where nothing stands out, no bar does."""


def traced(found: Backtrace) -> RenderableType:
    """Each cause with its probability and signals; above, similarity and cause along the sequence."""
    parts: list[RenderableType] = []
    if not found.found:
        said = f"Not in here, most likely ({1 - found.present:.0%}); the nearest places:"
        parts.append(Text(said, "bold yellow"))
    if len(found.shares) > 1:
        for name, values, style in (
            ("similarity", found.similarities, "dim"),
            ("cause", found.shares, "green"),
        ):
            parts.append(Text(f"{name:>10} ").append(strip(values), style))
    parts += [_cause(cause) for cause in found.causes]
    where = f"before place {found.at}" if found.at is not None else "of the whole sequence"
    parts.append(Text(f"{found.searched:,} places {where}; places count from 0", "dim"))
    return Group(*parts)


def strip(values: Sequence[float], width: int = WIDTH) -> str:
    """``values`` in order as a line of bars; of neighbours the greatest, where there are too many."""
    count = min(width, len(values))
    edges = [i * len(values) // count for i in range(count + 1)]
    tops = [max(values[a:b]) for a, b in pairwise(edges)]
    low, high = min(0.0, *tops), max(SCALE, *tops)
    step = (high - low) / (len(BARS) - 1) or 1.0
    return "".join(BARS[round((top - low) / step)] for top in tops)


def _cause(cause: Cause) -> Text:
    text = Text(f"{cause.probability:.2f}  ", "bold green" if cause.probability >= 0.2 else "yellow")
    place = ":".join(filter(None, (clean(cause.document), str(cause.position))))
    text.append(place, "bold")
    if head := " ".join(filter(None, (cause.turn.time, cause.turn.speaker))):
        text.append(f"  {shorten(head, 60)}")
    signals = ", ".join(f"{name} {value:.2f}" for name, value in cause.signals.items() if name != "distance")
    text.append(f"  {signals}", "dim")
    return text.append(f"\n      {shorten(cause.text, SNIPPET)}")
