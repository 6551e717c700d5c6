"""Folders to files: what is there to read, in a stable order, and what is passed over and why."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from germane.errors import InputError
from germane.read.found import File, Hidden, is_missing
from germane.types import Skip


def crawl(
    paths: Iterable[str | Path], *, exclude: Sequence[str] = (), before: Collection[str] = ()
) -> Iterator[File | Skip | Hidden]:
    """The files under ``paths`` (files or folders), each once, folders in the order of their names.

    Hidden files, and what a ``.gitignore`` on the way or ``exclude`` (patterns of the same kind,
    relative to each root) rules out, and our own indexes, are left out in silence; whatever else cannot
    be read is a ``Skip``, or ``Hidden``. Beside a BEIR ``corpus.jsonl`` the queries and their judgements
    are left out.

    ``before`` are the absolute paths of files that were read before. Among them may be some that no walk
    of a folder comes to, hidden ones and those of an unknown kind: they were named, and are found again.

    Ids are relative to the root (a file's folder, where a file was named), so files of several roots may
    share one. Raises ``InputError`` for a path that does not exist or a pattern that is none.
    """
    from germane.read import ignore
    from germane.read.walk import Walk  # with pathspec, which those who name nothing do not need

    roots = named(paths)
    spec = ignore.excludes(exclude)
    seen: set[Path] = set()
    before = {*before, *map(str, roots)}
    for root in roots:
        walk = Walk(root, spec, before)
        for item in walk.items():
            if isinstance(item, File):
                if item.path in seen:
                    continue
                seen.add(item.path)
            yield item


def named(paths: Iterable[str | Path]) -> list[Path]:
    """``paths`` made absolute, each once. Raises ``InputError`` for one that does not exist."""
    paths = list(paths)
    if "" in paths:  # it would be the current folder, which nobody means by it
        raise InputError("a path is empty", hint="name a file or folder; . is the current folder")
    roots = list(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))  # noqa: PTH100 (resolve would follow links)
    for root in roots:
        if is_missing(root):
            raise InputError(f"there is no file or folder {root}", hint="check the path")
    return roots
