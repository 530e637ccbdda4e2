"""The backend without isolation keeps the port's promises about descriptors, limits and what is left behind."""

import sys
import tempfile
from pathlib import Path

import pytest

from checks.model.trees import File
from checks.sandbox import port
from checks.sandbox.port import Binding, Command, Ended, Limits
from tests.sandboxes import Bare

SCRIPT = """
import os, sys
print(open("a/b.txt").read(), sys.argv[1:], sys.stdin.read(), sorted(os.environ), os.getcwd() == sys.argv[1])
print("there", os.path.exists(sys.argv[2]), os.listdir(sys.argv[3]), file=sys.stderr)
os.write(3, b"report")
"""


def run(script: str, limits: Limits | None = None, cancelled: bool = False) -> port.Result:
    command = Command((sys.executable, "-I", "-c", script))
    return Bare().run(command, (), limits or Limits(seconds=20), lambda: cancelled)


def test_paths_descriptors_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    argv = (sys.executable, "-I", "-c", SCRIPT, "/project", "/selfmod", "/packages")
    command = Command(
        argv, environment={"A": "1"}, stdin=b"given", bindings=(Binding(tmp_path / "inner", "/packages/x"),)
    )
    result = Bare().run(command, [File("a/b.txt", b"content")], Limits(seconds=20))
    assert (result.status, result.ended) == (0, Ended.EXITED), result.stderr
    assert result.stdout.startswith(b"content ") and b"given" in result.stdout and result.stdout.endswith(b"True\n")
    assert b"/project" in result.stdout and b"'A'" in result.stdout and b"HOME" not in result.stdout
    assert result.stderr.endswith(b"['x']\n")
    assert result.report == b"report"
    assert not list((tmp_path / "elsewhere").iterdir())


def test_temporary_files_are_this_runs_own() -> None:
    argv = (sys.executable, "-I", "-c", "import tempfile; print(tempfile.mkdtemp())")
    command = Command(argv, environment={"HOME": "/tmp", "TMPDIR": "/tmp", "KEPT": "/tmp/x"})
    result = Bare().run(command, (), Limits(seconds=20))
    made = Path(result.stdout.decode().strip())
    assert made.parent.name == "temporary" and made.parent.parent.name.startswith("bare-"), result
    assert not made.parent.parent.exists()


@pytest.mark.parametrize(
    ("script", "limits", "cancelled", "ended"),
    [
        ("while True: pass", Limits(seconds=0.3), False, Ended.TIME),
        ("while True: print('x' * 1000)", Limits(seconds=20, output=5000), False, Ended.OUTPUT),
        ("import os\nwhile True: os.write(3, b'x' * 1000)", Limits(seconds=20, report=5000), False, Ended.OUTPUT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", Limits(seconds=20), False, Ended.SIGNALLED),
        ("while True: pass", Limits(seconds=20), True, Ended.CANCELLED),
    ],
)
def test_ends(script: str, limits: Limits, cancelled: bool, ended: Ended) -> None:
    result = run(script, limits, cancelled)
    assert result.ended is ended
    assert len(result.stdout) <= limits.output and len(result.report) <= limits.report


def test_a_child_that_lives_on_holds_nothing_up() -> None:
    result = run("import os, time\nif os.fork() == 0:\n    time.sleep(60)\nprint('parent')")
    assert result.ended is Ended.EXITED and result.stdout == b"parent\n" and result.seconds < 50


def test_a_command_that_closed_its_pipes_is_waited_for() -> None:
    result = run("import os, time\nfor each in (0, 1, 2, 3): os.close(each)\ntime.sleep(0.3)\nos._exit(7)")
    assert (result.ended, result.status) == (Ended.EXITED, 7)
