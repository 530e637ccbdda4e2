"""
## What it does
Runs the tests in the sandbox, on the base and with the change. The tests, `conftest.py` files and configuration of the
base judge the change; tests that the change brings or edits run too and are reported apart. Only tests whose outcome
differs are run again: one that gives both outcomes on one tree is flaky and decides nothing.

## What fails it
A test that passed on the base and fails now, a test of the change's own that fails, or a run whose outcome cannot be
trusted.

## What to do
`selfmod sandbox run` shows the same on the working tree; a test known to be flaky is excused by `sandbox.quarantine` in
the configuration.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from checks.model.trees import File
from checks.model.verdicts import Lacking, Outcome, StageResult, State, SuiteRun, Tests
from checks.reports.judged.text import counts
from checks.reports.text import counted
from checks.repository.change import Change
from checks.repository.changed import shipped
from checks.sandbox.environment import Environment
from checks.sandbox.port import Sandbox
from checks.sandbox.suite import run_tests
from checks.validation.asked import Asked, Tested
from checks.validation.comparing import Repeated, compared, differing, judges, modules
from checks.validation.covering import covering, traced
from checks.validation.ran import Ran

NAME = "sandbox"
TITLE = "Sandbox"
MOST_REPEATED = 200
"""Tests that are run again one by one; where more differ, the change broke something, and no test is moody."""


def run(change: Change, asked: Asked) -> Ran:
    """Raises Refusal where the sandbox breaks down."""
    tested = asked.tested
    if tested.known is not None and tested.known.suite.passed:
        facts = {"tests": counts(tested.known.suite), "not run again": tested.known.whence}
        return Ran(StageResult(NAME, State.PASSED, facts=facts), Tests(head=tested.known.suite))
    if tested.sandbox is None or tested.environment is None:
        return Ran(StageResult(NAME, State.ERROR, tested.missing or "there is no sandbox on this host"))
    if not tested.runners:
        return Ran(StageResult(NAME, State.SKIPPED, "the configuration allows no runner of tests"))
    trees = _Trees(change, tested, tested.sandbox, tested.environment)
    base = trees.base()
    trees = replace(trees, modules=modules(base))
    judged = trees.judged() if base is not None else None
    head = trees.head() if judged is None or trees.brings_judges else judged
    if head.lacking is Lacking.TESTS and judged is None:
        return Ran(StageResult(NAME, State.SKIPPED, "there are no tests"))
    fault = _fault(base, judged, head)
    if fault is not None:
        return Ran(fault, Tests(head=head, base=base))
    repeated = trees.repeated(base, judged, head)
    touched = {path for each in change.touched for path in (each.path, each.was)}
    if base is not None and tested.only:
        base = replace(base, results=tuple(each for each in base.results if each.id in tested.only))
    tests = compared(
        base if base is None or base.trusted else None, judged, head, repeated, touched.__contains__, tested.quarantine
    )
    return Ran(_result(tests), replace(tests, coverage=covering(change, head)))


@dataclass(frozen=True, slots=True)
class _Trees:
    """The three trees that tests run on: base, head's code under base's tests, and head. `modules` are the files that
    the base's tests are in."""

    change: Change
    tested: Tested
    sandbox: Sandbox
    environment: Environment
    modules: frozenset[str] = frozenset()

    def judges(self, path: str) -> bool:
        return judges(path) or path in self.modules

    @property
    def brings_judges(self) -> bool:
        return any(self.judges(each.path) or self.judges(each.was) for each in self.change.touched)

    def base(self) -> SuiteRun | None:
        """None where the base has no tests; then nothing is to be compared."""
        made = self.tested.base or self._run(self._side("base"), self.tested.only)
        return None if made.lacking is Lacking.TESTS else made

    def judged(self) -> SuiteRun:
        return self._run(self._judged(), self.tested.only, () if self.brings_judges else traced(self.change))

    def head(self) -> SuiteRun:
        return self._run(self._side("head"), self.tested.only, traced(self.change))

    def repeated(self, base: SuiteRun | None, judged: SuiteRun | None, head: SuiteRun) -> Repeated:
        """The tests that differ again, alone, on every side."""
        if base is None or judged is None or not self.tested.reruns:
            return Repeated()
        under, with_own = differing(base, judged), differing(base, head) if head is not judged else ()
        names = tuple(dict.fromkeys((*under, *with_own)))
        if not names or len(names) > MOST_REPEATED:
            return Repeated()
        return Repeated(
            self._again(names, base, lambda: self._side("base")),
            self._again(under, judged, self._judged) if under else {},
            self._again(with_own, head, lambda: self._side("head")) if with_own else {},
        )

    def _again(
        self, names: tuple[str, ...], whole: SuiteRun, files: Callable[[], Iterator[File]]
    ) -> dict[str, list[Outcome]]:
        """The outcomes of each test, alone and among all. One that is steady alone and the other way round among all
        may depend on its company: then all run once more, and it is moody only if that gives yet another outcome."""
        among = {each.id: each.outcome for each in whole.results if each.id in names}
        alone: dict[str, list[Outcome]] = {name: [] for name in names}
        for _ in range(self.tested.reruns):
            for each in self._run(files(), names).results:
                alone.setdefault(each.id, []).append(each.outcome)
        company = {name for name in among if {each.good for each in alone[name]} == {not among[name].good}}
        if company:
            once_more = {each.id: each.outcome for each in self._run(files(), self.tested.only).results}
            for name in company:
                if name in once_more:
                    alone[name] = [once_more[name]]
        return {name: [*alone[name], among[name]] for name in among}

    def _run(self, files: Iterator[File], only: tuple[str, ...] = (), lines: tuple[str, ...] = ()) -> SuiteRun:
        tested = self.tested
        return run_tests(
            self.sandbox,
            self.environment,
            files,
            tested.limits,
            paths=tested.paths,
            only=only,
            traced=lines,
            runners=tested.runners,
            cancelled=tested.cancelled,
        )

    def _side(self, side: str) -> Iterator[File]:
        return shipped(self.change, side, self.tested.limits.disk)

    def _judged(self) -> Iterator[File]:
        """Head's files, with those of the base wherever they judge, and without what would be tested in their place."""
        shadows = _shadows(self.change)
        head = (each for each in self._side("head") if tuple(each.path.split("/")[:2]) not in shadows)
        if not self.brings_judges:
            return head
        code = (each for each in head if not self.judges(each.path))
        judging = (each for each in self._side("base") if self.judges(each.path))
        return _joined(judging, code)


