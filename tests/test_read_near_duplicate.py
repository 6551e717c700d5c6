"""Near-duplicates: same words group, other words do not, and keys are the same everywhere."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.read import near_duplicate as near

WORDS = [f"word{i}" for i in range(5000)]


def passage(seed: int, words: int = 150) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def exact(a: str, b: str) -> float:
    left, right = set(near.shingle(a).tolist()), set(near.shingle(b).tolist())
    return len(left & right) / len(left | right)


def test_equal_up_to_case_and_punctuation() -> None:
    a = near.signature("The cat, it sat on the mat. Then it left!")
    assert near.similar(a, near.signature("the CAT it sat  on the mat then it left")) == 1.0


def test_short_texts_are_alike_only_when_equal() -> None:
    assert near.similar(near.signature("Not found"), near.signature("not found.")) == 1.0
    assert near.similar(near.signature("Not found"), near.signature("not bound")) < 0.1
    assert near.similar(near.signature("..."), near.signature("???")) < 0.1


def test_one_changed_word_shares_a_band_and_passes_the_threshold() -> None:
    shared = 0
    for seed in range(100):
        words = passage(seed)
        changed = [*words[:70], "other", *words[71:]]
        a, b = near.signature(" ".join(words)), near.signature(" ".join(changed))
        shared += bool(set(near.bands(a)) & set(near.bands(b))) and near.similar(a, b) >= near.THRESHOLD
    assert shared >= 98


def test_unrelated_texts_share_no_band() -> None:
    keys = [key for seed in range(200) for key in near.bands(near.signature(" ".join(passage(seed))))]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("cut", [5, 20, 50, 75])
def test_the_estimate_is_near_the_jaccard_index(cut: int) -> None:
    errors = []
    for seed in range(30):
        words = passage(seed)
        a, b = " ".join(words), " ".join(words[cut:] + passage(seed + 1000, cut))
        errors.append(near.similar(near.signature(a), near.signature(b)) - exact(a, b))
    assert abs(np.mean(errors)) < 0.03
    assert np.max(np.abs(errors)) < 0.2


@given(st.text())
def test_any_text_has_a_signature_and_bands_fit_sqlite(text: str) -> None:
    signature = near.signature(text)
    assert signature.shape == (near.PERMUTATIONS,)
    assert signature.dtype == np.uint64
    keys = near.bands(signature)
    assert len(keys) == near.BANDS
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_the_same_in_another_process() -> None:
    code = (
        "from germane.read import near_duplicate as n; print(n.bands(n.signature('one two three four five')))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == str(near.bands(near.signature("one two three four five")))
