"""Groups made by the edit grammar from licensed text: a text, its edits, and its neighbours.

Edits alone teach that texts with the same words are suspect. So there are paraphrases edited twice,
near-misses that are rephrased as well, and neighbours: other texts that lie near and say something else.

Usage: python -m germane.learn.edited --data FOLDER --split train --out FILE [--texts 5000]
"""

from __future__ import annotations

import argparse
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from germane.edit.grammar import Domain, changing, keeping
from germane.encode.onnx import OnnxEncoder
from germane.learn.groups import Group, Typed, save
from germane.learn.rankings import SENTENCE_END
from germane.learn.sources import descriptions
from germane.measure.pairs import load_cannot
from germane.measure.questions import load_clinc, load_squad
from germane.measure.split import Split, split_of

logger = logging.getLogger(__name__)
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


def main() -> None:
    import spacy

    from germane.learn.verifier import SPACY

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=["train", "dev", "test"], required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=5000, help="of each domain, at most")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    rng, nlp, encoder = (
        Random(f"{arguments.seed} {arguments.split}"),
        spacy.load(SPACY),
        OnnxEncoder(threads=1),
    )
    found = [
        group
        for domain, rows in texts(arguments.data, arguments.split, arguments.texts, rng).items()
        for group in groups(rows, domain, nlp, encoder, rng)
    ]
    save(found, arguments.out)
    logger.info("%d groups", len(found))


if __name__ == "__main__":
    main()
