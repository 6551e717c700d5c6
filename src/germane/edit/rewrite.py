"""Writing a changed sentence: articles, capitals and blanks come out right, or nothing comes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from germane.edit.edit import Edit, tidy
from germane.edit.opposites import word_set

Change = tuple[int, int, str]
"""Characters from, to, and what stands there afterwards."""

_ARTICLE = re.compile(r"(?<![\w'’-])([Aa])n?\s+$")
_SILENT_H = ("hour", "honest", "honor", "honour", "heir")
_LIKE_YOU = ("uni", "use", "usa", "usu", "ura", "uti", "eu", "one", "once", "ubi")
_SPELT_WITH_A_VOWEL = frozenset("AEFHILMNORSX")
_SMALL = word_set("DT IN PRP$ WDT WRB WP TO RB CC EX PDT MD VB")
_BRACKETS = ("()", "[]", "“”")


def rewrite(doc: Any, changes: Iterable[Change], kind: str, *, keeps: bool) -> Edit | None:
    """The edit that makes all ``changes`` to ``doc``; None where two of them meet or nothing changes.

    An article before a change agrees with what follows it now; the sentence starts as it started,
    large or small.
    """
    text, written, at = doc.text, "", 0
    ordered = sorted(changes)
    for start, end, after in ordered:
        if start < at:
            return None
        written += text[at:start]
        if found := _ARTICLE.search(written):
            rest = (after + text[end:]).lstrip()
            written = written[: found.start()] + article(rest, large=found[1] == "A") + " "
        written, at = written + after, end
    written = tidy(written + text[at:])
    if text[:1].isupper() and written[:1].islower():
        written = written[:1].upper() + written[1:]
    before = " … ".join(text[a:b].strip() for a, b, _ in ordered)
    after = " … ".join(words.strip() for _, _, words in ordered)
    return checked(doc, Edit(kind, keeps, written, before, after))


def checked(doc: Any, edit: Edit) -> Edit | None:
    """``edit``, or None where it left the text as it was or is plainly broken."""
    text = edit.text
    unbalanced = any(text.count(pair[0]) != text.count(pair[1]) for pair in _BRACKETS)
    doubled = re.search(r"\b([a-z]+) \1\b", text) and not re.search(r"\b([a-z]+) \1\b", doc.text)
    broken = not text or "\n" in text or "  " in text or unbalanced or doubled or text.count('"') % 2
    return None if broken or text == tidy(doc.text) else edit


def article(phrase: str, *, large: bool = False) -> str:
    """``a`` or ``an``, as ``phrase`` sounds."""
    word = re.split(r"[\s-]", phrase.lstrip("\"'“‘("), maxsplit=1)[0]
    low = word.lower()
    if word[:1].isdigit():
        vowel = low.startswith("8") or re.match(r"1[18](?!\d)", low) is not None
    elif len(word) > 1 and word[:2].isupper() and not re.search("[AEIOU]", word[1:3]):
        vowel = word[0] in _SPELT_WITH_A_VOWEL
    else:
        vowel = low.startswith(_SILENT_H) or (low[:1] in set("aeiou") and not low.startswith(_LIKE_YOU))
        vowel = vowel or low.startswith(("unin", "unim", "unid"))
    return ("A" if large else "a") + ("n" if vowel else "")


def same_case(before: str, after: str) -> str:
    """``after`` with the capitals of ``before``."""
    if len(before) > 1 and before.isupper():
        return after.upper()
    return after[:1].upper() + after[1:] if before[:1].isupper() and before[1:].islower() else after


def swap_word(token: Any, after: str) -> Change:
    """The change of one token into ``after``, capitals kept."""
    return token.idx, token.idx + len(token.text), same_case(token.text, after)


def dropped(token: Any) -> Change:
    """The change that takes a token out, with the blank after it."""
    return token.idx, token.idx + len(token.text_with_ws), ""


def moved(doc: Any, first: int, last: int) -> str:
    """The text of tokens ``first`` to ``last`` for another place: without the capital that a sentence
    starts with, unless it is the word's own."""
    text = str(doc[first : last + 1].text)
    token = doc[first]
    return text[:1].lower() + text[1:] if first == 0 and not own_capital(token) else text


def own_capital(token: Any) -> bool:
    """Would the word be large inside a sentence too?"""
    if (
        token.text == "I"
        or (len(token.text) == 1 and token.text.isupper() and token.tag_ != "DT")
        or (len(token.text) > 1 and any(c.isupper() for c in token.text[1:]))
    ):
        return True
    if token.tag_ in _SMALL:
        return False
    named = token.ent_type_ in ("PERSON", "ORG", "GPE", "NORP", "LOC", "LANGUAGE", "FAC", "EVENT", "PRODUCT")
    month = token.ent_type_ == "DATE" and token.pos_ == "PROPN"
    return bool(token.text[:1].isupper() and (named or month or token.pos_ == "PROPN"))


def capital(text: str) -> str:
    """``text`` with a large first letter."""
    return text[:1].upper() + text[1:]
