"""Secrets are taken out of everything that leaves: by value, where they are known, and by pattern, where they are not.

Installation tokens have no fixed length (several hundred characters at present), so no pattern here counts characters.
"""

import base64
import re
from collections.abc import Callable, Iterable
from threading import Lock
from urllib.parse import quote

REDACTED = "[redacted]"
SHORTEST = 6
"""Characters of a value that is looked for: a shorter one would black out ordinary words."""

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # keys as PEM, also cut off, and with their line ends escaped; two of one line's base64 are enough to be one
    (
        re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?(?:-----END[A-Z0-9 ]{0,60}-----|\Z)", re.DOTALL),
        REDACTED,
    ),
    # https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
    (re.compile(r"gh[a-z]_[A-Za-z0-9_.~+/=-]{4,}"), REDACTED),
    (re.compile(r"github_pat_[A-Za-z0-9_]{4,}"), REDACTED),
    # JSON Web Tokens: a header that begins with {" in base64, and what follows it
    (re.compile(r"eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_=-]*)*"), REDACTED),
    # keys of models' providers, as they are given out at present
    (re.compile(r"\bsk-[A-Za-z0-9_-]{8,}"), REDACTED),
    (
        re.compile(
            r"""(authorization["']?\s{0,9}[:=]\s{0,9}["']?)(?:(?:bearer|basic|token)\s{1,9})?[^\s"',;]+""", re.I
        ),
        rf"\1{REDACTED}",
    ),
    (re.compile(r"\b(bearer\s{1,9})[^\s\"',;]+", re.I), rf"\1{REDACTED}"),
    # name and password of an address, and what follows a name that says it
    (re.compile(r"(://)[^\s/@\"']{1,2000}@"), rf"\1{REDACTED}@"),
    (re.compile(r"(://)[^\s/@:\"']{0,200}:[^\s@\"']{1,2000}@"), rf"\1{REDACTED}@"),
    (
        re.compile(
            r"""((?:password|passwd|secret|token|api[_-]?key|private[_-]?key)["']?\s{0,9}[=:]\s{0,9}["']?)"""
            r"""(?!\[redacted\])[^\s"',;&)}\]]+""",
            re.I,
        ),
        rf"\1{REDACTED}",
    ),
)
_SECRET_NAME = re.compile(
    r"(?:^|[_-])(?:password|passwd|secrets?|token|authorization|cookie|api_?key|private_?key)(?:$|[_-])", re.I
)

_known: frozenset[str] = frozenset()
_values: re.Pattern[str] | None = None
_living: Callable[[], Iterable[str]] = tuple
_lock = Lock()


def register(*secrets: str) -> None:
    """From now on these values leave in no form that is usual: as they are, in a URL, in base64, line by line."""
    global _known, _values
    with _lock:
        _known |= {form for secret in secrets for form in _forms(secret)}
        longest = sorted(_known, key=len, reverse=True)
        _values = re.compile("|".join(map(re.escape, longest))) if longest else None


def watch(secrets: Callable[[], Iterable[str]]) -> None:
    """What this gives at the moment leaves as little: tokens, which come and go by the hour."""
    global _living
    _living = secrets


def _forms(secret: str) -> Iterable[str]:
    """How a secret may be written."""
    encoded = base64.b64encode(secret.encode(errors="surrogateescape")).decode()
    # git sends an installation's token as the password of this name
    basic = base64.b64encode(f"x-access-token:{secret}".encode(errors="surrogateescape")).decode()
    url = quote(secret, safe="", errors="surrogateescape")
    lines = [line.strip() for line in secret.splitlines() if not line.startswith("-----")]
    every = [secret.strip(), encoded, encoded.rstrip("="), basic, url, secret.replace("\n", "\\n"), *lines]
    return (form for form in every if len(form) >= SHORTEST)


def redacted(text: str) -> str:
    """The text without secrets."""
    if _values is not None:
        text = _values.sub(REDACTED, text)
    for secret in _living():
        if len(secret) >= SHORTEST:
            text = text.replace(secret, REDACTED)
    for pattern, put in _PATTERNS:
        text = pattern.sub(put, text)
    return text


def secret_name(name: str) -> bool:
    """Whether what has this name is a secret whatever its value."""
    return _SECRET_NAME.search(name) is not None
