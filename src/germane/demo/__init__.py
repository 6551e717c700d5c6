"""What ``germane demo`` runs on: real text that every Python carries, and questions about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from germane.demo.corpus import demo_documents

__all__ = ["Question", "demo_documents", "load_questions"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question about the demo's documents, with the ids of the documents that answer it.

    ``answers`` are equally right; empty means that nothing in the corpus answers. ``neighbour`` is a
    document that reads much like an answer and is wrong, ``pair`` the id of the twin question that
    differs in ``differs`` words and has other answers; empty and 0 where there is none. ``split`` is
    given by a hash of the id. No question is ever trained on.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    neighbour: str
    kind: str
    pair: str
    differs: int
    split: Literal["dev", "test"]
    note: str = ""

    def __str__(self) -> str:
        return f"{self.question} -> {', '.join(self.answers) or 'nothing'}"


def load_questions() -> list[Question]:
    """The questions that ship with the package, as they stand in ``questions.jsonl``."""
    text = resources.files(__package__).joinpath("questions.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    return [Question(**{**row, "answers": tuple(row["answers"])}) for row in rows]
