"""What happened, told to the watchers and to the Apps' webhooks, with payloads as GitHub's.

Sources: https://docs.github.com/en/webhooks/webhook-events-and-payloads and `@octokit/openapi-webhooks`."""

import hashlib
import hmac
import json
import secrets
from typing import Any

from app.standin.git import ZERO
from app.standin.shapes import apps, checks, commits, issues, people, pulls, repositories
from app.standin.state import (
    Account,
    App,
    Comment,
    Delivery,
    Installation,
    Issue,
    Pull,
    Repository,
    Run,
    Status,
    Suite,
    Team,
    World,
    iso,
)

ALWAYS = frozenset({"ping", "installation", "installation_repositories", "installation_target"})
"""Sent to every App, subscribed or not."""


def emit(
    world: World,
    event: str,
    subject: Any,
    payload: dict[str, Any],
    repository: Repository,
    sender: Account,
    only: App | None = None,
) -> None:
    """Tells every App that is installed on the repository and subscribed to the event (`only` this one where it is
    given, subscribed or not), and then the watchers `event` or `event.action` with the subject."""
    told = payload | {"repository": repositories.hooked(world, repository), "sender": people.user(world, sender)}
    if repository.owner.kind == "Organization":
        told["organization"] = people.simple_organisation(world, repository.owner)
    for installation in world.installed(repository):
        app = installation.app
        if (only is app) if only else (event in app.events):
            deliver(world, app, event, told, installation, repository)
    action = payload.get("action")
    for watch in list(world.watchers):
        watch(world, f"{event}.{action}" if action else event, subject)


def deliver(
    world: World,
    app: App,
    event: str,
    payload: dict[str, Any],
    installation: Installation | None = None,
    repository: Repository | None = None,
) -> Delivery:
    """Signs and queues one delivery to one App."""
    if installation and "installation" not in payload:
        node = f"MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u{installation.id}"
        payload = payload | {"installation": {"id": installation.id, "node_id": node}}
    body = json.dumps(payload, separators=(",", ":")).encode()
    raw = secrets.token_hex(16)
    guid = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))
    headers = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": f"GitHub-Hookshot/{raw[:7]}",
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
    }
    if app.webhook_secret:
        key = app.webhook_secret.encode()
        headers["X-Hub-Signature"] = f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}"
        headers["X-Hub-Signature-256"] = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
    made = world.new(
        Delivery,
        app=app,
        guid=guid,
        event=event,
        action=payload.get("action"),
        body=body,
        headers=headers,
        url=app.webhook_url,
        installation=installation.id if installation else None,
        repository=repository.id if repository else None,
        delivered=world.now(),
    )
    app.deliveries.append(made)
    world.send(made)
    return made


def ping(world: World, app: App) -> None:
    hook = {
        "type": "App",
        "id": app.id,
        "name": "web",
        "active": True,
        "app_id": app.id,
        "events": app.events,
        "config": apps.hook_config(app),
        "updated_at": iso(world.now()),
        "created_at": iso(app.created),
        "deliveries_url": f"{world.url}/app/hook/deliveries",
    }
    deliver(world, app, "ping", {"zen": "Keep it logically awesome.", "hook_id": app.id, "hook": hook})


def installation(world: World, one: Installation, action: str, sender: Account, **rest: Any) -> None:
    """`created`, `deleted`, `suspend`, `unsuspend`."""
    payload = {
        "action": action,
        "installation": apps.installation(world, one),
        "repositories": [repositories.tiny(repository) for repository in one.repositories],
        "requester": None,
        "sender": people.user(world, sender),
    }
    deliver(world, one.app, "installation", payload | rest, one)


def installation_repositories(
    world: World, one: Installation, added: list[Repository], removed: list[Repository], sender: Account
) -> None:
    payload = {
        "action": "added" if added else "removed",
        "installation": apps.installation(world, one),
        "repository_selection": one.selection,
        "repositories_added": [repositories.tiny(repository) for repository in added],
        "repositories_removed": [repositories.tiny(repository) for repository in removed],
        "requester": None,
        "sender": people.user(world, sender),
    }
    deliver(world, one.app, "installation_repositories", payload, one)


