"""A model in ONNX Runtime, one thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from germane.errors import MissingModel

if TYPE_CHECKING:
    import onnxruntime


def session(path: Path) -> onnxruntime.InferenceSession:
    """The model at ``path``, ready to run. Raises ``MissingModel`` where there is none that can be read."""
    import onnxruntime

    if not path.is_file():
        raise MissingModel(f"{path.parent} has no {path.name}", hint="reinstall germane, or train a verifier")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's own exceptions share no base of their own
        raise MissingModel(f"{path.parent} has a damaged {path.name}", hint="reinstall germane") from error
