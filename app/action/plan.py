"""From a workflow's event to what is done for it. Pure; formats:
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows and
https://docs.github.com/en/webhooks/webhook-events-and-payloads (*unverified* against github.com)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.model.errors import Refusal
from checks.model.safety import Proposer

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Kind(StrEnum):
    """What is done."""

    JUDGE = "judge"
    FIX = "fix"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Plan:
    """`base` and `head` are commits (`head` may be `HEAD`); `base` is empty where the event names none: what a new
    branch has left is to be found, `default` is the branch that it may be. `untested` says why the tests are not run,
    empty where they are. `number` is the pull request's, 0 where there is none."""

    kind: Kind
    base: str = ""
    head: str = "HEAD"
    proposer: Proposer = Proposer.PERSON
    author: str = ""
    untested: str = ""
    number: int = 0
    default: str = ""


def plan(event: str, payload: Mapping[str, Any], bots: tuple[str, ...] = ()) -> Plan:
    """What is done for an event; `bots` are the logins of the configured dependency bots.

    Raises Refusal for an event that the Action has no work for, and for a payload that lacks what is needed."""
    if event in ("schedule", "workflow_dispatch"):
        return Plan(Kind.FIX, proposer=Proposer.SELFMOD)
    if event in ("pull_request", "pull_request_target"):
        return _pull_request(event, payload, bots)
    if event == "merge_group":
        group = _mapping(payload, "merge_group")
        return Plan(Kind.JUDGE, _commit(group, "base_sha"), _commit(group, "head_sha"))
    if event == "push":
        return _push(payload, bots)
    raise Refusal(
        f"the Action has no work for the event {event!r:.60}.",
        "Run it on pull_request, push, merge_group, schedule or workflow_dispatch.",
    )


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
        Proposer.DEPENDENCY_BOT if login in bots else Proposer.PERSON,
        login,
        default=default if isinstance(default, str) and default else "main",
    )


def _pull_request(event: str, payload: Mapping[str, Any], bots: tuple[str, ...]) -> Plan:
    pull = _mapping(payload, "pull_request")
    base, head = _mapping(pull, "base"), _mapping(pull, "head")
    login = _login(pull.get("user"))
    # a deleted fork is null: a stranger's all the same
    ours, theirs = (side.get("repo") for side in (base, head))
    same = isinstance(ours, Mapping) and isinstance(theirs, Mapping) and ours.get("id") == theirs.get("id")
    proposer = Proposer.FORK if not same else Proposer.DEPENDENCY_BOT if login in bots else Proposer.PERSON
    number = pull.get("number")
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
        number if isinstance(number, int) and number > 0 else 0,
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


def _login(user: object) -> str:
    login = user.get("login") if isinstance(user, Mapping) else None
    return login if isinstance(login, str) else ""
