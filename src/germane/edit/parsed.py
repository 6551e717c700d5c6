"""Edits that need a parse: negation, swapped roles, another entity, clause order, statement to question.

``doc`` is a spaCy ``Doc`` of one sentence, or anything with its attributes (for training; nothing here
imports spaCy).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick, replaced, tidy
from germane.edit.opposites import word_set

_NEGATIVE = {"n't", "not", "never", "no"}
_BE_AND_MODALS = word_set("am is are was were be can could may might must shall should will would")


def negation(doc: Any, rng: Random) -> Edit | None:
    """A negation put in at the main verb, or the one there taken out."""
    cues = [t for t in doc if t.dep_ == "neg" and t.lower_ in _NEGATIVE - {"no"}]
    if cues:
        return _affirmed(doc, rng.choice(cues))
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    if root is None or root.pos_ not in ("VERB", "AUX"):
        return None
    helper = next((t for t in root.children if t.dep_ in ("aux", "auxpass") and t.tag_ != "TO"), None)
    if helper is None and root.lower_ in _BE_AND_MODALS:
        helper = root
    if helper is not None:
        word = "cannot" if helper.lower_ == "can" else f"{helper.text} not"
        return replaced(doc.text, helper.idx, helper.idx + len(helper.text), word, "negation", keeps=False)
    form = {"VBZ": "does not", "VBP": "do not", "VBD": "did not", "VB": "do not"}.get(root.tag_)
    if form is None:
        return None
    after = f"{form} {root.lemma_}"
    return replaced(doc.text, root.idx, root.idx + len(root.text), after, "negation", keeps=False)


def _affirmed(doc: Any, cue: Any) -> Edit | None:
    text, helper = doc.text, doc[cue.i - 1] if cue.i else None
    end = cue.idx + len(cue.text)
    if helper is not None and helper.lemma_ == "do" and helper.dep_ == "aux" and helper.head == cue.head:
        verb = cue.head
        if verb.i == cue.i + 1:
            plain = verb.text + ("s" if helper.lower_ == "does" else "")
            return replaced(text, helper.idx, verb.idx + len(verb.text), plain, "negation", keeps=False)
    if helper is not None and cue.lower_ == "n't":
        whole = {"ca": "can", "wo": "will", "sha": "shall"}.get(helper.lower_, helper.text)
        return replaced(text, helper.idx, end, whole, "negation", keeps=False)
    return replaced(text, cue.idx, end, "", "negation", keeps=False)


def roles(doc: Any, rng: Random) -> Edit | None:
    """Two noun phrases that stand in different roles to one verb, swapped."""
    found = []
    for verb in (t for t in doc if t.pos_ == "VERB"):
        subjects = [t for t in verb.children if t.dep_ in ("nsubj", "nsubjpass")]
        others = [t for t in verb.children if t.dep_ in ("dobj", "attr")]
        others += [
            o for p in verb.children if p.dep_ in ("agent", "prep") for o in p.children if o.dep_ == "pobj"
        ]
        for a in subjects:
            for b in others:
                if a.pos_ != "PRON" and b.pos_ != "PRON" and a.lower_ != b.lower_:
                    found.append(_swapped(doc, _span(a), _span(b)))
    return pick([edit for edit in found if edit], rng)


def _span(head: Any) -> tuple[int, int]:
    """The compact noun phrase: the head with what stands before it."""
    left = [t for t in head.lefts if t.dep_ in ("det", "amod", "compound", "nummod", "poss", "nmod")]
    first = min(left, key=lambda t: t.i, default=head)
    first = min((d for d in first.subtree), key=lambda t: t.i, default=first) if first.i < head.i else first
    return first.idx, head.idx + len(head.text)


def _swapped(doc: Any, one: tuple[int, int], other: tuple[int, int]) -> Edit | None:
    (a, b), (c, d) = sorted((one, other))
    if b >= c:
        return None
    text, left, right = doc.text, doc.text[a:b], doc.text[c:d]
    # Whoever comes to the front gets its capital, whoever leaves it loses one that was not its own.
    if a == 0 and doc[0].pos_ not in ("PROPN",):
        left, right = left[:1].lower() + left[1:], right[:1].upper() + right[1:]
    swapped = f"{text[:a]}{right}{text[b:c]}{left}{text[d:]}"
    return Edit("roles", False, tidy(swapped), f"{text[a:b]} … {text[c:d]}", f"{right} … {left}")


def entity(doc: Any, pool: Mapping[str, Sequence[str]], rng: Random) -> Edit | None:
    """A name made another of the same type, out of ``pool`` (type to names)."""
    found = []
    for span in doc.ents:
        names = [n for n in pool.get(span.label_, ()) if n.lower() not in doc.text.lower()]
        if names and span.label_ in (
            "PERSON",
            "GPE",
            "ORG",
            "NORP",
            "LOC",
            "FAC",
            "LANGUAGE",
            "EVENT",
            "DATE",
        ):
            found.append(
                replaced(doc.text, span.start_char, span.end_char, rng.choice(names), "entity", keeps=False)
            )
    return pick(found, rng)


def clause_order(doc: Any, rng: Random) -> Edit | None:
    """A clause or phrase of time, place or condition moved between the end and the front."""
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    if root is None or doc.text.rstrip()[-1:] == "?":
        return None
    found = []
    stop = len(doc.text.rstrip(" ."))
    for child in root.children:
        tokens = list(child.subtree)
        start, end = tokens[0].idx, tokens[-1].idx + len(tokens[-1].text)
        if child.dep_ not in ("prep", "advcl", "npadvmod") or len(tokens) < 3:
            continue
        phrase = doc.text[start:end].strip(" ,")
        if start > root.idx and abs(end - stop) <= 1:
            rest = doc.text[:start].strip(" ,")
            if doc[0].pos_ != "PROPN" and doc[0].text != "I":
                rest = rest[:1].lower() + rest[1:]
            found.append(f"{phrase[:1].upper()}{phrase[1:]}, {rest}.")
        elif tokens[0].i == 0 and end < root.idx:
            rest = doc.text[end:stop].strip(" ,")
            front = phrase if tokens[0].pos_ == "PROPN" else phrase[:1].lower() + phrase[1:]
            found.append(f"{rest[:1].upper()}{rest[1:]} {front}.")
    return pick([Edit("clause_order", True, text, doc.text, text) for text in found if len(text) > 12], rng)


def question(doc: Any, rng: Random) -> Edit | None:
    """A statement as the question that it answers: about its subject (who, what), or yes-or-no."""
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    if root is None or doc.text.rstrip()[-1:] == "?" or root.pos_ not in ("VERB", "AUX"):
        return None
    subject = next((t for t in root.children if t.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None or subject.pos_ == "PRON":
        return None
    inside = list(subject.subtree)
    end = inside[-1].idx + len(inside[-1].text)
    rest = doc.text[end:].strip(" .,")
    if inside[0].i != 0 or len(rest.split()) < 3:
        return None
    helper = next((t for t in root.children if t.dep_ in ("aux", "auxpass") and t.i > inside[-1].i), None)
    helper = root if helper is None and root.lower_ in _BE_AND_MODALS else helper
    person = any(t.ent_type_ == "PERSON" for t in inside)
    asked = f"{'Who' if person else 'What'} {rest}?"
    if helper is not None and rng.random() < 0.4 and doc.text[end : helper.idx].strip() == "":
        name = doc.text[:end] if inside[0].pos_ == "PROPN" else doc.text[:1].lower() + doc.text[1:end]
        tail = doc.text[helper.idx + len(helper.text) :].strip(" .")
        asked = f"{helper.text.capitalize()} {name} {tail}?"
    return Edit("question", True, tidy(asked), doc.text, asked)
