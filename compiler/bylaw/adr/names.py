"""The names under which ADRs keep their metadata, in lower case with single spaces."""

STATUS_NAMES = frozenset({"status", "state", "adr status", "current status", "record status"})

DATE_NAMES = frozenset(
    {
        "date",
        "created",
        "created at",
        "created on",
        "creation date",
        "date created",
        "updated",
        "last updated",
        "last modified",
        "modified",
        "date updated",
        "decision date",
        "date of decision",
        "decided",
        "decided on",
        "accepted",
        "accepted on",
        "date accepted",
        "approved",
        "approved on",
        "proposed",
        "proposed on",
        "date proposed",
        "introduced",
        "amended",
        "amendment date",
        "superseded on",
        "deprecated on",
        "review date",
    }
)

PEOPLE_NAMES = frozenset(
    {
        "decider",
        "deciders",
        "decision maker",
        "decision makers",
        "author",
        "authors",
        "owner",
        "owners",
        "consulted",
        "informed",
        "contact",
        "contacts",
        "approver",
        "approvers",
        "approved by",
        "contributors",
        "participants",
        "submitter",
        "submitters",
        "reviewers",
        "stakeholders",
    }
)

RELATION_NAMES: dict[str, str] = {
    "supersedes": "supersedes",
    "supercedes": "supersedes",
    "replaces": "supersedes",
    "overrides": "supersedes",
    "superseded by": "superseded-by",
    "superceded by": "superseded-by",
    "replaced by": "superseded-by",
    "overridden by": "superseded-by",
    "amends": "amends",
    "updates": "amends",
    "extends": "amends",
    "refines": "amends",
    "amended by": "amended-by",
    "updated by": "amended-by",
    "extended by": "amended-by",
    "refined by": "amended-by",
    "depends on": "depends-on",
    "requires": "depends-on",
    "relates to": "relates-to",
    "related": "relates-to",
    "related to": "relates-to",
    "related adr": "relates-to",
    "related adrs": "relates-to",
    "related decisions": "relates-to",
    "related decision": "relates-to",
    "see also": "relates-to",
}

_TITLE_NAMES = frozenset({"title", "decision title", "number", "decision number"})

FIELD_NAMES = STATUS_NAMES | DATE_NAMES | PEOPLE_NAMES | _TITLE_NAMES | frozenset(RELATION_NAMES)

METADATA_SECTIONS = frozenset(
    {
        "metadata",
        "meta",
        "meta data",
        "document information",
        "document control",
        "record information",
        "adr information",
        "general information",
        "information",
        "header",
    }
)

SECTION_WORDS = (
    "status",
    "context",
    "decision",
    "consequence",
    "considered option",
    "options considered",
    "considered alternative",
    "alternatives considered",
    "problem statement",
    "rationale",
    "constraint",
    "pros and cons",
)
"""What the headings of an ADR's own sections start with."""

PLAIN_SECTIONS = frozenset(
    {
        "context",
        "decision",
        "consequences",
        "summary",
        "context and problem statement",
        "problem statement",
        "background",
        "introduction",
        "overview",
        "changelog",
        "abstract",
    }
)
"""Headings that are never a title."""
