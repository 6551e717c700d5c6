"""The child that parses files for ``isolate``: one JSON line in, one length-prefixed JSON answer out.

Run as ``python -m germane.read.worker BYTES SECONDS``. It ends when its input does.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

from germane.read.formats import parser
from germane.read.part import Fault, Part, Unreadable


def answer(format: str, path: Path) -> dict[str, Any]:
    """``parts`` and ``fault`` of a file, or why there are none: ``error``, the one line that says it, or
    ``system``, the number and the words of an ``OSError``."""
    parts: list[Part] = []
    fault: Fault | None = None
    try:
        for item in parser(format)(path):
            if isinstance(item, Fault):
                fault = fault._replace(many=fault.many + item.many) if fault else item
            else:
                parts.append(item)
    except Unreadable as error:
        return {"error": error.reason}
    except RecursionError:
        return {"error": "nested too deep"}
    except MemoryError:
        return {"error": "needs too much memory to read", "retire": True}
    except OSError as error:
        return {"system": [error.errno, error.strerror or type(error).__name__]}
    except Exception as error:  # a parser's own bug on bad input must not end the run
        line = " ".join(str(error).split())[:100]
        return {"error": f"damaged: {type(error).__name__}: {line}"}
    return {"parts": parts, "fault": fault}


LARGE = 128 * 2**20
"""Bytes. A child that has grown beyond gives its memory back by ending: Python would keep it."""


def grown() -> bool:
    """Whether this process was ever larger than ``LARGE``, where the system can say."""
    try:
        import resource
    except ImportError:
        return False
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > LARGE


def limit(memory: int, seconds: int) -> None:
    """Bound address space, and end this process if its parent died while it hangs, where the system can."""
    try:
        import resource
        import signal

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds)
    except (ImportError, AttributeError, ValueError, OSError):
        pass


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    # Whatever a library prints must not end up in the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        limit(memory, 2 * seconds)
        reply = answer(request["format"], Path(request["path"]))
        reply["retire"] = reply.get("retire", False) or grown()
        try:
            data = json.dumps(reply).encode()
        except MemoryError:
            data = json.dumps({"error": "needs too much memory to read", "retire": True}).encode()
        del reply
        limit(memory, 0)
        out.write(struct.pack("<Q", len(data)) + data)
        out.flush()


if __name__ == "__main__":
    main()
