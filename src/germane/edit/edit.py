"""What an edit is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Edit:
    """``text`` after one edit of type ``kind``: ``before`` was replaced by ``after`` (either may be empty
    where words were put in or taken out). ``keeps``: the meaning stayed."""

    kind: str
    keeps: bool
    text: str
    before: str
    after: str


def replaced(text: str, start: int, end: int, after: str, kind: str, *, keeps: bool) -> Edit:
    """The edit that puts ``after`` in the place of ``text[start:end]``, its first letter's case kept."""
    before = text[start:end]
    if before[:1].isupper() and after[:1].islower():
        after = after[:1].upper() + after[1:]
    return Edit(kind, keeps, tidy(text[:start] + after + text[end:]), before.strip(), after.strip())


def tidy(text: str) -> str:
    """Runs of blanks made one, none before a full stop or comma, the first letter as large as before."""
    return re.sub(r" +([.,;?!])(?=[\s)\"']|$)", r"\1", re.sub(r" {2,}", " ", text)).strip()


def pick(found: list[Edit], rng: Random) -> Edit | None:
    """One of ``found`` at random; None where there is none."""
    return rng.choice(found) if found else None
