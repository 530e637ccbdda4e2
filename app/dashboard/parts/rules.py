"""The repository's own rules that apply, each as the tree of what its condition saw."""

from typing import Any

from app.dashboard.parts.case import Case
from app.dashboard.plain import Plain, part, rows, text, texts

NAME = "rules"
DEEPEST = 12
"""Levels of a tree that are shown."""
_WORDS = {
    "all": "all of",
    "any": "any of",
    "not": "not",
    "paths": "a changed path matches",
    "only_paths": "every changed path matches",
    "authors": "the author is one of",
    "not_authors": "the author is none of",
    "author_in_teams": "the author is in",
}


def title(case: Case) -> str:
    """Of the part."""
    return "Rules of the repository"


def show(case: Case) -> dict[str, Any]:
    """The rules that apply, in their order."""
    found = rows(case.record.document, "rules")
    return {
        "rules": [
            {
                "name": text(each, "rule"),
                "why": text(each, "why"),
                "level": text(each, "level"),
                "approvers": texts(each, "approvers"),
                "tree": [_node(part(each, "seen"), 0)] if part(each, "seen") else [],
            }
            for each in found
        ]
    }


def _node(seen: Plain, depth: int) -> dict[str, Any]:
    """All or any of one thing is that thing."""
    while text(seen, "predicate") in ("all", "any") and len(alone := rows(seen, "inner")) == 1:
        seen = alone[0]
    holds = seen.get("satisfied")
    predicate = text(seen, "predicate")
    inner = rows(seen, "inner") if depth < DEEPEST else ()
    return {
        "predicate": _WORDS.get(predicate, predicate.replace("_", " ")),
        "wanted": texts(seen, "wanted"),
        "said": text(seen, "description"),
        "mark": "yes" if holds is True else "false" if holds is False else "unknown",
        "word": "holds" if holds is True else "does not hold" if holds is False else "cannot be known here",
        "inner": [_node(each, depth + 1) for each in inner],
    }
