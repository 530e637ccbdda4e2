"""Fixes on a schedule: what is committed on the branch, by whom, and when nothing is."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from app.action.fixing import WHO, literally
from checks.model.errors import Refusal
from tests.app.action.runs import act, project
from tests.repositories import Repository

FAULTY = "def add(item, items=[]):\n    items.append(item)\n    return items\n"
BREAKS = """
from faulty import add


def test_the_fault_is_relied_on():
    add(1)
    assert add(2) == [1, 2]
"""


def faulty(place: Path, mode: str = "propose", more: str = "", **files: str) -> Repository:
    repository = project(place)
    repository.put(".github/selfmod.yml", f"mode: {mode}\n{more}")
    repository.commit(faulty=FAULTY, **files)
    return repository


def branches(repository: Repository) -> list[str]:
    return repository.git("for-each-ref", "--format=%(refname)", "refs/heads").split()


@pytest.mark.parametrize("event", ["schedule", "workflow_dispatch"])
def test_fixes_are_committed_on_a_branch(tmp_path: Path, event: str) -> None:
    repository = faulty(tmp_path)
    before = repository.git("rev-parse", "HEAD")
    ran = act(repository.root, event, {"schedule": "0 4 * * 1"})
    assert ran.code == 0, ran.log
    assert ran.outputs["branch"] == "selfmod/fixes"
    assert ran.outputs["findings"] == "1"
    assert ran.outputs["level"] == ran.report["assessment"]["level"]
    assert ran.stage("sandbox")["state"] == "passed"
    shown = repository.git("show", "--format=%an|%ae|%cn|%ce|%P", "--name-only", "selfmod/fixes").split()
    assert shown == ["|".join((WHO.name, WHO.email) * 2) + "|" + before.strip(), "faulty.py"]
    assert "items=None" in repository.git("show", "selfmod/fixes:faulty.py")
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("symbolic-ref", "HEAD").strip() == "refs/heads/main"
    assert "committed selfmod" in ran.summary
    assert ran.commands == []


def test_the_branch_of_an_earlier_run_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "somebody@example.org")
    repository = faulty(tmp_path)
    act(repository.root, "schedule", {}, sandbox="off")
    first = repository.git("rev-parse", "selfmod/fixes")
    head = repository.commit(later="x = 1\n")
    ran = act(repository.root, "schedule", {}, sandbox="off")
    assert ran.code == 0, ran.log
    assert repository.git("rev-parse", "selfmod/fixes^").strip() == head
    assert repository.git("rev-parse", "selfmod/fixes") != first
    assert repository.git("log", "-1", "--format=%ae", "selfmod/fixes").strip() == WHO.email


def test_a_fix_that_breaks_a_test_is_not_committed(tmp_path: Path) -> None:
    repository = faulty(tmp_path, test_faulty=BREAKS)
    ran = act(repository.root, "schedule", {})
    assert (ran.code, ran.outputs["branch"], ran.outputs["findings"]) == (0, "", "0"), ran.log
    assert branches(repository) == ["refs/heads/main"]
    assert "Nothing that can be fixed for sure" in ran.summary


def test_the_mode_observe_writes_nothing(tmp_path: Path) -> None:
    repository = faulty(tmp_path, "observe")
    ran = act(repository.root, "schedule", {}, sandbox="off")
    assert (ran.code, ran.outputs["branch"], ran.outputs["findings"]) == (0, "", "1"), ran.log
    assert branches(repository) == ["refs/heads/main"]
    assert "mode: propose" in ran.log


def test_what_is_not_committed_is_left_alone(tmp_path: Path) -> None:
    repository = faulty(tmp_path, edited=FAULTY)
    repository.put("edited.py", FAULTY + "\n\nx = 1\n")
    repository.put("new[1].py", FAULTY)
    ran = act(repository.root, "schedule", {}, sandbox="off")
    assert ran.code == 0, ran.log
    assert repository.git("diff", "--name-only", "main", "selfmod/fixes").split() == ["faulty.py"]


@pytest.mark.parametrize(
    ("more", "inputs", "said"),
    [
        ("limits: {lines: 1}\n", {}, "limits.lines is 1"),
        ("", {"branch": "selfmod/a..b"}, "is no name for a branch"),
        ("", {"branch": "selfmod/-"}, ""),
        ("unknown: 1\n", {}, "unknown"),
    ],
)
def test_refusals(tmp_path: Path, more: str, inputs: dict[str, str], said: str) -> None:
    repository = faulty(tmp_path, more=more)
    ran = act(repository.root, "schedule", {}, sandbox="off", **inputs)
    assert ran.code == (2 if said else 0), ran.log
    assert said in ran.log
    assert branches(repository) == ["refs/heads/main"] + ([] if said else ["refs/heads/selfmod/-"])


def test_the_branch_that_is_checked_out_is_not_replaced(tmp_path: Path) -> None:
    repository = faulty(tmp_path)
    repository.git("checkout", "-q", "-b", "selfmod/fixes")
    before = repository.git("rev-parse", "HEAD")
    ran = act(repository.root, "workflow_dispatch", {}, sandbox="off")
    assert (ran.code, "is checked out" in ran.log) == (2, True)
    assert repository.git("rev-parse", "HEAD") == before


def test_nothing_untested_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a sandbox on the host."""
    monkeypatch.setattr("checks.judge.choose", _refused)
    repository = faulty(tmp_path)
    ran = act(repository.root, "schedule", {})
    assert (ran.code, "nothing committed: stage sandbox" in ran.log) == (2, True), ran.log
    assert branches(repository) == ["refs/heads/main"]


def _refused() -> None:
    raise Refusal("no sandbox on this host.", "Install bubblewrap.")


PATHS = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in (".", "..")
)


@given(PATHS, PATHS)
@example("\r", "0")
@example("a ", "a")
@example("a\x85", "a")
def test_a_literal_pattern_is_one_path(path: str, other: str) -> None:
    spec = GitIgnoreSpec.from_lines([literally(path)])
    assert spec.match_file(path)
    assert spec.match_file(other) == (other == path)
