"""The server's environment, read once into a frozen model. Every fault of it is told, all at once."""

import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from checks.model.errors import Refusal

GITHUB_API = "https://api.github.com"
GITHUB = "https://github.com"
CREDENTIALS = "app.json"
LONGEST = 64 * 1024
"""Bytes of a key or a file of credentials."""
SHORTEST = 16
"""Characters of the operator's token: anybody may try some, and a cookie that is made of it can be tried at home."""


class ServerSettings(BaseModel):
    """Everything that an operator sets. `webhook_secrets` are the current one and, while it is being replaced, the one
    before. `database_url` is an SQLAlchemy address. `package_index` is where wheels for tested projects come from
    (empty: pip's own setting), `python` an interpreter or virtual environment that all tested projects run with
    instead. `operator_token` opens the start page of the dashboard (empty: one is made of the webhook secret)."""

    model_config = ConfigDict(frozen=True)

    app_id: int | None = None
    private_key: SecretStr = SecretStr("")
    webhook_secrets: tuple[SecretStr, ...] = ()
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    """With the client ID what people sign in by; empty where nobody does."""
    api_url: str = GITHUB_API
    github_url: str = GITHUB
    database_url: str
    data_dir: Path
    public_url: str = ""
    operator_token: SecretStr = SecretStr("")
    jobs: int = 2
    """Jobs at once in one process."""
    installation_jobs: int = 2
    """Jobs at once for one installation, in all processes together."""
    retention_days: int = 365
    repositories_gib: int = 50
    environments_gib: int = 20
    audit_key: SecretStr = SecretStr("")
    """Keys the audit chain, so that who has the database alone cannot compute it anew; empty: nothing keys it."""
    package_index: str = ""
    python: Path | None = None
    log_format: str = "json"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment, as it is documented; `default` is Markdown."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable("SELFMOD_APP_ID", "from the set-up", "number of the GitHub App"),
    Variable("SELFMOD_PRIVATE_KEY", "from the set-up", "its private key in PEM; `\\n` may stand for line breaks"),
    Variable("SELFMOD_PRIVATE_KEY_PATH", "", "a file with the private key, instead of `SELFMOD_PRIVATE_KEY`"),
    Variable("SELFMOD_WEBHOOK_SECRET", "from the set-up", "signs what GitHub sends; the server does not start without"),
    Variable("SELFMOD_WEBHOOK_SECRET_OLD", "", "the secret before, accepted too while it is being replaced"),
    Variable("SELFMOD_CLIENT_ID", "from the set-up", "client ID of the App: people sign in on the pages by it"),
    Variable("SELFMOD_CLIENT_SECRET", "from the set-up", "a client secret of the App; goes with `SELFMOD_CLIENT_ID`"),
    Variable("SELFMOD_GITHUB_API_URL", f"`{GITHUB_API}`", "GitHub's API; Enterprise Server: `https://HOST/api/v3`"),
    Variable("SELFMOD_GITHUB_URL", "of the API's address", "GitHub's pages and git"),
    Variable("SELFMOD_DATABASE_URL", "SQLite in the data folder", "such as `postgresql://user@host/selfmod`"),
    Variable(
        "SELFMOD_DATA_DIR",
        "`$XDG_STATE_HOME/selfmod` or `~/.local/state/selfmod`",
        "folder of the database, of copies of repositories and of the App's credentials; readable for the server only",
    ),
    Variable("SELFMOD_PUBLIC_URL", "", "address under which GitHub and people reach this server"),
    Variable(
        "SELFMOD_OPERATOR_TOKEN",
        "made of the webhook secret",
        f"opens the start page of the dashboard; {SHORTEST} characters or more",
    ),
    Variable("SELFMOD_JOBS", "2", "jobs at once in one process"),
    Variable("SELFMOD_INSTALLATION_JOBS", "2", "jobs at once for one installation, in all processes together"),
    Variable("SELFMOD_RETENTION_DAYS", "365", "days that records are kept"),
    Variable(
        "SELFMOD_REPOSITORIES_GIB", "50", "GiB of copies of repositories; beyond it go those that were not used longest"
    ),
    Variable(
        "SELFMOD_ENVIRONMENTS_GIB", "20", "GiB of environments of tested projects; beyond it go those not used longest"
    ),
    Variable("SELFMOD_AUDIT_KEY", "none", "keys the audit chain; keep it outside the database, and never change it"),
    Variable("SELFMOD_PACKAGE_INDEX", "pip's own", "where wheels for tested projects come from"),
    Variable("SELFMOD_PYTHON", "built for each project", "interpreter or environment that tested projects run with"),
    Variable("SELFMOD_LOG_FORMAT", "`json`", "`json` or `text`"),
)


