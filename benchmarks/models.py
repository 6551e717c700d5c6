"""What a verifier may be made of: models compared on the same data, each trained as long on one core.

    python benchmarks/models.py --data FOLDER --work FOLDER --reference FOLDER [--minutes 4] [--only NAME]

``--work`` is the folder of ``germane.learn.tokens``, whose examples are used (short ones, drawn by weight);
``--reference`` holds ``model.safetensors`` of all-MiniLM-L6-v2. Every model gives the same five logits and
is trained by ``germane.learn.train``. Judged are *dev* pairs, since the shipped model is chosen by this
table. The last columns: milliseconds for 100 pairs of 20 and 128 tokens in torch (the head, one thread), and
bytes that a token of a stored passage takes. Writes ``models.json`` and ``models.md`` into ``results/``.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from germane.encode.onnx import SHIPPED, OnnxEncoder
from germane.learn.batches import Encodings
from germane.learn.examples import UNKNOWN, Example, examples
from germane.learn.export_encoder import load_weights
from germane.learn.head import FEATURES, Head, lengths, matched
from germane.learn.tokens import short
from germane.learn.train import Plan, log_odds, read, train
from germane.measure.decisions import auroc
from germane.measure.intervals import resampled_interval
from germane.measure.overlap import content_words, jaccard
from germane.verify.outputs import OUTPUTS, SAME, SUPPORTS
from germane.verify.thesaurus import RELATIONS, shipped

WIDTH = 384
COLUMNS = {"edits": "same edited", "written": "same written", "PAWS": "same paws", "answers": "kind",
           "supports": "supports"}  # fmt: skip
"""Of the table: what is asked, and of which source."""


class Patches(nn.Module):
    """F4 of arXiv 2604.16351: the maps, their row and column maxima, 8x8 patches, one Transformer layer."""

    def __init__(self, maps: int = 1, width: int = 384, most: int = 32) -> None:
        super().__init__()
        self.maps, self.most = maps, most
        self.patch = nn.Conv2d(3 * maps, width, 8, stride=8)
        self.place = nn.Parameter(torch.zeros(most, most, width))
        self.start = nn.Parameter(torch.zeros(1, 1, width))
        layer = nn.TransformerEncoderLayer(
            width, 1, 32, 0.1, activation="gelu", batch_first=True, norm_first=True
        )
        self.body = nn.TransformerEncoder(layer, 1, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.out = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, len(OUTPUTS)))

    def forward(self, query: Tensor, passage: Tensor, *rest: Tensor) -> tuple[Tensor, Tensor]:
        query_mask, passage_mask = rest[3], rest[4]
        cells = (query_mask[:, :, None] * passage_mask[:, None, :])[:, None]
        layers = [t.reshape(*t.shape[:2], self.maps, -1).permute(0, 2, 1, 3) for t in (query, passage)]
        maps = normalize(layers[0], dim=-1) @ normalize(layers[1], dim=-1).transpose(2, 3) * cells
        tall, wide = maps.amax(3, keepdim=True).expand_as(maps), maps.amax(2, keepdim=True).expand_as(maps)
        grid = self.patch(torch.cat([maps, tall * cells, wide * cells], 1)).permute(0, 2, 3, 1)
        present = nn.functional.max_pool2d(cells, 8)[:, 0] > 0
        tokens = (grid + self.place[: grid.shape[1], : grid.shape[2]]).flatten(1, 2)
        tokens = torch.cat([self.start.expand(len(tokens), 1, -1), tokens], 1)
        hidden = torch.cat([torch.ones(len(tokens), 1, dtype=torch.bool), present.flatten(1)], 1)
        logits: Tensor = self.out(self.body(tokens, src_key_padding_mask=~hidden)[:, 0])
        return logits, maps[:, -1].amax(2).mean(1)


class Bag(nn.Module):
    """How much of either text is matched, how well, and by which relations; no map is read."""

    def __init__(self) -> None:
        super().__init__()
        size = 2 * (len(RELATIONS) + 3) + 4
        self.out = nn.Sequential(nn.Linear(size, 64), nn.GELU(), nn.Linear(64, len(OUTPUTS)))

    def forward(
        self, query: Tensor, passage: Tensor, relations: Tensor, *rest: Tensor
    ) -> tuple[Tensor, Tensor]:
        query_features, passage_features, query_mask, passage_mask, similarity = rest
        cosines = query @ passage.transpose(1, 2)
        away = -1e4 * (1 - query_mask[:, :, None] * passage_mask[:, None, :])
        related = nn.functional.one_hot(relations.long(), len(RELATIONS) + 1)[..., 1:].float()
        best = (cosines + away).amax(2) * query_mask
        back = (cosines + away).amax(1) * passage_mask
        found = [matched(best, related.amax(2), query_features, query_mask),
                 matched(back, related.amax(1), passage_features, passage_mask),
                 lengths(query_mask, passage_mask), similarity, similarity]  # fmt: skip
        logits: Tensor = self.out(torch.cat(found, -1))
        return logits, best.sum(1) / query_mask.sum(1)


class Plain(nn.Module):
    """A head without what geometry cannot know: relations and the thesaurus's features are hidden."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(
        self, query: Tensor, passage: Tensor, relations: Tensor, *rest: Tensor
    ) -> tuple[Tensor, Tensor]:
        hidden = [torch.zeros_like(t) if t.shape[-1] == FEATURES and t.dim() == 3 else t for t in rest]
        found: tuple[Tensor, Tensor] = self.head(query, passage, torch.zeros_like(relations), *hidden)
        return found


