"""Which modules the demo reads: their public names, and where their docstrings stand.

Chosen by hand: what a programmer meets often, in every Python from 3.11 to 3.13 on every system.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

COMPILED = {
    "builtins": "builtins",
    "time": "time",
    "math": "math",
    "itertools": "itertools",
    "functools": "_functools",
    "collections": "_collections",
    "datetime": "_datetime",
    "decimal": "_decimal",
    "os": "os",
    "io": "_io",
    "codecs": "_codecs",
    "csv": "_csv",
    "pickle": "_pickle",
    "struct": "_struct",
    "zlib": "zlib",
    "binascii": "binascii",
    "bz2": "_bz2",
    "lzma": "_lzma",
    "array": "array",
    "unicodedata": "unicodedata",
    "sys": "sys",
    "gc": "gc",
    "weakref": "_weakref",
    "contextvars": "_contextvars",
    "queue": "_queue",
    "signal": "_signal",
    "select": "select",
    "socket": "_socket",
    "locale": "_locale",
    "atexit": "atexit",
}
"""Public module to the compiled module that implements it; each is harmless to import.
A compiled module that this build of Python lacks is passed over."""


class Source(NamedTuple):
    """A source file under the standard library's folder, read and never imported."""

    module: str
    path: str
    renamed: Mapping[str, str] = MappingProxyType({})


def _plain(*modules: str) -> list[Source]:
    return [Source(module, module.replace(".", "/") + ".py") for module in modules]


SOURCES = [
    *_plain("os"),
    Source("os.path", "posixpath.py"),
    Source("os.path", "genericpath.py"),
    *_plain("shutil", "pathlib"),
    Source("pathlib", "pathlib/_local.py"),
    Source("pathlib", "pathlib/_abc.py", {"PurePathBase": "PurePath", "PathBase": "Path"}),
    *_plain("tempfile", "glob", "fnmatch", "filecmp", "string", "textwrap", "difflib", "pprint"),
    *_plain("copy", "shlex", "re"),
    Source("re", "re/__init__.py"),
    Source("json", "json/__init__.py"),
    *_plain("json.decoder", "json.encoder", "csv", "configparser", "pickle", "shelve", "base64"),
    *_plain("hashlib", "hmac", "secrets", "uuid", "zipfile"),
    Source("zipfile", "zipfile/__init__.py"),
    *_plain("tarfile", "gzip", "bz2", "lzma", "codecs", "io", "datetime", "calendar", "sched"),
    Source("zoneinfo", "zoneinfo/__init__.py"),
    Source("collections", "collections/__init__.py"),
    *_plain("heapq", "bisect", "functools", "operator", "graphlib", "enum", "dataclasses", "abc"),
    *_plain("types", "typing", "contextlib", "weakref", "decimal", "fractions"),
    Source("random", "random.py", {"Random": ""}),
    *_plain("statistics", "argparse", "getpass", "subprocess", "threading", "queue"),
    Source("logging", "logging/__init__.py"),
    Source("concurrent.futures", "concurrent/futures/_base.py"),
    *(
        Source("asyncio", f"asyncio/{part}.py")
        for part in ("runners", "tasks", "locks", "queues", "streams", "timeouts", "taskgroups")
    ),
    *_plain("selectors", "signal", "socket", "ssl", "urllib.parse", "urllib.request", "http.client"),
    *_plain("email.utils", "email.message", "mimetypes", "ipaddress", "html.parser"),
    Source("html", "html/__init__.py"),
    *_plain("xml.etree.ElementTree", "locale", "platform", "inspect", "traceback", "linecache"),
    *_plain("warnings", "timeit", "unittest.case", "importlib.util"),
    Source("importlib", "importlib/__init__.py"),
]
"""In order: where two sources hold the same qualified name, the first is taken."""
