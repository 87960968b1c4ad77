"""A file after edits is as the host would leave it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.checkpoint.calls import Edit
from bylaw.checkpoint.edits import EditFaultError, LooseMatchError, edited
from bylaw.checkpoint.effects import Remove, Write
from bylaw.checkpoint.files import MemoryFiles
from bylaw.checkpoint.patches import patch_effects
from bylaw.checkpoint.recorder import Recorder

TEXT = st.text("ab\n", max_size=12)


@given(TEXT, st.lists(st.tuples(TEXT, TEXT, st.booleans()), max_size=4))
def test_several_edits_are_one_after_the_other(
    text: str, pairs: list[tuple[str, str, bool]]
) -> None:
    edits = tuple(Edit(old, new, every) for old, new, every in pairs)
    try:
        whole = edited(text.encode(), edits)
    except (EditFaultError, LooseMatchError):
        return
    step = text.encode()
    for edit in edits:
        step = edited(step, (edit,))
    assert whole == step


@given(st.text("ab\n", min_size=1, max_size=20))
def test_line_ends_stay_as_the_file_has_them(text: str) -> None:
    before = "x\n" + text
    plain = (
        edited(before.encode(), (Edit("x\n", "y\nz\n", False),))
        if before.count("x\n") == 1
        else b""
    )
    crlf = edited(before.replace("\n", "\r\n").encode(), (Edit("x\n", "y\nz\n", False),))
    assert crlf == plain.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        (b"\xef\xbb\xbfa\n", Edit("a", "b"), b"\xef\xbb\xbfb\n"),
        (b"a", Edit("a", "b"), b"b"),
        (b"", Edit("", "b"), b"b"),
        (None, Edit("", "b"), b"b"),
        (b"a\n", Edit("a\n", ""), b""),
        ("é\n".encode(), Edit("é", "\ud800"), "\ufffd\n".encode()),
        (
            b"\xff\xfe" + "a".encode("utf-16-le"),
            Edit("a", "b"),
            b"\xff\xfe" + "b".encode("utf-16-le"),
        ),
    ],
)
def test_bytes_that_are_not_edited_stay(before: bytes | None, edit: Edit, after: bytes) -> None:
    assert edited(before, (edit,)) == after


@pytest.mark.parametrize("edit", [Edit("a", "a"), Edit("c", "d"), Edit("", "x")])
def test_what_the_host_refuses_is_a_fault(edit: Edit) -> None:
    with pytest.raises(EditFaultError):
        edited(b"ab", (edit,))


def test_text_that_differs_by_its_quotes_only_may_be_found_by_a_host() -> None:
    with pytest.raises(LooseMatchError):
        edited("say \u201chi\u201d".encode(), (Edit('say "hi"', "x"),))


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_a_patch_gives_what_it_was_made_from(old: list[str], new: list[str]) -> None:
    """The whole file is one hunk here, so that nothing has to be found."""
    if old == new:
        return
    body = [f"-{line}" for line in old] + [f"+{line}" for line in new]
    counts = f"-{1 if old else 0},{len(old)} +{1 if new else 0},{len(new)}"
    patch = "\n".join(["--- a/f", "+++ b/f", f"@@ {counts} @@", *body, ""])
    files = MemoryFiles({"f": "".join(f"{line}\n" for line in old).encode()})
    recorder = Recorder(files, files.root)
    patch_effects(recorder, patch.encode(), 1)
    assert recorder.effects == [Write("f", "".join(f"{line}\n" for line in new).encode())]


@given(st.binary(max_size=60))
def test_any_bytes_are_read_as_a_patch(data: bytes) -> None:
    files = MemoryFiles({"f": b"a\n"})
    for text in (data, b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n" + data, b"*** Begin Patch\n" + data):
        recorder = Recorder(files, files.root)
        patch_effects(recorder, text, 1)
        assert recorder.effects


def test_a_patch_that_removes_a_file_removes_it() -> None:
    files = MemoryFiles({"f": b"a\n"})
    recorder = Recorder(files, files.root)
    patch_effects(recorder, b"--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", 1)
    assert recorder.effects == [Remove("f")]
