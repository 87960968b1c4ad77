"""All modules of a command in one file, for processes that start once for every tool call.

To look for a module, open its `.pyc` and compare its time stamp costs more than to run it, and a
tool call's check needs a hundred. The bundle holds the same code that the `.pyc` files hold, and is
believed for the same reason: a module counts only while the time and size of its source are those
that it was compiled from. What is not in it is imported as ever. It lies in the user's cache
folder and is written anew when something was missing.
"""

import marshal
import os
import sys
from binascii import crc32

from bylaw.cache_folder import cache_folder

TYPE_CHECKING = False  # `typing` takes longer to import than the bundle takes to open
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from types import CodeType, ModuleType

    Entry = tuple[str, bool, int, int, int, int, int]
    """Path, whether it is a package, time and size of the source, offset, length, checksum."""
else:
    # The import system's own, which is loaded before anything else.
    SourceFileLoader = type(__spec__.loader)
    ModuleSpec = type(__spec__)
    if SourceFileLoader.__name__ != "SourceFileLoader":  # pragma: no cover - a zip, say
        from importlib.machinery import SourceFileLoader

_MARK = b"bylaw modules 1\n"
_MOST_MODULES = 2_000
_APART = ("bylaw.cli.", "bylaw.mcp", "bylaw.install", "bylaw.doctor", "bylaw.prove")
"""What no tool call needs."""


class _Loader(SourceFileLoader):
    """Loads a source file's module from code that is at hand."""

    code: "CodeType | None" = None

    def get_code(self, fullname: str) -> "CodeType | None":
        """Return the module's code."""
        return self.code if self.code is not None else super().get_code(fullname)


class Bundle:
    """The finder of bundled modules; `missed` tells that some had to be found elsewhere."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.missed = True
        self._file = -1
        self._start = 0
        self._entries: Mapping[str, Entry] = {}
        try:
            self._file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
            self._read()
        except (OSError, ValueError, EOFError, TypeError):
            self._entries = {}

    def _read(self) -> None:
        head = os.pread(self._file, len(_MARK) + 8, 0)
        if not head.startswith(_MARK):
            raise ValueError
        size = int.from_bytes(head[len(_MARK) : len(_MARK) + 4], "big")
        index = os.pread(self._file, size, len(head))
        if crc32(index) != int.from_bytes(head[-4:], "big"):
            raise ValueError
        # Only this program writes there, and the checksum has just been looked at.
        self._entries = marshal.loads(index)  # noqa: S302
        self._start = len(head) + size
        self.missed = False

    def find_spec(
        self,
        fullname: str,
        path: "Sequence[str] | None" = None,  # noqa: ARG002 - the import system's
        target: "ModuleType | None" = None,  # noqa: ARG002 - the import system's
    ) -> "ModuleSpec | None":
        """Find a module that is bundled and unchanged."""
        entry = self._entries.get(fullname)
        if entry is None:
            self.missed = self.missed or fullname.startswith("bylaw.")
            return None
        source, is_package, time, size, offset, length, checksum = entry
        try:
            status = os.stat(source)
        except OSError:
            status = None
        if status is None or (status.st_mtime_ns, status.st_size) != (time, size):
            self.missed = True
            return None
        data = os.pread(self._file, length, self._start + offset)
        if crc32(data) != checksum:
            self.missed = True
            return None
        loader = _Loader(fullname, source)
        loader.code = marshal.loads(data)  # noqa: S302 - as above
        spec = ModuleSpec(fullname, loader, origin=source, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [source.rpartition("/")[0]]
        return spec

    def renew(self) -> None:
        """Write the modules that this process has loaded, and those that the bundle had."""
        entries: dict[str, Entry] = {}
        parts: list[bytes] = []
        offset = 0
        for name, source, is_package, data, stamp in self._modules():
            entries[name] = (source, is_package, *stamp, offset, len(data), crc32(data))
            parts.append(data)
            offset += len(data)
        index = marshal.dumps(entries)
        head = _MARK + len(index).to_bytes(4, "big") + crc32(index).to_bytes(4, "big")
        part = f"{self.path}.{os.getpid()}.part"
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        with open(part, "wb") as stream:
            stream.write(b"".join((head, index, *parts)))
        os.replace(part, self.path)

    def _modules(self) -> "list[tuple[str, str, bool, bytes, tuple[int, int]]]":
        found: list[tuple[str, str, bool, bytes, tuple[int, int]]] = []
        own = dict(_own_modules())
        for name in sorted({*sys.modules, *self._entries, *own})[:_MOST_MODULES]:
            module = sys.modules.get(name)
            spec = getattr(module, "__spec__", None) or self.find_spec(name) or own.get(name)
            loader = getattr(spec, "loader", None)
            if not isinstance(loader, SourceFileLoader) or spec is None or spec.name != name:
                continue
            source = str(spec.origin)
            try:
                status = os.stat(source)
                entry = self._entries.get(name)
                stamp = (status.st_mtime_ns, status.st_size)
                if isinstance(loader, _Loader) and (entry is None or entry[2:4] != stamp):
                    # Changed since it was loaded: what is kept is not what stands there now.
                    loader.code = None
                code = loader.get_code(name)
            except (OSError, SyntaxError, ImportError):
                continue
            if code is not None:
                is_package = spec.submodule_search_locations is not None
                found.append((name, source, is_package, marshal.dumps(code), stamp))
        return found


def _own_modules() -> "Iterator[tuple[str, ModuleSpec]]":
    """Yield our own modules that a tool call may need: each call loads others than the last."""
    here = os.path.dirname(__file__)
    for folder, _, names in os.walk(here):
        package = f"bylaw{folder[len(here) :]}".replace(os.sep, ".")
        if package.startswith(_APART):
            continue
        for name in names:
            if name.endswith(".py"):
                is_package = name == "__init__.py"
                full = package if is_package else f"{package}.{name[:-3]}"
                path = os.path.join(folder, name)
                yield (
                    full,
                    ModuleSpec(full, _Loader(full, path), origin=path, is_package=is_package),
                )


def install() -> Bundle | None:
    """Have modules found in the bundle first; None where there is no place to keep one."""
    base = cache_folder()
    if base is None or os.environ.get("BYLAW_NO_BUNDLE"):
        return None
    # One for each interpreter and environment.
    which = crc32(f"{sys.version}\0{sys.prefix}\0{os.path.dirname(__file__)}".encode())
    bundle = Bundle(os.path.join(base, f"modules-{which:08x}.bin"))
    sys.meta_path.insert(0, bundle)
    return bundle
