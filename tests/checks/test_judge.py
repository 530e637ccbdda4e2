"""What a judgement begins with: the configuration that holds, and the environment that may judge."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from checks.judge import Who, configured, judge, ready
from checks.model.errors import Refusal
from checks.model.findings import Severity
from checks.model.outlook import Portion
from checks.model.safety import Level
from checks.repository.change import Change
from checks.repository.changed import added_lines, of_commits
from checks.settings import PLACE, Settings
from checks.validation.asked import Tested
from tests.repositories import Repository, made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A project with an environment in each of two folders, of which `theirs` is committed."""
    made_here = made(tmp_path / "project")
    for name in ("theirs", ".venv"):
        line = (sys.executable, "-I", "-m", "venv", "--without-pip", made_here.root / name)
        subprocess.run(line, check=True)
    (made_here.root / "link").symlink_to("theirs")
    made_here.put("sub/m.py", "x = 1\n")
    made_here.git("add", "--force", "theirs", "sub")
    made_here.git("commit", "-q", "-m", "work")
    return made_here


@pytest.mark.parametrize(
    ("at", "python"),
    [
        (".", "theirs"),
        (".", "theirs/bin/python"),
        (".", "sub/../theirs"),
        (".", "link"),
        (".", "link/bin/python"),
        ("sub", "../theirs"),
        ("sub", "../theirs/bin/python"),
    ],
)
def test_an_environment_that_is_committed_is_refused(repository: Repository, at: str, python: str) -> None:
    with contextlib.chdir(repository.root / at), pytest.raises(Refusal, match="is committed in the repository"):
        ready(Settings(), repository.root, Path(python))


@pytest.mark.parametrize(("at", "python"), [(".", ".venv"), ("sub", "../.venv"), ("sub", "../.venv/bin/python")])
def test_one_that_is_not_committed_is_taken(repository: Repository, at: str, python: str) -> None:
    with contextlib.chdir(repository.root / at):
        environment = ready(Settings(), repository.root, Path(python)).environment
    assert environment is not None
    assert ".venv" in environment.python


def test_one_that_is_found_is_taken_until_something_in_it_is_committed(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    before = ready(Settings(), repository.root).environment
    assert before is not None
    assert before.origin == "the project's .venv"
    repository.put(".venv/evil.pth", "import os\n")
    repository.git("add", "--force", ".venv/evil.pth")
    after = ready(Settings(), repository.root).environment
    assert after is not None
    assert "selfmod's own" in after.origin
    monkeypatch.setenv("VIRTUAL_ENV", str(repository.root / ".venv"))
    active = ready(Settings(), repository.root).environment
    assert active is not None
    assert "selfmod's own" in active.origin


def test_the_target_configures_the_judgement(tmp_path: Path) -> None:
    repository = made(tmp_path / "project")
    repository.put(PLACE, "review: {threshold: critical}\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "topic")
    repository.put(PLACE, "review: {threshold: low}\n")
    head = repository.commit()
    repository.git("checkout", "-q", "main")
    repository.put(PLACE, "review: {threshold: high}\n")
    repository.commit()
    change = of_commits(repository.root, "main", head)
    assert configured(change).review.threshold is Severity.CRITICAL
    assert configured(change, "main").review.threshold is Severity.HIGH


def test_a_grave_change_is_judged_with_what_it_could_be_instead(tmp_path: Path) -> None:
    """Through the workers, with the repository's own rules asked anew for each part."""
    repository = made(tmp_path / "project")
    repository.put("money.py", "PRICE = 1\n")
    repository.put("README.md", "# Shop\n")
    repository.put(PLACE, 'risk: {sensitive: [{paths: ["money.py"], level: CRITICAL}]}\n')
    repository.commit()
    repository.put("money.py", "PRICE = 2\n")
    repository.put("README.md", "# The shop\n")
    repository.commit()
    change = of_commits(repository.root, "HEAD~1", "HEAD")
    judged = judge(change, configured(change), Who(), Tested(missing="left out"), untested="left out")
    assert judged.assessment.level is Level.CRITICAL
    assert judged.outlook is not None
    assert judged.outlook.without == (Portion(("money.py",), Level.MEDIUM_RISK),)
    assert [each.level for each in judged.outlook.parts] == [Level.MEDIUM_RISK, Level.CRITICAL]
    assert judged.outlook.unusual == ("The history has 1 commit: too few to tell what is usual.",)


def test_parts_of_a_grave_change_are_asked_about_without_comparing_its_files_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files of which each is over the bound only with the other; files are compared once, for the whole."""
    repository = made(tmp_path / "project")
    for name in ("one.py", "two.py"):
        repository.put(name, "x = 1\n")
    repository.put(PLACE, "policy: [{name: long, if: {lines_over: 3}, then: {level: CRITICAL}}]\n")
    repository.commit()
    for name in ("one.py", "two.py"):
        repository.put(name, "x = 2\n")
    repository.commit()
    change = of_commits(repository.root, "HEAD~1", "HEAD")
    compared = []

    def counted(of: Change) -> dict[str, frozenset[int]]:
        compared.append(of)
        return added_lines(of)

    monkeypatch.setattr("checks.judge.added_lines", counted)
    judged = judge(change, configured(change), Who(), Tested(missing="left out"), untested="left out")
    assert judged.assessment.level is Level.CRITICAL
    assert judged.outlook is not None
    assert [each.level for each in judged.outlook.without] == [Level.MEDIUM_RISK] * 2
    assert compared == [change]
