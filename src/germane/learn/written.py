"""Pairs, questions and passages written for this project: near-misses and paraphrases in other words.

No free set has both. The files in ``written/`` and how they were made are described in their README. The
split is that of ``measure.split`` over the text, or the passage, that a line is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from germane.learn.groups import Group
from germane.measure.split import Split, split_of

FOLDER = Path(__file__).parent / "written"
CHANGES = ("small", "reworded", "other_words")
"""How the first, second and third paraphrase of a line differ from its text."""


class Answers(NamedTuple):
    """A passage with questions that it answers, questions that it only seems to answer, and passages like it
    that answer none of the former."""

    passage: str
    answered: list[str]
    not_answered: list[str]
    near_passages: list[str]
    domain: str


class Asked(NamedTuple):
    """A yes/no question with a passage that says ``yes`` and an edit of it that says ``no``."""

    question: str
    yes: str
    no: str
    domain: str


class Entailments(NamedTuple):
    """A text with others that follow from it, that may be true or not, and that cannot be true beside it."""

    premise: str
    entailed: list[str]
    neutral: list[str]
    contradicted: list[str]
    domain: str


def written_groups(split: Split) -> list[Group]:
    """The groups of one split, in the order of the files; ``domain`` is the file's name."""
    return [
        Group(
            row["text"],
            list(zip(row["same"], CHANGES, strict=True)),
            list(zip(row["other"], row["how"], strict=True)),
            "written",
            name,
        )
        for name, row in _rows("text")
        if split_of(row["text"]) == split
    ]


def written_answers(split: Split) -> list[Answers]:
    """The passages of one split that have questions, in the order of the files."""
    return [
        Answers(row["passage"], row["answered"], row["not_answered"], row["near_passages"], name)
        for name, row in _rows("answered")
        if split_of(row["passage"]) == split
    ]


def written_questions(split: Split) -> list[Asked]:
    """The yes/no questions of one split, in the order of the files. Of a pair of passages the one that comes
    first in the alphabet decides, so that both ways round are of one split."""
    return [
        Asked(row["yes"], row["passage"], row["no"], name)
        for name, row in _rows("yes")
        if split_of(row["passage"] if "answered" in row else min(row["passage"], row["no"])) == split
    ]


def written_entailments(split: Split) -> list[Entailments]:
    """The premises of one split, in the order of the files."""
    return [
        Entailments(row["premise"], row["entailed"], row["neutral"], row["contradicted"], name)
        for name, row in _rows("premise")
        if split_of(row["premise"]) == split
    ]


def _rows(about: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if about in row:
                yield path.stem, row
