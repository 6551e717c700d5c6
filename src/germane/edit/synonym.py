"""Synonyms in context: a word by another of its usual sense, in the same form."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.inflect import plural_noun, verb_form
from germane.edit.lists import PART, table
from germane.edit.opposites import word_set
from germane.edit.rewrite import Change, rewrite, same_case, swap_word
from germane.edit.syntax import hyphened, named, near

LIST = "synonyms.txt"


def synonym(doc: Any, rng: Random) -> Edit | None:
    """ "purchased" to "bought", "roughly" to "approximately", "in order to" to "to"."""
    changes = [*_words(doc), *_phrases(doc)]
    if not changes:
        return None
    chosen = rng.sample(changes, 2) if len(changes) > 1 and rng.random() < 0.4 else [rng.choice(changes)]
    made = rewrite(doc, chosen, "synonym", keeps=True)
    return made or pick([e for c in changes if (e := rewrite(doc, [c], "synonym", keeps=True))], rng)


def _words(doc: Any) -> list[Change]:
    found = []
    for token in doc:
        part = PART.get(token.pos_, "")
        if not part or hyphened(token) or named(token) or not _usual(token):
            continue
        lemma = token.lower_ if part in "ar" else token.lemma_
        others = table(LIST, both_ways=False).get((part, lemma), ())
        if token.tag_ in ("JJR", "JJS", "RBR", "RBS") or any(o in doc.text.lower() for o in others):
            continue
        for other in others:
            head, _, rest = other.partition(" ")
            if part == "v" and verb_form(token.lemma_, token.tag_) != token.lower_:
                continue  # the tagger took one form for another
            if part == "v":
                found.append(swap_word(token, verb_form(head, token.tag_) + (f" {rest}" if rest else "")))
            elif token.tag_ == "NNS":
                found.append(
                    swap_word(token, other if other in ("possessions", "earnings") else plural_noun(other))
                )
            elif token.tag_ in ("NN", "JJ", "RB"):
                found.append(swap_word(token, other))
    return found


def _usual(token: Any) -> bool:
    """Does the word stand alone, outside set phrases and names of one thing?"""
    if token.pos_ == "NOUN":
        compound = token.dep_ in ("compound", "nmod") or any(
            t.dep_ in ("compound", "nmod") or named(t) for t in token.lefts
        )
        return (
            not compound
            and near(token, -1) not in ("in", "at", "of", "on", "by")
            and near(token, 1) not in ("of", "-")
        )
    if token.pos_ == "VERB":
        below = [t for t in token.children if t.i > token.i]
        loose = any(t.dep_ in ("prt", "xcomp", "ccomp", "dative", "oprd", "acomp", "attr") for t in below)
        prepositions = any(
            t.dep_ == "prep" and t.lower_ not in ("in", "on", "by", "during", "at", "after") for t in below
        )
        takes = any(t.dep_ in ("dobj", "nsubjpass", "auxpass") for t in token.children)
        plain = token.dep_ not in ("amod", "aux", "prep", "pcomp", "compound")
        return (
            plain
            and not loose
            and not prepositions
            and (takes or token.lemma_ in word_set("occur happen vanish disappear"))
        )
    if token.pos_ == "ADJ":
        fixed = near(token, -1) in word_set("so as how too very more most the_same not less least") or near(
            token, 1
        ) in ("to", "of", "than", "enough", "for", "with", "as")
        return (
            token.dep_ in ("amod", "acomp") and not fixed and not (token.dep_ == "amod" and named(token.head))
        )
    return near(token, -1) not in word_set("more most as so very too how not less least even") and near(
        token, 1
    ) not in ("as", "than", "-", "of")


def _phrases(doc: Any) -> list[Change]:
    found: list[Change] = []
    for (part, phrase), others in table(LIST, both_ways=False).items():
        if part == "p":
            for match in re.finditer(rf"(?<![\w'’-]){re.escape(phrase)}(?![\w'’-])", doc.text, re.IGNORECASE):
                found += [(*match.span(), same_case(match[0], other)) for other in others]
    return found
