"""What orders recall's candidates, and what is not called relevant: choices, on development tasks only.

    python benchmarks/order.py --data DATA_FOLDER --work WORK_FOLDER

The tasks are the dev parts of those of ``germane.learn.rankings``, SciFact's *train* queries and the demo's
*dev* questions. The last two run through a real index; all signals are kept in WORK_FOLDER, so that another
sum costs nothing. Of what the shipped sum calls relevant or unsure it says how much is right. Writes
``order.json`` and ``order.md`` into ``results/``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.bench.ranker import DEPTH
from germane.bench.retrieval import documents_of, indexed
from germane.demo import demo_documents, load_questions
from germane.encode.onnx import OnnxEncoder
from germane.index import Index
from germane.learn.calibrate import judge_ranking
from germane.learn.rankings import TASKS, Ranking, modules
from germane.learn.recalled import recall as recall_in_memory
from germane.measure.beir import load_beir
from germane.measure.intervals import compare_paired
from germane.recall import recall
from germane.verify.calibration import EVIDENCE, signals
from germane.verify.verifier import Verifier

COLUMNS = ("fused", "maxsim", "logit", "belief", "similarity")
SUMS: dict[str, Mapping[str, float]] = {
    "fusion": {"fused": 1},
    "MaxSim": {"maxsim": 1},
    "verifier alone": {"logit": 1},
    "60 f + 0.5 m": {"fused": 60, "maxsim": 0.5},
    "60 f + 0.25 b": {"fused": 60, "belief": 0.25},
    "shipped": EVIDENCE,
    "60 f + 0.5 m + 0.5 b": {"fused": 60, "maxsim": 0.5, "belief": 0.5},
    "60 f + 1 m + 0.25 b": {"fused": 60, "maxsim": 1, "belief": 0.25},
    "60 f + 1 m + 0.5 b": {"fused": 60, "maxsim": 1, "belief": 0.5},
    "60 f + 2 m + 1 b": {"fused": 60, "maxsim": 2, "belief": 1},
    "60 f + 0.1 logit": {"fused": 60, "logit": 0.1},
}
"""f: the sum of reciprocal ranks, m: MaxSim, b: the verifier's belief."""


class Task(NamedTuple):
    """The candidates of all queries, one query after the other: for each its signals, the document it
    belongs to, and whether that is right. Query ``i`` has ``ends[i]:ends[i + 1]`` of them and ``right[i]``
    right documents."""

    signals: dict[str, NDArray[np.float64]]
    documents: NDArray[np.int64]
    labels: NDArray[np.bool_]
    ends: NDArray[np.int64]
    right: NDArray[np.int64]

    def save(self, path: Path) -> None:
        rest = {name: getattr(self, name) for name in self._fields[1:]}
        np.savez_compressed(path, **self.signals, **rest)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Task:
        with np.load(path) as held:
            return cls({name: held[name] for name in COLUMNS}, *(held[name] for name in cls._fields[1:]))


def of_ranking(ranking: Ranking, verifier: Verifier, encoder: OnnxEncoder) -> Task:
    """A task of ``germane.learn``: a passage is a document."""
    recalled = recall_in_memory(ranking, encoder)
    judged = judge_ranking(verifier, ranking, recalled, encoder)
    ends = np.cumsum([0, *map(len, recalled.candidates)])
    return Task(
        {name: judged.features[name] for name in COLUMNS},
        np.concatenate(recalled.candidates),
        judged.labels,
        ends,
        np.array([len(found) for found in ranking.relevant]),
    )


def of_index(index: Index, asked: Iterable[tuple[str, set[str]]], verifier: Verifier) -> Task:
    """Queries with the ids of the documents that are right, over a real index."""
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in (*COLUMNS, "documents", "labels")}
    ends, right, numbers = [0], [], dict[str, int]()
    for text, answers in asked:
        encoded = verifier.encoder.encode([text], kind="query")
        found = recall(index.store, text, encoded.pooled[0], DEPTH)
        tokens = [stored.tokens for stored in found.stored if stored.tokens is not None]
        read = verifier.verify(encoded.tokens[0], tokens, found.similarity)
        logit, maxsim = np.array([v.logit for v in read]), np.array([v.maxsim for v in read])
        table = signals(logit, maxsim, found.similarity, found.fused)
        for name in COLUMNS:
            parts[name].append(np.asarray(table[name], np.float64))
        ids = [stored.passage.place.document for stored in found.stored]
        parts["documents"].append(np.array([numbers.setdefault(id, len(numbers)) for id in ids], np.int64))
        parts["labels"].append(np.array([id in answers for id in ids]))
        ends.append(ends[-1] + len(ids))
        right.append(len(answers))
    joined = {name: np.concatenate(each) for name, each in parts.items()}
    rest = [joined.pop(name) for name in ("documents", "labels")]
    return Task(joined, *rest, np.array(ends), np.array(right))


