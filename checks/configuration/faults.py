"""One thing that is wrong with a configuration, as a person is told of it."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.model.errors import Refusal


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` counts from 1, 0 where the whole file is meant; `key` is the path to it (`review.threshold`), empty where
    there is none; `reason` and `hint` are sentences."""

    line: int
    key: str
    reason: str
    hint: str

    def refusal(self, place: str) -> Refusal:
        """The fault as the one thing that a person is told. `place` names the file."""
        return Refusal(
            f"{place}, line {self.line}: {self.reason}" if self.line else f"{place} {self.reason}", self.hint
        )


_SECRET = re.compile(
    r"(?:sk|pk|rk)[-_][A-Za-z0-9_-]{8}|gh[opsur]_\w{8}|github_pat_\w{8}|xox[a-z]-|AKIA[A-Z0-9]{8}|eyJ[\w-]{8}|-----BEGIN"
    r"|(?=[A-Za-z0-9+_=-]*\d)(?=[A-Za-z0-9+_=-]*[A-Za-z])[A-Za-z0-9+_=-]{32}"
)


def shown(value: object) -> str:
    """A value of the file as it is quoted to a person: short, and not at all where it looks like a key or a token."""
    text = repr(value)
    return "a value that looks like a secret" if _SECRET.search(text) else f"{text:.60}"


def without_secrets(text: str) -> str:
    """A sentence about a value, with words in it that look like a secret left out."""
    return " ".join("…" if _SECRET.search(word) else word for word in text.split(" "))


def shown_key(key: str) -> str:
    """A path of keys as it is quoted to a person."""
    return "a key that looks like a secret" if _SECRET.search(key) else repr(key[:100])


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The known word that was probably meant, whatever its case and its dashes."""
    folded = {_folded(each): each for each in known}
    near = difflib.get_close_matches(_folded(word[:100]), folded, 1, cutoff)
    return folded[near[0]] if near else None


def _folded(word: str) -> str:
    return word.casefold().replace("-", "_")
