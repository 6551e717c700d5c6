"""Forms of words, articles and lists: what edits are written with."""

from __future__ import annotations

import pytest

from germane.edit.inflect import plural_noun, verb_form
from germane.edit.lists import table
from germane.edit.rewrite import article, same_case


@pytest.mark.parametrize(
    ("lemma", "tag", "form"),
    [
        ("stop", "VBD", "stopped"),
        ("begin", "VBG", "beginning"),
        ("open", "VBD", "opened"),
        ("carry", "VBZ", "carries"),
        ("carry", "VBD", "carried"),
        ("buy", "VBN", "bought"),
        ("take", "VBN", "taken"),
        ("lie", "VBG", "lying"),
        ("agree", "VBG", "agreeing"),
        ("refer", "VBD", "referred"),
        ("equip", "VBD", "equipped"),
        ("be", "VBP", "are"),
        ("have", "VBZ", "has"),
        ("fix", "VBZ", "fixes"),
    ],
)
def test_verbs(lemma: str, tag: str, form: str) -> None:
    assert verb_form(lemma, tag) == form


@pytest.mark.parametrize(
    ("one", "many"),
    [("city", "cities"), ("box", "boxes"), ("woman", "women"), ("day", "days"), ("series", "series")],
)
def test_nouns(one: str, many: str) -> None:
    assert plural_noun(one) == many


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("hour", "an"),
        ("house", "a"),
        ("user", "a"),
        ("unit", "a"),
        ("uninteresting book", "an"),
        ("unimportant one", "an"),
        ("HTTP server", "an"),
        ("8-bit number", "an"),
        ("11th hour", "an"),
        ("12th hour", "a"),
        ("one-way road", "a"),
        ("European", "a"),
        ("umbrella", "an"),
    ],
)
def test_articles(word: str, expected: str) -> None:
    assert article(word) == expected


def test_capitals_stay() -> None:
    assert same_case("Before", "after") == "After"
    assert same_case("ALL", "some") == "SOME"


@pytest.mark.parametrize("name", ["antonyms.txt", "affixes.txt", "synonyms.txt"])
def test_lists_hold_pairs_of_different_words(name: str) -> None:
    rows = table(name, both_ways=False)
    assert len(rows) > 50
    for (pos, word), others in rows.items():
        assert pos in "nvarp"
        assert word == word.lower()
        assert word not in others
