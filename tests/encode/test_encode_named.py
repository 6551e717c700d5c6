"""Encoders by name: a small sentence-transformers model made here, and clear words where there is none."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from germane import Index
from germane.encode.load import load_encoder
from germane.encode.onnx import SHIPPED
from germane.encode.protocol import Encoder
from germane.errors import EncoderMismatch, InputError, MissingExtra, MissingModel

pytestmark = pytest.mark.slow
TEXTS = ["import the contacts", "The quick brown fox, isn't it?", ""]


def make_model(folder: Path, seed: int = 0) -> Path:
    """A BERT of one layer with random weights and the shipped vocabulary, as a model folder."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("sentence_transformers")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(seed)
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    base = folder / "base"
    BertModel(config).save_pretrained(base)
    BertTokenizerFast(tokenizer_file=str(SHIPPED / "tokenizer.json")).save_pretrained(base)
    transformer = Transformer(str(base), max_seq_length=64)
    model = SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu", prompts={"query": "find: "})
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("named"))


@pytest.mark.filterwarnings("default")
def test_a_local_folder_is_an_encoder(model: Path) -> None:
    encoder = load_encoder(str(model))
    assert isinstance(encoder, Encoder)
    assert (encoder.dimension, encoder.token_dimension) == (32, 32)
    pooled, tokens = encoder.encode(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(pooled, axis=1), 1, atol=1e-5)
    for text, matrix in zip(TEXTS, tokens, strict=True):
        assert len(matrix.vectors) == len(matrix.ids) == len(matrix.offsets)
        assert [text[a:b].lower() for a, b in matrix.offsets] == spelled(text)
    assert encoder.encode([]).pooled.shape == (0, 32)
    with pytest.raises(InputError):
        encoder.encode([b"bytes"])  # type: ignore[list-item]


@pytest.mark.filterwarnings("default")
def test_the_models_prompt_changes_the_vector_and_not_the_places(model: Path) -> None:
    encoder = load_encoder(str(model))
    asked, said = encoder.encode(TEXTS[:1], kind="query"), encoder.encode(TEXTS[:1])
    assert not np.allclose(asked.pooled, said.pooled)
    np.testing.assert_array_equal(asked.tokens[0].offsets, said.tokens[0].offsets)


@pytest.mark.filterwarnings("default")
def test_an_index_keeps_to_the_model_it_was_made_with(model: Path, corpus: Path, tmp_path: Path) -> None:
    with Index.create(tmp_path / "index", encoder=str(model)) as index:
        index.add(corpus)
    with Index.open(tmp_path / "index") as index:
        found = index.search("how many days of leave in 2024?")
        assert found.results or found.rejected
    make_model(model.parent, seed=1)
    load_encoder.cache_clear()
    with Index.open(tmp_path / "index") as index, pytest.raises(EncoderMismatch):
        index.search("how many days of leave in 2024?")


def test_a_model_that_cannot_be_had_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sentence_transformers")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    start = time.perf_counter()
    with pytest.raises(MissingModel, match="cannot be reached"):
        load_encoder("nobody/no-such-model")
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingModel, match="model folder"):
        load_encoder(str(tmp_path / "empty"))
    assert time.perf_counter() - start < 60


def test_a_missing_extra_names_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra) as raised:
        load_encoder("anything/else")
    assert raised.value.hint == "pip install 'germane[models]'"


def spelled(text: str) -> list[str]:
    [matrix] = load_encoder().encode([text]).tokens
    return [text[a:b].lower() for a, b in matrix.offsets]
