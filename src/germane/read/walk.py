"""One folder or file that a user named, on the way down: what is read, passed over and left out."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

from germane.read import ignore
from germane.read.formats import SUFFIXES
from germane.read.found import File, Hidden, is_missing, is_refused, printable
from germane.types import Skip

QUIET = frozenset({"__pycache__", "node_modules"})
INDEX = "germane.sqlite"
"""A folder that holds it is an index of ours: ``germane index . --into my.index`` does not read that."""

CORPUS = "corpus.jsonl"
QUESTIONS = frozenset({"queries.jsonl", "qrels.jsonl", "qrels"})
"""What stands beside a BEIR corpus and is no text to search: what is asked of it, and the answers."""


class Walk:
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
        """What ``_folder`` leaves out as quiet: a file that was read all the same must have been named."""
        for path in map(Path, sorted(self.before)):
            if path.is_relative_to(self.root):
                parts = path.relative_to(self.root).parts
                quiet = any(map(_is_quiet, parts)) and not self.exclude.match_file("/".join(parts))
                if quiet and not is_missing(path):
                    yield self._file(path)

    def _folder(self) -> Iterator[File | Skip | Hidden]:
        """Depth first with a stack of its own: folders may nest deeper than Python's."""
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
        return printable(path.relative_to(self.base).as_posix())


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
