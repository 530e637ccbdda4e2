"""Running a small project's tests without isolation: for tests of the runner and of the verdict."""

import sys
from typing import Any

from checks.model.verdicts import SuiteRun
from checks.sandbox.environment import Environment
from checks.sandbox.port import Limits
from checks.sandbox.suite import run_tests
from tests.sandboxes import Bare, tree


def run(files: dict[str, str], *, python: str = sys.executable, seconds: float = 100, **asked: Any) -> SuiteRun:
    """The run of these files; `asked` as for run_tests, `python` an interpreter, this one by default."""
    version = (sys.version_info[0], sys.version_info[1])
    limits = Limits(seconds=seconds)
    return run_tests(Bare(), Environment(python, version, (), "this interpreter"), tree(**files), limits, **asked)
