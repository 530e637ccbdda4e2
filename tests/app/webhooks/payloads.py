"""Payloads of webhooks, as far as they are read, for the tests to bend."""

import json
from typing import Any

from app.model.delivery import Delivery

APP = 77
HEAD = "3f" * 20
BASE = "b5" * 20
GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
HERE = {"id": 5, "full_name": "acme/shop"}


def delivery(event: str, payload: object, guid: str = GUID) -> Delivery:
    """A delivery with this payload."""
    return Delivery(guid, event, json.dumps(payload).encode(), 1_700_000_000.0)


def common(action: str) -> dict[str, Any]:
    """What all payloads have."""
    return {
        "action": action,
        "repository": dict(HERE),
        "installation": {"id": 9},
        "sender": {"login": "ann", "id": 3, "type": "User"},
    }


def pull(action: str, **more: object) -> dict[str, Any]:
    """Of `pull_request` and `pull_request_review`."""
    return common(action) | {
        "number": 12,
        "pull_request": {"number": 12, "draft": False, "head": {"sha": HEAD}, "base": {"sha": BASE, "ref": "main"}},
        **more,
    }


def check(of: str, action: str, app: object = APP, pulls: list[Any] | None = None, **more: object) -> dict[str, Any]:
    """Of `check_run` and `check_suite`."""
    listed = [{"number": 12, "base": {"repo": {"id": 5}}}] if pulls is None else pulls
    return common(action) | {of: {"head_sha": HEAD, "app": {"id": app}, "pull_requests": listed}, **more}


def comment(body: str, action: str = "created", **more: object) -> dict[str, Any]:
    """Of `issue_comment`."""
    said = {"id": 41, "body": body, "user": {"id": 3, "login": "ann"}, "created_at": "2026-11-02T10:00:00Z"}
    said |= {"performed_via_github_app": None, **more}
    return common(action) | {"issue": {"number": 12}, "comment": said}


def push(ref: str = "refs/heads/main", *paths: str, **more: object) -> dict[str, Any]:
    """Of `push`, which has no action: one commit that modified these paths."""
    said = {key: value for key, value in common("").items() if key != "action"}
    commits = [{"id": HEAD, "added": [], "removed": [], "modified": ["src/a.py", *paths]}]
    return said | {
        "ref": ref, "before": BASE, "after": HEAD, "created": False, "deleted": False, "forced": False,
        "commits": commits, **more,
    }  # fmt: skip


def group(action: str = "checks_requested") -> dict[str, Any]:
    """Of `merge_group`."""
    return common(action) | {"merge_group": {"head_sha": HEAD, "base_sha": BASE}}
