"""Tokens: the least that a purpose needs, kept until shortly before their end, of any length."""

import threading
import time
from collections.abc import Callable

import pytest

from app.github import tokens as room
from app.github.client import Client
from app.github.faults import Rejected
from app.github.tokens import PURPOSES, Tokens
from app.model.registration import PERMISSIONS
from app.model.trouble import Gone, Unavailable
from checks.model.errors import Refusal
from tests.app.github.conftest import REPOSITORY, Asked, Given, Scripted, World

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]


def test_no_purpose_needs_more_than_the_app_asks_for() -> None:
    asked = {each.name: each.access for each in PERMISSIONS}
    for needed in PURPOSES.values():
        for name, access in needed.items():
            assert access == "read" or asked[name] == "write", name
            assert name in asked


def test_a_token_is_for_the_repository_and_the_purpose_only(world: World) -> None:
    world.host.role("ann")
    world.host.default_branch()
    asked = [each for each in world.github.calls if each.path.endswith("/access_tokens")]
    assert len(asked) == 2  # two purposes, and one token for all calls of each
    for each in asked:
        assert each.body["repositories"] == ["shop"]
        assert each.body["permissions"] == {"metadata": "read"}


def test_a_token_of_another_repository_is_never_used(world: World) -> None:
    one = world.app.tokens.token(world.installation, REPOSITORY, "contents")
    world.github.repository("acme/other", {"a": "b"})
    world.github.install(world.credentials, ["acme/other"])
    assert world.app.tokens.token(world.installation, "acme/other", "contents") != one
    assert world.app.tokens.token(world.installation, REPOSITORY, "contents") == one
    assert world.app.tokens.token(world.installation, "Acme/Shop", "contents") == one
    assert world.app.tokens.token(world.installation, REPOSITORY, "contents: write") != one
    assert one in world.app.tokens.secrets()


def test_a_token_that_ends_midway_is_renewed(world: World) -> None:
    host = world.host
    host.role("ann")
    fault = world.github.faults.add("GET", "/collaborators/", "expire_token")
    assert host.role("bob").value == "write"
    assert fault.hits == 1
    made = [each for each in world.github.calls if each.path.endswith("/access_tokens")]
    assert len(made) == 2


class Minting:
    """A server that makes tokens of a given length and end."""

    def __init__(self, length: int = 40, end: object = None) -> None:
        self.length = length
        self.end = end
        self.made = 0

    def __call__(self, asked: Asked) -> Given:
        self.made += 1
        end = self.end or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3_600))
        return Given(201, {"token": f"{self.made}".rjust(self.length, "t"), "expires_at": end})


def made(server: Scripted, key: str, now: Callable[[], float] = time.time) -> Tokens:
    return Tokens(Client(server.url, wait=lambda seconds: None), 7, key, now)


@pytest.fixture(scope="module")
def key() -> str:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = rsa.generate_private_key(65_537, 2_048)
    return private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


@pytest.mark.parametrize("length", [1, 40, 520, 4_000])
def test_tokens_have_any_length(scripted: Make, key: str, length: int) -> None:
    token = made(scripted(Minting(length)), key).token(1, "a/b", "contents")
    assert len(token) == length


def test_a_token_is_made_anew_minutes_before_its_end(scripted: Make, key: str) -> None:
    minting, clock = Minting(), [time.time()]
    tokens = made(scripted(minting), key, lambda: clock[0])
    tokens.token(1, "a/b", "contents")
    clock[0] += 3_600 - room.MARGIN - 10
    tokens.token(1, "a/b", "contents")
    assert minting.made == 1
    clock[0] += 20
    tokens.token(1, "a/b", "contents")
    assert minting.made == 2


@pytest.mark.parametrize("end", ["soon", 17, "9999-99-99T00:00:00Z"])
def test_an_end_that_cannot_be_read_is_near(scripted: Make, key: str, end: object) -> None:
    minting, clock = Minting(end=end), [1_000.0]
    tokens = made(scripted(minting), key, lambda: clock[0])
    tokens.token(1, "a/b", "contents")
    clock[0] += room._UNTOLD + 1
    tokens.token(1, "a/b", "contents")
    assert minting.made == 2


def test_threads_that_need_the_same_token_make_one(scripted: Make, key: str) -> None:
    minting = Minting()
    tokens = made(scripted(minting), key)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(tokens.token(1, "a/b", "contents"))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert len(found) == 8
    assert minting.made == 1


def test_tokens_that_ended_are_let_go(scripted: Make, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_KEPT", 3)
    minting = Minting(end="2001-01-01T00:00:00Z")
    tokens = made(scripted(minting), key)
    for number in range(3):
        tokens.token(number, "a/b", "contents")
    minting.end = "2999-01-01T00:00:00Z"
    lasting = tokens.token(9, "a/b", "contents")
    assert tokens.secrets() == (lasting,)


def test_a_repository_that_left_the_installation_is_gone(world: World) -> None:
    world.github.repository("acme/other", {"a": "b"})
    for name in ("acme/other", "acme/none"):
        with pytest.raises(Gone):
            world.app.tokens.token(world.installation, name, "contents")
        with pytest.raises(Gone):
            world.app.host(name, world.installation).pull(1)
    with pytest.raises(Gone):
        world.app.tokens.token(4711, REPOSITORY, "contents")


@pytest.mark.parametrize("token", [None, "", 7, "with\r\nInjected: header", "ümlaut"])
def test_what_is_no_token_is_not_sent(scripted: Make, key: str, token: object) -> None:
    tokens = made(scripted(lambda asked: Given(201, {"token": token})), key)
    with pytest.raises(Unavailable):
        tokens.token(1, "a/b", "contents")


def test_a_permission_that_was_not_granted_is_refused_with_the_remedy(world: World) -> None:
    installed = world.github.world.installations[world.installation]
    installed.permissions.pop("members")
    with pytest.raises(Rejected) as raised:
        world.app.tokens.token(world.installation, REPOSITORY, "members")
    assert "accept" in raised.value.hint
    assert world.host.team("acme/core") is None


@pytest.mark.parametrize(
    "key", ["", "no key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"]
)
def test_a_key_that_is_none_is_refused_without_being_shown(scripted: Make, key: str) -> None:
    with pytest.raises(Refusal) as raised:
        made(scripted(Minting()), key).as_app()
    assert "AAAA" not in str(raised.value)
