"""Outcomes come from exceptions; a stricter claim is taken, a milder one is a rewriting."""

import unittest

import pytest

from checks.sandbox.reporter import judge
from checks.sandbox.reporter.judge import Phase


def phase(when: str, derived: str, claimed: str | None = None, logged: str | None = None) -> Phase:
    message = f"{when} {derived}"
    return {"when": when, "derived": derived, "claimed": claimed or derived, "logged": logged, "message": message}


SETUP, CALL, DOWN = phase("setup", "passed"), phase("call", "passed"), phase("teardown", "passed")


@pytest.mark.parametrize(
    ("phases", "marked", "outcome", "rewritten"),
    [
        ([SETUP, CALL, DOWN], False, "passed", False),
        ([SETUP, phase("call", "failed"), DOWN], False, "failed", False),
        ([SETUP, phase("call", "skipped"), DOWN], False, "skipped", False),
        ([phase("setup", "skipped"), DOWN], False, "skipped", False),
        ([phase("setup", "failed"), DOWN], False, "error", False),
        ([SETUP, CALL, phase("teardown", "failed")], False, "error", False),
        ([SETUP, phase("call", "failed"), phase("teardown", "failed")], False, "failed", False),
        ([SETUP, phase("call", "failed", "xfailed"), DOWN], True, "xfailed", False),
        ([SETUP, phase("call", "failed", "xfailed"), DOWN], False, "failed", True),
        ([SETUP, phase("call", "xfailed"), DOWN], False, "xfailed", False),
        ([SETUP, phase("call", "passed", "xpassed"), DOWN], True, "xpassed", False),
        ([SETUP, phase("call", "passed", "failed"), DOWN], True, "failed", False),
        ([SETUP, phase("call", "failed", "passed"), DOWN], False, "failed", True),
        ([SETUP, phase("call", "failed", "skipped"), DOWN], False, "failed", True),
        ([SETUP, phase("call", "failed", "failed", "passed"), DOWN], False, "failed", True),
        ([SETUP, phase("call", "passed", "skipped"), DOWN], False, "passed", True),
        ([SETUP, phase("call", "passed", "passed", "failed"), DOWN], False, "failed", False),
        ([phase("setup", "failed", "passed"), DOWN], False, "error", True),
        ([SETUP, phase("call", "failed"), CALL, DOWN], False, "failed", False),
        ([SETUP, phase("call", "failed"), DOWN, SETUP, CALL, DOWN], False, "passed", False),
        ([SETUP], False, "missing", False),
        ([], False, "missing", False),
    ],
)
def test_outcome(phases: list[Phase], marked: bool, outcome: str, rewritten: bool) -> None:
    found, message, better = judge.outcome(phases, marked)
    assert (found, better) == (outcome, rewritten)
    if outcome == "failed" and any(each["derived"] == "failed" for each in phases):
        assert message == "call failed"


def test_kinds() -> None:
    skips, expected = (unittest.SkipTest,), (KeyError,)
    errors = [None, unittest.SkipTest("so"), KeyError(), ValueError(), SystemExit(0)]
    assert [judge.kind_of(each, skips, expected) for each in errors] == [
        "passed",
        "skipped",
        "xfailed",
        "failed",
        "failed",
    ]


class Told:
    def __init__(self, outcome: str, **more: str) -> None:
        self.outcome = outcome
        vars(self).update(more)


@pytest.mark.parametrize(
    ("told", "claim"),
    [
        (Told("passed"), "passed"),
        (Told("skipped", wasxfail=""), "xfailed"),
        (Told("passed", wasxfail=""), "xpassed"),
        (Told("rerun"), "failed"),
        (object(), "failed"),
    ],
)
def test_claims(told: object, claim: str) -> None:
    assert judge.claim(told) == claim
