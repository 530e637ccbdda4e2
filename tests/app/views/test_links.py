"""Addresses that open pages: only their own, only with the right secret."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from app.settings import ServerSettings
from app.views import links

MOD = "mod_0123456789ab"


def settings(*secrets: str, public_url: str = "https://selfmod.example/", operator_token: str = "") -> ServerSettings:
    return ServerSettings(
        database_url="sqlite://",
        data_dir=Path("data"),
        public_url=public_url,
        webhook_secrets=tuple(SecretStr(each) for each in secrets),
        operator_token=SecretStr(operator_token),
    )


def key_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["key"][0]


def test_address_of_a_record_opens_that_record_alone():
    here = settings("secret")
    url = links.details_url(here, MOD)
    assert url.startswith(f"https://selfmod.example/details/{MOD}?key=")
    assert links.opens_details(here, MOD, key_of(url))
    assert not links.opens_details(here, "mod_0123456789ac", key_of(url))
    assert not links.opens_details(settings("another"), MOD, key_of(url))


def test_address_of_a_pull_request_whatever_the_case_of_its_repository():
    here = settings("secret")
    url = links.pull_url(here, "Acme/Orders", 7)
    assert url.startswith("https://selfmod.example/Acme/Orders/pull/7?key=")
    assert links.opens_pull(here, "acme/orders", 7, key_of(url))
    assert not links.opens_pull(here, "acme/orders", 8, key_of(url))
    assert not links.opens_details(here, MOD, key_of(url))


def test_a_stamp_is_for_one_purpose_and_these_texts():
    here = settings("secret")
    made = links.stamp(here, "account", "a", "b")
    assert links.is_stamp(here, made, "account", "a", "b")
    for purpose, parts in (
        ("press", ("a", "b")),
        ("account", ("a",)),
        ("account", ("a", "c")),
        ("account", ("ab", "")),
    ):
        assert not links.is_stamp(here, made, purpose, *parts)
    assert not links.is_stamp(settings("another"), made, "account", "a", "b")
    assert links.is_stamp(settings("new", "secret"), made, "account", "a", "b")
    assert not links.is_stamp(here, made, "account", "\ud800", "\udcff")
    assert links.stamp(settings(), "account", "a") == ""
    assert not links.is_stamp(settings(), "", "account", "a")


def test_no_stamp_is_the_key_of_a_page_or_the_operators_token():
    here = settings("secret")
    for purpose in ("record", "pull", "operator", "session"):
        made = links.stamp(here, purpose, MOD)
        assert not links.opens_details(here, MOD, made) and not links.opens_start(here, made)
        assert not links.is_stamp(here, key_of(links.details_url(here, MOD)), purpose, MOD)
        assert not links.is_session(here, made, 0.0)


def test_addresses_stay_good_while_a_secret_is_replaced():
    old = key_of(links.details_url(settings("old"), MOD))
    assert links.opens_details(settings("new", "old"), MOD, old)
    assert not links.opens_details(settings("new"), MOD, old)


@pytest.mark.parametrize("here", [settings("secret", public_url=""), settings(), settings("")])
def test_no_address_without_a_public_one_or_a_secret(here):
    assert links.details_url(here, MOD) == links.pull_url(here, "o/n", 1) == links.operator_url(here) == ""


@pytest.mark.parametrize("key", ["", "A" * 32, "é", "\ud800", "\0", "x" * 10_000])
@pytest.mark.parametrize("here", [settings("secret"), settings(), settings("")])
def test_wrong_keys_open_nothing(here, key):
    assert not links.opens_details(here, MOD, key)
    assert not links.opens_pull(here, "o/n", 1, key)
    assert not links.opens_start(here, key)
    assert not links.is_session(here, key, 0)


def test_no_key_shows_the_secret():
    assert "secret" not in links.details_url(settings("secret"), MOD) + links.operator_url(settings("secret"))


def test_operator_token_that_is_set_stands_for_the_one_that_is_made():
    assert links.operator_token(settings("secret")) not in ("", "chosen")
    assert links.operator_url(settings("secret", operator_token="chosen")).endswith("/?token=chosen")
    assert links.opens_start(settings("secret", operator_token="chosen"), "chosen")
    assert not links.opens_start(settings("secret", operator_token="chosen"), links.operator_token(settings("secret")))


def test_session_ends_and_dies_with_its_token():
    here = settings("secret")
    value = links.session(here, 1_000)
    assert links.is_session(here, value, 999.0)
    assert not links.is_session(here, value, 1_001.0)
    assert not links.is_session(here, value.replace("1000.", "2000."), 999.0)
    assert not links.is_session(settings("secret", operator_token="chosen"), value, 999.0)
    assert links.operator_token(here) not in value
