"""From a workflow's event to what is done for it."""

from typing import Any

import pytest

from app.action.plan import Kind, Plan, plan
from checks.model.errors import Refusal
from checks.model.safety import Proposer

A, B, ZERO = "a" * 40, "b" * 40, "0" * 40
BOTS = ("renovate[bot]",)


def user(login: str, id: int = 5) -> dict[str, Any]:
    return {"login": login, "id": id, "type": "Bot" if login.endswith("[bot]") else "User"}


def pull(login: str = "ann", theirs: object = 1, action: str = "opened", sender: str = "") -> dict[str, Any]:
    return {
        "action": action,
        "sender": user(sender, 6) if sender else user(login),
        "pull_request": {
            "number": 7,
            "user": user(login),
            "base": {"sha": A, "repo": {"id": 1}},
            "head": {"sha": B, "repo": {"id": theirs} if theirs is not None else None},
        },
    }


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("pull_request", pull(), Plan(Kind.JUDGE, A, B, Proposer.PERSON, "ann", number=7, account=5)),
        ("pull_request", pull(theirs=2), Plan(Kind.JUDGE, A, B, Proposer.FORK, "ann", number=7, account=5)),
        ("pull_request", pull(theirs=None), Plan(Kind.JUDGE, A, B, Proposer.FORK, "ann", number=7, account=5)),
        ("pull_request", pull(BOTS[0]), Plan(Kind.JUDGE, A, B, Proposer.DEPENDENCY_BOT, BOTS[0], number=7, account=5)),
        (
            "pull_request",
            pull(BOTS[0], action="synchronize", sender="ann"),
            Plan(Kind.JUDGE, A, B, Proposer.PERSON, BOTS[0], number=7, account=5),
        ),
        (
            "pull_request",
            pull(BOTS[0], action="labeled", sender="ann"),
            Plan(Kind.JUDGE, A, B, Proposer.DEPENDENCY_BOT, BOTS[0], number=7, account=5),
        ),
        ("pull_request", pull(BOTS[0], 2), Plan(Kind.JUDGE, A, B, Proposer.FORK, BOTS[0], number=7, account=5)),
        ("merge_group", {"merge_group": {"base_sha": A, "head_sha": B}}, Plan(Kind.JUDGE, A, B, group=True)),
        (
            "merge_group",
            {"merge_group": {"base_sha": A, "head_sha": B, "base_ref": "refs/heads/release/2"}},
            Plan(Kind.JUDGE, A, B, group=True, into="release/2"),
        ),
        (
            "push",
            {"before": A, "after": B, "sender": {"login": "ann"}},
            Plan(Kind.JUDGE, A, B, author="ann", default="main"),
        ),
        (
            "push",
            {"before": ZERO, "after": B, "repository": {"default_branch": "trunk"}},
            Plan(Kind.JUDGE, "", B, default="trunk"),
        ),
        (
            "push",
            {"before": A, "after": B, "repository": {"default_branch": ["x"]}},
            Plan(Kind.JUDGE, A, B, default="main"),
        ),
        ("push", {"before": A, "after": ZERO}, Plan(Kind.NOTHING)),
        ("schedule", {"schedule": "0 4 * * 1"}, Plan(Kind.FIX, proposer=Proposer.SELFMOD)),
        ("workflow_dispatch", {}, Plan(Kind.FIX, proposer=Proposer.SELFMOD)),
    ],
)
def test_plan(event: str, payload: dict[str, Any], expected: Plan) -> None:
    assert plan(event, payload, BOTS) == expected


def test_code_of_a_pull_request_never_runs_where_there_are_secrets() -> None:
    made = plan("pull_request_target", pull(theirs=2), BOTS)
    assert made.kind is Kind.JUDGE
    assert "never runs under pull_request_target" in made.untested


@pytest.mark.parametrize(
    ("event", "payload", "said"),
    [
        ("issue_comment", {}, "no 'comment'"),
        ("pull_request_review", {"pull_request": {}}, "no 'review'"),
        ("pull_request_comment", {}, "no work for the event 'pull_request_comment'.*issue_comment"),
        ("", {}, "no work for the event ''"),
        ("pull_request", {}, "no 'pull_request'"),
        ("pull_request", {"pull_request": []}, "no 'pull_request'"),
        ("pull_request", {"pull_request": {"base": {"sha": A}}}, "no 'head'"),
        ("push", {"before": "--upload-pack=x", "after": B}, "no commit 'before'"),
        ("push", {"before": A, "after": 5}, "no commit 'after'"),
        ("merge_group", {"merge_group": {"base_sha": "main"}}, "no commit 'base_sha'"),
    ],
)
def test_a_payload_that_lacks_what_is_needed_is_refused(event: str, payload: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        plan(event, payload, BOTS)


def comment(**changes: Any) -> dict[str, Any]:
    made = {"id": 99, "body": "/selfmod review", "user": user("ann"), "performed_via_github_app": None}
    whole = {"action": "created", "issue": {"number": 7}, "sender": user("ann"), "comment": made}
    for name, value in changes.items():
        (made if name in made else whole)[name] = value
    return whole


def test_a_command_of_a_person_is_answered() -> None:
    payload = comment()
    said = payload["comment"]["body"]
    expected = Plan(Kind.ANSWER, author="ann", number=7, account=5, comment=99, said=said)
    assert plan("issue_comment", payload) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "edited"},
        {"action": "deleted"},
        {"body": "Looks good"},
        {"body": None},
        {"user": user("helper[bot]")},
        {"sender": user("helper[bot]")},
        {"sender": user("bob", 6)},
        {"user": None},
        {"performed_via_github_app": {"id": 1}},
        {"issue": {"number": "7"}},
        {"id": 0},
    ],
)
def test_every_other_comment_is_left_alone(changes: dict[str, Any]) -> None:
    assert plan("issue_comment", comment(**changes)) == Plan(Kind.NOTHING)


@pytest.mark.parametrize(
    ("action", "state", "kind"),
    [
        ("submitted", "approved", Kind.WEIGH),
        ("submitted", "changes_requested", Kind.WEIGH),
        ("edited", "approved", Kind.WEIGH),
        ("dismissed", "dismissed", Kind.WEIGH),
        ("submitted", "commented", Kind.NOTHING),
        ("unknown", "approved", Kind.NOTHING),
    ],
)
def test_reviews_are_weighed_where_they_may_change_something(action: str, state: str, kind: Kind) -> None:
    payload = pull(action=action) | {"review": {"state": state}}
    assert plan("pull_request_review", payload).kind is kind