class Made(nn.Module):
    """Token vectors made of hidden states ``(b, tokens, 3 * 384)``, and a head that reads them."""

    def __init__(self, vectors: Callable[[Tensor, Tensor], Tensor], head: nn.Module) -> None:
        super().__init__()
        self.vectors, self.reader = vectors, head

    def forward(self, query: Tensor, passage: Tensor, *rest: Tensor) -> tuple[Tensor, Tensor]:
        q, p = self.vectors(query, rest[3]), self.vectors(passage, rest[4])
        found: tuple[Tensor, Tensor] = self.reader(q * rest[3][..., None], p * rest[4][..., None], *rest)
        return found


class Last(nn.Module):
    """The last layer's states as they are."""

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        return normalize(states[..., -WIDTH:], dim=-1)


class Every(nn.Module):
    """Each layer's states as they are, side by side."""

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        return states


class Projection(nn.Module):
    """Learnt, of the last ``layers`` of the token layers, to ``dimension``."""

    def __init__(self, layers: int, dimension: int) -> None:
        super().__init__()
        self.layers, self.project = layers, nn.Linear(layers * WIDTH, dimension, bias=False)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        return normalize(self.project(states[..., -self.layers * WIDTH :]), dim=-1)


class Branch(nn.Module):
    """The layers above the one that is the input, trained in a branch of their own, then a projection.
    ``[CLS]`` and ``[SEP]`` are not read."""

    def __init__(self, weights: dict[str, np.ndarray], above: int, dimension: int = 112) -> None:
        super().__init__()
        self.at = {4: slice(WIDTH, 2 * WIDTH), 2: slice(0, WIDTH)}[above]
        layers = [nn.TransformerEncoderLayer(WIDTH, 12, 4 * WIDTH, 0.1, activation="gelu", batch_first=True)
                  for _ in range(above, 6)]  # fmt: skip
        for number, layer in enumerate(layers, above):
            layer.load_state_dict(_layer(weights, f"encoder.layer.{number}."))
        self.layers, self.project = nn.ModuleList(layers), nn.Linear(WIDTH, dimension, bias=False)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        hidden = states[..., self.at]
        for layer in self.layers:
            hidden = layer(hidden, src_key_padding_mask=mask == 0)
        return normalize(self.project(hidden), dim=-1)


