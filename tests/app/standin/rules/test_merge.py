"""Merging: by whom, at which head, with what demanded, in which way."""

import httpx
import pytest

from app.standin.state import Pull, Status
from tests.app.standin.acting import SHOP, Acting, checks, reviews

MESSAGES = {
    "draft": "Pull Request is still a draft",
    "conflict": "Pull Request is not mergeable",
    "expected": 'Required status check "gate" is expected.',
    "failing": 'Required status check "gate" is failing.',
    "pending": 'Required status check "gate" is pending.',
    "reviews": "At least 1 approving review is required by reviewers with write access.",
}


def message(answer: httpx.Response) -> str:
    assert answer.status_code == 405, answer.text
    return str(answer.json()["message"])


def test_a_merge_makes_a_commit_of_both_and_closes(acting: Acting) -> None:
    pull, base = acting.pull(), acting.tip()
    answer = acting.merge("bob", pull, sha=pull.head)
    assert answer.json() == {"sha": acting.tip(), "merged": True, "message": "Pull Request successfully merged"}
    made = pull.repository.git.commit(acting.tip())
    assert made.parents == (base, pull.head)
    assert made.message.splitlines()[0] == f"Merge pull request #{pull.number} from acme/topic"
    assert acting.github.file(SHOP, "main", "shop.py") == b"price = 2\n"
    assert acting.ask("eve", "GET", f"pulls/{pull.number}/merge").status_code == 204
    shown = acting.ask("eve", "GET", f"pulls/{pull.number}/merge")
    assert shown.content == b""
    assert (pull.merged_by and pull.merged_by.login, pull.merge_commit, pull.closed_base) == ("bob", acting.tip(), base)
    assert message(acting.merge("bob", pull)) == MESSAGES["conflict"]


def test_a_squash_is_one_commit_of_the_author(acting: Acting) -> None:
    pull, base = acting.pull(), acting.tip()
    acting.github.push(SHOP, "topic", {"a.py": "a = 1\n"}, by="ann", message="Second")
    acting.merge("bob", pull, merge_method="squash")
    made = pull.repository.git.commit(acting.tip())
    assert made.parents == (base,)
    assert made.author.name == "ann"
    assert made.message == f"Change topic (#{pull.number})\n\n* Change of topic\n\n* Second"


def test_a_rebase_takes_the_commits_over_with_their_authors(acting: Acting) -> None:
    pull = acting.pull()
    acting.github.push(SHOP, "topic", {"a.py": "a = 1\n"}, by="eve", message="Second")
    base = acting.github.push(SHOP, "main", {"b.py": "b = 1\n"}, by="bob")
    acting.merge("bob", pull, merge_method="rebase")
    git = pull.repository.git
    second = git.commit(acting.tip())
    first = git.commit(second.parents[0])
    assert first.parents == (base,)
    assert [first.author.name, second.author.name, second.committer.name] == ["ann", "eve", "bob"]
    assert [first.message, second.message] == ["Change of topic", "Second"]
    assert acting.github.file(SHOP, "main", "b.py") == b"b = 1\n"


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_way_that_the_repository_does_not_allow_is_refused(acting: Acting, method: str) -> None:
    pull = acting.pull()
    key = {"merge": "allow_merge_commit", "squash": "allow_squash_merge", "rebase": "allow_rebase_merge"}[method]
    pull.repository.settings[key] = False
    assert "not allowed on this repository" in message(acting.merge("bob", pull, merge_method=method))
    assert pull.open


@pytest.mark.parametrize("login", ["eve", "nobody"])
def test_without_write_access_nothing_is_merged(acting: Acting, login: str) -> None:
    pull = acting.pull()
    assert acting.merge(login, pull).status_code in {401, 403}
    assert pull.open


def test_another_head_than_the_one_that_was_seen_is_refused(acting: Acting) -> None:
    pull = acting.pull()
    seen = pull.head
    acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="ann")
    answer = acting.merge("bob", pull, sha=seen)
    assert answer.status_code == 409
    assert answer.json()["message"] == "Head branch was modified. Review and try the merge again."
    assert pull.open


def test_a_head_that_moves_while_the_merge_is_asked_for_is_refused(acting: Acting) -> None:
    """The branch is elsewhere already, and nothing has followed it yet: as between a push and what it causes."""
    pull = acting.pull()
    git = pull.repository.git
    tree = git.write_files(pull.head, {"shop.py": "price = 666\n"})
    moved = git.write_commit(tree, (pull.head,), "Sneaked in", git.commit(pull.head).author)
    git.set_ref("refs/heads/topic", moved)
    assert acting.merge("bob", pull, sha=pull.head).status_code == 409
    assert acting.github.file(SHOP, "main", "shop.py") == b"price = 1\n"


def test_a_push_just_before_the_merge_wins(acting: Acting) -> None:
    pull = acting.pull()
    acting.github.faults.add(
        "PUT",
        "/merge$",
        "before",
        do=lambda: acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="ann"),
    )
    assert acting.merge("bob", pull, sha=pull.head).status_code == 409
    assert pull.open


def test_drafts_and_conflicts_are_not_merged(acting: Acting) -> None:
    assert message(acting.merge("bob", acting.pull("draft", draft=True))) == MESSAGES["draft"]
    pull = acting.pull()
    acting.github.push(SHOP, "main", {"shop.py": "price = 9\n"}, by="bob")
    for method in ("merge", "squash", "rebase"):
        assert message(acting.merge("bob", pull, merge_method=method)) == MESSAGES["conflict"]


