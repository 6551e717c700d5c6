"""What a retrieval data set is, whatever layout it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from germane.errors import InputError


class Text(NamedTuple):
    """A document of a data set: its title (may be empty) and its text (may be empty)."""

    title: str
    text: str

    @property
    def full(self) -> str:
        """Title and text as one string, a space between: how BEIR's systems read a document."""
        return f"{self.title} {self.text}".strip()


Qrels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """A corpus, queries and judgements ``qrels[query][document] -> grade`` (0: judged not relevant).

    ``queries`` holds just the queries with at least one document of grade 1 or more. ``note`` says
    what a reader of a table must know: which split, how grades were mapped, what was left out.
    """

    name: str
    corpus: Mapping[str, Text]
    queries: Mapping[str, str]
    qrels: Qrels
    note: str = ""

    def __str__(self) -> str:
        judged = sum(len(grades) for grades in self.qrels.values())
        return (
            f"{self.name}: {len(self.corpus):,} documents, {len(self.queries):,} queries, {judged:,} judged"
        )

    def first(self, queries: int) -> RetrievalSet:
        """The same set with only its first ``queries`` queries; the corpus stays whole."""
        kept = list(self.queries)[:queries]
        return replace(
            self, queries={q: self.queries[q] for q in kept}, qrels={q: self.qrels[q] for q in kept}
        )


def judged_set(
    name: str, corpus: Mapping[str, Text], queries: Mapping[str, str], qrels: Qrels, note: str = ""
) -> RetrievalSet:
    """A ``RetrievalSet`` of the queries that have a relevant document, in the order of ``queries``."""
    kept = [q for q in queries if any(grade > 0 for grade in qrels.get(q, {}).values())]
    return RetrievalSet(name, corpus, {q: queries[q] for q in kept}, {q: dict(qrels[q]) for q in kept}, note)


def official_files(folder: Path, names: Sequence[str], layout: str) -> list[Path]:
    """The named files of ``folder``. Raises ``InputError`` that lists what was looked for."""
    paths = [folder / name for name in names]
    missing = [name for name, path in zip(names, paths, strict=True) if not path.is_file()]
    if missing:
        raise InputError(
            f"{folder} is not a {layout} folder: {', '.join(missing)} not found",
            hint=f"looked for {', '.join(names)} as {layout} is published",
        )
    return paths


def lines(path: Path) -> Iterator[str]:
    """Lines of a UTF-8 file without their ends; a byte order mark and CR LF are taken off."""
    with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
        for line in file:
            yield line.rstrip("\n")
