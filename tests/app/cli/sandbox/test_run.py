"""`selfmod sandbox run`, in the sandbox that this host has; and what it says of runs of every kind."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.sandbox.run import _lines, exit_code
from checks.model.errors import Refusal
from checks.model.verdicts import Lacking, Outcome, SuiteRun, TestResult
from checks.sandbox.choose import choose
from checks.sandbox.weaker.watch import descendants
from tests.commands import PROGRAM, environment, selfmod


def has_sandbox() -> bool:
    try:
        choose()
    except Refusal:
        return False
    return True


needs_sandbox = pytest.mark.skipif(not has_sandbox(), reason="no sandbox on this host")


def project(folder: Path, **files: str) -> Path:
    place = folder / "project"
    for name, content in files.items():
        (place / name.replace("__", "/")).with_suffix(".py").parent.mkdir(parents=True, exist_ok=True)
        (place / name.replace("__", "/")).with_suffix(".py").write_text(content)
    return place


@needs_sandbox
@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("def test_a(): pass\ndef test_b(tmp_path): (tmp_path / 'x').touch()\n", 0, "2 tests in"),
        ("def test_a(): pass\ndef test_b(): assert '\\x1b[2J' == 'b'\n", 1, "1 passed, 1 failed"),
        ("import os\ndef test_a(): os._exit(0)\n", 1, "no verdict: "),
        ("import pytest\npytestmark = pytest.mark.skip('no')\ndef test_a(): pass\n", 1, "1 skipped"),
        ("x = 1\n", 1, "there are no tests"),
        ("import no_such_package\ndef test_a(): pass\n", 2, "the environment lacks no_such_package"),
    ],
)
def test_exit_codes(tmp_path: Path, source: str, code: int, said: str) -> None:
    place = project(tmp_path, tests__test_a=source)
    before = sorted(place.rglob("*"))
    ran = selfmod("sandbox", "run", place, at=tmp_path)
    assert ran.code == code, (ran.text, ran.error)
    assert said in ran.text and "\x1b" not in ran.text
    assert bool(ran.error) is (code == 2)
    assert sorted(place.rglob("*")) == before


@needs_sandbox
def test_json_and_limits(tmp_path: Path) -> None:
    place = project(tmp_path, test_a="def test_a():\n    while True: pass\n")
    ran = selfmod("sandbox", "run", "--json", "--timeout", "1", place, at=tmp_path)
    told = json.loads(ran.out)
    assert (ran.code, told["exit_code"], told["passed"], told["trusted"]) == (1, 1, False, False)
    assert told["why"] == "the tests did not end within 1 s" and told["backend"]
    place = project(tmp_path, test_a="def test_a():\n    assert len(bytearray(b'x') * (600 << 20))\n")
    assert selfmod("sandbox", "run", "--memory", "200", place, at=tmp_path).code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "nowhere does not exist"),
        (("file",), "file is no folder"),
        (("--python", "nowhere", "."), "is neither an interpreter nor an environment"),
        (("--timeout", "0", "."), "0.1"),
        (("--memory", "1", "."), "64"),
    ],
)
def test_what_cannot_be_tried(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "file").touch()
    ran = selfmod("sandbox", "run", *arguments, at=tmp_path)
    assert ran.code == 2 and said in ran.error and not ran.out


@needs_sandbox
def test_interrupted_it_leaves_nothing(tmp_path: Path, home: Path) -> None:
    place = project(tmp_path, test_a="import time\ndef test_a():\n    time.sleep(4711)\n")
    child = subprocess.Popen(
        [*PROGRAM, "sandbox", "run", str(place)],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        # what a probe tries is over in less; the sandbox and the tests in it make three
        begun = time.monotonic() + 2
        until(lambda: (time.monotonic() > begun and len(descendants(child.pid)) >= 3) or child.poll() is not None)
        assert child.poll() is None, child.communicate()
        started = descendants(child.pid)
        os.killpg(child.pid, signal.SIGINT)
        out, error = child.communicate(timeout=60)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
    assert (child.returncode, out, error) == (130, b"", b"selfmod: interrupted.\n")
    until(lambda: not any(Path("/proc", str(process)).exists() for process in started))
    assert list((home / "tmp").iterdir()) == []


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        os.sched_yield()


GOOD = TestResult("test_a.py::test_a", Outcome.PASSED)
BAD = TestResult("test_a.py::test_\x1bb", Outcome.FAILED, 0.0, "\n".join(f"line {n} {'x' * 300}" for n in range(9)))
BROKEN = TestResult("test_b.py", Outcome.ERROR, 0.0, "No module named x")


def suite(*results: TestResult, trusted: bool = True, lacking: Lacking = Lacking.NOTHING, weaker: str = "") -> SuiteRun:
    return SuiteRun(results, trusted, "why" if lacking else "", 1.25, "bubblewrap", weaker, lacking=lacking)


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (suite(GOOD), 0),
        (suite(GOOD, trusted=False), 1),
        (suite(GOOD, BAD), 1),
        (suite(trusted=False, lacking=Lacking.TESTS), 1),
        (suite(GOOD, trusted=False, lacking=Lacking.LIMIT), 1),
        (suite(GOOD, BROKEN, lacking=Lacking.ENVIRONMENT), 2),
        (suite(GOOD, BROKEN, BAD, lacking=Lacking.ENVIRONMENT), 1),
    ],
)
def test_the_code_of_a_run(run: SuiteRun, code: int) -> None:
    assert exit_code(run) == code


def test_what_is_said() -> None:
    lines = list(_lines(suite(GOOD, *[BAD] * 25, weaker="all is \x1b seen")))
    assert lines[0] == "26 tests in 1.2 s: 1 passed, 25 failed   (bubblewrap)"
    assert lines[1] == "  failed   test_a.py::test_\\x1bb"
    assert [line.strip()[:6] for line in lines[2:7]] == ["line 0", "line 1", "line 2", "line 3", "line 8"]
    assert all(len(line) <= 211 for line in lines[2:7])
    assert "  and 5 more" in lines and lines[-1] == "a weaker sandbox: all is \\x1b seen"
