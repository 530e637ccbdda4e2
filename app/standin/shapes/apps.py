"""Apps, installations and deliveries of webhooks."""

import json
from typing import Any

from app.standin.shapes.people import user
from app.standin.state import App, Delivery, Installation, World, iso, iso_or_none


def integration(world: World, app: App, whole: bool = False) -> dict[str, Any]:
    """GitHub's `integration`; `whole` with the number of installations, as `GET /app` gives it."""
    shape: dict[str, Any] = {
        "id": app.id,
        "client_id": app.client_id,
        "slug": app.slug,
        "node_id": app.node_id,
        "owner": user(world, app.owner),
        "name": app.name,
        "description": app.description,
        "external_url": app.external_url,
        "html_url": f"{world.web_url}/apps/{app.slug}",
        "created_at": iso(app.created),
        "updated_at": iso(app.created),
        "permissions": app.permissions,
        "events": app.events,
    }
    if whole:
        shape["installations_count"] = sum(1 for one in world.installations.values() if one.app is app)
    return shape


def installation(world: World, one: Installation) -> dict[str, Any]:
    home = f"organizations/{one.account.login}/settings" if one.account.kind == "Organization" else "settings"
    return {
        "id": one.id,
        "client_id": one.app.client_id,
        "account": user(world, one.account),
        "repository_selection": one.selection,
        "access_tokens_url": f"{world.url}/app/installations/{one.id}/access_tokens",
        "repositories_url": f"{world.url}/installation/repositories",
        "html_url": f"{world.web_url}/{home}/installations/{one.id}",
        "app_id": one.app.id,
        "app_slug": one.app.slug,
        "target_id": one.account.id,
        "target_type": one.account.kind,
        "permissions": one.permissions,
        "events": one.app.events,
        "created_at": iso(one.created),
        "updated_at": iso(one.created),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user(world, one.account) if one.suspended is not None else None,
        "suspended_at": iso_or_none(one.suspended),
    }


def hook_config(app: App) -> dict[str, Any]:
    """The secret is never shown."""
    return app.hook | {"url": app.webhook_url} | ({"secret": "********"} if app.webhook_secret else {})


def delivery(one: Delivery, whole: bool = False) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": one.id,
        "guid": one.guid,
        "delivered_at": iso(one.delivered),
        "redelivery": one.redelivery,
        "duration": round(one.duration, 2),
        "status": one.status,
        "status_code": one.status_code,
        "event": one.event,
        "action": one.action,
        "installation_id": one.installation,
        "repository_id": one.repository,
        "throttled_at": None,
    }
    if whole:
        shape |= {
            "url": one.url,
            "request": {"headers": one.headers, "payload": json.loads(one.body)},
            "response": {"headers": one.answer_headers or None, "payload": one.answer},
        }
    return shape
