"""Settings of pytest and coverage: what a change of them lets pass."""

import configparser
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

LARGEST = 256 * 1024
LINE_LIMIT = 4096
DOTS_LIMIT = 50
"""Parts of a TOML key: the standard library's parser takes quadratic time for more."""
QUOTED_LIMIT = 20_000
"""Characters of a value that is split as a shell would, for the same reason."""
NAMES = frozenset(
    {
        "pyproject.toml", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini", "setup.cfg",
        ".coveragerc", ".coveragerc.toml",
    }
)  # fmt: skip
_SECTIONS = {"pytest": "pytest", "tool:pytest": "pytest", "tool.pytest.ini_options": "pytest", "tool.pytest": "pytest"}
_DESELECT = (
    "-m", "-k", "--deselect", "--ignore", "--ignore-glob", "--collect-only", "--co", "--no-cov", "--maxfail", "-x",
    "--exitfirst", "--continue-on-collection-errors", "--lf", "--last-failed", "--reruns", "--noconftest",
    "--suppress-no-test-exit-code", "--runxfail", "--sw",
)  # fmt: skip
_HOLDING = (
    "--strict", "--strict-markers", "--strict-config", "--cov-fail-under", "--doctest-modules", "-W",
    "--doctest-glob", "--cov", "--cov-branch", "--fail-on-flaky",
)  # fmt: skip
_GROWING = frozenset({"omit", "exclude_lines", "exclude_also", "exclude", "norecursedirs", "partial_branches"})
"""Lists that take something out of what is looked at."""
_SHRINKING = frozenset(
    {
        "testpaths", "python_files", "python_classes", "python_functions", "source", "include",
        "required_plugins", "source_pkgs",
    }
)  # fmt: skip
"""Lists that say what is looked at."""


def settings(name: str, content: bytes | None) -> dict[str, str | list[str]] | None:
    """The settings in a file of one of NAMES (`pytest.addopts` → its value); None where it cannot be read."""
    if content is None:
        return {}
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if len(content) > LARGEST or any(len(line) > LINE_LIMIT for line in text.splitlines()):
        return None
    return _toml(text) if name.endswith(".toml") else _ini(name, text)


def _toml(text: str) -> dict[str, str | list[str]] | None:
    if any(line.partition("=")[0].count(".") > DOTS_LIMIT for line in text.splitlines()):
        return None
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError, MemoryError):
        return None
    tool = table.get("tool")
    tool = tool if isinstance(tool, dict) else {}
    pytest: Any = tool.get("pytest") or table.get("pytest")
    if isinstance(pytest, dict) and isinstance(pytest.get("ini_options"), dict):
        pytest = {**pytest, **pytest["ini_options"]}
    found: dict[str, str | list[str]] = {}
    coverage: Any = tool.get("coverage")
    for prefix, part in (("pytest", pytest), *_items("coverage", coverage)):
        for key, value in part.items() if isinstance(part, dict) else ():
            if isinstance(value, list):
                found[f"{prefix}.{key}"] = [str(each) for each in value]
            elif not isinstance(value, dict):
                found[f"{prefix}.{key}"] = str(value)
    return found


def _items(prefix: str, table: object) -> list[tuple[str, Any]]:
    return [(f"{prefix}.{key}", value) for key, value in table.items()] if isinstance(table, dict) else []


def _ini(name: str, text: str) -> dict[str, str | list[str]] | None:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    try:
        parser.read_string(re.sub(r"(?<=\S)[^\S\n]+", " ", text))
    except (configparser.Error, ValueError, AttributeError):
        return None
    found: dict[str, str | list[str]] = {}
    for section in parser.sections():
        prefix = _SECTIONS.get(section)
        if section.startswith("coverage:"):
            prefix = "coverage." + section.removeprefix("coverage:")
        elif name == ".coveragerc":
            prefix = "coverage." + section
        if prefix:
            found |= {f"{prefix}.{key}": value for key, value in parser.items(section)}
    return found


def weaker(old: Mapping[str, str | list[str]], new: Mapping[str, str | list[str]]) -> Iterator[str]:
    """What is looser in the new settings, in words."""
    for key in sorted({*old, *new}):
        name = key.rpartition(".")[2]
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        was, now = _list(before), _list(after)
        if name == "addopts":
            yield from _options(was, now)
        elif name == "fail_under":
            if _number(after) < _number(before):
                yield f"{key} is {after or 'gone'} instead of {before}"
        elif name in ("timeout", "session_timeout"):
            if before is not None and (after is None or _number(after) > _number(before) or _number(after) == 0):
                yield f"{key} is {after or 'gone'} instead of {before}"
        elif name in ("xfail_strict", "branch", "strict", "strict_markers", "strict_xfail"):
            if str(before).lower() in ("true", "1", "yes", "on"):
                yield f"{key} is off"
        elif name in _GROWING and set(now) - set(was):
            yield f"{key} has {', '.join(sorted(set(now) - set(was)))[:80]} too"
        elif name == "filterwarnings":
            lost = sorted(each for each in set(was) - set(now) if not each.startswith("ignore"))
            if lost:
                yield f"{key} lacks {', '.join(lost)[:80]}"
            elif any(each.startswith("ignore") for each in set(now) - set(was)):
                yield f"{key} ignores more"
        elif name in _SHRINKING and before is not None and set(was) - set(now):
            yield f"{key} lacks {', '.join(sorted(set(was) - set(now)))[:80]}"
        elif name in _SHRINKING and before is None and name != "required_plugins":
            yield f"{key} restricts to {', '.join(now)[:80]}"


def _options(was: list[str], now: list[str]) -> Iterator[str]:
    for option in sorted({each.partition("=")[0] for each in (*was, *now)}):
        before, after = _values(was, option), _values(now, option)
        if before == after:
            continue
        if option == "--cov-fail-under" and _number(next(iter(after), None)) >= _number(next(iter(before), None)):
            continue
        if option in _DESELECT and set(after) - set(before):
            yield f"addopts has {option} {' '.join(sorted(set(after) - set(before)))}".strip()[:100]
        elif option in _HOLDING and set(before) - set(after):
            yield f"addopts lacks {option} {' '.join(sorted(set(before) - set(after)))}".strip()[:100]
        elif option == "-p" and any(each.startswith("no:") for each in set(after) - set(before)):
            yield "addopts switches a plugin off"


def _values(options: list[str], option: str) -> list[str]:
    """What each occurrence of an option is given, empty where it takes nothing."""
    found = []
    for place, each in enumerate(options):
        name, sign, value = each.partition("=")
        if name == option:
            following = options[place + 1] if place + 1 < len(options) else ""
            found.append(value if sign else "" if following.startswith("-") else following)
    return found


def _list(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if len(value) > QUOTED_LIMIT:
        return value.split()
    try:
        return shlex.split(value.replace(",", " "))
    except ValueError:
        return value.split()


def _number(value: str | list[str] | None) -> float:
    found = re.match(r"\s*(\d{1,9}(\.\d{1,9})?)", value) if isinstance(value, str) else None
    return float(found[1]) if found else 0.0
