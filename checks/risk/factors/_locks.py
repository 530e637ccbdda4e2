"""What lock and requirements files name: packages with versions, and the hosts that they come from."""

import json
import re
import tomllib
from typing import Any

from checks.repository.declarations.requirement import normalised

LARGEST = 2 * 1024 * 1024
USUAL = frozenset({"pypi\x2eorg", "files.pythonhosted\x2eorg", "registry.npmjs\x2eorg", "registry.yarnpkg\x2ecom"})
"""Hosts that need no mention where a file is new; `\\x2e` is a dot: no file of ours names a registry outright."""
_HOST = re.compile(r"(?:https?|ssh|git|ftp|file|git\+\w+|hg\+\w+|svn\+\w+)://(?:[^/\s\"'@]*@)?([^/\s\"':@,}\])]*)")
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]\n]*\])?[ \t]*==[ \t]*([^\s;#\\]+)", re.MULTILINE)
_LONG, _DOTS = 4096, 50
"""Characters of a line and parts of a key: the standard library's parser takes quadratic time for more."""


def packages(name: str, content: bytes | None) -> dict[str, str] | None:
    """Normalised names with their versions; None where the file's format is not known here, or it cannot be read."""
    if content is None:
        return {}
    if len(content) > LARGEST:
        return None
    text = content.decode("utf-8", "replace")
    try:
        if name.endswith((".json", "pipfile.lock")):
            return _json(json.loads(text))
        if name.endswith((".txt", ".in")) or "requirements" in name:
            return {normalised(match[1]): match[2] for match in _PIN.finditer(text)}
        if any(len(line) > _LONG or line.partition("=")[0].count(".") > _DOTS for line in text.splitlines()):
            return None
        listed = tomllib.loads(text)
    except (ValueError, RecursionError, MemoryError):
        return None
    entries = listed.get("package", listed.get("packages"))
    if not isinstance(entries, list):
        return None
    named = [each for each in entries if isinstance(each, dict) and isinstance(each.get("name"), str)]
    return {normalised(each["name"]): str(each.get("version", "")) for each in named}


def _json(value: Any) -> dict[str, str] | None:
    """Of Pipfile.lock and package-lock.json."""
    if not isinstance(value, dict):
        return None
    found = {}
    for part in ("default", "develop", "packages", "dependencies"):
        table = value.get(part)
        for name, entry in table.items() if isinstance(table, dict) else ():
            if name and isinstance(entry, dict):
                found[name.rpartition("node_modules/")[2]] = str(entry.get("version", ""))
    return found


def hosts(name: str, content: bytes | None) -> frozenset[str]:
    """The hosts that packages come from; comments and links to sponsors and home pages aside."""
    text = (content or b"")[:LARGEST].decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    if name.endswith(".json"):
        lines = [line for line in lines if '"resolved"' in line]
    return frozenset(host.lower() for line in lines for host in _HOST.findall(line))
