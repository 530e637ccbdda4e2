"""What validation observed of a change: the outcome of every stage, and of every test."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from checks.model.findings import Finding


class State(StrEnum):
    """The outcome of a stage. A skipped stage is never a passed one; `error`: it could not be carried out."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class StageResult:
    """What one stage saw. `reason` says in words for a person why it is not `passed` (empty where it is). `findings`
    are faults with their places, those that made it fail and hints; `facts` are observations worth a line
    each (`python` → `3.10 to 3.14`). `brought_back` would have made it fail, but a revert takes back what had taken
    them away."""

    stage: str
    state: State
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    brought_back: tuple[Finding, ...] = ()


class Outcome(StrEnum):
    """What became of one test. `error` failed outside the test itself (collection, set-up, tear-down)."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    XFAILED = "xfailed"
    XPASSED = "xpassed"
    ERROR = "error"

    @property
    def good(self) -> bool:
        """Whether it tells of no fault: passed, skipped or failed as expected."""
        return self in (Outcome.PASSED, Outcome.SKIPPED, Outcome.XFAILED, Outcome.XPASSED)


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test: its pytest node id (for unittest `file.py::Class::method` too), seconds, and the first lines of why it
    failed or was skipped. `file` is relative to the project's root."""

    __test__ = False  # pytest takes a class of this name for one of tests

    id: str
    outcome: Outcome
    seconds: float = 0.0
    message: str = ""
    file: str = ""


class Lacking(StrEnum):
    """What a run of tests came to nothing for, beside the tests themselves."""

    NOTHING = ""
    TESTS = "tests"
    ENVIRONMENT = "environment"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One run of a project's tests in the sandbox.

    `trusted`: the session ended, every outcome bears a valid code, collected = passed + skipped + failed, nothing
    rewrote an outcome; else `why` says in words for a person what is missing. `lines` are the executed lines of each
    file that was asked for, each with the tests that ran it (at most a few names a line), `executable` all its lines
    that can run. `lacking` tells a project without tests, an environment without what they need (`why` names it, and
    what could be seen stays trusted) and a limit that was hit from tests that fail."""

    results: tuple[TestResult, ...]
    trusted: bool
    why: str
    seconds: float
    backend: str
    weaker: str = ""
    framework: str = ""
    python: str = ""
    environment: str = ""
    deselected: int = 0
    output: str = ""
    lines: Mapping[str, Mapping[int, tuple[str, ...]]] = field(default_factory=dict)
    peak_memory: int | None = None
    lacking: Lacking = Lacking.NOTHING
    executable: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every test really ran and none failed."""
        ran = any(each.outcome is not Outcome.SKIPPED for each in self.results)
        return self.trusted and ran and all(each.outcome.good for each in self.results)

    def count(self, *outcomes: Outcome) -> int:
        """The number of tests with one of these outcomes."""
        return sum(each.outcome in outcomes for each in self.results)


@dataclass(frozen=True, slots=True)
class LineCoverage:
    """The executable lines of one file that a change adds or edits: which ran in some test, and which did not."""

    file: str
    covered: tuple[int, ...]
    uncovered: tuple[int, ...]
    tests: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests of head beside those of base. Names are test ids.

    `newly_failing` passed on base (judged by base's tests); `still_failing` failed there too; `flaky` gave both
    outcomes for one tree; `quarantined` are excused by the configuration. `added` and `edited` are tests that the
    change brings, `removed` those that it takes away, `skipped_now` those that ran on base and no longer do: reported
    apart. `base` is None where nothing was to be compared."""

    __test__ = False

    head: SuiteRun
    base: SuiteRun | None = None
    newly_failing: tuple[TestResult, ...] = ()
    still_failing: tuple[TestResult, ...] = ()
    repaired: tuple[str, ...] = ()
    flaky: tuple[str, ...] = ()
    quarantined: tuple[str, ...] = ()
    added: tuple[TestResult, ...] = ()
    edited: tuple[TestResult, ...] = ()
    removed: tuple[str, ...] = ()
    skipped_now: tuple[str, ...] = ()
    coverage: tuple[LineCoverage, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was observed of one change: all stages in their order, and the tests where they ran."""

    stages: tuple[StageResult, ...]
    tests: Tests | None = None

    @property
    def passed(self) -> bool:
        """Whether no stage failed or broke; a skipped one does not count against it."""
        return not any(each.state in (State.FAILED, State.ERROR) for each in self.stages)

    def stage(self, name: str) -> StageResult | None:
        """The result of one stage, None where it did not run."""
        return next((each for each in self.stages if each.stage == name), None)
