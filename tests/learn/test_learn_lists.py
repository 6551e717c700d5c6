"""Lists that the verifier learns an order from: the right passage first, the others never right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bm25s", reason="training only")

from germane.encode.onnx import OnnxEncoder
from germane.learn import rankings
from germane.learn.lists import LENGTH, Lists, Pool, pools
from germane.learn.rankings import Ranking
from germane.learn.recalled import recall

TEXTS = [
    f"{name} {verb} the {thing}."
    for name in ("Anna", "Boris", "Clara")
    for verb in ("bought", "sold")
    for thing in ("red car", "old house", "small boat")
]


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return Ranking("sales", ["who bought the old house", "nothing of this"], TEXTS, [{1, 7, 13}, set()])


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(threads=1)


def test_recall_ranks_by_both_stages(ranking: Ranking, encoder: OnnxEncoder) -> None:
    found = recall(ranking, encoder, depth=5)
    assert "bought the old house" in TEXTS[found.candidates[0][0]]
    assert np.all(np.diff(found.fused[0]) <= 0)
    assert found.lexical[0].shape == found.similarity[0].shape == found.candidates[0].shape


def test_pools_hold_only_queries_with_a_right_passage(ranking: Ranking, encoder: OnnxEncoder) -> None:
    [pool] = pools(ranking, encoder)
    assert {text for text, _ in pool.right} == {TEXTS[i] for i in (1, 7, 13)}
    assert not {text for text, _ in pool.right} & {text for text, _ in pool.wrong}
    scores = [score for _, score in pool.wrong]
    assert scores == sorted(scores, reverse=True)


def test_a_list_has_the_right_passage_first_and_no_passage_twice(
    ranking: Ranking, encoder: OnnxEncoder
) -> None:
    lists = Lists([pools(ranking, encoder)])
    drawn = lists.draw(20, np.random.default_rng(0))
    assert drawn.fused.shape == (20, LENGTH)
    right = {TEXTS[i] for i in (1, 7, 13)}
    for at in range(0, len(drawn.pairs), LENGTH):
        passages = [passage for _, passage in drawn.pairs[at : at + LENGTH]]
        assert passages[0] in right and not right & set(passages[1:])
        assert len(set(passages)) == LENGTH
    assert {text for pair in drawn.pairs for text in pair} <= lists.texts


def test_a_small_task_is_drawn_more_than_its_size_says() -> None:
    wrong = [(f"wrong {i}", 0.01) for i in range(LENGTH)]
    tasks = [[Pool(f"{name} {i}", [("right", 0.0)], wrong) for i in range(size)] for name, size in
             (("small", 4), ("large", 400))]  # fmt: skip
    drawn = Lists(tasks).draw(2000, np.random.default_rng(0))
    small = sum(query.startswith("small") for query, _ in drawn.pairs[::LENGTH]) / 2000
    assert small == pytest.approx(1 / 11, abs=0.03)  # sqrt(4) to sqrt(400)


@pytest.mark.data
def test_tasks_of_different_splits_share_no_query(data: Path) -> None:
    for task in rankings.TASKS:
        train, test = (task(data, split) for split in ("train", "test"))
        assert len(train.queries) == len(train.relevant) and train.queries
        assert all(0 <= i < len(train.passages) for right in train.relevant for i in right)
        shared = set(train.queries) & set(test.queries)
        # A few are asked of many texts ("What does the table show?").
        assert len(shared) <= 0.02 * len(test.queries), (train.name, sorted(shared)[:5])
