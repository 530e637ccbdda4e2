"""What a repository may say about fixing faults."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from checks.debugging.section.review import RuleName
from checks.model.section import Pattern, Section


class Group(StrEnum):
    """What one pull request of fixes is about."""

    RULE = "rule"
    FILE = "file"
    ALL = "all"


class FixSettings(Section):
    """What `selfmod fix` may change."""

    EXAMPLE: ClassVar[str] = """\
fix:
  exclude: [vendored/]
  disable: [mutable-default-argument]    # still reported
  group: file                            # one pull request a file
"""
    exclude: tuple[Pattern, ...] = Field(
        default=(),
        max_length=1000,
        description="Files that are never changed: patterns as in .gitignore, from the root.",
    )
    disable: tuple[RuleName, ...] = Field(
        default=(), max_length=1000, description="Rules whose fixes are not applied; their findings are still reported."
    )
    group: Group = Field(
        default=Group.RULE, description="What one pull request of fixes is about: one rule, one file, or all at once."
    )
