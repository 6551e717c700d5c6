"""Folders to files: what is there to read, in a stable order, and what is passed over and why."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from germane.errors import InputError
from germane.read.formats import SUFFIXES
from germane.types import Skip

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

QUIET = frozenset({"__pycache__", "node_modules"})
INDEX = "germane.sqlite"
"""A folder that holds it is an index of ours: ``germane index . --into my.index`` does not read that."""

CORPUS = "corpus.jsonl"
QUESTIONS = QUIET | {"queries.jsonl", "qrels.jsonl", "qrels"}
"""What stands beside a BEIR corpus and is no text to search: what is asked of it, and the answers."""

_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.ENOMEM, None}
_control = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. ``id`` is its path relative to ``root``, the absolute path that the user named.

    ``modified_ns`` is when its words or what the system says of it changed last: a file that becomes
    readable, or is replaced by one with an older time, is to be read again.
    """

    id: str
    path: Path
    root: str
    size: int
    modified_ns: int
    format: str


class Hidden(NamedTuple):
    """A file or folder that is there and that the system does not let us see (no permission, a disk that
    fails): what was read of it before has not gone."""

    id: str
    path: Path
    reason: str


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

    roots = named(paths)
    spec = ignore.excludes(exclude)
    seen: set[Path] = set()
    before = {*before, *map(str, roots)}
    for root in roots:
        walk = _Walk(root, spec, before)
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
        if _is_missing(root):
            raise InputError(f"there is no file or folder {root}", hint="check the path")
    return roots


def is_refused(error: OSError) -> bool:
    """Whether the system refuses what may well be there (no permission, a disk that fails), rather than
    saying that it is not there or is no such file."""
    return error.errno not in _GONE


def _is_missing(path: Path) -> bool:
    try:
        path.lstat()
    except ValueError:  # a NUL in it
        return True
    except OSError as error:
        return not is_refused(error)
    return False


class _Walk:
    """One root on its way down; knows the patterns of the folders it is in."""

    def __init__(self, root: Path, exclude: GitIgnoreSpec, before: Collection[str]) -> None:
        self.root, self.exclude, self.before = root, exclude, before
        self.folder = os.path.isdir(root)  # noqa: PTH112 (is_dir raises where it may not look)
        self.base = root if self.folder else root.parent

    def items(self) -> Iterator[File | Skip | Hidden]:
        if self.folder:
            yield from self._folder()
            yield from self._named_before()
        else:
            yield self._file(self.root)

    def _named_before(self) -> Iterator[File | Skip | Hidden]:
        for path in map(Path, sorted(self.before)):
            if path.is_relative_to(self.root):
                parts = path.relative_to(self.root).parts
                quiet = any(map(_is_quiet, parts)) and not self.exclude.match_file("/".join(parts))
                if quiet and not _is_missing(path):
                    yield self._file(path)

    def _folder(self) -> Iterator[File | Skip | Hidden]:
        """Depth first with a stack of its own: folders may nest deeper than Python's."""
        from germane.read import ignore

        stack: list[tuple[Path, bool, tuple[tuple[Path, GitIgnoreSpec], ...]]] = [(self.root, True, ())]
        while stack:
            path, folder, specs = stack.pop()
            if not folder:
                yield self._file(path)
                continue
            try:
                with os.scandir(path) as found:
                    entries = sorted(found, key=lambda entry: entry.name, reverse=True)
            except OSError as error:
                yield self._unseen(path, error, "folder ")
                continue
            if path != self.root and any(entry.name == INDEX for entry in entries):
                continue
            beir = any(entry.name == CORPUS for entry in entries) and _is_beir(path / CORPUS)
            if any(entry.name == ".gitignore" for entry in entries):
                specs = (*specs, (path, ignore.gitignore(path / ".gitignore")))
            for entry in entries:
                child, inner = path / entry.name, _is_folder(entry)
                hidden = _is_quiet(entry.name) or (beir and entry.name in QUESTIONS)
                if not hidden and not self._ignored(child, inner, specs):
                    stack.append((child, inner, specs))

    def _ignored(self, path: Path, folder: bool, specs: tuple[tuple[Path, GitIgnoreSpec], ...]) -> bool:
        """Git's rule: the last pattern of the innermost ``.gitignore`` that has a say decides."""
        tail = "/" if folder else ""
        if self.exclude.match_file(path.relative_to(self.root).as_posix() + tail):
            return True
        for home, spec in reversed(specs):
            verdict = spec.check_file(path.relative_to(home).as_posix() + tail).include
            if verdict is not None:
                return verdict
        return False

    def _file(self, path: Path) -> File | Skip | Hidden:
        try:
            status = path.stat()
        except OSError as error:
            if not is_refused(error) and path.is_symlink():
                return self._skip(path, "link that leads nowhere or in a circle")
            return self._unseen(path, error)
        if stat.S_ISDIR(status.st_mode):
            return self._skip(path, "link to a folder: name the folder itself to read it")
        if not stat.S_ISREG(status.st_mode):
            return self._skip(path, "not a file: a pipe, socket or device")
        suffix = path.suffix.lower()
        format = SUFFIXES.get(suffix, "text" if str(path) in self.before or not suffix else "")
        if path.name == CORPUS and _is_beir(path):
            format = "beir"
        if not format:
            return self._skip(path, f"{suffix} files are not read")
        try:
            path.open("rb").close()
        except OSError as error:
            return self._unseen(path, error)
        changed = max(status.st_mtime_ns, status.st_ctime_ns)
        return File(self._id(path), path, str(self.root), status.st_size, changed, format)

    def _skip(self, path: Path, reason: str) -> Skip:
        return Skip(self._id(path), reason)

    def _unseen(self, path: Path, error: OSError, kind: str = "") -> Skip | Hidden:
        if not is_refused(error):
            return self._skip(path, "gone while it was looked for")
        return Hidden(self._id(path), path, f"{kind}cannot be read: {error.strerror}")

    def _id(self, path: Path) -> str:
        """As UTF-8 text on one line, though a file system may hold names that are neither."""
        relative = path.relative_to(self.base).as_posix()
        text = os.fsencode(relative).decode("utf-8", "backslashreplace")
        return _control.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _is_quiet(name: str) -> bool:
    return name.startswith(".") or name in QUIET


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:  # as a file it is looked at again, and the reason is said
        return False


def _is_beir(corpus: Path) -> bool:
    try:
        if not corpus.is_file():
            return False
        with corpus.open("rb") as stream:
            record = json.loads(stream.readline(2**22))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(record, dict) and "_id" in record and "text" in record
