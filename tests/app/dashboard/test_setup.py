"""The set-up without a browser: who gets in, what GitHub is sent, and that it closes."""

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.dashboard.setup import COOKIE, setup_routes, setup_url
from app.model.trouble import Unavailable
from app.settings import ServerSettings
from checks.model.errors import Refusal

HERE = "http://127.0.0.1:8000"
GOOD = {"organisation": "acme", "name": "selfmod of acme", "public_url": "https://selfmod.example.org"}
SECRETS = ("-----BEGIN", "webhook-secret-value", "client-secret-value")


@dataclass(frozen=True)
class Credentials:
    """As GitHub's conversion gives them."""

    name: str = "selfmod of acme"
    html_url: str = "https://github.com/apps/selfmod-of-acme"
    private_key: str = "-----BEGIN PRIVATE KEY-----"
    webhook_secret: str = "webhook-secret-value"
    client_secret: str = "client-secret-value"


class Office:
    """What the pages call: counts, and fails where a test asks for it."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.saved: list[Credentials] = []
        self.done: list[Credentials] = []
        self.trouble: Exception | None = None
        self.unwritable: Exception | None = None
        self.made = Credentials()

    def convert(self, code: str) -> Credentials:
        self.codes.append(code)
        if self.trouble:
            raise self.trouble
        return self.made

    def save(self, made: Credentials) -> None:
        if self.unwritable:
            raise self.unwritable
        self.saved.append(made)


class Form(HTMLParser):
    """The first form that leads to another server, and its hidden fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action, self.fields = "", dict[str, str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values["action"].startswith("http"):
            self.action = values["action"]
        if tag == "input" and values.get("type") == "hidden":
            self.fields.setdefault(values["name"], values["value"])

    @property
    def state(self) -> str:
        return parse_qs(urlsplit(self.action).query)["state"][0]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def app(office: Office) -> Starlette:
    settings = ServerSettings(database_url="sqlite://", data_dir=Path("data"), public_url="https://selfmod.example.org")
    return Starlette(routes=setup_routes(settings, "token", office.convert, office.save, office.done.append))


@pytest.fixture
def client(app: Starlette) -> TestClient:
    """A browser that came by the printed link."""
    client = TestClient(app, base_url=HERE)
    answer = client.get("/setup?token=token")
    assert answer.status_code == 200 and answer.url.path == "/setup" and not answer.url.query
    return client


def sent(client: TestClient, **changed: str) -> Form:
    answer = client.post("/setup", data=GOOD | changed)
    assert answer.status_code == 200
    return Form(answer.text)


def test_link_of_the_terminal():
    assert setup_url("http://127.0.0.1:8000/", "a+b") == "http://127.0.0.1:8000/setup?token=a%2Bb"


def test_strangers_see_no_form(app, client):
    stranger = TestClient(app, base_url=HERE)
    for token in ("", "?token=wrong", "?token=token", "?token=%00", "?token=%ff"):
        answer = stranger.get(f"/setup{token}")
        assert answer.status_code == 403 and "<form" not in answer.text
    assert stranger.post("/setup", data=GOOD).status_code == 403
    assert stranger.get("/setup/callback?code=c&state=s").status_code == 403
    assert stranger.get("/setup", headers={"Cookie": f"{COOKIE}=guess"}).status_code == 403


def test_looking_at_the_head_does_not_use_the_link_up(app):
    client = TestClient(app, base_url=HERE)
    assert client.head("/setup?token=token").status_code == 403
    assert client.get("/setup?token=token").status_code == 200


def test_the_browser_that_came_first_may_open_the_link_again(client):
    assert client.get("/setup?token=token").status_code == 200


def test_cookie_is_kept_from_scripts_and_other_sites(app):
    answer = TestClient(app, base_url=HERE).get("/setup?token=token", follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/setup" in cookie and "Secure" not in cookie
    assert answer.headers["location"] == "/setup" and answer.headers["referrer-policy"] == "no-referrer"


def test_cookie_is_for_https_where_the_public_address_is(app):
    behind_a_proxy = TestClient(app, base_url="http://selfmod.example.org")
    answer = behind_a_proxy.get("/setup?token=token", follow_redirects=False)
    assert "Secure" in answer.headers["set-cookie"]


def test_form_lists_permissions_with_why(client):
    text = client.get("/setup").text
    assert "Pull requests" in text and "read and write" in text and "To count approvals." in text
    assert 'value="https://selfmod.example.org"' in text


def test_faults_stand_beside_their_fields_and_nothing_is_made(client):
    answer = client.post("/setup", data=GOOD | {"name": '"><script>alert(1)</script>', "organisation": "a/b"})
    assert answer.status_code == 422
    assert "<script" not in answer.text and "&lt;script&gt;" in answer.text
    assert answer.text.count('aria-invalid="true"') == 2 and "2 fields to mend" in answer.text


def test_a_form_too_large_or_broken_is_an_empty_one(client):
    assert client.post("/setup", data=GOOD | {"name": "x" * 20_000}).status_code == 422
    assert client.post("/setup", content=b"name=\xff\xfe").status_code == 422
    assert client.post("/setup", content=b"&a=1" * 1000).status_code == 422


def test_manifest_goes_to_github_with_a_state(client):
    form = sent(client)
    assert form.action.startswith("https://github.com/organizations/acme/settings/apps/new?state=")
    manifest = json.loads(form.fields["manifest"])
    assert manifest["name"] == "selfmod of acme" and manifest["redirect_url"] == f"{HERE}/setup/callback"
    assert len(form.state) > 40 and form.state != sent(client).state


def test_only_that_page_may_send_a_form_to_github(client):
    policy = client.post("/setup", data=GOOD).headers["content-security-policy"]
    assert policy.endswith("form-action 'self' https://github.com")
    assert client.get("/setup").headers["content-security-policy"].endswith("form-action 'self'")


def test_what_was_entered_can_be_changed(client):
    answer = client.post("/setup", data=GOOD | {"change": "yes"})
    assert answer.status_code == 200 and 'value="selfmod of acme"' in answer.text and "role=" not in answer.text


def test_registering_saves_then_closes(client, app, office):
    state = sent(client).state
    answer = client.get(f"/setup/callback?code=c0de&state={state}")
    assert answer.status_code == 200
    assert "https://github.com/apps/selfmod-of-acme/installations/new" in answer.text
    assert "selfmod doctor" in answer.text
    assert office.codes == ["c0de"] and office.saved == office.done == [office.made]
    assert not any(secret in answer.text + str(answer.headers) for secret in SECRETS)
    for browser in (client, TestClient(app, base_url=HERE)):
        for path in ("/setup", "/setup?token=token", f"/setup/callback?code=c0de&state={state}"):
            assert browser.get(path).status_code == 410
        assert browser.post("/setup", data=GOOD).status_code == 410
    assert office.codes == ["c0de"]


def test_closed_where_an_app_is_there_by_another_way(office):
    settings = ServerSettings(database_url="sqlite://", data_dir=Path("data"))
    routes = setup_routes(settings, "token", office.convert, office.save, registered=lambda: True)
    assert TestClient(Starlette(routes=routes)).get("/setup?token=token").status_code == 410


@pytest.mark.parametrize(
    "query",
    ["", "code=c0de", "state={state}", "code=c0de&state=wrong", "code=a/../b&state={state}", "code=&state={state}"],
)
def test_answers_that_are_not_githubs(client, office, query):
    state = sent(client).state
    answer = client.get("/setup/callback?" + query.format(state=state))
    assert answer.status_code == 400 and not office.codes


def test_a_state_is_good_once(client, office):
    state = sent(client).state
    office.trouble = Refusal("GitHub says the code is too old.", "Begin again.")
    assert client.get(f"/setup/callback?code=c&state={state}").status_code == 502
    office.trouble = None
    assert client.get(f"/setup/callback?code=c&state={state}").status_code == 400
    assert office.codes == ["c"] and not office.saved


def test_a_silent_github_can_be_asked_again(client, office):
    state = sent(client).state
    office.trouble = Unavailable("502 Bad Gateway")
    answer = client.get(f"/setup/callback?code=c&state={state}")
    assert answer.status_code == 502 and "Reload" in answer.text
    office.trouble = None
    assert client.get(f"/setup/callback?code=c&state={state}").status_code == 200
    assert office.saved == [office.made]


def test_credentials_that_cannot_be_written_are_not_lost(client, office):
    state = sent(client).state
    office.unwritable = PermissionError(13, "Permission denied", "/var/lib/selfmod/app.json")
    answer = client.get(f"/setup/callback?code=c&state={state}")
    assert answer.status_code == 500 and "Permission denied" in answer.text and "kept in memory" in answer.text
    assert not any(secret in answer.text for secret in SECRETS) and not office.done
    office.unwritable = None
    assert client.get(f"/setup/callback?code=c&state={state}").status_code == 200
    assert office.codes == ["c"] and office.saved == [office.made]


def test_a_hostile_answer_of_the_conversion(client, office):
    office.made = Credentials('<img src=x onerror="alert(1)">\u202e', "javascript:alert(1)")
    answer = client.get(f"/setup/callback?code=c&state={sent(client).state}")
    assert answer.status_code == 200
    assert "<img" not in answer.text and "javascript:" not in answer.text and "\u202e" not in answer.text


def test_nothing_of_the_set_up_is_kept_by_a_browser(client):
    for answer in (client.get("/setup"), client.post("/setup", data=GOOD), client.get("/setup/callback")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