def _shadows(change: Change) -> set[tuple[str, ...]]:
    """Packages under a `src` folder that the change brings, which are there beside it too: imports would find these
    first, and the tests would try a copy in place of the project."""
    if any(entry.path.startswith("src/") for entry in change.base.files):
        return set()
    paths = [entry.path.split("/") for entry in change.head.files]
    tops = {each[0].removesuffix(".py") for each in paths}
    inner = {tuple(each[:2]) for each in paths if each[0] == "src" and len(each) > 1}
    return {each for each in inner if each[1].removesuffix(".py") in tops}


def _joined(*parts: Iterator[File]) -> Iterator[File]:
    """One after the other, each path once: a folder of one side may be a file or a link of the other, and the first
    side is whole."""
    seen: set[str] = set()
    above: set[str] = set()
    for part in parts:
        for each in part:
            folders = {each.path[:at] for at, letter in enumerate(each.path) if letter == "/"}
            if each.path not in seen | above and not folders & seen:
                seen.add(each.path)
                above |= folders
                yield each


def _fault(base: SuiteRun | None, judged: SuiteRun | None, head: SuiteRun) -> StageResult | None:
    """The result where a run says nothing of the change: the environment is at fault, or nobody can trust it. What is
    so on the base too is no fault of the change."""
    runs = [run for run in (base, judged, head) if run is not None]
    for run in runs:
        none_ran = run.count(Outcome.ERROR, Outcome.SKIPPED) == len(run.results)
        if run.lacking is Lacking.ENVIRONMENT and (none_ran or not run.trusted):
            return StageResult(NAME, State.SKIPPED, f"the tests cannot run here: {run.why}", facts=_facts(run))
    doubtful = next((run for run in runs if run is not base and not run.trusted and run.lacking != Lacking.TESTS), None)
    if doubtful is None:
        if base is not None and not any(run.count(Outcome.PASSED, Outcome.XFAILED) for run in runs):
            return StageResult(NAME, State.SKIPPED, "no test passes, on the base neither", facts=_facts(head))
        return None
    if base is not None and not base.trusted and base.lacking is doubtful.lacking:
        return StageResult(NAME, State.SKIPPED, f"not to be judged, on the base too: {base.why}", facts=_facts(base))
    return StageResult(NAME, State.FAILED, f"the outcome cannot be trusted: {doubtful.why}", facts=_facts(doubtful))


def _result(tests: Tests) -> StageResult:
    facts = _facts(tests.head)
    if not tests.newly_failing:
        return StageResult(NAME, State.PASSED, facts=facts)
    count = len(tests.newly_failing)
    what = "fails" if count == 1 else "fail"
    where = "that passed on the base" if tests.base is not None else "and there is no base to compare with"
    first = tests.newly_failing[0]
    return StageResult(NAME, State.FAILED, f"{counted(count, 'test')} {what} {where}: {first.id}", facts=facts)


def _facts(run: SuiteRun) -> dict[str, str]:
    facts = {"tests": counts(run), "python": run.python, "environment": run.environment, "sandbox": run.backend}
    if run.weaker:
        facts["weaker"] = run.weaker
    return {name: value for name, value in facts.items() if value}
