"""Walks a shell text and notes what it would do, as far as the text tells."""

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.shell.expand import Pattern, expand, text_of
from bylaw.checkpoint.shell.opened import Open
from bylaw.checkpoint.shell.parse import parse
from bylaw.checkpoint.shell.plumbing import close_redirects, open_redirects
from bylaw.checkpoint.shell.programs import run_program
from bylaw.checkpoint.shell.shell import Shell
from bylaw.checkpoint.shell.sink import Sink
from bylaw.checkpoint.state import FOLDER_KEY, UNKNOWN

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.syntax import Node, Word

MAX_DEPTH = 16
"""Of texts that run texts: substitutions, functions, `bash -c`, loops."""
MAX_STEPS = 4000
MAX_TEXT = 5 << 18
"""Characters of all texts that run one another."""
MAX_TURNS = 64
"""Of a loop whose words the text tells; a longer one is walked once, its variable not known."""

_ESCAPES = frozenset(("exit", "return", "break", "continue"))


class Walker(Shell):
    """A shell that runs nothing: it walks a text, and notes what would be done."""

    def run(
        self, text: str, data: "bytes | None" = None, arguments: "tuple[str, ...] | None" = ()
    ) -> None:
        """Walk a text in this shell, with what it reads and its arguments."""
        self.read_characters += len(text)
        if self.depth >= MAX_DEPTH or self.read_characters > MAX_TEXT or self._is_over():
            self.hide("it is nested too deeply, or too long to be read")
            return
        program = parse(text)
        saved = self.input, self.positional
        self.input, self.positional = data, arguments
        self.walk(program.nodes, 0, len(program.nodes))
        self.input, self.positional = saved
        if program.fault is not None:
            self.hide(f"it cannot be read as a shell command: {program.fault}")

    def run_apart(
        self, text: str, data: "bytes | None", arguments: "tuple[str, ...] | None" = ()
    ) -> "bytes | None":
        """Walk a text in a shell of its own, and return its output."""
        self.state.open()
        self.sinks.append(Sink(self.doubts))
        self.run(text, data, arguments)
        self.state.close_subshell()
        return self.sinks.pop().content()

    def call(self, name: str, arguments: "list[Field]") -> None:
        """Call a function."""
        found = self.state.values[("function", name)][0]
        if found is UNKNOWN or self.depth >= MAX_DEPTH:
            self.hide(f"what the function `{name[:80]}` does is not told")
            return
        nodes, start, end = found
        saved = self.positional
        told = all(field.told and not field.glob for field in arguments)
        self.positional = tuple(field.text for field in arguments) if told else None
        self.walk(nodes, start, end)
        self.positional = saved

    # --- the walk ---

    def walk(self, nodes: "list[Node]", at: int, end: int) -> None:
        """Walk nodes from one place to another."""
        self.depth += 1
        opened: list[Open] = []
        while at < end and not self.stopped:
            node = nodes[at]
            sort = node.sort
            at += 1
            if sort == "simple":
                self._simple(node)
            elif sort == "words":
                for word in node.words:
                    self._quietly(word)
                self.sure = False
            elif sort == "function":
                self.state.set(("function", node.name), (nodes, at, node.end))
                at = node.end
            elif sort == "for" and (fields := self._turns(node)) is not None:
                self._repeat(node, nodes, at, fields)
                at = node.end + 1
            elif sort.startswith("end-"):
                self._end(sort, opened.pop())
            elif sort in ("and", "or"):
                self._go_on(sort, opened[-1])
            elif sort == "pipe":
                self._pipe()
            elif sort == "branch":
                self.state.blur()
            else:
                opened.append(self._begin(node))
        self.depth -= 1

    def _quietly(self, word: "Word") -> None:
        """Expand a word for what it runs."""
        for part in word.parts:
            if part.sort != "text":
                text_of(word, self)
                return

    def _begin(self, node: "Node") -> Open:
        """Open a list, a pipeline or a compound command."""
        found = Open()
        sort = node.sort
        found.input = self.input
        if node.redirects:
            plumbing = found.plumbing = open_redirects(self, node.redirects)
            if plumbing.is_input_set:
                self.input = plumbing.input
        if (sort == "pipeline" and node.is_set) or (
            found.plumbing is not None and found.plumbing.takes
        ):
            found.is_sink = True
            self.sinks.append(Sink(self.doubts))
        if sort == "list":
            found.is_background = node.is_set
            found.was_unsure, self.is_folder_unsure = self.is_folder_unsure, False
            self.state.open()
        elif sort == "pipeline":
            found.mode = "pipeline" if node.is_set else ""
            if node.is_set:
                self.state.open()
        elif sort == "subshell":
            self.state.open()
        elif sort in ("loop", "for"):
            self._begin_loop(node)
        elif sort == "maybe":
            self.doubts += 1
            self.state.open()
        return found

    def _begin_loop(self, node: "Node") -> None:
        self.doubts += 1
        self.state.repeats += 1
        self.state.open()
        if "*" in node.names:
            self.forget_all()
        if "cd" in node.names:
            self.state.set(FOLDER_KEY, UNKNOWN)
        for name in sorted(node.names):
            self.set_variable(name, None)

    def _end(self, sort: str, found: Open) -> None:
        """Close what `_begin` has opened."""
        if sort == "end-list":
            self._end_list(found)
        elif sort == "end-pipeline" and found.mode:
            self.sure = False
            self.state.close_subshell()
        elif sort == "end-subshell":
            self.state.close_subshell()
        elif sort in ("end-loop", "end-maybe"):
            self.doubts -= 1
            if sort == "end-loop":
                self.state.repeats -= 1
            self.sure = False
            self.state.close_maybe()
        output = self.sinks.pop().content() if found.is_sink else None
        if found.plumbing is not None:
            may_fail = found.plumbing.may_fail
            close_redirects(self, found.plumbing, None if may_fail else output)
            self.sure = self.sure and not may_fail
        elif found.is_sink:
            self.put(output)
        self.input = found.input

    def _end_list(self, found: Open) -> None:
        is_unsure, self.is_folder_unsure = self.is_folder_unsure, found.was_unsure
        if found.mode in ("and", "or"):
            self.doubts -= 1
            self.sure = False
            self.state.close_maybe()
            if found.mode == "or" and found.saved and self.last in _ESCAPES:
                # What the left side has done is done, or nothing of what follows is.
                for key, (value, _) in found.saved.items():
                    self.state.set(key, value)
                is_unsure = False
        if is_unsure:
            self.state.set(FOLDER_KEY, UNKNOWN)
        if found.is_background:
            self.sure = False
            self.state.close_subshell()
        else:
            self.state.close()

    def _go_on(self, sort: str, found: Open) -> None:
        """Go on after `&&` or `||`."""
        if found.mode in ("and", "or"):
            # What the last command has done is done only where it was reached and has not failed.
            if sort == "or" or found.mode == "or":
                self.state.blur()
            if sort == "or":
                self.state.blur(outer=True)
            found.mode, found.saved = sort, {}
            return
        if sort == "and" and self.sure:
            if not found.is_background:
                # What is done so far is done, whatever fails from here on.
                self.state.close()
                self.state.open()
            return
        if sort == "or":
            journal = self.state.journals[-1]
            found.saved = {key: self.state.values[key] for key in journal}
            if not self.sure:
                self.state.blur()
        found.mode = sort
        self.doubts += 1
        self.state.open()

    def _pipe(self) -> None:
        self.input = self.sinks.pop().content()
        self.sinks.append(Sink(self.doubts))
        self.state.close_subshell()
        self.state.open()

    def _turns(self, node: "Node") -> "list[Field] | None":
        """Return the words that a `for` goes over; None where they are not told."""
        if not node.is_set:
            known = self.positional
            return None if known is None else [Field(text) for text in known]
        fields = [field for word in node.words for field in expand(word, self)]
        told = all(field.told for field in fields) and len(fields) <= MAX_TURNS
        return fields if told and self.depth < MAX_DEPTH and not node.redirects else None

    def _repeat(self, node: "Node", nodes: "list[Node]", at: int, fields: "list[Field]") -> None:
        for field in fields:
            self.set_variable(node.name, Pattern(field.text) if field.glob else field.text)
            self.state.repeats += field.glob
            self.state.open()
            # A turn may be left early, so that nothing after it is certain.
            self.doubts += 1
            self.walk(nodes, at, node.end)
            self.doubts -= 1
            if field.glob or {"cd", "*"} & node.names:
                self.state.close_maybe()
            else:
                self.state.close()
            self.state.repeats -= field.glob

    # --- simple commands ---

    def _simple(self, node: "Node") -> None:
        if self._is_over():
            return
        fields = [field for word in node.words for field in expand(word, self)]
        set_before = self._assign(node)
        plumbing = open_redirects(self, node.redirects) if node.redirects else None
        data = plumbing.input if plumbing and plumbing.is_input_set else self.input
        self.sure, self.output, self.last = False, None, ""
        self.writing = plumbing.paths() if plumbing else ()
        if fields:
            # `eval` and functions run further commands in this shell, which put out themselves.
            self.sinks.append(Sink(self.doubts))
            run_program(self, fields, data, set_before)
            sink = self.sinks.pop()
            if sink.is_used:
                self.output = sink.content()
        elif node.words:
            self.hide("the name of the command is not told")
        else:
            self.output, self.sure = b"", True
        output = self.output
        if plumbing is not None:
            if plumbing.may_fail:
                output, self.sure = None, False
            close_redirects(self, plumbing, output)
            if plumbing.takes:
                output = None if plumbing.may_fail else b""
        self.put(output)

    def _is_over(self) -> bool:
        """Count a step, and tell whether there have been too many."""
        self.steps += 1
        if self.steps > MAX_STEPS and not self.stopped:
            self.hide("it is too long to be read")
            self.stopped = True
        return self.stopped

    def _assign(self, node: "Node") -> "dict[str, str | None]":
        """Set variables; before a command they are its environment, and not the shell's."""
        found: dict[str, str | None] = {}
        for each in node.assignments:
            for word in each.words:
                self._quietly(word)
            value = text_of(each.value, self) if each.value is not None else None
            if node.words:
                found[each.name] = value
            else:
                self.set_variable(each.name, value)
        return found
