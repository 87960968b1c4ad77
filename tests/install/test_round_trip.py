"""What an installation puts in, its removal takes out, and not one byte more."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bylaw.install.faults import InstallError
from bylaw.install.hosts import HOSTS, Setting
from bylaw.install.parts import JsonPart, Part, YamlPart

SETTING = Setting()
PARTS = [part for host in HOSTS.values() for part in host.parts(SETTING)]
JSON_PARTS = [part for part in PARTS if isinstance(part, JsonPart)]
CLAUDE = next(part for part in JSON_PARTS if part.path.startswith(".claude"))
PRE_COMMIT = next(p for p in PARTS if p.path == ".pre-commit-config.yaml")
GITLAB = next(p for p in PARTS if p.path == ".gitlab-ci.yml")
COPILOT = next(p for p in PARTS if "copilot" in p.path)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.path)
def test_a_file_that_was_not_there_is_gone_afterwards(part: Part) -> None:
    made = part.installed(None)
    assert part.installed(made) == made
    assert part.removed(made) is None


# --- JSON --------------------------------------------------------------------------------------

HOOK = {"type": "command", "command": "./mine.sh"}
GROUP = {"matcher": "Bash", "hooks": [HOOK]}
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
OWN_HOOKS = st.dictionaries(
    st.sampled_from(["PreToolUse", "PostToolUse", "Stop", "Notification"]),
    st.lists(st.sampled_from([GROUP, {"hooks": [HOOK]}, {"matcher": "", "hooks": []}]), max_size=2),
    max_size=4,
)
SETTINGS = st.builds(
    lambda others, hooks, first: {**hooks, **others} if first else {**others, **hooks},
    st.dictionaries(st.text(max_size=6).filter(lambda key: key != "hooks"), VALUES, max_size=4),
    st.one_of(st.just({}), st.builds(lambda hooks: {"hooks": hooks}, OWN_HOOKS)),
    st.booleans(),
)
FORMS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 2, 4, "\t"]),
        "separators": st.sampled_from([None, (",", ":"), (" , ", " : ")]),
        "ensure_ascii": st.booleans(),
    }
)


@given(SETTINGS, FORMS, st.sampled_from(["", "\n", "\n\n"]), st.booleans(), st.booleans())
def test_json_in_any_form_comes_back_byte_for_byte(
    value: dict[str, Any], form: dict[str, Any], end: str, crlf: bool, bom: bool
) -> None:
    text = json.dumps(value, **form) + end
    text = text.replace("\n", "\r\n") if crlf else text
    data = ("\ufeff" * bom + text).encode("utf-8")
    made = CLAUDE.installed(data)
    said = json.loads(made.decode("utf-8-sig"))
    assert {key: said[key] for key in value if key != "hooks"} == {
        key: value[key] for key in value if key != "hooks"
    }
    for event, groups in value.get("hooks", {}).items():
        assert said["hooks"][event][: len(groups)] == groups
    assert CLAUDE.installed(made) == made
    assert CLAUDE.removed(made) == data


@pytest.mark.parametrize(
    "text",
    ["{}", "{\n}", "{ }\n", '{"hooks": {}}', '{"hooks": {"PreToolUse": []}}', '{"hooks":{\n}}'],
)
def test_empty_containers_of_somebody_elses_stay(text: str) -> None:
    made = CLAUDE.installed(text.encode())
    assert set(json.loads(made)["hooks"]) >= {"PreToolUse", "Stop"}
    assert CLAUDE.removed(made) == text.encode()


def test_what_people_have_added_since_stays() -> None:
    made = json.loads(CLAUDE.installed(b'{"model": "x"}'))
    made["hooks"]["PreToolUse"][0]["hooks"].append(HOOK)
    made["hooks"]["PreToolUse"].append(GROUP)
    made["hooks"]["Stop"].insert(0, {"hooks": [HOOK]})
    made["env"] = {"A": "1"}
    rest = CLAUDE.removed(json.dumps(made, indent=3).encode())
    assert rest is not None
    assert json.loads(rest) == {
        "model": "x",
        "hooks": {
            "PreToolUse": [{"matcher": "*", "hooks": [HOOK]}, GROUP],
            "Stop": [{"hooks": [HOOK]}],
        },
        "env": {"A": "1"},
    }


def test_an_older_or_edited_hook_of_ours_is_replaced_and_not_doubled() -> None:
    made = json.loads(CLAUDE.installed(None))
    made["hooks"]["PreToolUse"][0]["hooks"][0]["command"] = "/opt/bylaw hook claude-code"
    again = json.loads(CLAUDE.installed(json.dumps(made).encode()))
    assert len(again["hooks"]["PreToolUse"]) == 1
    assert "exit 2" in again["hooks"]["PreToolUse"][0]["hooks"][0]["command"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"{", "expecting"),
        (b'{"hooks": []} // mine', "extra data"),
        (b'{"a": 1,}', "property name"),
        (b'{"hooks": []}', "not an object"),
        (b'{"hooks": {"PreToolUse": {}}}', "not a list"),
        (b'{"hooks": {}, "hooks": {}}', "stands twice"),
        (b"[]", "not an object"),
        (b'"\xff"', "UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too long"),
        (b'{"a": "\\ud800\x00"}', "invalid control character"),
    ],
)
def test_a_file_that_cannot_be_changed_is_refused_with_a_reason(data: bytes, said: str) -> None:
    with pytest.raises(InstallError, match=said):
        CLAUDE.installed(data)


def test_a_lone_surrogate_and_a_million_characters_are_no_trouble() -> None:
    data = json.dumps({"a": "\ud800", "b": "x" * 1_000_000}).encode()
    assert CLAUDE.removed(CLAUDE.installed(data)) == data


def test_a_server_of_the_same_name_that_is_not_ours_is_left_alone() -> None:
    part = next(p for p in JSON_PARTS if p.path.endswith("mcp.json"))
    with pytest.raises(InstallError, match="of its own"):
        part.installed(b'{"mcpServers": {"bylaw": {"url": "http://x"}}}')


def test_cursor_without_its_version_is_refused() -> None:
    part = next(p for p in JSON_PARTS if p.path.endswith(".cursor/hooks.json"))
    with pytest.raises(InstallError, match="version"):
        part.installed(b'{"hooks": {}}')
    kept = b'{"version": 1, "hooks": {"stop": [{"command": "./mine.sh"}]}}\n'
    assert part.removed(part.installed(kept)) == kept


# --- YAML --------------------------------------------------------------------------------------

REPOS = """\
# Ours
default_stages: [pre-commit]
repos:
{d}- repo: https://example.org/a  # pinned
{d}  rev: v1
{d}  hooks:
{d}    - id: one
{d}      files: |
{d}        (?x)
{d}        ^a

