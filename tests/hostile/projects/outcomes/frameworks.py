"""Forged outcomes: Python and the test frameworks, changed by tested code."""

from tests.hostile.project import Hostile, Verdict, forger

FRAMEWORKS: tuple[Hostile, ...] = (
    forger(
        "assertion-is-a-skip",
        "Replaces AssertionError by the exception that skips a test.",
        {
            "test_it.py": """
            import builtins

            import pytest

            builtins.AssertionError = pytest.skip.Exception


            def test_passes():
                pass


            def test_must_fail():
                assert 1 == 2
            """
        },
        expects=Verdict.UNPASSED,
    ),
    forger(
        "skip-from-tested-code",
        "Raises an exception derived from the one that skips, from the module under test.",
        {
            "tool.py": """
            import pytest


            class Wrong(pytest.skip.Exception):
                pass


            def f():
                raise Wrong("x")
            """,
            "test_it.py": """
            import tool


            def test_passes():
                pass


            def test_must_fail():
                assert tool.f() == 1
            """,
        },
        expects=Verdict.UNPASSED,
    ),
    forger(
        "everything-skipped",
        "Skips every module before anything runs.",
        {
            "test_it.py": """
            import pytest

            pytest.skip("not today", allow_module_level=True)


            def test_must_fail():
                raise ValueError
            """
        },
    ),
    forger(
        "own-report",
        "Writes a JUnit file and a result file of its own, all passed.",
        {
            "conftest.py": """
            import os


            def pytest_sessionfinish(session):
                text = '<testsuites><testsuite errors="0" failures="0" tests="2"/></testsuites>'
                for name in ("junit.xml", "report.xml", "report.json", ".report.json"):
                    with open(name, "w") as report:
                        report.write(text)
                os._exit(0)
            """
        },
    ),
    forger(
        "unittest-runs-nothing",
        "Patches unittest from the module under test so that no method is called.",
        {
            "tool.py": """
            import unittest


            def run(self, result=None):
                result.startTest(self)
                result.addSuccess(self)
                result.stopTest(self)


            unittest.TestCase.run = run
            unittest.TestCase.__call__ = unittest.TestCase.run
            unittest.TestCase._callTestMethod = lambda self, method: None
            """,
            "test_it.py": """
            import unittest

            import tool


            class Tests(unittest.TestCase):
                def test_must_fail(self):
                    self.assertTrue(tool is None)
            """,
        },
    ),
    forger(
        "unittest-forgets-failures",
        "Patches the results of unittest so that failures are not kept.",
        {
            "test_it.py": """
            import unittest

            unittest.TestResult.addFailure = unittest.TestResult.addError = lambda self, test, error: None
            unittest.TextTestRunner.run = lambda self, test: unittest.TestResult()
            unittest.result.TestResult.wasSuccessful = lambda self: True


            class Tests(unittest.TestCase):
                def test_must_fail(self):
                    self.fail("honest")
            """
        },
    ),
    forger(
        "unittest-alone",
        "Has a suite of unittest only, which ends the process with 0 in its set-up.",
        {
            "test_it.py": """
            import os
            import unittest


            def setUpModule():
                os._exit(0)


            class Tests(unittest.TestCase):
                def test_must_fail(self):
                    self.fail("honest")


            if __name__ == "__main__":
                unittest.main()
            """
        },
    ),
    forger(
        "no-assertions-compiled",
        "Compiles the test modules without their assertions.",
        {
            "conftest.py": """
            import builtins

            import _pytest.assertion.rewrite as rewrite

            real = builtins.compile


            def compiled(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, **more):
                return real(source, filename, mode, flags, dont_inherit, 2, **more)


            rewrite.rewrite_asserts = lambda *_: None
            rewrite.compile = builtins.compile = compiled
            """,
            "test_it.py": "def test_must_fail():\n    assert False\n",
        },
        expects=Verdict.UNPASSED,
    ),
)
