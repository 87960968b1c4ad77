"""The checkpoint before a tool runs: what binds here, and what the call would do to it."""

import os

from bylaw.cache_folder import cache_folder
from bylaw.checkpoint import compact, tell
from bylaw.checkpoint.acting import effects_of
from bylaw.checkpoint.failing import malfunction, reason_of, said_of
from bylaw.checkpoint.files import DiskFiles
from bylaw.checkpoint.judge import Found, Quick, is_apart
from bylaw.checkpoint.proposed import Proposal, propose
from bylaw.checkpoint.session import Session, deeds_of
from bylaw.checkpoint.settings import HOST_FILES, Settings
from bylaw.moments import OF_AGENTS, ON_NAMES

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to answer
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bylaw.checkpoint.asked import Asked
    from bylaw.checkpoint.calls import Answer, ToolCall
    from bylaw.checkpoint.compact import Compact, Entry
    from bylaw.checkpoint.scene import Scene

_MOST_QUESTIONS = 5
_WILD = frozenset("*?[")


class Checkpoint:
    """A repository's constraints and the session that a call belongs to."""

    def __init__(self, root: str, set_: "Compact", asked: "Asked", call: "ToolCall") -> None:
        self.root = root
        self.set = set_
        self.settings = Settings(**dict(set_.settings))
        self.agent = asked.agent or call.agent_class or self.settings.agent_class
        self.session = Session(
            root,
            call.session,
            agent=self.agent,
            autonomy=asked.autonomy or self.settings.level_of(self.agent),
            policy=set_.policy,
        )
        self.failures: list[str] = []
        self._guarded: set[str] = set()

    # --- before a tool runs ----------------------------------------------------------------

    def before(self, call: "ToolCall") -> "Answer":
        """Answer a call that is about to be made, and record it with the answer."""
        found: list[Found] = []
        proposal = Proposal()
        try:
            proposal = self.proposal_of(call)
            level = self.settings.level_at(proposal.paths, self.session.autonomy)
            self.session.autonomy = level
        except Exception as error:
            self.failures.append(said_of(error))
        for judge in (self._files, self._installs, self._agents):
            try:
                found += judge(call, proposal)
            except Exception as error:
                self.failures.append(said_of(error))
        said = self._say(found, proposal)
        try:
            if said.decision != "deny" and _acts(proposal):
                self._begin()
            self.record(call, proposal, said)
        except OSError as error:
            if said.decision == "allow":
                self.failures.append(f"the call cannot be recorded: {reason_of(error)}")
                said = malfunction(self.settings.malfunction, self.failures, said.items)
        return said

    def _begin(self) -> None:
        """Have the tree remembered as it is before the first call that may change it."""
        if "base" not in self.session.state:
            from bylaw.checkpoint.beginning import base_of

            base_of(self.root, self.session)

    def proposal_of(self, call: "ToolCall") -> Proposal:
        """Return what a call would leave behind."""
        files = DiskFiles(self.root)
        return propose(effects_of(call, files), self.set)

    def record(self, call: "ToolCall", proposal: Proposal, said: "Answer") -> None:
        """Record a call, what it would do, and what it was answered; OSError where that fails."""
        constraints = {item.constraint for item in said.items if item.verdict == "violated"}
        deeds = deeds_of(proposal, self.set.has)
        event = self.session.event(
            "call",
            call=call.call or None,
            tool=call.tool,
            decision=said.decision,
            constraints=sorted(constraints),
            **deeds,
        )
        self.session.append(event, *self._spent(proposal))

    def _spent(self, proposal: Proposal) -> "Iterator[dict[str, object]]":
        for each in proposal.spends:
            yield self.session.event(
                "spent",
                tokens=each.tokens or None,
                minutes=each.minutes or None,
                usd=each.usd or None,
            )

    # --- what is found ---------------------------------------------------------------------

    def _files(self, call: "ToolCall", proposal: Proposal) -> "Iterable[Found]":  # noqa: ARG002 - as its neighbours
        if not proposal.contents and not proposal.unknown:
            return ()
        quick = Quick(self.root, self.set, proposal)
        found = list(quick.judge())
        self._guarded = {quick.entry(number).full_id for number in quick.guarded}
        if not quick.rest:
            return found
        from bylaw.checkpoint.whole import judge_whole

        # Of a file whose content is not told, only its name could be judged.
        named = [each for each in found if each.entry.sort in ON_NAMES and _is_of(each, proposal)]
        return [*judge_whole(self.root, proposal.contents), *named]

    def _installs(self, call: "ToolCall", proposal: Proposal) -> "Iterable[Found]":
        if not proposal.installs or not self.entries_of("depend"):
            return ()
        from bylaw.checkpoint.whole import judge_installs

        return judge_installs(self.root, self.set, proposal.installs, call.cwd or self.root)

    def _agents(self, call: "ToolCall", proposal: Proposal) -> "Iterable[Found]":
        entries = [e for e in self.entries_of(*OF_AGENTS) if self._may_break(e, proposal)]
        if not entries:
            return ()
        from bylaw.checkpoint.agents import judge_agent

        deeds = deeds_of(proposal, self.set.has)
        event = self.session.event("call", call=call.call or None, decision="allow", **deeds)
        said = (event, *self._spent(proposal))
        found = judge_agent(entries, self.scene, said, self.session.history, self.agent)
        return filter(self._is_of_the_tree, found)

    def _is_of_the_tree(self, found: Found) -> bool:
        """Tell whether something that is found does not only lie in files that git ignores."""
        paths = {each.path for each in found.violations}
        return not paths or any(
            path is None or not is_apart(self.root, self.set, path) for path in paths
        )

    def _may_break(self, entry: "Entry", proposal: Proposal) -> bool:
        """Tell whether a call may violate a sentence about agents, before any judge is asked."""
        if entry.sort == "agent-run":
            must, commands = entry.words
            # What has to be run is missed at the end only.
            # A program counts by its name, wherever it lies.
            said = [{*r.words, os.path.basename(r.words[0])} for r in proposal.runs if r.words]
            return not must and any(
                all(_may_say(words, word) for word in command)
                for words in said
                for command in commands
            )
        if entry.sort != "agent-limit":
            return entry.full_id in self._guarded
        count, unit = entry.words
        if unit not in {"files", "lines"}:
            return bool(proposal.paths or proposal.spends)
        if not proposal.paths:
            return False
        changed = self.session.history().changed | {*proposal.paths}
        return bool(unit == "lines" or len(changed) > count)

    @property
    def scene(self) -> "Scene":
        """The tree as it is, for judges that look at no file of the call."""
        return Quick(self.root, self.set, Proposal()).scene

    def entries_of(self, *sorts: str) -> "list[Entry]":
        """Return the constraints of these sorts."""
        place = compact.Entry.__slots__.index("sort")
        return [compact.Entry(*each) for each in self.set.entries if each[place] in sorts]

    # --- what is said ----------------------------------------------------------------------

    def _say(self, found: "list[Found]", proposal: Proposal) -> "Answer":
        items = tell.items_of(found)
        denied = any(item.verdict == "violated" for item in items)
        if self.failures and not denied:
            return malfunction(self.settings.malfunction, self.failures, items)
        questions = self._questions(proposal)
        notes = list(self._notes(proposal)) if items or questions else []
        return tell.answer(items, questions, [*self._faults(bool(items)), *notes, *self.failures])

    def _questions(self, proposal: Proposal) -> "list[str]":
        """Return what a person has to decide, because no constraint can."""
        asked = []
        for path in (*proposal.paths, *self._named(proposal)):
            what = self.settings.governs(path)
            if what is None and self._configures(path, proposal):
                what = "the configuration of bylaw"
            if what is not None:
                asked.append(
                    f"`{tell.plain(path, 200)}` is {what}, and decides what binds this agent; "
                    "let it through only if you want that changed"
                )
        asked += [
            f"`{tell.plain(each.path, 200)}` lies {where}; let it through only if you know why"
            for each in proposal.outside
            if each.what != "read" and (where := _where(each.path)) is not None
        ]
        if len(asked) > _MOST_QUESTIONS:
            asked[_MOST_QUESTIONS:] = [
                f"{len(asked) - _MOST_QUESTIONS} more files are of this sort"
            ]
        return asked

    def _configures(self, path: str, proposal: Proposal) -> bool:
        """Tell whether a `pyproject.toml` gets other settings of ours; its other tables do not."""
        content = proposal.contents.get(path)
        if content is None or not f"/{path}".endswith("/pyproject.toml"):
            return False
        before = DiskFiles(self.root).read(f"{self.root}/{path}") or b""
        if b"bylaw" not in before + content:
            return False
        from bylaw.config_source import tables_differ

        return tables_differ(before, content)

    def _named(self, proposal: Proposal) -> "list[str]":
        """Return the files that decide what binds and that a pattern or their own folder names.

        A program that may write anywhere names none; what it has done to them is seen afterwards.
        """
        return [
            path
            for path, place in sorted(proposal.perhaps.items())
            if path not in proposal.contents and _names(place, path)
        ]

    def _notes(self, proposal: Proposal) -> "Iterator[str]":
        """Yield what could not be judged before the call, and will be after it."""
        later = sorted({*proposal.unknown, *proposal.perhaps})
        if later or proposal.untold:
            named = ", ".join(f"`{tell.plain(path, 200)}`" for path in later[:3])
            more = f" and {len(later) - 3} more files" if len(later) > 3 else ""
            where = f" in {named}{more}" if named else ""
            yield f"what this leaves{where} is judged when it has run"

    def _faults(self, always: bool) -> "list[str]":
        """Return what is wrong with the decisions: with every verdict, else once in a session."""
        if not self.set.faults:
            return []
        told = f"{self.set.policy} {len(self.set.faults)} {self.set.faults[0]}"
        if self.session.state.get("faults") != told:
            try:
                self.session.keep(faults=told)
            except OSError:
                always = True
        elif not always:
            return []
        fault = tell.plain(self.set.faults[0])
        return [f"the decisions have errors, and some may bind nobody: {fault}"]


