"""The orchestrator's review as JSON values, and of them again: what the record and the audit chain keep."""

from collections.abc import Mapping
from typing import Any

from app.model.oversight import Oversight, Safer, Says
from checks.model.safety import Level

KIND = "oversight"
"""Of the audit record that says that the review was made, and the key that the record keeps it under."""


def document(oversight: Oversight) -> dict[str, Any]:
    """As plain values."""
    return {
        "level": oversight.level.value,
        "says": oversight.says.value,
        "said": oversight.said,
        "unusual": list(oversight.unusual),
        "safer": [
            {"how": each.how, "level": each.level.value if each.level else None, "command": each.command}
            for each in oversight.safer
        ],
    }


def reading(value: Mapping[str, Any]) -> Oversight:
    """The value that `document` made this of. Raises KeyError, TypeError or ValueError for what is none."""
    return Oversight(
        Level(value["level"]),
        Says(value["says"]),
        value["said"],
        tuple(value["unusual"]),
        tuple(
            Safer(each["how"], Level(each["level"]) if each["level"] else None, each["command"])
            for each in value["safer"]
        ),
    )
