"""How many, how often, at least how many: quantifiers, frequencies, bounds, only and also."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, rewrite, same_case, swap_word
from germane.edit.syntax import NEGATIVE, imperative, named, near, question, root, subject

_OFTEN = {
    "always": ("sometimes", "never", "rarely"),
    "never": ("always", "often"),
    "often": ("rarely", "always", "never"),
    "usually": ("rarely", "never"),
    "sometimes": ("always", "never"),
    "frequently": ("rarely", "never"),
    "rarely": ("often", "always"),
    "seldom": ("often",),
    "generally": ("rarely",),
    "typically": ("rarely", "never"),
    "occasionally": ("constantly",),
    "commonly": ("rarely",),
    "normally": ("rarely",),
    "constantly": ("occasionally",),
}
_BOUNDS = {
    "at least": ("at most",),
    "at most": ("at least",),
    "more than": ("fewer than",),
    "less than": ("more than",),
    "fewer than": ("more than",),
    "up to": ("at least", "more than"),
    "over": ("under",),
    "under": ("over",),
    "no more than": ("no less than",),
    "no less than": ("no more than",),
    "exactly": ("at least", "at most"),
    "nearly": ("over",),
    "almost": ("over",),
}
_POLAR = word_set("any ever yet anything anyone either until")


def quantifier(doc: Any, rng: Random) -> Edit | None:
    """ "all users" to "some users", "most of the" to "few of the", "every man" to "no man"."""
    found = [c for t in doc for c in _quantified(doc, t)]
    return pick([e for c in found if (e := rewrite(doc, [c], "quantifier", keeps=False))], rng)


def _quantified(doc: Any, token: Any) -> list[Change]:
    word, before = token.lower_, near(token, -1)
    if (
        token.i + 1 >= len(doc)
        or named(token)
        or before in word_set("how so too as very the a not at after above for of no")
    ):
        return []
    follows = doc[token.i + 1]
    many = follows.tag_ == "NNS" or bool(
        follows.pos_ == "ADJ" and near(follows, 1) and doc[follows.i + 1].tag_ == "NNS"
    )
    if any(t.lower_ in NEGATIVE for t in doc):
        return []
    if word == "all" and token.dep_ in ("det", "predet"):
        return _all(token, follows, many=many)
    if word == "every" and token.head.tag_ == "NN" and token.head.dep_ != "npadvmod":
        timed = token.head.lower_ in word_set(
            "day year week month morning night hour time other minute evening weekday"
        )
        return [] if timed else [swap_word(token, "no")]
    return _several(doc, token, many=many)


def _all(token: Any, follows: Any, *, many: bool) -> list[Change]:
    if near(token, 1) in ("the", "of", "these", "those", "its", "their", "his"):
        if near(token, 2) in ("time", "way", "rest") or near(token, 3) == "time":
            return []
        end = follows if near(token, 1) == "of" else token
        return [
            (token.idx, end.idx + len(end.text), same_case(token.text, q) + " of")
            for q in ("some", "none", "few")
        ]
    return (
        [swap_word(token, q) for q in ("some", "no", "few")] if many and follows.ent_type_ != "DATE" else []
    )


def _several(doc: Any, token: Any, *, many: bool) -> list[Change]:
    word, after = token.lower_, near(token, 1)
    if word == "some" and token.dep_ == "det" and many:
        telling = (
            not question(doc)
            and imperative(doc) is None
            and root(doc) is not None
            and subject(root(doc)) is not None
        )
        return (
            [swap_word(token, q) for q in (("all", "no") if telling else ("all",))]
            if root(doc) is not None
            else []
        )
    if (
        word in ("most", "many", "several")
        and (many or after == "of")
        and token.dep_ in ("amod", "det", "nsubj", "nsubjpass", "pobj", "dobj")
    ):
        if (
            any(t.dep_ == "cc" for t in token.children)
            or (many and token.head.tag_ != "NNS")
            or after in ("commonly",)
        ):
            return []
        return [swap_word(token, q) for q in (("few", "all") if after != "of" else ("few", "none", "all"))]
    if word == "few" and many and token.dep_ == "amod":
        return [swap_word(token, q) for q in ("many", "most")]
    return []


def frequency(doc: Any, rng: Random) -> Edit | None:
    """ "always" to "sometimes", "usually" to "rarely"."""
    found = []
    low = {t.lower_ for t in doc}
    for token in doc:
        if (
            token.lower_ not in _OFTEN
            or token.pos_ != "ADV"
            or near(token, -1) in word_set("most more less how very not n't so as too quite")
        ):
            continue
        if token.lower_ in ("never", "rarely", "seldom") and low & (_POLAR | {"but", "again"}):
            continue
        if (token.i == 0 and token.lower_ != "sometimes") or near(token, 1) in ("speaking", ","):
            continue
        if token.head.pos_ not in ("VERB", "AUX") or (low & NEGATIVE) - {"never", "rarely", "seldom"}:
            continue
        others = [w for w in _OFTEN[token.lower_] if token.i or w in ("always", "rarely")]
        found += [swap_word(token, w) for w in others if token.i]
    return pick([e for c in found if (e := rewrite(doc, [c], "frequency", keeps=False))], rng)


def bound(doc: Any, rng: Random) -> Edit | None:
    """ "at least 5" to "at most 5", "over 1,000" to "under 1,000"; only before a number."""
    found: list[Change] = []
    for words, others in _BOUNDS.items():
        for match in re.finditer(rf"(?<![\w-]){words}(?= )", doc.text, re.IGNORECASE):
            after = next((t for t in doc if t.idx > match.end()), None)
            before = doc.text[: match.start()].lower()
            if after is None or not (
                after.tag_ == "CD"
                or (after.text[:1] in "$€£" and any(c.isdigit() for c in after.text + near(after, 1)[:1]))
            ):
                continue
            age = re.match(r"\D*\d{4}s?\b(?!,)", doc.text[match.end() :]) and words in ("over", "under")
            if age or before.endswith((" no ", " not ", "n't ", "from ", "just ", "add ", "start ")):
                continue
            if after.lower_ == "one" and words in ("at least", "more than"):
                others = ("exactly",)
            found += [(*match.span(), same_case(match[0], other)) for other in others]
    return pick([e for c in found if (e := rewrite(doc, [c], "bound", keeps=False))], rng)


def focus(doc: Any, rng: Random) -> Edit | None:
    """ "it only supports" to "it also supports", and back."""
    found = []
    if question(doc) or any(t.lower_ in NEGATIVE for t in doc):
        return None
    for token in doc:
        if token.lower_ not in ("only", "also") or token.dep_ != "advmod" or token.i == 0:
            continue
        before, after = near(token, -1), doc[token.i + 1] if token.i + 1 < len(doc) else token
        verbal = token.head.pos_ in ("VERB", "AUX") and after.pos_ in ("VERB", "AUX", "DET", "ADP")
        if (
            verbal
            and token.head.lemma_ != "see"
            and before not in ("the", "not", "and", "but", "if", "can", "an", "a", "or", ",")
            and after.lower_ != "if"
        ):
            found.append(swap_word(token, "also" if token.lower_ == "only" else "only"))
    return pick([e for c in found if (e := rewrite(doc, [c], "focus", keeps=False))], rng)
