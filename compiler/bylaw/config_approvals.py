"""The table `[approvals]` of the configuration."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bylaw.config_values import Glob, Table, refuse


def _names(text: str) -> str:
    if len(text.split()) < 2 or not text.isprintable():
        refuse("names no two", 'write all names of one person, as in `"@ann ann@x.example"`')
    return text


def _team(text: str) -> str:
    if not re.fullmatch(r"@[\w.-]+/[\w.-]+ [0-9]{1,18}", text, re.ASCII):
        refuse("is no team and number", 'write both, as in `"@shop/dba 4711"`')
    return text


def _check_name(text: str) -> str:
    if not text.strip() or not text.isprintable():
        refuse("is no name of a check", "write it as your forge shows it, as in `decisions`")
    return text


Approvals = Annotated[int, Field(strict=True, ge=0, le=10)]


class RequiredTable(Table):
    """How many approvals a change needs, by its risk."""

    low: Approvals | None = Field(default=None, description="approvals of a change of low risk")
    medium: Approvals | None = Field(default=None, description="approvals at medium risk")
    high: Approvals | None = Field(default=None, description="approvals at high risk")


class ApprovalsTable(Table):
    """What is risky, who is one and the same, and what the forge is to ask for."""

    low: tuple[Glob, ...] = Field(
        default=(),
        description="Globs, or ids of constraints, of what is of low risk.",
        examples=[["docs/**"]],
    )
    medium: tuple[Glob, ...] = Field(default=(), description="The same, of medium risk.")
    high: tuple[Glob, ...] = Field(
        default=(), description="The same, of high risk.", examples=[["infra/**"]]
    )
    default: Literal["low", "medium", "high"] = Field(
        default="medium", description="The risk of what neither a sentence nor a glob names."
    )
    required: RequiredTable = Field(
        default_factory=RequiredTable, description="How many approvals a change needs, by risk."
    )
    people: tuple[Annotated[str, AfterValidator(_names)], ...] = Field(
        default=(),
        description="All names of one person in an entry: accounts and addresses.",
        examples=[["@ann ann@x.example"]],
    )
    forge: Literal["github", "gitlab"] | None = Field(
        default=None, description="Whose `CODEOWNERS` is written; found from the tree, else."
    )
    check: Annotated[str, AfterValidator(_check_name)] = Field(
        default="bylaw", description="The name of the job that runs `bylaw check`."
    )
    team_ids: tuple[Annotated[str, AfterValidator(_team)], ...] = Field(
        default=(),
        description="Teams and their numbers at GitHub, which a ruleset names them by.",
        examples=[["@shop/dba 4711"]],
    )
