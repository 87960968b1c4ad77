"""Where the configuration names a site, reports lead to it; without one they say nothing of it."""

import json

import pytest
from tests.render.runs import everything, render

from bylaw.render.verdicts import FORMATS, Setting
from bylaw.site_address import constraint_url

SITE = "https://shop.example/decisions"
PAGE = f"{SITE}/constraints/0007-domain/no-orm.html"


def test_a_rule_of_sarif_has_the_page_as_its_help() -> None:
    rules = json.loads(render(everything(), "sarif", Setting(site=SITE)))["runs"][0]["tool"][
        "driver"
    ]
    pages = {rule["id"]: rule["helpUri"] for rule in rules["rules"]}
    assert pages["0007-domain/no-orm"] == PAGE
    assert len(pages) == len(everything().judgements)
    assert all(page.startswith(f"{SITE}/constraints/") for page in pages.values())


def test_everything_in_json_has_the_page_of_its_constraint() -> None:
    report = json.loads(render(everything(), "json", Setting(site=SITE)))
    for name in ("violations", "not_evaluated", "constraints", "excused"):
        assert report[name]
        for each in report[name]:
            assert each["url"] == constraint_url(SITE, each["constraint"])


@pytest.mark.parametrize("format_", ["github", "markdown"])
def test_where_it_was_decided_leads_to_the_page(format_: str) -> None:
    assert PAGE in render(everything(), format_, Setting(site=SITE))


@pytest.mark.parametrize("format_", FORMATS)
def test_without_a_site_no_report_says_anything_of_one(format_: str) -> None:
    told = render(everything(), format_, Setting())
    assert "helpUri" not in told
    assert ".html" not in told.replace("sarif-v2.1.0.html", "")
    if format_ == "json":
        assert {each["url"] for each in json.loads(told)["violations"]} == {None}


@pytest.mark.parametrize("format_", ["text", "junit"])
def test_what_people_read_in_a_terminal_has_no_addresses_in_it(format_: str) -> None:
    assert SITE not in render(everything(), format_, Setting(site=SITE))
