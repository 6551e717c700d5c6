"""Word overlap and pairwise accuracy by hand."""

from __future__ import annotations

import pytest

from germane.errors import InputError
from germane.measure.overlap import content_words, jaccard, length_ratio, same_words, words
from germane.measure.pairwise import pairwise_accuracy


def test_words_keep_their_apostrophe_and_lose_their_case():
    assert words("Don't SHOUT, (v2)!") == ["don't", "shout", "v2"]
    assert content_words("The dog is not in the park.") == {"dog", "park"}


def test_jaccard_by_hand():
    assert jaccard({"a", "b", "c"}, {"b", "c", "d"}) == 0.5
    assert jaccard(set(), set()) == 0


def test_the_same_words_in_any_order_as_often():
    assert same_words("Paris to Rome", "rome to paris")
    assert not same_words("to be or not to be", "to be or not be")


def test_length_ratio_by_hand():
    assert length_ratio("one two", "one two three four") == length_ratio("a b c d", "a b") == 0.5
    assert length_ratio("", "") == 1
    assert length_ratio("", "a") == 0


def test_pairwise_accuracy_by_hand():
    # a: 2 right x 1 wrong, one won and one tied; b: lost; c has no wrong one
    anchors = ["a", "a", "a", "b", "b", "c"]
    wins = pairwise_accuracy([1, 1, 0, 1, 0, 1], [0.9, 0.5, 0.5, 0.1, 0.2, 0.7], anchors)
    assert wins.tolist() == [0.75, 0]


def test_without_shared_anchors_there_is_nothing_to_compare():
    assert pairwise_accuracy([1, 0], [0.9, 0.1], [1, 2]).size == 0
    with pytest.raises(InputError, match="do not match"):
        pairwise_accuracy([1, 0], [0.9, 0.1], ["a"])
