"""May, must, can, need not: what is allowed, required, possible."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, rewrite, swap_word
from germane.edit.syntax import NEGATIVE, inverted, near, question, subject

_PLAIN = {
    "must": ("may", "need not", "must not"),
    "may": ("must", "may not"),
    "might": ("must",),
    "can": ("cannot", "must"),
    "should": ("should not", "need not"),
    "could": ("could not",),
    "will": ("may", "will not"),
    "shall": ("may", "shall not"),
}
_DENIED = {
    "must": ("need not", "may"),
    "may": ("must",),
    "should": ("need not", "should"),
    "shall": ("may",),
    "can": ("need not",),
}
_STATES = {
    "required": ("forbidden", "allowed"),
    "allowed": ("forbidden", "required"),
    "permitted": ("forbidden", "required"),
    "forbidden": ("allowed", "required"),
    "obliged": ("permitted",),
    "prohibited": ("required",),
}
_POLAR = word_set("any ever yet anything anyone anymore either but")


def modality(doc: Any, rng: Random) -> Edit | None:
    """ "must" to "may", "can" to "cannot", "is required to" to "is allowed to"."""
    found = [c for token in doc for c in _turned(doc, token)]
    return pick([e for c in found if (e := rewrite(doc, [c], "modality", keeps=False))], rng)


def _turned(doc: Any, token: Any) -> list[Change]:
    word, after = token.lower_, near(token, 1)
    if (
        word in _STATES
        and token.tag_ == "VBN"
        and after == "to"
        and any(t.dep_ == "auxpass" for t in token.children)
    ):
        return (
            []
            if any(t.dep_ == "neg" for t in token.children)
            else [swap_word(token, w) for w in _STATES[word]]
        )
    if (
        word in ("has", "have", "had")
        and after == "to"
        and token.pos_ == "VERB"
        and doc[token.i + 2 : token.i + 3].text
        and doc[token.i + 2].tag_ == "VB"
    ):
        helped = any(t.dep_ in ("aux", "neg") for t in token.children)
        does = {"has": "does", "have": "do", "had": "did"}[word]
        return [] if helped or inverted(token) else [swap_word(token, f"{does} not have")]
    if token.tag_ != "MD" or token.dep_ != "aux" or word not in _PLAIN or token.i + 1 >= len(doc):
        return []
    return _modal(doc, token)


def _modal(doc: Any, token: Any) -> list[Change]:
    word, after, verb = token.lower_, near(token, 1), token.head
    of = subject(verb)
    if (
        inverted(verb)
        or near(token, 1) in ("i", "you", "we", "he", "she", "they", "it")
        or (question(doc) and (of is None or of.i > token.i))
        or any(t.dep_ == "cc" and t.i > token.i and t.lower_ == "or" for t in token.children)
    ):
        return []
    if after in ("not", "n't", "n’t"):
        if (
            word not in _DENIED
            or (near(token, 2) in ("only", "be") and near(token, 3) == "only")
            or any(t.lower_ in _POLAR for t in doc)
        ):
            return []
        end = doc[token.i + 1]
        return [(token.idx, end.idx + len(end.text), w) for w in _DENIED[word]]
    if doc[token.i + 1].pos_ not in ("VERB", "AUX", "ADV"):
        return []
    return [swap_word(token, w) for w in _fitting(doc, token)]


def _fitting(doc: Any, token: Any) -> tuple[str, ...]:
    """The modals that may stand there: no second "not", no "need not have been"."""
    others, verb = _PLAIN[token.lower_], token.head
    if (
        near(token, 1) in ("only", "also", "never")
        or any(t.dep_ == "neg" for t in verb.children)
        or near(token, -1) in ("never", "no")
    ):
        others = tuple(w for w in others if " " not in w and w != "cannot")
    if verb.lower_ == "have" or (
        near(token, 1) in ("have", "be") and "have" in (near(token, 1), near(token, 2))
    ):
        others = tuple(w for w in others if w == "must" or w.endswith("not"))
    if any(t.lower_ in NEGATIVE for t in doc):
        others = tuple(w for w in others if " " not in w and w != "cannot")
    if any(t.lower_ in ("nor", "neither", "but", "rather") for t in doc):
        others = tuple(w for w in others if " " not in w)
    return others
