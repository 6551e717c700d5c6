"""What stands under paths, into the store: what is new there, what has changed, and what is gone."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from germane.indexing.pipeline import Pipeline
from germane.read import File, Hidden, Skip, crawl, printable, read
from germane.store.protocol import Source


def index_paths(pipeline: Pipeline, paths: Sequence[Path | str], *, exclude: Sequence[str] = ()) -> None:
    """Bring what stands under ``paths`` into the store: new and changed files are read, files that
    are gone are removed, and what cannot be read is noted. What the system does not let us see, a folder
    without permission or a disk that fails, is not gone: what it gave before is kept.

    Raises ``InputError`` where a path does not exist.
    """
    known = pipeline.store.sources()
    roots = [_text(Path(os.path.abspath(path))) for path in paths]  # noqa: PTH100 (resolve would follow links)
    here = [source for source in known.values() if _is_under(source, roots)]
    found = list(crawl(paths, exclude=exclude, before={source.path for source in here}))
    files = [item for item in found if isinstance(item, File)]
    pipeline.skipped += [item for item in found if isinstance(item, Skip)]
    pipeline.total = sum(file.size for file in files)
    named: set[str] = set()
    for file in files:
        file = replace(file, id=_free_id(file, known, named))
        named.add(file.id)
        source = Source(file.id, _text(file.path), file.size, file.modified_ns)
        before = known.get(source.name)
        if before is not None and before._replace(skipped="") == source:
            pipeline.keep(before)
        else:
            pipeline.source(source, read(file))
    missing = [source for source in here if source.name not in named]
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


def _free_id(file: File, known: Mapping[str, Source], named: set[str]) -> str:
    """The file's id, with as many names of its folders before it as it takes to differ from every
    other file's: two folders that were indexed one after the other may both hold a ``readme.md``."""
    id, folders = file.id, list(file.path.parents)[len(Path(file.id).parts) - 1 :]
    for folder in folders:
        if id not in named and (id not in known or known[id].path == _text(file.path)):
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
