"""A judgement with everything in it, for the tests of what shows and decides upon one."""

from collections.abc import Sequence

from checks.model.findings import Confidence, Finding, Severity
from checks.model.judged import Judged
from checks.model.safety import Assessment, Factor, Level
from checks.model.verdicts import LineCoverage, Outcome, StageResult, State, SuiteRun, TestResult, Tests, Verdict

BASE, HEAD = "a" * 40, "3f9c2e1" + "b" * 33


def finding(
    rule: str = "shell-injection",
    severity: Severity = Severity.HIGH,
    message: str = "The command is built from `name`.",
    *,
    file: str = "acme/run.py",
    lines: tuple[int, int] = (5, 5),
    fixable: bool = False,
) -> Finding:
    first, last = lines
    return Finding(
        file, first, 5, last, 40, rule, severity, Confidence.HIGH, message, 78, "selfmod", ("selfmod",), fixable,
        fingerprint="f" * 32,
    )  # fmt: skip


def suite(passed: int = 148, failing: Sequence[TestResult] = ()) -> SuiteRun:
    results = tuple(TestResult(f"tests/test_a.py::test_{number}", Outcome.PASSED) for number in range(passed))
    return SuiteRun((*results, *failing), True, "", 6.2, "bubblewrap", "", "pytest 9", "3.13", "the chosen one")


def judged(
    level: Level = Level.MEDIUM_RISK,
    *,
    tests: bool = True,
    failing: Sequence[TestResult] = (),
    findings: Sequence[Finding] = (),
    skipped: str = "",
    hostile: str = "",
    approvers: tuple[str, ...] = (),
    approvals: int = 0,
    owned: bool = False,
) -> Judged:
    """A change of one file that is tested and at most `findings` and `failing` are wrong with; `skipped` says why the
    tests did not run, `hostile` is a text that stands wherever the repository or a tool may put one."""
    bad = State.FAILED if findings else State.PASSED
    ran = Tests(
        suite(148 - len(failing), failing),
        suite(148),
        newly_failing=tuple(failing),
        flaky=(f"tests/test_a.py::test_moody{hostile}",) if hostile else (),
        coverage=(LineCoverage("acme/client.py", (80, 81, 82), (88, 89, 92), {80: ("tests/test_a.py::test_1",)}),),
    )
    why = f"{len(failing)} tests fail that passed on the base: {failing[0].id}" if failing else ""
    sandbox = StageResult("sandbox", State.FAILED if failing else State.PASSED, why, facts={"tests": "148 passed"})
    if skipped or not tests:
        sandbox = StageResult("sandbox", State.SKIPPED, skipped or "there are no tests")
    stages = (
        StageResult("syntax", State.PASSED, facts={"files": "1 Python"}, seconds=0.01),
        StageResult("security", bad, "1 new security finding" if findings else "", tuple(findings), seconds=0.4),
        StageResult("dangerous", State.PASSED, facts={"older findings": "12"}),
        StageResult("imports", State.PASSED, hostile),
        sandbox,
    )
    factors = (
        Factor("changed lines covered by tests", "3 of 6 (50 %)", 2, None, "cover `acme/client.py:88-92` by a test"),
        Factor("public API", f"`Client.get` gained a parameter{hostile}", 2),
        Factor("size", "41 lines in 3 files", 0),
    )
    lower = "To lower it to LOW_RISK: cover acme/client.py:88-92 by a test."
    return Judged(
        name=f"pull request 7, {BASE[:10]}..{HEAD[:10]}",
        base=BASE,
        head=HEAD,
        files=("acme/client.py",),
        added=41,
        removed=3,
        verdict=Verdict(stages, ran if tests and not skipped else None),
        assessment=Assessment(level, 4, factors, lower if level is not Level.SAFE else ""),
        seconds=7.1,
        approvers=approvers,
        approvals=approvals,
        rules=((f"sign-in{hostile}", "paths: acme/client.py matches"),),
        owned=owned,
    )
