"""What a repository may say about finding faults."""

import pytest

from checks.model.findings import Severity
from tests.configurations import good, only


@pytest.mark.parametrize("severity", Severity)
def test_thresholds(severity: Severity) -> None:
    assert good(f"review: {{threshold: {severity}}}").review.threshold is severity


def test_patterns_and_rules() -> None:
    read = good("review:\n  exclude: [docs/]\n  disable: [bare-except, B101, SIM102]\n").review
    assert (read.exclude, read.disable) == (("docs/",), ("bare-except", "B101", "SIM102"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bare-exept", "there is no rule 'bare-exept'; did you mean 'bare-except'?"),
        ("zzz", "there is no rule 'zzz'; see selfmod explain"),
        ("B1", "there is no rule 'B1'; see selfmod explain"),
    ],
)
def test_rules_that_do_not_exist(name: str, said: str) -> None:
    assert only(f"review: {{disable: [{name}]}}") == f"1: review.disable.0: {said}."
