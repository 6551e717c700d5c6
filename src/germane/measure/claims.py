"""Claims with text that supports or contradicts them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from germane.errors import InputError
from germane.measure.beir import read_corpus
from germane.measure.sets import lines, official_files


class Claim(NamedTuple):
    """A claim and a text; ``label`` is the set's own word for what the text says of it.

    ``unit`` is what claims that vary each other share: a document, or the pair that was negated.
    """

    id: str
    claim: str
    text: str
    label: str
    unit: str


def load_scifact_claims(
    folder: Path | str, split: Literal["train", "validation"] = "validation"
) -> Iterator[Claim]:
    """SciFact (``claims_<split>.csv`` with BEIR's ``corpus.jsonl``; Wadden et al. 2020): each claim with each
    abstract that bears on it, title before text, ``SUPPORT`` or ``CONTRADICT``.

    The claims of ``validation`` are BEIR's test queries; those of the official test have no labels.
    """
    claims, corpus_file = official_files(
        Path(folder), (f"claims_{split}.csv", "corpus.jsonl"), "SciFact claims"
    )
    corpus = read_corpus(corpus_file)
    seen: set[tuple[str, str]] = set()
    with claims.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                key = row["id"], row["evidence_doc_id"]
                # A row a group of evidence sentences; one without evidence names no document.
                if not key[1] or key in seen:
                    continue
                seen.add(key)
                yield Claim("/".join(key), row["claim"], corpus[key[1]].full, row["evidence_label"], key[1])
            except KeyError as error:
                raise InputError(f"{claims}:{number} has no {error}, or the corpus has not") from error


NLI = ("RTE", "SNLI", "MNLI")


def load_negation_nli(folder: Path | str, part: str) -> Iterator[Claim]:
    """Negated NLI (``clean_data/<part>.txt``, a part of ``NLI``; Hossain et al. 2020): hypotheses as claims.

    Rows come in threes, one original pair with a negation added to its text, to its hypothesis and to both.
    """
    if part not in NLI:
        raise InputError(f"negated NLI has no part {part}", hint=f"one of {', '.join(NLI)}")
    (path,) = official_files(Path(folder), (f"clean_data/{part}.txt",), "negation-and-nli")
    for number, line in enumerate(lines(path), 1):
        if number == 1 or not line.strip():
            continue
        try:
            index, text, hypothesis, label = line.split("\t")
            unit = int(index) // 3
        except ValueError as error:
            raise InputError(
                f"{path}:{number} is not 'index<tab>Text<tab>Hypothesis<tab>gold_label'"
            ) from error
        yield Claim(f"{part}:{index}", hypothesis, text, label, f"{part}:{unit}")
