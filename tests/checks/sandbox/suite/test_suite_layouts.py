"""Projects of all layouts run as they do for their own people."""

import sys

import pytest

from checks.model.verdicts import Outcome, SuiteRun
from tests.checks.sandbox.suite.running import run

CODE = "def double(number):\n    return number * 2\n"
TEST = "def test_it():\n    assert double(2) == 4\n"
IMPORTED = f"from project import double\n{TEST}"
CASE = """\
import unittest
from {module} import double
class Some(unittest.TestCase):
    def setUp(self):
        self.number = 2
    def test_it(self):
        self.assertEqual(double(self.number), 4)
"""

LAYOUTS = {
    "flat": {"project.py": CODE, "test_it.py": IMPORTED},
    "package beside tests": {"project/__init__.py": CODE, "tests/test_it.py": IMPORTED},
    "tests are a package": {"project/__init__.py": CODE, "tests/__init__.py": "", "tests/test_it.py": IMPORTED},
    "tests within": {
        "project/__init__.py": CODE,
        "project/tests/__init__.py": "",
        "project/tests/test_it.py": f"from .. import double\n{TEST}",
    },
    "src": {"src/project/__init__.py": CODE, "tests/test_it.py": IMPORTED},
    "src by setuptools' where": {
        "lib/project/__init__.py": CODE,
        "tests/test_it.py": IMPORTED,
        "pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["lib"]\n',
    },
    "src by setup.cfg": {
        "code/project.py": CODE,
        "tests/test_it.py": IMPORTED,
        "setup.cfg": "[options]\npackage_dir =\n    = code\n",
    },
    "pythonpath": {
        "deep/er/project.py": CODE,
        "tests/test_it.py": IMPORTED,
        "pytest.ini": "[pytest]\npythonpath = deep/er\n",
    },
    "namespace": {
        "space/project/__init__.py": CODE,
        "tests/test_it.py": f"from space.project import double\n{TEST}",
    },
    "namespace in src": {
        "src/space/inner/project.py": CODE,
        "tests/test_it.py": f"from space.inner.project import double\n{TEST}",
    },
    "own folder named app": {"app/__init__.py": CODE, "tests/test_it.py": f"from app import double\n{TEST}"},
    "own folder named checks": {
        "checks/sandbox/reporter/run.py": CODE,
        "tests/test_it.py": f"from checks.sandbox.reporter.run import double\n{TEST}",
    },
    "own package named tests": {
        "tests/__init__.py": CODE,
        "tests/test_it.py": f"from tests import double\n{TEST}",
    },
    "names of ours": {
        "records.py": CODE,
        "evidence.py": "",
        "finder.py": "",
        "judge.py": "",
        "test_it.py": f"from records import double\n{TEST}",
    },
    "conftest at the root": {
        "conftest.py": "import pytest\nfrom project import double\n@pytest.fixture\ndef four():\n"
            "    return double(2)\n",
        "project.py": CODE,
        "tests/test_it.py": "def test_it(four):\n    assert four == 4\n",
    },
    "conftest in the folder of tests": {
        "project.py": CODE,
        "tests/__init__.py": "",
        "tests/inner/__init__.py": "",
        "tests/conftest.py": "import pytest\n@pytest.fixture\ndef two():\n    return 2\n",
        "tests/inner/test_it.py": "from project import double\ndef test_it(two):\n    assert double(two) == 4\n",
    },
    "a helper beside the tests": {"tests/helping.py": CODE, "tests/test_it.py": f"from helping import double\n{TEST}"},
    "importlib mode": {
        "project.py": CODE,
        "a/test_it.py": IMPORTED,
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-ra --import-mode=importlib"\n',
    },
    "unittest": {"project.py": CODE, "tests/test_it.py": CASE.format(module="project")},
    "inherited test": {
        "base.py": "class Base:\n    def test_it(self):\n        assert self.number == 2\n",
        "test_it.py": "from base import Base\nclass TestIt(Base):\n    number = 2\n",
    },
    "decorated test": {
        "wrap.py": "import functools\ndef twice(function):\n    @functools.wraps(function)\n    def inner(*given):\n"
        "        function(*given)\n        return function(*given)\n    return inner\n",
        "test_it.py": "from wrap import twice\n@twice\ndef test_it():\n    assert 1\n",
    },
    "a mock": {
        "project.py": CODE,
        "test_it.py": "from unittest import mock\n@mock.patch('os.getcwd')\ndef test_it(found):\n    assert found\n",
    },
    "a property by hypothesis": {
        "test_it.py": "from hypothesis import given, strategies as some\n@given(some.integers())\n"
        "def test_it(number):\n    assert number + 0 == number\n",
    },
    "a doctest": {
        "project.py": 'def double(number):\n    """\n    >>> double(2)\n    4\n    """\n    return number * 2\n',
        "setup.cfg": "[tool:pytest]\naddopts = --doctest-modules\n",
    },
    "files of other names": {
        "project.py": CODE,
        "checks/check_it.py": IMPORTED.replace("test_it", "check_it"),
        "tox.ini": "[pytest]\npython_files = check_*.py\npython_functions = check_*\ntestpaths = checks\n",
    },
    "asynchronous by its own hook": {
        "conftest.py": "import asyncio, inspect\ndef pytest_pyfunc_call(pyfuncitem):\n"
        "    if inspect.iscoroutinefunction(pyfuncitem.obj):\n        asyncio.run(pyfuncitem.obj())\n"
        "        return True\n",
        "test_it.py": "import asyncio\nasync def test_it():\n    await asyncio.sleep(0)\n    assert 1\n",
    },
    "a name that pytest's own things have": {"runner.py": CODE, "test_it.py": f"from runner import double\n{TEST}"},
    "printing much and closing": {"test_it.py": "import sys\ndef test_it():\n    print('x' * 10000)\n"
        "    sys.stdout.flush()\n"},
    "a thread that never ends": {
        "test_it.py": "import threading, time\ndef test_it():\n"
        "    threading.Thread(target=lambda: time.sleep(600)).start()\n",
    },
    "a child that is forked": {
        "test_it.py": "import os\ndef test_it():\n    if os.fork() == 0:\n        os._exit(3)\n"
            "    assert os.wait()[1]\n",
    },
    "descriptors of its own": {
        "test_it.py": "def test_it(tmp_path):\n    with open(tmp_path / 'a', 'w') as file:\n"
            "        assert file.fileno() > 3\n",
    },
    "programs that it starts": {
        "src/project/__init__.py": CODE,
        "test_it.py": "import subprocess, sys\ndef test_it():\n"
        "    subprocess.run([sys.executable, '-c', 'import project'], check=True)\n",
    },
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(layout: str) -> None:
    found = run(LAYOUTS[layout])
    assert (found.trusted, found.why) == (True, "")
    assert [each.outcome for each in found.results] == [Outcome.PASSED], found
    assert found.passed and found.framework.startswith("pytest ")


def test_the_project_wins_over_an_installed_copy_of_itself() -> None:
    """`iniconfig` is what the runner is made of; `mdurl` is not."""
    found = run({"mdurl/__init__.py": CODE, "test_it.py": f"from mdurl import double\n{TEST}"})
    assert found.passed, found
    found = run({"iniconfig.py": CODE, "test_it.py": "def test_it():\n    pass\n"})
    assert not found.trusted and "iniconfig" in found.why


@pytest.mark.parametrize("name", ["json", "string", "typing", "subprocess", "sitecustomize", "usercustomize"])
def test_names_of_the_standard_library_stay_its_own(name: str) -> None:
    found = run(
        {f"{name}.py": "raise SystemExit(0)\n", "test_it.py": "import json\ndef test_it():\n    json.dumps(1)\n"}
    )
    assert found.passed, found


def ids(found: SuiteRun) -> dict[str, str]:
    return {each.id: each.outcome.value for each in found.results}


MANY = """\
import pytest, unittest
@pytest.mark.parametrize("n", [1, 2])
def test_n(n):
    assert n == 1
@pytest.mark.xfail
def test_x(): assert 0
@pytest.mark.xfail
def test_y(): pass
@pytest.mark.xfail(strict=True)
def test_z(): pass
def test_s(): pytest.skip("later")
@pytest.fixture
def broken(): raise KeyError("b")
def test_e(broken): pass
@pytest.fixture
def torn():
    yield
    raise KeyError("t")
def test_t(torn): pass
class Case(unittest.TestCase):
    @unittest.expectedFailure
    def test_f(self): self.fail()
    @unittest.expectedFailure
    def test_u(self): pass
    @unittest.skip("no")
    def test_k(self): pass
    def test_p(self):
        for number in (1, 2):
            with self.subTest(number=number):
                self.assertEqual(number, 1)
    def test_o(self): pass
"""
OUTCOMES = {
    "test_n[1]": "passed", "test_n[2]": "failed", "test_x": "xfailed", "test_y": "xpassed", "test_z": "failed",
    "test_s": "skipped", "test_e": "error", "test_t": "error", "Case::test_f": "xfailed", "Case::test_u": "failed",
    "Case::test_k": "skipped", "Case::test_p": "failed", "Case::test_o": "passed",
}  # fmt: skip


def test_outcomes_and_messages() -> None:
    found = run({"a/test_it.py": MANY})
    assert ids(found) == {f"a/test_it.py::{name}": outcome for name, outcome in OUTCOMES.items()}
    assert found.trusted and not found.passed and {each.file for each in found.results} == {"a/test_it.py"}
    said = {each.id.rpartition("::")[2]: each.message for each in found.results}
    assert said["test_n[2]"].startswith("a/test_it.py:4: assert 2 == 1")
    assert said["test_s"] == "later" and "KeyError" in said["test_e"] and said["test_o"] == ""


def test_only_some() -> None:
    wanted = ("a/test_it.py::test_n[1]", "a/test_it.py::Case::test_o", "gone.py::test_x")
    found = run({"a/test_it.py": MANY, "b/test_that.py": "def test_b(): pass\n"}, only=wanted)
    assert ids(found) == {wanted[0]: "passed", wanted[1]: "passed"} and found.passed and not found.deselected
    found = run({"a/test_it.py": MANY, "b/test_that.py": "def test_b(): pass\n"}, paths=("b", "no/such"))
    assert ids(found) == {"b/test_that.py::test_b": "passed"}


def test_deselected_by_marker_are_counted() -> None:
    files = {
        "pytest.ini": "[pytest]\nmarkers = slow\naddopts = -m 'not slow'\n",
        "test_it.py": "import pytest\n@pytest.mark.slow\ndef test_a(): assert 0\ndef test_b(): pass\n",
    }
    found = run(files)
    assert found.passed and found.deselected == 1 and ids(found) == {"test_it.py::test_b": "passed"}


def test_lines_by_test() -> None:
    code = "def f(x):\n    if x:\n        return 1\n    return 2\n\n\ndef g():\n    return 3\n"
    test = "from m import f\n" + "".join(f"def test_{n}():\n    f({n})\n" for n in range(7))
    found = run({"m.py": code, "other.py": "x = 1\n", "test_it.py": test}, traced=("m.py",))
    names = tuple(f"test_it.py::test_{n}" for n in range(7))
    assert found.lines == {"m.py": {1: (), 2: names[:5], 3: names[1:6], 4: names[:1], 7: ()}}
    assert found.executable == {"m.py": (1, 2, 3, 4, 7, 8)}
    assert found.python == ".".join(map(str, sys.version_info[:3]))
