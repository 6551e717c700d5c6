"""The head in torch: padding and batch change nothing, and the ONNX file says the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training only")

from germane.encode.onnx import OnnxEncoder  # noqa: E402
from germane.learn.head import Head  # noqa: E402
from germane.verify.inputs import CHANNELS, assemble  # noqa: E402
from germane.verify.lexicon import FLAGS, shipped  # noqa: E402

TEXTS = ["import the contacts", "when does the first train leave?", "The first train leaves at 5. " * 6, "a"]


@pytest.fixture(scope="module")
def head() -> Head:
    torch.manual_seed(0)
    return Head(OnnxEncoder(threads=1).token_dimension, CHANNELS, len(FLAGS) + 1).eval()


def run(head: Head, queries: list[str], passages: list[str]) -> np.ndarray:
    encoder = OnnxEncoder(threads=1)
    inputs = assemble(encoder.encode(queries).tokens, encoder.encode(passages).tokens, shipped())
    with torch.no_grad():
        return head(*(torch.from_numpy(np.ascontiguousarray(array)) for array in inputs)).numpy()


def test_neither_padding_nor_the_batch_changes_a_score(head: Head) -> None:
    together = run(head, [TEXTS[0], TEXTS[1], TEXTS[2]], [TEXTS[3], TEXTS[2], TEXTS[0]])
    alone = [
        run(head, [q], [p])[0] for q, p in ((TEXTS[0], TEXTS[3]), (TEXTS[1], TEXTS[2]), (TEXTS[2], TEXTS[0]))
    ]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_order_of_the_words_changes_the_score(head: Head) -> None:
    forth = run(head, ["the dog bit the man"], ["the dog bit the man"])
    back = run(head, ["the dog bit the man"], ["the man bit the dog"])
    assert np.abs(forth - back).max() > 1e-3


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_onnx_file_says_what_torch_says(head: Head, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript", reason="training only")
    from germane.learn.export_verifier import TOLERANCE, save

    assert save(head, OnnxEncoder(threads=1), tmp_path) < TOLERANCE
    assert (tmp_path / "model.onnx").stat().st_size < 2**20
