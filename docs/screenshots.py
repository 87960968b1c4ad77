"""Make the pictures of the preview: `docs/images/preview-*.png`.

    python docs/screenshots.py [FOLDER]

They show the sample shop in a real Chromium, in windows of fixed sizes; the shop is copied, and an
ADR of it is edited in the page and never saved. FOLDER takes them instead of `docs/images`.
"""

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

DOCS = Path(__file__).resolve().parent
SAMPLE = DOCS.parent / "adrs-sample"
GENERATED = (
    *(".bylaw", "__pycache__", ".import*", "AGENTS.md", "CLAUDE.md", "bylaw*.mdc", "bylaw*.md"),
    "copilot-instructions.md",
)
GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@tidemark.example")
DAY = "2026-06-01"
DATED = {"GIT_AUTHOR_DATE": f"{DAY}T12:00:00+00:00", "GIT_COMMITTER_DATE": f"{DAY}T12:00:00+00:00"}
STORE = "/decisions/0003-database-behind-the-store"
BROKEN = "- [no-sql] Modules in `shop.domain` MUST NOT imprt `sqlite3`."
BEFORE = "- [plain-domain] "
WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
MOST_BYTES = 250_000


def main(folder: Path) -> None:
    """Make every picture in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as temporary,
        sync_playwright() as playwright,
        _served(_shop(Path(temporary))) as address,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, data in _pictures(browser, address):
            small = _squeezed(data)
            if len(small) > MOST_BYTES:
                raise SystemExit(f"{name} has {len(small)} bytes, and {MOST_BYTES} are too many")
            (folder / f"preview-{name}.png").write_bytes(small)
        browser.close()


def _shop(folder: Path) -> Path:
    shop = folder / "shop"
    shutil.copytree(SAMPLE, shop, ignore=shutil.ignore_patterns(*GENERATED))
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Shop")):
        subprocess.run([*GIT, *arguments], cwd=shop, env=os.environ | DATED, check=True)
    return shop


@contextmanager
def _served(shop: Path) -> Iterator[str]:
    """Serve a repository, and give the address with its token."""
    log = shop.parent / "log"
    words = [sys.executable, "-u", "-c", "from bylaw.cli import main; main()"]
    words += ["preview", "--port", "0", "--no-open", "--as-of", DAY]
    with log.open("wb") as out:
        process = subprocess.Popen(words, cwd=shop, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            found = re.search(r"http://\S+[?]token=[\w.~-]+", log.read_text())
            if found or process.poll() is not None:
                break
            time.sleep(0.1)
        if not found:
            raise SystemExit(log.read_text())
        yield found[0]
    finally:
        process.terminate()
        process.wait()


# --- the pictures --------------------------------------------------------------------------------


def _pictures(browser: Browser, address: str) -> Iterator[tuple[str, bytes]]:
    """Yield each picture's name and its PNG."""
    home = address.partition("/?")[0]
    for name, scheme in (("workbench", "light"), ("workbench-dark", "dark")):
        page = _page(browser, address, scheme)
        _work(page, home)
        page.locator("#plain-domain").scroll_into_view_if_needed()
        page.locator("#plain-domain").click(position={"x": 200, "y": 30})
        page.locator("#plain-domain").hover(position={"x": 200, "y": 30})
        yield name, _shot(page)
    page = _page(browser, address, "light")
    _work(page, home)
    _break(page)
    yield "broken", _shot(page)
    page = _page(browser, address, "light")
    page.goto(f"{home}/impact/0003-database-behind-the-store")
    page.locator("#impact svg").first.wait_for(timeout=60_000)
    yield "impact", _shot(page)
    for name, view in (("map", "graph"), ("coverage", "coverage&focus=src/shop"), ("waivers", "")):
        page = _page(browser, address, "light")
        page.goto(f"{home}/map?view={view or name}")
        page.locator("#map .map").wait_for()
        yield name, _shot(page)
    page = _page(browser, address, "dark", phone=True)
    _work(page, home)
    _break(page)
    yield "phone", _shot(page)


def _page(browser: Browser, address: str, scheme: str, *, phone: bool = False) -> Page:
    context = browser.new_context(
        viewport=PHONE if phone else WIDE,  # type: ignore[arg-type] # they have both keys
        color_scheme=scheme,  # type: ignore[arg-type] # light or dark
        reduced_motion="reduce",
        has_touch=phone,
        is_mobile=phone,
    )
    page = context.new_page()
    page.goto(address)
    return page


