"""The exception tree. Each error carries the exit code of the command line and a hint.

GermaneError                 anything germane raises on purpose (exit code 1)
 ├─ InputError               bad arguments or unreadable input (2), also a ValueError
 │   └─ EncoderMismatch      vectors, thresholds or calibration of another encoder
 ├─ MissingError             something that can be made or installed (3)
 │   ├─ MissingIndex         there is no index in this folder
 │   ├─ MissingExtra         an optional dependency is not installed
 │   └─ MissingModel         a model cannot be had here
 └─ StoreError               the index is there and unusable (4)
     └─ StoreBusy            another process holds the index too long
"""

from __future__ import annotations


class GermaneError(Exception):
    """The base of every error that germane raises on purpose."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(GermaneError, ValueError):
    """The arguments or the input cannot be used as they are."""

    code = "bad_input"
    exit_code = 2


class EncoderMismatch(InputError):
    """Vectors, thresholds or a calibration are used with an encoder they do not belong to."""

    code = "encoder_mismatch"


class MissingError(GermaneError):
    """Something is missing that can be made or installed; the hint says how."""

    code = "missing"
    exit_code = 3


class MissingIndex(MissingError):
    """There is no index in the folder that was named."""

    code = "missing_index"


class MissingExtra(MissingError):
    """An optional dependency is needed; the hint names the pip line."""

    code = "missing_extra"

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed", hint=f"pip install 'germane[{extra}]'")


class MissingModel(MissingError):
    """A model file is not here and cannot be fetched."""

    code = "missing_model"


class StoreError(GermaneError):
    """The index is there, and it cannot be used."""

    code = "store_unusable"
    exit_code = 4


class StoreBusy(StoreError):
    """Another process holds the index for longer than we wait."""

    code = "store_busy"
