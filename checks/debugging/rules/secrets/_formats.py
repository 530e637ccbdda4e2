"""Secrets that show what they are by their form, and what tells a made-up value from a real one."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

_KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abeoprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}")),
    ("a Stripe key", re.compile(r"\b[sr]k_live_[A-Za-z0-9]{20,}\b")),
    ("a Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a PyPI token", re.compile(r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}")),
    ("a JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}")),
    (
        "a private key",
        # possessive: a key with a thousand headers would otherwise be tried in every way to divide them
        re.compile(
            r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\\nr]*(?:[A-Za-z-]+: [^\n]*+\s*+)*+[A-Za-z0-9+/=\s\\]{100,}"
        ),
    ),
)
MARKS = ("AKIA", "ASIA", "gh", "glpat-", "xox", "k_live_", "AIza", "npm_", "pypi-", "SG.", "eyJ", "PRIVATE KEY")
"""What a string must hold for a known form to be possible: cheaper to look for than the forms."""

_MADE_UP = re.compile(
    r"chang|example|placeholder|dummy|fake|sample|todo|redact|hidden|insert|replace|your|enter|xxx|abc|1234|foo|bar|test|"
    r"\*\*|\.\.\.|none|null|undefined|insecure|default|secret|passw|token|apikey|api_key|api-key|lorem|demo",
    re.IGNORECASE,
)
_NOT_A_VALUE = re.compile(
    r"[\s{}<>()\[\]|\\,;'\"`]|\$[A-Za-z0-9]+\$|^\$|%[sdr]|^\^|://|^[./~]|^--?[a-z]|^(?:pbkdf2|sha\d|md5|argon2|bcrypt)|"
    r"\.(?:py|txt|json|ya?ml|html?|key|pem|cfg)$"
)
_DJANGO = re.compile(r"[a-z0-9!@#$%^&*(\-_=+)]{50}")
_SCHEME = re.compile(r"(?:Bearer|Token|Basic|Bot|token|bearer) (\S+)")
_WORDLIKE = re.compile(r"[A-Za-z]*[0-9]{0,2}")


def known(text: str) -> tuple[str, str] | None:
    """What a string certainly holds ("a GitHub token") and that piece; None where none is or it is made up."""
    if not any(mark in text for mark in MARKS):
        return None
    for name, form in _KNOWN:
        match = form.search(text)
        if match is not None and not _invented(match.group()):
            return name, match.group()
    return None


def every(text: str) -> Iterator[tuple[str, int, int]]:
    """As `known`, for a whole file: each piece with where it begins and ends."""
    if any(mark in text for mark in MARKS):
        for name, form in _KNOWN:
            for match in form.finditer(text):
                if not _invented(match.group()):
                    yield name, match.start(), match.end()


def _invented(piece: str) -> bool:
    low = piece.lower()
    if any(word in low for word in ("example", "xxxx", "your", "0000", "12345", "fake", "dummy")) and len(piece) < 200:
        return True
    return entropy(piece[4:]) < 3


def entropy(text: str) -> float:
    """Shannon's entropy in bits a character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values()) if text else 0.0


def looks_real(value: str, least: int) -> bool:
    """Whether a value given to a secret's name is one that nobody would write as a placeholder, a field's name or a
    message: at least `least` characters, letters and digits (or signs) mixed, no words."""
    if not least <= len(value) <= 500 or not value.isascii() or _NOT_A_VALUE.search(value) or _MADE_UP.search(value):
        return False
    if value.isdigit() or len(set(value)) < min(5, least):
        return False
    pieces = re.split(r"[-_.:/ ]", value)
    if len(pieces) > 1 and all(_WORDLIKE.fullmatch(piece) for piece in pieces):
        return False
    if value.isalpha():
        turns = sum(a.islower() and b.isupper() for a, b in pairwise(value))
        return len(value) >= 20 and turns >= 5 and entropy(value) > 3.5
    return any(c.isalpha() for c in value)


def is_django_key(value: str) -> bool:
    """Whether a value is what Django's `startproject` makes: 50 characters of its alphabet, signs and digits among
    them."""
    return (
        _DJANGO.fullmatch(value) is not None
        and entropy(value) > 4
        and any(c.isdigit() for c in value)
        and any(c in "!@#$%^&*(+)=" for c in value)
    )


def in_header(value: str) -> str:
    """The secret in the value of an Authorization header; empty where there is none written out."""
    match = _SCHEME.fullmatch(value)
    return match.group(1) if match else ""
