"""Retrieval tasks made from licensed text: queries, passages, and which passages are right.

The lists that the verifier learns to order come from the train split, its calibration from the dev
split. Python's own documentation, which the demo asks about, is in none of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from germane.edit import words
from germane.edit.opposites import word_set
from germane.learn.sources import Described, descriptions
from germane.measure.questions import Sourced, load_hotpot, load_squad, load_tatqa
from germane.measure.split import Split, split_of

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")
_WORD = re.compile(r"[A-Za-z][\w-]*\w|\d[\d,.]*\d|\d")


class Ranking(NamedTuple):
    """A retrieval task: queries with the passages that are right. Where the set of a query is empty,
    passages look right and none is."""

    name: str
    queries: list[str]
    passages: list[str]
    relevant: list[set[int]]

    def sampled(self, count: int | None, seed: int = 0) -> Ranking:
        """``count`` of the queries (all where None), always the same ones."""
        if count is None or count >= len(self.queries):
            return self
        kept = sorted(Random(seed).sample(range(len(self.queries)), count))
        return self._replace(
            queries=[self.queries[i] for i in kept], relevant=[self.relevant[i] for i in kept]
        )


def squad(data: Path, split: Split) -> Ranking:
    """Questions over all paragraphs of the split; an unanswerable question has nothing relevant."""
    rows = [q for q in load_squad(data / "squad2") if q.split == split]
    passages = sorted({q.passage for q in rows})
    where = {p: i for i, p in enumerate(passages)}
    relevant = [{where[q.passage]} if q.answerable else set() for q in rows]
    return Ranking("squad", [q.question for q in rows], passages, relevant)


def finance(data: Path, split: Split) -> Ranking:
    """TAT-QA's questions that text answers, over the paragraphs of all reports of the split."""
    return _sourced("finance", load_tatqa(data / "tatqa"), split)


def hops(data: Path, split: Split) -> Ranking:
    """HotpotQA's questions over the paragraphs that come with them; two are right for each."""
    return _sourced("hops", load_hotpot(data / "hotpotqa-100"), split)


def _sourced(name: str, questions: Iterable[Sourced], split: Split) -> Ranking:
    rows = [q for q in questions if q.split == split]
    passages = sorted({p for q in rows for p in q.passages})
    where = {p: i for i, p in enumerate(passages)}
    relevant = [{where[q.passages[i]] for i in q.relevant} for q in rows]
    return Ranking(name, [q.question for q in rows], passages, relevant)


def docs(data: Path, split: Split, seed: int = 0) -> Ranking:
    """First sentences of libraries' docstrings, rephrased, over all docstrings of the split."""
    del data
    entries = [d for d in descriptions() if split_of(d.first.lower()) == split]
    rng = Random(f"{seed} docs {split}")
    queries = [rephrased(entry.first, rng) for entry in entries]
    return Ranking("docs", queries, [as_document(d) for d in entries], [{i} for i in range(len(entries))])


def halves(data: Path, split: Split, seed: int = 0) -> Ranking:
    """One or two sentences of a text as a long query; the rest of the text is the right passage."""
    rng = Random(f"{seed} halves {split}")
    queries, passages = [], []
    for text in _texts(data, split):
        parts = SENTENCE_END.split(text)
        if len(parts) > 2:
            size = rng.choice((1, 1, 2))
            at = rng.randrange(len(parts) - size + 1)
            queries.append(" ".join(parts[at : at + size]))
            passages.append(" ".join(parts[:at] + parts[at + size :]))
    return Ranking("halves", queries, passages, [{i} for i in range(len(queries))])


