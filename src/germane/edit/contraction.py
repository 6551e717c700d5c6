"""Contractions made and undone, on whole words of a parse."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, rewrite, same_case
from germane.edit.syntax import inverted, near

_NOT = {
    "is": "isn't",
    "are": "aren't",
    "was": "wasn't",
    "were": "weren't",
    "does": "doesn't",
    "do": "don't",
    "did": "didn't",
    "has": "hasn't",
    "have": "haven't",
    "had": "hadn't",
    "could": "couldn't",
    "would": "wouldn't",
    "should": "shouldn't",
    "must": "mustn't",
    "will": "won't",
    "can": "can't",
}
_WHOLE = {"ca": "can", "wo": "will"}
_SHORT = {"is": "'s", "are": "'re", "am": "'m", "have": "'ve", "has": "'s", "will": "'ll"}
_LONG = {"'re": "are", "'m": "am", "'ve": "have", "'ll": "will"}
_HOSTS = {
    "is": word_set("it he she that there what who where how"),
    "are": word_set("you we they"),
    "am": word_set("i"),
    "have": word_set("i you we they"),
    "has": word_set("it he she there"),
    "will": word_set("i you he she it we they there"),
}


def contraction(doc: Any, rng: Random) -> Edit | None:
    """ "is not" to "isn't", "it is" to "it's", and back."""
    found = [c for token in doc for c in (*_shortened(doc, token), *_lengthened(doc, token))]
    return pick([e for c in found if (e := rewrite(doc, [c], "contraction", keeps=True))], rng)


def _span(first: Any, last: Any, after: str) -> Change:
    return first.idx, last.idx + len(last.text), same_case(first.text, after)


def _shortened(doc: Any, token: Any) -> list[Change]:
    if token.i + 2 >= len(doc):
        return []
    follows, later = doc[token.i + 1], doc[token.i + 2]
    if follows.lower_ == "not" and token.lower_ in _NOT and token.pos_ in ("AUX", "VERB"):
        return (
            []
            if later.lower_ in ("only", "just", "merely", "so") or later.pos_ == "PUNCT"
            else [_span(token, follows, _NOT[token.lower_])]
        )
    if follows.lower_ not in _SHORT or token.lower_ not in _HOSTS[follows.lower_] or not token.whitespace_:
        return []
    auxiliary = follows.dep_ in ("aux", "auxpass")
    ends = later.pos_ == "PUNCT" or later.lower_ in ("not", "n't", "to", "and", "or") or later.text[0] in "'’"
    if (
        ends
        or follows.pos_ not in ("AUX", "VERB")
        or (
            follows.lower_ in ("has", "have", "will")
            and (not auxiliary or doc[0].tag_ in ("WP", "WDT", "WRB"))
        )
    ):
        return []
    if token.lower_ in ("how", "where", "what", "who") and (
        auxiliary or later.i >= len(doc) - 1 or later.lower_ in ("it", "this", "that", "he", "she")
    ):
        return []
    if token.lower_ in ("that", "it", "he", "she", "there") and token.dep_ not in (
        "nsubj",
        "nsubjpass",
        "expl",
        "attr",
    ):
        return []
    if token.lower_ == "that" and token.tag_ in ("WDT", "IN"):
        return []
    rest = [t for t in doc[later.i :] if t.pos_ not in ("PUNCT", "ADV")]
    host = "I" if token.text == "I" else token.text
    return [(token.idx, follows.idx + len(follows.text), host + _SHORT[follows.lower_])] if rest else []


def _lengthened(doc: Any, token: Any) -> list[Change]:
    low = token.lower_.replace("’", "'")
    before = doc[token.i - 1] if token.i else None
    if before is None or before.whitespace_:
        return []
    if (
        low == "n't"
        and before.lower_ not in ("ai", "sha")
        and not (inverted(token.head) and before.head == token.head)
    ):
        whole = _WHOLE.get(before.lower_, before.text)
        return [_span(before, token, "cannot" if whole == "can" else f"{whole} not")]
    if low in _LONG:
        return [(token.idx, token.idx + len(token.text), " " + _LONG[low])]
    if (
        low == "'s"
        and token.lemma_ == "be"
        and before.lower_ in _HOSTS["is"]
        and token.pos_ in ("AUX", "VERB")
    ):
        perfect = near(token, 1) in ("been", "got", "had") or (
            token.i + 1 < len(doc) and doc[token.i + 1].tag_ in ("VBN", "VBD")
        )
        return [] if perfect else [(token.idx, token.idx + len(token.text), " is")]
    return []
