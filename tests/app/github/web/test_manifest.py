"""The end of the manifest flow: a code becomes credentials, once, and nothing half."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.github.web.manifest import convert
from app.model.trouble import Doubtful, Gone
from app.settings import ServerSettings, read, save_credentials
from checks.model.errors import Refusal
from tests.app.github.conftest import Asked, Given, Scripted

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]
WHOLE = {
    "id": 7,
    "slug": "selfmod",
    "name": "selfmod",
    "html_url": "https://github.com/apps/selfmod",
    "pem": "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n",
    "webhook_secret": "s3cret",
    "client_id": "Iv23li0",
    "client_secret": "cl13nt",
}


def settings(url: str) -> ServerSettings:
    return ServerSettings(api_url=url, database_url="sqlite:///x", data_dir=Path("/none"))


def test_a_code_becomes_credentials(scripted: Make) -> None:
    server = scripted(lambda asked: Given(201, WHOLE))
    found = convert(settings(server.url), "a1b2")
    assert (found.app_id, found.slug, found.name, found.html_url) == (7, "selfmod", "selfmod", WHOLE["html_url"])
    assert found.private_key.get_secret_value() == WHOLE["pem"]
    assert found.webhook_secret.get_secret_value() == "s3cret"
    assert (found.client_id, found.client_secret.get_secret_value()) == ("Iv23li0", "cl13nt")
    assert "s3cret" not in repr(found) and "cl13nt" not in repr(found)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/app-manifests/a1b2/conversions")
    assert "authorization" not in asked.headers


@pytest.mark.parametrize("lacking", ["id", "pem", "webhook_secret"])
@pytest.mark.parametrize("value", [None, "", 0, []])
def test_half_an_answer_is_refused(scripted: Make, lacking: str, value: Any) -> None:
    server = scripted(lambda asked: Given(201, {**WHOLE, lacking: value}))
    with pytest.raises(Refusal, match="lacks") as raised:
        convert(settings(server.url), "a1b2")
    assert "s3cret" not in str(raised.value)


def test_a_code_that_was_used_is_gone(scripted: Make) -> None:
    with pytest.raises(Gone):
        convert(settings(scripted(lambda asked: Given(404, {"message": "Not Found"})).url), "a1b2")


def test_a_code_is_never_sent_twice(scripted: Make) -> None:
    server = scripted(lambda asked: Given(502, {}))
    with pytest.raises(Doubtful):
        convert(settings(server.url), "a1b2")
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", ["", "..", "."])
def test_what_would_change_the_path_is_refused(code: str) -> None:
    with pytest.raises(Refusal):
        convert(settings("http://127.0.0.1:9"), code)


def test_a_code_is_one_part_of_the_path(scripted: Make) -> None:
    server = scripted(lambda asked: Given(404, {}))
    with pytest.raises(Gone):
        convert(settings(server.url), "../../app?x#y")
    assert server.asked[0].path == "/app-manifests/..%2F..%2Fapp%3Fx%23y/conversions"


def test_what_is_saved_is_what_the_server_starts_with(scripted: Make, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = rsa.generate_private_key(65_537, 2_048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    server = scripted(lambda asked: Given(201, {**WHOLE, "pem": pem}))
    save_credentials(tmp_path, convert(settings(server.url), "a1b2"))
    found = read({"SELFMOD_DATA_DIR": str(tmp_path)})
    assert found.app_id == 7 and found.private_key.get_secret_value() == pem
    assert (found.client_id, found.client_secret.get_secret_value()) == ("Iv23li0", "cl13nt")
