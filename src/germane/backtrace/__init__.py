"""What caused a query, which is not what resembles it.

The room is also its one operation: ``germane.backtrace(query, turns)`` is ``finding.backtrace``.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    """``from germane import backtrace`` gives this module, once it is imported; so it can be called."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        from germane.backtrace.finding import backtrace

        return backtrace(*arguments, **named)


sys.modules[__name__].__class__ = _Room
