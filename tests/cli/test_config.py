"""The configuration: what it takes, and what it says about what it does not take."""

import json
import tomllib

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bylaw.codes import known
from bylaw.config import TARGETS, Config, schema
from bylaw.config_file import load
from bylaw.config_source import FILE, PYPROJECT
from bylaw.diagnostics import Diagnostic, Report, Severity
from bylaw.render.text import Style, text
from bylaw.source import Source

Answer = tuple[Config, list[Diagnostic], dict[str, bytes | None]]

FULL = """\
adrs = ["docs/adr/", "services/*/adr"]
source-roots = [".", "src"]
targets = ["json", "agents"]
output = "build/bylaw"
default-status = "in-force"
strict = true
allow = ["BL3xx"]
main-branch = "trunk"
tests = ["checks/**"]
baseline = "known.json"
suppressions = ["0007-domain/no-orm", "0009-store"]
site = "https://shop.example/decisions/"
max-file-bytes = 4096
approvals.low = ["docs/**"]
approvals.high = ["infra/**", "0007-domain/no-orm"]
approvals.default = "high"
approvals.required = { low = 0, high = 2 }
approvals.people = ["@ann ann@x.example"]
approvals.forge = "gitlab"
approvals.check = "decisions / check"
approvals.team-ids = ["@shop/dba 4711"]
hook.on-malfunction = "deny"
hook.class = "B"
agents.surfaces = ["agents-md", "claude"]
agents.budgets.agents-md = { characters = 8000, tokens = 3000 }
"""


def read(own: str | bytes | None = None, shared: str | None = None) -> Answer:
    """Return the configuration of these two files and what is wrong with it."""
    files = {FILE: own, PYPROJECT: shared}
    data = {k: v.encode() if isinstance(v, str) else v for k, v in files.items()}
    report = Report()
    config = load(data.get, report, lambda: TARGETS)
    return config, list(report), data


def shown(own: str | bytes | None = None, shared: str | None = None) -> str:
    """Return what a reader sees of the faults."""
    _, diagnostics, data = read(own, shared)
    sources = {name: Source(name, each) for name, each in data.items() if each is not None}
    return "\n".join(text(diagnostics, sources.get, Style()))


def test_without_a_file_all_is_default() -> None:
    assert read() == (Config(), [], {FILE: None, PYPROJECT: None})


def test_every_key_can_be_set() -> None:
    config, diagnostics, _ = read(FULL)
    assert diagnostics == []
    assert config.adrs == ("docs/adr", "services/*/adr")
    assert config.source_roots == ("", "src")
    assert config.model_fields_set == set(Config.model_fields)


def test_pyproject_says_the_same_as_a_file_of_its_own() -> None:
    table = "[project]\nname = 'x'\n[tool.bylaw]\n" + FULL
    assert read(None, table)[0] == read(FULL)[0]


def test_a_pyproject_of_others_is_not_ours() -> None:
    assert read(None, "[tool.other]\nbylaw = 1\n")[:2] == (Config(), [])
    assert read("strict = true", "this is [not TOML, says bylaw")[1] == []


def test_a_byte_order_mark_and_crlf_are_read() -> None:
    config, diagnostics, _ = read(b"\xef\xbb\xbfstrict = true\r\nfoo = 1\r\n")
    assert config.strict
    assert [str(each.span) for each in diagnostics] == ["bylaw.toml:2:1"]


