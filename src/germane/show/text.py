"""Words from documents on their way to the terminal."""

from __future__ import annotations

STYLES = {"relevant": "bold green", "unsure": "yellow", "near_miss": "bold red", "off_topic": "dim"}
"""How each verdict looks."""


def shorten(text: str, width: int) -> str:
    line = clean(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def clean(text: str) -> str:
    """``text`` without control characters (escape codes among them), tabs and line ends as blanks."""
    return "".join(" " if c in "\t\n" else c for c in text if c.isprintable() or c in "\t\n")
