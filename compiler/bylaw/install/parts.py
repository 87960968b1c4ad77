"""The parts of an installation: how a file looks with ours in it, and how without."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

import yaml

from bylaw.install import json_text, yaml_text
from bylaw.install.faults import (
    EDITED_HOST_FILE,
    FOREIGN_HOST_FILE,
    UNFIT_HOST_FILE,
    InstallError,
    decoded,
)


class Part(Protocol):
    """One file of a host, and what of it is ours."""

    @property
    def path(self) -> str:
        """Where it lies, from the folder in which the host looks."""

    def installed(self, data: bytes | None) -> bytes:
        """Return the file with ours in it; the same bytes where it is."""

    def removed(self, data: bytes | None) -> bytes | None:
        """Return the file without ours, None where nothing was there before."""


@dataclass(frozen=True, slots=True)
class JsonPart:
    """Members of a JSON file; `tail` are further keys that a new file needs."""

    path: str
    members: tuple[json_text.Member, ...]
    tail: dict[str, Any] | None = None

    def installed(self, data: bytes | None) -> bytes:
        """Return the file with the members."""
        if data is not None and json_text.holds(self.path, data, self.members):
            return data
        rest = self.removed(data)
        if rest is not None:
            self._check_tail(rest)
        return json_text.insert(self.path, rest, self.members, self.tail)

    def removed(self, data: bytes | None) -> bytes | None:
        """Return the file without the members."""
        if data is None:
            return None
        return json_text.remove(self.path, data, self.members, self.tail)

    def _check_tail(self, data: bytes) -> None:
        value = json_text.value_of(self.path, data)
        for key, wanted in (self.tail or {}).items():
            if not isinstance(value, dict) or value.get(key) != wanted:
                raise InstallError(
                    UNFIT_HOST_FILE,
                    f"`{self.path}` has no `{key}` that is {wanted}",
                    f'its host wants one; write `"{key}": {wanted}` into it',
                )


@dataclass(frozen=True, slots=True)
class YamlPart:
    """A block of a YAML file; where it is a `job` of GitLab's, it needs a stage that is there."""

    path: str
    block: yaml_text.Block
    job: str = ""

    def installed(self, data: bytes | None) -> bytes:
        """Return the file with the block."""
        block = self._fitted(data)
        if data is not None and yaml_text.holds(self.path, data, block):
            return data
        return yaml_text.insert(self.path, self.removed(data), block)

    def removed(self, data: bytes | None) -> bytes | None:
        """Return the file without the block."""
        return None if data is None else yaml_text.remove(self.path, data, self.block)

    def _fitted(self, data: bytes | None) -> yaml_text.Block:
        """Return the block with a stage, where the file's own stages lack the usual one."""
        rest = self.removed(data) if self.job else None
        if not rest:
            return self.block
        root = yaml_text.loaded(self.path, rest)
        if any(True for _ in yaml_text.values_at(root, (self.job,))):
            raise InstallError(
                UNFIT_HOST_FILE,
                f"`{self.path}` has a job `{self.job}` of its own",
                "rename it, or do without this installation",
            )
        found = list(yaml_text.values_at(root, ("stages",)))
        stages = list(yaml_text.scalars(found[-1])) if found else []
        if not stages or "test" in stages:
            return self.block
        stage = yaml.safe_dump(stages[0], default_flow_style=True).partition("\n")[0]
        head = f"{self.job}:\n"
        lines = self.block.lines.replace(head, f"{head}  stage: {stage}\n", 1)
        return yaml_text.Block(self.block.name, lines)


_MARK = re.compile(r"\A\ufeff?# Written by `([^`\n]*)` \(([0-9a-f]{16})\)[^\n]*\n")


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A file that is ours as a whole; its first line holds a digest of the others."""

    path: str
    text: str
    name: str

    def installed(self, data: bytes | None) -> bytes:
        """Return the file; raise InstallError where it is somebody else's, or was edited."""
        wanted = (
            f"# Written by `{self.name}` ({_digest(self.text)}); `{self.name} --remove` deletes "
            f"it.\n{self.text}"
        ).encode()
        if data is None or data.replace(b"\r\n", b"\n") == wanted:
            return wanted if data is None else data
        self._check(data)
        return wanted

    def removed(self, data: bytes | None) -> bytes | None:
        """Return None: the file goes, unless it is somebody else's, or was edited."""
        if data is not None:
            self._check(data)
        return None

    def _check(self, data: bytes) -> None:
        text = decoded(self.path, data).replace("\r\n", "\n")
        mark = _MARK.match(text)
        if mark is None or mark[1] != self.name:
            raise InstallError(
                FOREIGN_HOST_FILE,
                f"`{self.path}` was not written by `{self.name}`",
                "move it to another name, or call `bylaw check` in it yourself",
            )
        if _digest(text[mark.end() :]) != mark[2]:
            raise InstallError(
                EDITED_HOST_FILE,
                f"`{self.path}` was edited since `{self.name}` wrote it",
                "delete it by hand if nothing in it is worth keeping; without its first line it is "
                "your own, and bylaw leaves it alone",
            )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
