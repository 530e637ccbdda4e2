"""Registering an App from a manifest: the pages on the web, and the conversion of the code.

Source: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest. Nobody signs in to
the stand-in's pages: whoever was made first is the one who sits there. The words of the errors are *unverified*."""

import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment

from app.standin import opening
from app.standin.routing import Answer, Call, Route, gone
from app.standin.shapes.apps import integration
from app.standin.state import Account, App

LIFE = 3600.0
"""Seconds within which the code must be converted."""
KNOWN = frozenset(
    {
        "name", "url", "hook_attributes", "redirect_url", "callback_urls", "setup_url", "description", "public",
        "default_events", "default_permissions", "request_oauth_on_install", "setup_on_update",
    }
)  # fmt: skip
NEEDS = {
    "branch_protection_rule": "administration",
    "check_run": "checks",
    "check_suite": "checks",
    "commit_comment": "contents",
    "create": "contents",
    "delete": "contents",
    "issue_comment": "issues",
    "issues": "issues",
    "label": "metadata",
    "member": "members",
    "merge_group": "merge_queues",
    "milestone": "issues",
    "pull_request": "pull_requests",
    "pull_request_review": "pull_requests",
    "pull_request_review_comment": "pull_requests",
    "pull_request_review_thread": "pull_requests",
    "push": "contents",
    "release": "contents",
    "repository": "metadata",
    "repository_ruleset": "administration",
    "status": "statuses",
    "workflow_job": "actions",
    "workflow_run": "actions",
}
"""The permission that each event wants, as its description says; `installation` and the like cannot be chosen."""
_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Create GitHub App</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1f2328}</style>
</head><body><h1>Create GitHub App for {{ owner }}</h1>
{% for fault in faults %}<p role="alert">{{ fault }}</p>{% endfor %}
{% if manifest %}<form method="post" action="{{ action }}">
<input type="hidden" name="manifest" value="{{ manifest }}"><input type="hidden" name="state" value="{{ state }}">
<p><label>GitHub App name <input name="name" value="{{ name }}" required maxlength="34"></label></p>
<p><button type="submit">Create GitHub App</button></p></form>
{% else %}<p>There is no manifest: a form whose field "manifest" is one leads here.</p>{% endif %}</body></html>
"""
)


@dataclass(frozen=True)
class Pending:
    """An App whose code nobody has converted yet. `made` is seconds since the epoch."""

    app: App
    private_key: str
    made: float


def page(call: Call) -> Answer:
    """`GET`: the same page without a manifest."""
    return _shown(call, "", "", call.query.get("state", ""), [])


def posted(call: Call) -> Answer:
    """What another site's form sends: the manifest. The answer asks for the App's name."""
    text, state = str(call.body.get("manifest", "")), call.query.get("state", "")
    faults = judge(text)
    name = "" if faults else str(json.loads(text).get("name", ""))
    return _shown(call, "" if faults else text, name, state, faults)


def created(call: Call) -> Answer:
    """The page's own form: makes the App and goes back to where the manifest says, with the code."""
    text, name = str(call.body.get("manifest", "")), str(call.body.get("name", ""))
    state = str(call.body.get("state", ""))
    if faults := judge(text):
        return _shown(call, "", "", state, faults)
    manifest = json.loads(text)
    hook = manifest.get("hook_attributes") or {}
    try:
        made, private = opening.app(
            call.world,
            name=name,
            owner=_owner(call),
            webhook_url=hook.get("url", "") if hook.get("active", True) else "",
            secret=secrets.token_hex(20) if hook else "",
            permissions=dict(manifest.get("default_permissions") or {}),
            events=list(manifest.get("default_events") or ()),
            external_url=manifest["url"],
        )
    except ValueError:
        return _shown(call, text, name, state, ["Name is already taken"])
    made.description, made.setup_url = manifest.get("description"), manifest.get("setup_url") or ""
    made.callback_urls = list(manifest.get("callback_urls") or ())
    code = secrets.token_hex(20)
    call.world.manifests[code] = Pending(made, private, call.world.now())
    goal = str(manifest["redirect_url"])
    query = urlencode({"code": code} | ({"state": state} if state else {}))
    return Answer(status=302, headers={"Location": f"{goal}{'&' if urlsplit(goal).query else '?'}{query}"})


