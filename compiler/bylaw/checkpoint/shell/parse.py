"""Tokens of a shell text to a flat list of nodes."""

import re

from bylaw.checkpoint.shell.build import Builder, Frame
from bylaw.checkpoint.shell.scan import ShellFaultError, closing
from bylaw.checkpoint.shell.syntax import Assignment, Node, Part, Program, Redirect, Word

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=", re.ASCII)
_REDIRECTS = frozenset(("<", ">", ">>", ">|", "<>", "<&", ">&", "&>", "&>>", "<<", "<<-", "<<<"))
_CLOSERS = frozenset(("then", "elif", "else", "fi", "do", "done", "esac", "}"))


def parse(text: str) -> Program:
    """Read a shell text; where it cannot be read, what stands before is kept."""
    if "\0" in text:
        return Program([], "it holds a NUL character")
    parser = _Parser(text)
    fault = None
    try:
        parser.run()
    except ShellFaultError as error:
        fault = str(error)
    parser.close_all()
    return Program(parser.nodes, fault)


class _Parser(Builder):
    """Reads commands, simple and compound."""

    # --- the loop ---

    def run(self) -> None:
        """Read commands until the text ends."""
        self.next()
        while True:
            sort, text, _ = self.token
            if sort == "end":
                self.end_list()
                if len(self.frames) > 1:
                    raise ShellFaultError(f"`{self.frames[-1].sort}` is not closed")
                return
            if sort == "newline" or text in (";", "&"):
                # A lone `;` is an error to a shell; it hides nothing.
                self.end_list()
                self.next()
            elif not self.close(text, sort):
                self.begin_command()
                self.command()

    # --- lists and pipelines ---

    def after_command(self) -> None:
        """Read what follows a command: redirections of a compound one, and the operator."""
        self.end_functions()
        sort, text, _ = self.token
        if text in ("|", "|&") and sort == "operator":
            pipeline = self.frames[-1].pipeline
            assert pipeline is not None  # noqa: S101 - a command has opened it
            pipeline.is_set = True
            self.add("pipe")
            self.next()
            self.skip_lines()
            self.want_command()
        elif text in ("&&", "||") and sort == "operator":
            self.end_pipeline()
            self.add("and" if text == "&&" else "or")
            self.next()
            self.skip_lines()
            self.want_command()
        elif text == "&" and sort == "operator":
            opened = self.frames[-1].list
            if opened is not None:
                opened.is_set = True
            self.end_list()
            self.next()
        elif sort == "word" and text not in _CLOSERS:
            raise ShellFaultError(f"`{text[:40]}` stands where a command has ended")

    # --- commands ---

    def command(self) -> None:
        """Read one command, simple or compound, and what follows it."""
        sort, text, word = self.token
        plain = word.plain if word is not None else None
        if sort == "operator" and text == "(":
            if self.arithmetic():
                self.after_command()
                return
            self.push("subshell", "(", ")")
            self.next()
        elif plain in ("!", "time", "coproc"):
            self.next()
            while plain == "time" and self.token[1] == "-p":
                self.next()
            if self.token[0] == "end" or self.token[1] in (";", "\n"):
                self.after_command()
        elif plain in _HEADS:
            _HEADS[plain](self)
        elif sort in ("word", "number") or text in _REDIRECTS:
            self.simple()
        else:
            raise ShellFaultError(f"`{text}` stands where a command has to")

    def simple(self) -> None:
        """Read a simple command, or the head of a function."""
        node = self.add("simple")
        while True:
            sort, text, word = self.token
            if sort == "number" or (sort == "operator" and text in _REDIRECTS):
                self.redirect(node)
            elif word is not None:
                if not (not node.words and self.assignment(node, word)):
                    node.words.append(word)
                    self.next()
            elif text == "(" and len(node.words) == 1 and not node.assignments:
                self.nodes.pop()
                self.function(node.words[0].raw, after_name=True)
                return
            elif text == "(":
                raise ShellFaultError("`(` stands within a command")
            else:
                break
        self.note_names(node)
        self.after_command()

    def assignment(self, node: Node, word: Word) -> bool:
        """Read `name=value`, and tell whether the word is that."""
        first = word.parts[0] if word.parts else None
        found = (
            _ASSIGNMENT.match(first.text)
            if first is not None and first.sort == "text" and not first.quoted
            else None
        )
        if first is None or found is None:
            return False
        name, index, more = found.groups()
        rest = first.text[found.end() :]
        parts = (*((Part("text", rest, False),) if rest else ()), *word.parts[1:])
        words: list[Word] = [Word(parts, word.raw)]
        plain = not index and not more
        adjacent = self.scanner.at
        if not parts and self.scanner.text.startswith("(", adjacent):
            plain = False
            words = self.array()
        else:
            self.next()
        node.assignments.append(
            Assignment(name, words[0] if plain else None, () if plain else tuple(words))
        )
        return True

    def array(self) -> list[Word]:
        """Read the words of `name=(…)`."""
        self.next()
        self.next()
        words = []
        while self.token[1] != ")" or self.token[0] != "operator":
            sort, _, word = self.token
            if sort in ("end", "operator"):
                raise ShellFaultError("an array is not closed")
            if word is not None:
                words.append(word)
            self.next()
        self.next()
        return words

    def redirect(self, node: Node) -> None:
        """Read a redirection."""
        descriptor = ""
        if self.token[0] == "number":
            descriptor = self.token[1]
            self.next()
        operator = self.token[1]
        if operator not in _REDIRECTS:
            raise ShellFaultError("a redirection is not one")
        self.next()
        target = self.token[2]
        if self.token[0] == "number":
            # The file of `>2>x` is named `2`.
            target = Word((Part("text", self.token[1], False),), self.token[1])
        if target is None:
            raise ShellFaultError("a redirection has no target")
        redirect = Redirect(operator, target, descriptor)
        if operator in ("<<", "<<-"):
            redirect.body = self.scanner.expect_body(target, operator == "<<-")
        node.redirects.append(redirect)
        self.next()

    # --- compound commands ---

    def close(self, text: str, sort: str) -> bool:
        """Read a word or operator that closes or goes on with a compound command, if it is one."""
        frame = self.frames[-1]
        if sort == "operator":
            return self.close_operator(frame, text)
        if sort != "word" or text not in _CLOSERS:
            return False
        if frame.list is not None and frame.pipeline is None:
            raise ShellFaultError("a command is missing")
        self.end_list()
        if text != frame.closer and not (frame.closer == "fi" and text in ("elif", "else")):
            raise ShellFaultError(f"`{text}` closes nothing")
        if text in ("then", "do"):
            frame.closer = "fi" if text == "then" else "done"
            self.next()
        elif text in ("elif", "else"):
            self.add("branch")
            frame.closer = "then" if text == "elif" else "fi"
            self.next()
        else:
            self.finish()
        return True

    def close_operator(self, frame: Frame, text: str) -> bool:
        """Read `)` and `;;`, where they close something."""
        if text == ")":
            if frame.closer != ")":
                raise ShellFaultError("`)` closes nothing")
            self.finish()
            return True
        if text in (";;", ";&", ";;&"):
            if frame.closer != "esac":
                raise ShellFaultError(f"`{text}` stands outside of `case`")
            self.end_list()
            self.add("branch")
            self.next()
            self.pattern()
            return True
        return False

    def finish(self) -> None:
        """Close the innermost compound command, and read what follows it."""
        node = self.frames[-1].node
        self.pop()
        self.next()
        assert node is not None  # noqa: S101 - as in `pop`
        while self.token[0] == "number" or (
            self.token[0] == "operator" and self.token[1] in _REDIRECTS
        ):
            self.redirect(node)
        self.after_command()

    def loop_over(self) -> None:
        """Read the head of a `for`."""
        self.next()
        if self.token[1] == "(" and self.token[0] == "operator":
            if not self.arithmetic():
                raise ShellFaultError("the head of `for` cannot be read")
            self.push("loop", "for", "do")
            self.frames[-1].names.update(("*",))
        else:
            node = self.push("for", "for", "do")
            node.name = self.token[1]
            self.frames[-1].names.add(node.name)
            self.next()
            self.skip_lines()
            if self.token[1] == "in":
                node.is_set = True
                self.next()
                while (word := self.token[2]) is not None:
                    node.words.append(word)
                    self.next()
        while self.token[0] == "newline" or self.token[1] == ";":
            self.next()
        if self.token[1] == "{":
            self.frames[-1].closer = "}"
            self.next()

    def case(self) -> None:
        """Read the head of a `case`."""
        self.next()
        word = self.token[2]
        if word is None:
            raise ShellFaultError("the head of `case` cannot be read")
        self.add("words").words.append(word)
        self.next()
        self.skip_lines()
        if self.token[1] != "in":
            raise ShellFaultError("the head of `case` cannot be read")
        self.push("maybe", "case", "esac")
        self.next()
        self.pattern()

    def pattern(self) -> None:
        """Read the patterns of one arm of a `case`, or go to its end."""
        self.skip_lines()
        if self.token[1] == "esac":
            return
        if self.token[1] == "(":
            self.next()
        words = self.add("words").words
        while self.token[1] != ")" or self.token[0] != "operator":
            sort, text, word = self.token
            if word is not None:
                words.append(word)
            elif text != "|":
                raise ShellFaultError("a pattern of `case` cannot be read" if sort else "")
            self.next()
        self.next()

    def function(self, name: str, after_name: bool = False) -> None:
        """Read the head of a function; its body is the command that follows."""
        if not after_name:
            self.next()
        if self.token[1] == "(" and self.token[0] == "operator":
            self.next()
            if self.token[1] != ")":
                raise ShellFaultError("`(` stands within a command")
            self.next()
        self.skip_lines()
        self.want_command()
        node = self.add("function")
        node.name = name
        self.defines = True
        self.frames[-1].functions.append(node)

    def arithmetic(self) -> bool:
        """Read `((…))`, if that is what it is."""
        start = self.scanner.at
        if not self.scanner.text.startswith("(", start):
            return False
        end = closing(self.scanner.text, start + 1)
        if not self.scanner.text.startswith(")", end):
            return False
        inner = self.scanner.text[start + 1 : end - 1]
        self.add("words").words.append(Word((Part("untold", inner, True),), inner))
        self.frames[-1].names.add("*")
        self.scanner.at = end + 1
        self.next()
        return True

    def condition(self) -> None:
        """Read `[[ … ]]`."""
        words = self.add("words").words
        while self.token[1] != "]]":
            if self.token[0] == "end" or self.token[1] in ("<<", "<<-"):
                raise ShellFaultError("`[[` is not closed")
            if self.token[2] is not None:
                words.append(self.token[2])
            self.next()
        self.next()

    def group(self) -> None:
        """Read the head of `{ … }`."""
        self.push("group", "{", "}")
        self.next()

    def branch(self) -> None:
        """Read the head of an `if`."""
        self.push("maybe", "if", "then")
        self.next()

    def loop(self) -> None:
        """Read the head of a `while` or `until`."""
        self.push("loop", "while", "do")
        self.next()

    def named_function(self) -> None:
        """Read the head of a function with the word `function`."""
        self.next()
        self.function(self.token[1])

    def test(self) -> None:
        """Read `[[ … ]]` and what follows it."""
        self.condition()
        self.after_command()


_HEADS = {
    "{": _Parser.group,
    "if": _Parser.branch,
    "while": _Parser.loop,
    "until": _Parser.loop,
    "for": _Parser.loop_over,
    "select": _Parser.loop_over,
    "case": _Parser.case,
    "function": _Parser.named_function,
    "[[": _Parser.test,
}
"""What reads a compound command, by its first word."""
