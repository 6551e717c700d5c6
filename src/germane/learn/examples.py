"""Training examples for the verifier: a query, a passage, and what the passage is to it.

Only from data whose licence lets weights be shipped, each source divided by ``measure.split``; the
demo's questions and Python's own docstrings are never read here. An example answers one or more of three
questions: what kind of candidate the passage is, whether the two say the *same*, and whether the passage
*supports* the query, a claim or a yes/no question.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from germane.edit import words
from germane.encode.onnx import OnnxEncoder
from germane.learn.edited import edits
from germane.learn.groups import Group, pairs
from germane.learn.rankings import SENTENCE_END, as_document, rephrased
from germane.learn.sources import descriptions
from germane.learn.written import (
    written_answers,
    written_entailments,
    written_groups,
    written_questions,
)
from germane.measure.pairs import Pair, load_cannot, load_paws
from germane.measure.questions import load_clinc, load_condaqa, load_squad
from germane.measure.split import Split, split_of
from germane.verify.outputs import NEAR_MISS, OFF_TOPIC, RELEVANT

UNKNOWN = -1
NO, YES = 0, 1
ALIKE = 0.88
"""From this cosine on, neighbours may say the same."""
CLAIMS = (
    "text",
    "docs",
    "statements",
    "news",
    "plain",
    "scenes",
    "policies",
    "captions",
    "ordered_statements",
)
"""Domains whose texts say something that another text can support."""


class Example(NamedTuple):
    """``kind`` is RELEVANT, NEAR_MISS or OFF_TOPIC, ``same`` and ``supports`` are YES or NO; each is UNKNOWN
    where the data do not say. ``source`` names the set and, after a slash, the part or the type of edit."""

    query: str
    passage: str
    source: str
    kind: int = UNKNOWN
    same: int = UNKNOWN
    supports: int = UNKNOWN


class Builder:
    """Makes the examples of one split; ``encoder`` mines hard negatives, ``groups`` are edits."""

    def __init__(
        self, data: Path, split: Split, encoder: OnnxEncoder, groups: Sequence[Group], seed: int = 0
    ) -> None:
        self.data, self.split, self.encoder, self.groups = data, split, encoder, groups
        self.rng = Random(f"{seed} {split}")
        self.described = [d for d in descriptions() if split_of(d.first.lower()) == split]

    def all(self) -> list[Example]:
        parts = (self.alike, self.sets, self.written, self.entailments, self.squad, self.commands,
                 self.docstrings, self.conditions, self.lists, self.halves, self.within)  # fmt: skip
        examples = [example for part in parts for example in part()]
        return [e for e in examples if e.query.strip() and e.passage.strip()]

    def alike(self) -> Iterator[Example]:
        """Pairs of edited and of written texts, and of texts that lie near each other."""
        written = written_groups(self.split)
        for group, most in (*((g, 4) for g in self.groups), *((g, 8) for g in written)):
            for pair in pairs(group, self.rng, most=most):
                if "generic" in pair.kind.split("+"):  # three in ten read wrong (results/edits.md)
                    continue
                kind = RELEVANT if pair.same else OFF_TOPIC if pair.kind == "random" else NEAR_MISS
                source = f"{pair.source}/{pair.domain}/{pair.kind}"
                supports = int(pair.same) if pair.domain in CLAIMS else UNKNOWN
                yield Example(pair.first, pair.second, source, kind, int(pair.same), supports)
        pooled = self._vectors([g.text for g in written])
        for group, vector in zip(written, pooled, strict=True):
            score = pooled @ vector
            near = [written[j] for j in np.argsort(-score)[1:12] if score[j] < ALIKE][:6]
            for other in self.rng.sample(near, min(3, len(near))):
                query = self.rng.choice([group.text, group.same[0][0]])
                passage = self.rng.choice([other.text, other.same[0][0], other.same[1][0]])
                yield Example(query, passage, f"written/{group.domain}/neighbour", NEAR_MISS, NO)

    def sets(self) -> Iterator[Example]:
        """PAWS-wiki, CANNOT, and CondaQA's passages with their edits."""

        def both(pair: Pair, source: str) -> Example:
            same = int(bool(pair.same))
            return Example(pair.first, pair.second, source, RELEVANT if same else NEAR_MISS, same, same)

        for pair in load_paws(self.data / "paws-wiki-dev"):
            if pair.split == self.split:
                yield both(pair, "paws/text/order")
        for pair in load_cannot(self.data / "cannot"):
            antonym = pair.id.startswith("sem_anto")
            # The refutations of WikiFactCheck are many and all wrong: a part of them will do.
            if pair.split == self.split and (antonym or self.rng.random() < 0.3):
                yield both(pair, "cannot/text/antonym" if antonym else "cannot/text/negated")
        seen = set[str]()
        for row in load_condaqa(self.data / "condaqa-dev"):
            if row.split == self.split and row.edit and row.passage not in seen:
                seen.add(row.passage)
                kind = RELEVANT if row.edit == 1 else NEAR_MISS
                yield Example(
                    row.original, row.passage, f"condaqa/text/edit{row.edit}", kind, int(row.edit == 1)
                )

    def written(self) -> Iterator[Example]:
        """Passages with questions that they answer, or seem to."""
        rows, seen = written_answers(self.split), set[str]()
        for row in rows:
            name = f"written/{row.domain}"
            for question in row.answered:
                yield Example(question, row.passage, f"{name}/answered", RELEVANT)
                near = self.rng.choice(row.near_passages)
                yield Example(question, near, f"{name}/near_passage", NEAR_MISS)
            for question in row.not_answered:
                yield Example(question, row.passage, f"{name}/not_answered", NEAR_MISS)
            other = self.rng.choice(rows)
            if other is not row:
                yield Example(row.answered[0], other.passage, f"{name}/random", OFF_TOPIC)
        for asked in written_questions(self.split):
            yield Example(asked.question, asked.yes, f"written/{asked.domain}/yes", RELEVANT, supports=YES)
            yield Example(asked.question, asked.no, f"written/{asked.domain}/no", RELEVANT, supports=NO)
            if asked.yes not in seen:
                seen.add(asked.yes)
                yield Example(asked.yes, asked.no, f"written/{asked.domain}/edit", NEAR_MISS, NO)

    def entailments(self) -> Iterator[Example]:
        """Claims that a text supports, leaves open, or refutes."""
        for row in written_entailments(self.split):
            name = f"written/{row.domain}"
            for claim in row.entailed:
                yield Example(claim, row.premise, f"{name}/entailed", RELEVANT, supports=YES)
            for claim in row.neutral:
                yield Example(claim, row.premise, f"{name}/neutral", NEAR_MISS, NO, NO)
            for claim in row.contradicted:
                yield Example(claim, row.premise, f"{name}/contradicted", NEAR_MISS, NO, NO)
                yield Example(self.rng.choice(row.entailed), claim, f"{name}/crossed", NEAR_MISS, NO)

    def squad(self) -> Iterator[Example]:
        rows = [q for q in load_squad(self.data / "squad2") if q.split == self.split]
        everywhere = list(dict.fromkeys(row.passage for row in rows))
        best = self._nearest([r.question for r in rows], everywhere, 8)
        for row, near in zip(rows, best, strict=True):
            kind = RELEVANT if row.answerable else NEAR_MISS
            name = "squad/answerable" if row.answerable else "squad/unanswerable"
            yield Example(row.question, row.passage, name, kind)
            window = _window(row.passage, row.answers, self.rng)
            if window:
                yield Example(row.question, window, name, kind)
                others = [s for s in SENTENCE_END.split(row.passage) if s not in window and len(s) > 30]
                if others and row.answerable:
                    yield Example(row.question, self.rng.choice(others), "squad/other_sentence", NEAR_MISS)
            hard = [everywhere[i] for i in near if everywhere[i] != row.passage]
            for passage in self.rng.sample(hard, 2):
                yield Example(row.question, passage, "squad/mined", OFF_TOPIC)
            yield Example(row.question, self.rng.choice(everywhere), "squad/random", OFF_TOPIC)

    def commands(self) -> Iterator[Example]:
        """Commands of one intent: they are answered alike, though they may not say the same."""
        rows = [c for c in load_clinc(self.data / "clinc150") if c.split == self.split and c.intent != "oos"]
        by_intent: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            by_intent[row.intent].append(row.text)
        asked = self.rng.sample(rows, min(4000, len(rows) // 2))
        best = self._nearest([r.text for r in asked], [r.text for r in rows], 60)
        for row, near in zip(asked, best, strict=True):
            yield Example(row.text, self.rng.choice(by_intent[row.intent]), "clinc/same", RELEVANT)
            others = [rows[i] for i in near if rows[i].intent != row.intent]
            if others:
                yield Example(row.text, self.rng.choice(others[:10]).text, "clinc/other", NEAR_MISS, NO)
            yield Example(row.text, self.rng.choice(rows).text, "clinc/random", OFF_TOPIC)

    def docstrings(self) -> Iterator[Example]:
        entries = self.described
        firsts = self._vectors([d.first for d in entries])
        passages = [as_document(d) for d in entries]
        bodies = self._vectors(passages)
        for i, entry in enumerate(entries):
            query = rephrased(entry.first, self.rng)
            body = entry.name + "\n\n" + entry.body if len(entry.body) > 80 else ""
            passage = body if body and self.rng.random() < 0.4 else passages[i]
            yield Example(query, passage, "docs/own", RELEVANT)
            score = bodies @ firsts[i]
            alike = firsts @ firsts[i]
            near = [j for j in np.argsort(-score)[:25] if j != i and alike[j] < 0.86]
            for j in self.rng.sample(near[:8], min(2, len(near))):
                yield Example(query, passages[j], "docs/twin", NEAR_MISS)
            far = self.rng.randrange(len(entries))
            if alike[far] < 0.5:
                yield Example(query, passages[far], "docs/random", OFF_TOPIC)
            edit = words.opposite(entry.first, self.rng) or words.preposition(entry.first, self.rng)
            if edit:
                yield Example(rephrased(edit.text, self.rng), passages[i], "docs/opposite", NEAR_MISS)

    def conditions(self) -> Iterator[Example]:
        for row in load_condaqa(self.data / "condaqa-dev"):
            if row.split == self.split:
                answer = row.answer.upper()
                kind = NEAR_MISS if answer.startswith("DON") else RELEVANT
                supports = {"YES": YES, "NO": NO}.get(answer, UNKNOWN)
                yield Example(
                    row.question, row.passage, f"condaqa/asked/{answer[:3]}", kind, supports=supports
                )

    def within(self) -> Iterator[Example]:
        """An edited sentence as the query, the paragraph that holds it unedited as the passage."""
        held: dict[str, str] = {}
        for passage in {q.passage for q in load_squad(self.data / "squad2") if q.split == self.split}:
            held |= dict.fromkeys(SENTENCE_END.split(passage), passage)
        held |= {d.first: as_document(d) for d in self.described}
        for group in self.groups:
            passage = held.get(group.text, "")
            if not passage or group.domain not in ("text", "docs"):
                continue
            for found, right in ((group.same, True), (group.other, False)):
                found = [f for f in found if f[1] not in ("neighbour", "random")]
                for text, kind in self.rng.sample(found, min(2, len(found))):
                    source = f"within/{group.domain}/{kind}"
                    query, turned = text, self.rng.random() < 0.4 and group.text in passage
                    there = passage
                    if turned:
                        query, there = group.text, passage.replace(group.text, text)
                    verdict = RELEVANT if right else NEAR_MISS
                    yield Example(query, there, source, verdict, supports=int(right))

    def lists(self) -> Iterator[Example]:
        """Who likes what: an attribute bound to the right or the wrong name (made up; not LIMIT's)."""
        things = sorted(
            {w for pair in words.synonyms().items() for w in pair[0:1] if split_of(w) == self.split}
        )
        names = sorted({w.capitalize() for w in words.opposites() if len(w) > 4})
        for _ in range(2400 if self.split == "train" else 200):
            verb, noun = self.rng.choice(
                (
                    ("likes", "like"),
                    ("owns", "own"),
                    ("sells", "sell"),
                    ("supports", "support"),
                    ("needs", "need"),
                    ("plays", "play"),
                )
            )
            liked = self.rng.sample(things, self.rng.randint(3, 40))
            who = f"{self.rng.choice(names)} {self.rng.choice(names)}"
            listed = (
                ", ".join(liked[:-2]) + f" and {liked[-2]}"
                if self.rng.random() < 0.5
                else ", ".join(liked[:-1])
            )
            inside = self.rng.choice(liked[:-1])
            right = self.rng.random() < 0.5
            asked = inside if right else liked[-1]
            query = self.rng.choice(
                (f"Who {verb} {asked}?", f"who {verb} {asked}", f"people who {noun} {asked}")
            )
            yield Example(query, f"{who} {verb} {listed}.", "lists/bound", RELEVANT if right else NEAR_MISS)

    def halves(self) -> Iterator[Example]:
        """A stretch of text as a long query, the rest of it as the passage."""
        paragraphs = sorted({q.passage for q in load_squad(self.data / "squad2") if q.split == self.split})
        paragraphs += [d.body for d in self.described if len(d.body) > 400]
        for text in paragraphs:
            parts = SENTENCE_END.split(text)
            for _ in range(3):
                if len(parts) > 2:
                    at, size = self.rng.randrange(len(parts) - 1), self.rng.choice((1, 2, 3))
                    query, rest = parts[at : at + size], parts[:at] + parts[at + size :]
                    other = self.rng.choice(paragraphs)
                    if rest and other != text:
                        yield Example(" ".join(query), " ".join(rest), "halves/own", RELEVANT)
                        yield Example(" ".join(query), other, "halves/random", OFF_TOPIC)

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        return self.encoder.encode(texts, tokens=False).pooled

    def _nearest(self, queries: Sequence[str], texts: Sequence[str], count: int) -> np.ndarray:
        """Indices of the ``count`` texts most similar to each query, ``(queries, count)``."""
        scores = self._vectors(queries) @ self._vectors(texts).T
        return np.argsort(-scores, axis=1)[:, :count]


def examples(data: Path, split: Split, work: Path, encoder: OnnxEncoder) -> list[Example]:
    """The examples of one split, made once and kept in ``work``."""
    path = work / f"examples-{split}.json"
    if not path.is_file():
        work.mkdir(parents=True, exist_ok=True)
        made = Builder(data, split, encoder, edits(data, split, work, encoder)).all()
        path.write_text(json.dumps(made), encoding="utf-8")
    return [Example(*row) for row in json.loads(path.read_text(encoding="utf-8"))]


def _window(passage: str, answers: Sequence[str], rng: Random) -> str:
    """The sentence that holds an answer, with none, one or two neighbours; empty where there is none."""
    sentences = SENTENCE_END.split(passage)
    for at, sentence in enumerate(sentences):
        if any(answer and answer in sentence for answer in answers):
            before, after = rng.choice(((0, 1), (0, 1), (1, 1), (0, 2), (1, 2)))
            return " ".join(sentences[max(0, at - before) : at + after])
    return ""
