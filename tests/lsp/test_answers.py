"""What an editor asks of a language server, asked of a real one over standard input and output."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import CAPABILITIES, Client

HEAD = "# 99. New\n\n## Status\n\nAccepted\n\n## Constraints\n\n"
STORE = "docs/adr/0003-database-behind-the-store.md"
_NUMBERS = itertools.count(100)


@pytest.fixture
def shop(kept_shop: Path) -> Path:
    return kept_shop


@pytest.fixture
def writing(session: Client, shop: Path) -> Iterator[Any]:
    """Return what opens an unsaved ADR with a section of these items; it is closed at the end."""
    opened: list[str] = []

    def write(*items: str) -> tuple[str, int]:
        text = HEAD + "".join(f"- {item}\n" for item in items)
        opened.append(session.open(shop / f"docs/adr/0{next(_NUMBERS)}-new.md", text))
        return opened[-1], HEAD.count("\n")

    yield write
    for uri in opened:
        session.close(uri)


def test_it_says_what_it_can(kept_shop: Path) -> None:
    with Client(kept_shop) as client:
        answer = client.begin()
        assert answer["serverInfo"]["name"] == "bylaw"
        can = answer["capabilities"]
        for name in (
            "hoverProvider",
            "completionProvider",
            "definitionProvider",
            "referencesProvider",
            "documentSymbolProvider",
            "codeActionProvider",
            "foldingRangeProvider",
        ):
            assert can[name], name
        assert can["completionProvider"]["resolveProvider"] is True
        assert can["positionEncoding"] == "utf-16"
        asked = client.wait(lambda each: each.get("method") == "client/registerCapability")
        (registration,) = asked["params"]["registrations"]
        assert registration["method"] == "workspace/didChangeWatchedFiles"
        assert client.end() == 0


def test_a_broken_sentence_is_marked_where_it_breaks(session: Client, writing: Any) -> None:
    uri, line = writing("[a-b] Modules in `shop.web` MUST NOT imprt `x`.", "[c-d] CI MUST run `x`.")
    (fault,) = [each for each in session.diagnostics(uri) if each["code"] == "BL013"]
    assert (fault["code"], fault["severity"], fault["source"]) == ("BL013", 1, "bylaw")
    assert "did you mean `import X`" in fault["message"]
    assert fault["range"] == {
        "start": {"line": line, "character": 39},
        "end": {"line": line, "character": 44},
    }


def test_a_fault_in_two_places_names_the_other(session: Client, writing: Any) -> None:
    uri, line = writing("[a-b] CI MUST run `x`.", "[a-b] CI MUST run `y`.")
    faults = session.diagnostics(uri)
    related = [each["relatedInformation"] for each in faults if each.get("relatedInformation")]
    assert related
    assert related[0][0]["location"]["uri"] == uri
    assert {related[0][0]["location"]["range"]["start"]["line"]} <= {line, line + 1}


def test_hover_shows_the_sentence_the_rule_and_in_time_the_impact(
    session: Client, shop: Path
) -> None:
    uri = session.open(shop / STORE)
    lines = (shop / STORE).read_text().split("\n")
    line = next(number for number, text in enumerate(lines) if "[one-door]" in text)
    shown = ""
    for _ in range(60):
        answer = session.ask("hover", uri, line, 8)
        shown = answer["contents"]["value"]
        if "measuring" not in shown:
            break
    assert "Only modules in `shop.store` MAY import `sqlalchemy`" in shown
    assert "**enforced**" in shown
    assert "semgrep" in shown
    assert "^sqlalchemy" in shown, "the rule itself"
    assert "message:" not in shown, "what repeats the sentence is left out"
    assert "**1 violation** today, in `src/shop/services/checkout.py`" in shown
    assert answer["range"]["start"]["line"] == line
    lens = session.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    assert "1 violation today" in [each["command"]["title"] for each in lens]
    session.close(uri)


def test_hover_never_waits_for_a_judge(session: Client, writing: Any) -> None:
    uri, line = writing("[a-b] Code in `src/**` MUST NOT call `eval` for new code.")
    shown = session.ask("hover", uri, line, 20)["contents"]["value"]
    assert "Impact: measuring" in shown or "violation" in shown or "Impact:" in shown
    told = session.wait(lambda each: each.get("method") == "workspace/codeLens/refresh")
    assert told["id"] is not None, "the client is told once it is known"


def test_hover_over_a_waiver_and_a_link_speaks_of_what_they_name(
    session: Client, writing: Any
) -> None:
    uri, line = writing(
        "Waiver for [0003-database-behind-the-store/one-door]: `src/shop/money.py` until "
        "2030-01-01, approved by `@a`, because b.",
        "Note: see [the tokens](0009-signed-tokens.md).",
    )
    waived = session.ask("hover", uri, line, 30)["contents"]["value"]
    assert "0003-database-behind-the-store/one-door" in waived
    assert "MAY import `sqlalchemy`" in waived
    linked = session.ask("hover", uri, line + 1, 35)["contents"]["value"]
    assert "0009-signed-tokens.md" in linked
    assert session.ask("hover", uri, 0, 1) is None


def test_completion_offers_what_fits_in_its_order(session: Client, writing: Any) -> None:
    uri, line = writing("[a-b] Modules in `shop.store` MUST NOT imp")
    found = session.ask("completion", uri, line, 44)
    assert found["isIncomplete"] is True
    first = found["items"][0]
    assert first["label"] == "import …"
    assert first["textEdit"]["newText"] == "import "
    assert first["textEdit"]["range"]["start"] == {"line": line, "character": 41}
    texts = [each["sortText"] for each in found["items"]]
    assert texts == sorted(texts)


def test_a_shape_comes_as_a_snippet_where_the_client_knows_them(
    session: Client, kept_shop: Path, writing: Any
) -> None:
    uri, line = writing("")
    item = session.ask("completion", uri, line, 2)["items"][0]
    assert item["insertTextFormat"] == 2
    assert "${1:" in item["textEdit"]["newText"]
    resolved = session.request("completionItem/resolve", item)
    assert "import" in resolved["documentation"]["value"]
    plain = {**CAPABILITIES, "textDocument": {}}
    with Client(kept_shop) as client:
        client.begin(plain)
        other = client.open(kept_shop / "docs/adr/0077-plain.md", f"{HEAD}- ")
        first = client.ask("completion", other, line, 2)["items"][0]
        assert first["insertTextFormat"] == 1
        assert "$" not in first["textEdit"]["newText"]
        assert client.end() == 0


def test_an_id_that_is_offered_can_be_read_about(session: Client, writing: Any) -> None:
    uri, line = writing("Waiver for [0003-d")
    items = session.ask("completion", uri, line, 20)["items"]
    item = next(each for each in items if each["label"].endswith("/one-door"))
    resolved = session.request("completionItem/resolve", item)
    assert "MAY import `sqlalchemy`" in resolved["documentation"]["value"]


def test_definition_and_references_lead_from_waiver_to_constraint_and_back(
    session: Client, shop: Path, writing: Any
) -> None:
    uri, line = writing(
        "Waiver for [0003-database-behind-the-store/one-door]: `src/shop/money.py` until "
        "2030-01-01, approved by `@a`, because b."
    )
    (link,) = session.ask("definition", uri, line, 25)
    assert link["targetUri"] == (shop / STORE).as_uri()
    assert link["originSelectionRange"]["start"] == {"line": line, "character": 14}
    target = link["targetSelectionRange"]["start"]
    assert "[one-door]" in (shop / STORE).read_text().split("\n")[target["line"]]
    back = session.ask("references", uri, line, 25, context={"includeDeclaration": True})
    assert {each["uri"] for each in back} >= {uri, (shop / STORE).as_uri()}


def test_definition_leads_from_a_supersession_to_its_decision(session: Client, shop: Path) -> None:
    text = "# 99. New\n\n## Status\n\nSuperseded by [ADR-9](0009-signed-tokens.md)\n"
    uri = session.open(shop / "docs/adr/0098-old.md", text)
    (link,) = session.ask("definition", uri, 4, 20)
    assert link["targetUri"].endswith("/0009-signed-tokens.md")
    session.close(uri)


def test_an_action_mends_what_is_wrong_and_clears_its_diagnostic(
    session: Client, writing: Any
) -> None:
    uri, _ = writing("[a-b] Modules in `shop.web` MUST NOT imprt `x`.")
    (fault,) = [each for each in session.diagnostics(uri) if each["code"] == "BL013"]
    context = {"diagnostics": [fault], "only": ["quickfix"]}
    params = {"textDocument": {"uri": uri}, "range": fault["range"], "context": context}
    (action,) = session.request("textDocument/codeAction", params)
    assert action["title"] == "Write `import`"
    assert action["diagnostics"] == [fault]
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 1}
    (edit,) = change["edits"]
    version = session.change(uri, {"range": edit["range"], "text": edit["newText"]})
    assert "BL013" not in [each["code"] for each in session.diagnostics(uri, version)]


def test_actions_insert_ids_and_add_examples_and_waivers(session: Client, writing: Any) -> None:
    uri, line = writing("Code in `src/shop/**` MUST NOT call `breakpoint`.")
    session.diagnostics(uri)
    at = {"line": line, "character": 5}
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": at, "end": at},
        "context": {"diagnostics": []},
    }
    titles = [each["title"] for each in session.request("textDocument/codeAction", params)]
    assert "Insert the id [no-call-breakpoint]" in titles
    assert "Add an example that violates" in titles
    assert "Add an example that complies" in titles
    assert any(title.startswith("Waive [") for title in titles)
    found = session.request("textDocument/codeAction", params)
    action = next(each for each in found if each["title"] == "Add an example that violates")
    assert "edit" not in action, "it is made once it is wanted"
    (change,) = session.request("codeAction/resolve", action)["edit"]["documentChanges"]
    assert "```python violates path=src/shop/" in change["edits"][0]["newText"]
    stale = {**action, "data": {**action["data"], "version": 0}}
    assert not session.request("codeAction/resolve", stale).get("edit")
    params["context"] = {"diagnostics": [], "only": ["refactor"]}
    refactors = session.request("textDocument/codeAction", params)
    assert {each["kind"] for each in refactors} == {"refactor.rewrite"}
    params["context"] = {"diagnostics": [], "only": ["source"]}
    assert session.request("textDocument/codeAction", params) == []


def test_the_outline_nests_statements_in_their_section(session: Client, writing: Any) -> None:
    uri, line = writing("[a-b] CI MUST run `x`.", "[c-d] CI MUST run `y`.")
    (title,) = session.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    section = title["children"][-1]
    assert section["name"] == "Constraints"
    assert [each["name"] for each in section["children"]] == ["a-b", "c-d"]
    folds = session.request("textDocument/foldingRange", {"textDocument": {"uri": uri}})
    assert {"startLine": line - 2, "endLine": line + 1} in folds


def test_a_client_that_knows_no_nesting_and_no_links_gets_neither(kept_shop: Path) -> None:
    with Client(kept_shop) as client:
        client.begin({})
        text = f"{HEAD}- [a-b] CI MUST run `x`.\n- Waiver for [a-b]: `a`, because b.\n"
        uri = client.open(kept_shop / "docs/adr/0078-plain.md", text)
        flat = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        assert [each["name"] for each in flat][-2:] == ["a-b", "rejected"]
        assert flat[0]["location"]["uri"] == uri
        (there,) = client.ask("definition", uri, HEAD.count("\n"), 4)
        assert there["uri"] == uri
        assert client.end() == 0
