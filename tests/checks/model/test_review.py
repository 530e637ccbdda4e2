from dataclasses import replace

import pytest

from checks.model.findings import Confidence, Finding, Severity
from checks.model.review import Review

INFO = Finding(
    "a.py", 1, 1, 1, 2, "r", Severity.INFO, Confidence.LOW, "m", cwe=None, tool="t", tools=("t",), fixable=False
)
MEDIUM = replace(INFO, severity=Severity.MEDIUM)
SURE = replace(MEDIUM, file="z.py", confidence=Confidence.HIGH)
CRITICAL = replace(INFO, file="b.py", severity=Severity.CRITICAL)
REVIEW = Review((INFO, MEDIUM, SURE, CRITICAL), (), files=2, seconds=0.5, threshold=Severity.MEDIUM)


@pytest.mark.parametrize(
    ("threshold", "failing"),
    [
        (Severity.INFO, (INFO, MEDIUM, SURE, CRITICAL)),
        (Severity.MEDIUM, (MEDIUM, SURE, CRITICAL)),
        (Severity.HIGH, (CRITICAL,)),
        (Severity.CRITICAL, (CRITICAL,)),
    ],
)
def test_failing_are_those_at_or_above_the_threshold(threshold: Severity, failing: tuple[Finding, ...]) -> None:
    assert replace(REVIEW, threshold=threshold).failing == failing


def test_counts_name_every_severity_the_worst_first() -> None:
    assert list(REVIEW.counts.items()) == [
        (Severity.CRITICAL, 1),
        (Severity.HIGH, 0),
        (Severity.MEDIUM, 2),
        (Severity.LOW, 0),
        (Severity.INFO, 1),
    ]


def test_by_severity_puts_the_worst_and_surest_first() -> None:
    assert REVIEW.by_severity == (CRITICAL, SURE, MEDIUM, INFO)
