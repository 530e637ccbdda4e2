"""Outcomes of the validation stages.

What it sees: stages that failed, broke, were skipped or did not run; tests whose outcome is not trusted, is flaky, or
that no longer run; a sandbox with weaker isolation.

Why it counts: what was not carried out has not shown that nothing is wrong.

How to lower it: what the stage itself gives as its reason.
"""

from checks.model.safety import Factor
from checks.model.verdicts import State, Verdict
from checks.risk import kinds
from checks.risk.evidence import Evidence
from checks.risk.weights import TABLE, factor

NAME = "stages"
STANDS = True
STAGES = ("syntax", "security", "dangerous", "imports", "sandbox")
"""Those that a whole validation has."""
_CASES = {State.FAILED: "failed", State.ERROR: "error", State.SKIPPED: "skipped"}
_WORDS = {"failed": "failed", "error": "could not be carried out", "skipped": "skipped"}
_LOWER = {"failed": "make {} pass", "error": "let {} finish", "skipped": "let {} run"}


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """One factor for each kind of outcome."""
    verdict = evidence.verdict
    factors = []
    for state, case in _CASES.items():
        names = [each.stage for each in verdict.stages if each.state is state]
        whys = [
            # why a stage failed stands with its findings; why one did not run is the reason itself
            f"{each.stage}, {each.reason}" if each.reason and state is not State.FAILED else each.stage
            for each in verdict.stages
            if each.state is state
        ]
        if state is State.SKIPPED:
            absent = [name for name in STAGES if verdict.stage(name) is None]
            names, whys = names + absent, whys + [f"{name}, did not run" for name in absent]
        if names:
            seen = f"{_WORDS[case]}: {kinds.listed(whys, 5)}"
            subjects = ", ".join("the tests" if name == "sandbox" else f"stage {name}" for name in names)
            factors.append(factor(NAME, case, seen, _LOWER[case].format(subjects)))
    return (*factors, *_of_tests(verdict))


def _of_tests(verdict: Verdict) -> tuple[Factor, ...]:
    tests = verdict.tests
    if tests is None:
        return ()
    found = []
    runs = [run for run in (tests.head, tests.base) if run is not None]
    untrusted = [run.why for run in runs if not run.trusted]
    if untrusted:
        seen = f"outcomes not trusted: {untrusted[0]}"
        # where the stage has not passed for it, that has its points already: one cause counts once
        stage = verdict.stage(STAGES[-1])
        own = TABLE[NAME, _CASES[stage.state]].points if stage and stage.state in _CASES else 0
        most = max(0, TABLE[NAME, "untrusted"].points - own)
        found.append(factor(NAME, "untrusted", seen, "let the tests run to their end", most=most))
    if any(run.weaker for run in runs):
        found.append(factor(NAME, "weaker sandbox", next(run.weaker for run in runs if run.weaker)))
    if tests.flaky:
        names = kinds.listed(tests.flaky)
        found.append(factor(NAME, "flaky", f"flaky: {names}", f"make {names} give one outcome"))
    # what failed on the base too, or is gone, is no test of the change's own
    old = {*(each.id for each in tests.still_failing), *tests.removed, *tests.quarantined, *tests.flaky}
    failing = [each.id for each in (*tests.added, *tests.edited) if not each.outcome.good and each.id not in old]
    if failing:
        names = kinds.listed(failing)
        found.append(factor(NAME, "new tests fail", f"new or edited tests fail: {names}", f"mend {names}"))
    if tests.skipped_now:
        names = kinds.listed(tests.skipped_now)
        found.append(factor(NAME, "tests skip now", f"no longer run: {names}", f"let {names} run again"))
    return tuple(found)
