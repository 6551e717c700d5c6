"""Training examples for the verifier: a query, a passage, and what the passage is to it.

Only from data whose licence lets weights be shipped, each source divided by ``measure.split``; the
demo's questions and Python's own docstrings are never read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np

from germane.edit import words
from germane.edit.edit import Edit
from germane.edit.grammar import changing, keeping
from germane.encode.onnx import OnnxEncoder
from germane.learn.rankings import SENTENCE_END, as_document, rephrased
from germane.learn.sources import descriptions
from germane.measure.pairs import load_cannot, load_paws
from germane.measure.questions import load_clinc, load_condaqa, load_squad
from germane.measure.split import Split, split_of

RELEVANT, NEAR_MISS, OFF_TOPIC = range(3)


class Example(NamedTuple):
    """``kind`` is RELEVANT, NEAR_MISS or OFF_TOPIC; ``source`` names the set and, after a slash, the part
    or the type of the edit."""

    query: str
    passage: str
    kind: int
    source: str


class Builder:
    """Makes the examples of one split. ``nlp`` is a spaCy pipeline, ``encoder`` mines hard negatives."""

    def __init__(self, data: Path, split: Split, nlp: Any, encoder: OnnxEncoder, seed: int = 0) -> None:
        self.data, self.split, self.nlp, self.encoder = data, split, nlp, encoder
        self.rng = Random(f"{seed} {split}")
        self.described = [d for d in descriptions() if split_of(d.first.lower()) == split]

    def all(self) -> list[Example]:
        parts = (
            self.squad,
            self.pairs,
            self.commands,
            self.docstrings,
            self.conditions,
            self.lists,
            self.halves,
            self.edited,
        )
        examples = [example for part in parts for example in part()]
        return [e for e in examples if e.query.strip() and e.passage.strip()]

    def squad(self) -> Iterator[Example]:
        rows = [q for q in load_squad(self.data / "squad2") if q.split == self.split]
        articles: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row.passage not in articles[row.unit]:
                articles[row.unit].append(row.passage)
        everywhere = [p for paragraphs in articles.values() for p in paragraphs]
        best = self._nearest([r.question for r in rows], everywhere, 8)
        for row, near in zip(rows, best, strict=True):
            kind = RELEVANT if row.answerable else NEAR_MISS
            name = "squad/answerable" if row.answerable else "squad/unanswerable"
            yield Example(row.question, row.passage, kind, name)
            window = _window(row.passage, row.answers, self.rng)
            if window:
                yield Example(row.question, window, kind, name)
                others = [s for s in SENTENCE_END.split(row.passage) if s not in window and len(s) > 30]
                if others and row.answerable:
                    yield Example(row.question, self.rng.choice(others), NEAR_MISS, "squad/other_sentence")
            hard = [everywhere[i] for i in near if everywhere[i] != row.passage]
            for passage in self.rng.sample(hard, 2):
                yield Example(row.question, passage, OFF_TOPIC, "squad/mined")
            yield Example(row.question, self.rng.choice(everywhere), OFF_TOPIC, "squad/random")

    def pairs(self) -> Iterator[Example]:
        found = [("paws", p) for p in load_paws(self.data / "paws-wiki-dev")]
        found += [("cannot", p) for p in load_cannot(self.data / "cannot")]
        found = [(name, p) for name, p in found if p.split == self.split]
        for name, pair in found:
            kind = RELEVANT if pair.same else NEAR_MISS
            yield Example(pair.first, pair.second, kind, f"{name}/{pair.label}")
            if name == "paws" or pair.id.startswith("sem_anto"):
                yield Example(pair.second, pair.first, kind, f"{name}/{pair.label}")
            if self.rng.random() < 0.15:
                other = self.rng.choice(found)[1]
                yield Example(pair.first, other.second, OFF_TOPIC, f"{name}/random")

    def commands(self) -> Iterator[Example]:
        rows = [c for c in load_clinc(self.data / "clinc150") if c.split == self.split]
        by_intent: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            by_intent[row.intent].append(row.text)
        asked = self.rng.sample([r for r in rows if r.intent != "oos"], min(4000, len(rows) // 2))
        best = self._nearest([r.text for r in asked], [r.text for r in rows], 60)
        for row, near in zip(asked, best, strict=True):
            yield Example(row.text, self.rng.choice(by_intent[row.intent]), RELEVANT, "clinc/same")
            others = [rows[i] for i in near if rows[i].intent != row.intent]
            if others:
                other = self.rng.choice(others[:10])
                yield Example(row.text, other.text, NEAR_MISS, "clinc/other")
            yield Example(row.text, self.rng.choice(rows).text, OFF_TOPIC, "clinc/random")

    def docstrings(self) -> Iterator[Example]:
        entries = self.described
        firsts = self._vectors([d.first for d in entries])
        passages = [as_document(d) for d in entries]
        bodies = self._vectors(passages)
        for i, entry in enumerate(entries):
            query = rephrased(entry.first, self.rng)
            body = entry.name + "\n\n" + entry.body if len(entry.body) > 80 else ""
            passage = body if body and self.rng.random() < 0.4 else passages[i]
            yield Example(query, passage, RELEVANT, "docs/own")
            score = bodies @ firsts[i]
            alike = firsts @ firsts[i]
            near = [j for j in np.argsort(-score)[:25] if j != i and alike[j] < 0.86]
            for j in self.rng.sample(near[:8], min(2, len(near))):
                yield Example(query, passages[j], NEAR_MISS, "docs/twin")
            far = self.rng.randrange(len(entries))
            if alike[far] < 0.5:
                yield Example(query, passages[far], OFF_TOPIC, "docs/random")
            edit = words.opposite(entry.first, self.rng) or words.preposition(entry.first, self.rng)
            if edit:
                yield Example(rephrased(edit.text, self.rng), passages[i], NEAR_MISS, "docs/opposite")

    def conditions(self) -> Iterator[Example]:
        for row in load_condaqa(self.data / "condaqa-dev"):
            if row.split == self.split:
                known = not row.answer.upper().startswith("DON")
                kind, name = (RELEVANT, "condaqa/answered") if known else (NEAR_MISS, "condaqa/unknown")
                yield Example(row.question, row.passage, kind, name)

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
            yield Example(query, f"{who} {verb} {listed}.", RELEVANT if right else NEAR_MISS, "lists/bound")

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
                        yield Example(" ".join(query), " ".join(rest), RELEVANT, "halves/own")
                        yield Example(" ".join(query), other, OFF_TOPIC, "halves/random")

    def edited(self) -> Iterator[Example]:
        rng = self.rng
        paragraphs = sorted({q.passage for q in load_squad(self.data / "squad2") if q.split == self.split})
        sentences = [(s, p) for p in paragraphs for s in SENTENCE_END.split(p) if 30 < len(s) < 260]
        wiki = [
            p.first for p in load_cannot(self.data / "cannot", ["wikifactcheck"]) if p.split == self.split
        ]
        sentences += [(s, "") for s in rng.sample(wiki, min(4000, len(wiki)))]
        asked = [
            (q.question, q.passage)
            for q in load_squad(self.data / "squad2")
            if q.split == self.split and q.answerable
        ]
        told = [(d.first, as_document(d)) for d in rng.sample(self.described, min(5000, len(self.described)))]
        said = [(c.text, "") for c in load_clinc(self.data / "clinc150") if c.split == self.split]
        said = rng.sample(said, min(3000, len(said)))
        rows = [
            (name, *row)
            for name, part in (("text", sentences), ("question", asked), ("docs", told), ("command", said))
            for row in part
        ]
        docs = list(self.nlp.pipe([row[1] for row in rows], batch_size=256))
        pool: dict[str, list[str]] = defaultdict(list)
        for doc in docs:
            for span in doc.ents:
                pool[span.label_].append(span.text)
        for (name, text, context), doc in zip(rows, docs, strict=True):
            yield from self._of_sentence(name, text, context, doc, pool)

    def _of_sentence(
        self, name: str, text: str, context: str, doc: Any, pool: dict[str, list[str]]
    ) -> Iterator[Example]:
        rng, kept, changed = self.rng, keeping(doc, self.rng), changing(doc, self.rng, pool)
        plain = [e for e in kept if e.kind != "question" or context]
        query = rng.choice(plain).text if plain and rng.random() < 0.6 else text
        for edit in rng.sample(plain, min(2, len(plain))):
            passage = context if edit.kind == "question" or (context and rng.random() < 0.5) else text
            yield from self._directed(edit, passage, RELEVANT, name)
        if name == "command" or name == "docs":
            yield Example(rephrased(text, rng), text, RELEVANT, f"{name}/rephrased")
        for edit in rng.sample(changed, min(3, len(changed))):
            if name == "question" and edit.kind in ("negation_in", "negation_out", "roles"):
                yield Example(edit.text, query, NEAR_MISS, f"question/{edit.kind}")
            elif context and rng.random() < 0.5:
                yield Example(edit.text, context, NEAR_MISS, f"{name}/{edit.kind}")
            elif context and name == "text" and rng.random() < 0.6:
                yield Example(query, context.replace(text, edit.text), NEAR_MISS, f"{name}/{edit.kind}")
            else:
                base = rng.choice([text, query])
                pair = (edit.text, base) if rng.random() < 0.5 else (base, edit.text)
                yield Example(*pair, NEAR_MISS, f"{name}/{edit.kind}")

    def _directed(self, edit: Edit, passage: str, kind: int, name: str) -> Iterator[Example]:
        pair = (edit.text, passage)
        if len(passage) < 300 and edit.kind != "question" and self.rng.random() < 0.5:
            pair = (passage, edit.text)
        yield Example(*pair, kind, f"{name}/{edit.kind}")

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        return self.encoder.encode(texts, tokens=False).pooled

    def _nearest(self, queries: Sequence[str], texts: Sequence[str], count: int) -> np.ndarray:
        """Indices of the ``count`` texts most similar to each query, ``(queries, count)``."""
        scores = self._vectors(queries) @ self._vectors(texts).T
        return np.argsort(-scores, axis=1)[:, :count]


def _window(passage: str, answers: Sequence[str], rng: Random) -> str:
    """The sentence that holds an answer, with none, one or two neighbours; empty where there is none."""
    sentences = SENTENCE_END.split(passage)
    for at, sentence in enumerate(sentences):
        if any(answer and answer in sentence for answer in answers):
            before, after = rng.choice(((0, 1), (0, 1), (1, 1), (0, 2), (1, 2)))
            return " ".join(sentences[max(0, at - before) : at + after])
    return ""
