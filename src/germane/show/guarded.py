"""What the guard of a semantic cache says."""

from __future__ import annotations

from rich.text import Text

from germane.show.text import STYLES, clean
from germane.verify.guard import Guarded


def guarded(found: Guarded) -> Text:
    """One line: the decision, the probability, and what speaks against it."""
    said, style = ("same", STYLES["relevant"]) if found.same else ("not the same", STYLES["near_miss"])
    text = Text().append(f"{said:<12} {found.probability:.2f}", style)
    return text.append(f"  {clean(found.reason)}", "italic") if found.reason else text
