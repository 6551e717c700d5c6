"""Forms of English verbs and nouns. ``irregular.txt`` beside this file holds what rules cannot know."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from germane.edit.opposites import word_set

_STRESSED_LAST = word_set(
    "begin forget upset overlap handicap kidnap worship program occur refer prefer permit commit submit "
    "admit omit transfer control compel expel "
    "regret defer confer infer "
    "incur equip rebel unplug debug embed emit transmit deter propel format reset offset concur recur patrol"
)
_BE = {"VB": "be", "VBZ": "is", "VBP": "are", "VBD": "was", "VBN": "been", "VBG": "being"}
_SAME_IN_NUMBER = word_set(
    "sheep fish deer series species aircraft spacecraft means data media police people"
)


@lru_cache(maxsize=1)
def _irregular() -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    verbs: dict[str, tuple[str, str]] = {}
    nouns: dict[str, str] = {}
    for line in Path(__file__).with_name("irregular.txt").read_text(encoding="ascii").splitlines():
        kind, word, *forms = line.split()
        if kind == "v":
            verbs[word] = (forms[0], forms[1])
        else:
            nouns[word] = forms[0]
    return verbs, nouns


def verb_form(lemma: str, tag: str) -> str:
    """The form of a verb for a Penn tag: VB, VBP, VBZ, VBD, VBN or VBG."""
    if lemma == "be":
        return _BE[tag]
    verbs, _ = _irregular()
    if tag in ("VBD", "VBN") and lemma in verbs:
        return verbs[lemma][tag == "VBN"]
    if tag == "VBZ":
        return "has" if lemma == "have" else _with_s(lemma)
    if tag in ("VBD", "VBN"):
        return _stem(lemma, "ed")
    return _stem(lemma, "ing") if tag == "VBG" else lemma


def plural_noun(lemma: str) -> str:
    """The plural of a noun."""
    _, nouns = _irregular()
    if lemma in _SAME_IN_NUMBER:
        return lemma
    for single, many in nouns.items():
        if lemma == single or (lemma.endswith(single) and len(single) > 2 and len(lemma) > len(single) + 1):
            return lemma[: len(lemma) - len(single)] + many
    return _with_s(lemma)


def _with_s(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", word) or word in (
        "go",
        "do",
        "echo",
        "veto",
        "undo",
        "undergo",
        "hero",
        "potato",
    ):
        return word + "es"
    return word + "s"


def _stem(lemma: str, ending: str) -> str:
    if ending == "ing" and lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e"):
        double = lemma.endswith(("ee", "oe", "ye")) and ending == "ing"
        return lemma + ending if double else lemma[:-1] + ending
    if ending == "ed" and re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ied"
    short = re.fullmatch(r"(qu|[^aeiou])*[aeiouy][^aeiouwxy]", lemma)
    if short or lemma in _STRESSED_LAST:
        return lemma + lemma[-1] + ending
    return lemma + ending
