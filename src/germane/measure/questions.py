"""Questions with a passage that answers them, or looks as if it did; and intents of commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from germane.errors import InputError
from germane.measure.beir import json_lines
from germane.measure.sets import official_files
from germane.measure.split import Split, split_of


class Question(NamedTuple):
    """A question and a passage. ``answers`` are the passage's own words (empty where it has none).

    ``unit`` is what the split goes by: the article, or the original passage of all its edits.
    """

    id: str
    question: str
    passage: str
    answers: tuple[str, ...]
    answerable: bool
    unit: str
    split: Split


def load_squad(folder: Path | str) -> Iterator[Question]:
    """SQuAD 2.0 (``dev-v2.0.json``, Rajpurkar et al. 2018); split by article title."""
    (path,) = official_files(Path(folder), ("dev-v2.0.json",), "SQuAD 2.0")
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not SQuAD's JSON", hint="expected an object with 'data'") from error
    for article in articles:
        title = article["title"]
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                answers = tuple(dict.fromkeys(answer["text"] for answer in asked["answers"]))
                yield Question(
                    asked["id"],
                    asked["question"],
                    paragraph["context"],
                    answers,
                    not asked["is_impossible"],
                    title,
                    split_of(title),
                )


class Sourced(NamedTuple):
    """A question, the passages that came with it, and the places of those that answer it."""

    id: str
    question: str
    passages: tuple[str, ...]
    relevant: tuple[int, ...]
    split: Split


def load_tatqa(folder: Path | str) -> Iterator[Sourced]:
    """TAT-QA (``tatqa_dataset_*.json``, Zhu et al. 2021), the questions that text alone answers, with the
    paragraphs beside their table; split by the table's uid."""
    names = ("tatqa_dataset_dev.json", "tatqa_dataset_test_gold.json")
    for path in official_files(Path(folder), names, "TAT-QA"):
        for context in json.loads(path.read_text(encoding="utf-8")):
            order = [paragraph["order"] for paragraph in context["paragraphs"]]
            passages = tuple(paragraph["text"] for paragraph in context["paragraphs"])
            for asked in context["questions"]:
                named = {int(number) for number in asked["rel_paragraphs"]}
                relevant = tuple(i for i, number in enumerate(order) if number in named)
                if asked["answer_from"] == "text" and relevant:
                    split = split_of(context["table"]["uid"])
                    yield Sourced(asked["uid"], asked["question"], passages, relevant, split)


def load_hotpot(folder: Path | str) -> Iterator[Sourced]:
    """HotpotQA-100 (``hotpotqa_train.json``, Yang et al. 2018): the paragraphs of each question, title before
    text; split by the question's id."""
    (path,) = official_files(Path(folder), ("hotpotqa_train.json",), "HotpotQA-100")
    for row in json.loads(path.read_text(encoding="utf-8")):
        named = {title for title, _ in row["supporting_facts"]}
        passages = tuple(f"{title}\n\n{''.join(sentences)}" for title, sentences in row["context"])
        relevant = tuple(i for i, (title, _) in enumerate(row["context"]) if title in named)
        yield Sourced(row["_id"], row["question"], passages, relevant, split_of(row["_id"]))


class Edited(NamedTuple):
    """A yes/no question over an edit of a passage: 0 as it was, 1 paraphrased, 2 scope changed,
    3 affirmed (the negation undone). Rows with one ``question_id`` and ``unit`` differ in the edit."""

    id: str
    question_id: str
    question: str
    passage: str
    original: str
    edit: int
    cue: str
    answer: str
    unit: str
    split: Split


def load_condaqa(folder: Path | str) -> Iterator[Edited]:
    """CondaQA's dev set (``condaqa_dev.json``, Ravichander et al. 2022); split by passage id."""
    (path,) = official_files(Path(folder), ("condaqa_dev.json",), "CondaQA dev")
    for row in json_lines(
        path, "QuestionID", "sentence1", "sentence2", "label", "PassageID", "PassageEditID"
    ):
        unit = str(row["PassageID"])
        yield Edited(
            str(row["SampleID"]),
            row["QuestionID"],
            row["sentence2"],
            row["sentence1"],
            row["original passage"],
            int(row["PassageEditID"]),
            row["original cue"],
            str(row["label"]),
            unit,
            split_of(unit),
        )


class Command(NamedTuple):
    """What a user said and the intent it carries; ``intent`` is ``oos`` where no intent fits."""

    text: str
    intent: str
    split: Split


def load_clinc(folder: Path | str) -> Iterator[Command]:
    """CLINC150 (``data_full.json``, Larson et al. 2019) with its official splits, in and out of scope."""
    (path,) = official_files(Path(folder), ("data_full.json",), "CLINC150")
    parts = json.loads(path.read_text(encoding="utf-8"))
    splits: dict[str, Split] = {"train": "train", "val": "dev", "test": "test"}
    for part, split in splits.items():
        for key in (part, f"oos_{part}"):
            for text, intent in parts[key]:
                yield Command(text, intent, split)
