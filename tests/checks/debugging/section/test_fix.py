"""What a repository may say about fixing faults."""

import pytest

from checks.debugging.section.fix import Group
from tests.configurations import good, only


def test_by_rule_unless_said_otherwise() -> None:
    assert good("").fix.group is Group.RULE


@pytest.mark.parametrize("group", Group)
def test_groups(group: Group) -> None:
    assert good(f"fix: {{group: {group}}}").fix.group is group


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fix: {group: folder}", "1: fix.group: 'folder' is not valid."),
        ("fix: {disable: [zzz]}", "1: fix.disable.0: there is no rule 'zzz'; see selfmod explain."),
        (
            "fix: {exclude: ['..']}",
            "1: fix.exclude.0: this pattern matches nothing: paths have no empty part, '.' or '..'.",
        ),
    ],
)
def test_what_is_not_valid(text: str, said: str) -> None:
    assert only(text) == said
