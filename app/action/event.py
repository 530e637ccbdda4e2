"""The event that started the workflow, and the commits that it is about as this clone has them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.action.plan import Plan
from checks.model.errors import Refusal
from checks.repository import git, history

LIMIT = 25 * 1024 * 1024
"""Bytes of an event's payload (https://docs.github.com/en/webhooks/webhook-events-and-payloads)."""
_HINT = "Run the Action in a workflow of GitHub Actions."
_DEEPER = "Give actions/checkout `fetch-depth: 0`."


def payload(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """The payload that the runner has written. Raises Refusal for one that is missing, too large or no JSON object."""
    place = environment.get("GITHUB_EVENT_PATH", "")
    try:
        with Path(place).open("rb") as file:
            content = file.read(LIMIT + 1)
    except (OSError, ValueError):
        raise Refusal("the event's payload cannot be read.", _HINT) from None
    if len(content) > LIMIT:
        raise Refusal(f"the event's payload is larger than {LIMIT // 1024**2} MiB.", _HINT)
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise Refusal("the event's payload is no JSON.", _HINT) from None
    if not isinstance(value, dict):
        raise Refusal("the event's payload is no JSON object.", _HINT)
    return value


def repository(path: Path) -> Path:
    """The root of the repository in a folder of the workspace. Raises Refusal where there is none."""
    git.refuse_outward(path)
    root = git.find_root(path)
    if root is None:
        raise Refusal(f"{path} is in no git repository.", "Check it out first: actions/checkout with `fetch-depth: 0`.")
    return root


def located(root: Path, plan: Plan) -> Plan | None:
    """The plan with commits that are there: `base` is found where the event names none. None where there is nothing
    that the head could be compared with. Raises Refusal, with what to fetch, for a commit that is not there."""
    if not _there(root, plan.head):
        raise _missing(root, plan, "head", plan.head)
    # a push that rewrote the branch: no branch holds what was there before, so nothing brings it here
    rewritten = plan.number == 0 and plan.default and not history.shallow(root)
    if plan.base and (_there(root, plan.base) or not rewritten):
        if not _there(root, plan.base):
            raise _missing(root, plan, "base", plan.base)
        return plan
    for rev in (f"refs/remotes/origin/{plan.default}", f"{plan.head}^"):
        base = _there(root, rev)
        if base and base != plan.head:
            return replace(plan, base=base)
    if history.shallow(root):
        raise Refusal("what came before this branch is not in this clone, which is shallow.", _DEEPER)
    return None


def _there(root: Path, rev: str) -> str:
    """The commit that a revision names in this clone, empty for none."""
    try:
        return history.resolve(root, rev)
    except Refusal:
        return ""


def _missing(root: Path, plan: Plan, side: str, commit: str) -> Refusal:
    shallow = history.shallow(root)
    reason = f"the {side} commit {commit[:10]} is not in this clone{', which is shallow' if shallow else ''}."
    if plan.number and side == "head":
        fetch = f"git fetch origin pull/{plan.number}/head"
        return Refusal(reason, f"{_DEEPER} Under pull_request_target fetch it, and check nothing out: {fetch}")
    return Refusal(reason, _DEEPER)
