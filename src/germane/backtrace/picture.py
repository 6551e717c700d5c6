"""A sequence as a strip: similarity above, cause below, and what the likeliest places say."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

from germane.backtrace.cause import Backtrace
from germane.verify.picture import save

NAMED = 3
LONGEST = 90


def draw(found: Backtrace, path: Path | str) -> Path:
    """Writes the picture as PNG. Raises ``InputError`` where it cannot be written."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # signs that the font lacks are shown as boxes
        return save(_drawn(found), path)


def _drawn(found: Backtrace) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(2, 1, sharex=True)
    places = range(len(found.shares))
    best = max(places, key=lambda i: found.similarities[i])
    for axis, values, colour, name in (
        (axes[0], found.similarities, "#8a8a8a", "similarity"),
        (axes[1], found.shares, "#2a7f4f", "probability of cause"),
    ):
        axis.fill_between(places, values, step="mid", color=colour)
        axis.set_ylabel(name)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].bar([best], [found.similarities[best]], width=1.0, color="#b3372f")
    for cause in found.causes[:NAMED]:
        axes[1].annotate(str(cause.position), (cause.position, cause.probability), ha="center", va="bottom")
    axes[0].annotate(str(best), (best, found.similarities[best]), ha="center", va="bottom", color="#b3372f")
    axes[1].set_xlabel("place in the sequence")
    axes[0].set_title(_cut(found.query), fontsize=10, parse_math=False, pad=14)
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=120)
    return picture.getvalue()


def _cut(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
