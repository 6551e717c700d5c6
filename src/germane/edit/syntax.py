"""Looking at a parse: the parts of a clause that edits ask for.

``doc`` is a spaCy ``Doc`` of one sentence, or anything with its attributes; nothing here imports spaCy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from germane.edit.opposites import word_set

FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
SUBJECTS = frozenset(("nsubj", "nsubjpass", "expl", "csubj"))
WH = word_set("who whom whose what which when where why how whether")
NEGATIVE = word_set(
    "not n't never no none nobody nothing nowhere neither nor hardly scarcely barely without cannot"
)
_PLURAL_PRONOUNS = word_set("we they these those you both many few several all some")
_DETERMINED = word_set("det amod compound nummod poss nmod quantmod predet advmod")


def root(doc: Any) -> Any | None:
    """The main verb, where the text is one sentence that has one."""
    roots = [t for t in doc if t.dep_ == "ROOT"]
    return roots[0] if len(roots) == 1 and roots[0].pos_ in ("VERB", "AUX") else None


def subject(verb: Any) -> Any | None:
    """The verb's own subject."""
    return next((t for t in verb.children if t.dep_ in SUBJECTS), None)


def helpers(verb: Any) -> list[Any]:
    """The verb's auxiliaries in order."""
    return [t for t in verb.children if t.dep_ in ("aux", "auxpass") and t.tag_ != "TO"]


def finite(verb: Any) -> Any | None:
    """The word that bears the tense of the clause: its first auxiliary, or the verb itself."""
    first = next(iter(helpers(verb)), verb)
    return first if first.tag_ in FINITE else None


def imperative(doc: Any) -> Any | None:
    """The verb of a command at the start of the text (after a ``please``), or None."""
    verb = next((t for t in doc if t.dep_ == "ROOT"), None)
    if verb is None or verb.tag_ not in ("VB", "VBP") or verb.pos_ != "VERB" or subject(verb):
        return None
    before = [t.lower_ for t in doc[: verb.i]]
    last = doc[len(doc) - 1].text
    odd = (
        helpers(verb)
        or last == "?"
        or verb.lower_ != verb.lemma_
        or verb.lower_ in ("let", "thank", "thanks", "say", "please", "need", "want")
    )
    return None if odd or before not in ([], ["please"]) else verb


def question(doc: Any) -> bool:
    """Does the text ask: by its mark, or as its first word and its order do?"""
    if doc.text.rstrip().endswith("?"):
        return True
    verb = root(doc)
    if verb is None or len(doc) < 2:
        return False
    if doc[0].lower_ in WH or doc[0].tag_ in ("WP", "WRB", "WDT", "WP$"):
        return True
    first, of = finite(verb), subject(verb)
    return bool(first is not None and of is not None and first.i < of.i and first.i == 0)


def inverted(verb: Any) -> bool:
    """Does the tense-bearing word stand before the subject?"""
    first, of = finite(verb), subject(verb)
    return bool(first is not None and of is not None and first.i < of.i)


def plural(noun: Any) -> bool | None:
    """Is a noun phrase plural for its verb? None where one cannot tell."""
    if any(t.dep_ == "cc" and t.lower_ == "and" for t in noun.children):
        return True
    if any(t.dep_ in ("cc", "preconj") for t in noun.children):
        return None
    if noun.tag_ in ("NNS", "NNPS"):
        return True
    if any(c in noun.text for c in "._") or (noun.tag_ == "NNP" and noun.lower_.endswith("s")):
        return None
    if noun.tag_ in ("NN", "NNP", "VBG"):
        return False
    if noun.pos_ == "PRON":
        return noun.lower_ in _PLURAL_PRONOUNS
    return None


def extent(head: Any) -> tuple[int, int]:
    """The first and last token of everything below ``head``."""
    return head.left_edge.i, head.right_edge.i


