"""Addresses of the details pages, signed: who can read the check run that holds one may read the page.

A page shows facts of private repositories, and the server has no accounts of its own. So an address bears a key, an
HMAC over what it shows. Keys never expire: a check run is read for as long as its record is kept. They are made of the
webhook secret, which every process of the server has; whoever replaces that for good closes all earlier addresses.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from urllib.parse import quote

from pydantic import SecretStr

from app.settings import ServerSettings

_LABEL = b"selfmod dashboard 1"
"""Tells these keys apart from all else that is ever made of the webhook secret."""
_BYTES = 24
"""Of a key: 192 bits, 32 characters of an address."""


def details_url(settings: ServerSettings, mod_id: str) -> str:
    """The page of one record, empty where the server has no public address or no secret."""
    return _address(settings, f"/details/{quote(mod_id, safe='')}", _subject("record", mod_id))


def pull_url(settings: ServerSettings, repository: str, number: int) -> str:
    """The page of all records of a pull request, empty where the server has no public address or no secret."""
    return _address(settings, f"/{quote(repository)}/pull/{number}", _pull(repository, number))


def operator_url(settings: ServerSettings) -> str:
    """The start page, for who runs the server: opens every other page too. Empty as above. A secret."""
    token = operator_token(settings)
    return f"{settings.public_url.rstrip('/')}/?token={quote(token, safe='')}" if settings.public_url and token else ""


def operator_token(settings: ServerSettings) -> str:
    """What opens the start page: the one that is set, else one made of the webhook secret; empty without either."""
    if settings.operator_token.get_secret_value():
        return settings.operator_token.get_secret_value()
    keys = _keys(settings, "operator")
    return keys[0] if keys else ""


def opens_details(settings: ServerSettings, mod_id: str, key: str) -> bool:
    """Whether the key of an address opens this record; one made of the webhook secret before the newest does too."""
    return _one_of(key, _keys(settings, _subject("record", mod_id)))


def opens_pull(settings: ServerSettings, repository: str, number: int, key: str) -> bool:
    """Whether the key of an address opens the list of this pull request's records."""
    return _one_of(key, _keys(settings, _pull(repository, number)))


def opens_start(settings: ServerSettings, token: str) -> bool:
    """Whether this is the operator's token."""
    return _one_of(token, (operator_token(settings),))


def session(settings: ServerSettings, until: int) -> str:
    """The value of the operator's cookie, good until this second of the epoch. It cannot be turned into the token, and
    another token makes it worthless."""
    return f"{until}.{_key(operator_token(settings).encode(), f'session\0{until}')}" if operator_token(settings) else ""


def is_session(settings: ServerSettings, value: str, now: float) -> bool:
    """Whether a cookie's value is one of ours and still good at `now` (seconds since the epoch)."""
    until = value.partition(".")[0]
    if not (until.isascii() and until.isdigit() and len(until) <= len("99999999999")) or int(until) < now:
        return False
    return _one_of(value, (session(settings, int(until)),))


def stamp(settings: ServerSettings, purpose: str, *parts: str) -> str:
    """A key over some texts for one purpose, which none of another purpose can be taken for; empty without a secret.
    Neither the purpose nor a part may hold a NUL."""
    keys = _keys(settings, _subject("stamp", purpose, *parts))
    return keys[0] if keys else ""


def is_stamp(settings: ServerSettings, given: str, purpose: str, *parts: str) -> bool:
    """Whether this server gave such a key for these texts; one made of the webhook secret before the newest is one."""
    return _one_of(given, _keys(settings, _subject("stamp", purpose, *parts)))


def _address(settings: ServerSettings, path: str, subject: str) -> str:
    keys = _keys(settings, subject)
    return f"{settings.public_url.rstrip('/')}{path}?key={keys[0]}" if settings.public_url and keys else ""


def _subject(kind: str, *parts: str) -> str:
    """Parts that cannot be shifted into one another: none of them holds a NUL."""
    return "\0".join((kind, *parts))


def _pull(repository: str, number: int) -> str:
    return _subject("pull", repository.casefold(), str(number))


def _keys(settings: ServerSettings, subject: str) -> tuple[str, ...]:
    """One for each webhook secret, the current one's first."""
    return tuple(_key(_dashboard(each), subject) for each in settings.webhook_secrets if each.get_secret_value())


def _dashboard(secret: SecretStr) -> bytes:
    return hmac.digest(secret.get_secret_value().encode(), _LABEL, hashlib.sha256)


def _key(secret: bytes, subject: str) -> str:
    return urlsafe_b64encode(
        hmac.digest(secret, subject.encode("utf-8", "surrogatepass"), hashlib.sha256)[:_BYTES]
    ).decode()


def _one_of(given: str, keys: tuple[str, ...]) -> bool:
    """Compared in constant time, all of them."""
    raw = given.encode("utf-8", "surrogatepass")
    same = [hmac.compare_digest(raw, key.encode()) for key in keys if key]
    return any(same)