def convert(call: Call) -> Answer:
    """Once, within the hour; needs no token: the code is one."""
    pending = call.world.manifests.pop(call.params["code"], None)
    if not isinstance(pending, Pending) or call.world.now() - pending.made > LIFE:
        raise gone()
    app = pending.app
    return Answer(
        integration(call.world, app)
        | {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "webhook_secret": app.webhook_secret or None,
            "pem": pending.private_key,
        },
        status=201,
    )


def judge(text: str) -> list[str]:
    """What GitHub would not take of a manifest."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ["Error: the manifest is no JSON"]
    if not isinstance(value, dict):
        return ["Error: the manifest is no object"]
    faults = [f"Error: {name!r} is not a known key" for name in sorted(value.keys() - KNOWN)]
    faults += [f"Error: {name!r} wasn't supplied" for name in ("url", "redirect_url") if not value.get(name)]
    faults += [
        f"Error: {name!r} is not a URL"
        for name, address in _addresses(value)
        if not isinstance(address, str) or urlsplit(address).scheme not in {"http", "https"}
    ]
    return faults + _judge_events(value.get("default_events") or [], value.get("default_permissions") or {})


def _addresses(value: dict[str, Any]) -> list[tuple[str, Any]]:
    found = [(name, value[name]) for name in ("url", "redirect_url", "setup_url") if value.get(name)]
    listed = value.get("callback_urls") or []
    found += [("callback_urls", each) for each in (listed if isinstance(listed, list) else [None])]
    hook = value.get("hook_attributes")
    return found + ([("hook_attributes.url", hook.get("url") if isinstance(hook, dict) else hook)] if hook else [])


def _judge_events(events: Any, permissions: Any) -> list[str]:
    if not isinstance(events, list) or not isinstance(permissions, dict):
        return ["Error: 'default_events' is a list and 'default_permissions' an object"]
    faults = [
        f"Default permission records {name} has an invalid level {level!r}"
        for name, level in permissions.items()
        if level not in {"read", "write", "admin"}
    ]
    for event in events:
        needed = NEEDS.get(event)
        if needed is None:
            faults.append(f"Default events unsupported: {event}")
        elif needed != "metadata" and needed not in permissions:
            faults.append(f"Default events are not supported by permissions: {event}")
    return faults


def _owner(call: Call) -> Account:
    """The organisation of the path, else whoever sits at the browser."""
    if "org" in call.params:
        found = call.world.account(call.params["org"])
        if found is None or found.kind != "Organization":
            raise gone()
        return found
    people = [each for each in call.world.accounts.values() if each.kind == "User"]
    return people[0] if people else opening.account(call.world, "octocat", "User")


def _shown(call: Call, manifest: str, name: str, state: str, faults: list[str]) -> Answer:
    action = call.path.removesuffix("/new")
    text = _PAGE.render(
        owner=_owner(call).login, manifest=manifest, name=name, state=state, faults=faults, action=action
    )
    return Answer(text.encode(), status=422 if faults else 200, content_type="text/html; charset=utf-8")


_OWN, _ORG = "/settings/apps", "/organizations/{org}/settings/apps"

ROUTES = (
    *(Route("GET", f"{path}/new", "public", page) for path in (_OWN, _ORG)),
    *(Route("POST", f"{path}/new", "public", posted, body=("manifest",)) for path in (_OWN, _ORG)),
    *(Route("POST", path, "public", created, body=("manifest", "name", "state")) for path in (_OWN, _ORG)),
    Route("POST", "/app-manifests/{code}/conversions", "public", convert),
)
