import ast

import pytest

from checks.debugging.rules.secrets._names import is_token_only, name_of, says_secret, words

SECRETS = ["password", "db_password", "PASSWORD", "apiKey", "x_api_key", "reset_token", "tokenHex", "csrf", "SessionId"]
OTHERS = [
    "password_field",
    "token_count",
    "tokens",
    "token_ids",
    "key",
    "session",
    "secret_name",
    "pad_token",
    "next_token",
    "author",
    "",
    "compass",
    "fake_password",
]


@pytest.mark.parametrize(("name", "expected"), [(n, True) for n in SECRETS] + [(n, False) for n in OTHERS])
def test_says_secret(name: str, expected: bool) -> None:
    assert says_secret(name) is expected


def test_words_of_snake_and_camel_case() -> None:
    assert words("HTTPServerPort_no2") == ["http", "server", "port", "no", "2"]


@pytest.mark.parametrize(("name", "expected"), [("token", True), ("user_token", True), ("access_token", False)])
def test_is_token_only(name: str, expected: bool) -> None:
    assert is_token_only(name) is expected


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("x", "x"),
        ("a.x", "x"),
        ("a.x()", "x"),
        ("a['x']", "x"),
        ("x[0]", "x"),
        ("(await x)", "x"),
        ("'x'", "x"),
        ("1", ""),
        ("a + b", ""),
    ],
)
def test_name_of(source: str, name: str) -> None:
    assert name_of(ast.parse(source, mode="eval").body) == name