class Credentials(BaseModel):
    """What GitHub gives once when an App is registered. `name` and `html_url` may be shown; what was kept of an earlier
    registration may lack the client ID and its secret."""

    model_config = ConfigDict(frozen=True)

    app_id: int
    private_key: SecretStr
    webhook_secret: SecretStr
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    slug: str = ""
    name: str = ""
    html_url: str = ""


def credentials_file(data_dir: Path) -> Path:
    """Where the set-up page keeps an App's credentials."""
    return data_dir / CREDENTIALS


def save_credentials(data_dir: Path, credentials: Credentials) -> None:
    """Writes the credentials, whole or not at all, readable for the owner only. Raises Refusal where there are some."""
    place = credentials_file(data_dir)
    given = credentials.model_dump()
    document = {name: each.get_secret_value() if isinstance(each, SecretStr) else each for name, each in given.items()}
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=data_dir, prefix=f".{CREDENTIALS}-")  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, place)  # unlike a rename, this replaces nothing
    except FileExistsError:
        raise Refusal(f"{place} is there: an App is registered.", "Move it away to register another one.") from None
    finally:
        Path(temporary).unlink(missing_ok=True)


def read(environ: Mapping[str, str] = os.environ) -> ServerSettings:
    """The settings of this environment, with the App's credentials from the data folder where it has none.

    Without any credentials the server can be set up, and no more. Raises Refusal for all that is wrong."""
    faults: list[tuple[str, str]] = []

    def one[Value](name: str, parse: Callable[[str], Value], default: Value) -> Value:
        text = environ.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except Refusal as refusal:
            faults.append((f"{name} {refusal.reason}", refusal.hint))
            return default

    data_dir = one("SELFMOD_DATA_DIR", _folder, state_folder(environ))
    api_url = one("SELFMOD_GITHUB_API_URL", _address, GITHUB_API)
    given = _given(environ, data_dir, one, faults) | _client(environ, one, faults)
    settings = ServerSettings(
        **given,
        api_url=api_url,
        github_url=one("SELFMOD_GITHUB_URL", _address, _web(api_url)),
        data_dir=data_dir,
        database_url=one("SELFMOD_DATABASE_URL", _database, f"sqlite:///{data_dir / 'selfmod.db'}"),
        public_url=one("SELFMOD_PUBLIC_URL", _root, ""),
        operator_token=SecretStr(one("SELFMOD_OPERATOR_TOKEN", _long, "")),
        jobs=one("SELFMOD_JOBS", _count(64), 2),
        installation_jobs=one("SELFMOD_INSTALLATION_JOBS", _count(64), 2),
        retention_days=one("SELFMOD_RETENTION_DAYS", _count(36_500), 365),
        repositories_gib=one("SELFMOD_REPOSITORIES_GIB", _count(1_000_000), 50),
        environments_gib=one("SELFMOD_ENVIRONMENTS_GIB", _count(1_000_000), 20),
        audit_key=SecretStr(environ.get("SELFMOD_AUDIT_KEY", "").strip()),
        package_index=one("SELFMOD_PACKAGE_INDEX", _index, ""),
        python=one("SELFMOD_PYTHON", _present, None),
        log_format=one("SELFMOD_LOG_FORMAT", _log_format, "json"),
    )
    if len(faults) == 1:
        raise Refusal(*faults[0])
    if faults:
        told = "  ".join(f"({number}) {reason} {hint}".rstrip() for number, (reason, hint) in enumerate(faults, 1))
        raise Refusal(f"{len(faults)} settings are wrong.", told)
    return settings


