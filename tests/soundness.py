"""What a fix must never do to files, asked of the bytes before and after by means other than those that made it."""

import ast
import io
import json
import subprocess
import tempfile
import tokenize
import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from ruff import find_ruff_bin

from checks.fix import Fixes


def changed(fixes: Fixes) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The changed files before and after, by path."""
    after = {f.path: f.after for change in fixes.changes for f in change.change_set.files if f.after is not None}
    # of several changes of a file the first one found it as it was
    before = {path: content for change in reversed(fixes.changes) for path, content in change.before.items()}
    return {path: before[path] for path in after}, after


def spoiled(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """A line for each thing that is worse: a file that does not parse, a comment that is gone, a line ending that is
    new, a name that nothing defines (ruff's F821)."""
    found = []
    for path, content in after.items():
        if not parses(content):
            found.append(f"{path}: does not parse")
            continue
        found += [f"{path}: lost {comment!r}" for comment in comments(before[path]) - comments(content)]
        if endings(content) - endings(before[path]):
            found.append(f"{path}: other line endings")
    old, new = undefined(before), undefined(after)
    return found + [f"{path}: {message}" for path, message in new - old]


def parses(content: bytes) -> bool:
    """Whether these bytes are a module of this Python."""
    with warnings.catch_warnings(action="ignore"):
        try:
            ast.parse(content)
        except (SyntaxError, ValueError):
            return False
    return True


def comments(content: bytes) -> Counter[str]:
    """All comments, each as often as it is there; those before the place where the file cannot be read on."""
    found: Counter[str] = Counter()
    try:
        for token in tokenize.tokenize(io.BytesIO(content).readline):
            if token.type == tokenize.COMMENT:
                found[token.string.strip()] += 1
    except (tokenize.TokenError, SyntaxError):
        return found
    return found


def endings(content: bytes) -> set[str]:
    r"""Which of \n, \r\n and \r end lines."""
    return {line[len(line.rstrip(b"\r\n")) :].decode() for line in content.splitlines(keepends=True)} - {""}


def undefined(contents: Mapping[str, bytes]) -> Counter[tuple[str, str]]:
    """Path and message of each use of a name that nothing defines, as often as ruff says so."""
    with tempfile.TemporaryDirectory(prefix="selfmod-tests-") as folder:
        paths = {}
        for number, (path, content) in enumerate(contents.items()):
            # a folder for each: ruff looks at the base name, and paths may not fit beside each other
            place = Path(folder).resolve() / str(number) / Path(path).name
            place.parent.mkdir()
            place.write_bytes(content)
            paths[str(place)] = path
        command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--exit-zero", "--no-respect-gitignore"]
        command += ["--select", "F821", "--ignore-noqa", "--output-format", "json", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = json.loads(done.stdout or "[]")
    return Counter((paths[row["filename"]], row["message"]) for row in rows if row["code"] == "F821")