def tasks(data: Path, work: Path, queries: int) -> Iterator[tuple[str, Task]]:
    """Every development task by name, made once and kept in ``work``."""
    encoder = OnnxEncoder(threads=1)
    verifier = Verifier.load(encoder=encoder)
    for make in (*TASKS, modules):
        path = work / f"{make.__name__}.npz"
        if not path.is_file():
            of_ranking(make(data, "dev").sampled(queries), verifier, encoder).save(path)
        yield make.__name__, Task.load(path)
    if not (work / "scifact.npz").is_file():
        held = load_beir(data / "scifact", "train").first(queries)
        asked = [
            (held.queries[q], {d for d, grade in held.qrels[q].items() if grade > 0}) for q in held.qrels
        ]
        with indexed(documents_of(held), work / "scifact.index") as index:
            of_index(index, asked, verifier).save(work / "scifact.npz")
    yield "scifact train", Task.load(work / "scifact.npz")
    if not (work / "demo.npz").is_file():
        wanted = [(q.question, set(q.answers)) for q in load_questions() if q.split == "dev"]
        with indexed(demo_documents(), work / "demo.index", whole=False) as index:
            of_index(index, wanted, verifier).save(work / "demo.npz")
    yield "demo dev", Task.load(work / "demo.npz")


def ndcg(task: Task, scores: NDArray[np.float64], depth: int = 10) -> NDArray[np.float64]:
    """Binary nDCG@10 of each query that has a right document; a document counts at its best passage."""
    discount = 1 / np.log2(np.arange(depth) + 2)
    values = []
    for i in np.flatnonzero(task.right):
        span = slice(task.ends[i], task.ends[i + 1])
        order = np.argsort(-scores[span], kind="stable")
        documents, labels = task.documents[span][order], task.labels[span][order]
        first = np.sort(np.unique(documents, return_index=True)[1])[:depth]
        best = discount[: min(int(task.right[i]), depth)].sum()
        values.append(float((labels[first] * discount[: len(first)]).sum() / best))
    return np.array(values)


def summed(task: Task, weights: Mapping[str, float]) -> NDArray[np.float64]:
    return np.asarray(sum(w * task.signals[name] for name, w in weights.items()))


def compare(task: Task) -> dict[str, Any]:
    """nDCG@10 by each sum, and how far from fusion with its interval."""
    values = {name: ndcg(task, summed(task, weights)) for name, weights in SUMS.items()}
    return {
        "queries": len(values["fusion"]),
        "verdicts": verdicts(task),
        "sums": {
            name: {
                "nDCG@10": float(each.mean()),
                "against fusion": compare_paired(each, values["fusion"])._asdict(),
            }
            for name, each in values.items()
        },
    }


def verdicts(task: Task) -> dict[str, dict[str, list[int]]]:
    """How much the shipped sum would call relevant, and how much unsure; how much of it is right, of all, and
    of what the model alone holds less likely than not."""
    made = Verifier.load().calibration
    probability = made.probability(*(task.signals[n] for n in ("logit", "maxsim", "similarity", "fused")))
    relevant = probability >= made.relevant["recall"]
    steps = {"relevant": relevant, "unsure": (probability >= made.unsure["recall"]) & ~relevant}
    found: dict[str, dict[str, list[int]]] = {}
    for step, called in steps.items():
        parts = {"all": called}
        if step == "relevant":
            parts["the model holds it unlikely"] = called & (task.signals["logit"] < 0)
        found[step] = {name: [int(p.sum()), int(task.labels[p].sum())] for name, p in parts.items()}
    return found


def markdown(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """A row a sum, a column a task; the last two say how often it loses to fusion and the mean."""
    names = list(rows)
    head = [f"{name} ({rows[name]['queries']})" for name in names]
    lines = [
        f"| nDCG@10, dev (queries) | {' | '.join(head)} | tasks it loses | mean |",
        "|---|" + "---:|" * (len(names) + 2),
    ]
    for chosen in SUMS:
        values: Sequence[float] = [rows[name]["sums"][chosen]["nDCG@10"] for name in names]
        lost = sum(v < rows[n]["sums"]["fusion"]["nDCG@10"] for n, v in zip(names, values, strict=True))
        cells = " | ".join(f"{v:.3f}" for v in values)
        lines.append(f"| {chosen} | {cells} | {lost} | {np.mean(values):.3f} |")
    lines += ["", f"| right of those called so | {' | '.join(names)} | together |"]
    lines.append("|---|" + "---:|" * (len(names) + 1))
    for step in ("relevant", "unsure"):
        for said in rows[names[0]]["verdicts"][step]:
            counts = np.array([rows[name]["verdicts"][step][said] for name in names])
            cells = " | ".join(f"{right} of {n}" for n, right in counts)
            share = counts[:, 1].sum() / max(counts[:, 0].sum(), 1)
            lines.append(f"| {step}, {said} | {cells} | {share:.3f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=300, help="of each task, at most")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    rows = {}
    for name, task in tasks(arguments.data, arguments.work, arguments.queries):
        rows[name] = compare(task)
        print(name, json.dumps(rows[name]["sums"]["shipped"]), flush=True)
    (arguments.out / "order.json").write_text(json.dumps(rows, indent=1) + "\n")
    (arguments.out / "order.md").write_text(markdown(rows))


if __name__ == "__main__":
    main()
