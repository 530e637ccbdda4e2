"""What the change was judged by: the configuration's commit, and where each value comes from."""

from typing import Any

from app.dashboard.parts.case import Case
from app.dashboard.plain import rows, text

NAME = "configuration"
FILE = ".github/selfmod.yml"


def title(case: Case) -> str:
    """Of the part."""
    return "Configuration"


def show(case: Case) -> dict[str, Any]:
    """Values with their origin, those that are not the usual ones first as they came."""
    record = case.record
    at = record.configuration
    return {
        "commit": at,
        "commit_url": case.commit_url(at) if at else "",
        "file_url": f"{case.repository_url}/blob/{at}/{FILE}" if at.isalnum() else "",
        "file": FILE,
        "values": [
            {"key": text(each, "key"), "value": text(each, "value"), "origin": text(each, "origin")}
            for each in rows(record.decision, "configuration")
        ],
        "head": record.head,
        "base": record.base,
    }
