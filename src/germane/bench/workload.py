"""Text for the speed measurements: made from the text every Python carries, so they need no data."""

from __future__ import annotations

import random
from collections.abc import Sequence

from germane.demo.corpus import demo_documents
from germane.types import Document

CHARACTERS = 500  # a passage of ordinary prose: about 110 word pieces


def passages(count: int, seed: int = 0) -> list[Document]:
    """``count`` different documents of about ``CHARACTERS`` characters: random docstrings put together."""
    generator = random.Random(seed)
    pool = [text for document in demo_documents() if 40 < len(text := document.text) < 2 * CHARACTERS]
    return [Document(id=f"passage-{number:06d}", text=_draw(generator, pool)) for number in range(count)]


def queries(count: int, seed: int = 1) -> list[str]:
    """``count`` queries of 6 to 12 words, taken from the same text."""
    generator = random.Random(seed)
    words = " ".join(document.text for document in demo_documents()).split()
    starts = [generator.randrange(len(words) - 12) for _ in range(count)]
    return [" ".join(words[start : start + generator.randint(6, 12)]) for start in starts]


def _draw(generator: random.Random, pool: Sequence[str]) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < CHARACTERS:
        parts.append(generator.choice(pool))
    return "\n\n".join(parts)[:CHARACTERS]
