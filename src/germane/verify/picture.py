"""Similarity maps as one PNG."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from germane.errors import InputError
from germane.verify.drawing import Drawing

DEFAULT = Path("germane-explain.png")
RED, GREEN = "#b3261e", "#1b5e20"
CELL = 0.30
"""Inches a token."""


def draw_png(maps: Sequence[tuple[str, Drawing]]) -> bytes:
    """One or more maps under their titles, one below the other, as the bytes of a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [2.2 + CELL * max(len(drawn.rows), 1) for _, drawn in maps]
    width = 2.2 + CELL * max(len(drawn.columns) for _, drawn in maps)
    figure = Figure(figsize=(max(width, 6.0), sum(heights)), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    parts = figure.subfigures(len(maps), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, (title, drawn) in zip(parts, maps, strict=True):
        axes = part.add_subplot(anchor="W")
        image = draw_axes(axes, drawn)
        part.colorbar(image, ax=axes, shrink=0.8, pad=0.02, label="cosine of tokens")
        part.suptitle(_shown(title), fontsize=11, x=0.01, ha="left")
    picture = BytesIO()
    figure.savefig(picture, format="png", bbox_inches="tight", pad_inches=0.15)
    return picture.getvalue()


def save(picture: bytes, path: Path | str | None = None) -> Path:
    """Write ``picture`` to ``path``, in place of what is there; without ``path`` to a new file, since none
    is replaced that was not named. Returns where. Raises ``InputError`` where it cannot be written."""
    wanted = DEFAULT if path is None else Path(path)
    try:
        if path is not None:
            wanted.write_bytes(picture)
            return wanted
        for number in count(1):
            wanted = DEFAULT if number == 1 else DEFAULT.with_stem(f"{DEFAULT.stem}-{number}")
            with suppress(FileExistsError), wanted.open("xb") as file:
                file.write(picture)
                break
    except OSError as error:
        hint = "name a file in a folder that is there and may be written: --png FILE"
        raise InputError(f"cannot write the picture {wanted}: {error.strerror or error}", hint=hint) from None
    return wanted


def draw_axes(axes: Any, drawn: Drawing) -> Any:
    """Draw the map into matplotlib axes; returns the image, for a colour bar."""
    rows, columns = max(len(drawn.rows), 1), max(len(drawn.columns), 1)
    cells = drawn.cosines.reshape(rows, columns) if drawn.rows else np.zeros((1, 1))
    image = axes.imshow(cells, cmap="Blues", vmin=0, vmax=1, aspect="equal")
    axes.set_xticks(
        range(len(drawn.columns)),
        [_shown(c) for c in drawn.columns],
        rotation=60,
        ha="left",
        rotation_mode="anchor",
        fontsize=9,
    )
    axes.set_yticks(range(len(drawn.rows)), [_shown(r) for r in drawn.rows], fontsize=9)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for i in range(len(drawn.rows)):
        against = [int(j) for j in np.flatnonzero(drawn.contradicts[i])] if drawn.marked[i] else []
        if drawn.marked[i]:
            axes.get_yticklabels()[i].set(color=RED, fontweight="bold")
            _frame(axes, -0.5, i, columns, RED)
        for j in against:
            axes.text(j, i, "×", ha="center", va="center", color=RED, fontsize=13, fontweight="bold")
        if not against:
            best = int(drawn.cosines[i].argmax())
            _frame(axes, best - 0.5, i, 1, RED if drawn.marked[i] else GREEN)
    axes.set_ylabel("query")
    axes.set_xlabel("passage")
    return image


def _frame(axes: Any, left: float, row: int, width: int, colour: str) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((left, row - 0.5), width, 1, fill=False, edgecolor=colour, linewidth=1.3))


def _shown(token: str) -> str:
    """Letters that mean something to matplotlib's math mode are kept as they are."""
    return token.replace("$", r"\$")
