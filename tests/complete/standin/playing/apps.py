"""The App as itself, its installations and its webhook; accounts and the repository's people."""

import json
from base64 import b64encode
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.complete.standin.stage import SHOP, Stage

MANIFEST = {
    "name": "Another",
    "url": "https://another.example",
    "hook_attributes": {"url": "https://another.example/hook"},
    "redirect_url": "https://another.example/done",
    "callback_urls": ["https://another.example/signed-in"],
    "default_permissions": {"checks": "write"},
    "default_events": ["check_run"],
}


def play(stage: Stage) -> None:
    own = stage.as_app
    slug = stage.ask(own, "GET", "/app")["slug"]
    stage.ask("ada", "GET", f"/apps/{slug}")
    stage.ask("ada", "GET", "/apps/no-such-app", None, 404)
    stage.ask(own, "GET", "/app/installations?per_page=1")
    one = f"/app/installations/{stage.installation}"
    stage.ask(own, "GET", one)
    stage.ask(own, "GET", f"/repos/{SHOP}/installation")
    stage.ask(own, "GET", "/orgs/acme/installation")
    body = {"repositories": ["shop"], "permissions": {"checks": "write", "contents": "read"}}
    stage.ask(own, "POST", f"{one}/access_tokens", body, 201)
    stage.bot = stage.ask(own, "POST", f"{one}/access_tokens", None, 201)["token"]
    stage.ask(own, "POST", f"{one}/access_tokens", {"repositories": ["nowhere"]}, 422)
    stage.ask(stage.bot, "GET", "/installation/repositories?per_page=10")
    spare = stage.ask(own, "POST", f"{one}/access_tokens", {"permissions": {"issues": "read"}}, 201)["token"]
    stage.ask(spare, "DELETE", "/installation/token", None, 204)
    stage.ask(spare, "GET", "/installation/repositories", None, 401)
    stage.ask("nonsense", "GET", "/app", None, 401)
    stage.ask("", "GET", "/user", None, 401)
    _hook(stage)
    _accounts(stage)
    _people(stage)
    _repositories(stage)
    _manifest(stage)
    _signing(stage)


def _hook(stage: Stage) -> None:
    own = stage.as_app
    config = stage.ask(own, "GET", "/app/hook/config")
    stage.ask(own, "PATCH", "/app/hook/config", {"url": config["url"], "content_type": "json"})
    stage.github.hooks.settle()
    listed = stage.ask(own, "GET", "/app/hook/deliveries?per_page=2")
    stage.ask(own, "GET", f"/app/hook/deliveries/{listed[0]['id']}")
    stage.ask(own, "POST", f"/app/hook/deliveries/{listed[0]['id']}/attempts", None, 202)
    stage.ask(own, "GET", "/app/hook/deliveries/1", None, 404)


def _accounts(stage: Stage) -> None:
    for path in ("/", "/meta", "/rate_limit", "/user", "/users/bob", "/orgs/acme"):
        stage.ask("ada", "GET", path)
    stage.ask("ada", "GET", "/users/nobody-here", None, 404)
    for path in ("", "/members?per_page=5", "/repos"):
        stage.ask(stage.bot, "GET", f"/orgs/acme/teams/core{path}")
    stage.github.repository("ann/own", {"a.txt": "a\n"}, private=True)
    installed = stage.github.install(stage.app, ["ann/own"])
    stage.ask(stage.as_app, "GET", "/users/ann/installation")
    stage.ask("eve", "GET", "/repos/ann/own", None, 404)
    stage.github.repository("ann/more", {"a.txt": "a\n"})
    stage.github.install(stage.app, ["ann/more"])
    stage.ask(stage.as_app, "DELETE", f"/app/installations/{installed}", None, 204)


