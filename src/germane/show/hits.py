"""What was found: the hits with their signals and reasons, and the look-alikes that were rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from germane.show.text import STYLES, clean, shorten
from germane.types import Evidence, Hit

REJECTED_SHOWN = 5
SNIPPET = 240


def evidence(found: Evidence) -> RenderableType:
    """The results with their signals and reasons, then the first of the rejected."""
    parts: list[RenderableType] = []
    if not found.answered:
        said = "Nothing is surely relevant; these are possible:" if found.results else "Nothing relevant."
        parts.append(Text(said, "bold"))
    for name in (name for step in found.trace.steps for name in step.notes.get("unknown_fields", ())):
        parts.append(Text(f"No passage has the field {clean(name)!r}.", "yellow"))
    shown: dict[str, str] = {}
    parts += _each(found.results, SNIPPET, shown)
    beyond = sum(step.notes.get("beyond_k", 0) for step in found.trace.steps)
    if beyond:
        parts.append(Text(f"and {beyond} more (-k)", "dim"))
    if found.rejected:
        some = likeliest(found.rejected)
        most = f", the {len(some)} most similar" if len(some) < len(found.rejected) else ""
        parts.append(Text(f"\nRejected ({len(found.rejected)}{most}):", "bold"))
        parts += _each(some, 110, shown)
    parts.append(Text(str(found.trace), "dim"))
    return Group(*parts)


def likeliest(rejected: Iterable[Hit], count: int = REJECTED_SHOWN) -> list[Hit]:
    """The rejected hits that similarity would have shown first: the look-alikes."""
    return sorted(rejected, key=lambda h: -(h.signals.similarity or 0.0))[:count]


def _each(hits: Iterable[Hit], snippet: int, shown: dict[str, str]) -> Iterator[Text]:
    """Each hit; one that says the very words of a hit that was ``shown`` (words to id) as one line. A group
    is too wide for that: its passages may differ in the one number that matters."""
    for each in hits:
        first = shown.setdefault(" ".join(each.passage.text.split()), each.passage.id)
        if first == each.passage.id:
            yield hit(each, snippet)
        else:
            yield _titled(each).append(f"  same words as {clean(first)}", "dim")


def _titled(found: Hit) -> Text:
    text = Text()
    if found.verdict is not None:
        text.append(f"{found.verdict.value:<9} {found.probability:.2f}  ", STYLES[found.verdict.value])
    return text.append(clean(found.passage.id), "bold")


def hit(found: Hit, snippet: int = SNIPPET) -> Text:
    text = _titled(found)
    if found.passage.place.headings:
        text.append(f"  {clean(' > '.join(found.passage.place.headings))}", "cyan")
    text.append(f"\n  {shorten(found.passage.text, snippet)}\n")
    if found.reason:
        text.append(f"  {clean(found.reason)}", "italic")
        text.append("  ")
    known = {name: value for name, value in found.signals.to_dict().items() if value is not None}
    text.append("  " + "  ".join(f"{name} {value:.2f}" for name, value in known.items()), "dim")
    return text
