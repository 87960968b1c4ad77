"""The static site: whole, tame, the same each time, and careful with other people's folders."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bylaw.preview.become import become
from bylaw.preview.impact.known import Known
from bylaw.preview.impact.measure import measure
from bylaw.preview.impact.model import Ask
from bylaw.preview.site.folder import MANIFEST, ForeignSiteError
from bylaw.preview.site.impacts import Impacts
from bylaw.preview.site.judged import judge
from bylaw.preview.workspace import Workspace
from bylaw.site_address import constraint_page, constraint_url, decision_page, file_stem
from tests.preview.site.reading import parse
from tests.preview.site.writing import (
    broken_links,
    bytes_of,
    pages_of,
    record,
    repository,
    write,
)

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
RULE = "[no-orm] Files in `src/**` MUST NOT contain `orm`."


# --- what is there -----------------------------------------------------------------------------


def test_every_link_of_the_site_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    pages = pages_of(site)
    assert broken_links(site, pages) == []
    assert {name.partition("/")[0] for name in pages} >= {
        "decisions",
        "constraints",
        "impact",
        "map",
    }


def test_every_page_is_well_formed_and_bound_to_what_lies_beside_it(site: Path) -> None:
    for name, page in pages_of(site).items():
        assert not page.faults, name
        ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
        assert len(ids) == len(set(ids)), name
        (policy,) = page.all("meta", http_equiv="Content-Security-Policy")
        assert policy.attributes["content"] == CSP
        assert len(page.all("h1")) == 1, name
        for element in page.elements:
            assert not [a for a in element.attributes if a == "style" or a.startswith("on")], name
            if element.tag in {"script", "link", "img"}:
                address = element.attributes.get("src", element.attributes.get("href", ""))
                assert re.match(r"(?:\.\./)*static/[a-z-]+\.(?:js|css|svg)\Z", address), name
        assert not page.all("style")
        assert all(not each.text for each in page.all("script"))


def test_there_is_a_page_for_each_decision_and_each_constraint(site: Path) -> None:
    pages = pages_of(site)
    layered = pages[decision_page("0002-layered-monolith")]
    assert layered.all("li", id="tiers", data_about="0002-layered-monolith/tiers")
    assert layered.all("span", class_="line", data_about="0002-layered-monolith/late-pandas")
    text = pages[constraint_page("0002-layered-monolith/no-wildcards")].text
    for said in ("src/shop/legacy/**", "from shop.domain.catalogue import *", "shipping.py:4"):
        assert said in text
    assert "violated" in text
    assert "0002-layered-monolith.no-wildcards.python" in text


def test_the_list_needs_no_script_and_is_cut_into_pages(tmp_path: Path) -> None:
    records = {f"{n:04d}-d.md": record(f"Decision {n}") for n in range(1, 302)}
    folder = tmp_path / "site"
    written = write(repository(tmp_path / "r", records), folder)
    pages = pages_of(folder)
    assert written.decisions == 301
    assert broken_links(folder, pages) == []
    listed = [row for name in ("index.html", "list/2.html") for row in pages[name].all("tr")]
    assert len(listed) == 301 + 2
    assert "Decision 301" in pages["list/2.html"].text
    assert max(path.stat().st_size for path in folder.rglob("*.html")) < 500_000


def test_decisions_with_nothing_in_them_and_files_that_are_none_have_pages(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"0001-a.md": "# A\n", "0002-b.md": ""})
    (root / "docs/adr/0003-c.md").write_bytes(b"# C\n\xff\xfe\n")
    folder = tmp_path / "site"
    write(root, folder)
    pages = pages_of(folder)
    assert broken_links(folder, pages) == []
    assert "BL001" in pages[decision_page("docs/adr/0003-c.md")].text
    assert not any(page.faults for page in pages.values())


def test_a_repository_without_decisions_has_a_site_that_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write(repository(tmp_path / "r", {}), folder)
    pages = pages_of(folder)
    assert "There are no decisions" in pages["index.html"].text
    assert broken_links(folder, pages) == []


# --- names -------------------------------------------------------------------------------------

IDS = [
    *("a", "A", "adr-1", "ADR-1", "Adr-1", "aDr-1", "a.b", "a_b", "a-b", "a~b", "A~1", "adr~1"),
    *("con", "CON", "con.x", "nul", "com1", "lpt9", "aux.b.c", "trailing.", ".hidden", "-a", "_a"),
    *("é", "e\u0301", "É", "ß", "ss", "\u212a", "k", "ı", "i", "İ", "日本", "a/b", "a\\b", 'a"b'),
    *("a?b", "a*b", "a:b", "a|b", "a b", "a\tb", "a%b", "a#b", "..", ".", "", "~", "a~7", "x" * 90),
    *("x" * 91, "X" * 61, "x" * 250, "docs/adr/0001-a.md", "\udcff", "\U0001f600", "index"),
]


def test_no_two_ids_share_a_file_on_any_file_system() -> None:
    stems = [file_stem(identity) for identity in IDS]
    assert len({stem.casefold() for stem in stems}) == len(set(IDS))
    for stem in stems:
        assert re.fullmatch(r"[a-z0-9~][a-z0-9._~-]*", stem), stem
        assert len(stem) <= 80
        assert not stem.endswith(".")
        assert stem.partition(".")[0] not in {"con", "nul", "aux", "com1", "lpt9"}


def test_common_ids_keep_their_names() -> None:
    assert decision_page("0002-layered-monolith") == "decisions/0002-layered-monolith.html"
    assert constraint_page("0002-a/no-orm") == "constraints/0002-a/no-orm.html"
    assert decision_page("ADR-0007-use-it") == "decisions/adr-0007-use-it~7.html"
    assert constraint_url("https://x.example/a", "ADR-1/no-orm") == (
        "https://x.example/a/constraints/adr-1~7/no-orm.html"
    )
    assert constraint_url("", "a/b") is None


def test_files_with_odd_names_have_pages_that_all_links_reach(tmp_path: Path) -> None:
    names = [
        "0001 with space",
        "0001 WITH space",
        "con",
        "Ünï—ç<b>&\"q'",
        "trailing.",
        "%41#?x",
        "日本",
    ]
    text = record("A", RULE, "[con] Files in `a/**` MUST NOT contain `<script>alert(1)</script>`.")
    root = repository(tmp_path / "r", {f"{name}.md": text for name in names})
    (root / "docs/adr/sub").mkdir()
    (root / "docs/adr/sub/con.md").write_text(text, "utf-8")
    (root / "docs/adr/0002-links.md").write_text(
        "# L\n\n[a](con.md#no-orm) [b](<0001 with space.md>) [c](sub/con.md) "
        "[d](%E6%97%A5%E6%9C%AC.md) [e](javascript:alert(1)) [f](#gone) [g](con.md#gone)\n\n"
        "## Status\n\nSuperseded by con\n",
        "utf-8",
    )
    folder = tmp_path / "site"
    write(root, folder)
    pages = pages_of(folder)
    assert broken_links(folder, pages) == []
    assert not [name for name, page in pages.items() if page.faults]
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert len({name.casefold() for name in files}) == len(files)
    assert all(re.fullmatch(r"[A-Za-z0-9._~/-]+", name) for name in files)
    assert len([name for name in files if name.startswith("decisions/")]) == len(names) + 2
    for page in pages.values():
        assert not [each for each in page.all("script") if each.text]


def test_an_id_that_is_the_frames_own_does_not_take_its_place(tmp_path: Path) -> None:
    ids = ["bylaw-main", "index", "static", "tab-ir", "panel-json"]
    rules = [f"[{name}] Files in `{name}/**` MUST NOT contain `x`." for name in ids]
    folder = tmp_path / "site"
    write(repository(tmp_path / "r", {"0001-a.md": record("A", *rules)}), folder)
    assert broken_links(folder, pages_of(folder)) == []


# --- the same bytes ----------------------------------------------------------------------------


def test_the_same_decisions_give_the_same_bytes_wherever_they_lie(
    shop: Path, site: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "renamed"
    shutil.copytree(shop, other, symlinks=True)
    folder = tmp_path / "again"
    write(other, folder)
    assert bytes_of(folder) == bytes_of(site)
    write(other, folder)
    assert bytes_of(folder) == bytes_of(site)


def test_one_processor_writes_what_two_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = {
        f"{n:04d}-d.md": record(f"D {n}", f"[no-{n}] Files in `d{n}/**` MUST NOT contain `x`.")
        for n in range(80)
    }
    root = repository(tmp_path / "r", records)
    write(root, tmp_path / "two")
    monkeypatch.setattr("bylaw.parallel.processes", lambda: 1)
    write(root, tmp_path / "one")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_nothing_in_the_site_says_where_or_when_it_was_written(shop: Path, site: Path) -> None:
    hour = re.compile(rb"\b\d\d:\d\d:\d\d\b")
    for path in site.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert str(shop.parent).encode() not in data, path
            assert str(Path.home()).encode() + b"/" not in data, path
            assert not hour.search(data), path


def test_a_site_within_the_tree_is_no_part_of_it(tmp_path: Path) -> None:
    rule = "[short] Files matching `**/*.html` MUST NOT exist."
    root = repository(tmp_path / "r", {"0001-a.md": record("A", RULE, rule)})
    write(root, root / "site")
    first = bytes_of(root / "site")
    write(root, root / "site")
    assert bytes_of(root / "site") == first
    page = parse((root / "site" / constraint_page("0001-a/short")).read_text("utf-8"))
    assert "holds" in page.text


# --- the folder --------------------------------------------------------------------------------


def test_pages_of_decisions_that_are_gone_go(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"0001-a.md": record("A", RULE), "0002-b.md": record("B")})
    folder = tmp_path / "site"
    write(root, folder)
    (root / "docs/adr/0001-a.md").unlink()
    write(root, folder)
    write(root, tmp_path / "fresh")
    assert bytes_of(folder) == bytes_of(tmp_path / "fresh")
    assert not (folder / "constraints").exists()


@pytest.mark.parametrize("name", ["notes.txt", "index.html", "decisions/mine.html", MANIFEST])
def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "site"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text("mine\n", "utf-8")
    root = repository(tmp_path / "r", {"0001-a.md": record("A")})
    with pytest.raises(ForeignSiteError) as refused:
        write(root, folder)
    assert refused.value.files == (name,)
    assert bytes_of(folder).keys() == {name}


def test_a_strangers_page_among_ours_is_refused_and_a_branchs_own_files_stay(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "site"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git/HEAD").write_text("ref\n", "utf-8")
    (folder / "CNAME").write_text("shop.example\n", "utf-8")
    root = repository(tmp_path / "r", {"0001-a.md": record("A")})
    write(root, folder)
    write(root, folder)
    assert (folder / "CNAME").read_text("utf-8") == "shop.example\n"
    assert (folder / ".git/HEAD").exists()
    before = bytes_of(folder)
    (folder / "decisions/mine.html").write_text("mine\n", "utf-8")
    with pytest.raises(ForeignSiteError) as refused:
        write(root, folder)
    assert refused.value.files == ("decisions/mine.html",)
    assert bytes_of(folder) == before | {
        "decisions/mine.html": bytes_of(folder)["decisions/mine.html"]
    }


def test_a_link_to_another_folder_is_not_followed(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"0001-a.md": record("A")})
    folder, precious = tmp_path / "site", tmp_path / "precious"
    write(root, folder)
    precious.mkdir()
    (precious / "base.css").write_text("mine\n", "utf-8")
    shutil.rmtree(folder / "static")
    (folder / "static").symlink_to(precious)
    with pytest.raises(ForeignSiteError):
        write(root, folder)
    assert (precious / "base.css").read_text("utf-8") == "mine\n"


def test_a_run_that_fails_leaves_the_site_that_was_there(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"0001-a.md": record("A", RULE)})
    folder = tmp_path / "site"
    write(root, folder)
    before = bytes_of(folder)
    (root / "docs/adr/0001-a.md").write_text(record("Changed"), "utf-8")

    def stop(what: str, done: int, total: int) -> None:
        if what == "write":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(root, folder, stop)
    assert bytes_of(folder) == before
    with pytest.raises(KeyboardInterrupt):
        write(root, tmp_path / "new", stop)
    assert not (tmp_path / "new").exists()


KILLED = """
import sys, time
from pathlib import Path
from tests.preview.site.writing import write
def wait(what, done, total):
    if what == "write":
        print("writing", flush=True)
        time.sleep(60)
