"""Reads JSON of records tolerantly: a key that is missing or of another kind is read as nothing.

Records outlive versions, and a page that cannot show one part still shows the others."""

from collections.abc import Mapping, Sequence
from typing import Any

type Plain = Mapping[str, Any]


def part(value: Plain, key: str) -> Plain:
    """An object, an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}


def rows(value: Plain, key: str) -> Sequence[Plain]:
    """The objects of a list."""
    return [each for each in _list(value, key) if isinstance(each, Mapping)]


def texts(value: Plain, key: str) -> tuple[str, ...]:
    """The strings of a list."""
    return tuple(each for each in _list(value, key) if isinstance(each, str))


def numbers(value: Plain, key: str) -> tuple[int, ...]:
    """The whole numbers of a list."""
    return tuple(each for each in _list(value, key) if isinstance(each, int) and not isinstance(each, bool))


def text(value: Plain, key: str) -> str:
    """A string, or a number in digits."""
    found = value.get(key)
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""


def number(value: Plain, key: str) -> int:
    """A whole number, 0 where there is none."""
    found = value.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def seconds(value: Plain, key: str) -> float:
    """A number of seconds, 0 where there is none."""
    found = value.get(key)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else 0.0


def truth(value: Plain, key: str, default: bool = False) -> bool:
    """True or false."""
    found = value.get(key)
    return found if isinstance(found, bool) else default


def _list(value: Plain, key: str) -> Sequence[Any]:
    found = value.get(key)
    return found if isinstance(found, list | tuple) else ()
