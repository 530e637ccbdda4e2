"""Why this level, and what would lower it."""

from typing import Any

from app.dashboard.parts.case import LEVELS, Case
from app.dashboard.plain import Plain, number, part, rows, text, texts, truth

NAME = "why"


def title(case: Case) -> str:
    """Of the part."""
    return f"Why {case.level}" if case.level != "unknown" else "Why no level"


def show(case: Case) -> dict[str, Any]:
    """The factors, the weightiest first, their sum, and the cheapest way to a lower level."""
    assessment = part(case.record.document, "assessment")
    factors = [
        {
            "name": text(each, "name"),
            "seen": text(each, "seen"),
            "weight": number(each, "weight"),
            "floor": text(each, "floor"),
            "lower": text(each, "lower"),
            "known": truth(each, "known", True),
        }
        for each in rows(assessment, "factors")
    ]
    level = text(assessment, "level")
    return {
        "factors": factors,
        "score": number(assessment, "score"),
        "lower": text(assessment, "lower"),
        "demanding": [each["name"] for each in factors if each["floor"] == level],
        "level": level,
        "raised": level in LEVELS and case.level in LEVELS and LEVELS.index(case.level) > LEVELS.index(level),
        "in_force": case.level,
        "review": _review(part(case.record.document, "oversight")),
    }


def _review(found: Plain) -> dict[str, Any]:
    """The orchestrator's, empty where there is none."""
    if not found:
        return {}
    safer = [{"how": text(each, "how"), "command": text(each, "command")} for each in rows(found, "safer")]
    return {"said": text(found, "said"), "unusual": texts(found, "unusual"), "safer": safer}
