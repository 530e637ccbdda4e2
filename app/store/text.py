"""Strings from outside in a form that every database holds."""

import json
from typing import Any


def kept(value: str, most: int = 0) -> str:
    """Without NUL and lone surrogates, which PostgreSQL or UTF-8 refuse: they are written out as an escape. Cut to
    `most` characters (0: not at all)."""
    text = value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
    return text[:most] if most else text


def canonical(value: Any) -> str:
    """JSON in ASCII with sorted keys and no spaces: equal values give equal text. Raises ValueError for NaN and
    infinity, TypeError for what is no JSON."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def key(repository: str) -> str:
    """A repository's name as it is looked up: GitHub takes capitals for the same."""
    return kept(repository, 201).casefold()
