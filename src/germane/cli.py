"""The command line: parse, call, print. Its contract (fields, exit codes) is in docs/cli.md."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from germane.errors import GermaneError, InputError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from germane.types import Hit
    from germane.verify.verifier import Verifier

SCHEMA = "germane/1"
INTERRUPTED = 130

app = typer.Typer(
    name="germane",
    help="Finds what is relevant to a query, not what merely resembles it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _folder(name: str) -> Path:
    if not name.strip():  # it would be the current folder, which nobody means by it
        raise typer.BadParameter("name a folder, such as my.index")
    return Path(name)


Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
IndexDir = Annotated[
    Path, typer.Option("--index", parser=_folder, metavar="DIR", help="The folder of the index.")
]
Explain = Annotated[
    bool,
    typer.Option(
        "--explain",
        help="Draw the similarity maps, here and in a new file: germane-explain.png or the next free number.",
    ),
]
Png = Annotated[
    Path | None,
    typer.Option(
        "--png",
        metavar="FILE",
        help="Explain, with the picture in FILE, in place of what is there.",
    ),
]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", help="A .gitignore-style pattern.")]
Conditions = Annotated[list[str] | None, typer.Option("--where", help="FIELD=VALUE, exact; repeatable.")]
Using = Annotated[
    Path | None,
    typer.Option(
        "--verifier", parser=_folder, metavar="DIR", help="A verifier of your own, by 'germane train'."
    ),
]
Context = Annotated[str, typer.Option("--context", help="Where it was asked, what came before.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; no traceback reaches a user."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(arguments, standalone_mode=False) or 0
        if code == INTERRUPTED:  # typer makes a code of the user's interrupt
            raise KeyboardInterrupt
        sys.exit(code)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (KeyboardInterrupt, Exception) as error:
        if os.environ.get("GERMANE_DEBUG"):
            raise
        _fail(arguments, error)


def _version(wanted: bool) -> None:
    if wanted:
        from germane import __version__

        sys.stdout.write(f"germane {__version__}\n")
        raise typer.Exit


@app.callback(help="Finds what is relevant to a query, not what merely resembles it.")
def germane(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version.")
    ] = False,
) -> None:
    del version


@app.command()
def index(
    paths: Annotated[list[str], typer.Argument(help="Files and folders to index.")],
    into: Annotated[
        Path,
        typer.Option(
            "--into", parser=_folder, metavar="DIR", help="The folder of the index; made if absent."
        ),
    ],
    exclude: Exclude = None,
    encoder: Annotated[str, typer.Option(help="For a new index: 'shipped', a model's name or folder.")] = "",
    token_format: Annotated[str, typer.Option(help="For a new index: int8, float16 or none.")] = "",
    as_json: Json = False,
) -> None:
    """Index files and folders; again: only what changed."""
    from germane import show
    from germane.index import Index
    from germane.read.files import named

    named(paths)  # before an index is made for nothing
    choices = {"encoder": encoder, "token_format": token_format}
    with Index.make(into, **{k: v for k, v in choices.items() if v}) as made, show.indexing() as tick:
        done = made.add(*paths, exclude=exclude or (), progress=tick)
    _print("index", done.to_dict(), lambda: show.report(done), as_json)


@app.command()
def remove(
    documents: Annotated[list[str], typer.Argument(help="Ids of documents: a hit's without its #number.")],
    index: IndexDir,
    as_json: Json = False,
) -> None:
    """Remove documents from an index."""
    from germane.index import Index

    with Index.open(index) as opened:
        there = opened.store.holds(documents)
        unknown = [id for id in dict.fromkeys(documents) if id not in there]
        if not there:  # a mistyped id is told from what was done
            hint = "a document's id is that of its hits without the last #number"
            raise InputError(f"not in the index: {', '.join(unknown)}", hint=hint)
        removed = opened.remove(*documents)
    _print(
        "remove",
        {"removed": removed, "unknown": unknown},
        lambda: f"{removed} removed" + (f"; not there: {', '.join(unknown)}" if unknown else ""),
        as_json,
    )


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What is asked.")],
    index: IndexDir,
    k: Annotated[int, typer.Option("-k", help="How many results at most.")] = 10,
    where: Conditions = None,
    context: Context = "",
    verifier: Using = None,
    explain: Explain = False,
    png: Png = None,
    as_json: Json = False,
) -> None:
    """Find the passages that answer, and see the look-alikes that were rejected."""
    from germane import show
    from germane.index import Index
    from germane.types import Query

    with Index.open(index) as opened:
        if verifier:
            opened.verifier = _verifier(verifier)
        found = opened.search(Query(query, context), k, where=_conditions(where or ()), explain=True)
    fields = found.to_dict()
    pictures: list[RenderableType] = []
    if explain or png:
        shown = [*found.results[:1], *show.likeliest(found.rejected, 1)]
        pictures, fields["explain"] = _explain(query, shown, png, verifier)
    _print("search", fields, lambda: _group(show.evidence(found), *pictures), as_json)


@app.command()
def verify(
    query: Annotated[str, typer.Option("--query", help="What is asked.")],
    passage: Annotated[str, typer.Option("--passage", help="What may answer it.")],
    verifier: Using = None,
    explain: Explain = False,
    png: Png = None,
    as_json: Json = False,
) -> None:
    """Does this passage answer this query?"""
    from germane import show

    hit = _verifier(verifier).judge(query, passage)
    fields = {name: hit.to_dict()[name] for name in ("probability", "verdict", "reason", "signals")}
    pictures: list[RenderableType] = []
    if explain or png:
        pictures, fields["explain"] = _explain(query, [hit], png, verifier)
    _print("verify", fields, lambda: _group(show.hit(hit), *pictures), as_json)


@app.command()
def guard(
    new: Annotated[str, typer.Argument(metavar="NEW", help="What is asked now.")],
    cached: Annotated[str, typer.Argument(metavar="CACHED", help="What the cached answer was given to.")],
    verifier: Using = None,
    as_json: Json = False,
) -> None:
    """Is a cached answer to CACHED safe to serve for NEW?"""
    from germane import show
    from germane.verify.guard import guard

    found = guard(new, cached, explain=True, verifier=_verifier(verifier) if verifier else None)
    _print("guard", found.to_dict(), lambda: show.guarded(found, new, cached), as_json)


@app.command()
def backtrace(
    query: Annotated[str, typer.Argument(help="What was asked or said.")],
    file: Annotated[
        Path | None, typer.Option("--in", metavar="FILE", help="A transcript, article, chat or log.")
    ] = None,
    index: Annotated[
        Path | None, typer.Option("--index", parser=_folder, metavar="DIR", help="Instead of a file.")
    ] = None,
    at: Annotated[int | None, typer.Option("--at", help="The query's place in the file, from 0.")] = None,
    domain: Annotated[str, typer.Option("--domain", help="lecture, news, conversation, thread or log.")] = "",
    k: Annotated[int, typer.Option("-k", min=1, help="How many places at most.")] = 5,
    where: Conditions = None,
    context: Context = "",
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw the sequence.")] = None,
    as_json: Json = False,
) -> None:
    """Find what caused the query, which is not what resembles it."""
    from germane import show
    from germane.backtrace.operation import in_file
    from germane.index import Index
    from germane.types import Query

    if (file is None) == (index is None):
        raise InputError("name a file or an index", hint="--in FILE, or --index DIR")
    if file is not None:
        if where:
            raise InputError("--where chooses among the documents of an index", hint="leave it out with --in")
        found = in_file(query, file, at=at, domain=domain, context=context, k=k)
    elif index is not None:
        if at is not None or png is not None:
            raise InputError("--at and --png are of one file", hint="use them with --in FILE")
        with Index.open(index) as opened:
            found = opened.backtrace(Query(query, context), k, domain=domain, where=_conditions(where or ()))
    fields = found.to_dict()
    if png is not None:
        from germane.backtrace.picture import draw

        fields["picture"] = str(draw(found, png))
    _print("backtrace", fields, lambda: show.traced(found), as_json)


@app.command()
def train(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="verifier")],
    data: Annotated[Path, typer.Option("--data", metavar="FILE", help="Pairs or outcomes, JSON Lines.")],
    out: Annotated[Path, typer.Option("--out", parser=_folder, metavar="DIR", help="Where it is saved.")],
    verifier: Using = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Default: by the number of pairs.")] = None,
    as_json: Json = False,
) -> None:
    """Learn from your own pairs or logged outcomes; saved only when better on held-out queries."""
    from germane import show
    from germane.learn import train_verifier

    if what != "verifier":
        raise InputError(f"nothing called {what!r} can be trained", hint="germane train verifier")
    with show.training() as tick:
        done = train_verifier(data, out, start=verifier, steps=steps, progress=tick)
    _print("train", done.to_dict(), lambda: show.trained(done.to_dict(), out), as_json)


@app.command()
def demo(
    into: Annotated[
        Path | None,
        typer.Option("--into", parser=_folder, metavar="DIR", help="Where the demo's index is kept."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Index the text that every Python carries and answer questions, side by side with similarity alone."""
    from germane import show
    from germane.demo.run import run_demo

    with show.indexing() as tick:
        done = run_demo(into, progress=tick)
    _print("demo", done, lambda: show.demo(done), as_json)