@pytest.mark.parametrize("conclusion", ["success", "neutral", "skipped"])
def test_a_required_check_is_satisfied_by(acting: Acting, conclusion: str) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_status_checks=checks(("gate", app.app_id)))
    assert message(acting.merge("bob", pull)) == MESSAGES["expected"]
    acting.report(app, pull, "gate", None)
    assert message(acting.merge("bob", pull)) == MESSAGES["pending"]
    acting.report(app, pull, "gate", conclusion)
    assert acting.merge("bob", pull).status_code == 200


@pytest.mark.parametrize("conclusion", ["failure", "action_required", "cancelled", "timed_out", "stale"])
def test_a_required_check_is_not_satisfied_by(acting: Acting, conclusion: str) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_status_checks=checks(("gate", app.app_id)))
    acting.report(app, pull, "gate", "success")
    acting.report(app, pull, "gate", conclusion)
    assert message(acting.merge("bob", pull)) == MESSAGES["failing"]


def test_a_forged_check_of_another_app_or_a_status_does_not_count(acting: Acting) -> None:
    ours, theirs, pull = acting.app(), acting.app("forger"), acting.pull()
    acting.protect(required_status_checks=checks(("gate", ours.app_id)))
    acting.report(theirs, pull, "gate", "success")
    _status(acting, pull, "gate", "success")
    assert message(acting.merge("bob", pull)) == MESSAGES["expected"]
    acting.report(ours, pull, "gate", "failure")
    acting.report(theirs, pull, "gate", "success")
    assert message(acting.merge("bob", pull)) == MESSAGES["failing"]
    acting.report(ours, pull, "gate", "success")
    acting.report(theirs, pull, "gate", "failure")
    assert acting.merge("bob", pull).status_code == 200


def test_a_check_that_is_not_pinned_is_anybodys_and_all_of_its_name_must_pass(acting: Acting) -> None:
    ours, theirs, pull = acting.app(), acting.app("other"), acting.pull()
    acting.protect(required_status_checks=checks(("gate", -1)))
    acting.report(theirs, pull, "gate", "success")
    acting.report(ours, pull, "gate", "failure")
    assert message(acting.merge("bob", pull)) == MESSAGES["failing"]
    acting.report(ours, pull, "gate", "success")
    assert acting.merge("bob", pull).status_code == 200


def test_a_check_counts_for_its_head_only(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_status_checks=checks(("gate", app.app_id)))
    acting.report(app, pull, "gate", "success")
    acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="ann")
    assert message(acting.merge("bob", pull)) == MESSAGES["expected"]


def test_reviews_are_demanded(acting: Acting) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews())
    assert message(acting.merge("bob", pull)) == MESSAGES["reviews"]
    acting.approve("eve", pull)
    assert message(acting.merge("bob", pull)) == MESSAGES["reviews"], "eve may not write"
    acting.approve("meg", pull, "REQUEST_CHANGES")
    acting.approve("bob", pull)
    assert "Changes have been requested" in message(acting.merge("bob", pull))
    acting.approve("meg", pull, "COMMENT")
    assert "Changes have been requested" in message(acting.merge("bob", pull)), "a comment takes nothing back"
    acting.approve("meg", pull)
    assert acting.merge("bob", pull).status_code == 200


def test_an_administrator_passes_only_where_protection_lets(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_status_checks=checks(("gate", app.app_id)))
    assert message(acting.merge("ada", pull)) == MESSAGES["expected"]
    acting.protect(required_status_checks=checks(("gate", app.app_id)), enforce_admins=False)
    assert message(acting.merge("meg", pull)) == MESSAGES["expected"]
    assert acting.merge("ada", pull).status_code == 200


def test_a_strict_check_wants_the_head_up_to_date(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_status_checks=checks(("gate", app.app_id), strict=True), enforce_admins=False)
    acting.github.push(SHOP, "main", {"b.py": "b = 1\n"}, by="ada")
    acting.report(app, pull, "gate", "success")
    assert "out of date" in message(acting.merge("bob", pull))
    assert acting.ask("ann", "PUT", f"pulls/{pull.number}/update-branch", {}).status_code == 202
    acting.report(app, pull, "gate", "success")
    assert acting.merge("bob", pull).status_code == 200


def test_an_app_needs_the_permission_to_write_contents(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    answer = acting.merge(acting.token(app, pull_requests="write", contents="read"), pull)
    assert (answer.status_code, answer.json()["message"]) == (403, "Resource not accessible by integration")
    assert acting.merge(acting.token(app, contents="write"), pull).status_code == 200
    assert pull.merged_by and pull.merged_by.login == "selfmod[bot]"


def test_a_merged_branch_is_deleted_where_that_is_set(acting: Acting) -> None:
    pull = acting.pull()
    pull.repository.settings["delete_branch_on_merge"] = True
    acting.merge("bob", pull)
    assert pull.repository.git.tip("topic") is None
    assert pull.merged is not None


def _status(acting: Acting, pull: Pull, context: str, state: str) -> None:
    """A commit status of somebody with write access."""
    world = acting.github.world
    by = world.accounts["bob"]
    made = world.new(
        Status, sha=pull.head, context=context, state=state, description=None, target_url=None, creator=by, created=0
    )
    pull.repository.statuses.append(made)
