"""Groups of texts, the pairs made of them, and those written for this project."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from germane.errors import InputError
from germane.learn.groups import Group, load, pairs, save
from germane.learn.written import written_answers, written_groups
from germane.measure.decisions import auroc
from germane.measure.overlap import content_words, jaccard
from germane.measure.split import Split

GROUP = Group(
    "import the contacts",
    [("bring the contacts in", "reworded"), ("load my address book", "other_words")],
    [("export the contacts", "antonym"), ("import the calendar", "other_kind")],
    "written",
    "commands",
)


def test_groups_survive_the_disk(tmp_path: Path) -> None:
    save([GROUP, GROUP], tmp_path / "groups.jsonl")
    assert load(tmp_path / "groups.jsonl") == [GROUP, GROUP]


def test_what_is_no_group_is_named_by_its_line(tmp_path: Path) -> None:
    save([GROUP], tmp_path / "groups.jsonl")
    with (tmp_path / "groups.jsonl").open("a") as file:
        file.write('{"text": "half"}\n')
    with pytest.raises(InputError, match=r"groups\.jsonl:2"):
        load(tmp_path / "groups.jsonl")


def test_pairs_are_right_only_within_what_says_the_same() -> None:
    same = {GROUP.text, *(text for text, _ in GROUP.same)}
    found = list(pairs(GROUP, Random(0), most=9))
    assert {pair.same for pair in found} == {True, False}
    for pair in found:
        assert pair.same == ({pair.first, pair.second} <= same)


def test_no_text_is_in_two_splits() -> None:
    splits: tuple[Split, ...] = ("train", "dev", "test")
    texts = [{group.text for group in written_groups(split)} for split in splits]
    assert all(texts) and not texts[0] & texts[1] and not texts[0] & texts[2] and not texts[1] & texts[2]
    assert all(written_answers(split) for split in splits)


def test_the_words_shared_do_not_tell_what_says_the_same() -> None:
    """A verifier that asks only how many words two texts share is worse than a coin on them."""
    overlap, right = [], []
    for group in written_groups("test"):
        for texts, label in ((group.same, True), (group.other, False)):
            for text, _ in texts:
                overlap.append(jaccard(content_words(group.text), content_words(text)))
                right.append(label)
    assert 0.3 < auroc(right, overlap) < 0.5
