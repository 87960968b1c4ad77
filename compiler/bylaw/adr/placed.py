"""markdown-it's inline parser, with the place in the source of every token.

A token's `map` is the range of the content that it came from, which markdown-it itself does not
keep.
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token


class PlacedState(StateInline):
    """markdown-it's inline state; each token's `map` is the range of the content it came from."""

    begin: int = 0
    pending_at: int = 0

    def append_pending(self, text: str) -> None:
        """Note where pending text starts."""
        if not self._pending_buffer and not self._pending:
            self.pending_at = self.pos
        self._pending_buffer.append(text)

    def pushPending(self) -> Token:  # noqa: N802 - overrides
        """Give the text token its place."""
        token = super().pushPending()
        token.map = [self.pending_at, self.pending_at + len(token.content)]
        return token


class PlacedInline(ParserInline):
    """markdown-it's inline parser, giving each token its place as its rule pushes it."""

    def tokenize(self, state: StateInline) -> None:
        """Run the rules; a token's range is what its rule consumed."""
        rules = self.ruler.getRules("")
        end = state.posMax
        nesting = state.md.options["maxNesting"]
        tokens = state.tokens
        while state.pos < end:
            start = state.pos
            known = len(tokens)
            taken = False
            if state.level < nesting:
                for rule in rules:
                    if rule(state, False):
                        taken = True
                        break
            if not taken:
                state.append_pending(state.src[state.pos])
                state.pos += 1
            elif len(tokens) > known:
                _place(tokens, known, start, state.pos)
        if state.pending:
            state.pushPending()


def _place(tokens: list[Token], known: int, start: int, end: int) -> None:
    """Give their range to the tokens that one rule pushed."""
    position = start
    for index in range(known, len(tokens)):
        token = tokens[index]
        if token.map is not None:
            continue
        if token.type == "text":
            # A run of delimiters, one token each, or the address of an autolink.
            token.map = [position, min(position + len(token.content), end)]
            position += len(token.content)
        else:
            token.map = [start, end]
            position += token.info == "auto"


class PlacedMarkdown(MarkdownIt):
    """markdown-it with places, for the inline trees of statements.

    Nobody reads the addresses of links, and making them canonical is most of what a link costs.
    """

    def __init__(self) -> None:
        super().__init__("commonmark")
        self.enable("strikethrough")
        inline = PlacedInline()
        inline.ruler.enableOnly(self.inline.ruler.get_active_rules())
        active = self.inline.ruler2.get_active_rules()
        inline.ruler2.enableOnly([rule for rule in active if rule != "fragments_join"])
        self.inline = inline

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - overrides
        """Leave an address as it is."""
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - overrides
        """Leave an address as it is."""
        return link


@cache
def placed_markdown() -> PlacedMarkdown:
    """Return the one such parser."""
    return PlacedMarkdown()
