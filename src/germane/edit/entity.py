"""A name made another of the same type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.rewrite import Change, rewrite
from germane.edit.syntax import near

Pool = Mapping[str, Sequence[str]]


@lru_cache(maxsize=1)
def gazetteer() -> dict[str, tuple[str, tuple[str, ...]]]:
    """From a lower-case name to its type and all names of that type, out of ``names.txt``."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for line in Path(__file__).with_name("names.txt").read_text(encoding="ascii").splitlines():
        kind, *names = line.split()
        for name in names:
            found.setdefault(name.lower(), (kind, tuple(names)))
    return found


def entity(doc: Any, rng: Random, pool: Pool | None = None) -> Edit | None:
    """Another country for a country, another person for a person: out of ``names.txt``, and out of ``pool``
    (spaCy's entity types to names of the user's own text) for what is not in there."""
    found = [c for token in doc for c in _listed(doc, token)]
    found += [c for span in doc.ents for c in _pooled(doc, span, pool or {}, rng)]
    return pick([e for c in found if (e := rewrite(doc, c, "entity", keeps=False))], rng)


def _listed(doc: Any, token: Any) -> list[list[Change]]:
    held = gazetteer().get(token.lower_)
    if held is None:
        return []
    kind, names = held
    lower, present = token.text.islower(), doc.text.lower()
    if not _names(doc, token, kind) or present.count(token.lower_) > 1:
        return []
    return [
        [(token.idx, token.idx + len(token.text), n.lower() if lower else n)]
        for n in names
        if n.lower() not in present
    ]


def _names(doc: Any, token: Any, kind: str) -> bool:
    """Does the word stand for what ``names.txt`` says, whole and alone?"""
    lower = token.text.islower()
    beside = [t for t in doc[max(0, token.i - 1) : token.i + 2] if t != token and t.pos_ == "PROPN"]
    if kind in ("nation_adjective", "religion", "language"):
        beside = [t for t in beside if t.i > token.i]
        if token.text[0].isupper() and token.ent_type_ not in ("NORP", "LANGUAGE"):
            return False
    if (
        beside
        or near(token, 1) in ("-", "–", "&")
        or near(token, -1) in ("-", "new", "north", "south", "west", "east")
    ):
        return False
    if lower and kind not in ("language", "city", "country", "state", "carmaker"):
        return False
    if lower and (
        token.lower_ in ("turkey", "china", "chile", "polish", "delta", "mercury", "ford")
        or token.pos_ in ("VERB", "AUX")
    ):
        return False
    if not lower and (token.ent_type_ == "" or (near(token, -1) in ("of", "the") and kind == "person")):
        return False
    if kind == "nation_plural" and token.tag_ not in ("NNPS", "NNS"):
        return False
    return kind != "nation_adjective" or (token.dep_ in ("amod", "compound") and token.head.i > token.i)


def _pooled(doc: Any, span: Any, pool: Pool, rng: Random) -> list[list[Change]]:
    """A person's full name; names of one word and of companies are too often mistaken for one another."""
    words, first, last = len(span), span[0].i, span[len(span) - 1].i
    if span.label_ != "PERSON" or words < 2 or not _clean(span.text) or any(t.pos_ != "PROPN" for t in span):
        return []
    if near(doc[last], 1) in ("-", "–", "&", "/", "(") or near(doc[first], -1) in ("-", "the", "&", "/"):
        return []
    if any(t.pos_ == "PROPN" for t in (*doc[last + 1 : last + 2], *doc[max(0, first - 1) : first])):
        return []
    # A name met once is too often no name.
    known = [n for n, times in Counter(pool.get("PERSON", ())).items() if times > 1 and _clean(n)]
    same = [
        n for n in known if len(n.split()) == words and n.lower() not in doc.text.lower() and n[-1] != "s"
    ]
    if not same or doc.text.count(span.text) > 1 or span.text.endswith("s"):
        return []
    return [[(span.start_char, span.end_char, rng.choice(same))]]


def _clean(name: str) -> bool:
    words = name.split()
    return (
        0 < len(words) < 4
        and all(w.isalpha() and w[0].isupper() and w[1:].islower() for w in words)
        and len(name) > 3
    )