def _layer(weights: dict[str, np.ndarray], name: str) -> dict[str, Tensor]:
    own = {k.removeprefix(name): torch.tensor(v) for k, v in weights.items() if k.startswith(name)}
    three = [f"attention.self.{part}" for part in ("query", "key", "value")]
    names = {
        "self_attn.out_proj": "attention.output.dense",
        "linear1": "intermediate.dense",
        "linear2": "output.dense",
        "norm1": "attention.output.LayerNorm",
        "norm2": "output.LayerNorm",
    }
    found = {f"{k}.{p}": own[f"{v}.{p}"] for k, v in names.items() for p in ("weight", "bias")}
    for part in ("weight", "bias"):
        found[f"self_attn.in_proj_{part}"] = torch.cat([own[f"{each}.{part}"] for each in three])
    return found


def models(reference: Path) -> dict[str, tuple[Callable[[], nn.Module], int]]:
    """By name: how it is made, and the bytes that a token's vector takes in int8."""
    weights = load_weights(reference)
    ours: dict[str, tuple[Callable[[], nn.Module], int]] = {
        "bag of relations, overlap and cosines": (lambda: Made(Last(), Bag()), 384),
        "F4 patches, last layer, frozen": (lambda: Made(Last(), Patches()), 384),
        "F4 patches, layers 2, 4, 6 as channels": (lambda: Made(Every(), Patches(3)), 1152),
        "F4 patches, upper two layers trained": (lambda: Made(Branch(weights, 4), Patches()), 112),
        "rows and stretches, last layer, no thesaurus": (lambda: Made(Last(), Plain(Head(384))), 384),
        "the same with the thesaurus": (lambda: Made(Last(), Head(384)), 384),
        "last layer projected, 112": (lambda: Made(Projection(1, 112), Head(112)), 112),
        "layers 2, 4, 6 projected, 112, no thesaurus": (
            lambda: Made(Projection(3, 112), Plain(Head(112))),
            112,
        ),
        "upper two layers trained, 112": (lambda: Made(Branch(weights, 4), Head(112)), 112),
        "upper four layers trained, 112": (lambda: Made(Branch(weights, 2), Head(112)), 112),
    }
    for size in (384, 128, 112, 96, 64):
        ours[f"layers 2, 4, 6 projected, {size}"] = (
            lambda size=size: Made(Projection(3, size), Head(size)), size)  # fmt: skip
    return ours


def untrained(dev: Sequence[Example], states: Encodings) -> dict[str, np.ndarray]:
    """Scores that need no training: shared words, the pooled cosine, MaxSim of the last layer."""
    found: dict[str, list[float]] = {"shared words": [], "cosine": [], "MaxSim": []}
    for e in dev:
        q, p = (normalize(torch.tensor(states.tokens(t).vectors[:, -WIDTH:]), dim=-1) for t in e[:2])
        found["shared words"].append(jaccard(content_words(e.query), content_words(e.passage)))
        found["cosine"].append(float(states.batch([(e.query, e.passage)], shipped()).similarity[0, 0]))
        found["MaxSim"].append(float((q @ p.T).amax(1).mean()) if len(q) and len(p) else 0.0)
    return {name: np.array(values) for name, values in found.items()}


def judged(dev: Sequence[Example], by: dict[str, np.ndarray]) -> dict[str, list[float]]:
    """AUROC [95 %] of each column; ``by`` holds scores of *same*, *kind* and *supports*."""
    found = {}
    for column, what in COLUMNS.items():
        question, _, source = what.partition(" ")
        rows = [
            i for i, e in enumerate(dev) if getattr(e, question) != UNKNOWN and e.source.startswith(source)
        ]
        if question != "same":
            rows = [i for i in rows if dev[i].same == UNKNOWN]
        right = np.array([getattr(dev[i], question) == (0 if question == "kind" else 1) for i in rows])
        score = by[question][rows]
        low, high = resampled_interval(auroc, right, score, [dev[i].query for i in rows], resamples=200)
        found[column] = [round(float(v), 4) for v in (auroc(right, score), low, high)]
    return found


