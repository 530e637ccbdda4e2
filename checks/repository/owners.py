"""Code owners: who is responsible for which path, as GitHub reads CODEOWNERS.

Format: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners.
Patterns are nearly those of .gitignore: the last one that matches wins, also where it names nobody; `!` and `[ ]` are
not supported, and a line that has them is skipped, as GitHub does. Matching takes time in proportion to pattern and
path: nothing that somebody writes there makes it slow.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, the first that is there counts."""
LARGEST = 3 * 1024 * 1024
"""Bytes; GitHub reads no larger file."""
_LOGIN = r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}"
_OWNER = re.compile(rf"@{_LOGIN}(?:/[A-Za-z0-9_.-]{{1,100}})?|[^\s@]{{1,64}}@[^\s@]{{1,255}}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: `parts` of its pattern from the root, `**` being any number of folders; `owners` as they are written
    (`@ann`, `@acme/web`, a mail address), none where the line takes owners away."""

    parts: tuple[str, ...]
    owners: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Owners:
    """The rules of a file in their order, and the numbers of lines that cannot be read."""

    rules: tuple[Rule, ...]
    skipped: tuple[int, ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a path, none where it has none."""
        names = tuple(path.split("/"))
        return next((rule.owners for rule in reversed(self.rules) if _fits(rule.parts, names)), ())

    def of_all(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The owners of any of these paths, each once, whatever the case, in the order in which they are met."""
        found: dict[str, str] = {}
        for path in paths:
            for owner in self.of(path):
                found.setdefault(owner.casefold(), owner)
        return tuple(found.values())


def read(content: bytes) -> Owners:
    """The rules of a file. Raises nothing: a line that cannot be read is skipped, a file that is too large has none."""
    if len(content) > LARGEST:
        return Owners((), (0,))
    rules, skipped = [], []
    for number, text in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        words = _words(text)
        if not words:
            continue
        pattern, *owners = words
        parts = _parts(pattern)
        if parts is None or not all(_OWNER.fullmatch(each) for each in owners):
            skipped.append(number)
        else:
            rules.append(Rule(parts, tuple(owners), number))
    return Owners(tuple(rules), tuple(skipped))


def _words(line: str) -> list[str]:
    """The words of a line up to a comment; a blank after a backslash belongs to the word."""
    found = re.findall(r"(?:\\.|\S)+", line)
    comment = next((at for at, word in enumerate(found) if word.startswith("#")), len(found))
    return found[:comment]


def _parts(pattern: str) -> tuple[str, ...] | None:
    """The pattern from the root, None for one that GitHub does not support."""
    if pattern.startswith(("!", "\\#")) or re.search(r"(?<!\\)[\[\]]", pattern) or "\0" in pattern:
        return None
    parts = [each for each in pattern.split("/") if each]
    if not parts:
        return ("**",) if pattern == "/" else None
    anchored = "/" in pattern.rstrip("/")
    if not anchored:
        parts.insert(0, "**")
    if pattern.endswith("/"):
        parts.append("*")
        parts.append("**")
    elif parts[-1] != "*" or not anchored:
        parts.append("**")  # a folder that is named means all that lies beneath it; `docs/*` does not
    squeezed = [each for at, each in enumerate(parts) if each != "**" or at == 0 or parts[at - 1] != "**"]
    return tuple(squeezed)


def _fits(parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Whether the parts of a pattern cover all names of a path: `**` covers any number of them."""
    at = {0}
    for part in parts:
        if part == "**":
            at = set(range(min(at), len(names) + 1))
        else:
            at = {each + 1 for each in at if each < len(names) and _glob(part, names[each])}
        if not at:
            return False
    return len(names) in at


def _glob(pattern: str, name: str) -> bool:
    """Whether a name fits a part of a pattern with `*`, `?` and escaped characters; one look back at the last `*`."""
    pieces = re.findall(r"\\.|.", pattern, re.DOTALL)
    at = seen = 0
    star, mark = -1, 0
    while seen < len(name):
        piece = pieces[at] if at < len(pieces) else ""
        if piece == "*":
            star, mark, at = at, seen, at + 1
        elif piece and (piece == "?" or piece.removeprefix("\\") == name[seen] or piece == name[seen]):
            at, seen = at + 1, seen + 1
        elif star >= 0:
            mark += 1
            at, seen = star + 1, mark
        else:
            return False
    return all(piece == "*" for piece in pieces[at:])
