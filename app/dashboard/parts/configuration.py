"""What the change was judged by: the configuration's commit, and where each value comes from."""

from typing import Any

from app.dashboard.parts.case import Case

NAME = "configuration"
FILE = ".github/selfmod.yml"


def title(case: Case) -> str:
    """Of the part."""
    return "Configuration"


def show(case: Case) -> dict[str, Any]:
    """Values that are not the usual ones, each with its origin."""
    record = case.record
    at = record.configuration
    return {
        "said": case.stood.configuration if case.stood else "",
        "commit": at,
        "commit_url": case.commit_url(at) if at else "",
        "file_url": f"{case.repository_url}/blob/{at}/{FILE}" if at.isalnum() else "",
        "file": FILE,
        "values": case.stood.values if case.stood else (),
        "head": record.head,
        "base": record.base,
    }