write(Path(sys.argv[1]), Path(sys.argv[2]), wait)
"""


def test_a_run_that_is_killed_leaves_the_site_that_was_there(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"0001-a.md": record("A", RULE)})
    folder = tmp_path / "site"
    write(root, folder)
    before = bytes_of(folder)
    (root / "docs/adr/0001-a.md").write_text(record("Changed"), "utf-8")
    project = Path(__file__).resolve().parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(root), str(folder)],
        env=os.environ | {"PYTHONPATH": str(project)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    after = bytes_of(folder)
    assert {
        name: digest for name, digest in after.items() if not name.startswith(".bylaw-site")
    } == before
    write(root, folder)
    write(root, tmp_path / "fresh")
    assert bytes_of(folder) == bytes_of(tmp_path / "fresh")


def assert_same_as_live(root: Path) -> set[str]:
    """Compare each decision's impact with what the live page measures; return the fates seen."""
    workspace = Workspace(root)
    linked = workspace.on_disk
    judged = judge(root, linked.config, linked.program.as_of, None, None)
    impacts = Impacts(workspace, judged)
    known = Known(root)
    seen: set[str] = set()
    for unit in linked.program.units:
        preview = become(linked, unit.header.path)
        live = measure(workspace, Ask(unit.header.path), None, known)
        assert preview is not None
        assert live is not None
        here = impacts.of(preview)
        assert here.sentences == live.sentences
        assert (here.baseline, here.files) == (live.baseline, live.files)
        for name in ("violations", "excused", "unjudged"):
            assert sorted(map(str, getattr(here, name))) == sorted(map(str, getattr(live, name)))
        seen |= {sentence.fate for sentence in here.sentences}
    return seen


