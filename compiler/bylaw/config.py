"""The configuration: `bylaw.toml`, or `[tool.bylaw]` in `pyproject.toml`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Config(BaseModel):
    """What a repository decides about its own build. Paths are relative to the repository root."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=_kebab, populate_by_name=True
    )

    adrs: tuple[str, ...] = ()
    source_roots: tuple[str, ...] = ()
    targets: tuple[str, ...] = ("json", "semgrep", "import-linter", "agents")
    output: str = ".bylaw"
    default_status: Literal["in-force", "proposed", "retired", "none"] = "none"
    strict: bool = False
    main_branch: str | None = None
    tests: tuple[str, ...] = ()
    max_file_bytes: int = Field(default=1_048_576, ge=1)
