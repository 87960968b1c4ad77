"""The file of approvals: what it may hold, and that nothing in it is passed over."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bylaw.check.approval.record import head_line, line_of, read_record
from bylaw.check.people import DECISIONS, ApprovalFaultError, Entry, names_of
from bylaw.schema import SCHEMAS

HEAD = '{"format":"bylaw/approvals","version":1}\n'

_names = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
_entries = st.builds(
    Entry,
    by=_names.map(lambda n: f"@{n}"),
    decision=st.sampled_from(DECISIONS),
    teams=st.lists(_names.map(lambda n: f"@x/{n}"), max_size=2).map(tuple),
    time=st.none()
    | st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC)).map(
        lambda t: t.replace(microsecond=0)
    ),
    commit=st.none() | st.text("0123456789abcdef", min_size=40, max_size=40),
    policy=st.none() | st.text("0123456789abcdef", min_size=32, max_size=32),
    source=st.none() | st.just("bylaw approve"),
)


@given(st.lists(_entries, max_size=4))
def test_what_is_written_is_read_again_and_is_what_the_schema_says(some: list[Entry]) -> None:
    lines = [head_line(), *map(line_of, some)]
    assert head_line() == HEAD
    assert read_record("".join(lines).encode(), "a.jsonl") == tuple(some)
    validator = Draft202012Validator(SCHEMAS["approvals"].build())
    for line in lines:
        validator.validate(json.loads(line))


def test_a_list_a_byte_order_mark_and_other_line_ends_are_read() -> None:
    (entry,) = read_record(b'\xef\xbb\xbf [{"by": "@dba", "commit": "3f2a91c"}]\r\n', "a.json")
    assert (entry.by, entry.commit, entry.decision) == ("@dba", "3f2a91c", "approve")
    (entry,) = read_record((HEAD + '\n{"by":"@a"}').replace("\n", "\r\n").encode(), "a")
    assert entry.by == "@a"
    assert read_record(b"", "a") == read_record(b"[]", "a") == read_record(HEAD.encode(), "a") == ()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x", "an object stands for each"),
        ("[]", "an object stands for each"),
        ("{}", "`by` names nobody"),
        ('{"by": ""}', "`by` names nobody"),
        ('{"by": "@"}', "`by` names nobody"),
        ('{"by": "@a\\u202e"}', "`by` names nobody"),
        ('{"by": "@a\\u0000"}', "`by` names nobody"),
        ('{"by": "@a\\ud800"}', "`by` names nobody"),
        ('{"by": 1}', "`by` is no text"),
        ('{"by": "@a", "by": "@b"}', "an object stands for each"),
        ('{"by": "@a", "decision": "APPROVE"}', "`decision` is none of"),
        ('{"by": "@a", "decision": null}', "`decision` is none of"),
        ('{"by": "@a", "decision": []}', "`decision` is none of"),
        ('{"by": "@a", "decison": "dismiss"}', "it has a key `decison`"),
        ('{"by": "@a", "teams": "@t"}', "`teams` is no list of names"),
        ('{"by": "@a", "teams": [1]}', "`teams` is no list of names"),
        ('{"by": "@a", "commit": "HEAD"}', "`commit` is no commit's id"),
        ('{"by": "@a", "commit": "--help"}', "`commit` is no commit's id"),
        ('{"by": "@a", "policy": "x"}', "`policy` is no policy version"),
        ('{"by": "@a", "time": "2026-11-21"}', "`time` is no time in UTC"),
        ('{"by": "@a", "time": "2026-11-21T00:00:00"}', "`time` is no time in UTC"),
        ('{"by": "@a", "time": "0001-01-01T00:00:00+23:00"}', "`time` is no time in UTC"),
        ('{"by": "@a", "of": NaN}', "an object stands for each"),
        ("[" * 100_000, "an object stands for each"),
    ],
)
def test_a_line_that_is_none_is_named_because_it_may_have_been_a_dismissal(
    line: str, fault: str
) -> None:
    with pytest.raises(ApprovalFaultError, match=r"line 3 of `a\.jsonl` is no line") as found:
        read_record(f'{HEAD}{{"by":"@a"}}\n{line}\n'.encode(), "a.jsonl")
    assert fault in str(found.value)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b'{"by": "@a"}\n',
        b'{"format":"bylaw/approvals","version":2}\n',
        b'{"format":"bylaw/record","version":1}\n',
        b"[" * 100_000,
        b'["@a"]',
        b"null",
        b"\0",
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(ApprovalFaultError):
        read_record(data, "a")


@settings(max_examples=200)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")))
def test_whatever_the_bytes_there_is_an_answer(data: bytes) -> None:
    for text in (data, HEAD.encode() + data):
        try:
            found: Any = read_record(text, "a")
        except ApprovalFaultError:
            continue
        assert all(isinstance(each, Entry) for each in found)


def test_names_in_doubt_are_one() -> None:
    assert names_of("@Ann") & names_of("Ann Lee <17+ann@users.noreply.x.example>")
    assert names_of("ann@x.example") & names_of("@ann")
    assert names_of("Ann Lee <ann@x.example>") & names_of("ANN@x.example")
    assert not names_of("@ann") & names_of("Bob <bob@x.example>")
    assert "" not in names_of(" <@>") | names_of("+@x") | names_of("<>")


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    entries = [{"by": "@ann"}, *[{"by": "@x"}] * 100_000, {"by": "@ann", "decision": "dismiss"}]
    head = {"format": "bylaw/approvals", "version": 1}
    for data in (json.dumps(entries), "\n".join(map(json.dumps, [head, *entries]))):
        with pytest.raises(ApprovalFaultError, match="more than 100000 entries"):
            read_record(data.encode(), "a.json")
