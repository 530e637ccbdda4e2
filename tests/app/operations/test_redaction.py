"""Secrets of every shape, in every place where they leave; and words that are none."""

import base64
import json
import random
import string
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.operations import redaction
from app.operations.redaction import REDACTED, redacted, secret_name

_LETTERS = string.ascii_letters + string.digits


def some(length: int, letters: str = _LETTERS) -> str:
    return "".join(random.Random(length).choices(letters, k=length))


@pytest.fixture(autouse=True)
def none_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", frozenset())
    monkeypatch.setattr(redaction, "_values", None)
    monkeypatch.setattr(redaction, "_living", tuple)


def test_tokens_that_come_and_go_are_known_while_they_live() -> None:
    living = ["v1.0123456789abcdef0123456789abcdef01234567"]
    redaction.watch(lambda: living)
    assert redacted(f"said {living[0]} twice {living[0]}") == f"said {REDACTED} twice {REDACTED}"
    assert redacted("v1.ffffffffffffffffffffffffffffffffffffffff").startswith("v1.")


@pytest.fixture(scope="module")
def key() -> str:
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


JWT = "eyJhbGciOiJSUzI1NiJ9." + some(200) + "." + some(342, _LETTERS + "-_")
SECRETS = [
    "ghs_" + some(36),
    "ghs_" + some(500, _LETTERS + "._-"),
    "ghs_1234_" + JWT,
    "ghp_" + some(36),
    "gho_" + some(16),
    "ghu_" + some(20),
    "ghr_" + some(76),
    "github_pat_" + some(22) + "_" + some(59),
    JWT,
    JWT.rpartition(".")[0],
]
PLACES = ["{}", "got {} from it", "token={}", '{{"token": "{}"}}', "https://x-access-token:{}@github.com/a/b", "x{}\ny"]


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret[:16])
@pytest.mark.parametrize("place", PLACES)
def test_a_token_leaves_nowhere(secret: str, place: str) -> None:
    said = redacted(place.format(secret))
    assert secret[12:] not in said
    assert secret[-12:] not in said
    assert REDACTED in said


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hunter2hunter2",
        "authorization: token hunter2hunter2",
        "{'Authorization': 'Basic hunter2hunter2'}",
        '"authorization":"hunter2hunter2"',
        "bearer hunter2hunter2",
        "postgresql://selfmod:hunter2hunter2@db/selfmod",
        "postgresql://selfmod:hunter2/hunter2hunter2@db/selfmod",
        "https://hunter2hunter2@github.com/acme/shop.git",
        "PASSWORD=hunter2hunter2",
        "password='hunter2hunter2'",
        "client_secret: hunter2hunter2",
        "?access_token=hunter2hunter2&x=1",
        "api-key=hunter2hunter2",
    ],
)
def test_what_is_named_a_secret_is_one(text: str) -> None:
    said = redacted(text)
    assert "hunter2" not in said
    assert REDACTED in said


def test_a_key_leaves_in_no_form(key: str) -> None:
    body = key.splitlines()[3]
    for form in (key, key.replace("\n", "\\n"), json.dumps({"key": key}), repr(key), key[:800], f"a\n{key}\nb"):
        said = redacted(form)
        assert body not in said
        assert REDACTED in said
    assert redacted(f"before {key} after") == f"before {REDACTED}\n after"


def test_a_known_value_leaves_in_no_usual_form(key: str) -> None:
    secret = "it's my/secret+ü"
    redaction.register(secret, key, "short", "")
    forms = [
        secret,
        quote(secret, safe=""),
        base64.b64encode(secret.encode()).decode(),
        base64.b64encode(f"x-access-token:{secret}".encode()).decode(),
        key.splitlines()[5],
    ]
    for form in forms:
        assert redacted(f"a{form}b") == f"a{REDACTED}b"
    assert redacted("a short word") == "a short word"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a token of thanks, the secret garden, no password",
        "https://github.com/acme/shop/pull/12#issuecomment-3",
        "git@github.com:acme/shop.git",
        "Bearer",
        "3f" * 20,
        "app/operations/redaction.py:12: ghost_of_a_chance",
        "delivery 72d3162e-cc78-11e3-81ab-4c9367dc0958 accepted",
        "postgresql://db:5432/selfmod",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert redacted(text) == text


def hostile() -> Iterator[str]:
    yield from (
        piece * (200_000 // len(piece)) for piece in ("eyJ", "ghs_", "://", "://a:", "token=", "bearer ", "a", " ")
    )
    yield "-----BEGIN RSA PRIVATE KEY-----" * 5_000
    yield "eyJ" + "." * 200_000
    yield "Authorization:" + " " * 200_000


@pytest.mark.parametrize("text", list(hostile()), ids=lambda text: text[:12])
def test_hostile_text_takes_no_long_time(text: str) -> None:
    began = time.process_time()
    redacted(text)
    assert time.process_time() - began < 20


@pytest.mark.parametrize("name", ["token", "webhook_secret", "Authorization", "private_key", "api_key", "set-cookie"])
def test_names_of_secrets(name: str) -> None:
    assert secret_name(name)


@pytest.mark.parametrize("name", ["delivery", "tokens_used", "keyboard", "event", "secretary"])
def test_names_of_other_things(name: str) -> None:
    assert not secret_name(name)