def keywords(data: Path, split: Split, seed: int = 0) -> Ranking:
    """A handful of a text's content words, as people type them, some put in other words."""
    rng = Random(f"{seed} keywords {split}")
    passages = _texts(data, split)
    counts: dict[str, int] = defaultdict(int)
    contents = [sorted({w.lower() for w in _WORD.findall(text)} - _COMMON) for text in passages]
    for content in contents:
        for word in content:
            counts[word] += 1
    queries = []
    for text, content in zip(passages, contents, strict=True):
        # Words that tell this text from others, but not only names that occur nowhere else.
        rare = sorted(content, key=lambda w: (counts[w] * rng.uniform(0.3, 3), w))[:20]
        chosen = rng.sample(rare, min(rng.randint(2, 6), len(rare)))
        places = {w: text.lower().find(w) for w in chosen}
        query = " ".join(sorted(chosen, key=lambda w: places[w]))
        edit = words.synonym(query, rng) if rng.random() < 0.6 else None
        queries.append(edit.text if edit else query)
    return Ranking("keywords", queries, passages, [{i} for i in range(len(passages))])


def modules(data: Path, split: Split, seed: int = 0) -> Ranking:
    """A docstring as a long query; right is whatever else its module holds: a matter of topic alone, where
    no passage answers. Not learnt from: here the order that recall gives must not suffer."""
    del data
    rng = Random(f"{seed} modules {split}")
    entries = [d for d in descriptions() if split_of(d.first.lower()) == split]
    held: dict[str, list[Described]] = defaultdict(list)
    for entry in entries:
        held[entry.module].append(entry)
    asked = {m: rng.choice(members) for m, members in held.items() if len(members) >= 4}
    kept = [d for d in entries if asked.get(d.module) != d]
    queries = [f"{d.first} {d.body}"[:400] for d in asked.values()]
    relevant = [{i for i, d in enumerate(kept) if d.module == module} for module in asked]
    return Ranking("modules", queries, [f"{d.first} {d.body}"[:900] for d in kept], relevant)


TASKS: tuple[Callable[[Path, Split], Ranking], ...] = (squad, finance, hops, docs, halves, keywords)


def _texts(data: Path, split: Split) -> list[str]:
    """Paragraphs of Wikipedia and of company reports, and long prose of docstrings."""
    bodies = [d.body[:1200] for d in descriptions() if split_of(d.first.lower()) == split]
    parts = (squad(data, split).passages, finance(data, split).passages, hops(data, split).passages, bodies)
    return list(dict.fromkeys(text for part in parts for text in part if len(text) > 250))


def as_document(entry: Described) -> str:
    """A docstring as it would be indexed: the name, then the text."""
    return f"{entry.name}\n\n{entry.first} {entry.body}"[:900]


def rephrased(sentence: str, rng: Random) -> str:
    """A sentence that describes what something does, the way somebody would look for it."""
    text = sentence.rstrip(". ")
    edit = words.synonym(text, rng) if rng.random() < 0.5 else None
    text = edit.text if edit else text
    first, _, rest = text.partition(" ")
    verb = first.lower()
    base = verb.removesuffix("s") if not verb.endswith("ss") else verb
    parts: Sequence[str] = rest.split()
    if len(parts) > 8 and rng.random() < 0.4:
        parts = parts[: rng.randint(6, 9)]
    kept = [w for w in parts if rng.random() > 0.12 or w.lower() in words.opposites() or w.lower() in _KEPT]
    rest = " ".join(kept if rng.random() < 0.5 and len(kept) > 2 else parts)
    return rng.choice(
        (
            text,
            f"{verb} {rest}",
            f"how to {base} {rest}",
            f"how do I {base} {rest}?",
            f"function that will {base} {rest}",
            rest,
            rest,
            f"{base} {rest}",
            f"I want to {base} {rest}",
        )
    )


_KEPT = word_set("no not without with before after from to into only all any never and or nor unless")
_COMMON = word_set(
    "a an the of to in on at by for with from as is are was were be been being and or not it its this that"
    " these those he she they we you his her their our which who whom what when where why how than then also"
    " can could may might must shall should will would do does did done has have had but if into over such"
    " there some any all each both other more most only so very one two first many much no"
)
