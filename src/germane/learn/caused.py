"""Sequences with queries and the places in them that caused each, to learn backtracing from.

Written for this project (``caused/*.jsonl``), and SQuAD 2.0's questions, whose cause is taken to be the
sentence that holds the answer, in the whole article. Divided by title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from germane.backtrace.turns import Turn
from germane.measure.questions import load_squad
from germane.measure.split import Split, split_of
from germane.read.passages import sentences

FOLDER = Path(__file__).parent / "caused"
_speaker = re.compile(r"([^\W\d_][^:\n]{0,30}): (?=\S)")


class Caused(NamedTuple):
    """``causes`` and ``at`` (the query's own place, or None) count from 0."""

    domain: str
    title: str
    turns: tuple[Turn, ...]
    query: str
    causes: tuple[int, ...]
    at: int | None = None


def written_causes(split: Split, folder: Path = FOLDER) -> Iterator[Caused]:
    """What was written for this project: lectures, news, conversations, threads, logs."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if split_of(row["title"]) == split:
                named = row["domain"] in ("conversation", "thread")
                turns = tuple(_turn(text, named) for text in row["texts"])
                for query in row["queries"]:
                    causes = tuple(query["causes"])
                    yield Caused(row["domain"], row["title"], turns, query["text"], causes, query["at"])


def _turn(text: str, named: bool) -> Turn:
    found = _speaker.match(text) if named else None
    return Turn(text[found.end() :], found[1]) if found else Turn(text)


def squad_causes(data: Path, split: Split) -> Iterator[Caused]:
    """SQuAD's answerable questions, each article as one sequence of sentences."""
    rows = [row for row in load_squad(data / "squad2") if row.split == split and row.answerable]
    for title, group in groupby(rows, key=lambda row: row.unit):
        found, turns, start = list(group), list[Turn](), dict[str, int]()
        for passage in dict.fromkeys(row.passage for row in found):
            start[passage] = len(turns)
            turns += [Turn(passage[a:b]) for a, b in sentences(passage)]
        for row in found:
            spans = list(sentences(row.passage))
            held = [i for i, (a, b) in enumerate(spans) if row.answers[0] in row.passage[a:b]]
            if len(held) == 1:
                yield Caused("article", title, tuple(turns), row.question, (start[row.passage] + held[0],))
