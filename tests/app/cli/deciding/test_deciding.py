"""Which decisions count, and what voids them."""

import json
from pathlib import Path

import pytest

from app.local.host import account
from checks.repository.reverting import rollback
from tests.app.cli.deciding.conftest import KINDS, Project

pytestmark = pytest.mark.complete  # together minutes


def _configured(project: Project, text: str) -> None:
    project.git.put(".github/selfmod.yml", text)
    project.git.commit()


def test_a_push_voids_the_approval(proposed: Project) -> None:
    identifier = proposed.one()
    assert proposed.run("approve", identifier).code == 0
    branch = proposed.status(identifier)["branch"]
    proposed.git.git("checkout", "-q", branch)
    proposed.git.commit(kinds=KINDS.replace("of what", "of this"))
    proposed.git.git("checkout", "-q", "main")
    tip = proposed.tip()
    assert proposed.status(identifier)["said"] == "its head is not judged yet"
    ran = proposed.run("apply", identifier, "--no-sandbox")
    assert ran.code == 1 and proposed.tip() == tip
    # who committed it has part in it, and nobody else is here
    ran = proposed.run("approve", identifier, "--no-sandbox")
    assert ran.code == 1 and "only 0 could give one" in ran.text and "open a pull request" in ran.text
    # nor is it moved beneath who works on it
    ran = proposed.run("rebase", identifier)
    assert ran.code == 1 and "somebody committed to selfmod/fix/" in ran.text


def test_it_is_made_anew_on_what_came_since(proposed: Project) -> None:
    identifier = proposed.one()
    assert proposed.run("approve", identifier).code == 0
    tip = proposed.git.commit(kinds=KINDS.replace("# of what", "# of what now"))
    ran = proposed.run("apply", identifier, "--no-sandbox")
    assert ran.code == 2 and "conflicts with what main got since, in kinds.py" in ran.error
    assert f"selfmod rebase {identifier}" in ran.error and proposed.tip() == tip and proposed.clean
    ran = proposed.run("rebase", identifier, "--no-sandbox")
    assert ran.code == 0 and f"made anew on {tip[:10]}" in ran.text and "PENDING_APPROVAL" in ran.text
    assert proposed.run("apply", identifier).code == 1  # it was agreed to as it was before
    assert proposed.run("approve", identifier).code == 0 and proposed.run("apply", identifier).code == 0
    assert proposed.git.read("kinds.py").decode().count("of what now") == 1


def test_what_is_mended_already_is_closed(proposed: Project) -> None:
    identifier = proposed.one()
    proposed.git.commit(kinds=KINDS.replace('x is "a"', 'x == "a"'))
    ran = proposed.run("rebase", identifier, "--no-sandbox")
    assert ran.code == 1 and "nothing of it is left to mend" in ran.text
    assert proposed.status(identifier)["status"] == "SUPERSEDED"


def test_rejected_and_thought_better_of(proposed: Project) -> None:
    identifier = proposed.one()
    assert "nobody said why" in proposed.run("reject", identifier).error
    assert proposed.run("reject", identifier, "-m", "not \033[31m now").code == 0
    assert "\033" not in proposed.run("status", "--all").text
    row = proposed.status(identifier)
    assert (row["status"], row["next"]) == ("REJECTED", "")
    found = proposed.json("fix", "--propose", "--no-sandbox", "kinds.py")
    assert found["proposals"] == [] and "proposed this and was closed" in found["notes"][0]
    assert proposed.run("apply", identifier).code == 2
    assert proposed.run("approve", identifier).code == 0 and proposed.status(identifier)["status"] == "APPROVED"
    assert proposed.run("apply", identifier).code == 0
    ran = proposed.run("reject", identifier, "-m", "too late")
    assert ran.code == 2 and f"selfmod rollback {identifier}" in ran.error


def test_one_whose_branch_was_removed_says_how_it_comes_back(proposed: Project) -> None:
    """It counts as closed, so its findings are not proposed again."""
    identifier = proposed.one()
    branch = proposed.status(identifier)["branch"]
    proposed.git.git("branch", "-D", branch)
    assert proposed.status(identifier)["status"] == "REJECTED"
    found = proposed.json("fix", "--propose", "--no-sandbox", "kinds.py")
    (note,) = found["notes"]
    assert note.endswith("was closed: selfmod approve opens it again (selfmod status --all names it)")
    ran = proposed.run("approve", identifier, "--no-sandbox")
    assert ran.code == 2 and "Bring it back first: " in ran.error
    proposed.git.git(*ran.error.rpartition("first: git ")[2].split())
    assert proposed.run("approve", identifier, "--no-sandbox").code == 0


@pytest.mark.parametrize(
    ("configuration", "why"),
    [
        ("approvals:\n  solo: false\n", "approvals.solo: true"),
        ("risk:\n  sensitive:\n    - paths: [kinds.py]\n      level: CRITICAL\n", "maintainers or admins"),
    ],
)
def test_whom_it_takes_two_for_is_not_let_in_by_one(project: Project, configuration: str, why: str) -> None:
    _configured(project, configuration)
    identifier = project.one()
    tip = project.tip()
    ran = project.run("approve", identifier)
    assert ran.code == 1 and why in ran.text and "the person at the keyboard is alone" in ran.text, ran.text
    assert project.run("apply", identifier).code == 1 and project.tip() == tip


def test_observed_is_not_proposed_to(project: Project) -> None:
    _configured(project, "mode: observe\n")
    ran = project.run("fix", "--propose", "--no-sandbox")
    assert ran.code == 2 and "the mode is observe" in ran.error


