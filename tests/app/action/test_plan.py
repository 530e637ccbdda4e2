"""From a workflow's event to what is done for it."""

from typing import Any

import pytest

from app.action.plan import Kind, Plan, plan
from checks.model.errors import Refusal
from checks.model.safety import Proposer

A, B, ZERO = "a" * 40, "b" * 40, "0" * 40
BOTS = ("renovate[bot]",)


def pull(login: str = "ann", theirs: object = 1) -> dict[str, Any]:
    return {
        "pull_request": {
            "number": 7,
            "user": {"login": login},
            "base": {"sha": A, "repo": {"id": 1}},
            "head": {"sha": B, "repo": {"id": theirs} if theirs is not None else None},
        }
    }


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("pull_request", pull(), Plan(Kind.JUDGE, A, B, Proposer.PERSON, "ann", number=7)),
        ("pull_request", pull(theirs=2), Plan(Kind.JUDGE, A, B, Proposer.FORK, "ann", number=7)),
        ("pull_request", pull(theirs=None), Plan(Kind.JUDGE, A, B, Proposer.FORK, "ann", number=7)),
        ("pull_request", pull(BOTS[0]), Plan(Kind.JUDGE, A, B, Proposer.DEPENDENCY_BOT, BOTS[0], number=7)),
        ("pull_request", pull(BOTS[0], 2), Plan(Kind.JUDGE, A, B, Proposer.FORK, BOTS[0], number=7)),
        ("merge_group", {"merge_group": {"base_sha": A, "head_sha": B}}, Plan(Kind.JUDGE, A, B)),
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
        ("issue_comment", {}, "no work for the event 'issue_comment'"),
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
