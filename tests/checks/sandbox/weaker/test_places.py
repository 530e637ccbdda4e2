"""Paths that are only there inside are replaced by those that stand for them, and no others."""

from pathlib import Path

import pytest

from checks.sandbox.port import Binding, Command
from checks.sandbox.weaker.places import REPORTER, Places
from checks.sandbox.weaker.rules import READ

BINDINGS = (
    Binding(Path("/tmp/venv"), "/tmp/venv"),
    Binding(Path("/opt/site/pytest"), "/packages/pytest"),
)


def places(*argv: str, stdin: bytes = b"", folder: str = "/project", **environment: str) -> Places:
    return Places("/work/made", Command(argv, folder, environment, stdin, BINDINGS))


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("/project", "/work/made/project"),
        ("/project/a.py", "/work/made/project/a.py"),
        ("--root=/project:/packages", "--root=/work/made/project:/work/made/bound/packages"),
        ("/packages/pytest/x", "/work/made/bound/packages/pytest/x"),
        ("/selfmod/run.py", f"{REPORTER}/run.py"),
        ("/projects", "/projects"),
        ("/home/project", "/home/project"),
        ("a/project", "a/project"),
        ("/project.old", "/project.old"),
        ("/tmp/venv/bin/python", "/tmp/venv/bin/python"),
        ("/tmp/x", "/tmp/x"),
    ],
)
def test_arguments_and_standard_input(text: str, placed: str) -> None:
    asked = places(text, stdin=f'{{"a": "{text}"}}'.encode() + b"\xff")
    assert asked.command().argv == (placed,)
    assert asked.stdin() == f'{{"a": "{placed}"}}'.encode() + b"\xff"


def test_variables_may_name_the_folder_for_temporary_files() -> None:
    found = places("x", HOME="/tmp", PATH="/tmp/venv/bin:/usr/bin").command().environment
    assert found == {"HOME": "/work/made/tmp", "PATH": "/tmp/venv/bin:/usr/bin", "TMPDIR": "/work/made/tmp"}
    assert places("x", TMPDIR="/project/t").command().environment == {"TMPDIR": "/work/made/project/t"}


def test_a_project_that_lies_where_an_editable_install_looks_for_it() -> None:
    assert places("/home/ann/p/a", folder="/home/ann/p").command().argv == ("/work/made/project/a",)


def test_links_and_rights() -> None:
    asked = places("x")
    assert asked.links() == {"packages/pytest": "/opt/site/pytest"}
    assert {("/tmp/venv", READ), ("/opt/site/pytest", READ), ("bound", READ), (REPORTER, READ)} <= set(asked.allowed())
    assert not any(name == "/" for name, _ in asked.allowed())
