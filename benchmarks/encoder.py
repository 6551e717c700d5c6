"""The shipped encoder against its float32 reference: fidelity, retrieval quality, speed, size.

    python benchmarks/encoder.py --reference MODEL_FOLDER --data SCIFACT_FOLDER

MODEL_FOLDER is the sentence-transformers folder of all-MiniLM-L6-v2 (``model.safetensors``,
``tokenizer.json``). Each width is built by ``germane.learn.export_encoder``; the shipped file is read
from the package; sentence-transformers itself runs the same weights beside them. Writes
``encoder.json`` and ``encoder.md`` into ``results/``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from germane.encode.load import load_encoder
from germane.encode.onnx import SHIPPED, OnnxEncoder
from germane.encode.protocol import Encoder
from germane.learn.export_encoder import build, load_weights
from germane.measure.beir import load_beir
from germane.measure.intervals import bootstrap_interval
from germane.measure.ranking import evaluate
from germane.measure.sets import RetrievalSet

SAMPLE = 128
BESIDE = ("tokenizer.json", "config.json", "projection.npy")


def folder_for(width: str, reference: Path, work: Path) -> Path:
    """A complete encoder folder with the reference's weights in ``width``."""
    folder = work / width
    folder.mkdir()
    (folder / "model.onnx").write_bytes(build(load_weights(reference), width).SerializeToString())
    for name in BESIDE:
        shutil.copy(SHIPPED / name, folder / name)
    return folder


def dynamic_folder(source: Path, work: Path) -> Path:
    """The common export: dynamic int8, scaled by batch; here to show what it does to a text's vectors."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder = work / "dynamic int8"
    folder.mkdir()
    quantize_dynamic(
        source / "model.onnx",
        folder / "model.onnx",
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    for name in BESIDE:
        shutil.copy(SHIPPED / name, folder / name)
    return folder


def rate(encoder: Encoder, texts: list[str]) -> float:
    start = time.perf_counter()
    encoder.encode(texts)
    return len(texts) / (time.perf_counter() - start)


def measure(encoder: OnnxEncoder, reference: OnnxEncoder, texts: list[str]) -> dict[str, Any]:
    """Cosines to the reference over ``texts``, and how far a text moves with its batch."""
    ours, theirs = encoder.encode(texts), reference.encode(texts)
    tokens = np.concatenate(
        [(a.vectors * b.vectors).sum(1) for a, b in zip(ours.tokens, theirs.tokens, strict=True)]
    )
    alone = np.concatenate([encoder.encode([text]).pooled for text in texts[:32]])
    return {
        "token_cosine": float(tokens.mean()),
        "token_cosine_least": float(tokens.min()),
        "pooled_cosine": float((ours.pooled * theirs.pooled).sum(1).mean()),
        "moves_with_batch": float(np.abs(alone - ours.pooled[:32]).max()),
        "megabytes": (encoder.folder / "model.onnx").stat().st_size / 1e6,
    }


def retrieval(encoder: Encoder, data: RetrievalSet) -> dict[str, Any]:
    ids = list(data.corpus)
    corpus = encoder.encode([data.corpus[id].full for id in ids], tokens=False).pooled
    vectors = encoder.encode([data.queries[q] for q in data.qrels], kind="query", tokens=False).pooled
    rankings = {
        query: [ids[i] for i in np.argsort(-scores, kind="stable")[:100]]
        for query, scores in zip(data.qrels, vectors @ corpus.T, strict=True)
    }
    values = evaluate(data.qrels, rankings, ["nDCG@10"])["nDCG@10"]
    return {
        "nDCG@10": float(values.mean()),
        "interval": list(bootstrap_interval(values)),
        "queries": len(values),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    data = load_beir(arguments.data)
    texts = [text.full for text in list(data.corpus.values())[:SAMPLE]]
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        folders = {width: folder_for(width, arguments.reference, work) for width in ("float32", "float16")}
        folders["dynamic int8"] = dynamic_folder(folders["float32"], work)
        folders["int8 by token (shipped)"] = SHIPPED
        encoders = {name: OnnxEncoder(folder, threads=1) for name, folder in folders.items()}
        torch.set_num_threads(1)
        reference = encoders["float32"]
        rows = []
        for name, encoder in encoders.items():
            encoder.encode(texts[:4])
            row = {"width": name, **measure(encoder, reference, texts)}
            row["speed"] = float(np.median([rate(encoder, texts) / rate(reference, texts) for _ in range(3)]))
            rows.append({**row, **retrieval(encoder, data)})
            print(rows[-1], flush=True)
        peer = load_encoder(str(arguments.reference))
        speed = float(np.median([rate(peer, texts) / rate(reference, texts) for _ in range(3)]))
        rows.append({"width": "sentence-transformers", "speed": speed,
                     **retrieval(peer, data)})  # fmt: skip
        print(rows[-1], flush=True)
    (arguments.out / "encoder.json").write_text(json.dumps({"sample": SAMPLE, "rows": rows}, indent=1) + "\n")
    lines = [
        "| weights | MB | speed | token cosine (least) | pooled | moves by batch | SciFact nDCG@10 |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        low, high = r["interval"]
        quality = f"{r['nDCG@10']:.4f} [{low:.3f}, {high:.3f}]"
        if "token_cosine" not in r:
            lines.append(f"| {r['width']} | | {r['speed']:.2f} | | | | {quality} |")
            continue
        lines.append(
            f"| {r['width']} | {r['megabytes']:.0f} | {r['speed']:.2f} | {r['token_cosine']:.4f} "
            f"({r['token_cosine_least']:.3f}) | {r['pooled_cosine']:.4f} | {r['moves_with_batch']:.1e} "
            f"| {quality} |"
        )
    (arguments.out / "encoder.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
