"""The few fields of a payload that are used, each checked as it is read."""

import re
from collections.abc import Mapping
from typing import Any

from app.model.delivery import Delivery

_REPOSITORY = re.compile(r"[A-Za-z0-9_-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# people, Apps ("name[bot]") and accounts that an enterprise manages ("name_company")
_LOGIN = re.compile(r"[A-Za-z0-9_-]{1,100}(?:\[bot\])?")
_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,20}")
# what `git check-ref-format` forbids is none, and a surrogate fits into no database
_BRANCH = re.compile(r"refs/heads/[^\x00-\x20\x7f~^:?*\[\\\ud800-\udfff]{1,255}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})")
MOST = 2**63 - 1
"""The greatest number that a database takes."""


class Fields:
    """A delivery's payload. Each method takes the path to a value, and raises ValueError where there is none that is
    right; what is not text, a number or a list where one should be is none."""

    def __init__(self, delivery: Delivery) -> None:
        self._payload = delivery.payload
        self.id = delivery.id
        self.action = delivery.action
        self.digest = delivery.digest

    def _at(self, *path: str) -> Any:
        """The value at a path, None where the path ends before."""
        value: Any = self._payload
        for name in path:
            if not isinstance(value, Mapping):
                return None
            value = value.get(name)
        return value

    def there(self, *path: str) -> bool:
        """Whether there is anything but null."""
        return self._at(*path) is not None

    def text(self, *path: str) -> str:
        """Any text."""
        value = self._at(*path)
        if not isinstance(value, str):
            raise ValueError(".".join(path))
        return value

    def rows(self, *path: str) -> list[Mapping[str, Any]]:
        """A list of objects; empty where there is no list."""
        value = self._at(*path)
        return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []

    def number(self, *path: str) -> int:
        """A positive whole number."""
        return self.as_number(self._at(*path))

    @staticmethod
    def as_number(value: object) -> int:
        """The value itself if it is a positive whole number that a database takes."""
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST:
            raise ValueError("no number")
        return value

    def commit(self, *path: str) -> str:
        """A commit's full name."""
        return self._matching(_COMMIT, *path)

    def word(self, *path: str) -> str:
        """A short identifier, such as a button has."""
        return self._matching(_WORD, *path)

    def branch(self, *path: str) -> str:
        """A branch of its full ref; a tag is none."""
        return self._matching(_BRANCH, *path).removeprefix("refs/heads/")

    def true(self, *path: str) -> bool:
        """Whether the value is `true`; whatever else is there is no."""
        return self._at(*path) is True

    def time(self, *path: str) -> str:
        """A moment in ISO 8601."""
        return self._matching(_TIME, *path)

    def repository(self) -> str:
        """`owner/name` of the repository that the event happened in."""
        return self._matching(_REPOSITORY, "repository", "full_name")

    def installation(self) -> int:
        """The number of the App's installation; a hook of a repository or an organisation has none."""
        return self.number("installation", "id")

    def sender(self) -> str:
        """The login of who caused the event."""
        return self._matching(_LOGIN, "sender", "login")

    def account(self) -> int:
        """The number of the sender's account, 0 where there is none."""
        try:
            return self.number("sender", "id")
        except ValueError:
            return 0

    def by_bot(self) -> bool:
        """Whether no person caused the event."""
        return bool(self._at("sender", "type") != "User")

    def _matching(self, pattern: re.Pattern[str], *path: str) -> str:
        value = self.text(*path)
        if not pattern.fullmatch(value):
            raise ValueError(".".join(path))
        return value
