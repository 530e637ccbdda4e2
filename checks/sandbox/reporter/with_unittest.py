"""A run of unittest for environments without pytest, with the same records."""

from __future__ import annotations

import importlib
import os
import sys
import unittest
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checks.sandbox.reporter import evidence, lines, machinery, records, sources

TestCase, TestSuite, TestResult, SkipTest = (
    unittest.TestCase,
    unittest.TestSuite,
    unittest.TestResult,
    unittest.SkipTest,
)


class Result(unittest.TestResult):
    """Takes down what became of the test that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.outcome, self.message = "", ""

    def _take(self, outcome: str, message: str) -> None:
        if self.outcome not in ("failed", "error"):
            self.outcome, self.message = outcome, message[:4000]

    def addSuccess(self, test: Any) -> None:
        self._take("passed", "")

    def addFailure(self, test: Any, err: Any) -> None:
        self._take("failed", f"{err[0].__name__}: {err[1]}")

    def addError(self, test: Any, err: Any) -> None:
        self._take("failed" if isinstance(test, TestCase) else "error", f"{err[0].__name__}: {err[1]}")

    def addSkip(self, test: Any, reason: str) -> None:
        self._take("skipped", str(reason))

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        self._take("xfailed", "")

    def addUnexpectedSuccess(self, test: Any) -> None:
        self._take("failed", "unexpected success")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            self._take("failed", f"{subtest}: {err[0].__name__}: {err[1]}")


def module_of(root: str, path: str) -> tuple[str, str]:
    """(folder for the path, dotted name) of a test file: above the outermost folder that is a package."""
    folder, name = os.path.split(path)
    parts = [os.path.splitext(name)[0]]
    while folder and os.path.isfile(os.path.join(root, folder, "__init__.py")):
        folder, above = os.path.split(folder)
        parts.insert(0, above)
    return os.path.join(root, folder) if folder else root, ".".join(parts)


def flat(suite: Any) -> list[Any]:
    """The tests of nested suites, in order."""
    found: list[Any] = []
    waiting = [suite]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, TestSuite):
            waiting[:0] = list(each)
        else:
            found.append(each)
    return found


def missing_of(error: BaseException) -> str:
    """The top-level name of the module that an import did not find."""
    name = getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None
    return str(name or "").partition(".")[0]


def run(
    root: str,
    files: list[str],
    only: set[str],
    report: records.Write,
    chunks: Any,
    watch: evidence.Watch,
    functions_of: Any,
    sources: sources.Sources,
    tracer: lines.Monitored | lines.Traced,
    machinery: machinery.Machinery,
) -> int:
    """Loads the test files, runs each test by itself and reports it. Gives 0, 1 (some failed) or 5 (there are none)."""
    tests: list[tuple[str, Any]] = []
    loader = unittest.TestLoader()
    for path in files:
        if not os.path.basename(path).startswith("test") and not path.endswith("_test.py"):
            continue
        folder, name = module_of(root, path)
        if folder not in sys.path:
            sys.path.append(folder)
        try:
            suite = loader.loadTestsFromModule(importlib.import_module(name))
        except SkipTest as skip:
            report("skipped", {"id": path, "message": str(skip)})
            continue
        except BaseException as error:
            text = f"{type(error).__name__}: {error}"[:4000]
            report("broken", {"id": path, "message": text, "missing": missing_of(error)})
            continue
        for test in flat(suite):
            kind, method = type(test).__name__, str(getattr(test, "_testMethodName", test))
            tests.append((f"{path}::{kind}::{method}", test))
    tests = [each for each in tests if not only or each[0] in only]
    removed = sources.gone()
    if removed:
        report("why", f"{removed[0]} was removed before its tests were collected")
    for chunk in chunks([each[0] for each in tests]):
        report("collected", chunk)
    counts = _run_all(tests, report, watch, functions_of, sources, tracer, machinery)
    for name in machinery.changed()[:5]:
        report("why", f"{name} was replaced by project code")
    if not watch.intact():
        report("why", "the observer of the tests was taken away")
    status = 1 if counts[1] else 0 if counts[0] else 5
    report("session", {"status": status, "tests": len(tests), "ran": counts[0]})
    return status


def _run_all(
    tests: Any, report: Any, watch: Any, functions_of: Any, sources: Any, tracer: Any, machinery: Any
) -> tuple[int, int]:
    """(number of tests that ran, number that did not go well)."""
    bad, first = 0, None
    whole = TestSuite()
    shared = Result()
    vars(shared)["_testRunEntered"] = True  # a suite keeps its state of set-up there
    for number, (_, test) in enumerate(tests):
        result = shared
        result.outcome, result.message = "", ""
        tracer.start(number)
        codes, wrappers, doubt = sources.body(
            functions_of(getattr(test, str(getattr(test, "_testMethodName", "")), None))
        )
        watch.arm(codes, wrappers)
        begun = perf_counter()
        one = TestSuite([test])
        try:
            one.run(result)
        except (KeyboardInterrupt, SystemExit) as error:
            result._take("failed", f"{type(error).__name__}: {error}")
        first = one
        seconds = perf_counter() - begun
        began, returned = watch.disarm()
        tracer.start(-1)
        why = ""
        outcome = result.outcome or "error"
        if outcome == "passed" and doubt:
            why = doubt
        elif outcome == "passed" and not began:
            why = "its body never started"
        elif outcome == "passed" and not returned:
            why = "its body did not come to its end, yet it counts as passed"
        elif name := machinery.quick():
            why = f"{name} was replaced while it ran"
        bad += outcome in ("failed", "error")
        report("test", [number, outcome, round(seconds, 6), result.message, why])
    if first is not None:
        whole._tearDownPreviousClass(None, shared)  # type: ignore[attr-defined]  # of the last test's class
        whole._handleModuleTearDown(shared)  # type: ignore[attr-defined]  # unittest has no public one
    return len(tests), bad
