"""To GitHub and back: the state is this browser's and counts once, and what goes wrong is one sentence on a page."""

import hashlib
import threading
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.dashboard.pages import dashboard_routes
from app.dashboard.signing.cookies import ACCOUNT, BEGUN
from app.dashboard.signing.pages import AT_ONCE
from app.model.forge import Person
from app.model.trouble import Doubtful, Unavailable
from app.views import links
from checks.model.errors import Refusal
from tests.app.dashboard.samples import PUBLIC, RECORD
from tests.app.dashboard.undoing.presses import ANN, MERGED, SIGNING, Presses, client_of, github, sign_in

DETAILS = links.details_url(SIGNING, RECORD.id)


def begun(client: TestClient, next_: str = "/") -> dict[str, str]:
    """What GitHub is told."""
    answer = client.get("/sign-in", params={"next": next_})
    assert answer.status_code == 303
    there = urlsplit(answer.headers["location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == "https://github.com/login/oauth/authorize"
    return {name: values[0] for name, values in parse_qs(there.query).items()}


def test_github_is_told_who_asks_and_where_to_come_back_to() -> None:
    client = client_of()
    told = begun(client, "/details/mod_4be1a9d07c35?key=secret")
    assert told.keys() == {"client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method"}
    assert (told["client_id"], told["redirect_uri"]) == ("Iv23li0", f"{PUBLIC}/signed-in")
    assert told["code_challenge_method"] == "S256" and len(told["code_challenge"]) == 43
    answer = client.get("/sign-in?next=/x")
    assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["cache-control"] == "no-store"
    assert "secret" not in answer.headers["location"]


def test_the_way_there_and_back() -> None:
    seen: list[tuple[str, str, str]] = []

    def identify(code: str, verifier: str, back: str) -> Person:
        seen.append((code, verifier, back))
        return ANN

    routes = dashboard_routes(SIGNING, MERGED, Presses(), identify)
    client = TestClient(Starlette(routes=routes), base_url=PUBLIC, follow_redirects=False)
    told = begun(client, DETAILS.removeprefix(PUBLIC))
    answer = client.get("/signed-in", params={"code": "c0de", "state": told["state"]})
    assert (answer.status_code, answer.headers["location"]) == (303, DETAILS.removeprefix(PUBLIC))
    assert answer.headers["referrer-policy"] == "no-referrer"
    ((code, verifier, back),) = seen
    assert (code, back) == ("c0de", f"{PUBLIC}/signed-in")
    digest = hashlib.sha256(verifier.encode()).digest()
    assert urlsafe_b64encode(digest).decode().rstrip("=") == told["code_challenge"]
    assert "Signed in as @ann until" in client.get(answer.headers["location"]).text
    assert f"__Host-{BEGUN}" not in client.cookies


def test_a_state_counts_once_and_for_its_browser() -> None:
    client, other = client_of(), client_of()
    state = begun(client)["state"]
    stranger = other.get("/signed-in", params={"code": "c", "state": state})
    assert stranger.status_code == 400 and "did not begin here" in stranger.text
    begun(other)
    assert other.get("/signed-in", params={"code": "c", "state": state}).status_code == 400
    assert not other.cookies.get(f"__Host-{ACCOUNT}")
    assert client.get("/signed-in", params={"code": "c", "state": state}).status_code == 303
    assert client.get("/signed-in", params={"code": "c", "state": state}).status_code == 400


@pytest.mark.parametrize(
    "query", ["", "?code=c", "?state=", "?code=c&state=x", "?code=c&state=%ff%00", "?state=é&code="]
)
def test_an_answer_that_nobody_waits_for(query: str) -> None:
    client = client_of(person=RuntimeError("nobody asks GitHub"))
    begun(client)
    assert client.get(f"/signed-in{query}").status_code == 400


@pytest.mark.parametrize("code", ["", "a b", "../../x", "é", "c" * 300, "a\r\nb"])
def test_a_code_that_is_none_is_not_sent_on(code: str) -> None:
    client = client_of(person=RuntimeError("nobody asks GitHub"))
    answer = client.get("/signed-in", params={"code": code, "state": begun(client)["state"]})
    assert answer.status_code == 400 and "has no code" in answer.text


def test_who_declines_comes_back_to_where_they_were() -> None:
    client = client_of(person=RuntimeError("nobody asks GitHub"))
    told = begun(client, "/details/mod_4be1a9d07c35?key=k")
    described = {"error": "access_denied", "error_description": "<b>call 555</b>", "state": told["state"]}
    answer = client.get("/signed-in", params=described)
    assert answer.status_code == 403 and "You declined" in answer.text and "555" not in answer.text
    assert "/sign-in?next=%2Fdetails%2Fmod_4be1a9d07c35%3Fkey%3Dk" in answer.text
    assert not client.cookies.get(f"__Host-{ACCOUNT}")


def test_github_that_does_not_know_this_address_is_told() -> None:
    client = client_of(person=RuntimeError("nobody asks GitHub"))
    told = {"error": "redirect_uri_mismatch", "state": begun(client)["state"]}
    text = client.get("/signed-in", params=told).text
    assert "among its callback URLs" in text and "SELFMOD_PUBLIC_URL with /signed-in" in text


def test_only_looking_uses_no_code_up() -> None:
    client = client_of()
    told = {"code": "c", "state": begun(client)["state"]}
    assert client.head("/signed-in", params=told).status_code == 405
    assert client.get("/signed-in", params=told).status_code == 303


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (Unavailable("GitHub answered 502 to POST https://github.com/x."), "GitHub did not answer"),
        (Doubtful("GitHub's answer is no JSON."), "GitHub did not answer"),
        (Refusal("The code was used.", "Sign in again."), "The code was used."),
        (Refusal("<script>x</script>", "y"), "&lt;script&gt;"),
        (Person("a b", 1), "names no account"),
        (Person("", 1), "names no account"),
    ],
)
def test_what_goes_wrong_at_github_is_a_sentence(trouble: Any, says: str) -> None:
    client = client_of(person=trouble)
    answer = client.get("/signed-in", params={"code": "c", "state": begun(client, "/x")["state"]})
    assert answer.status_code == 502 and says in answer.text and "You are not signed in" in answer.text
    assert "Traceback" not in answer.text and "<script>x" not in answer.text
    assert "Sign in again" in answer.text and "/sign-in?next=%2Fx" in answer.text
    assert not client.cookies.get(f"__Host-{ACCOUNT}")


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(next_: str) -> None:
    assert sign_in(client_of(), next_) == "/"