def _acts(proposal: Proposal) -> bool:
    """Tell whether a call may change anything; one that only reads does not."""
    return bool(
        proposal.contents
        or proposal.unknown
        or proposal.perhaps
        or proposal.runs
        or proposal.untold
        or proposal.installs
        # A path that seems to lead out of the tree may lead back to it.
        or any(each.what != "read" for each in proposal.outside)
    )


def _may_say(words: "set[str]", word: str) -> bool:
    """Tell whether a word, or an option in another spelling, may stand among those of a command."""
    if word in words or word[:1] != "-":
        return word in words
    if word[:2] == "--":
        return any(len(each) > 4 and word.startswith(each) for each in words)
    return any(each[:1] == "-" and {*word} <= {*each} for each in words)


def _names(place: str, path: str) -> bool:
    """Tell whether a place that a command may write to is a file, its folder, or a glob there."""
    folder = path.rpartition("/")[0]
    if not _WILD & {*place}:
        return place == path or (place == folder != "")
    if place.startswith("**"):
        return False
    plain = place[: min(place.index(sign) for sign in _WILD if sign in place)]
    return plain.rpartition("/")[0] == folder


def _is_of(found: Found, proposal: Proposal) -> bool:
    return any(each.path in proposal.unknown for each in found.violations)


def _where(path: str) -> "str | None":
    """Return where a path lies that is no file of the tree, if changing it may undo this check."""
    if ".git" in path.split(os.sep):
        return "in git's own folder, with its hooks and the record of this session"
    cache = cache_folder()
    if cache is not None and f"{path}/".startswith(f"{os.path.realpath(cache)}/"):
        return "where this check keeps what it has compiled"
    # Above a root that lies in another folder, hosts are told of it as well.
    if any(f"/{name}" in path for name in HOST_FILES):
        return "where the host is told to ask this check"
    return None


def open_checkpoint(asked: "Asked", call: "ToolCall", root: str) -> Checkpoint | None:
    """Return the checkpoint of a repository that a call is bound by; None where nothing binds.

    The set is compiled where it is out of date, and kept.
    """
    set_ = compact.read(root)
    if set_ is None:
        from bylaw.checkpoint.compile import compile_set

        set_ = compile_set(root)
        compact.write(root, set_)
    if not set_.entries and not set_.faults:
        return None
    return Checkpoint(root, set_, asked, call)
