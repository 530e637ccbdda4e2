"""The pages without a browser: who may see them, their headers, and that hostile text stays text."""

import json
import re
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.dashboard.access import COOKIE
from app.dashboard.pages import dashboard_routes
from app.dashboard.reading import Stopped
from app.views import links
from tests.app.dashboard.samples import (
    EARLIER,
    EMPTY,
    HEAD,
    PUBLIC,
    RECORD,
    SETTINGS,
    Shelf,
    hostile,
)


def client_of(shelf: Shelf, settings=SETTINGS) -> TestClient:
    return TestClient(Starlette(routes=dashboard_routes(settings, shelf)), base_url=PUBLIC)


@pytest.fixture
def client() -> TestClient:
    return client_of(Shelf())


@pytest.fixture
def operator(client: TestClient) -> TestClient:
    assert client.get(links.operator_url(SETTINGS)).status_code == 200
    return client


def test_the_start_says_what_is_stopped():
    halt = Stopped("acme/shop", "@ann", "<b>4711</b>", 1_795_957_400.0, "Who has maintain access ends it.")
    for shelf, said in ((Shelf(), False), (Shelf(halts=(halt,)), True)):
        client = client_of(shelf)
        page = client.get(links.operator_url(SETTINGS)).text
        assert ("selfmod writes no code there" in page) is said
        assert ("&lt;b&gt;4711&lt;/b&gt;" in page) is said


def details(record=RECORD) -> str:
    return links.details_url(SETTINGS, record.id)


def test_what_was_merged_says_how_it_is_taken_back_and_acts_on_nothing():
    command = "/selfmod rollback mod_4be1c0ffee12"
    page = client_of(Shelf(undos={RECORD.id: command})).get(details()).text
    assert f"<code>{command}</code>" in page and "Take it back at #7" in page
    assert "<form" not in page and "<button" not in page
    assert command not in client_of(Shelf()).get(details()).text