def test_a_limit_is_said(project: Project) -> None:
    _configured(project, "limits:\n  open_pull_requests: 1\n")
    ran = project.run("fix", "--propose", "--no-sandbox")
    assert ran.code == 1 and "not proposed: selfmod has 1 proposal of its own open" in ran.text


def test_an_approval_that_is_not_written_down_does_not_count(proposed: Project) -> None:
    """Rows alone, as another program may write them, prove nothing."""
    import sqlite3

    identifier = proposed.one()
    head, tip = proposed.status(identifier)["head"], proposed.tip()
    with sqlite3.connect(proposed.place / "selfmod.db") as database:
        database.execute(
            "INSERT INTO approval VALUES ('local/repository', 1, ?, ?, ?, 9e9)", (head, account(), account())
        )
    assert proposed.status(identifier)["status"] == "APPROVED"
    ran = proposed.run("apply", identifier)
    assert ran.code == 2 and "nothing proves the approval" in ran.error and proposed.tip() == tip


def test_a_judgement_that_is_not_as_written_down_does_not_count(proposed: Project) -> None:
    import sqlite3

    identifier = proposed.one()
    tip = proposed.tip()
    with sqlite3.connect(proposed.place / "selfmod.db") as database:
        (text,) = database.execute("SELECT document FROM record").fetchone()
        document = json.loads(text)
        document["assessment"]["level"] = "SAFE"
        database.execute("UPDATE record SET document = ?", (json.dumps(document),))
    assert proposed.status(identifier)["level"] == "SAFE"
    ran = proposed.run("apply", identifier)
    assert ran.code == 2 and "not what was written down" in ran.error and proposed.tip() == tip


def test_a_dirty_tree_is_refused_in_a_sentence(proposed: Project) -> None:
    identifier = proposed.one()
    proposed.run("approve", identifier)
    proposed.git.put("lists.py", "mine = 1\n")
    ran = proposed.run("apply", identifier)
    assert ran.code == 2 and "not committed yet: lists.py" in ran.error and ran.error.count("\n") == 1
    assert proposed.git.read("lists.py") == b"mine = 1\n"


def test_who_merged_by_hand_can_take_it_back_here(proposed: Project) -> None:
    """A squash says nothing of the modification: the store knows nothing either. A merge it knows."""
    before, identifier = proposed.tree(), proposed.one()
    branch = proposed.status(identifier)["branch"]
    ran = proposed.run("rollback", identifier)
    assert ran.code == 2 and f"selfmod reject {identifier}" in ran.error
    proposed.git.git("merge", "-q", "--no-ff", "-m", "by hand", branch)
    assert proposed.status(identifier)["status"] == "APPLIED"
    assert proposed.run("rollback", identifier).code == 0 and proposed.tree() == before
    assert proposed.status(identifier)["status"] == "ROLLED_BACK"


def test_stopped(proposed: Project) -> None:
    identifier = proposed.one()
    assert proposed.run("approve", identifier).code == 0
    tip = proposed.tip()
    ran = proposed.run("stop", "--local", "--why", "incident 4711")
    assert ran.code == 0 and "selfmod resume --local" in ran.text
    assert (
        "incident 4711" in (said := proposed.run("status").text)
        and "next: selfmod resume --local" in said
        and proposed.json("status")["stops"][0]["why"] == "incident 4711"
    )
    for words in (("apply", identifier), ("fix", "--propose", "--no-sandbox")):
        ran = proposed.run(*words)
        assert ran.code in (1, 2) and "incident 4711" in ran.text + ran.error
    assert proposed.tip() == tip
    assert proposed.run("resume", "--local", "--why", "over").code == 0
    # what was decided before does not count
    assert proposed.run("apply", identifier).code == 1
    assert proposed.run("approve", identifier).code == 0 and proposed.run("apply", identifier).code == 0
    assert proposed.run("stop", "--local", "--server", "--why", "x").code == 2


def test_another_one_at_work_is_waited_for_and_told(proposed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.cli.deciding import here

    identifier = proposed.one()
    monkeypatch.setattr(here, "WAIT", 0.0)
    with here.here(proposed.git.root) as local, local.alone():
        ran = proposed.run("approve", identifier)
    assert ran.code == 2 and "another selfmod is at work" in ran.error
    assert proposed.run("approve", identifier).code == 0


def test_what_got_in_before_a_crash_is_known(proposed: Project) -> None:
    """The process ends right after the branch moved, before anything was kept."""
    identifier = proposed.one()
    proposed.run("approve", identifier)
    real = rollback.advance

    def last(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]  # as it was called
        raise SystemExit(9)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rollback, "advance", last)
        assert proposed.run("apply", identifier).code == 9
    assert proposed.clean
    row = proposed.status(identifier)
    assert (row["status"], row["merged"]) == ("APPLIED", proposed.tip())


def test_what_it_may_not_be_given_with(project: Project, tmp_path: Path) -> None:
    assert "exclude each other" in project.run("fix", "--propose", "--apply").error
    assert "Leave out --group" in project.run("fix", "--propose", "--group", "rule").error
    project.git.git("checkout", "-q", "-b", "selfmod/fix/x")
    assert "is a proposal itself" in project.run("fix", "--propose").error
    from tests.commands import selfmod

    assert "not in a git repository" in selfmod("status", at=tmp_path).error
    bare = tmp_path / "bare"
    project.git.git("clone", "-q", "--bare", ".", str(bare))
    for words in (["status"], ["rollback", "HEAD"], ["validate"], ["review", "--base", "HEAD"]):
        ran = selfmod(*words, at=bare)
        assert ran.code == 2 and "bare git repository" in ran.error and "git clone" in ran.error
