"""What the guard of a semantic cache says."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from germane.show.text import STYLES, clean, shorten
from germane.verify.guard import Guarded

LONGEST = 240
"""Characters of a text that is shown with its differences."""


def guarded(found: Guarded, new: str, cached: str) -> Text:
    """The decision, the probability, and what speaks against it; beneath, both texts, the words marked."""
    said, style = ("same", STYLES["relevant"]) if found.same else ("not the same", STYLES["near_miss"])
    text = Text().append(f"{said:<12} {found.probability:.2f}", style)
    if found.reason:
        text.append(f"  {clean(found.reason)}", "italic")
    if any(found.differs):
        for each, spans in zip((new, cached), found.differs, strict=True):
            text.append("\n  ").append_text(marked(each, spans))
    return text


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Text:
    """``text`` on one line, the words at ``spans`` marked; cut off where it is long."""
    if len(text) > LONGEST:
        return Text(shorten(text, LONGEST))
    shown, at = Text(), 0
    for start, end in sorted(spans):
        if start >= at:
            shown.append(clean(text[at:start])).append(clean(text[start:end]), "bold red underline")
            at = end
    return shown.append(clean(text[at:]))