@pytest.mark.parametrize(
    ("own", "shared"),
    [
        ('source_roots = ["src"]', None),
        ('Adrs = ["a"]\nbuild = 1', None),
        ('[tool.bylaw]\nadrs = ["a"]', None),
        ("strict = true", "[tool.bylaw]\nstrict = true"),
        ('adrs = "docs/adr"', None),
        ('adrs = ["ok", 3, "../up", "/abs", "C:/x", "a\\\\b", "./c", "", "a//b", "[z"]', None),
        ('strict = "yes"\nmax-file-bytes = 0\ndefault-status = "accepted"', None),
        ("strict = 1\nmax-file-bytes = 1.5\nmain-branch = true\ntargets = []", None),
        ('main-branch = "a b"\nsource-roots = ["src/*"]', None),
        ('targets = ["json", "semgerp", "json", "zzz"]', None),
        ('site = "shop.example/decisions"', None),
        ('site = "javascript:alert(1)"', None),
        ('site = "https://ann:secret@shop.example/"', None),
        ('site = "https://shop.example/a?b=c"', None),
        ('site = ["https://shop.example"]', None),
        ('output = "/abs"', None),
        ('output = "../x"', None),
        ('output = "."', None),
        ('output = ".git/x"', None),
        ('output = "docs"\nadrs = ["docs/adr"]', None),
        ('output = "src"\nsource-roots = ["src"]', None),
        ('allow = ["BL912", "BL777", "BL9", "nonsense", "BL91x"]', None),
        ("adrs = [\n  'a',\n", None),
        ("strict = maybe", None),
        (b"strict = true\nx = '\xff'", None),
        ("x = " + "[" * 20_000, None),
        ("max-file-bytes = " + "9" * 5000, None),
        ("max-file-bytes = " + "9" * 40, None),
        ("[agents]\nsurface = []", None),
        ("agents = 3", None),
        ('targets = ["json"]\n[agents]\nsurfaces = ["agents-md"]', None),
        ('[agents]\nsurfaces = ["agentsmd", "claude"]', None),
        ('[agents]\nsurfaces = ["agents-md", "claude", "claude"]', None),
        ('[agents]\nsurfaces = ["claude"]', None),
        ('[agents]\nsurfaces = "claude"', None),
        ("[agents]\nsurfaces = [3]", None),
        ("[agents.budgets.cursor]\ntokens = 'many'\ncharacters = 0", None),
        ("[agents.budgets]\ncursor = 3\nvim = {}", None),
        ("[agents.budgets]\nwindsurf = { characters = 9000 }", None),
        ("strict = true\nagents.budgets.copilot = { chars = 5 }", None),
        (None, "[tool.bylaw.agents]\nsurfaces = ['emacs']"),
        (None, "[project\nname = 'bylaw'"),
        (None, "[tool]\nbylaw = 3"),
        (None, "[tool.bylaw]\nstrikt = true"),
    ],
)
def test_what_a_fault_looks_like(
    own: str | bytes | None, shared: str | None, snapshot: SnapshotAssertion
) -> None:
    assert shown(own, shared) == snapshot


def test_a_fault_leaves_the_other_keys_as_they_are() -> None:
    config, diagnostics, _ = read('strict = "x"\nadrs = ["a"]\nnonsense = 1')
    assert len(diagnostics) == 2
    assert config == Config(adrs=("a",))


def test_only_what_is_no_error_can_be_allowed() -> None:
    config = Config(allow=("BL302", "BL20x"))
    warning = Diagnostic("BL302", Severity.WARNING, "x")
    assert config.allows(warning)
    assert config.allows(Diagnostic("BL205", Severity.NOTE, "x"))
    assert not config.allows(Diagnostic("BL302", Severity.ERROR, "x"))
    assert not config.allows(Diagnostic("BL312", Severity.WARNING, "x"))


def test_no_error_can_be_allowed_by_its_code() -> None:
    for number, code in known().items():
        _, diagnostics, _ = read(f'allow = ["{number}"]')
        assert bool(diagnostics) == (code.severity is Severity.ERROR), number


def test_the_published_schema_takes_what_the_model_takes() -> None:
    published = schema()
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.validate(tomllib.loads(FULL), published)
    assert set(published["properties"]) == {n.replace("_", "-") for n in Config.model_fields}
    assert all("description" in each for each in published["properties"].values())
    for bad in ({"nonsense": 1}, {"strict": "x"}, {"adrs": "a"}, {"max-file-bytes": 0}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, published)


@given(
    st.dictionaries(
        st.sampled_from(["adrs", "strict", "output", "targets", "max-file-bytes", "x"]),
        st.recursive(
            st.integers() | st.booleans() | st.text(st.characters(codec="ascii"), max_size=8),
            lambda inner: st.lists(inner, max_size=3),
        ),
    )
)
def test_no_value_is_too_odd_for_a_diagnostic(table: dict[str, object]) -> None:
    """Whatever valid TOML stands in the file, each bad key is reported where it stands."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    lines = [line.replace("\\u007f", "").replace("\x7f", "") for line in lines]
    _, diagnostics, _ = read("\n".join(lines))
    for diagnostic in diagnostics:
        assert diagnostic.span is not None


@pytest.mark.parametrize(
    "hostile",
    [
        "adrs = [" + "1," * 100_000 + "]",
        "targets = [" + '"x",' * 50_000 + "]",
        "\n".join(f"k{number} = 1" for number in range(20_000)),
        f'output = "{"x" * 1_000_000}"',
        f'adrs = ["{"{a,b}" * 200_000}"]',
        "k" * 1_000_000 + " = 1",
        "a" + ".a" * 100_000 + " = 1",
        "[" + "a." * 100_000 + "a]",
        "a = " + "{a = " * 5_000 + "1" + "}" * 5_000,
        'output = "' + "\\u202e" * 10_000 + '"',
        "x" * 3_000_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_files_end_in_few_short_diagnostics(hostile: str) -> None:
    answer = shown(hostile)
    assert "error[BL91" in answer
    assert len(answer) < 50_000
