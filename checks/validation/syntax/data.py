"""TOML, YAML and JSON: whether a file is well formed. Runs in a worker, which bounds time and memory."""

import json
import posixpath
import re
import tomllib
from collections.abc import Callable
from typing import Any

import yaml

type Fault = tuple[int, int, str]
"""Line and column from 1, and what is wrong."""

_TOML = frozenset({"Pipfile", "poetry.lock", "uv.lock", "pdm.lock", "Cargo.lock"})
_JSON = frozenset({"Pipfile.lock", ".babelrc", ".eslintrc", "composer.lock", ".prettierrc"})
_JSON_ENDINGS = (".json", ".ipynb", ".geojson", ".webmanifest", ".jsonc", ".code-workspace", ".avsc")
_COMMENTED = re.compile(
    r"(^|/)(\.vscode|\.devcontainer|\.zed)/|(^|/)(ts|js|api-)[\w.-]*config[\w.-]*\.json$|(^|/)\.?devcontainer\.json$"
    r"|\.(jsonc|code-workspace)$|(^|/)\.(babelrc|eslintrc|swcrc|prettierrc|jshintrc|jscsrc|hintrc)(\.json)?$"
    r"|(^|/)(pyrightconfig|api-extractor|biome|deno|turbo|nx|rush|tslint|renovate|language-configuration|cspell)\.json$"
    r"|(^|/)\.(markdownlint|markdownlint-cli2|cspell|stylelintrc|jsbeautifyrc|releaserc)\.json$|\.sublime-[a-z]+$"
)
"""Files whose readers allow comments and trailing commas."""
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|,(?=\s*(?://[^\n]*\s*|/\*.*?\*/\s*)*[\]}])', re.DOTALL)


def kind(path: str) -> str | None:
    """`TOML`, `YAML` or `JSON` by the file's name, None for any other."""
    name = posixpath.basename(path)
    lowered = name.lower()
    if name in _TOML or lowered.endswith(".toml"):
        return "TOML"
    if lowered.endswith((".yml", ".yaml")) or name in (".clang-format", ".clang-tidy", ".yamllint"):
        return "YAML"
    if name in _JSON or lowered.endswith(_JSON_ENDINGS):
        return "JSON"
    return None


def fault(path: str, content: bytes) -> Fault | None:
    """What keeps the file from being read, None where nothing does. Raises RecursionError and MemoryError."""
    named = kind(path)
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1, 1, f"not valid UTF-8 (byte {error.start})"
    return _PARSERS[named](path, text) if named else None


def _toml(path: str, text: str) -> Fault | None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        message = re.sub(r" \(at [^)]*\)$", "", str(error))
        last = text.count("\n") + 1
        return (int(place[1]), int(place[2]), message) if place else (last, 1, message)
    except RecursionError:
        return 1, 1, "nested too deeply"
    return None


def _json(path: str, text: str) -> Fault | None:
    if _COMMENTED.search(path):
        text = _STRING.sub(lambda m: m[0] if m[0][0] == '"' else re.sub(r"[^\n]", " ", m[0]), text)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno, error.colno, error.msg
    except RecursionError:
        return 1, 1, "nested too deeply"
    except ValueError as error:  # a number of more digits than Python converts is well formed
        return None if "integer string conversion" in str(error) else (1, 1, str(error))
    return None


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _yaml(path: str, text: str) -> Fault | None:
    """Events only: no tag is looked up, no alias is followed, so that neither an unknown tag nor a bomb matters."""
    anchors: set[str] = set()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                anchors.clear()
            elif isinstance(event, yaml.AliasEvent):
                mark = event.start_mark
                if event.anchor not in anchors and mark is not None:
                    return mark.line + 1, mark.column + 1, f"no anchor &{event.anchor} before"
            elif isinstance(event, yaml.NodeEvent) and event.anchor:
                anchors.add(event.anchor)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ": ".join(part for part in (error.context, error.problem) if part)
        return (mark.line + 1, mark.column + 1, said) if mark is not None else (1, 1, said)
    except yaml.YAMLError as error:
        return 1, 1, str(error).split("\n")[0]
    except RecursionError:
        return 1, 1, "nested too deeply"
    return None


_PARSERS: dict[str, Callable[[str, str], Fault | None]] = {"TOML": _toml, "YAML": _yaml, "JSON": _json}
