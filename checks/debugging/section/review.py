"""What a repository may say about finding faults."""

import difflib
import re
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from checks.model.findings import Severity
from checks.model.section import Pattern, Section


def _rule(name: str) -> str:
    """A rule's name or a code as other tools have them. Raises ValueError for a name that no rule has."""
    from checks.debugging.rules import BY_NAME  # late: most repositories name none

    if name in BY_NAME or re.fullmatch(r"[A-Z]{1,4}\d{3,4}", name):
        return name
    near = difflib.get_close_matches(name, BY_NAME, 1, 0.5)
    raise ValueError(f"there is no rule {name!r}; " + (f"did you mean {near[0]!r}?" if near else "see selfmod explain"))


type RuleName = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_rule)]


class ReviewSettings(Section):
    """What `selfmod review` reports."""

    EXAMPLE: ClassVar[str] = """\
review:
  threshold: high            # lower findings are shown and fail nothing
  exclude: ["docs/**", "*_pb2.py"]
  disable: [exception-swallowed, B101]
"""
    threshold: Severity = Field(
        default=Severity.MEDIUM, description="Findings at or above this severity fail a review."
    )
    exclude: tuple[Pattern, ...] = Field(
        default=(),
        max_length=1000,
        description="Files that are not analysed: patterns as in .gitignore, from the root.",
    )
    disable: tuple[RuleName, ...] = Field(
        default=(), max_length=1000, description="Rules whose findings are not reported, by name or by code (`B101`)."
    )
