"""germane finds what is relevant to a query, not what merely resembles it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from germane.backtrace.finding import backtrace
    from germane.index import Index
    from germane.types import Document, Evidence, Hit, Passage, Query, Verdict
    from germane.verify.guard import guard
    from germane.verify.verifier import Verifier

__version__ = "0.1.0"

# Names are loaded when first used, so that ``import germane`` is instant.
_ROOMS = {
    "Document": "germane.types",
    "Evidence": "germane.types",
    "Hit": "germane.types",
    "Index": "germane.index",
    "Passage": "germane.types",
    "Query": "germane.types",
    "Verdict": "germane.types",
    "Verifier": "germane.verify.verifier",
    "backtrace": "germane.backtrace",
    "guard": "germane.verify.guard",
}

__all__ = [
    "Document",
    "Evidence",
    "Hit",
    "Index",
    "Passage",
    "Query",
    "Verdict",
    "Verifier",
    "__version__",
    "backtrace",
    "guard",
]


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        room = import_module(_ROOMS[name])
        return room if room.__name__ == f"{__name__}.{name}" else getattr(room, name)
    raise AttributeError(f"module 'germane' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
