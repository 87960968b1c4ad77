"""What every part of the lowering needs to know of the sentence at hand."""

from dataclasses import dataclass, field

from lark import Token, Tree

from bylaw import ir
from bylaw.adr.inline import Inline
from bylaw.adr.sections import Fence
from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw_grammar import CLOSE, OPEN

LIST_CONNECTIVE = Code("BL103", "list-connective", Severity.ERROR)


@dataclass(slots=True)
class Clause:
    """A parsed statement on its way to a node: the tree's text and places, and what is known.

    `subject` and `predicate` are names of `bylaw_grammar.shapes`; `first` is the first operand.
    """

    inline: Inline
    report: Report
    subject: str = ""
    predicate: str = ""
    first: str = ""
    modal: ir.Modal = "must"
    lead_in: ir.LeadIn | None = None
    fences: list[Fence] = field(default_factory=list)

    def span(self, token: Token) -> Span:
        """Return the place of a token; of a code span, that of what stands between its marks."""
        start, end = token.start_pos or 0, token.end_pos or 0
        if token.type == "CODE":
            return self.inline.span(start + 1, end - 1)
        return self.inline.span(start, end)

    def keyword_span(self, token: Token) -> Span:
        """Return the place of a keyword without the comma that belongs to its terminal."""
        bare = token.lstrip(",; ")
        end = token.end_pos or 0
        return self.inline.span(end - len(bare), end)

    def tree_span(self, tree: "Tree[Token]") -> Span:
        """Return the place from the first to the last token of a tree."""
        tokens = list(tokens_of(tree))
        first, last = tokens[0], tokens[-1]
        start = (first.end_pos or 0) - len(first.lstrip(",; "))
        return self.inline.span(start, last.end_pos or 0)


def tokens_of(tree: "Tree[Token]") -> "list[Token]":
    """Return the tokens of a tree in order."""
    tokens: list[Token] = []
    for child in tree.children:
        if isinstance(child, Tree):
            tokens.extend(tokens_of(child))
        else:
            tokens.append(child)
    return tokens


def text_of(token: Token) -> str:
    """Return what stands between the marks of a code span."""
    return token[1:-1]


def trees_of(tree: "Tree[Token]") -> "list[Tree[Token]]":
    """Return the children that are trees."""
    return [child for child in tree.children if isinstance(child, Tree)]


def token_of(tree: "Tree[Token]", *types: str) -> Token | None:
    """Return the first child that is a token of one of the types."""
    for child in tree.children:
        if isinstance(child, Token) and child.type in types:
            return child
    return None


def codes_of(tree: "Tree[Token]") -> list[Token]:
    """Return a list's operands: its tokens without the separators."""
    return [
        child
        for child in tree.children
        if isinstance(child, Token) and child.type not in {"COMMA", "OR", "AND"}
    ]


def render(text: str) -> str:
    """Return a line of the grammar's input as a reader writes it, code spans in backticks."""
    if "`" not in text:
        return text.replace(OPEN, "`").replace(CLOSE, "`")
    parts: list[str] = []
    for part in text.split(OPEN):
        code, closed, rest = part.partition(CLOSE)
        if not closed:
            parts.append(part)
            continue
        if "`" in code:
            longest = max(len(run) for run in _runs(code))
            marks = "`" * (longest + 1)
            code = f" {code} " if code[0] == "`" or code[-1] == "`" else code
            parts.append(f"{marks}{code}{marks}{rest}")
        else:
            parts.append(f"`{code}`{rest}")
    return "".join(parts)


def _runs(code: str) -> list[str]:
    runs = "".join(char if char == "`" else " " for char in code).split()
    return runs or [""]


def quantifier(clause: Clause, tree: "Tree[Token]") -> ir.Quantifier:
    """Return how a predicate's list joins, and report a connective that the modal forbids."""
    children = tree.children
    if len(children) == 1:
        return "any"
    ands: Token | None = None
    ors: Token | None = None
    operands = 0
    for child in children:
        if not isinstance(child, Token):
            continue
        if child.type == "AND":
            ands = ands or child
        elif child.type == "OR":
            ors = ors or child
        elif child.type not in {"COMMA", "CODE_IN"}:
            operands += 1
    if operands < 2 or clause.modal in {"must-only", "may"}:
        return "any"
    if clause.modal in {"must-not", "only-may"}:
        if ands is not None:
            said = "`NOT`" if clause.modal == "must-not" else "`Only … MAY`"
            clause.report.add(
                LIST_CONNECTIVE,
                f"`and` in a list after {said}",
                clause.keyword_span(ands),
                note="reads as if only all of them together were meant",
                help="write `or`: none of these",
            )
        return "any"
    if ands is not None and ors is not None:
        clause.report.add(
            LIST_CONNECTIVE,
            "`and` and `or` in one list",
            clause.keyword_span(ors if (ors.start_pos or 0) > (ands.start_pos or 0) else ands),
            help="write two statements",
        )
    elif ands is None and ors is None:
        commas = [c for c in children if isinstance(c, Token) and c.type == "COMMA"]
        clause.report.add(
            LIST_CONNECTIVE,
            "a list with commas only",
            clause.span(commas[-1]),
            note="all of them, or one of them?",
            help="write `and` before the last one for all of them, `or` for at least one",
        )
    return "all" if ands is not None else "any"
