"""Similarity maps explained: in the terminal, as a picture, and by the words that speak against a hit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from germane.types import Hit
from germane.verify.drawing import Drawing, drawing

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from germane.verify.verifier import Verifier

WIDTH = 100
"""Characters that a map takes at most in the terminal."""
LABEL = 14
_SHADES = " ░▒▓█"


def explain_hits(
    query: str,
    hits: Sequence[Hit],
    png: Path | str | None = None,
    *,
    verifier: Verifier | None = None,
    width: int = WIDTH,
) -> tuple[list[RenderableType], dict[str, Any]]:
    """Draw the map of ``query`` with each hit: renderables for the terminal, at most ``width`` wide, and
    what is in them as plain fields. All maps go into one picture, ``png`` or else a new file; where there
    is no hit none is written, and its name is None."""
    from rich.text import Text

    from germane.verify.differences import differences
    from germane.verify.picture import draw_png, save
    from germane.verify.verifier import shipped_verifier

    if not hits:
        return [], {"png": None, "maps": []}
    verifier = verifier or shipped_verifier()
    [vector], [asked] = verifier.encoder.encode([query], kind="query")
    pooled, passages = verifier.encoder.encode([hit.passage.text for hit in hits])
    shown: list[RenderableType] = []
    maps, drawn = [], []
    for hit, tokens, similarity in zip(hits, passages, pooled @ vector, strict=True):
        text, title = hit.passage.text, _title(hit)
        against = differences(verifier.relevant_odds, (asked, tokens), (query, text), float(similarity),
                              verifier.thesaurus, directed=True, most=3)  # fmt: skip
        named = list(dict.fromkeys(difference.first for difference in against))
        speaking = f"; against it: {', '.join(named)}" if named else ""
        columns = max(8, (min(width, WIDTH) - LABEL - 6) // 2)
        shown += [
            Text("\n" + _printable(f"{title}{speaking}")),
            draw_terminal(drawing(asked, query, tokens, text, columns=columns)),
        ]
        drawn.append((_printable(title), drawing(asked, query, tokens, text, columns=40)))
        verdict = None if hit.verdict is None else hit.verdict.value
        maps.append({"id": hit.passage.id, "verdict": verdict, "against": named})
    path = save(draw_png(drawn), png)
    shown.append(Text(f"\nThe picture is in {path}", style="dim"))
    return shown, {"png": str(path), "maps": maps}


def draw_terminal(drawn: Drawing) -> Text:
    """A shaded block a cell, two characters wide, tokens as labels; ``╳`` is a contradiction."""
    from rich.text import Text

    if not drawn.rows:
        return Text("(nothing to draw: a text without tokens)", style="dim")
    rows = [_printable(row)[:LABEL] for row in drawn.rows]
    label = max(map(len, rows))
    text = Text(no_wrap=True)
    for line in _heading([_printable(column) for column in drawn.columns]):
        text.append(" " * (label + 1) + line + "\n", style="dim")
    for i, word in enumerate(rows):
        text.append(f"{word:>{label}} ", style="bold red" if drawn.marked[i] else "")
        best = int(drawn.cosines[i].argmax())
        for j in range(len(drawn.columns)):
            text.append(*_cell(drawn, i, j, best))
        text.append(
            f" {drawn.cosines[i].max():.2f}" + ("\n" if i + 1 < len(rows) else ""),
            style="red" if drawn.marked[i] else "dim",
        )
    return text


def _cell(drawn: Drawing, row: int, column: int, best: int) -> tuple[str, str]:
    """The characters of a cell and their style."""
    if drawn.contradicts[row, column]:
        return "╳ ", "bold red"
    shade = _SHADES[int(np.clip((drawn.cosines[row, column] - 0.25) / 0.6 * 5, 0, 4))]
    return shade * 2, ("yellow" if drawn.marked[row] else "green") if column == best else ""


def _heading(columns: list[str]) -> list[str]:
    """Column labels from top to bottom, one letter a line, two cells a column."""
    longest = min(max(len(c) for c in columns), 12)
    cut = [c[:longest].rjust(longest) for c in columns]
    return ["".join(f"{word[i]} " for word in cut) for i in range(longest)]


def _title(hit: Hit) -> str:
    verdict = "" if hit.verdict is None else hit.verdict.value
    return f"{hit.passage.id}: {verdict} {hit.probability or 0.0:.2f}" + (
        f", {hit.reason}" if hit.reason else ""
    )


def _printable(text: str) -> str:
    """Without escape codes: a passage cannot command the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