def test_more_at_once_than_there_are_threads_for_are_told_to_wait() -> None:
    inside, go = threading.Semaphore(0), threading.Event()

    def identify(code: str, verifier: str, back: str) -> Person:
        inside.release()
        go.wait(30)
        return ANN

    app = Starlette(routes=dashboard_routes(SIGNING, MERGED, Presses(), identify))
    clients = [TestClient(app, base_url=PUBLIC, follow_redirects=False) for _ in range(AT_ONCE + 1)]
    states = [begun(each)["state"] for each in clients]
    threads = [
        threading.Thread(target=each.get, args=("/signed-in",), kwargs={"params": {"code": "c", "state": state}})
        for each, state in list(zip(clients, states, strict=True))[:AT_ONCE]
    ]
    try:
        for each in threads:
            each.start()
        for _ in threads:
            assert inside.acquire(timeout=30)
        late = clients[-1].get("/signed-in", params={"code": "c", "state": states[-1]})
        assert late.status_code == 503 and "Too many sign in" in late.text and "in a minute" in late.text
    finally:
        go.set()
        for each in threads:
            each.join(30)


def test_signing_out() -> None:
    client = client_of()
    page = client.get(sign_in(client, DETAILS.removeprefix(PUBLIC))).text
    stamp = page.partition('name="stamp" value="')[2].partition('"')[0]
    for wrong in ({}, {"stamp": ""}, {"stamp": stamp[:-1]}):
        assert client.post("/sign-out", data=wrong).status_code == 403
    assert (
        client.post("/sign-out", data={"stamp": stamp}, headers={"origin": "https://evil.example"}).status_code == 403
    )
    assert client.cookies.get(f"__Host-{ACCOUNT}")
    answer = client.post("/sign-out", data={"stamp": stamp, "next": "//evil.example"}, headers={"origin": PUBLIC})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert not client.cookies.get(f"__Host-{ACCOUNT}")
    assert client.post("/sign-out", data={}).status_code == 303


@pytest.mark.parametrize(
    "lacking",
    [{"client_id": ""}, {"client_secret": SecretStr("")}, {"public_url": ""}],
    ids=lambda each: next(iter(each)),
)
def test_without_credentials_or_address_everything_is_as_it_was(lacking: dict[str, Any]) -> None:
    settings = SIGNING.model_copy(update=lacking)
    client = client_of(settings=settings)
    assert client.get("/sign-in").status_code == 404 and client.get("/signed-in?code=c&state=s").status_code == 404
    assert client.post(f"/details/{RECORD.id}/rollback").status_code == 404
    client.get("/", params={"token": "operator token"})
    page = client.get(f"/details/{RECORD.id}").text
    assert "/selfmod rollback mod_4be1c0ffee12" in page and "Take it back at #7" in page
    assert "<form" not in page and "ign in" not in page


def test_without_what_acts_nobody_signs_in() -> None:
    for acting, identify in ((None, github()), (Presses(), None)):
        app = Starlette(routes=dashboard_routes(SIGNING, MERGED, acting, identify))
        client = TestClient(app, base_url=PUBLIC)
        assert client.get("/sign-in", follow_redirects=False).status_code == 404
        assert "ign in" not in client.get(DETAILS).text


def test_signing_in_opens_no_page_by_itself() -> None:
    client = client_of()
    sign_in(client)
    assert client.get(f"/details/{RECORD.id}").status_code == 404
    assert client.get(f"/details/{RECORD.id}.json").status_code == 404
    assert client.get("/").status_code == 403
    assert client.get("/acme/orders/pull/7").status_code == 404
