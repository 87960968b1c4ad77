"""Targets that claim more than their rules do: Semgrep's, and then something goes wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bylaw.diagnostics import Report
from bylaw.fidelity import Fidelity
from bylaw.scope import ScopedDecision, ScopedProgram
from bylaw.target import Artifact, Fragment
from bylaw_targets.semgrep import Semgrep


class _Faulty(Semgrep):
    """Rewrites the rule file by one replacement, and calls every rule exact."""

    old = ""
    new = ""

    def compile(self, decision: ScopedDecision) -> Fragment:
        fragment = super().compile(decision)
        claimed = {
            identity: Fidelity("exact", None, None, level.rules) if level.rules else level
            for identity, level in fragment.fidelity.items()
        }
        return replace(fragment, fidelity=claimed)

    def assemble(
        self, program: ScopedProgram, fragments: Sequence[Fragment], report: Report
    ) -> Iterable[Artifact]:
        for artifact in super().assemble(program, fragments, report):
            assert artifact.path != "semgrep.yml" or self.old.encode() in artifact.data
            yield replace(
                artifact, data=artifact.data.replace(self.old.encode(), self.new.encode())
            )


class Mute(_Faulty):
    """Looks for another module than the sentence names."""

    old = "sqlalchemy"
    new = "sqlalchemist"


class Loud(_Faulty):
    """Reports every call, not only that of a name."""

    old = '"shout(...)"'
    new = '"$CALL(...)"'


class Broken(_Faulty):
    """Emits a rule that Semgrep cannot read."""

    old = '"import $M"'
    new = '"import import $M"'
