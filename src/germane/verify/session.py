"""The head in ONNX Runtime, one thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from germane.errors import MissingModel
from germane.verify.inputs import Inputs

if TYPE_CHECKING:
    import onnxruntime


def session(path: Path) -> onnxruntime.InferenceSession:
    """The model at ``path``, ready to run. Raises ``MissingModel`` where there is none."""
    import onnxruntime

    if not path.is_file():
        raise MissingModel(f"{path.parent} has no {path.name}", hint="reinstall germane, or train a verifier")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run_session(made: onnxruntime.InferenceSession, inputs: Inputs) -> NDArray[np.float32]:
    """Logits of relevant, near_miss, off_topic, ``(candidates, 3)``."""
    return cast(NDArray[np.float32], made.run(["kinds"], inputs._asdict())[0])