type _One = Callable[[str, Callable[[str], Any], Any], Any]


def _given(environ: Mapping[str, str], data_dir: Path, one: _One, faults: list[tuple[str, str]]) -> dict[str, Any]:
    """The credentials: the environment's where it has any, else those of the set-up."""
    names = ("SELFMOD_APP_ID", "SELFMOD_PRIVATE_KEY", "SELFMOD_PRIVATE_KEY_PATH", "SELFMOD_WEBHOOK_SECRET")
    old = environ.get("SELFMOD_WEBHOOK_SECRET_OLD", "").strip()
    if not any(environ.get(name, "").strip() for name in names):
        try:
            kept = _kept(credentials_file(data_dir))
        except Refusal as refusal:
            faults.append((refusal.reason, refusal.hint))
            return {}
        if kept is None:
            return {}
        secrets = (kept.webhook_secret, *([SecretStr(old)] if old else []))
        given = kept.model_dump(include={"app_id", "private_key", "client_id", "client_secret"})
        return given | {"webhook_secrets": secrets}
    if environ.get(names[1], "").strip() and environ.get(names[2], "").strip():
        faults.append((f"{names[1]} and {names[2]} are both set.", "Keep one of them."))
    key = one(names[2], _key_file, "") or one(names[1], _key, "")
    for wanted, found in (
        (names[0], environ.get(names[0])),
        (f"{names[1]} or {names[2]}", environ.get(names[1]) or environ.get(names[2])),
        (names[3], environ.get(names[3])),
    ):
        if not (found or "").strip():
            faults.append((f"{wanted} is not set, and the App's other credentials are.", "Set all of them, or none."))
    secrets = tuple(SecretStr(each) for each in (environ.get(names[3], "").strip(), old) if each)
    return {"app_id": one(names[0], _number, None), "private_key": SecretStr(key), "webhook_secrets": secrets}


def _client(environ: Mapping[str, str], one: _One, faults: list[tuple[str, str]]) -> dict[str, Any]:
    """The environment's client ID with its secret, in the place of those of the set-up; nothing where it has none."""
    names = ("SELFMOD_CLIENT_ID", "SELFMOD_CLIENT_SECRET")
    found, secret = one(names[0], _word, ""), environ.get(names[1], "").strip()
    given = bool(environ.get(names[0], "").strip())  # perhaps in a form that is a fault of its own
    if given != bool(secret):
        faults.append((f"{names[given]} is not set, and {names[not given]} is.", "Set both, or none."))
    return {"client_id": found, "client_secret": SecretStr(secret)} if found and secret else {}


def _kept(place: Path) -> Credentials | None:
    """The credentials of the set-up, None where there are none."""
    try:
        mode = place.stat().st_mode
        with place.open(encoding="utf-8") as file:
            credentials = Credentials.model_validate(json.loads(file.read(LONGEST)))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no file of credentials"
        raise Refusal(
            f"{place} cannot be read: {why}.", "Correct it, or move it away and set the App up again."
        ) from None
    if mode & 0o077:
        raise Refusal(f"{place} can be read by others.", f"Make it the server's own: chmod 600 {place}")
    return credentials


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where what must stay is kept of whoever runs this, by the variables of the process:
    https://specifications.freedesktop.org/basedir-spec: a relative name is to be ignored."""
    named = environ.get("XDG_STATE_HOME", "")
    if named.startswith("/"):
        return Path(named) / "selfmod"
    return Path(environ.get("HOME") or "/") / ".local" / "state" / "selfmod"


