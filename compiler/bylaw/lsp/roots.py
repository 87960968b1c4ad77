"""Which repository a file belongs to."""

from pathlib import Path

from bylaw.config_source import FILE, PYPROJECT, configures


class Roots:
    """The folders of configurations and repositories, looked for upwards from files."""

    def __init__(self) -> None:
        self._known: dict[Path, Path | None] = {}

    def forget(self) -> None:
        """Look again: a configuration has come or gone."""
        self._known.clear()

    def of(self, file: Path, folders: tuple[Path, ...]) -> Path | None:
        """Return the folder of the nearest configuration above a file, or of its repository.

        Without either it is the client's own folder that holds the file; None in no folder.
        """
        folder = file.parent
        if folder not in self._known:
            self._known[folder] = _root_above(folder)
        found = self._known[folder]
        if found is not None:
            return found
        holding = [each for each in folders if file.is_relative_to(each)]
        return max(holding, key=lambda each: len(each.parts), default=None)


def _root_above(folder: Path) -> Path | None:
    for each in (folder, *folder.parents):
        if _is_root(each):
            return each
    return None


def _is_root(folder: Path) -> bool:
    try:
        if (folder / FILE).is_file() or (folder / ".git").exists():
            return True
        return configures((folder / PYPROJECT).read_bytes())
    except OSError:
        return False
