"""The server's environment: every fault is told with its place and remedy, and no secret is ever shown."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from app.settings import VARIABLES, Credentials, ServerSettings, credentials_file, read, save_credentials
from checks.model.errors import Refusal

PEM = (Encoding.PEM, PrivateFormat.TraditionalOpenSSL)


@pytest.fixture(scope="module")
def key() -> str:
    return rsa.generate_private_key(65_537, 2_048).private_bytes(*PEM, NoEncryption()).decode()


def given(tmp_path: Path, key: str = "", **more: str) -> dict[str, str]:
    own = {"SELFMOD_APP_ID": "7", "SELFMOD_PRIVATE_KEY": key, "SELFMOD_WEBHOOK_SECRET": "s3, cret"} if key else {}
    return {"SELFMOD_DATA_DIR": str(tmp_path / "data"), **own, **more}


def test_nothing_set_is_a_server_that_can_be_set_up(tmp_path: Path) -> None:
    settings = read({"HOME": str(tmp_path)})
    assert settings.app_id is None
    assert settings.webhook_secrets == ()
    assert settings.data_dir == tmp_path / ".local" / "state" / "selfmod"
    assert settings.database_url == f"sqlite:///{settings.data_dir}/selfmod.db"
    assert (settings.api_url, settings.github_url) == ("https://api.github.com", "https://github.com")
    assert not settings.data_dir.exists()
    assert read({"XDG_STATE_HOME": "/state", "HOME": "/home"}).data_dir == Path("/state/selfmod")
    assert read({"XDG_STATE_HOME": "relative", "HOME": "/home"}).data_dir == Path("/home/.local/state/selfmod")


def test_credentials_of_the_environment(tmp_path: Path, key: str) -> None:
    settings = read(given(tmp_path, key, SELFMOD_WEBHOOK_SECRET_OLD="before"))
    assert settings.app_id == 7
    assert settings.private_key.get_secret_value() == key
    assert [each.get_secret_value() for each in settings.webhook_secrets] == ["s3, cret", "before"]
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "s3, cret" not in shown and "before" not in shown and key.splitlines()[1] not in shown


def test_what_people_sign_in_by(tmp_path: Path, key: str) -> None:
    both = {"SELFMOD_CLIENT_ID": "Iv23li0", "SELFMOD_CLIENT_SECRET": "c, s"}
    settings = read(given(tmp_path, key, **both))
    assert (settings.client_id, settings.client_secret.get_secret_value()) == ("Iv23li0", "c, s")
    assert "c, s" not in repr(settings) and "c, s" not in settings.model_dump_json()
    assert read(given(tmp_path, key)).client_id == ""
    for name in both:
        with pytest.raises(Refusal, match="is not set, and") as raised:
            read(given(tmp_path, key, **{name: both[name]}))
        assert f"{({*both} - {name}).pop()} is not set, and {name} is." in str(raised.value)
        assert "c, s" not in str(raised.value)
    with pytest.raises(Refusal, match="Client ID"):
        read(given(tmp_path, key, **both | {"SELFMOD_CLIENT_ID": "a b"}))


def test_a_key_on_one_line_and_a_key_in_a_file(tmp_path: Path, key: str) -> None:
    assert read(given(tmp_path, key.strip().replace("\n", "\\n"))).private_key.get_secret_value() == key
    (tmp_path / "app.pem").write_text(key)
    environ = given(tmp_path, key, SELFMOD_PRIVATE_KEY="", SELFMOD_PRIVATE_KEY_PATH=str(tmp_path / "app.pem"))
    assert read(environ).private_key.get_secret_value() == key


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SELFMOD_APP_ID", "seven", "App ID"),
        ("SELFMOD_APP_ID", "0", "App ID"),
        ("SELFMOD_APP_ID", "7٣", "App ID"),
        ("SELFMOD_PRIVATE_KEY", "-----BEGIN RSA PRIVATE KEY-----", "whole PEM"),
        ("SELFMOD_PRIVATE_KEY_PATH", "/none/app.pem", "both set"),
        ("SELFMOD_WEBHOOK_SECRET", " ", "SELFMOD_WEBHOOK_SECRET is not set"),
        ("SELFMOD_GITHUB_API_URL", "http://api.github.com", "https"),
        ("SELFMOD_GITHUB_API_URL", "http://127.0.0.1.evil.example", "https"),
        ("SELFMOD_GITHUB_API_URL", "https://user:pass@host", "Leave out"),
        ("SELFMOD_GITHUB_API_URL", "https://host?x", "Leave out"),
        ("SELFMOD_GITHUB_API_URL", "ftp://host", "https://host"),
        ("SELFMOD_GITHUB_API_URL", "https://[::1", "https://host"),
        ("SELFMOD_GITHUB_API_URL", "https://host:port", "https://host"),
        ("SELFMOD_PUBLIC_URL", "selfmod.acme.example", "https://host"),
        ("SELFMOD_PUBLIC_URL", "https://acme.example/selfmod", "a host name of its own"),
        ("SELFMOD_DATABASE_URL", "mysql://host/db", "postgresql"),
        ("SELFMOD_DATABASE_URL", "secret-password", "postgresql"),
        ("SELFMOD_DATABASE_URL", "postgresql://u:pass@[host/db", "no address"),
        ("SELFMOD_DATABASE_URL", "postgresql://u:pass@host:port/db", "no address"),
        ("SELFMOD_OPERATOR_TOKEN", "s3, cret", "16 characters"),
        ("SELFMOD_JOBS", "0", "from 1"),
        ("SELFMOD_JOBS", "many", "from 1"),
        ("SELFMOD_INSTALLATION_JOBS", "-1", "from 1"),
        ("SELFMOD_RETENTION_DAYS", "1e3", "from 1"),
        ("SELFMOD_PYTHON", "/none/python", "not there"),
        ("SELFMOD_LOG_FORMAT", "xml", "json or text"),
        ("SELFMOD_PACKAGE_INDEX", "http://index.acme.example/simple", "https"),
        ("SELFMOD_DATA_DIR", __file__, "no folder"),
    ],
)
def test_each_fault_names_its_place_and_what_to_do(tmp_path: Path, key: str, name: str, value: str, says: str) -> None:
    with pytest.raises(Refusal) as raised:
        read(given(tmp_path, key) | {name: value})
    assert name in str(raised.value)
    assert says in str(raised.value)
    for secret in ("s3, cret", key.splitlines()[1], "secret-password", "pass@"):
        assert secret not in str(raised.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as raised:
        read(given(tmp_path, SELFMOD_JOBS="x", SELFMOD_LOG_FORMAT="y", SELFMOD_APP_ID="z"))
    for name in (
        "SELFMOD_JOBS",
        "SELFMOD_LOG_FORMAT",
        "SELFMOD_APP_ID",
        "SELFMOD_PRIVATE_KEY",
        "SELFMOD_WEBHOOK_SECRET",
    ):
        assert name in str(raised.value)
    assert raised.value.reason == "5 settings are wrong."


def test_keys_that_sign_nothing_here_are_refused(tmp_path: Path) -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(*PEM, NoEncryption()).decode()
    locked = (
        rsa.generate_private_key(65_537, 2_048)
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
        .decode()
    )
    for each in (curve, locked):
        with pytest.raises(Refusal, match="SELFMOD_PRIVATE_KEY holds no"):
            read(given(tmp_path, each))


@pytest.mark.parametrize(
    ("url", "read_as"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://h/d?sslmode=require", "postgresql+psycopg://h/d?sslmode=require"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////var/lib/selfmod.db", "sqlite:////var/lib/selfmod.db"),
    ],
)
def test_addresses_of_databases(tmp_path: Path, url: str, read_as: str) -> None:
    assert read(given(tmp_path, SELFMOD_DATABASE_URL=url)).database_url == read_as


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com/", "https://github.com"),
        ("https://ghe.acme.example/api/v3", "https://ghe.acme.example"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
    ],
)
def test_pages_lie_beside_the_api(tmp_path: Path, api: str, web: str) -> None:
    settings = read(given(tmp_path, SELFMOD_GITHUB_API_URL=api))
    assert settings.github_url == web
    assert settings.api_url == api.rstrip("/")
    assert read(given(tmp_path, SELFMOD_GITHUB_API_URL=api, SELFMOD_GITHUB_URL="https://x")).github_url == "https://x"


def credentials(key: str) -> Credentials:
    return Credentials(app_id=9, private_key=SecretStr(key), webhook_secret=SecretStr("from-setup"), slug="selfmod")


def test_credentials_of_the_setup_are_kept_for_the_owner_only(tmp_path: Path, key: str) -> None:
    data = tmp_path / "data"
    save_credentials(data, credentials(key))
    place = credentials_file(data)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    settings = read(given(tmp_path))
    assert settings.app_id == 9
    assert settings.private_key.get_secret_value() == key
    assert settings.webhook_secrets[0].get_secret_value() == "from-setup"
    assert read(given(tmp_path, key)).app_id == 7  # the environment wins
    assert [each.name for each in data.iterdir()] == ["app.json"]


def test_the_client_of_the_setup_is_kept_and_that_of_the_environment_wins(tmp_path: Path, key: str) -> None:
    made = Credentials(
        app_id=7,
        private_key=SecretStr(key),
        webhook_secret=SecretStr("s"),
        client_id="Iv1",
        client_secret=SecretStr("kept"),
    )
    save_credentials(tmp_path / "data", made)
    settings = read(given(tmp_path))
    assert (settings.app_id, settings.client_id, settings.client_secret.get_secret_value()) == (7, "Iv1", "kept")
    both = {"SELFMOD_CLIENT_ID": "Iv2", "SELFMOD_CLIENT_SECRET": "given"}
    settings = read(given(tmp_path, **both))
    assert (settings.app_id, settings.client_id, settings.client_secret.get_secret_value()) == (7, "Iv2", "given")


def test_an_older_registration_without_a_client_still_loads(tmp_path: Path, key: str) -> None:
    place = credentials_file(tmp_path / "data")
    place.parent.mkdir()
    place.write_text(json.dumps({"app_id": 7, "private_key": key, "webhook_secret": "s"}))
    place.chmod(0o600)
    settings = read(given(tmp_path))
    assert (settings.app_id, settings.client_id, settings.client_secret.get_secret_value()) == (7, "", "")


def test_the_set_up_replaces_nothing(tmp_path: Path, key: str) -> None:
    save_credentials(tmp_path, credentials(key))
    before = credentials_file(tmp_path).read_bytes()
    with pytest.raises(Refusal, match="registered"):
        save_credentials(tmp_path, Credentials(app_id=1, private_key=SecretStr(key), webhook_secret=SecretStr("x")))
    assert credentials_file(tmp_path).read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"app_id": "x"}', json.dumps({"app_id": 1}), "\ud800"])
def test_a_file_of_credentials_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    place = credentials_file(tmp_path / "data")
    place.parent.mkdir()
    place.write_bytes(text.encode("utf-8", "surrogatepass"))
    place.chmod(0o600)
    with pytest.raises(Refusal, match=r"app\.json"):
        read(given(tmp_path))


def test_a_file_of_credentials_that_others_can_read_is_told(tmp_path: Path, key: str) -> None:
    save_credentials(tmp_path / "data", credentials(key))
    credentials_file(tmp_path / "data").chmod(0o644)
    with pytest.raises(Refusal, match="chmod 600"):
        read(given(tmp_path))


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    import inspect

    from app import settings

    source = inspect.getsource(settings)
    code = source[source.index("def credentials_file") :]
    for each in VARIABLES:
        assert f'"{each.name}"' in code
        assert each.meaning and not each.meaning.endswith(".")
    assert set(ServerSettings.model_fields) >= {"app_id", "private_key"}


@pytest.mark.parametrize(
    ("named", "lacking", "there"),
    [
        ({"SELFMOD_CLIENT_ID": "Iv2"}, "SELFMOD_CLIENT_SECRET", "SELFMOD_CLIENT_ID"),
        ({"SELFMOD_CLIENT_ID": "bad id!"}, "SELFMOD_CLIENT_SECRET", "SELFMOD_CLIENT_ID"),
        ({"SELFMOD_CLIENT_SECRET": "s"}, "SELFMOD_CLIENT_ID", "SELFMOD_CLIENT_SECRET"),
    ],
)
def test_a_client_needs_both(tmp_path: Path, named: dict[str, str], lacking: str, there: str) -> None:
    with pytest.raises(Refusal) as raised:
        read(given(tmp_path, **named))
    assert f"{lacking} is not set, and {there} is." in str(raised.value)
    assert f"{there} is not set" not in str(raised.value)
