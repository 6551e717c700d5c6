"""All edits by type, and calls that try them.

``TYPES`` is the one registry: a type's name, whether it keeps the meaning, the domains it is meant for,
and the function. Whole types are held out by name: ``changing(doc, rng, without=("roles",))``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from germane.edit import (
    asking,
    attribute,
    condition,
    contraction,
    dates,
    degree,
    direction,
    entity,
    generic,
    modality,
    negation,
    numbers,
    opposite,
    order,
    quantity,
    relation,
    requests,
    roles,
    scope,
    synonym,
    units,
    version,
    voice,
    without,
    wording,
)
from germane.edit.edit import Edit

Domain = Literal["text", "question", "command", "docs"]
"""Encyclopaedia sentences, questions, what one says to an assistant, technical documentation."""
Make = Callable[[Any, Random], Edit | None]

_ALL: tuple[Domain, ...] = ("text", "question", "command", "docs")
_TOLD: tuple[Domain, ...] = ("text", "docs")
_SAID: tuple[Domain, ...] = ("command",)
_ASKED: tuple[Domain, ...] = ("question", "command")
LONGEST = 60
"""Tokens of a text that is tried; the parse of a longer one is too often wrong."""


@dataclass(frozen=True, slots=True)
class EditType:
    """One type of edit. ``make`` takes a spaCy ``Doc`` of one sentence; None where it does not fit."""

    name: str
    keeps: bool
    domains: tuple[Domain, ...]
    make: Make


_CHANGES: tuple[tuple[str, tuple[Domain, ...], Make], ...] = (
    ("negation_in", _ALL, negation.negation_in),
    ("negation_out", _ALL, negation.negation_out),
    ("without", _ALL, without.without),
    ("affix", _ALL, opposite.affix),
    ("opposite_verb", _ALL, opposite.opposite_verb),
    ("opposite_adjective", _ALL, opposite.opposite_adjective),
    ("opposite_noun", _ALL, opposite.opposite_noun),
    ("roles", ("text", "question", "docs"), roles.roles),
    ("relation", _ALL, relation.relation),
    ("attribute", _ALL, attribute.attribute),
    ("number", _ALL, numbers.number),
    ("unit", _ALL, units.unit),
    ("year", _ALL, dates.year),
    ("month", _ALL, dates.month),
    ("weekday", _ALL, dates.weekday),
    ("day", _SAID, dates.day),
    ("quantifier", _ALL, quantity.quantifier),
    ("frequency", _ALL, quantity.frequency),
    ("bound", _ALL, quantity.bound),
    ("focus", _TOLD, quantity.focus),
    ("comparative", _ALL, degree.comparative),
    ("superlative", _ALL, degree.superlative),
    ("before_after", _ALL, order.before_after),
    ("direction", _ALL, direction.direction),
    ("modality", _ALL, modality.modality),
    ("condition", _ALL, condition.condition),
    ("entity", _ALL, entity.entity),
    ("version", _ALL, version.version),
    ("identifier", _ALL, version.identifier),
    ("only_scope", _TOLD, scope.only_scope),
)
_KEEPS: tuple[tuple[str, tuple[Domain, ...], Make], ...] = (
    ("voice", _TOLD, voice.voice),
    ("clause_order", _ALL, order.clause_order),
    ("contraction", _ALL, contraction.contraction),
    ("synonym", _ALL, synonym.synonym),
    ("number_format", _ALL, numbers.number_format),
    ("date_format", _ALL, dates.date_format),
    ("question", _TOLD, asking.answered),
    ("asked", _ASKED, asking.asked),
    ("request", _SAID, requests.request),
    ("politeness", _SAID, requests.politeness),
    ("generic", ("text", "question"), generic.generic),
    ("howto", _ASKED, wording.howto),
    ("rewording", _ASKED, wording.rewording),
)
TYPES: Mapping[str, EditType] = {
    name: EditType(name, keeps, domains, make)
    for keeps, rows in ((False, _CHANGES), (True, _KEEPS))
    for name, domains, make in rows
}


def edit(name: str, doc: Any, rng: Random) -> Edit | None:
    """One edit of type ``name`` (a key of ``TYPES``), or None where it cannot be made well."""
    return TYPES[name].make(doc, rng) if _fit(doc) else None


def changing(
    doc: Any,
    rng: Random,
    pool: Mapping[str, Sequence[str]] | None = None,
    *,
    domain: Domain | None = None,
    without: Collection[str] = (),
) -> list[Edit]:
    """Every type of meaning-changing edit that applies to ``doc`` (a spaCy ``Doc``), one each. ``pool``
    holds names by spaCy's entity types, for ``entity``; types named in ``without`` are left out."""
    return _tried(doc, rng, False, domain, without, pool)


def keeping(
    doc: Any, rng: Random, *, domain: Domain | None = None, without: Collection[str] = ()
) -> list[Edit]:
    """Every type of meaning-keeping edit that applies to ``doc``, one each. A ``question`` is one that the
    text answers; all others say what the text says."""
    return _tried(doc, rng, True, domain, without, None)


def _tried(
    doc: Any,
    rng: Random,
    keeps: bool,
    domain: Domain | None,
    without: Collection[str],
    pool: entity.Pool | None,
) -> list[Edit]:
    found = []
    for kind in TYPES.values():
        fits = kind.keeps is keeps and kind.name not in without and (domain is None or domain in kind.domains)
        if fits and _fit(doc):
            made = entity.entity(doc, rng, pool) if kind.name == "entity" else kind.make(doc, rng)
            found += [made] if made is not None else []
    return found


def _fit(doc: Any) -> bool:
    """One line of one sentence, neither too short nor too long."""
    text = doc.text
    one = sum(t.dep_ == "ROOT" for t in doc) == 1
    even = text.count('"') % 2 == 0 and text.count("(") == text.count(")")
    return 1 < len(doc) <= LONGEST and one and even and "\n" not in text and "  " not in text