def push(world: World, repository: Repository, ref: str, before: str, after: str, by: Account) -> None:
    """`before` or `after` are zeros where the branch is made or deleted."""
    git, made, gone = repository.git, before == ZERO, after == ZERO
    shas = [] if gone else git.log(after, git.tip(repository.default_branch) if made else before, most=20)[::-1]
    told = [commits.pushed(world, repository, sha, None) for sha in shas]
    web = f"{world.web_url}/{repository.full_name}/compare"
    payload = {
        "ref": ref,
        "before": before,
        "after": after,
        "created": made,
        "deleted": gone,
        "forced": not made and not gone and not git.is_ancestor(before, after),
        "base_ref": None,
        "compare": f"{web}/{before[:12]}...{after[:12]}",
        "commits": told,
        "head_commit": None if gone else commits.pushed(world, repository, after, None),
        "pusher": {"name": by.login, "email": by.email or None},
    }
    emit(world, "push", repository, payload, repository, by)


def pull_request(world: World, pull: Pull, action: str, by: Account, **rest: Any) -> None:
    """`rest` are the action's own fields: `before` and `after`, `changes`, `label`, `requested_reviewer`, …"""
    known = pull.computed[2] is not None if pull.computed[:2] == (pull.head, pull.base_sha) else None
    payload = {"action": action, "number": pull.number, "pull_request": pulls.pull(world, pull, known)}
    emit(world, "pull_request", pull, payload | rest, pull.repository, by)


def review_requested(world: World, pull: Pull, action: str, by: Account, who: Account | Team) -> None:
    """`review_requested` or `review_request_removed`, once for each person or team."""
    if isinstance(who, Team):
        pull_request(world, pull, action, by, requested_team=people.team(world, who))
    else:
        pull_request(world, pull, action, by, requested_reviewer=people.user(world, who))


def issue(world: World, one: Issue, action: str, by: Account, **rest: Any) -> None:
    payload = {"action": action, "issue": issues.hooked(world, one)}
    emit(world, "issues", one, payload | rest, one.repository, by)


def issue_comment(world: World, one: Comment, action: str, by: Account, **rest: Any) -> None:
    """`created`, `edited` (with `changes`), `deleted`; on pull requests too."""
    payload = {
        "action": action,
        "issue": issues.hooked(world, one.issue),
        "comment": issues.comment(world, one),
    }
    emit(world, "issue_comment", one, payload | rest, one.issue.repository, by)


def check_run(world: World, one: Run, action: str, by: Account, **rest: Any) -> None:
    """`rerequested` and `requested_action` go to the App whose run it is, the others to whoever subscribed."""
    only = one.suite.app if action in {"rerequested", "requested_action"} else None
    payload = {"action": action, "check_run": checks.hooked_run(world, one)}
    emit(world, "check_run", one, payload | rest, one.suite.repository, by, only)


def check_suite(world: World, one: Suite, action: str, by: Account) -> None:
    only = one.app if action in {"requested", "rerequested"} else None
    payload = {"action": action, "check_suite": checks.hooked_suite(world, one)}
    emit(world, "check_suite", one, payload, one.repository, by, only)


def status(world: World, repository: Repository, one: Status, by: Account) -> None:
    commit = commits.commit(world, repository, one.sha)
    tips = {ref: sha for ref, sha in repository.git.refs("refs/heads/").items() if sha == one.sha}
    payload = {
        "id": one.id,
        "sha": one.sha,
        "name": repository.full_name,
        "target_url": one.target_url,
        "avatar_url": None,
        "context": one.context,
        "description": one.description,
        "state": one.state,
        "commit": commit,
        "branches": [
            {"name": ref.removeprefix("refs/heads/"), "commit": {"sha": sha, "url": commit["url"]}, "protected": False}
            for ref, sha in tips.items()
        ],
        "created_at": iso(one.created),
        "updated_at": iso(one.created),
    }
    emit(world, "status", (repository, one), payload, repository, by)


def merge_group(world: World, pull: Pull, action: str, ref: str, head: str, by: Account, **rest: Any) -> None:
    """`ref` is the temporary branch, with `refs/heads/`."""
    group = {
        "head_sha": head,
        "head_ref": ref,
        "base_sha": pull.base_sha,
        "base_ref": f"refs/heads/{pull.base_ref}",
        "head_commit": commits.simple(pull.repository, head),
    }
    emit(world, "merge_group", pull, {"action": action, "merge_group": group} | rest, pull.repository, by)
