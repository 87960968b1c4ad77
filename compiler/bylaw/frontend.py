"""The front end over many files: each is compiled once for its content, on every processor."""

import errno
import marshal
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from bylaw.cache import Cache
from bylaw.config import Config
from bylaw.diagnostics import Code, Report, Severity
from bylaw.parallel import fork_map
from bylaw.plain import flatten_diagnostics, flatten_header, restore_diagnostics, restore_header
from bylaw.program import Listed, Unit
from bylaw.source import Source

UNREADABLE = Code("BL007", "unreadable-file", Severity.ERROR)

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much of it is done, and how much there is."""

LEAST_SHARED = 150
"""Files below which starting processes costs more than it saves."""
_TICK_NS = 100_000_000
"""A file changed this shortly before it was read may change again without a new time."""

Compiled = tuple[str, str, str, bytes, bytes | None]
"""Path, stamp, key, row and packed decision of one file."""


def compile_files(
    root: Path,
    paths: Sequence[str],
    config: Config,
    cache: Cache,
    progress: Progress | None = None,
) -> list[Unit | Listed]:
    """Return what each file compiles to, from the cache where its content is unchanged."""
    kept = cache.units()
    fetch = partial(_fetch, root=root, config=config, cache=cache)
    changed = stale(root, paths, config, kept)
    same = kept.keys() - set(changed)
    found = {path: _restore(path, *kept[path][1:], fetch) for path in paths if path in same}
    rows = _compile_changed(root, changed, config, _salt(config), progress)
    for path, _, key, data, packed in rows:
        found[path] = _restore(path, key, data, fetch, packed)
    gone = kept.keys() - set(paths)
    if rows or gone:
        cache.keep_units(
            ((path, stamp, key, row) for path, stamp, key, row, _ in rows),
            ((path, key, packed) for path, _, key, _, packed in rows if packed is not None),
            gone,
        )
    return [found[path] for path in paths]


def stale(
    root: Path, paths: Sequence[str], config: Config, kept: Mapping[str, tuple[str, str, bytes]]
) -> list[str]:
    """Return the files that are to be compiled, given what the cache has kept of each."""
    salt = _salt(config)
    changed = []
    for path in paths:
        stamp, key, _ = kept.get(path, ("", "", b""))
        if not stamp or not key.endswith(salt) or stamp != _stamp(_on_disk(root, path)):
            changed.append(path)
    return changed


def _compile_changed(
    root: Path, paths: Sequence[str], config: Config, salt: str, progress: Progress | None
) -> list[Compiled]:
    if not paths:
        return []
    # Imported here so that a run which finds everything in the cache never loads the parsers, and
    # before processes are forked, so that they share them.
    import bylaw.unit  # noqa: F401, PLC0415

    rows: list[Compiled] = []
    work = partial(_compile_chunk, root=root, config=config, salt=salt)
    for chunk in fork_map(work, paths, LEAST_SHARED):
        rows += marshal.loads(chunk)  # noqa: S302 - made by this program a moment ago
        if progress:
            progress("compile", len(rows), len(paths))
    return rows


def _compile_chunk(paths: Sequence[str], root: Path, config: Config, salt: str) -> bytes:
    from bylaw.unit import compile_unit  # noqa: PLC0415 - see _compile_changed

    rows: list[Compiled] = []
    for path in paths:
        file = _on_disk(root, path)
        now = time.time_ns()
        stamp = _stamp(file)
        try:
            with open(file, "rb") as stream:
                data = stream.read()
        except OSError as error:
            rows.append((path, "", f"- {salt}", _unreadable(path, error), None))
            continue
        if stamp and int(stamp.rpartition(" ")[2]) > now - _TICK_NS:
            stamp = ""
        source = Source(path, data)
        compiled = compile_unit(source, config)
        key = f"{source.digest} {salt}"
        if isinstance(compiled, Unit):
            header = flatten_header(compiled.header)
            plain = (True, source.digest, header, flatten_diagnostics(compiled.diagnostics))
            rows.append((path, stamp, key, marshal.dumps(plain), compiled.decision_bytes))
        else:
            row = _listed_row(compiled)
            rows.append((path, stamp, key, row, None))
    return marshal.dumps(rows)


def _unreadable(path: str, error: OSError) -> bytes:
    report = Report()
    report.add(
        UNREADABLE,
        f"`{path}` cannot be read: {error.strerror or error}",
        help="make the file readable, or take it out of the ADR folder",
    )
    return _listed_row(Listed(path, "unreadable", "", tuple(report)))


def _listed_row(listed: Listed) -> bytes:
    plain = (False, listed.digest, listed.disposition, flatten_diagnostics(listed.diagnostics))
    return marshal.dumps(plain)


def _restore(
    path: str, key: str, row: bytes, fetch: Callable[[str, str], bytes], packed: bytes | None = None
) -> Unit | Listed:
    # Only this program writes these rows, into the user's own cache folder.
    is_unit, digest, body, diagnostics = marshal.loads(row)  # noqa: S302
    found: Any = restore_diagnostics(diagnostics) if diagnostics else ()
    if not is_unit:
        return Listed(path, body, digest, found)
    return Unit(restore_header(body), digest, found, packed or partial(fetch, path, key))


def _fetch(path: str, key: str, root: Path, config: Config, cache: Cache) -> bytes:
    """Return a packed decision, compiled again where the cache has lost it."""
    packed = cache.decision(path, key)
    if packed is None:
        from bylaw.unit import compile_unit  # noqa: PLC0415 - see _compile_changed

        with open(_on_disk(root, path), "rb") as stream:
            source = Source(path, stream.read())
        unit = compile_unit(source, config)
        same = key.startswith(f"{source.digest} ")
        if not same or not isinstance(unit, Unit) or not isinstance(unit.packed, bytes):
            raise OSError(errno.EAGAIN, "it has changed during the build", str(root / path))
        packed = unit.packed
    return packed


def _on_disk(root: Path, path: str) -> bytes:
    """Return where a file of the tree is; its name is UTF-8, whatever the locale thinks."""
    return os.fsencode(root) + b"/" + path.encode()


def _stamp(path: bytes) -> str:
    """Return what of a file's status changes whenever its content does; empty if it is gone."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    newest = max(status.st_mtime_ns, status.st_ctime_ns)
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {newest}"


def _salt(config: Config) -> str:
    """Return a digest of what in the configuration decides what a single file compiles to."""
    return sha256(f"{config.default_status} {config.max_file_bytes}".encode()).hexdigest()[:16]