def test_the_address_of_the_check_run_opens_the_page(client):
    answer = client.get(details())
    assert answer.status_code == 200
    for said in (
        "MEDIUM_RISK",
        "waiting for 1 of 2 approvals",
        "for an earlier commit",
        "bubblewrap",
        "mod_4be1a9d07c35",
    ):
        assert said in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/details/{RECORD.id}",
        f"/details/{RECORD.id}?key=",
        f"/details/{RECORD.id}?key={'A' * 32}",
        f"/details/{RECORD.id}.json",
        f"/details/{RECORD.id}?token=wrong",
        "/details/mod_000000000fff?key=x",
        "/details/mod_4BE1A9D07C35",
        "/details/%00",
        "/acme/orders/pull/7",
        "/acme/orders/pull/7?key=x",
        "/acme/orders/pull/99999999999999999999",
    ],
)
def test_everything_else_answers_alike(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "acme" not in answer.text and "mod_" not in answer.text
    assert answer.text == client.get("/details/mod_ffffffffffff").text


def test_no_path_leads_out(client):
    assert client.get("/details/..%2f..%2fetc%2fpasswd").status_code == 404


def test_the_key_of_one_record_opens_no_other(client):
    key = details().partition("?")[2]
    assert client.get(f"/details/{EARLIER.id}?{key}").status_code == 404
    assert client.get(f"/acme/orders/pull/7?{key}").status_code == 404


def test_a_key_of_a_record_that_was_pruned_says_the_same(client):
    gone = links.details_url(SETTINGS, "mod_999999999999")
    assert client.get(gone).status_code == 404


def test_start_is_for_the_operator(client):
    for path in ("/", "/?token=", "/?token=wrong", "/?token=%ff"):
        answer = client.get(path)
        assert answer.status_code == 403 and "acme" not in answer.text
    assert client.get("/", headers={"Cookie": f"{COOKIE}=99999999999.x"}).status_code == 403


def test_the_token_becomes_a_cookie_and_leaves_the_address(client):
    answer = client.get(links.operator_url(SETTINGS), follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" in cookie
    assert "operator" not in cookie.replace(COOKIE, "") and answer.headers["cache-control"] == "no-store"
    assert client.get("/").status_code == 200


def test_the_operator_sees_every_page(operator):
    for path in (f"/details/{RECORD.id}", f"/details/{EARLIER.id}.json", "/acme/orders/pull/7?list"):
        assert operator.get(path).status_code == 200


def test_the_token_opens_any_page_at_once(client):
    answer = client.get(f"/details/{RECORD.id}?token=operator%20token&x=1", follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == f"/details/{RECORD.id}?x=1"
    double = client.get("//evil.example/x/pull/7?token=operator%20token", follow_redirects=False)
    assert not double.headers.get("location", "").startswith("//")


def test_pull_request_leads_to_its_newest_record(client):
    address = links.pull_url(SETTINGS, "ACME/orders", 7)
    answer = client.get(address, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].startswith(f"/details/{RECORD.id}?key=")
    listed = client.get(address + "&list").text
    assert listed.index(RECORD.id) < listed.index(EARLIER.id)


def test_the_page_links_the_list_the_json_and_the_other_commit(client):
    text = client.get(details()).text
    found = [each.replace("&amp;", "&") for each in re.findall(r'href="(/[^"]+)"', text)]
    own = [each for each in found if not each.startswith("/static/")]
    assert len(own) == 3 and all(client.get(each).status_code == 200 for each in own), own
    assert not any(client.get(each.partition("?")[0]).status_code == 200 for each in own)


def test_the_record_as_json(client):
    answer = client.get(details().replace("?", ".json?"))
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["document"] == RECORD.document


@pytest.mark.parametrize("path", ["/", "/details/mod_ffffffffffff", details(), "/acme/orders/pull/7?list"])
def test_headers_of_every_page(operator, path):
    headers = operator.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "private" in headers["cache-control"] or "no-store" in headers["cache-control"]
    assert "public" not in headers["cache-control"]


def test_pages_have_no_script_and_no_style_of_their_own(operator):
    for path in ("/", f"/details/{RECORD.id}", "/acme/orders/pull/7?list"):
        text = operator.get(path).text
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text)
        assert all(
            each.startswith(("/", "#", "https://github.com/")) for each in re.findall(r'(?:href|src)="([^"]*)"', text)
        )


def test_static_files_are_kept_by_browsers_under_the_name_of_their_content(client):
    address = re.findall(r'href="(/static/selfmod\.[0-9a-f]{12}\.css)"', client.get(details()).text)[0]
    answer = client.get(address)
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    assert client.get("/static/selfmod.css").status_code == 404
    assert client.get("/static/..%2fpages.py").status_code == 404


def test_hostile_text_stays_text_and_little_of_it_is_shown():
    record = hostile()
    answer = client_of(Shelf((record,))).get(details(record))
    assert answer.status_code == 200
    tags = set(re.findall(r"<\s*([a-zA-Z]+)", answer.text))
    assert not tags & {"script", "img", "style", "iframe", "object", "base", "form"}
    assert not set("\u202e\u2066\x1b\0") & set(answer.text)
    assert r"\u202e" in answer.text and "{{ 7*7 }}" in answer.text and "&lt;script&gt;" in answer.text
    assert "All 10,000 are in the record as JSON" in answer.text
    assert len(answer.text) < 1_000_000
    assert all(
        each.startswith(("/", "#", "https://github.com/")) for each in re.findall(r'href="([^"]*)"', answer.text)
    )


def test_hostile_record_as_json_is_the_record():
    record = hostile(10)
    answer = client_of(Shelf((record,))).get(details(record).replace("?", ".json?"))
    assert answer.json()["document"] == json.loads(json.dumps(record.document)) and "<" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"stages": None, "tests": [], "assessment": 5, "rules": "x", "change": {"files": 7}},
        {"stages": [None, 1, {"findings": [None, {}], "facts": [], "state": "new"}], "tests": {"head": {"counts": 3}}},
        {"assessment": {"level": '"><script>', "factors": [{}]}, "rules": [{"seen": {"inner": [{}]}}]},
    ],
)
def test_a_record_of_another_version_is_shown_as_far_as_it_goes(document):
    record = replace(RECORD, document=document, decision={}, configuration="", who="", finished=0.0)
    answer = client_of(Shelf((record,), {}, ())).get(details(record))
    assert answer.status_code == 200 and "unknown" in answer.text and "<script" not in answer.text


def test_empty_pages_say_what_will_appear():
    operator = client_of(EMPTY)
    operator.get(links.operator_url(SETTINGS))
    start = operator.get("/").text
    assert start.count('class="empty"') == 3 and "Install it on repositories" in start and "selfmod doctor" in start
    pull = operator.get("/acme/orders/pull/9")
    assert pull.status_code == 200 and "/selfmod review" in pull.text


def test_without_a_public_address_the_operator_can_still_go_everywhere():
    settings = SETTINGS.model_copy(update={"public_url": ""})
    operator = client_of(Shelf(), settings)
    assert operator.get("/?token=operator%20token").status_code == 200
    assert operator.get("/acme/orders/pull/7", follow_redirects=False).headers["location"] == f"/details/{RECORD.id}"
    assert operator.get(f"/details/{RECORD.id}").status_code == 200


def test_only_reading(operator):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for path in ("/", f"/details/{RECORD.id}", "/acme/orders/pull/7"):
            assert operator.request(method, path).status_code == 405
    assert operator.head(f"/details/{RECORD.id}").status_code == 200


def test_commits_link_to_github(client):
    assert f'href="https://github.com/acme/orders/commit/{HEAD}"' in client.get(details()).text
