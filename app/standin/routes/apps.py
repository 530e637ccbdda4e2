"""The App as itself: installations, tokens, the webhook and its deliveries."""

from typing import Any

from app.standin import auth, events
from app.standin.routing import Answer, Call, Problem, Route, gone
from app.standin.shapes import apps, repositories
from app.standin.state import App, Delivery, Installation, Repository, iso

LEVELS = ("none", "read", "write", "admin")


def _app(call: Call) -> App:
    if call.caller.jwt_app is None:
        raise Problem(401, "A JSON web token could not be decoded")
    return call.caller.jwt_app


def _installation(call: Call) -> Installation:
    found = call.world.installations.get(call.number("installation_id"))
    if found is None or found.app is not _app(call):
        raise gone()
    return found


def get_app(call: Call) -> Answer:
    return Answer(apps.integration(call.world, _app(call), whole=True))


def get_by_slug(call: Call) -> Answer:
    """What anybody may read of an App that is public, as all of them are here."""
    found = next((each for each in call.world.apps.values() if each.slug == call.params["slug"]), None)
    if found is None:
        raise gone()
    return Answer(apps.integration(call.world, found))


def list_installations(call: Call) -> Answer:
    found = [one for one in call.world.installations.values() if one.app is _app(call)]
    return call.paged(found, lambda one: apps.installation(call.world, one))


def get_installation(call: Call) -> Answer:
    return Answer(apps.installation(call.world, _installation(call)))


def delete_installation(call: Call) -> Answer:
    found = _installation(call)
    del call.world.installations[found.id]
    events.installation(call.world, found, "deleted", found.account)
    return Answer(status=204)


def installation_of_repository(call: Call) -> Answer:
    for one in call.world.installed(call.repository):
        if one.app is _app(call):
            return Answer(apps.installation(call.world, one))
    raise gone()


def installation_of_account(call: Call) -> Answer:
    login = call.params.get("org") or call.params["username"]
    for one in call.world.installations.values():
        if one.app is _app(call) and one.account.login.casefold() == login.casefold():
            return Answer(apps.installation(call.world, one))
    raise gone()


def create_token(call: Call) -> Answer:
    """Restricted to `repositories` (names) or `repository_ids` and to `permissions`; 422 for more than there is."""
    one = _installation(call)
    if one.suspended is not None:
        raise Problem(403, "This installation has been suspended")
    chosen = _chosen(call, one)
    permissions = dict(one.permissions)
    asked = call.body.get("permissions")
    if asked is not None:
        if not isinstance(asked, dict):
            raise Problem(422, "Invalid request.\n\nFor 'properties/permissions', it is not an object.")
        for name, level in asked.items():
            has = one.permissions.get(name, "none")
            if level not in LEVELS[1:] or LEVELS.index(has) < LEVELS.index(level):
                raise Problem(422, "The permissions requested are not granted to this installation.")
        permissions = {"metadata": "read"} | asked
    token = auth.installation_token(call.world, one, chosen, permissions)
    answer: dict[str, Any] = {
        "token": token.value,
        "expires_at": iso(token.expires or 0),
        "permissions": permissions,
        "repository_selection": one.selection if chosen is None else "selected",
    }
    if chosen is not None:
        answer["repositories"] = [repositories.repository(call.world, each) for each in chosen]
    return Answer(answer, 201)


def _chosen(call: Call, one: Installation) -> list[Repository] | None:
    names, ids = call.body.get("repositories"), call.body.get("repository_ids")
    if names is None and ids is None:
        return None
    chosen = [each for each in one.repositories if each.name in (names or ()) or each.id in (ids or ())]
    if len(chosen) < len(set(names or ())) + len(set(ids or ())) or not chosen:
        text = "There is at least one repository that does not exist or is not accessible to the parent installation."
        raise Problem(422, text)
    return chosen


def revoke_token(call: Call) -> Answer:
    if call.caller.token:
        del call.world.tokens[call.caller.token.value]
    return Answer(status=204)


def installation_repositories(call: Call) -> Answer:
    token = call.caller.token
    if token is None or token.installation is None:
        raise gone()
    found = token.installation.repositories if token.repositories is None else token.repositories
    answer = call.paged(found, lambda one: repositories.repository(call.world, one), wrap="repositories")
    answer.body["repository_selection"] = token.installation.selection
    return answer


def get_hook(call: Call) -> Answer:
    return Answer(apps.hook_config(_app(call)))


def update_hook(call: Call) -> Answer:
    app = _app(call)
    for name in ("content_type", "insecure_ssl"):
        if name in call.body:
            app.hook[name] = str(call.body[name])
    app.webhook_url = str(call.body.get("url", app.webhook_url))
    app.webhook_secret = str(call.body.get("secret", app.webhook_secret))
    return Answer(apps.hook_config(app))


def list_deliveries(call: Call) -> Answer:
    """The newest first, paged by a cursor in the Link header; `status` is success or failure."""
    found = [one for one in reversed(_app(call).deliveries) if one.status != "PENDING"]
    wanted = call.query.get("status")
    if wanted in {"success", "failure"}:
        found = [one for one in found if (one.status == "OK") == (wanted == "success")]
    size, cursor = call.page[1], call.query.get("cursor", "")
    if cursor:
        number = cursor.removeprefix("v1_")
        if not number.isdecimal():
            raise Problem(400, "Invalid cursor")
        found = [one for one in found if one.id <= int(number)]
    headers = {}
    if len(found) > size:
        headers["Link"] = (
            f"<{call.world.url}/app/hook/deliveries?per_page={size}&cursor=v1_{found[size].id}"
            + (f"&status={wanted}" if wanted else "")
            + '>; rel="next"'
        )
    return Answer([apps.delivery(one) for one in found[:size]], headers=headers)


def _delivery(call: Call) -> Delivery:
    for one in _app(call).deliveries:
        if one.id == call.number("delivery_id"):
            return one
    raise gone()


def get_delivery(call: Call) -> Answer:
    return Answer(apps.delivery(_delivery(call), whole=True))


def redeliver(call: Call) -> Answer:
    call.world.resend(_delivery(call))
    return Answer({}, 202)


ROUTES = (
    Route("GET", "/app", "app", get_app),
    Route("GET", "/apps/{slug}", "public", get_by_slug),
    Route("GET", "/app/installations", "app", list_installations),
    Route("GET", "/app/installations/{installation_id}", "app", get_installation),
    Route("DELETE", "/app/installations/{installation_id}", "app", delete_installation),
    Route(
        "POST",
        "/app/installations/{installation_id}/access_tokens",
        "app",
        create_token,
        body=("repositories", "repository_ids", "permissions"),
    ),
    Route("GET", "/repos/{owner}/{repo}/installation", "app", installation_of_repository),
    Route("GET", "/orgs/{org}/installation", "app", installation_of_account),
    Route("GET", "/users/{username}/installation", "app", installation_of_account),
    Route("DELETE", "/installation/token", "installation", revoke_token),
    Route("GET", "/installation/repositories", "installation", installation_repositories),
    Route("GET", "/app/hook/config", "app", get_hook),
    Route("PATCH", "/app/hook/config", "app", update_hook, body=("url", "content_type", "secret", "insecure_ssl")),
    Route("GET", "/app/hook/deliveries", "app", list_deliveries),
    Route("GET", "/app/hook/deliveries/{delivery_id}", "app", get_delivery),
    Route("POST", "/app/hook/deliveries/{delivery_id}/attempts", "app", redeliver, body=None),
)
