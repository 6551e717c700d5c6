"""What is installed, which models are found and whole, what is missing and how to install it."""

from __future__ import annotations

import hashlib
import importlib.metadata as metadata
import platform
import re
import sqlite3
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent / "models"
CHECKSUMS = MODELS / "SHA256SUMS"


def diagnose(index: Path | None = None) -> dict[str, Any]:
    """The state of this installation, and of the index in ``index``, as plain values.

    ``problems`` lists what is wrong, a line each with its mend; it is empty where all is well.
    Raises ``MissingIndex`` or ``StoreError`` where the index cannot be opened.
    """
    packages, extras = _packages()
    models = _models()
    problems = [f"{p['name']} is not installed: {p['install']}" for p in packages if not p["version"]]
    problems += [
        f"model file {m['file']} is {m['state']}: pip install --force-reinstall germane"
        for m in models
        if m["state"] != "ok"
    ]
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "sqlite": sqlite3.sqlite_version,
        "germane": metadata.version("germane"),
        "packages": packages,
        "extras": extras,
        "models": models,
    }
    if index is not None:
        report["index"] = _index(index)
        problems += [f"index: {line}" for line in report["index"]["problems"]]
    report["problems"] = problems
    return report


def _packages() -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Required packages with their versions, and the extras with what each still lacks; read from the
    installed metadata, so that the lines cannot grow stale."""
    required: list[dict[str, str]] = []
    by_extra: dict[str, list[dict[str, str]]] = {}
    for line in metadata.requires("germane") or []:
        name = re.split(r"[ ;<>=!~\[(]", line, maxsplit=1)[0]
        extra = re.search(r"extra\s*==\s*[\"']([\w-]+)", line)
        row = {"name": name, "version": _version(name)}
        if extra is None:
            required.append({**row, "install": f"pip install {name}"})
        else:
            by_extra.setdefault(extra[1], []).append(row)
    extras = [
        {
            "name": extra,
            "installed": all(row["version"] for row in rows),
            "packages": rows,
            "install": f"pip install 'germane[{extra}]'",
        }
        for extra, rows in by_extra.items()
    ]
    return required, extras


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _models() -> list[dict[str, str]]:
    """Each shipped model file with its checksum, and whether it is the one that was released."""
    rows = []
    for line in CHECKSUMS.read_text().splitlines():
        expected, name = line.split(maxsplit=1)
        file = MODELS / name
        found = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
        state = "ok" if found == expected else "changed" if found else "missing"
        rows.append({"file": name, "sha256": found, "state": state})
    return rows


def _index(folder: Path) -> dict[str, Any]:
    from germane.index import Index

    with Index.open(folder) as index:
        counts = index.store.counts()
        return {
            "folder": str(folder),
            "settings": dict(index.store.settings),
            "documents": counts.documents,
            "passages": counts.passages,
            "change": index.store.change,
            "bytes": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()),
            "problems": index.store.check(),
        }