def characters(doc: Any, first: int, last: int) -> tuple[int, int]:
    """Where tokens ``first`` to ``last`` start and end in the text."""
    return doc[first].idx, doc[last].idx + len(doc[last].text)


def simple_phrase(head: Any, longest: int = 7) -> tuple[int, int] | None:
    """The whole noun phrase of ``head`` as first and last token, where it is short and holds no clause, no
    bracket, no comma, no question word and no word that points back (its, his)."""
    first, last = extent(head)
    inside = head.doc[first : last + 1]
    if head.pos_ not in ("NOUN", "PROPN") or len(inside) > longest or len(inside) != len(list(head.subtree)):
        return None
    for token in inside:
        if token.pos_ in ("PUNCT", "VERB", "AUX", "SCONJ", "SYM") and token.text != "-":
            return None
        if not re.fullmatch(r"[\w.,'’$€£%&-]*\w|['’-]s?|%", token.text) or "_" in token.text[:1]:
            return None
        if token.lower_ in WH or token.tag_ in ("PRP", "PRP$", "WDT", "WP") or token.text in "()[]\"'“”,:;":
            return None
    return first, last


def core(head: Any) -> tuple[int, int]:
    """The compact noun phrase: the head with what stands before it."""
    left = [t for t in head.lefts if t.dep_ in _DETERMINED]
    return min((t.left_edge.i for t in left), default=head.i), head.i


def named(token: Any) -> bool:
    """Is the word part of a name?"""
    title = token.ent_type_ in (
        "PERSON",
        "ORG",
        "GPE",
        "WORK_OF_ART",
        "FAC",
        "EVENT",
        "LAW",
        "PRODUCT",
        "LOC",
    )
    return bool(token.pos_ == "PROPN" or (title and token.text[:1].isupper()))


def hyphened(token: Any) -> bool:
    """Is the word joined to a neighbour by a hyphen or slash?"""
    doc = token.doc
    after = token.i + 1 < len(doc) and not token.whitespace_ and doc[token.i + 1].text[:1] in "-–/_’'"
    before = token.i > 0 and not doc[token.i - 1].whitespace_ and doc[token.i - 1].text[-1:] in "-–/_."
    return bool(after or before or "-" in token.text)


def near(token: Any, step: int) -> str:
    """The lower-case word ``step`` places on, empty beyond the ends."""
    at = token.i + step
    return str(token.doc[at].lower_) if 0 <= at < len(token.doc) else ""


def clauses(doc: Any) -> Iterator[Any]:
    """Verbs with a tense or a modal of their own."""
    for token in doc:
        if (
            token.pos_ in ("VERB", "AUX")
            and token.dep_ not in ("aux", "auxpass")
            and finite(token) is not None
        ):
            yield token


def shares_subject(verb: Any) -> list[Any]:
    """Verbs joined to ``verb`` that have no subject of their own."""
    joined = [t for t in verb.conjuncts if t.i > verb.i and t.pos_ in ("VERB", "AUX") and subject(t) is None]
    return joined


_ORDERS = word_set(
    "use compute get set return create make add apply build call check convert copy find generate "
    "load mask read remove "
    "support provide represent perform implement enable allow append extract raise yield store "
    "include restrict "
    "run save update write calculate construct define draw evaluate format handle map merge plot print "
    "process sort test register deregister"
)


def ordered(doc: Any) -> bool:
    """Is the first word a docstring's command ("Compute the GCD") that a parser may take for a noun?"""
    first = doc[0].lower_
    third = first.removesuffix("s") in _ORDERS or first.removesuffix("es") in _ORDERS
    return first in _ORDERS or (third and len(doc) > 1 and doc[1].pos_ != "AUX")


def whole(doc: Any) -> bool:
    """Does the text end as a sentence does, not in "X." or a footnote that the parser took for a word?"""
    last = str(doc[len(doc) - 1].text)
    return len(last) == 1 or not (last.endswith((".", "]", "?", "!")) or ":" in last)
