"""A similarity map as a picture: in the terminal and as a PNG.

Rows are query tokens, columns passage tokens (cropped to the stretch that covers the query best). Rows
whose best match is weak, or contradicts, are marked: they are what speaks against the passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.types import Hit
from germane.verify.lexicon import FLAGS, RELATIONS, shipped
from germane.verify.reasons import best_window, whole_words

if TYPE_CHECKING:
    from rich.console import RenderableType

WEAK = 0.45
"""A row whose best cosine is lower has no match worth the name."""
SPEAKS = 0.1
"""A word speaks against a passage when the log-odds rise by more than this without it."""
DEFAULT = "germane-explain.png"
_SHADES = " ░▒▓█"
RED, GREEN = "#b3261e", "#1b5e20"
_OPPOSITE, _NUMBER = RELATIONS.index("opposite") + 1, RELATIONS.index("other_number") + 1


class Drawing(NamedTuple):
    """What is drawn: token spellings, cosines ``(rows, columns)``, relation codes of the same shape, and
    which rows are marked."""

    rows: list[str]
    columns: list[str]
    cosines: NDArray[np.float32]
    relations: NDArray[np.int8]
    marked: NDArray[np.bool_]


def drawing(
    query: Tokens, query_text: str, passage: Tokens, passage_text: str, *, columns: int = 48, rows: int = 40
) -> Drawing:
    """The part of the map to draw. Marked are content tokens without a match, opposites, other numbers."""
    if not len(query.ids) or not len(passage.ids):
        return Drawing([], [], np.zeros((0, 0), np.float32), np.zeros((0, 0), np.int8), np.zeros(0, bool))
    lexicon = shipped()
    vectors, ids, offsets = query.vectors[:rows], query.ids[:rows], query.offsets[:rows]
    window = best_window(Tokens(vectors, ids, offsets), passage, lexicon, most=columns)
    cosines = vectors @ passage.vectors[window].T
    relations = lexicon.relations(ids, passage.ids[window])
    flags = lexicon.features[ids]
    plain = flags[:, [FLAGS.index("stop"), FLAGS.index("mark"), FLAGS.index("question")]].any(axis=1)
    same = (relations == 1).any(axis=1)
    against = ((relations == _OPPOSITE) | (relations == _NUMBER)).any(axis=1) & ~same
    weak = (cosines.max(axis=1) < WEAK) & ~plain & ~same
    return Drawing(
        [query_text[a:b] for a, b in offsets],
        [passage_text[a:b] for a, b in passage.offsets[window]],
        cosines,
        relations,
        against | weak,
    )


def draw_terminal(
    query: Tokens, query_text: str, passage: Tokens, passage_text: str, *, width: int = 100
) -> RenderableType:
    """A rich renderable at most ``width`` cells wide: a shaded block a cell, tokens as labels."""
    from rich.text import Text

    label = min(14, max([len(t) for t in (query_text.split() or [""])] + [5]))
    drawn = drawing(query, query_text, passage, passage_text, columns=max(8, (width - label - 12) // 2))
    if not drawn.rows:
        return Text("(nothing to draw: a text without tokens)", style="dim")
    text = Text(no_wrap=True)
    for line in _heading(drawn.columns):
        text.append(" " * (label + 1) + line + "\n", style="dim")
    for i, word in enumerate(drawn.rows):
        text.append(f"{word[:label]:>{label}} ", style="bold red" if drawn.marked[i] else "")
        best = int(drawn.cosines[i].argmax())
        for j, cosine in enumerate(drawn.cosines[i]):
            shade = _SHADES[int(np.clip((cosine - 0.25) / 0.6 * 5, 0, 4))]
            against = drawn.relations[i, j] in (_OPPOSITE, _NUMBER)
            style = (
                "bold red"
                if against
                else "green"
                if j == best and not drawn.marked[i]
                else "yellow"
                if j == best
                else ""
            )
            text.append(("╳ " if against else shade * 2), style=style)
        text.append(f" {drawn.cosines[i].max():.2f}\n", style="red" if drawn.marked[i] else "dim")
    return text


def explain_hits(
    query: str, hits: Sequence[Hit], png: Path | str | None = None
) -> tuple[list[RenderableType], dict[str, Any]]:
    """Draw the map of ``query`` with each hit: renderables for the terminal, and what is in them as
    plain fields. The first picture is written to ``png``, the others beside it (``name-2.png``); without
    ``png`` each goes to ``germane-explain.png`` or, where that is there, the next free number."""
    from rich.text import Text

    from germane.verify.occlusion import decisive_rows
    from germane.verify.verifier import Verifier

    verifier = Verifier.load()
    asked = verifier.encoder.encode([query], kind="query").tokens[0]
    passages = verifier.encoder.encode([hit.passage.text for hit in hits]).tokens
    shown: list[RenderableType] = []
    maps = []
    for number, (hit, tokens) in enumerate(zip(hits, passages, strict=True), 1):
        text, verdict = hit.passage.text, "" if hit.verdict is None else hit.verdict.value
        against = decisive_rows(verifier, asked, tokens)
        named = _against(asked, query, against)
        path = _numbered(Path(png), number) if png else _free(Path(DEFAULT))
        title = f"{hit.passage.id}: {verdict} {hit.probability or 0.0:.2f}"
        title += f", {hit.reason}" if hit.reason else ""
        draw_png(asked, query, tokens, text, path, title=title)
        speaking = f"; against it: {', '.join(named)}" if named else ""
        shown += [
            Text(f"\n{title}{speaking}"),
            draw_terminal(asked, query, tokens, text),
            Text(f"({path})", style="dim"),
        ]
        maps.append({"id": hit.passage.id, "verdict": verdict, "against": named, "png": str(path)})
    return shown, {"maps": maps}


def _against(query: Tokens, text: str, against: NDArray[np.float64]) -> list[str]:
    """The words of the query that speak most against the passage, three at most, no stop words."""
    lexicon = shipped()
    words = whole_words(query, text, lexicon)
    flags = lexicon.features[query.ids[words.first]][:, [FLAGS.index("stop"), FLAGS.index("mark")]]
    sums = np.array([against[a:b].sum() for a, b in zip(words.first, words.last, strict=True)])
    sums[flags.any(axis=1)] = 0.0
    return [words.texts[i] for i in np.argsort(sums)[::-1][:3] if sums[i] > SPEAKS]


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_stem(f"{path.stem}-{number}")


def _free(path: Path) -> Path:
    return next(name for i in count(1) if not (name := _numbered(path, i)).exists())


def _heading(columns: list[str]) -> list[str]:
    """Column labels from top to bottom, one letter a line, two cells a column."""
    longest = min(max(len(c) for c in columns), 12)
    cut = [c[:longest].rjust(longest) for c in columns]
    return ["".join(f"{word[i]} " for word in cut) for i in range(longest)]


def draw_png(
    query: Tokens, query_text: str, passage: Tokens, passage_text: str, path: Path | str, *, title: str = ""
) -> Path:
    """Write the map as a picture; returns its path."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = drawing(query, query_text, passage, passage_text, columns=40)
    size = (2.2 + 0.30 * max(len(drawn.columns), 1), 1.9 + 0.30 * max(len(drawn.rows), 1))
    figure = Figure(figsize=size, dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    image = draw_axes(axes, drawn)
    figure.colorbar(image, ax=axes, shrink=0.8, pad=0.02, label="cosine of tokens")
    if title:
        figure.suptitle(_shown(title), fontsize=11, x=0.01, ha="left")
    figure.savefig(path, bbox_inches="tight", pad_inches=0.15)
    return Path(path)


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
    for name in ("top", "right", "bottom", "left"):
        axes.spines[name].set_visible(False)
    for i in range(len(drawn.rows)):
        best = int(drawn.cosines[i].argmax())
        clash = (drawn.relations[i] == _OPPOSITE) | (drawn.relations[i] == _NUMBER)
        against = [int(j) for j in np.flatnonzero(clash)] if drawn.marked[i] else []
        if drawn.marked[i]:
            axes.get_yticklabels()[i].set(color=RED, fontweight="bold")
            _frame(axes, -0.5, i, columns, RED)
        for j in against:
            axes.text(j, i, "×", ha="center", va="center", color=RED, fontsize=13, fontweight="bold")
        if not against:
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
