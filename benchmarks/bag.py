"""What lexical relations and overlap alone are worth, learnt: a bag of features of a pair, no map is read.

    python benchmarks/bag.py --data DATA_FOLDER [--texts 1500]

A logistic regression on a dozen features of a pair of texts (overlap, the lexicon's relations, negation,
numbers, order, cosine, MaxSim), trained on edits of licensed train text (``germane.edit``), on neighbours
that say something else, and on PAWS-wiki's and CANNOT's train parts; tried on the pairs of ``germane bench
near-miss``. Beside it the same features without those that need the encoder, and the whole trained without
neighbours, on edits alone: then overlap itself becomes suspect. It is what a verifier must beat. The
neighbours were put in after a look at the results without. Writes ``bag.json`` and ``bag.md`` into
``results/``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from germane.bench.near_miss_pairs import drawn
from germane.bench.near_miss_sets import SETS
from germane.bench.near_miss_systems import MARK, NEGATION, OPPOSITE, SAME, STOP, SYNONYM, relation_score
from germane.bench.near_miss_texts import Texts, encoded
from germane.edit.grammar import Domain, changing, keeping
from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Tokens
from germane.learn.rankings import SENTENCE_END
from germane.learn.sources import descriptions
from germane.learn.verifier import SPACY
from germane.measure.decisions import auroc
from germane.measure.intervals import resampled_interval
from germane.measure.overlap import content_words, jaccard, length_ratio
from germane.measure.pairs import load_cannot, load_paws
from germane.measure.questions import load_clinc, load_squad
from germane.measure.split import split_of
from germane.verify.lexicon import Lexicon, shipped
from germane.verify.numbers import stated

FEATURES = (
    "cosine", "MaxSim", "least match", "jaccard", "length ratio", "shared", "synonyms", "opposites",
    "unmatched", "negation", "numbers", "order", "relation score",
)  # fmt: skip
WITH_ENCODER = 3
"""The first features that need the encoder's vectors."""


