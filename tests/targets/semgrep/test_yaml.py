"""The YAML that is written directly means what was put in, whatever the text."""

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bylaw_targets.semgrep.formula import all_of, any_of, none_of, pattern, where
from bylaw_targets.semgrep.heading import neutral
from bylaw_targets.semgrep.identity import ALPHABET, decode, encode, owner, rule_id
from bylaw_targets.semgrep.yamltext import flow_list, quoted, scalar

AWKWARD = (
    "\x00\x07\x1b\x7f\x80\x85\x9f\xa0\u2028\u2029\ufeff\ufffe\uffff\U0001f600'\"\\:#-{}[]|>&*!%@`"
)
TEXT = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(AWKWARD)))


def load(text: str) -> object:
    return yaml.load(text.encode(), yaml.CSafeLoader)


@given(TEXT)
@example(AWKWARD)
@example("a\n\n b \n")
@example("\n")
@example("...")
@example("---\nx")
def test_a_quoted_text_reads_back_as_itself(text: str) -> None:
    assert load(f"a: {quoted(text)}\nb: [{quoted(text)}]") == {"a": text, "b": [text]}


@given(st.text(st.sampled_from("\ud800\udbff\udc00\udfffa\n")))
def test_a_lone_surrogate_becomes_the_replacement_character(text: str) -> None:
    expected = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    assert load(quoted(text)) == expected


@given(st.one_of(TEXT, st.text(st.sampled_from("ab :-#\n|>\t"))))
@example("a\n  b\n")
@example("a\nb\n\n")
@example("a\n b")
@example("- a\n- b")
def test_a_scalar_reads_back_as_itself_however_deep_it_stands(text: str) -> None:
    formula = all_of(any_of(pattern(text), pattern("x")), none_of(pattern(text)), where("$X", text))
    read = load("- id: x\n  " + formula.replace("\n", "\n  ") + "\n")
    assert read == [
        {
            "id": "x",
            "patterns": [
                {"pattern-either": [{"pattern": text}, {"pattern": "x"}]},
                {"pattern-not": text},
                {"metavariable-regex": {"metavariable": "$X", "regex": text}},
            ],
        }
    ]
    assert load(f"k: {scalar(text)}\n") == {"k": text}


@given(st.lists(TEXT).map(tuple))
def test_a_flow_list_reads_back_as_itself(texts: tuple[str, ...]) -> None:
    assert load("a: " + flow_list(texts)) == {"a": list(texts)}


IDS = st.one_of(st.text(st.sampled_from("ab_x0.-ü2e")), st.text())


@given(IDS)
@example("0007_use_x.md")
@example("_x2e_")
@example("__x_x")
def test_an_encoded_id_can_be_read_back(name: str) -> None:
    assert decode(encode(name)) == name
    assert not name or ALPHABET.fullmatch(encode(name))
    assert "." not in encode(name)


@given(IDS, IDS, IDS, IDS)
def test_no_two_constraints_share_a_rule_id(a: str, b: str, c: str, d: str) -> None:
    assert (rule_id(a, b, "python") == rule_id(c, d, "python")) == ((a, b) == (c, d))
    assert owner(rule_id(a, b, "python")) == (a, b)


def test_prose_holds_no_metavariable() -> None:
    for text in ("costs $X", "$...ARGS", "$_A", "$1", "$X$Y"):
        assert "$" not in neutral(text).replace("$\u2060", "")
    assert neutral("it costs 3 $ or $ecret or $(x)") == "it costs 3 $ or $ecret or $(x)"
