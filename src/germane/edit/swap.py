"""Two phrases that change places, with capitals and the verb's number looked after."""

from __future__ import annotations

from typing import Any

from germane.edit.edit import Edit
from germane.edit.rewrite import Change, capital, moved, rewrite
from germane.edit.syntax import characters, finite, plural

Range = tuple[int, int]


def exchanged(doc: Any, one: Range, other: Range, kind: str, more: tuple[Change, ...] = ()) -> Edit | None:
    """The edit that swaps two ranges of tokens; None where they meet or say the same."""
    first, second = sorted((one, other))
    if first[1] >= second[0]:
        return None
    left, right = moved(doc, *first), moved(doc, *second)
    if left.lower() == right.lower():
        return None
    if first[0] == 0 and doc[0].text[:1].isupper():
        right = capital(right)
    changes = [(*characters(doc, *first), right), (*characters(doc, *second), left), *more]
    return rewrite(doc, changes, kind, keeps=False)


def agree(verb: Any, now: Any, then: Any) -> bool:
    """Would the verb keep its form with ``then`` as its subject in the place of ``now``?"""
    bearer = finite(verb)
    if bearer is None:
        return True
    if bearer.tag_ == "MD" or (bearer.tag_ == "VBD" and bearer.lemma_ != "be"):
        return True
    numbers = plural(now), plural(then)
    return numbers[0] is not None and numbers[0] == numbers[1]
