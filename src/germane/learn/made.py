"""The examples of a split, made once and kept."""

from __future__ import annotations

import json
from pathlib import Path

from germane.encode.onnx import OnnxEncoder
from germane.learn.edited import edits
from germane.learn.examples import Builder, Example
from germane.measure.split import Split


def examples(data: Path, split: Split, work: Path, encoder: OnnxEncoder) -> list[Example]:
    """The examples of one split, made once and kept in ``work``."""
    path = work / f"examples-{split}.json"
    if not path.is_file():
        work.mkdir(parents=True, exist_ok=True)
        made = Builder(data, split, encoder, edits(data, split, work, encoder)).all()
        path.write_text(json.dumps(made), encoding="utf-8")
    return [Example(*row) for row in json.loads(path.read_text(encoding="utf-8"))]
