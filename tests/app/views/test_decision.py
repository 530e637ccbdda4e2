"""A decision in words."""

import pytest

from app.model.decision import Decision, Merge
from app.views.decision import document, lines, markdown, title
from checks.model.safety import Level


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (Decision(Level.SAFE, Merge.AUTOMATIC, 0), "SAFE · no approval needed, merges by itself"),
        (Decision(Level.SAFE, Merge.BY_PERSON, 0), "SAFE · no approval needed"),
        (Decision(Level.MEDIUM_RISK, Merge.BY_PERSON, 1), "MEDIUM_RISK · needs 1 approval: anybody with write access"),
        (
            Decision(Level.CRITICAL, Merge.BY_PERSON, 2, approvers=("@acme/security",), code_owners=1),
            "CRITICAL · needs 2 approvals: @acme/security, 1 of them a code owner",
        ),
        (
            Decision(Level.HIGH_RISK, Merge.NEVER, 2, blocked="2 tests fail that passed on main"),
            "HIGH_RISK · blocked: 2 tests fail that passed on main",
        ),
    ],
)
def test_title(decision: Decision, expected: str) -> None:
    assert title(decision) == expected


def test_lines_say_who_merges_and_why() -> None:
    decision = Decision(Level.HIGH_RISK, Merge.BY_PERSON, 2, review=True, reasons=("By a person.", "x\x1b[2J"))
    assert lines(decision) == [
        " needs 2 approvals: anybody with write access",
        "  The orchestrator's review comes first.",
        "  By a person.",
        "  x\\x1b[2J",
    ]


def test_what_blocks_is_said_once_and_who_must_agree_after_it() -> None:
    why = "Validation failed: sandbox. Mend it and push again."
    decision = Decision(Level.MEDIUM_RISK, Merge.NEVER, 1, blocked=why, reasons=(why,), why="MEDIUM_RISK: stages.")
    assert lines(decision) == [
        " blocked: validation failed: sandbox. Mend it and push again.",
        "  After that it needs 1 approval: anybody with write access.",
    ]
    assert markdown(decision).count("sandbox") == 1


def test_markdown_mentions_nobody() -> None:
    decision = Decision(Level.CRITICAL, Merge.BY_PERSON, 2, approvers=("@acme/security",), reasons=("<b>why</b>",))
    said = markdown(decision)
    assert "@acme" not in said
    assert "<b>" not in said


def test_document_holds_every_field() -> None:
    decision = Decision(Level.SAFE, Merge.AUTOMATIC, 0)
    assert set(document(decision)) == set(Decision.__dataclass_fields__)