def cost(model: nn.Module) -> float:
    """Milliseconds for 100 pairs of 20 and 128 tokens in torch, the head alone."""
    head = model.reader if isinstance(model, Made) else model
    width = 3 * WIDTH if getattr(head, "maps", 1) == 3 else WIDTH
    inner = head.head if isinstance(head, Plain) else head
    if isinstance(inner, Head):
        width = inner.project.in_features
    q, p = torch.rand(100, 24, width), torch.rand(100, 128, width)
    relations = torch.zeros(100, 24, 128, dtype=torch.int32)
    features = torch.zeros(100, 24, FEATURES), torch.zeros(100, 128, FEATURES)
    rest = (relations, *features, torch.ones(100, 24), torch.ones(100, 128), torch.ones(100, 1))
    times = []
    with torch.no_grad():
        for _ in range(7):
            start = time.perf_counter()
            head.eval()(q, p, *rest)
            times.append(1e3 * (time.perf_counter() - start))
    return round(float(np.median(times)), 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("data", "work", "reference"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=SHIPPED)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--examples", type=int, default=40_000)
    parser.add_argument("--dev", type=int, default=5000)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    torch.set_num_threads(1)
    encoder = OnnxEncoder(arguments.encoder)
    encoder.forget_projection()
    data, work = arguments.data, arguments.work
    found = short(examples(data, "train", work, encoder), arguments.examples)
    dev = short(examples(data, "dev", work, encoder), arguments.dev)
    states = Encodings([t for e in (*found, *dev) for t in e[:2]], encoder, work / "models", "states")
    table: dict[str, Any] = {}
    path = arguments.out / "models.json"
    if path.is_file():
        table = json.loads(path.read_text())["table"]
    for name, scores in untrained(dev, states).items():
        table[name] = {"auroc": judged(dev, dict.fromkeys(("same", "kind", "supports"), scores))}
    for name, (make, size) in models(arguments.reference).items():
        if arguments.only and name not in arguments.only:
            continue
        torch.manual_seed(0)
        model, started = make(), time.time()
        first = 6
        train(model, found, [], states, shipped(), Plan(first, pairs=128))
        steps = max(10, int(arguments.minutes * 60 / ((time.time() - started) / first)))
        torch.manual_seed(0)
        model = make()
        # Patches diverge at the rate that suits rows.
        rate = 5e-4 if name.startswith("F4") else 2e-3
        train(model, found, [], states, shipped(), Plan(steps, pairs=128, rate=rate))
        logits = read(model, dev, states, shipped())
        by = {"same": logits[:, SAME], "supports": logits[:, SUPPORTS],
              "kind": log_odds(torch.from_numpy(logits)).numpy()}  # fmt: skip
        table[name] = {
            "auroc": judged(dev, by), "pairs": steps * 128, "milliseconds": cost(model), "bytes": size,
            "parameters": sum(p.numel() for p in model.parameters()),
        }  # fmt: skip
        print(name, table[name], flush=True)
        path.write_text(
            json.dumps({"minutes": arguments.minutes, "dev": len(dev), "table": table}, indent=1) + "\n"
        )
    (arguments.out / "models.md").write_text(markdown(table))


def markdown(table: dict[str, Any]) -> str:
    head = [*COLUMNS, "pairs seen", "parameters", "ms", "bytes"]
    lines = ["| AUROC, dev | " + " | ".join(head) + " |", "|---|" + "---:|" * len(head)]
    for name, row in table.items():
        cells = [f"{v:.3f} [{low:.3f}, {high:.3f}]" for v, low, high in row["auroc"].values()]
        rest = [""] * 4
        if "pairs" in row:
            rest = [
                f"{row['pairs']:,}",
                f"{row['parameters']:,}",
                f"{row['milliseconds']}",
                f"{row['bytes']}",
            ]
        lines.append(f"| {name} | " + " | ".join([*cells, *rest]) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