@app.command()
def doctor(
    index: Annotated[
        Path | None, typer.Option("--index", parser=_folder, metavar="DIR", help="Check this index too.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What is installed, which models are found, what is missing and the line that installs it."""
    from germane import show
    from germane.doctor import diagnose

    found = diagnose(index)
    _print("doctor", found, lambda: show.doctor(found), as_json)


@app.command()
def bench(
    name: Annotated[
        str, typer.Argument(help="scifact, cranfield, cisi, cacm, limit-small, near-miss, demo or speed.")
    ],
    data: Annotated[Path | None, typer.Option("--data", help="The data's folder, official layout.")] = None,
    systems: Annotated[str, typer.Option("--systems", help="A,B: only these.")] = "",
    limit: Annotated[int | None, typer.Option("--limit", help="Only the first N queries.")] = None,
    as_json: Json = False,
) -> None:
    """Run a benchmark: every system, its measures, their 95 % intervals."""
    from germane import show
    from germane.bench import run_benchmark

    chosen = [part.strip() for part in systems.split(",") if part.strip()]
    done = run_benchmark(name, data, chosen or None, limit).to_dict()
    _print("bench", done, lambda: show.bench(done), as_json)


def _print(command: str, fields: dict[str, Any], human: Callable[[], Any], as_json: bool) -> None:
    if as_json:
        envelope = {"schema": SCHEMA, "command": command, "ok": True, **fields}
        sys.stdout.write(json.dumps(envelope, ensure_ascii=False) + "\n")
        return
    from rich.console import Console

    Console(markup=False, highlight=False, soft_wrap=False).print(human())


def _fail(arguments: Sequence[str], error: BaseException) -> None:
    """Say what went wrong in one line, as JSON where JSON was asked for, and exit."""
    known = _known(error, arguments)
    if "--json" in arguments:
        said = {"code": known.code, "message": known.message, "hint": known.hint}
        envelope = {"schema": SCHEMA, "command": _command(arguments), "ok": False, "error": said}
        with suppress(OSError):  # where it was the writing that failed
            sys.stdout.write(json.dumps(envelope, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    else:
        line = f"germane: {known.message}" + (f" ({known.hint})" if known.hint else "")
        sys.stderr.write(" ".join(line.split()) + "\n")
    sys.exit(INTERRUPTED if isinstance(error, KeyboardInterrupt | typer.Abort) else known.exit_code)


def _known(error: BaseException, arguments: Sequence[str]) -> GermaneError:
    """``error`` as one of ours, so that every failure has a message, a hint and an exit code."""
    if isinstance(error, GermaneError):
        return error
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return GermaneError("stopped", hint="run it again: what was committed is kept")
    if isinstance(error, typer.TyperException):
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        return InputError(said, hint=" ".join(["see germane", _command(arguments), "--help"]))
    if isinstance(error, OSError):
        return GermaneError(f"{error.filename or ''} {error.strerror or error}".strip())
    if isinstance(error, MemoryError):
        return GermaneError("out of memory", hint="index fewer files at a time")
    said = f"{type(error).__name__}: {error}".splitlines()[0]
    return GermaneError(said, hint="set GERMANE_DEBUG=1 to see where, and report it")


def _command(arguments: Sequence[str]) -> str:
    return next((a for a in arguments if not a.startswith("-")), "")


def _conditions(pairs: Sequence[str]) -> dict[str, str] | None:
    """``FIELD=VALUE`` strings as a mapping. Raises ``InputError`` where one has no ``=`` or names a field
    again with another value, which no passage can have."""
    found: dict[str, str] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals or not field.strip():
            raise InputError(f"--where {pair!r} is not FIELD=VALUE")
        if found.setdefault(field.strip(), value) != value:
            raise InputError(f"--where gives {field.strip()} two values", hint="a field has one value")
    return found or None


def _verifier(folder: Path | None) -> Verifier:
    from germane.verify.verifier import Verifier, shipped_verifier

    return Verifier.load(folder) if folder else shipped_verifier()


def _explain(
    query: str, hits: Sequence[Hit], png: Path | None, verifier: Path | None
) -> tuple[list[RenderableType], dict[str, Any]]:
    from germane.verify.explain import explain_hits

    columns = shutil.get_terminal_size().columns
    return explain_hits(query, hits, png, verifier=_verifier(verifier), width=columns)


def _group(*parts: RenderableType) -> RenderableType:
    from rich.console import Group

    return Group(*parts)


if __name__ == "__main__":
    main()
