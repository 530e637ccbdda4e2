"""Files of declarations as text and tables: bounded, so that none can stretch a parser."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from checks.repository.snapshot import Snapshot

SIZE_LIMIT = 256 * 1024
"""Bytes of one file of declarations; of a larger one nothing is taken."""
LINE_LIMIT = 4096
"""Characters of one line of it: the standard library's parsers take quadratic time for long ones."""
DOTS_LIMIT = 50
"""Parts of a TOML key, for the same reason."""


def text(
    snapshot: Snapshot, known: dict[str, int], path: str, limit: int = SIZE_LIMIT, line_limit: int = LINE_LIMIT
) -> str | None:
    """A file of declarations, None where it is missing, too large, no UTF-8 or has lines that parsers choke on."""
    if known.get(path, limit + 1) > limit:
        return None
    try:
        content = snapshot.read(path)
        decoded = content[: limit + 1].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError):
        return None
    return None if any(len(line) > line_limit for line in decoded.split("\n")) else decoded


def table(content: str | None) -> dict[str, Any]:
    """The tables of a TOML text; empty for what is none."""
    if content is None or any(line.partition("=")[0].count(".") > DOTS_LIMIT for line in content.split("\n")):
        return {}
    try:
        return tomllib.loads(content)
    except (ValueError, RecursionError, MemoryError):
        return {}


def from_json(content: str | None) -> Any:
    """The value of a JSON text, None for what is none."""
    try:
        return json.loads(content or "null")
    except (ValueError, RecursionError, MemoryError):
        return None


def at(value: object, *keys: str) -> Any:
    """What lies under the keys of nested tables, None where something else is in the way."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def strings(value: object) -> Iterator[str]:
    """The strings of a list, or of the lists in a table."""
    if isinstance(value, dict):
        value = [each for group in value.values() if isinstance(group, list) for each in group]
    if isinstance(value, list | tuple):
        yield from (each for each in value if isinstance(each, str))
