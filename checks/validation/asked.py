"""What is asked of a validation, beside the change itself."""

from collections.abc import Callable
from dataclasses import dataclass, field

from checks.debugging.cache import Cache
from checks.model.findings import Severity
from checks.model.safety import Proposer
from checks.model.verdicts import SuiteRun
from checks.repository.change import Change
from checks.sandbox.environment import Environment
from checks.sandbox.port import Limits, Sandbox
from checks.sandbox.suite import RUNNERS


def _silent(stage: str) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Known:
    """A run of all tests of just the change's tree that there was before, and passed; `whence` says in words where."""

    suite: SuiteRun
    whence: str


@dataclass(frozen=True, slots=True)
class Tested:
    """How the tests are run: `sandbox` and `environment`, or why there is none. `quarantine` names tests (or patterns
    of their ids as in .gitignore) whose failing is excused, `paths` where tests lie (empty: as the project says),
    `reruns` how often a test that differs is tried again. `base` are the base's tests where they ran before; `only` are
    the ids of the tests that are to run, where not all are. `known`: they ran on this very tree, and do not run."""

    __test__ = False  # pytest takes a class of this name for one of tests

    sandbox: Sandbox | None = None
    environment: Environment | None = None
    missing: str = ""
    limits: Limits = field(default_factory=Limits)
    quarantine: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    reruns: int = 3
    cancelled: Callable[[], bool] = lambda: False
    base: SuiteRun | None = None
    only: tuple[str, ...] = ()
    runners: tuple[str, ...] = RUNNERS
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """`threshold`, `exclude` and `disable` are those of a review. `folders` are where `proposer` may write, patterns as
    in .gitignore (they bind selfmod's own proposals only). `skip` are stages that are not wanted, each with why. `told`
    is called with the name of each stage as it begins. `before` is, of a revert, the change from the tree before what
    it takes back to its head: what that tree had is brought back and not new."""

    threshold: Severity = Severity.MEDIUM
    exclude: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    proposer: Proposer = Proposer.PERSON
    folders: tuple[str, ...] = ("**",)
    tested: Tested = field(default_factory=Tested)
    skip: tuple[tuple[str, str], ...] = ()
    cache: Cache | None = None
    told: Callable[[str], None] = _silent
    before: Change | None = None