def _people(stage: Stage) -> None:
    stage.ask("eve", "GET", "")
    stage.ask("eve", "PATCH", "", {"description": "No"}, 403)
    stage.ask("ada", "PATCH", "", {"description": "A shop", "allow_auto_merge": True, "delete_branch_on_merge": False})
    stage.ask("ada", "GET", "teams")
    stage.ask("ada", "GET", "collaborators?affiliation=all&permission=push")
    stage.ask("ada", "GET", "collaborators/ann", None, 204)
    stage.ask("ada", "GET", "collaborators/nobody-here", None, 404)
    stage.ask(stage.bot, "GET", "collaborators/meg/permission")
    stage.ask(stage.bot, "GET", "collaborators/nobody-here/permission", None, 404)
    stage.github.person("kim")
    stage.ask("ada", "PUT", "collaborators/kim", {"permission": "push"}, 204)
    stage.ask("ada", "PUT", "collaborators/kim", {"permission": "pull"}, 204)
    stage.ask("ada", "DELETE", "collaborators/kim", None, 204)


def _repositories(stage: Stage) -> None:
    made = {"name": "made", "private": True, "auto_init": True, "description": "By API"}
    stage.ask("ann", "POST", "/user/repos", made, 201)
    stage.ask("ann", "POST", "/user/repos", made, 422)
    stage.ask("ada", "POST", "/orgs/acme/repos", made | {"private": False}, 201)
    stage.ask("meg", "POST", "/repos/acme/made/forks", {"name": "copy"}, 202)
    stage.ask("meg", "DELETE", "/repos/meg/copy", None, 204)
    stage.ask("eve", "DELETE", "/repos/acme/made", None, 403)
    stage.ask("ada", "GET", "/orgs/acme/members?per_page=1")
    stage.ask("ada", "GET", "/orgs/acme/teams?per_page=1")


def _manifest(stage: Stage) -> None:
    stage.ask("", "GET", "/apps/selfmod/installations/new")
    chosen = {"repository:ann/more": "on", "state": "s"}
    stage.ask("", "POST", "/apps/selfmod/installations/new", chosen, 302, form="yes")
    for home in ("/settings/apps", "/organizations/acme/settings/apps"):
        stage.ask("", "GET", f"{home}/new")
        fields = {"manifest": json.dumps(MANIFEST)}
        stage.ask("", "POST", f"{home}/new?state=s", fields, form="yes")
        stage.ask("", "POST", home, fields | {"name": f"Another {len(home)}", "state": "s"}, 302, form="yes")
        place = stage.exchanges[-1].headers["location"]
        code = parse_qs(urlsplit(place).query)["code"][0]
        stage.ask("", "POST", f"/app-manifests/{code}/conversions", None, 201)
        stage.ask("", "POST", f"/app-manifests/{code}/conversions", None, 404)


def _signing(stage: Stage) -> None:
    back = "https://selfmod.example/signed-in"
    stage.github.callback_urls(stage.app, back)
    asked = {"client_id": stage.app.client_id, "redirect_uri": back, "state": "s"}
    stage.ask("", "GET", f"/login/oauth/authorize?{urlencode(asked)}")
    stage.ask("", "POST", "/login/oauth/authorize", asked | {"login": "bob"}, 302, form="yes")
    code = parse_qs(urlsplit(stage.exchanges[-1].headers["location"]).query)["code"][0]
    proof = {"client_id": stage.app.client_id, "client_secret": stage.app.client_secret, "code": code}
    given = stage.ask("", "POST", "/login/oauth/access_token", proof, accept="application/json")
    token = {"access_token": given["access_token"]}
    stage.ask(token["access_token"], "GET", "/user")
    own = b64encode(f"{stage.app.client_id}:{stage.app.client_secret}".encode()).decode()
    there = f"/applications/{stage.app.client_id}/token"
    stage.ask("", "DELETE", there, token, 204, authorization=f"Basic {own}")
    stage.ask("", "DELETE", there, {}, 422, authorization=f"Basic {own}")
    stage.ask(token["access_token"], "GET", "/user", None, 401)
