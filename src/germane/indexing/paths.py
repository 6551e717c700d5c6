"""What stands under paths, into the store: what is new there, what has changed, and what is gone."""

from __future__ import annotations

import os
from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path

from germane.indexing.pipeline import Pipeline
from germane.read import File, Hidden, Skip, crawl, printable, read
from germane.store.protocol import Source, Store

UNREAD = -1  # no file has this size


def index_paths(pipeline: Pipeline, paths: Sequence[Path | str], *, exclude: Sequence[str] = ()) -> None:
    """Bring what stands under ``paths`` into the store: new and changed files are read, files that
    are gone are removed, and what cannot be read is noted. What the system does not let us see, a folder
    without permission or a disk that fails, is not gone: what it gave before is kept.

    Raises ``InputError`` where a path does not exist.
    """
    roots = [_text(Path(os.path.abspath(path))) for path in paths]  # noqa: PTH100 (resolve would follow links)
    before = [s.path for s in pipeline.store.sources().values() if _is_under(s, roots)]
    found = list(crawl(paths, exclude=exclude, before=set(before)))
    files = [item for item in found if isinstance(item, File)]
    pipeline.skipped += [item for item in found if isinstance(item, Skip)]
    pipeline.total = sum(file.size for file in files)
    known = _claim(pipeline.store, files)
    named: set[str] = set()
    for file in files:
        source = known[_text(file.path)]
        now = Source(source.name, source.path, file.size, file.modified_ns)
        named.add(source.name)
        if source._replace(skipped="") == now:
            pipeline.keep(source)
        else:
            pipeline.source(now, read(replace(file, id=source.name)))
    missing = [s for s in known.values() if s.name not in named and _is_under(s, roots)]
    gone = _hide(pipeline, [item for item in found if isinstance(item, Hidden)], missing)
    if gone:
        pipeline.removed += pipeline.store.forget(gone)


def _hide(pipeline: Pipeline, hidden: Sequence[Hidden], missing: Sequence[Source]) -> list[str]:
    """Keep those of the ``missing`` sources that are, or lie in, something ``hidden``; name the others."""
    kept: dict[str, list[Source]] = {_text(item.path): [] for item in hidden}
    gone = []
    for source in missing:
        way = map(str, (Path(source.path), *Path(source.path).parents))
        place = next((path for path in way if path in kept), None)
        if place is None:
            gone.append(source.name)
        else:
            kept[place].append(source)
    for item in hidden:
        pipeline.hide(item, kept[_text(item.path)])
    return gone


def _claim(store: Store, files: Sequence[File]) -> dict[str, Source]:
    """All sources by path, each of ``files`` among them under an id of its own, which it keeps. What is new
    is written down at once, unread: who indexes another folder meanwhile must not choose the same id."""
    with store.together():
        taken = store.sources()
        known = {source.path: source for source in taken.values() if source.path != source.name}
        for file in files:
            path = _text(file.path)
            if path not in known:
                known[path] = Source(_free_id(file, taken), path, UNREAD, UNREAD)
                taken[known[path].name] = known[path]
                store.put(known[path], [])
    return known


def _free_id(file: File, taken: Container[str]) -> str:
    """The file's id, with as many names of its folders before it as it takes to differ from every
    other file's: two folders may both hold a ``readme.md``."""
    id, folders = file.id, list(file.path.parents)[len(Path(file.id).parts) - 1 :]
    for folder in folders:
        if id not in taken:
            break
        id = f"{printable(folder.name)}/{id}"
    return id


def _text(path: Path) -> str:
    """The path as text that is valid Unicode, which a file's name need not be."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _is_under(source: Source, roots: Sequence[str]) -> bool:
    """Whether ``source`` is a file under ``roots``. Documents of one's own come from no file, even if their
    source is named like one."""
    path = Path(source.path)
    return source.path != source.name and any(path.is_relative_to(root) for root in roots)
