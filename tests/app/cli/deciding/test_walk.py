"""The whole line on a local repository: proposed, approved, applied, taken back."""

import json

import pytest

from app.local.host import account
from checks.model import trailers
from tests.app.cli.deciding.conftest import KINDS, LISTS, TEST, Project

pytestmark = pytest.mark.complete  # together minutes


def test_from_fix_to_rollback(project: Project) -> None:
    """Two proposals; what was merged last is taken back first, and the tree is the one before."""
    before, tip = project.tree(), project.tip()
    rows = {row["files"][0]: row for row in project.propose()}
    assert set(rows) == {"kinds.py", "lists.py"} and (project.tree(), project.tip(), project.clean) == (
        before,
        tip,
        True,
    )
    for row in rows.values():
        assert (
            row["status"] == "PENDING_APPROVAL"
            and row["level"] in ("MEDIUM_RISK", "HIGH_RISK")
            and row["requester"] == account()
        )
        assert row["branch"].startswith("selfmod/fix/") and project.tip(row["branch"]) == row["head"]
        assert row["next"] == f"selfmod approve {row['modification_id']}" and not row["can_apply"]
    first, second = (rows[name]["modification_id"] for name in ("kinds.py", "lists.py"))
    # what is open is not proposed twice
    assert {row["modification_id"] for row in project.propose()} == {first, second}

    assert project.run("apply", first).code == 1 and project.tip() == tip
    ran = project.run("approve", first)
    assert ran.code == 0 and f"@{account()} agreed" in ran.text and f"next: selfmod apply {first}" in ran.text
    ran = project.run("apply", first, "--no-sandbox")
    assert ran.code == 0 and f"selfmod rollback {first}" in ran.text, ran.text
    assert project.clean and project.git.read("kinds.py").decode() == KINDS.replace('x is "a"', 'x == "a"')
    assert project.git.git("rev-list", "--parents", "-n1", "main").split()[1:] == [tip, rows["kinds.py"]["head"]]
    assert trailers.values(project.git.git("log", "-1", "--format=%B"), trailers.MODIFICATION) == (first,)
    assert project.git.git("branch", "--list", rows["kinds.py"]["branch"]) == ""
    assert project.run("apply", first).code == 0  # once more is no error, and does nothing
    assert project.json("status")["proposals"][0]["behind"]

    project.run("approve", second)
    assert project.run("apply", second, "--no-sandbox").code == 0  # on what came since
    assert [row["status"] for row in project.json("status", "--all")["proposals"]] == ["APPLIED", "APPLIED"]

    assert project.run("rollback", second[:9], "-m", "no").code == 0  # the beginning of it is enough
    assert project.run("rollback", first).code == 0
    assert project.tree() == before and project.clean
    assert project.status(second)["status"] == "ROLLED_BACK" and project.status(second)["reason"].endswith(": no")
    assert project.run("rollback", "HEAD").code == 0  # which brings it back
    assert (project.status(first)["status"], project.status(second)["status"]) == ("APPLIED", "ROLLED_BACK")
    assert project.run("rollback", "HEAD").code == 0

    told = [json.loads(line) for line in project.run("audit", "export", "--local").text.splitlines()]
    kinds = [each["kind"] for each in told if each["subject"] == "local/repository#1"]
    assert {"proposed", "judged", "approved", "applied", "modification", "rollback"} <= set(kinds)
    assert project.run("audit", "verify", "--local").code == 0
    # what was taken back is not proposed again
    assert project.propose() == []


def test_what_is_tried_is_what_gets_in(project: Project) -> None:
    """In the sandbox: alone the fix holds; with what main got since, a test fails, and nothing is written."""
    (row,) = project.json("fix", "--propose", "lists.py")["proposals"]
    identifier = row["modification_id"]
    assert project.run("approve", identifier).code == 0
    project.git.put(
        "test_default.py", "import lists\n\n\ndef test_default():\n    assert lists.listed.__defaults__ == ([],)\n"
    )
    tip = project.git.commit()
    ran = project.run("apply", identifier)
    assert ran.code == 1 and "nothing was written" in ran.text and "test_default" in ran.text, ran.text
    assert (project.tip(), project.clean) == (tip, True)
    assert project.status(identifier)["status"] == "APPROVED"


def test_json_and_text_say_the_same(project: Project) -> None:
    assert project.json("status") == {"proposals": [], "version": 1, "stops": []}
    assert "nothing was proposed here yet" in project.run("status").text
    identifier = project.one()
    text = project.run("status", identifier).text
    row = project.status(identifier)
    assert ("The orchestrator's review" in text) == (row["level"] in ("HIGH_RISK", "CRITICAL"))
    for word in (identifier, row["branch"], row["level"], row["said"], row["next"], "kinds.py"):
        assert word in text
    assert project.run("status", row["branch"]).text == text == project.run("status", identifier[:8]).text


@pytest.mark.parametrize("word", ["status", "approve", "apply", "rebase"])
def test_what_is_no_proposal_is_said_so(project: Project, word: str) -> None:
    before = project.run(word, "mod_0123")
    assert before.code == 2 and "selfmod fix --propose" in before.error
    project.one()
    ran = project.run(word, "mod_0123")
    assert ran.code == 2 and "'mod_0123' is no proposal here" in ran.error and ran.error.count("\n") == 1


def test_the_files_of_the_project_are_as_the_tests_say() -> None:
    assert KINDS != LISTS and "listed" in TEST
