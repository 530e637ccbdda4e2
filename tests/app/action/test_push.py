"""push.sh against a real remote: what is pushed, what is left alone, what does not run."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from app.action import fixing
from app.action.fixing import WHO
from tests.repositories import Repository, made

SCRIPT = Path(fixing.__file__).with_name("push.sh")
BRANCH = "selfmod/fixes"


def test_both_know_the_same_author() -> None:
    assert re.findall(r"(?m)^email=(.*)$", SCRIPT.read_text()) == [WHO.email]


def clone(place: Path, *options: str) -> Repository:
    """A clone whose origin is a bare repository with three commits on main."""
    source = made(place / "source")
    for text in ("1\n", "2\n", "3\n"):
        source.commit(a=text)
    bare = place / "origin.git"
    source.git("clone", "-q", "--bare", str(source.root), str(bare))
    source.git("clone", "-q", *options, f"file://{bare}", str(place / "workspace"))
    return Repository(place / "workspace")


def fixed(repository: Repository, text: str) -> str:
    """A commit of ours on the branch, on top of main."""
    who = f"{WHO.name} <{WHO.email}>"
    repository.git("checkout", "-q", "-B", BRANCH, "main")
    repository.put("a.py", text)
    repository.git("-c", f"user.email={WHO.email}", "commit", "-q", "-a", "-m", "fix", f"--author={who}")
    repository.git("checkout", "-q", "main")
    return repository.git("rev-parse", BRANCH).strip()


def pushed(repository: Repository, branch: str = BRANCH) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "GITHUB_WORKSPACE": str(repository.root.parent),
        "SELFMOD_PATH": repository.root.name,
        "SELFMOD_BRANCH": branch,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    return subprocess.run([SCRIPT], cwd="/", env=environment, capture_output=True, text=True, check=False)


def there(repository: Repository, branch: str = BRANCH) -> str:
    return repository.git("ls-remote", "origin", f"refs/heads/{branch}").partition("\t")[0]


@pytest.mark.parametrize("options", [(), ("--depth=1",)], ids=["whole", "shallow"])
def test_a_new_branch_and_then_its_successor(tmp_path: Path, options: tuple[str, ...]) -> None:
    repository = clone(tmp_path, *options)
    main = there(repository, "main")
    for text in ("4\n", "5\n"):
        made = fixed(repository, text)
        ran = pushed(repository)
        assert (ran.returncode, ran.stdout) == (0, f"selfmod: pushed {BRANCH}\n"), ran.stderr
        assert there(repository) == made
    assert there(repository, "main") == main
    assert repository.git("rev-parse", "--is-shallow-repository").strip() == ("true" if options else "false")


def test_the_successor_of_a_run_in_another_clone(tmp_path: Path) -> None:
    repository = clone(tmp_path)
    fixed(repository, "4\n")
    assert pushed(repository).returncode == 0
    repository.git("clone", "-q", f"file://{tmp_path / 'origin.git'}", str(tmp_path / "second"))
    second = Repository(tmp_path / "second")
    made = fixed(second, "5\n")
    assert pushed(second).returncode == 0
    assert there(second) == made


@pytest.mark.parametrize("on_top", [True, False])
def test_a_branch_with_a_commit_of_somebody_is_left_alone(tmp_path: Path, on_top: bool) -> None:
    repository = clone(tmp_path)
    if on_top:
        fixed(repository, "4\n")
        assert pushed(repository).returncode == 0
    repository.git("checkout", "-q", "-B", "theirs", BRANCH if on_top else "main")
    theirs = repository.commit(b="mine\n")
    repository.git("push", "-q", "origin", f"theirs:{BRANCH}")
    repository.git("checkout", "-q", "main")
    fixed(repository, "5\n")
    ran = pushed(repository)
    assert ran.returncode == 0
    assert ran.stdout.startswith("::warning title=selfmod::the branch selfmod/fixes has a commit")
    assert there(repository) == theirs


def test_hooks_of_the_clone_do_not_run(tmp_path: Path) -> None:
    repository = clone(tmp_path)
    proof = tmp_path / "proof"
    fixed(repository, "4\n")
    hooks = tmp_path / "hooks"
    for folder in (repository.root / ".git" / "hooks", hooks):
        folder.mkdir(exist_ok=True)
        for name in ("pre-push", "reference-transaction", "post-checkout"):
            (folder / name).write_text(f"#!/bin/sh\ntouch {proof}\n")
            (folder / name).chmod(0o755)
    repository.git("-c", "core.hooksPath=/dev/null", "config", "core.hooksPath", str(hooks))
    repository.git("-c", "core.hooksPath=/dev/null", "config", "core.fsmonitor", f"touch {proof}")
    assert pushed(repository).returncode == 0
    assert not proof.exists()


@pytest.mark.parametrize(
    "branch",
    [
        "main",
        "",
        "selfmod/",
        "selfmod/a..b",
        "selfmod/a b",
        "selfmod/a\nb",
        "--mirror",
        "selfmod/x:refs/heads/main",
        "@{-1}",
    ],
)
def test_hostile_names_are_refused(tmp_path: Path, branch: str) -> None:
    repository = clone(tmp_path)
    before = repository.git("ls-remote", "origin")
    ran = pushed(repository, branch)
    assert (ran.returncode, ran.stdout.startswith("::error title=selfmod::")) == (2, True)
    assert repository.git("ls-remote", "origin") == before


def test_a_remote_that_is_not_there_fails(tmp_path: Path) -> None:
    repository = clone(tmp_path)
    fixed(repository, "4\n")
    (tmp_path / "origin.git").rename(tmp_path / "gone")
    assert pushed(repository).returncode != 0
