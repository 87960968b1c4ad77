"""Sites written for tests, and read back whole."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bylaw.config_file import load
from bylaw.diagnostics import Report
from bylaw.frontend import Progress
from bylaw.preview.site.write import Written, write_site
from tests.preview.site.reading import Page, parse

HEAD = "# {title}\n\n## Status\n\n{status}\n\n## Constraints\n\n"


def write(root: Path, folder: Path, progress: Progress | None = None) -> Written:
    """Write the site of a repository."""

    def read(name: str) -> bytes | None:
        try:
            return (root / name).read_bytes()
        except OSError:
            return None

    return write_site(root, load(read, Report()), folder, progress=progress)


def repository(root: Path, records: Mapping[str, str]) -> Path:
    """Make a repository of these records, by the names of their files."""
    (root / "docs/adr").mkdir(parents=True)
    (root / "bylaw.toml").write_text('adrs = ["docs/adr"]\n', "utf-8")
    for name, text in records.items():
        (root / "docs/adr" / name).write_text(text, "utf-8", "surrogateescape")
    return root


def record(title: str, *sentences: str, status: str = "Accepted") -> str:
    """Return the text of a decision."""
    items = "".join(f"- {sentence}\n" for sentence in sentences)
    return HEAD.format(title=title, status=status) + items


def bytes_of(folder: Path) -> dict[str, str]:
    """Return the digests of all files of a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pages_of(folder: Path) -> dict[str, Page]:
    """Return the pages of a site, by path."""
    return {
        path.relative_to(folder).as_posix(): parse(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


def broken_links(folder: Path, pages: Mapping[str, Page]) -> list[str]:
    """Return every link of a site that leads to no file, or to no place in its page."""
    anchors = {name: _ids(page) for name, page in pages.items()}
    broken = []
    for name, page in pages.items():
        for element in page.elements:
            for attribute in ("href", "src", "xlink:href"):
                address = element.attributes.get(attribute)
                if address is None or address.startswith(("http://", "https://", "mailto:")):
                    continue
                parts = urlsplit(address)
                target = (
                    (folder / name).parent / unquote(parts.path) if parts.path else folder / name
                )
                path = target.resolve()
                if parts.scheme or parts.netloc or parts.query or not path.is_file():
                    broken.append(f"{name}: {address}")
                elif parts.fragment:
                    place = path.relative_to(folder.resolve()).as_posix()
                    if unquote(parts.fragment) not in anchors.get(place, ()):
                        broken.append(f"{name}: {address}")
    return broken


def _ids(page: Page) -> frozenset[str]:
    return frozenset(each.attributes["id"] for each in page.elements if "id" in each.attributes)
