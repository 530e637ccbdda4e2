"""Which model is asked, and that no file can send a key of the machine to an address of its own."""

import pytest

from checks.language_model.section import Provider
from tests.configurations import good, only, told


def of(**keys: str) -> str:
    return "model:\n  provider: openai\n  name: m\n" + "".join(f"  {key}: '{value}'\n" for key, value in keys.items())


def test_without_a_section_none() -> None:
    assert good("").model is None
    assert good("model:\n").model is None


@pytest.mark.parametrize(
    ("provider", "variable"),
    [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY"), ("github", "GITHUB_TOKEN")],
)
def test_the_usual_variable(provider: str, variable: str) -> None:
    model = good(f"model: {{provider: {provider}, name: m}}").model
    assert model is not None
    assert (model.provider, model.variable(), model.max_tokens) == (Provider(provider), variable, 4096)


@pytest.mark.parametrize(
    ("address", "given", "variable"),
    [
        ("https://models.example.org/v1", {}, "SELFMOD_MODEL_KEY"),
        ("https://models.example.org/v1/", {"key_variable": "SELFMOD_MODEL_KEY_EU"}, "SELFMOD_MODEL_KEY_EU"),
        ("https://[2001:db8::1]:8443/v1", {}, "SELFMOD_MODEL_KEY"),
        ("http://localhost:11434/v1", {"key_variable": "OPENAI_API_KEY"}, "OPENAI_API_KEY"),
        ("http://127.0.0.1:8080", {}, "SELFMOD_MODEL_KEY"),
        ("http://[::1]:8080", {}, "SELFMOD_MODEL_KEY"),
    ],
)
def test_an_address_of_ones_own(address: str, given: dict[str, str], variable: str) -> None:
    model = good(of(base_url=address, **given)).model
    assert model is not None
    assert (model.base_url, model.variable()) == (address.rstrip("/"), variable)


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "SELFMOD_MODEL_KEYS_KEY"])
def test_no_key_of_the_machine_goes_to_an_address_of_the_files(name: str) -> None:
    assert only(of(base_url="https://evil.example", key_variable=name)) == (
        f"1: model: {name} is not sent to an address of your own: put that server's key into SELFMOD_MODEL_KEY "
        "(or a name that begins with it) and name that in key_variable."
    )


SCHEME = "an address begins with https:// (http:// only for this machine: localhost, 127.0.0.1, [::1])"
NONE = "this is no address such as 'https://models.example.org/v1'"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://models.example.org", SCHEME),
        ("http://localhost.example.org", SCHEME),
        ("http://127.0.0.1.example.org", SCHEME),
        ("http://10.0.0.1", SCHEME),
        ("http://0177.0.0.1", SCHEME),
        ("ftp://localhost", SCHEME),
        ("file:///etc/passwd", NONE),
        ("models.example.org", NONE),
        ("https://", NONE),
        ("https://a b", NONE),
        ("https://a\\b", NONE),
        ("https://exämple.org", NONE),
        ("https://a:99999", NONE),
        ("https://a:x", NONE),
        ("https://[::1", NONE),
        ("https://a?key=1", "an address ends with its path: no '?' and no '#'"),
        ("https://a#", "an address ends with its path: no '?' and no '#'"),
        (
            "https://user:hunter2@a",
            "an address holds no name and no password; the key comes from the variable of key_variable",
        ),
    ],
)
def test_addresses_that_are_none(address: str, said: str) -> None:
    assert only(of(base_url=address)) == f"4: model.base_url: {said}."


@pytest.mark.parametrize(
    "key",
    [
        "sk-ant-api03-Zm9vYmFy0123456789",
        "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
        "AKIAIOSFODNN7EXAMPLE",
        "0123456789abcdef0123456789abcdef",
        "a1b2c3",
        "-----BEGIN PRIVATE KEY-----",
        "Bearer abc",
    ],
)
def test_a_key_in_the_file_is_refused_and_never_printed(key: str) -> None:
    said = only(of(key_variable=key))
    assert said.startswith(
        "4: model.key_variable: this is to be the name of an environment variable, and looks like a key"
    )
    assert key not in said


@pytest.mark.parametrize("name", ["openai_api_key", "OPENAI", "Key", "MY_SECRET"])
def test_names_that_are_none(name: str) -> None:
    said = "the name of the variable is to be in capitals with _KEY or _TOKEN in it, such as SELFMOD_MODEL_KEY"
    assert only(of(key_variable=name)) == f"4: model.key_variable: {said}."


def test_the_other_keys() -> None:
    assert told("model: {name: 3.5, max_tokens: 0}") == [
        "1: model.provider: this is required.",
        "1: model.name: YAML reads 3.5 as the number 3.5; this is to be text; put it in quotes.",
        "1: model.max_tokens: 0 is not valid: 1 at least.",
    ]
