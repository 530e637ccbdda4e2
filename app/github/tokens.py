"""Tokens: a JSON Web Token for the App, and for each purpose one of an installation that can do that and no more."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from githubkit.auth.app import AppAuth
from jwt import PyJWTError

from app.github.client import Authorization, Client
from app.github.faults import Rejected
from app.model.trouble import Gone, Unavailable
from checks.model.errors import Refusal

MARGIN = 300.0
"""Seconds before its end at which a token is not used any more: a long fetch must get through."""
_UNTOLD = 600.0
"""Seconds that a token is used whose end cannot be read."""

_NOT_THERE = "does not exist or is not accessible"
"""What GitHub says of a repository that was renamed, or taken out of the installation."""
_KEPT = 2_000
"""Tokens that are kept before those that ended are let go."""

# What a call may do, by what it is for. `metadata: read` belongs to every token and need not be asked for. Comments,
# labels and reactions of a pull request go through the issues API; GitHub documents either permission for them.
# *Unverified*: that github.com takes no more than its documentation says for each of these.
PURPOSES: Mapping[str, Mapping[str, str]] = {
    "repository": {"metadata": "read"},
    "people": {"metadata": "read"},
    "rules": {"metadata": "read"},
    "members": {"members": "read"},
    "contents": {"contents": "read"},
    "contents: write": {"contents": "write"},
    "pull requests": {"pull_requests": "read"},
    "pull requests: write": {"pull_requests": "write"},
    "check runs": {"checks": "read"},
    "check runs: write": {"checks": "write"},
    "merge": {"contents": "write", "pull_requests": "write"},
    "auto-merge": {"contents": "write", "pull_requests": "write"},
    "merge queue": {"contents": "write", "merge_queues": "write", "pull_requests": "write"},
    "revert": {"contents": "write", "pull_requests": "write"},
    "conversation": {"issues": "read", "pull_requests": "read"},
    "conversation: write": {"issues": "write", "pull_requests": "write"},
}


class Keys(Protocol):
    """Where the token of a call comes from."""

    def authorization(self, installation: int, repository: str, purpose: str) -> Authorization: ...
    def token(self, installation: int, repository: str, purpose: str, *, fresh: bool = False) -> str: ...


class Brought:
    """A person's own token, the same for every purpose: for what the App does not ask to be allowed."""

    def __init__(self, token: str) -> None:
        self._token = token

    def authorization(self, installation: int, repository: str, purpose: str) -> Authorization:
        """What is sent with every call."""
        return lambda fresh: f"Bearer {self._token}"

    def token(self, installation: int, repository: str, purpose: str, *, fresh: bool = False) -> str:
        """The token."""
        return self._token


class Tokens:
    """Makes and keeps the tokens of one App. Safe to use from several threads."""

    def __init__(self, client: Client, app_id: int, private_key: str, now: Callable[[], float] = time.time) -> None:
        self._client = client
        self._now = now
        self._app = AppAuth(client.github, app_id, private_key)
        self._kept: dict[tuple[int, str, str], tuple[str, float]] = {}
        self._locks: dict[tuple[int, str, str], threading.Lock] = {}
        self._lock = threading.Lock()

    def as_app(self, fresh: bool = False) -> str:
        """The header's value for calls of the App itself; a JSON Web Token is made anew every eight minutes.

        Raises Refusal where the private key is none."""
        try:
            return f"Bearer {self._app.get_jwt()}"
        except (PyJWTError, ValueError, TypeError) as error:
            raise Refusal(
                f"the App's private key cannot be used: {type(error).__name__}.",
                "Set SELFMOD_PRIVATE_KEY to the PEM file that GitHub made, line breaks included.",
            ) from None

    def authorization(self, installation: int, repository: str, purpose: str) -> Authorization:
        """For calls of an installation. `repository` is `owner/name`, empty for all that it may see."""

        def value(fresh: bool) -> str:
            return f"Bearer {self.token(installation, repository, purpose, fresh=fresh)}"

        return value

    def token(self, installation: int, repository: str, purpose: str, *, fresh: bool = False) -> str:
        """A token of an installation, restricted to the repository and to what the purpose needs."""
        key = (installation, repository.casefold(), purpose)
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            kept = self._kept.get(key)
            if kept is None or fresh or kept[1] - MARGIN <= self._now():
                kept = self._kept[key] = self._made(installation, repository, purpose)
                self._forget()
        return kept[0]

    def secrets(self) -> tuple[str, ...]:
        """All tokens that are kept, to be blotted out of logs."""
        return tuple(token for token, _ in list(self._kept.values()))

    def forget(self, repository: str) -> None:
        """What is kept for a name is made anew: another repository may have it by now, which these tokens do not
        open."""
        with self._lock:
            for key in [key for key in list(self._kept) if key[1] == repository.casefold()]:
                self._kept.pop(key, None)

    def _forget(self) -> None:
        with self._lock:
            if len(self._kept) > _KEPT:
                now = self._now()
                for key in [key for key, (_, end) in list(self._kept.items()) if end <= now]:
                    self._kept.pop(key, None)
                    self._locks.pop(key, None)

    def _made(self, installation: int, repository: str, purpose: str) -> tuple[str, float]:
        body: dict[str, Any] = {"permissions": dict(PURPOSES[purpose])}
        if repository:
            body["repositories"] = [repository.partition("/")[2]]
        path = f"/app/installations/{installation}/access_tokens"
        data = self._minted(path, repository, body)
        token = data.get("token") if isinstance(data, Mapping) else None
        if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
            raise Unavailable("GitHub's answer holds no token.")
        return token, self._end(data.get("expires_at"))

    def _minted(self, path: str, repository: str, body: Mapping[str, Any]) -> Any:
        """A token that was made twice harms nobody: asked again after a failure."""
        for last in (False, True):
            try:
                return self._client.call("token", "POST", path, self.as_app, repository=repository, body=body).data
            except Rejected as error:
                if _NOT_THERE in error.said:
                    raise Gone(f"{repository} is not there, or not for installation {path.split('/')[3]}") from None
                raise
            except Unavailable as error:
                if last or error.after is not None:
                    raise
        raise AssertionError

    def _end(self, text: object) -> float:
        """Seconds since the epoch."""
        try:
            return datetime.fromisoformat(str(text)).timestamp()
        except (ValueError, OverflowError):
            return self._now() + _UNTOLD + MARGIN
