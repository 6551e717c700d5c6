"""Pairs of sentences that say the same, or almost the same and something else.

Each loader yields ``Pair`` values in the order of the file. Sets without official splits are divided
by ``split_of`` over the row id (the file's stem, a colon, the row counted from 0); rows that share a
sentence keep together under the id of the first of them, so nothing seen in train is met in test.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from germane.errors import InputError
from germane.measure.sets import lines, official_files
from germane.measure.split import Split, split_of


class Pair(NamedTuple):
    """Two sentences; ``same`` whether they say the same (None where only ``score`` tells, 0 to 5).

    ``label`` is the set's own word for it.
    """

    id: str
    first: str
    second: str
    same: bool | None
    label: str
    score: float | None
    split: Split


def load_paws(folder: Path | str) -> Iterator[Pair]:
    """PAWS-Wiki (``dev-en.tsv``): same words, other order. Zhang et al. 2019."""
    (path,) = official_files(Path(folder), ("dev-en.tsv",), "PAWS-Wiki dev")
    rows = [(row[0], row[1], row[2]) for row in _tabbed(path, 3) if row[2] in "01"]
    return _grouped(
        path.stem, ((a, b, label == "1", "paraphrase" if label == "1" else "other") for a, b, label in rows)
    )


CANNOT = {
    "wikifactcheck": tuple(
        f"wikifactcheck-english/processed/wikifactcheck_english_{n}.tsv" for n in range(5)
    ),
    "semantoneg": ("antonym-substitution/processed/sem_anto_neg.tsv",),
    "sentiment": ("sentiment-labelled-sentences/processed/sentiment_labelled_sentences.tsv",),
    "nan-nli": ("nan-nli/processed/nan_nli.tsv",),
    "glue": ("glue-diagnostic/processed/glue_diagnostic.tsv",),
}


def load_cannot(folder: Path | str, parts: Sequence[str] = tuple(CANNOT)) -> Iterator[Pair]:
    """CANNOT's components (Anschütz et al. 2023): a sentence and its negation.

    SemAntoNeg also has paraphrases (label 0): a double negation by antonym. ``parts`` are keys of
    ``CANNOT``; the split is over all parts together whichever are asked for, as they share sentences.
    """
    unknown = set(parts) - set(CANNOT)
    if unknown:
        raise InputError(
            f"CANNOT has no part {', '.join(sorted(unknown))}", hint=f"one of {', '.join(CANNOT)}"
        )
    folder = Path(folder)
    home = folder / "datasets" if (folder / "datasets").is_dir() else folder
    names = [name for files in CANNOT.values() for name in files]
    wanted = {Path(name).stem for part in parts for name in CANNOT[part]}
    rows, ids = [], []
    for path in official_files(home, names, "CANNOT"):
        for number, row in enumerate(_tabbed(path, 2, header=True)):
            same = len(row) > 2 and row[2] == "0"
            rows.append((row[0], row[1], same, "paraphrase" if same else "negated"))
            ids.append(f"{path.stem}:{number}")
    return (pair for pair in _grouped("", rows, ids) if pair.id.partition(":")[0] in wanted)


def load_sick(folder: Path | str) -> Iterator[Pair]:
    """SICK (``SICK.txt``, Marelli et al. 2014), official splits. Same: entailment both ways.

    ``label`` is ``A_B`` and ``B_A`` labels joined by a space; ``score`` is relatedness, 1 to 5.
    """
    (path,) = official_files(Path(folder), ("SICK.txt",), "SICK")
    splits: dict[str, Split] = {"TRAIN": "train", "TRIAL": "dev", "TEST": "test"}
    for row in _tabbed(path, 12, header=True):
        same = row[5] == "A_entails_B" and row[6] == "B_entails_A"
        yield Pair(row[0], row[1], row[2], same, f"{row[5]} {row[6]}", float(row[4]), splits[row[11]])


def load_mrpc(folder: Path | str, split: Literal["train", "test"] = "test") -> Iterator[Pair]:
    """MRPC (``msr_paraphrase_<split>.txt``, Dolan and Brockett 2005), official split."""
    (path,) = official_files(Path(folder), (f"msr_paraphrase_{split}.txt",), "MRPC")
    for number, row in enumerate(_tabbed(path, 5, header=True)):
        same = row[0] == "1"
        label = "paraphrase" if same else "other"
        yield Pair(f"{path.stem}:{number}", row[3], row[4], same, label, None, split)


def load_stsb(folder: Path | str, split: Split = "test") -> Iterator[Pair]:
    """STS benchmark (``stsb-en-<split>.csv``, Cer et al. 2017), official split; score 0 to 5."""
    (path,) = official_files(Path(folder), (f"stsb-en-{split}.csv",), "STS benchmark")
    with path.open(encoding="utf-8", newline="") as file:
        for number, (first, second, score) in enumerate(csv.reader(file)):
            yield Pair(f"{path.stem}:{number}", first, second, None, "", float(score), split)


def _tabbed(path: Path, columns: int, *, header: bool = False) -> Iterator[list[str]]:
    """Rows of a tab-separated file in which a quotation mark is just a character."""
    for number, line in enumerate(lines(path), 1):
        if header and number == 1:
            continue
        row = line.split("\t")
        if len(row) < columns:
            raise InputError(f"{path}:{number} has {len(row)} columns, not {columns}")
        yield row


def _grouped(
    stem: str, rows: Iterable[tuple[str, str, bool, str]], ids: Sequence[str] | None = None
) -> Iterator[Pair]:
    """Pairs whose split is that of the first row they are connected to by a shared sentence."""
    rows = list(rows)
    parent = list(range(len(rows)))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = row = parent[parent[row]]
        return row

    seen: dict[str, int] = {}
    for number, (first, second, _, _) in enumerate(rows):
        for sentence in (first, second):
            one, other = sorted((root(number), root(seen.setdefault(sentence, number))))
            parent[other] = one
    names = ids or [f"{stem}:{number}" for number in range(len(rows))]
    for number, (first, second, same, label) in enumerate(rows):
        split = split_of(names[root(number)])
        yield Pair(names[number], first, second, same, label, None, split)
