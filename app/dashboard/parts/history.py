"""What happened to the pull request: its other records, and what the audit chain has."""

import json
import re
from typing import Any

from app.dashboard.parts.case import Case, known
from app.dashboard.reading import Entry
from app.dashboard.words import short

NAME = "history"
MOST = 200
"""Entries that are listed, the newest of them."""

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def title(case: Case) -> str:
    """Of the part."""
    return "History"


def show(case: Case) -> dict[str, Any]:
    """The records with their pages, then the audit entries, the oldest first."""
    entries = case.entries[-MOST:]
    return {
        "records": [
            {
                "record": each,
                "level": known(each.level),
                "here": each.id == case.record.id,
                "url": case.details(each),
            }
            for each in case.records[:MOST]
        ],
        "entries": [
            {"number": each.number, "time": each.time, "kind": each.kind, "facts": _facts(each)} for each in entries
        ],
        "earlier": len(case.entries) - len(entries),
    }


def _facts(entry: Entry) -> list[tuple[str, str]]:
    """What is nothing is left out."""
    return [(str(key), _said(value)) for key, value in entry.facts.items() if value not in (None, "", [], {})]


def _said(value: object) -> str:
    if isinstance(value, str):
        return short(value) if _COMMIT.fullmatch(value) else value
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)
