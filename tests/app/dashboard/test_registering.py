"""The set-up's form, checked, and the manifest of it."""

import pytest

from app.dashboard.registering import Wanted, destination, faults, is_loopback, manifest, origin
from app.model.registration import PERMISSIONS

GITHUB = "https://github.com"
GOOD = Wanted("acme", "selfmod of acme", "https://selfmod.example.org")


def test_good_values_have_no_fault():
    assert faults(GOOD, GITHUB) == {}
    assert faults(Wanted("", "selfmod", "https://selfmod.example.org:8443/selfmod"), GITHUB) == {}


@pytest.mark.parametrize("organisation", ["acme/evil", "../settings", "-acme", "a b", "acmé", "a" * 200, "acme?x=1"])
def test_organisation_that_is_none(organisation):
    assert "organisation" in faults(Wanted(organisation, "selfmod", GOOD.public_url), GITHUB)


@pytest.mark.parametrize("name", ["", "x" * 35, "<b>x</b>", "GitHub helper", "a\u202eb", "-x", "a\nb"])
def test_name_that_github_would_refuse(name):
    assert "name" in faults(Wanted("", name, GOOD.public_url), GITHUB)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "selfmod.example.org",
        "ftp://selfmod.example.org",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@selfmod.example.org",
        "https://selfmod.example.org?x=1",
        "https://selfmod.example.org#x",
        "https://selfmod.example.org:99999",
        "https://[::1",
        "https://sélfmod.example.org",
        "https://selfmod.example.org/a b",
        "https://selfmod.example.org; script-src *",
        "http://selfmod.example.org",
        "http://localhost:8000",
        "https://127.0.0.1",
        "https://[::1]:8000",
        "https://x.localhost",
    ],
)
def test_address_that_github_could_not_use(url):
    assert "public_url" in faults(Wanted("", "selfmod", url), GITHUB)


def test_loopback_is_good_for_a_github_on_this_machine():
    assert faults(Wanted("", "selfmod", "http://127.0.0.1:8000"), "http://127.0.0.1:3000") == {}
    assert "public_url" in faults(Wanted("", "selfmod", "http://selfmod.example.org"), "http://127.0.0.1:3000")


def test_form_fields_are_trimmed():
    form = {"organisation": " acme ", "name": " x ", "public_url": " https://a.example/ ", "public": "yes", "more": "x"}
    assert Wanted.of(form) == Wanted("acme", "x", "https://a.example", True)
    assert Wanted.of({}) == Wanted()


def test_manifest_asks_for_what_the_page_lists():
    asked = manifest(GOOD, "http://127.0.0.1:8000")
    assert asked["hook_attributes"] == {"url": "https://selfmod.example.org/webhooks/github", "active": True}
    assert asked["redirect_url"] == "http://127.0.0.1:8000/setup/callback"
    assert asked["callback_urls"] == ["https://selfmod.example.org/signed-in"]
    assert asked["default_permissions"] == {each.name: each.access for each in PERMISSIONS}
    assert "pull_request" in asked["default_events"]
    assert asked["public"] is False


def test_destination_is_the_account_or_the_organisation():
    assert destination(Wanted(), GITHUB, "a b") == "https://github.com/settings/apps/new?state=a%20b"
    there = destination(GOOD, "https://github.example.org/", "s")
    assert there == "https://github.example.org/organizations/acme/settings/apps/new?state=s"


def test_hosts():
    assert origin("https://github.example.org:8443/a?b") == "https://github.example.org:8443"
    assert is_loopback("127.8.0.1") and is_loopback("::1") and is_loopback("localhost")
    assert not is_loopback(None) and not is_loopback("10.0.0.1") and not is_loopback("localhost.example.org")
