"""The changes of a repository that can change a build."""

import gc
from collections.abc import Iterator
from pathlib import Path

from bylaw.cli.faults import MISSING_EXTRA, FaultError

_READ_ENDINGS = (".md", ".markdown", ".mdx", ".rst", ".adoc", ".toml")


def changes(root: Path, output: Path) -> Iterator[None]:
    """Yield once, and again after each change below `root` but not in `output`.

    A build reads ADRs and the configuration; of other files it only asks whether they are there.
    """
    try:
        import watchfiles
    except ImportError:
        raise FaultError(
            MISSING_EXTRA,
            "`--watch` needs the package `watchfiles`",
            "install it with `python -m pip install 'bylaw[watch]'`",
        ) from None
    written = output.resolve()
    default = watchfiles.DefaultFilter()

    def matters(change: watchfiles.Change, path: str) -> bool:
        if Path(path).is_relative_to(written) or not default(change, path):
            return False
        return change is not watchfiles.Change.modified or path.endswith(_READ_ENDINGS)

    yield
    gc.enable()
    for _ in watchfiles.watch(root.resolve(), watch_filter=matters):
        yield
