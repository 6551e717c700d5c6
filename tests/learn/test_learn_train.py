"""The model in torch: padding and batch change nothing, it learns, and the ONNX file says the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training only")
pytest.importorskip("onnxscript", reason="training only")

from germane.encode.onnx import OnnxEncoder  # noqa: E402
from germane.learn.batches import Encodings  # noqa: E402
from germane.learn.examples import UNKNOWN, Example  # noqa: E402
from germane.learn.export_verifier import TOLERANCE, save  # noqa: E402
from germane.learn.head import Head, Projected  # noqa: E402
from germane.learn.train import Plan, log_odds, read, tensors, train  # noqa: E402
from germane.learn.verifier import held_out  # noqa: E402
from germane.measure.decisions import auroc  # noqa: E402
from germane.verify.inputs import Inputs, assemble  # noqa: E402
from germane.verify.outputs import NEAR_MISS, OFF_TOPIC, OUTPUTS, RELEVANT, SAME  # noqa: E402  # noqa: E402
from germane.verify.session import session  # noqa: E402
from germane.verify.thesaurus import shipped  # noqa: E402

TEXTS = ["import the contacts", "when does the first train leave?", "The first train leaves at 5. " * 6, "a"]
VERBS = ("open", "close", "import", "export", "mute", "unmute", "lock", "unlock", "start", "stop")
THINGS = ("the door", "the contacts", "the room", "the car", "the old report", "a game")


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(threads=1)


@pytest.fixture(scope="module")
def head(encoder: OnnxEncoder) -> Head:
    torch.manual_seed(0)
    return Head(encoder.token_dimension).eval()


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    right = [Example(f"{v} {t}", f"please {v} {t} now", "a/b/c", RELEVANT, 1) for v in VERBS for t in THINGS]
    pairs = zip(VERBS[::2], VERBS[1::2], strict=True)
    wrong = [Example(f"{a} {t}", f"{b} {t}", "a/b/d", NEAR_MISS, 0) for a, b in pairs for t in THINGS]
    off = [Example(f"{v} the door", "Bread is baked.", "a/b/e", OFF_TOPIC, UNKNOWN, 0) for v in VERBS]
    return [*right, *wrong, *off]


def inputs(encoder: OnnxEncoder, queries: list[str], passages: list[str]) -> Inputs:
    asked, said = encoder.encode(queries), encoder.encode(passages)
    return assemble(asked.tokens, said.tokens, (asked.pooled * said.pooled).sum(axis=1), shipped())


def run(head: Head, given: Inputs) -> np.ndarray:
    with torch.no_grad():
        logits, best = head(*tensors(given))
    return np.concatenate([logits.numpy(), best.numpy()[:, None]], axis=1)


def test_neither_padding_nor_the_batch_changes_a_score(encoder: OnnxEncoder, head: Head) -> None:
    pairs = [(TEXTS[0], TEXTS[3]), (TEXTS[1], TEXTS[2]), (TEXTS[2], TEXTS[0])]
    together = run(head, inputs(encoder, [a for a, _ in pairs], [b for _, b in pairs]))
    alone = [run(head, inputs(encoder, [a], [b]))[0] for a, b in pairs]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert together.shape == (3, len(OUTPUTS) + 1)


def test_what_is_masked_is_as_if_it_were_not_there(encoder: OnnxEncoder, head: Head) -> None:
    """A word at the end taken out of the map leaves the pair without it."""
    whole = inputs(encoder, [TEXTS[0] + " now"], [TEXTS[3]])
    whole.query_mask[0, 3:] = 0
    shorter = whole.masked()
    assert not shorter.query[0, 3:].any() and not shorter.relations[0, 3:].any()
    cut = shorter._replace(query_features=whole.query_features * whole.query_mask[..., None])
    np.testing.assert_allclose(run(head, shorter), run(head, cut))


def test_the_order_of_the_words_changes_the_score(encoder: OnnxEncoder, head: Head) -> None:
    forth = run(head, inputs(encoder, ["the dog bit the man"], ["the dog bit the man"]))
    back = run(head, inputs(encoder, ["the dog bit the man"], ["the man bit the dog"]))
    assert np.abs(forth - back).max() > 1e-3


def test_what_is_held_out_is_in_no_example() -> None:
    """By a type of edit, also as one of two, and by a source or domain; nothing else is left out."""
    kinds = ("edited/text/number", "edited/text/synonym+number", "edited/command/roles", "paws/text/order")
    found = [Example("q", "p", source, NEAR_MISS, 0) for source in (*kinds, "written/news/small")]
    kept = held_out(found, {"number"}, {"command", "paws"})
    assert [e.source for e in kept] == ["written/news/small"]
    assert held_out(found, set(), set()) == found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_it_learns_and_the_onnx_file_says_what_torch_says(
    encoder: OnnxEncoder, examples: list[Example], tmp_path: Path
) -> None:
    torch.manual_seed(0)
    texts = [t for e in examples for t in (e.query, e.passage)]
    kept = Encodings(texts, encoder, tmp_path)
    model = Head(encoder.token_dimension)
    train(model, examples, [], kept, shipped(), Plan(80, pairs=64, rate=3e-3))
    logits = read(model, examples, kept, shipped())
    known = np.array([e.same != UNKNOWN for e in examples])
    assert auroc([e.same == 1 for e in examples if e.same != UNKNOWN], logits[known, SAME]) > 0.9
    odds = log_odds(torch.from_numpy(logits)).numpy()
    assert auroc([e.kind == RELEVANT for e in examples], odds) > 0.9
    assert save(model, encoder, tmp_path / "made") < TOLERANCE
    assert (tmp_path / "made" / "model.onnx").stat().st_size < 2**20
    given = inputs(encoder, [examples[0].query], [examples[0].passage])
    first = session(tmp_path / "made" / "model.onnx").run(["logits"], given._asdict())[0]
    # The vectors were kept as float16.
    np.testing.assert_allclose(first[0, :3], logits[0, :3], atol=0.02)


@pytest.mark.slow
def test_a_projection_is_learnt_with_the_head(
    encoder: OnnxEncoder, examples: list[Example], tmp_path: Path
) -> None:
    torch.manual_seed(0)
    states = Encodings([t for e in examples for t in (e.query, e.passage)], encoder, tmp_path, "states")
    assert states.width == encoder.dimension * len(encoder.token_layers)
    model = Projected(states.width, 16)
    before = model.project.weight.detach().clone()
    train(model, examples, [], states, shipped(), Plan(10, pairs=64, rate=5e-3))
    assert not torch.equal(before, model.project.weight)