{d}      # a comment inside
{d}- repo: local
{d}  hooks: [{{id: two, name: two, entry: "x: y", language: system}}]   # flow
# between

ci:
  skip: [two]
"""
ENDS = st.sampled_from(["", "\n", "\n\n", "\n# last", "  \n"])


@given(st.sampled_from(["", "  ", "    "]), st.booleans(), st.booleans(), ENDS, st.booleans())
def test_a_list_of_hooks_in_any_form_comes_back_byte_for_byte(
    dash: str, with_rest: bool, crlf: bool, end: str, bom: bool
) -> None:
    text = REPOS.format(d=dash)
    if not with_rest:
        text = text.partition("# between")[0].rstrip("\n")
    text = text.rstrip("\n") + end
    text = text.replace("\n", "\r\n") if crlf else text
    data = ("\ufeff" * bom + text).encode()
    made = PRE_COMMIT.installed(data)
    before, after = (yaml.safe_load(each.decode("utf-8-sig")) for each in (data, made))
    assert after["repos"][:-1] == before["repos"]
    assert after["repos"][-1]["hooks"][0]["id"] == "bylaw-check"
    assert after.keys() == before.keys()
    assert PRE_COMMIT.installed(made) == made
    assert PRE_COMMIT.removed(made) == data


def test_a_comment_after_the_list_does_not_get_between() -> None:
    data = REPOS.format(d="").encode()
    made = PRE_COMMIT.installed(data).decode()
    assert made.index("flow") < made.index(">>> bylaw") < made.index("# between")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# only a comment",
        "a:\n  script: x",
        "a:\n  script: x\n",
        "stages: [one]\na:\n  stage: one\n  script: |\n    x\n\n",
    ],
)
def test_a_gitlab_file_comes_back_byte_for_byte(text: str) -> None:
    made = GITLAB.installed(text.encode())
    assert "bylaw" in yaml.safe_load(made)
    assert GITLAB.installed(made) == made
    assert GITLAB.removed(made) == text.encode()


def test_a_gitlab_job_gets_a_stage_that_there_is() -> None:
    made = yaml.safe_load(GITLAB.installed(b"stages: [build, 'deploy: x']\n"))
    assert made["bylaw"]["stage"] == "build"
    assert "stage" not in yaml.safe_load(GITLAB.installed(b"stages: [build, test]\n"))["bylaw"]


def test_gitlabs_own_tags_and_documents_are_no_trouble() -> None:
    data = b"spec:\n  inputs: {}\n---\n.a: &a\n  x: 1\nb:\n  <<: *a\n  script: !reference [.a, x]\n"
    made = GITLAB.installed(data)
    assert GITLAB.removed(made) == data


def test_steps_of_a_setup_of_somebody_elses_are_added_to() -> None:
    data = (
        b"on: workflow_dispatch\njobs:\n  copilot-setup-steps:\n    runs-on: ubuntu-latest\n"
        b"    steps:\n    - uses: actions/checkout@v4\n    - run: |\n        make\n\n"
    )
    made = COPILOT.installed(data)
    steps = yaml.safe_load(made)["jobs"]["copilot-setup-steps"]["steps"]
    assert [next(iter(step)) for step in steps] == ["uses", "run", "uses", "name"]
    assert COPILOT.removed(made) == data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("repos: []\n", "no list of items"),
        ("repos: [{repo: local}]\n", "in brackets"),
        ("repos:\n", "no list of items"),
        ("ci: {}\n", "no `repos`"),
        ("repos: [\n", "not YAML"),
        ("a: b: c\n", "not YAML"),
        ("- a\n", "no `repos`"),
        ("repos:\n- a\nrepos:\n- b\n", "twice"),
        ("repos:\n- a\n# >>> bylaw install pre-commit >>>\n", "other half"),
        ("repos:\n- " + "[" * 3000, "nested too deeply|not YAML"),
        ("repos:\n- a: \x00\n", "not YAML"),
    ],
)
def test_yaml_that_cannot_be_changed_is_refused_with_a_reason(text: str, said: str) -> None:
    with pytest.raises(InstallError, match=said):
        PRE_COMMIT.installed(text.encode())


def test_a_gitlab_job_of_somebody_elses_is_not_overwritten() -> None:
    with pytest.raises(InstallError, match="of its own"):
        GITLAB.installed(b"bylaw:\n  script: x\n")


@given(st.text(max_size=60))
def test_any_text_ends_in_a_file_or_a_reason(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for part in PARTS:
        try:
            made = part.installed(data)
        except InstallError:
            continue
        if isinstance(part, JsonPart | YamlPart):
            assert part.removed(made) == data