def test_each_sentence_fares_as_the_live_page_says(sample: Path, site: Path) -> None:
    seen = assert_same_as_live(sample)
    assert seen == {"judged", "open"}, "the sample has what only a change decides"
    pages = pages_of(site)
    workspace = Workspace(sample)
    for unit in workspace.on_disk.program.units:
        live = measure(workspace, Ask(unit.header.path))
        assert live is not None
        for sentence in live.sentences:
            word = "violated" if sentence.violations else "holds"
            if sentence.unjudged and not sentence.violations:
                word = "not evaluated"
            outcome = pages[constraint_page(sentence.id)].all("span", class_="outcome")
            if workspace.on_disk.program.in_force(unit.header.path):
                assert [each.text for each in outcome] == [word], sentence.id
            else:
                assert not outcome


def test_a_sentence_of_a_later_day_fares_as_it_will_bind(tmp_path: Path) -> None:
    later = [
        "[no-orm] Files in `src/**` MUST NOT contain `orm` from 2990-01-01.",
        "[no-sql] Files in `src/**` MUST NOT contain `sql` from 2990-01-01.",
        "[asked] Changes to `src/**` MUST be approved by `@ann` from 2990-01-01.",
        "[gone] Files in `src/**` MUST NOT contain `orm` until 2001-01-01.",
    ]
    records = {"0001-later.md": record("Later", *later)}
    root = repository(tmp_path / "r", records)
    (root / "src").mkdir()
    (root / "src/a.py").write_text("import orm\n", "utf-8")
    assert assert_same_as_live(root) == {"later", "over"}
    # Beside one that binds today, the tree has been looked at already.
    today = record("Today", "[no-eval] Files in `src/**` MUST NOT contain `eval`.")
    (root / "docs/adr/0002-today.md").write_text(today, "utf-8")
    assert assert_same_as_live(root) == {"later", "over", "judged"}


def test_the_list_says_what_is_open_and_what_would_be(tmp_path: Path) -> None:
    approval = "[asked] Changes to `src/**` MUST be approved by `@ann`."
    records = {
        "0001-force.md": record("Force", RULE, approval),
        "0002-open.md": record("Open", RULE, status="Proposed"),
        "0003-empty.md": record("Empty", status="Proposed"),
    }
    root = repository(tmp_path / "r", records)
    (root / "src").mkdir()
    (root / "src/a.py").write_text("import orm\n", "utf-8")
    write(root, tmp_path / "site")
    page = pages_of(tmp_path / "site")["index.html"]
    cells = [each.text.strip() for each in page.all("td")]
    assert cells[3::5] == ["1, 1 not evaluated", "1 if accepted", ""]
    assert "1 violation today; 1 constraint not evaluated." in page.text


def test_the_count_of_files_is_that_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    written = write(repository(tmp_path / "r", {"0001-a.md": record("A", RULE)}), folder)
    assert written.files == len(bytes_of(folder))
