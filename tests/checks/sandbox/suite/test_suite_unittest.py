"""Where the environment has no pytest, and ours does not fit, unittest runs with the same verdict."""

import sys
import venv
from pathlib import Path

import pytest

from checks.model.verdicts import Lacking
from tests.checks.sandbox.suite.running import run

CASES = """\
import unittest
from pkg import value
class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.shared = [1]
    @classmethod
    def tearDownClass(cls): cls.shared.clear()
    def test_good(self): self.assertEqual(self.shared, [1])
    def test_bad(self): self.assertEqual(value(), 1)
    def test_parts(self):
        for number in (1, 2):
            with self.subTest(number=number): self.assertEqual(number, 1)
    @unittest.expectedFailure
    def test_expected(self): self.fail()
    @unittest.expectedFailure
    def test_unexpected(self): pass
    def test_skipped(self): self.skipTest("later")
    def test_error(self): raise KeyError("k")
    def test_exit(self): raise SystemExit(0)
class Slow(unittest.IsolatedAsyncioTestCase):
    async def test_slow(self): self.assertTrue(True)
class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise ValueError("set-up")
    def test_never(self): pass
"""
OUTCOMES = {
    "Case::test_good": "passed", "Case::test_bad": "failed", "Case::test_parts": "failed",
    "Case::test_expected": "xfailed",
    "Case::test_unexpected": "failed", "Case::test_skipped": "skipped", "Case::test_error": "failed",
    "Case::test_exit": "failed", "Slow::test_slow": "passed", "Broken::test_never": "error",
}  # fmt: skip
FILES = {"src/pkg/__init__.py": "def value():\n    return 2\n", "tests/__init__.py": "", "tests/test_it.py": CASES}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter whose environment has no package at all."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    return str(Path(folder) / "bin" / "python")


def test_outcomes(python: str) -> None:
    found = run(FILES, python=python, traced=("src/pkg/__init__.py",))
    assert found.trusted and found.framework == "unittest" and not found.passed, found.why
    assert {each.id: each.outcome.value for each in found.results} == {
        f"tests/test_it.py::{name}": outcome for name, outcome in OUTCOMES.items()
    }
    assert found.lines == {"src/pkg/__init__.py": {1: (), 2: ("tests/test_it.py::Case::test_bad",)}}


def test_only_some_and_paths(python: str) -> None:
    found = run(FILES, python=python, only=("tests/test_it.py::Case::test_good",))
    assert found.passed and [each.id for each in found.results] == ["tests/test_it.py::Case::test_good"]
    assert run({**FILES, "tests/test_more.py": "x = 1\n"}, python=python, paths=("tests/test_more.py",)).lacking


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("def run(self, result=None): pass\n    def test_a(self): self.fail()", ""),
        ("def run(self, result=None): result.addSuccess(self)\n    def test_a(self): self.fail()", "never started"),
        (
            "def test_a(self):\n        unittest.TestCase.assertEqual = print\n        self.assertEqual(1, 2)",
            "replaced",
        ),
        ("def test_a(self):\n        import os\n        os._exit(0)", "end"),
    ],
)
def test_forged(python: str, test: str, said: str) -> None:
    found = run({"test_it.py": f"import unittest\nclass Case(unittest.TestCase):\n    {test}\n"}, python=python)
    assert not found.passed and said in found.why and found.trusted is not bool(said)


def test_what_is_lacking(python: str) -> None:
    found = run({"test_it.py": "import pytest\ndef test_a(): pass\n"}, python=python)
    assert (found.lacking, found.why) == (Lacking.ENVIRONMENT, "the environment lacks pytest")
    assert run({"test_it.py": "def test_a(): pass\n"}, python=python).lacking is Lacking.TESTS
    found = run({"test_it.py": "import unittest\nraise unittest.SkipTest('all')\n"}, python=python)
    assert [each.outcome.value for each in found.results] == ["skipped"] and not found.passed


def test_an_interpreter_that_is_none() -> None:
    found = run({"test_it.py": ""}, python="/bin/false")
    assert found.lacking is Lacking.ENVIRONMENT and "could not be started" in found.why
    assert sys.version_info >= (3, 12)


PASSING = {"test_it.py": "import unittest\nclass Case(unittest.TestCase):\n    def test_it(self): pass\n"}


@pytest.mark.parametrize(
    ("runners", "framework"), [(("pytest", "unittest"), "pytest"), (("unittest",), "unittest"), (("pytest",), "pytest")]
)
def test_only_what_is_allowed_runs_the_tests(runners: tuple[str, ...], framework: str) -> None:
    seen = run(PASSING, runners=runners)
    assert (seen.framework.split()[0], seen.passed) == (framework, True)


def test_where_pytest_alone_is_allowed_and_missing_nothing_runs(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare")
    seen = run(PASSING, python=str(tmp_path / "bare" / "bin" / "python"), runners=("pytest",))
    assert (seen.lacking, seen.results) == (Lacking.ENVIRONMENT, ())
    assert "nothing else is allowed" in seen.why
