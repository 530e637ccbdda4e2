"""The way to an engine and back, with a program in its place that isolates nothing: what is started in it notices that
and begins nothing. No real engine is tried."""

import os
import sys
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox.container.engine import Container, abilities
from checks.sandbox.port import Command, Limits

ENGINE = """#!{python}
import os, sys
with open({log!r}, "a") as log:
    log.write(" ".join(sys.argv[1:3]) + "\\n")
if sys.argv[1] == "ps":
    print("selfmod-{dead}-ab", "selfmod-{alive}-cd", "other", sep="\\n")
if sys.argv[1] == "run" and {works}:
    host = {{}}
    for each in sys.argv:
        if each.startswith("--mount="):
            words = dict(word.partition("=")[::2] for word in each[8:].split(","))
            host[words["target"]] = words["source"]
    text = sys.argv[-2].replace("/selfmod-start", host["/selfmod-start"]).replace("python3", sys.executable)
    os.execv("/bin/sh", ["sh", "-c", text, host["/selfmod-pipes"]])
if sys.argv[1] == "run":
    sys.exit("Error: no such image\\n")
"""


def engine(folder: Path, *, works: bool = True) -> tuple[Path, Path]:
    """The program, and the file in which it writes down what it was asked."""
    program, log = folder / "podman", folder / "log"
    text = ENGINE.format(python=sys.executable, log=str(log), dead=2**22 + 1, alive=os.getpid(), works=works)
    program.write_text(text)
    program.chmod(0o755)
    return program, log


@pytest.mark.parametrize(
    ("works", "why"),
    [(True, r"no sandbox run: (capabilities are left|new privileges|no system call filter)"), (False, "no such image")],
)
def test_what_does_not_isolate_begins_nothing(tmp_path: Path, works: bool, why: str) -> None:
    program, log = engine(tmp_path, works=works)
    command = Command((sys.executable, "-c", f"open({str(tmp_path / 'ran')!r}, 'w')"), str(tmp_path))
    with pytest.raises(Refusal, match=why):
        Container(program).run(command, [File("a.py", b"x")], Limits(seconds=20))
    asked = log.read_text().splitlines()
    assert asked[:3] == ["ps --all", "rm --force", "run --interactive"] and asked[-1] == "rm --force"
    assert not (tmp_path / "ran").exists()


def test_abilities(tmp_path: Path) -> None:
    found = abilities(engine(tmp_path)[0])
    assert [(each.name, each.holds) for each in found] == [
        ("an engine", True),
        ("its service", True),
        ("an image", True),
        ("verified", False),
    ]
    nowhere = abilities(tmp_path / "docker")
    assert [(each.name, each.holds) for each in nowhere] == [("an engine", True), ("its service", False)]
