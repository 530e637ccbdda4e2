"""The hooks that .pre-commit-hooks.yaml offers, run as pre-commit runs them: the entry, the arguments, the files."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import PROGRAM, ROOT, Ran, environment
from tests.repositories import Repository

pytestmark = pytest.mark.complete  # together minutes

HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
}
B = "def f(a=[]):\n    return a\n"
FIXED_B = "def f(a=None):\n    if a is None:\n        a = []\n    return a\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for PATH with the command in it, as pre-commit's environment has it."""
    place = tmp_path / "bin" / "selfmod"
    place.parent.mkdir()
    place.write_text(f"#!{sys.executable}\n{PROGRAM[2]}\n")
    place.chmod(0o755)
    return place.parent


@pytest.fixture
def project(repository: Repository) -> Repository:
    repository.put("a.py", B)
    repository.commit()
    return repository


def hook(name: str, project: Repository, folder: Path, *options: str) -> Ran:
    """Runs a hook on what is staged, with `args: [options]`."""
    entry, with_files = HOOKS[name]["entry"], HOOKS[name].get("pass_filenames", True)
    staged = project.git("diff", "--staged", "--name-only", "--diff-filter=ACMRTUXB", "-z").split("\0")
    files = [path for path in staged if path.endswith((".py", ".pyi", ".pyw"))]
    ran = subprocess.run(
        [*shlex.split(entry), *options, *(files if with_files else ())],
        cwd=project.root,
        env=environment(PATH=f"{folder}{os.pathsep}{os.environ['PATH']}", PRE_COMMIT="1"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr.decode())


def test_the_file_is_as_pre_commit_wants_it() -> None:
    assert set(HOOKS) == {"selfmod-review", "selfmod-fix"}
    for each in HOOKS.values():
        assert each["language"] == "python" and each["types"] == ["python"] and each["require_serial"] is True
        assert each["name"] and each["description"]


def test_a_commit_without_new_faults_passes(project: Repository, folder: Path) -> None:
    project.put("b.py", "x = 1\n")
    project.git("add", "-A")
    assert hook("selfmod-review", project, folder).code == 1
    assert hook("selfmod-review", project, folder, "--base", "HEAD").code == 0
    assert hook("selfmod-fix", project, folder).code == 0
    assert project.git("status", "--porcelain") == "A  b.py\n"


def test_a_commit_with_a_new_fault_is_stopped_and_mended(project: Repository, folder: Path) -> None:
    project.put("b.py", B)
    project.put("stub.pyi", "def f(a: list = []) -> list: ...\n")
    project.git("add", "-A")
    ran = hook("selfmod-review", project, folder, "--base", "HEAD")
    assert ran.code == 1 and "b.py:1:9" in ran.text and "a.py" not in ran.text
    # pre-commit itself fails a hook that changes files
    assert hook("selfmod-fix", project, folder).code == 0
    assert project.read("b.py") == FIXED_B.encode() and project.read("a.py") == B.encode()
    assert project.git("status", "--porcelain") == "AM b.py\nA  stub.pyi\n"
    project.git("add", "-A")
    assert hook("selfmod-review", project, folder, "--base", "HEAD").code == 0
    assert hook("selfmod-fix", project, folder).code == 0
    assert project.git("status", "--porcelain") == "A  b.py\nA  stub.pyi\n"


def test_the_first_commit(repository: Repository, folder: Path) -> None:
    repository.put("b.py", B)
    repository.git("add", "-A")
    assert hook("selfmod-review", repository, folder).code == 1
    ran = hook("selfmod-review", repository, folder, "--base", "HEAD")
    assert ran.code == 2 and "has no commit 'HEAD'" in ran.error
    assert hook("selfmod-fix", repository, folder).code == 0
    assert repository.read("b.py") == FIXED_B.encode()


def test_as_a_hook_of_git_itself(project: Repository, folder: Path) -> None:
    script = f"#!/bin/sh\nPATH='{folder}':$PATH PYTHONPATH='{ROOT}' exec selfmod review --base HEAD\n"
    project.put(".git/hooks/pre-commit", script).chmod(0o755)
    project.put("b.py", B)
    project.git("add", "-A")
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    for content, code in ((B, 1), (FIXED_B, 0)):
        project.put("b.py", content)
        ran = subprocess.run(
            ["git", *who, "commit", "-q", "-a", "-m", "b"],
            cwd=project.root,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == code, ran.stderr
    assert project.git("show", "HEAD:b.py") == FIXED_B
