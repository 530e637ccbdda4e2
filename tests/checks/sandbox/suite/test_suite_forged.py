"""Ways to have a failing test counted as passed: each leaves it failed, or the run untrusted with the reason."""

import pytest

from checks.model.verdicts import Lacking, Outcome
from tests.checks.sandbox.suite.running import run

TESTS = "import code_of\n\ndef test_good():\n    pass\n\n\ndef test_bad():\n    assert code_of.value() == 1\n"
CODE = "def value():\n    return 2\n"
CASES = """\
import unittest
import code_of
class Case(unittest.TestCase):
    def test_good(self):
        code_of.value()
    def test_bad(self):
        self.assertEqual(code_of.value(), 1)
"""

FAILED = "failed"
"""The run is trusted, and says that the test failed."""
# name → (what is expected to be said, conftest.py, the code under test, the tests)
FORGERIES: dict[str, tuple[str, str, str, str]] = {
    "exit in a test": ("did not come to its end", "", "import os\ndef value():\n    os._exit(0)\n", TESTS),
    "exit at import": ("did not come to its end", "import os\nos._exit(0)\n", CODE, TESTS),
    "sys.exit at import": ("cannot be loaded|refused", "raise SystemExit(0)\n", CODE, TESTS),
    "sys.exit in a test": (FAILED, "", "def value():\n    raise SystemExit(0)\n", TESTS),
    "pytest.exit in a test": (
        "no outcome|stopped", "", "def value():\n    import pytest\n    pytest.exit('fine', 0)\n", TESTS),
    "a report rewritten": (
        "rewritten", "import pytest\n@pytest.hookimpl(hookwrapper=True, tryfirst=True)\n"
        "def pytest_runtest_makereport(item, call):\n    made = yield\n    made.get_result().outcome = 'passed'\n",
        CODE, TESTS),
    "a report rewritten when it is logged": (
        "rewritten", "import pytest\n@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_runtest_logreport(report):\n    report.outcome = 'passed'\n", CODE, TESTS),
    "made an expected failure": (
        "rewritten", "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
        "def pytest_runtest_makereport(item, call):\n    made = yield\n    report = made.get_result()\n"
        "    if report.failed:\n        report.outcome, report.wasxfail = 'skipped', 'so'\n", CODE, TESTS),
    "an exception swallowed around the call": (
        "rewritten|come to its end", "import pytest\n@pytest.hookimpl(hookwrapper=True, tryfirst=True)\n"
        "def pytest_runtest_call(item):\n    made = yield\n    made.force_result(None)\n", CODE, TESTS),
    "an exception swallowed in the call": (
        "come to its end", "def pytest_pyfunc_call(pyfuncitem):\n    try:\n        pyfuncitem.obj()\n"
        "    except BaseException:\n        pass\n    return True\n", CODE, TESTS),
    "no call at all": ("never started", "def pytest_pyfunc_call(pyfuncitem):\n    return True\n", CODE, TESTS),
    "no protocol": ("no outcome", "def pytest_runtest_protocol(item):\n    return True\n", CODE, TESTS),
    "no loop": ("no outcome", "def pytest_runtestloop(session):\n    return True\n", CODE, TESTS),
    "no session": ("replaced", "def pytest_cmdline_main(config):\n    return 0\n", CODE, TESTS),
    "the function of an item": (
        "never started", "def pytest_collection_modifyitems(items):\n    for item in items:\n"
        "        item.obj = lambda: None\n", CODE, TESTS),
    "the code of a function": (
        "not what its file", "def pytest_collection_modifyitems(items):\n    for item in items:\n"
        "        item.function.__code__ = (lambda: None).__code__\n", CODE, TESTS),
    "the code under the name of the file": (
        "not what its file|two versions", "def pytest_collection_modifyitems(items):\n    for item in items:\n"
        "        code = item.function.__code__\n        given = {}\n"
        "        exec(compile('def test_bad(): pass', code.co_filename, 'exec'), given)\n"
        "        item.function.__code__ = given['test_bad'].__code__\n", CODE, TESTS),
    "a test taken out without a word": (
        "vanished", "def pytest_collection_modifyitems(items):\n"
        "    items[:] = [each for each in items if 'bad' not in each.name]\n", CODE, TESTS),
    "items of its own": (
        "own making", "import pytest\nclass Own(pytest.Item):\n    def runtest(self):\n        pass\n"
        "def pytest_pycollect_makeitem(collector, name, obj):\n    if name == 'test_bad':\n"
        "        return Own.from_parent(collector, name=name)\n", CODE, TESTS),
    "pytest's own method, from the code under test": (
        "replaced|never started", "", "def value():\n    import _pytest.python\n"
        "    _pytest.python.Function.runtest = lambda self: None\n    return 1\n",
        TESTS + "def test_worse():\n    assert 0\n"),
    "pytest's record of a call": (
        "replaced|rewritten", "import _pytest.runner as runner\nold = runner.CallInfo.from_call\n"
        "def new(*given, **named):\n    made = old(*given, **named)\n    made.excinfo = None\n    return made\n"
        "runner.CallInfo.from_call = new\n", CODE, TESTS),
    "unittest's assertion": (
        "replaced", "", "import unittest\ndef value():\n    unittest.TestCase.assertEqual = lambda *given: None\n"
        "    return 2\n", CASES),
    "unittest's run": (
        "never started|replaced", "", "import unittest\nunittest.TestCase.run = lambda self, result=None: None\n"
        "" + CODE,
        CASES),
    "AssertionError": (
        "replaced|rewritten", "", "import builtins, pytest\nbuiltins.AssertionError = pytest.skip.Exception\n" + CODE,
        TESTS),
    "every failure an expected one, in the middle": (
        "rewritten|must fail", "import _pytest.reports as reports\n"
        "reports.TestReport.outcome = property(lambda self: 'passed', lambda self, value: None)\n", CODE, TESTS),
    "our hooks unregistered": (
        "no outcome|replaced|end", "def pytest_collection_finish(session):\n"
        "    session.config.pluginmanager.unregister(name='selfmod')\n", CODE, TESTS),
    "pytest's runner unregistered": (
        "switched off|no outcome|never", "import pytest\n@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_runtestloop(session):\n    session.config.pluginmanager.unregister(name='skipping')\n"
        "", CODE, TESTS),
    "the observer taken away": (
        "taken away|never started|stopped", "import sys\ndef pytest_collection_finish(session):\n"
        "    sys.monitoring.free_tool_id(4)\n", CODE, TESTS),
    "the observer's ear replaced": (
        "taken away|never started|end", "import sys\ndef pytest_collection_finish(session):\n"
        "    sys.monitoring.register_callback(4, sys.monitoring.events.PY_START, lambda *given: None)\n", CODE, TESTS),
    "writing to the descriptor": (
        "no valid code", "", "import os\ndef value():\n    os.write(3, b'00 {}\\n')\n    return 1\n", TESTS),
    "writing to the descriptor from a thread": (
        "no valid code|end", "", "import os, threading\ndef late():\n    while True:\n        os.write(3, b'x\\n')\n"
        "threading.Thread(target=late, daemon=True).start()\n" + CODE, TESTS),
    "closing the descriptor": (
        "end", "", "import os\ndef value():\n    os.close(3)\n    return 1\n", TESTS),
    "records after the end": (
        "no valid code|after the end", "", "import os, threading\nif os.fork() == 0:\n    import time\n"
        "    parent = os.getppid()\n    while os.getppid() == parent:\n        time.sleep(0.01)\n"
        "    os.write(3, b'more\\n')\n    os._exit(0)\n" + CODE, TESTS),
    "a result file of its own": (
        FAILED, "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n"
        "    open('report.xml', 'w').write('<testsuite failures=\"0\"/>')\n", CODE, TESTS),
    "sitecustomize": (FAILED, "", CODE, TESTS),
    "modules that our own use": (
        FAILED, "import hmac, json, time, hashlib\nhmac.digest = lambda *given: b''\n"
        "json.dumps = lambda *given, **named: '\"passed\"'\nhashlib.sha256 = None\ntime.perf_counter = lambda: 0\n",
        CODE, TESTS),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery(name: str) -> None:
    expected, conftest, code, tests = FORGERIES[name]
    files = {"conftest.py": conftest, "code_of.py": code, "test_it.py": tests}
    found = run({**files, "sitecustomize.py": "import os\nos._exit(0)\n"} if name == "sitecustomize" else files)
    assert not found.passed
    if expected == FAILED:
        assert found.trusted, found.why
        assert any(each.id.endswith("test_bad") and each.outcome is Outcome.FAILED for each in found.results)
    else:
        assert not found.trusted and any(words in found.why for words in expected.split("|")), found.why


def test_the_honest_twin_is_trusted() -> None:
    """Else the forgeries would be found for another reason."""
    for tests in (TESTS, CASES):
        found = run({"conftest.py": "", "code_of.py": CODE, "test_it.py": tests})
        assert found.trusted and not found.passed and found.why == ""
        assert sorted(each.outcome for each in found.results) == [Outcome.FAILED, Outcome.PASSED]
        assert run({"conftest.py": "", "code_of.py": CODE.replace("2", "1"), "test_it.py": tests}).passed


CONFIGURATIONS = {
    "addopts": "[pytest]\naddopts = --collect-only -k good --deselect test_it.py::test_bad --co -x -p no:runner\n",
    "addopts that are none": "[pytest]\naddopts = --no-such-option 'unended\n",
    "another place": "[pytest]\naddopts = -c /dev/null --rootdir=/ --confcutdir=/\ntestpaths = no/such\n",
    "wrong kinds": "[pytest]\nxfail_strict = perhaps\nmarkers = : \\n\nminversion = 99\nrequired_plugins = none\n",
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_poisoned_configuration(name: str) -> None:
    found = run({"pytest.ini": CONFIGURATIONS[name], "code_of.py": CODE, "test_it.py": TESTS})
    assert not found.passed
    assert found.trusted is any(each.outcome is Outcome.FAILED for each in found.results), found.why


LACKS = [
    ({"readme.md": "no"}, Lacking.TESTS, "there are no tests"),
    ({"test_it.py": "x = 1\n"}, Lacking.TESTS, "there are no tests"),
    (
        {"test_it.py": "import absent_one\ndef test_a(): pass\n"},
        Lacking.ENVIRONMENT,
        "the environment lacks absent_one",
    ),
    ({"conftest.py": "import absent.inner\n", "test_it.py": ""}, Lacking.ENVIRONMENT, "the environment lacks absent"),
    ({"own/__init__.py": "", "test_it.py": "import own.gone\n"}, Lacking.NOTHING, ""),
    ({"test_it.py": "def test_a():\n    while True: pass\n"}, Lacking.LIMIT, "the tests did not end within 3 s"),
    ({"test_it.py": "def test_a(:\n"}, Lacking.NOTHING, ""),
]


@pytest.mark.parametrize(("files", "lacking", "why"), LACKS)
def test_what_is_lacking(files: dict[str, str], lacking: Lacking, why: str) -> None:
    found = run(files, seconds=3 if lacking is Lacking.LIMIT else 60)
    assert (found.lacking, found.why, found.passed) == (lacking, why, False)


def test_all_skipped_is_not_passed() -> None:
    found = run({"test_it.py": "import pytest\npytest.skip('all', allow_module_level=True)\n"})
    assert [each.outcome for each in found.results] == [Outcome.SKIPPED] and not found.passed


def test_texts_are_harmless() -> None:
    code = "def test_a():\n    raise ValueError('\\x1b[2J\\u202e\\ud800' + 'x' * 100_000)\n"
    found = run({"test_it.py": code})
    assert "\\x1b[2J\\u202e" in found.results[0].message and len(found.results[0].message) <= 2000