def _folder(text: str) -> Path:
    place = Path(text).expanduser().absolute()
    if place.exists() and not place.is_dir():
        raise Refusal(f"names {place}, which is no folder.", "Name a folder; it is made where there is none.")
    return place


def _present(text: str) -> Path:
    place = Path(text).expanduser().absolute()
    if not place.exists():
        raise Refusal(f"names {place}, which is not there.", "Name an interpreter or a virtual environment.")
    return place


def is_loopback(host: str) -> bool:
    """Whether this name of a host is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _address(text: str) -> str:
    """An address without a `/` at its end. Plain http sends tokens for everybody on the way to read."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Refusal("is no address.", "Write https://host") from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f]", text):
        raise Refusal("is no address.", "Write https://host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Refusal("holds more than an address.", "Leave out user, password, query and fragment.")
    if parts.scheme == "http" and not is_loopback(host):
        raise Refusal(f"is plain http to {host}.", "Use https; http is for this machine itself (127.0.0.1).")
    return text.rstrip("/")


def _root(text: str) -> str:
    """An address without a path: links of the pages begin at the host."""
    found = _address(text)
    if urlsplit(found).path:
        raise Refusal("has a path.", "Give selfmod a host name of its own: https://selfmod.example.org")
    return found


def _web(api_url: str) -> str:
    """GitHub's pages beside its API: the same host on Enterprise Server, `TENANT.ghe.com` for `api.TENANT.ghe.com`."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"


def _database(text: str) -> str:
    found = re.match(r"(postgres(?:ql)?(?:\+psycopg)?|sqlite(?:\+pysqlite)?)://", text)
    if not found:
        raise Refusal(
            "names no database that is known.", "Write postgresql://user@host/name, or sqlite:////folder/selfmod.db"
        )
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.password
    except ValueError:
        raise Refusal("is no address.", "Write postgresql://user@host:port/name; see that the port is one.") from None
    return f"postgresql+psycopg://{text[found.end() :]}" if found[1].startswith("postgres") else text


def _long(text: str) -> str:
    if len(text) < SHORTEST:
        raise Refusal("is too short.", f"Set {SHORTEST} characters or more, such as: openssl rand -hex 32")
    return text


def _count(most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text) or not 1 <= int(text) <= most:
            raise Refusal(f"is {text[:40]!r}.", f"Set a whole number from 1 to {most}.")
        return int(text)

    return parse


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,17}", text, re.ASCII):
        raise Refusal(f"is {text[:40]!r}.", "Set the number that the App's page at GitHub shows as App ID.")
    return int(text)


def _word(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,100}", text, re.ASCII):
        raise Refusal(f"is {text[:40]!r}.", "Set what the App's page at GitHub shows as Client ID.")
    return text


def _index(text: str) -> str:
    """A file index by its folder, or an address; only pip's own settings may hold a password."""
    return str(_present(text)) if text.startswith(("/", "~")) else _address(text)


def _log_format(text: str) -> str:
    if text not in ("json", "text"):
        raise Refusal(f"is {text[:40]!r}.", "Set json or text.")
    return text


def _key_file(text: str) -> str:
    try:
        with Path(text).expanduser().open(encoding="ascii", errors="replace") as file:
            return _key(file.read(LONGEST))
    except OSError as error:
        raise Refusal(
            f"names {text}, which cannot be read: {error.strerror}.", "Name the PEM file of the App."
        ) from None


def _key(text: str) -> str:
    """The key as PEM. Nothing of it is ever part of a message."""
    text = text.strip()
    if "\n" not in text:
        text = text.replace("\\n", "\n")
    with suppress(ImportError):  # without the server's libraries nothing is signed either
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            usable = isinstance(load_pem_private_key(text.encode(), None), RSAPrivateKey)
        except (ValueError, TypeError):  # cut, not PEM; with a password
            usable = False
        if not usable:
            raise Refusal(
                "holds no private key that can be used.", "Set the whole PEM file that GitHub made for the App."
            )
    return text + "\n"
