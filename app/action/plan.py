"""From a workflow's event to what is done for it. Pure; formats:
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows and
https://docs.github.com/en/webhooks/webhook-events-and-payloads (*unverified* against github.com)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from checks.model.errors import Refusal
from checks.model.safety import Proposer

WORD = "/selfmod"
"""What commands begin with (`app.commands.grammar`, which needs more libraries than a judgement does)."""
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Kind(StrEnum):
    """What is done."""

    JUDGE = "judge"
    FIX = "fix"
    ANSWER = "answer"
    """The commands of a comment."""
    WEIGH = "weigh"
    """Reviews of a pull request, anew."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Plan:
    """`base` and `head` are commits (`head` may be `HEAD`); `base` is empty where the event names none: what a new
    branch has left is to be found, `default` is the branch that it may be. `untested` says why the tests are not run,
    empty where they are. `number` is the pull request's or issue's, 0 where there is none. `author` is who proposes, or
    who commented or reviewed, `account` the number of that account; `comment` is the one that is answered, and
    `said` its text as it was written: somebody may edit it meanwhile. `group`: it is what a merge queue is about to
    merge, `into` the branch that it goes into (empty: not said)."""

    kind: Kind
    base: str = ""
    head: str = "HEAD"
    proposer: Proposer = Proposer.PERSON
    author: str = ""
    untested: str = ""
    number: int = 0
    default: str = ""
    account: int = 0
    comment: int = 0
    said: str = ""
    group: bool = False
    into: str = ""


def plan(event: str, payload: Mapping[str, Any], bots: tuple[str, ...] = ()) -> Plan:
    """What is done for an event; `bots` are the logins of the configured dependency bots.

    Raises Refusal for an event that the Action has no work for, and for a payload that lacks what is needed."""
    if event in ("schedule", "workflow_dispatch"):
        return Plan(Kind.FIX, proposer=Proposer.SELFMOD)
    if event in ("pull_request", "pull_request_target"):
        return _pull_request(event, payload, bots)
    if event == "merge_group":
        group = _mapping(payload, "merge_group")
        into = group.get("base_ref")
        into = into.removeprefix("refs/heads/") if isinstance(into, str) else ""
        return Plan(Kind.JUDGE, _commit(group, "base_sha"), _commit(group, "head_sha"), group=True, into=into)
    if event == "push":
        return _push(payload, bots)
    if event == "issue_comment":
        return _comment(payload)
    if event == "pull_request_review":
        return _review(payload)
    raise Refusal(
        f"the Action has no work for the event {event!r:.60}.",
        "Run it on pull_request, pull_request_review, issue_comment, push, merge_group, schedule or workflow_dispatch.",
    )


def _comment(payload: Mapping[str, Any]) -> Plan:
    """A comment that a person has just written and that may hold a command: its grammar says for sure, and what the
    person may do is asked when it is answered."""
    comment, issue = _mapping(payload, "comment"), _mapping(payload, "issue")
    body, sender, author = comment.get("body"), payload.get("sender"), comment.get("user")
    number, id = _number(issue, "number"), _number(comment, "id")
    counts = (
        payload.get("action") == "created"
        and isinstance(body, str)
        and WORD in body.casefold()
        and comment.get("performed_via_github_app") is None
        and not _bot(sender)
        and not _bot(author)
        and _account(sender) == _account(author) != 0
    )
    if not counts or not number or not id or not _login(sender):
        return Plan(Kind.NOTHING)
    made = Plan(Kind.ANSWER, author=_login(sender), number=number, account=_account(sender), comment=id)
    return replace(made, said=str(body))


def _review(payload: Mapping[str, Any]) -> Plan:
    """A review that may change what is approved; one that only comments does not."""
    pull, review = _mapping(payload, "pull_request"), _mapping(payload, "review")
    commented = payload.get("action") != "dismissed" and str(review.get("state")).casefold() == "commented"
    number = _number(pull, "number")
    if payload.get("action") not in ("submitted", "edited", "dismissed") or commented or not number:
        return Plan(Kind.NOTHING)
    head = _commit(_mapping(pull, "head"), "sha")
    return Plan(Kind.WEIGH, head=head, author=_login(payload.get("sender")), number=number)


def _push(payload: Mapping[str, Any], bots: tuple[str, ...]) -> Plan:
    before, after, login = _commit(payload, "before"), _commit(payload, "after"), _login(payload.get("sender"))
    if set(after) == {"0"}:
        return Plan(Kind.NOTHING)
    repository = payload.get("repository")
    default = repository.get("default_branch") if isinstance(repository, Mapping) else None
    return Plan(
        Kind.JUDGE,
        "" if set(before) == {"0"} else before,
        after,
        Proposer.DEPENDENCY_BOT if login in bots and _bot(payload.get("sender")) else Proposer.PERSON,
        login,
        default=default if isinstance(default, str) and default else "main",
        account=_account(payload.get("sender")),
    )


def _pull_request(event: str, payload: Mapping[str, Any], bots: tuple[str, ...]) -> Plan:
    pull = _mapping(payload, "pull_request")
    base, head = _mapping(pull, "base"), _mapping(pull, "head")
    author, sender = pull.get("user"), payload.get("sender")
    login = _login(author)
    # a deleted fork is null: a stranger's all the same
    ours, theirs = (side.get("repo") for side in (base, head))
    same = isinstance(ours, Mapping) and isinstance(theirs, Mapping) and ours.get("id") == theirs.get("id")
    pushed = payload.get("action") != "synchronize" or _account(sender) == _account(author)
    alone = login in bots and _bot(author) and pushed
    proposer = Proposer.FORK if not same else Proposer.DEPENDENCY_BOT if alone else Proposer.PERSON
    untested = ""
    if event == "pull_request_target":
        untested = "code of a pull request never runs under pull_request_target, which holds secrets: use pull_request"
    return Plan(
        Kind.JUDGE,
        _commit(base, "sha"),
        _commit(head, "sha"),
        proposer,
        login,
        untested,
        _number(pull, "number"),
        account=_account(author),
    )


def _mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    if not isinstance(found, Mapping):
        raise Refusal(f"the event's payload has no {key!r}.", "Run the Action in a workflow of GitHub Actions.")
    return found


def _commit(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    if not isinstance(found, str) or not _COMMIT.fullmatch(found):
        raise Refusal(f"the event's payload has no commit {key!r}.", "Run the Action in a workflow of GitHub Actions.")
    return found


def _number(value: Mapping[str, Any], key: str) -> int:
    """A number above 0, 0 for what is none."""
    found = value.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0


def _account(user: object) -> int:
    return _number(user, "id") if isinstance(user, Mapping) else 0


def _bot(user: object) -> bool:
    """Whether GitHub marks an account as an App's. A person's login has no brackets."""
    return isinstance(user, Mapping) and (user.get("type") == "Bot" or _login(user).endswith("[bot]"))


def _login(user: object) -> str:
    login = user.get("login") if isinstance(user, Mapping) else None
    return login if isinstance(login, str) else ""