def one_way(query: Tokens, passage: Tokens, lexicon: Lexicon) -> list[float]:
    """Features of the query's content words against the passage, each a share of them."""
    content = lexicon.features[query.ids][:, [STOP, MARK, NEGATION]].max(axis=1) == 0
    count = max(int(content.sum()), 1)
    codes = lexicon.relations(query.ids[content], passage.ids)
    cosines = query.vectors @ passage.vectors.T
    best = cosines.max(axis=1)
    same, synonym = (codes == SAME).any(axis=1), (codes == SYNONYM).any(axis=1)
    against = (codes == OPPOSITE).any(axis=1) & ~same
    places = [int(np.flatnonzero(row == SAME)[0]) for row in codes if (row == SAME).any()]
    turned = sum(a > b for i, a in enumerate(places) for b in places[i + 1 :])
    pairs = max(len(places) * (len(places) - 1) // 2, 1)
    return [
        float(best.mean()),
        float(best[content].min()) if content.any() else 1.0,
        same.sum() / count,
        (synonym & ~same).sum() / count,
        against.sum() / count,
        (~same & ~synonym & ~against & (best[content] < 0.5)).sum() / count,
        turned / pairs,
        relation_score(query, passage, lexicon),
    ]


def features(texts: Texts, lexicon: Lexicon) -> NDArray[np.float64]:
    """``(pairs, features)``, the same for both directions of a pair."""
    rows = []
    for i, (first, second) in enumerate(zip(texts.queries, texts.passages, strict=True)):
        a, b = texts.asked.tokens[i], texts.said.tokens[i]
        both = np.mean([one_way(a, b, lexicon), one_way(b, a, lexicon)], axis=0)
        negated = [(lexicon.features[t.ids, NEGATION] > 0).sum() % 2 for t in (a, b)]
        numbers = [{n.value for n in stated(text)} for text in (first, second)]
        maxsim, least, same, synonym, against, unmatched, order, score = both.tolist()
        rows.append([
            float(texts.asked.pooled[i] @ texts.said.pooled[i]), maxsim, least,
            jaccard(content_words(first), content_words(second)), length_ratio(first, second),
            same, synonym, against, unmatched, float(negated[0] != negated[1]),
            float(len(numbers[0] ^ numbers[1])), order, score,
        ])  # fmt: skip
    return np.array(rows)


def sources(data: Path, most: int, rng: Random) -> Iterator[tuple[Domain, list[str]]]:
    squad = [q for q in load_squad(data / "squad2") if q.split == "train"]
    paragraphs = sorted({q.passage for q in squad})
    parts: dict[Domain, list[str]] = {
        "text": [s for p in paragraphs for s in SENTENCE_END.split(p) if 30 < len(s) < 220],
        "question": sorted({q.question for q in squad}),
        "command": sorted({c.text for c in load_clinc(data / "clinc150") if c.split == "train"}),
        "docs": sorted(d.first for d in descriptions() if split_of(d.first.lower()) == "train"),
    }
    for domain, texts in parts.items():
        yield domain, rng.sample(texts, min(most, len(texts)))


def training(data: Path, most: int, encoder: OnnxEncoder, seed: int = 0) -> list[tuple[str, str, bool, str]]:
    """Pairs of a text and its edit, of two edits, of a text and the one that lies nearest to it (which says
    something else), and the train parts of PAWS-wiki and CANNOT; each with where it is from."""
    rng, nlp, pairs = Random(seed), spacy.load(SPACY), list[tuple[str, str, bool, str]]()
    for domain, texts in sources(data, most, rng):
        pooled = encoder.encode(texts, tokens=False).pooled
        near = np.argsort(-(pooled @ pooled.T), axis=1)[:, 1:6]
        for i, (text, doc) in enumerate(zip(texts, nlp.pipe(texts, batch_size=256), strict=True)):
            kept = [e for e in keeping(doc, rng, domain=domain, without=("question",)) if e.text != text]
            for edit in rng.sample(kept, min(2, len(kept))):
                pairs.append((text, edit.text, True, "edit"))
                # Twice edited: the same in other words, further away.
                again = keeping(nlp(edit.text), rng, domain=domain, without=("question", edit.kind))
                if again:
                    pairs.append((text, rng.choice(again).text, True, "edit"))
            changed = changing(doc, rng, domain=domain)
            for edit in rng.sample(changed, min(1, len(changed))):
                other = rng.choice(kept).text if kept and rng.random() < 0.5 else text
                pairs.append((other, edit.text, False, "edit"))
            if domain != "command":  # neighbours among commands often ask the same
                pairs.append((text, texts[rng.choice(near[i].tolist())], False, "neighbour"))
            pairs.append((text, rng.choice(texts), False, "neighbour"))
    for pair in (*load_paws(data / "paws-wiki-dev"), *load_cannot(data / "cannot")):
        if pair.split == "train" and (pair.id.startswith("sem_anto") or rng.random() < 0.3):
            pairs.append((pair.first, pair.second, bool(pair.same), "set"))
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=1500, help="of each domain, at most")
    parser.add_argument("--limit", type=int, default=400, help="pairs of each set that is tried")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    encoder, lexicon = OnnxEncoder(threads=1), shipped()
    pairs = training(arguments.data, arguments.texts, encoder)
    labels = np.array([pair[2] for pair in pairs])
    table = features(encoded(encoder, [p[0] for p in pairs], [p[1] for p in pairs]), lexicon)
    print(f"{len(pairs)} training pairs, {labels.mean():.2f} of them right", flush=True)
    everything, edits = np.ones(len(pairs), bool), np.array([pair[3] != "neighbour" for pair in pairs])
    first = {"bag": 0, "bag without the encoder": WITH_ENCODER, "bag of edits alone": 0}
    models: dict[str, Any] = {}
    for name, start in first.items():
        rows_of = edits if name == "bag of edits alone" else everything
        models[name] = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
        models[name].fit(table[rows_of, start:], labels[rows_of])
    weights = dict(zip(FEATURES, models["bag"][-1].coef_[0].round(3).tolist(), strict=True))
    rows: dict[str, dict[str, list[float]]] = {}
    for each in SETS:
        tried = drawn(each.read(arguments.data), arguments.limit)
        right = np.array([pair.right for pair in tried])
        texts = encoded(encoder, [pair.query for pair in tried], [pair.passage for pair in tried])
        own = features(texts, lexicon)
        anchors = [pair.anchor or number for number, pair in enumerate(tried)]
        rows[each.name] = {}
        for name, start in first.items():
            scores = models[name].decision_function(own[:, start:])
            low, high = resampled_interval(auroc, right, scores, anchors)
            rows[each.name][name] = [round(float(v), 4) for v in (auroc(right, scores), low, high)]
        print(each.name, rows[each.name], flush=True)
    found = {"training_pairs": len(pairs), "weights": weights, "auroc": rows}
    (arguments.out / "bag.json").write_text(json.dumps(found, indent=1) + "\n")
    lines = ["| AUROC [95 %] | " + " | ".join(first) + " |", "|---|" + "---:|" * len(first)]
    for name, row in rows.items():
        cells = [f"{value:.3f} [{low:.3f}, {high:.3f}]" for value, low, high in row.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    (arguments.out / "bag.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
