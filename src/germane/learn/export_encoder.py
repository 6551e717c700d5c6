"""all-MiniLM-L6-v2 as our own ONNX file, built from the weights node by node.

The graph is BERT as published (Devlin et al. 2019; six layers, 384 wide, 12 heads), with ONNX
Runtime's fused attention, GELU and skip-layer-norm. Three widths of the weights:

``float32``  the reference; never shipped
``float16``  weights halved on disk, cast when the session is made; computes in float32
``int8``     weights int8 by output channel; activations int8 by *token*, scaled inside the graph.
             Dynamic quantisation as commonly exported scales by *batch*, so a text's vectors would
             depend on its neighbours; a scale for each token does not (and is more accurate).
             Outlier channels are moved from activations into weights first (SmoothQuant, arXiv
             2211.10438, alpha 0.5), with ranges read off Python's own language reference.
             Weights use 7 bits: byte products then never saturate on processors without VNNI.

Usage: python -m germane.learn.export_encoder MODEL_FOLDER OUT.onnx [--width int8]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LAYERS, HIDDEN, HEADS, EPSILON = 6, 384, 12, 1e-12
TOKEN_LAYERS = (2, 4, 6)
"""Layers whose hidden states make the tokens' vectors; the last one's mean makes the pooled vector."""
WEIGHT_LEVELS = 63
GELU_FLOOR = -0.17  # the least value of the GELU is -0.16997
MICROSOFT = "com.microsoft"


class Graph:
    """Nodes and initialisers of one ONNX graph, named as they come."""

    def __init__(self, width: str, ranges: list[NDArray[np.float32]] | None = None) -> None:
        self.width = width
        self.ranges = ranges or []
        self.inputs: list[str] = []
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []

    def node(self, op: str, inputs: list[str], *, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def constant(self, value: NDArray[Any] | np.generic) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, value: NDArray[np.float32]) -> str:
        """A float32 tensor, stored as float16 unless this is the reference."""
        if self.width == "float32":
            return self.constant(value)
        return self.node("Cast", [self.constant(value.astype(np.float16))], to=1)

    def embedding(self, ids: str, table: NDArray[np.float32]) -> str:
        if self.width != "int8":
            return self.node("Gather", [self.weight(table), ids])
        scale = np.abs(table).max(1, keepdims=True) / 127
        rows = self.constant(np.rint(table / np.maximum(scale, 1e-12)).astype(np.int8))
        picked = self.node("Cast", [self.node("Gather", [rows, ids])], to=1)
        scales = self.node(
            "Cast", [self.node("Gather", [self.constant(scale.astype(np.float16)), ids])], to=1
        )
        return self.node("Mul", [picked, scales])

    def linear(self, x: str, *weights: NDArray[np.float32], floor: float | None = None) -> list[str]:
        """``x @ weight.T`` for each weight, without biases; weights are ``(out, in)`` as torch keeps
        them. ``floor`` is the least value that ``x`` can take, where it has one."""
        self.inputs.append(x)
        if self.width != "int8":
            return [self.node("MatMul", [x, self.weight(w.T.copy())]) for w in weights]
        largest = np.maximum(self.ranges[len(self.inputs) - 1], 1e-5)
        smooth = np.sqrt(largest / np.maximum(np.abs(np.concatenate(weights)).max(0), 1e-5))
        by_token = self._bytes_from(x, smooth, floor) if floor is not None else self._bytes_about(x, smooth)
        return [self._product(*by_token, w * smooth, smooth, floor) for w in weights]

    def _bytes_about(self, x: str, smooth: NDArray[np.float32]) -> tuple[str, str]:
        """Unsigned bytes about 128, and the scale of each token ``(batch, tokens, 1)``."""
        x = self.node("Mul", [x, self.constant(1 / smooth)])
        levels, scale = self._levels(x, self.node("Abs", [x]), 127)
        return self.node("Cast", [self.node("Add", [levels, self.constant(np.float32(128))])], to=2), scale

    def _bytes_from(self, x: str, smooth: NDArray[np.float32], floor: float) -> tuple[str, str]:
        """Unsigned bytes from ``floor`` up: all 256 levels serve a one-sided activation."""
        x = self.node(
            "Mul", [self.node("Sub", [x, self.constant(np.float32(floor))]), self.constant(1 / smooth)]
        )
        levels, scale = self._levels(x, x, 255)
        return self.node("Cast", [levels], to=2), scale

    def _levels(self, x: str, size: str, top: int) -> tuple[str, str]:
        largest = self.node("ReduceMax", [size, self.constant(np.array([-1]))], keepdims=1)
        scale = self.node("Mul", [largest, self.constant(np.float32(1 / top))])
        scale = self.node("Max", [scale, self.constant(np.float32(1e-12))])
        return self.node("Round", [self.node("Div", [x, scale])]), scale

    def _product(
        self,
        levels: str,
        scale: str,
        weight: NDArray[np.float32],
        smooth: NDArray[np.float32],
        floor: float | None,
    ) -> str:
        by_channel = np.abs(weight).max(1, keepdims=True) / WEIGHT_LEVELS
        rows = np.rint(weight / by_channel)
        zero = self.constant(np.uint8(128 if floor is None else 0))
        sums = self.node("MatMulInteger", [levels, self.constant(rows.T.astype(np.int8)), zero])
        product = self.node("Mul", [self.node("Cast", [sums], to=1), scale])
        product = self.node("Mul", [product, self.constant(by_channel[:, 0])])
        if floor is None:
            return product
        return self.node("Add", [product, self.constant((rows * by_channel) @ (floor / smooth))])


def build(
    weights: dict[str, NDArray[np.float32]],
    width: str,
    ranges: list[NDArray[np.float32]] | None = None,
    expose: bool = False,
) -> Any:
    """The ONNX model: ``input_ids`` and ``attention_mask`` int64 ``(batch, tokens)`` ->
    ``hidden`` float32 ``(batch, tokens, 384)``, the last layer's states, and ``hidden_2`` and so on of the
    other ``TOKEN_LAYERS``.

    ``ranges`` are the largest absolute inputs of each product, by channel, for ``int8``;
    ``expose`` adds those inputs as outputs, to read them off.
    """
    from onnx import TensorProto, helper

    g = Graph(width, ranges)
    shape = g.node("Shape", ["input_ids"])
    length = g.node("Gather", [shape, g.constant(np.array([1]))])
    words = g.embedding("input_ids", weights["embeddings.word_embeddings.weight"])
    table = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    zero = g.constant(np.array([0]))
    x = g.node("Add", [words, g.node("Slice", [g.weight(table), zero, length, zero])])
    norm = "embeddings.LayerNorm"
    x = g.node(
        "LayerNormalization",
        [x, g.weight(weights[f"{norm}.weight"]), g.weight(weights[f"{norm}.bias"])],
        epsilon=EPSILON,
        axis=-1,
    )
    mask = g.node("Cast", ["attention_mask"], to=6)
    names: list[str] = []
    for i in range(LAYERS):
        x = _layer(
            g,
            x,
            mask,
            {
                k.removeprefix(f"encoder.layer.{i}."): v
                for k, v in weights.items()
                if k.startswith(f"encoder.layer.{i}.")
            },
        )
        if i + 1 in TOKEN_LAYERS:
            names.append("hidden" if i + 1 == LAYERS else f"hidden_{i + 1}")
            g.nodes.append(helper.make_node("Identity", [x], names[-1:]))
    inputs = [
        helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"])
        for n in ("input_ids", "attention_mask")
    ]
    size: list[str | int | None] = ["batch", "tokens", HIDDEN]
    outputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, size) for n in reversed(names)]
    more = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in g.inputs if expose]
    graph = helper.make_graph(g.nodes, "minilm", inputs, [*outputs, *more], g.tensors)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="germane")


def _layer(g: Graph, x: str, mask: str, w: dict[str, NDArray[np.float32]]) -> str:
    parts = g.linear(x, *(w[f"attention.self.{p}.weight"] for p in ("query", "key", "value")))
    bias = g.weight(np.concatenate([w[f"attention.self.{p}.bias"] for p in ("query", "key", "value")]))
    attended = g.node("MultiHeadAttention", [*parts, bias, mask], domain=MICROSOFT, num_heads=HEADS)
    [attended] = g.linear(attended, w["attention.output.dense.weight"])
    x = _skip_norm(g, attended, x, w, "attention.output")
    [wide] = g.linear(x, w["intermediate.dense.weight"])
    wide = g.node("BiasGelu", [wide, g.weight(w["intermediate.dense.bias"])], domain=MICROSOFT)
    [narrow] = g.linear(wide, w["output.dense.weight"], floor=GELU_FLOOR)
    return _skip_norm(g, narrow, x, w, "output")


def _skip_norm(g: Graph, x: str, skip: str, w: dict[str, NDArray[np.float32]], name: str) -> str:
    parts = [g.weight(w[f"{name}.{p}"]) for p in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")]
    return g.node("SkipLayerNormalization", [x, skip, *parts], domain=MICROSOFT, epsilon=EPSILON)


def activation_ranges(weights: dict[str, NDArray[np.float32]], tokenizer: Path) -> list[NDArray[np.float32]]:
    """The largest absolute input of each product, by channel, over the language reference."""
    from pydoc_data.topics import topics

    import onnxruntime
    from tokenizers import Tokenizer

    session = onnxruntime.InferenceSession(build(weights, "float32", expose=True).SerializeToString())
    words = Tokenizer.from_file(str(tokenizer))
    words.no_padding()
    words.enable_truncation(256)
    largest: list[NDArray[np.float32]] = []
    for name in sorted(topics):
        ids = np.array([words.encode(topics[name]).ids])
        inputs = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[
            len(TOKEN_LAYERS) :
        ]
        found = [np.abs(x).max((0, 1)) for x in inputs]
        largest = [np.maximum(a, b) for a, b in zip(largest, found, strict=True)] if largest else found
    return largest


def load_weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of ``model.safetensors`` in ``folder``, by their names in the original."""
    from safetensors.numpy import load_file

    tensors = load_file(folder / "model.safetensors")
    return {name: tensor for name, tensor in tensors.items() if tensor.dtype == np.float32}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="folder with model.safetensors of all-MiniLM-L6-v2")
    parser.add_argument("out", type=Path)
    parser.add_argument("--width", choices=["float32", "float16", "int8"], default="int8")
    arguments = parser.parse_args()
    weights = load_weights(arguments.folder)
    ranges = None
    if arguments.width == "int8":
        ranges = activation_ranges(weights, arguments.folder / "tokenizer.json")
    arguments.out.write_bytes(build(weights, arguments.width, ranges).SerializeToString())


if __name__ == "__main__":
    main()