def _work(page: Page, home: str) -> None:
    page.goto(home + STORE)
    expect(page.locator("#timing")).to_contain_text("ms")
    _measured(page)


def _measured(page: Page) -> None:
    """Wait until the impact of the text is known."""
    page.wait_for_timeout(1500)  # the text has to rest before it is measured
    line = page.locator("#impact-line")
    expect(line).to_have_attribute("data-impact", "done", timeout=60_000)


def _break(page: Page) -> None:
    """Write a sentence that is none of the language."""
    page.get_by_role("button", name="Write").click()
    page.locator("#bylaw_source").evaluate(
        "(field, words) => { const at = field.value.indexOf(words); field.focus();"
        " field.setSelectionRange(at, at); }",
        BEFORE,
    )
    page.keyboard.insert_text(f"{BROKEN}\n")
    page.keyboard.press("ArrowLeft")
    page.locator(".hint:visible").wait_for()
    _measured(page)
    page.locator(".mirror-line.is-current").evaluate(
        "line => line.scrollIntoView({ block: 'center' })"
    )
    page.keyboard.press("ArrowLeft")  # what stands beside the line finds its place anew
    page.keyboard.press("ArrowRight")


def _shot(page: Page) -> bytes:
    """Return the window as a PNG, without what differs from run to run."""
    page.wait_for_timeout(500)
    page.evaluate("document.querySelectorAll('#timing').forEach(each => each.replaceChildren())")
    data = page.screenshot(animations="disabled", caret="hide")
    page.evaluate("sessionStorage.clear()")
    page.context.close()
    return data


# --- smaller -------------------------------------------------------------------------------------


def _squeezed(png: bytes) -> bytes:
    """Return the picture with the 256 colours that it has most of: what it needs is fewer bytes."""
    width, rows = _rows(png)
    counts = Counter(row[at : at + 3] for row in rows for at in range(0, len(row), 3))
    palette = _palette(counts)
    place = {colour: index for index, colour in enumerate(palette)}
    for colour in counts.keys() - place.keys():
        place[colour] = place[min(palette, key=lambda one: _distance(one, colour))]
    lines = (bytes(place[row[at : at + 3]] for at in range(0, len(row), 3)) for row in rows)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", b"".join(palette))
        + _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + line for line in lines), 9))
        + _chunk(b"IEND", b"")
    )


def _palette(counts: Counter[bytes]) -> list[bytes]:
    """Return 256 colours: those of most pixels, then those that are farthest from them."""
    palette = [colour for colour, _ in counts.most_common(96)]
    away = {colour: min(_distance(colour, one) for one in palette) for colour in sorted(counts)}
    while len(palette) < min(256, len(counts)):
        palette.append(max(away, key=lambda colour: away[colour]))
        last = palette[-1]
        away = {colour: min(far, _distance(colour, last)) for colour, far in away.items()}
    return palette


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _rows(png: bytes) -> tuple[int, list[bytes]]:
    """Return the width of a PNG of 8-bit RGB, as Chromium makes it, and its rows of pixels."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    if (depth, kind) != (8, 2):
        raise SystemExit(f"Chromium has made a PNG of another kind: {depth}, {kind}")
    packed, at = b"", 8
    while at < len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + size]
        at += size + 12
    raw, stride = zlib.decompress(packed), 3 * width
    rows = [bytes(stride)]
    for line in range(height):
        start = line * (stride + 1)
        rows.append(_unfiltered(raw[start], raw[start + 1 : start + 1 + stride], rows[-1]))
    return width, rows[1:]


def _unfiltered(method: int, line: bytes, above: bytes) -> bytes:
    """Return a row of which each byte was stored as its difference to a guess."""
    row = bytearray(3) + line
    above = bytes(3) + above
    for at in range(3, len(row)):
        left, up, corner = row[at - 3], above[at], above[at - 3]
        guess = (0, left, up, (left + up) // 2, 0)[method]
        if method == 4:
            near = left + up - corner
            guess = min((left, up, corner), key=lambda each: abs(near - each))
        row[at] = (row[at] + guess) & 255
    return bytes(row[3:])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "images")
