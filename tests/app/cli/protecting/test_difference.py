"""The difference of a plan in words."""

from dataclasses import replace

from app.cli.protecting.difference import beside, difference
from app.model.protection import GATE, Also, Classic, Form, Seen
from app.orchestrator.protection import plan
from tests.app.orchestrator.test_protection import ADMIN, APP, OTHER, REVIEW, REVIEWED, rule, ruleset, seen


def lines(at: Seen, form: Form | None = None, *also: Also) -> list[str]:
    return difference(plan(at, APP, form, frozenset(also)), at, APP)


def test_a_new_ruleset() -> None:
    assert lines(seen(), None, Also.NO_DELETION) == [
        "--- now",
        "+++ with --apply",
        "@@ -0,0 +1,8 @@",
        '+ruleset "selfmod gate" (new)',
        "+  enforcement: active",
        "+  branches: the default branch",
        "+  may bypass it: nobody",
        "+  required checks:",
        "+    selfmod/gate of App 7 (this App)",
        "+  deletion",
        "+  up to date with the branch: no",
    ]


def test_what_stays_is_shown_beside_what_changes() -> None:
    at = seen(ruleset(REVIEW, rule(("ci", 0), (GATE, OTHER)), bypass=(ADMIN,)))
    assert lines(at)[3:] == [
        ' ruleset "main" (3)',
        "   enforcement: active",
        "   branches: the default branch",
        "   may bypass it: administrators (always)",
        "   pull_request: required_approving_review_count 2",
        "   required checks:",
        "     ci of anybody",
        "-    selfmod/gate of App 8",
        "+    selfmod/gate of App 7 (this App)",
        "   up to date with the branch: no",
    ]


def test_protection() -> None:
    assert lines(seen(classic=REVIEWED), Form.CLASSIC)[3:] == [
        " protection of main",
        "   required checks:",
        "     ci of App 8",
        "     lint of anybody",
        "+    selfmod/gate of App 7 (this App)",
        "   up to date with the branch: yes",
        "   administrators too: yes",
        "   reviews: required_approving_review_count 2",
        '   who may push: apps [], teams [], users ["ann"]',
        "   linear history",
    ]


def test_nothing_to_do_has_no_difference() -> None:
    assert lines(seen(classic=Classic(checks=((GATE, APP),)))) == []


def test_what_was_not_asked_for() -> None:
    at = seen()
    first, second = beside(plan(at, APP), at)
    assert first == "Nothing forbids force pushes to main: --also no-force-push does."
    assert second == "Nothing forbids to delete main: --also no-deletion does."


def test_bypass_that_is_not_shown_is_not_nobody() -> None:
    at = seen(replace(ruleset(rule((GATE, 0))), bypass=None))
    assert "   may bypass it: not shown to this token" in lines(at)
