"""What is quoted of a file, and what is not."""

import pytest

from checks.configuration.faults import Fault, nearest, shown, shown_key, without_secrets

SECRETS = [
    "sk-ant-api03-abcdefgh",
    "ghp_abcdefgh0123",
    "github_pat_11ABCDEFG0",
    "AKIAIOSFODNN7EXAMPLE",
    "xoxb-1234",
    "eyJhbGciOiJIUzI1NiJ9.e30",
    "0123456789abcdef0123456789abcdef",
    "-----BEGIN PRIVATE KEY-----",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_never_quoted(secret: str) -> None:
    for said in (shown(secret), shown([secret]), shown_key(f"model.{secret}"), without_secrets(f"it is '@{secret}'.")):
        assert secret[:6] not in said


@pytest.mark.parametrize("value", ["observe", "src/**/a.py", 7, None, "a-long-name-of-a-folder-with-no-digits-in-it"])
def test_what_does_not_is_quoted(value: object) -> None:
    assert shown(value) == repr(value)[:60]


def test_a_quotation_is_short() -> None:
    assert len(shown("x " * 1000)) == 60
    assert len(shown_key("x " * 1000)) == 102


@pytest.mark.parametrize(
    ("word", "near"),
    [("Rule", "rule"), ("auto-apply", "auto_apply"), ("rul", "rule"), ("zzz", None), ("x" * 100_000, None)],
)
def test_the_nearest_word(word: str, near: str | None) -> None:
    assert nearest(word, ("rule", "file", "auto_apply")) == near


def test_a_fault_names_the_place() -> None:
    assert str(Fault(3, "a", "a: bad.", "Do.").refusal("x.yml")) == "x.yml, line 3: a: bad.  Do."
    assert str(Fault(0, "", "is empty.", "Do.").refusal("x.yml")) == "x.yml is empty.  Do."
