"""Files made to break a reader end in a result or a diagnostic, and soon."""

import time

import pytest

from tests.adr.reading import read

MILLION = 1_000_000
STATUS = "# A\n\n## Status\n\n"
FILES = {
    "one line": "# A\n\n" + "x" * MILLION,
    "brackets in the title": "# " + "[" * MILLION,
    "half links in the title": "# " + "a[b](" * (MILLION // 5),
    "tags in the title": "# " + "<a " * (MILLION // 3),
    "comments in the title": "# " + "<!--" * (MILLION // 4),
    "numbers in the title": "# " + "ADR " * (MILLION // 4),
    "backticks in the status": STATUS + "`" * MILLION,
    "parentheses in the status": STATUS + "(" * MILLION,
    "stars in the status": STATUS + "superseded " + "* " * (MILLION // 2),
    "many verbs": STATUS + "superseded by " * (MILLION // 14),
    "many references": STATUS + "supersedes ADR-1 " * (MILLION // 17),
    "many links": STATUS + "Supersedes " + "[a](b) " * (MILLION // 7),
    "half links": STATUS + "Supersedes " + "[a](b(" * (MILLION // 6),
    "dates": "# A\n\nDate: " + "12-abc-" * (MILLION // 7),
    "people": "# A\n\nDeciders: " + "a, " * (MILLION // 3),
    "deep quotes": ">" * MILLION,
    "deep lists": "- " * (MILLION // 2),
    "many blocks": "- a\n" * (MILLION // 4),
    "many status sections": "# A\n" + "## B\n### Status\n" * 14_000,
    "a wide table": "|a" * (MILLION // 2) + "|\n" + "|-" * (MILLION // 2) + "|\n",
    "nested flow in front matter": "---\na: " + "[" * 60_000 + "\n---\n# A\n",
    "endless front matter": "---\n" + "a: b\n" * (MILLION // 5),
    "invisible text": "# A\n" + "\u200b\u202e\u2066" * (MILLION // 9),
    "zeros": "# A\n" + "\0" * MILLION,
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_or_refused_within_two_seconds(name: str) -> None:
    started = time.process_time()
    found = read(FILES[name].encode()[:1_048_576])
    assert time.process_time() - started < 2
    assert found.found is not None or found.codes
