"""Likelihoods by a causal language model: a small one of random weights, made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from germane.errors import MissingModel
from germane.learn.likelihood import AT_ONCE, LanguageModel

WORDS = ["[UNK]", "the", "cat", "sat", "on", "a", "mat", "why", "who", "?"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("model")
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]").save_pretrained(home)
    torch.manual_seed(0)
    config = GPT2Config(vocab_size=len(WORDS), n_positions=32, n_embd=16, n_layer=2, n_head=2)
    GPT2LMHeadModel(config).save_pretrained(home)
    return home


def test_it_is_the_mean_log_probability_of_the_query_after_each_prefix(folder: Path) -> None:
    """Whatever stands beside it in the batch."""
    model, query = LanguageModel(str(folder)), "why the cat ?"
    prefixes = ["the cat sat", "a", "the cat sat on a mat who", *["on a mat"] * AT_ONCE]
    network = GPT2LMHeadModel.from_pretrained(folder).eval()
    wanted = []
    for prefix in prefixes:
        before, asked = (torch.tensor([WORDS.index(w) for w in text.split()]) for text in (prefix, query))
        with torch.no_grad():
            shares = network(torch.cat([before, asked])[None]).logits[0].log_softmax(-1)
        at = torch.arange(len(before) - 1, len(before) + len(asked) - 1)
        wanted.append(float(shares[at, asked].mean()))
    assert model.mean_log_likelihood(query, prefixes) == pytest.approx(np.array(wanted), abs=1e-4)


def test_a_prefix_that_is_too_long_keeps_its_end(folder: Path) -> None:
    model = LanguageModel(str(folder))
    long, end = "the " * 40 + "cat sat on a mat", "the " * 25 + "cat sat on a mat"
    assert model.mean_log_likelihood("why ?", [long]) == pytest.approx(
        model.mean_log_likelihood("why ?", [end]), abs=1e-4
    )


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingModel) as raised:
        LanguageModel(str(tmp_path / "none")).mean_log_likelihood("why?", ["because"])
    assert raised.value.hint
