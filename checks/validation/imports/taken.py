"""Modules and names that a change takes away while files that it leaves alone import them."""

import posixpath
import re
from collections.abc import Iterable

from pathspec import GitIgnoreSpec

from checks.debugging import selection
from checks.model.findings import Finding
from checks.repository.change import Change
from checks.validation.imports import notes, resolve
from checks.validation.imports.found import Import
from checks.validation.imports.own import Own, analysed, of

MOST = 2_000
"""Files that are looked into."""


def look(change: Change, own: Own, exclude: GitIgnoreSpec) -> list[Finding]:
    """Imports in unchanged files that led somewhere on the base and no longer do."""
    sources = [e for e in change.touched if e.was.endswith(".py") and e.status != "added"]
    earlier = of(change.base)
    paths = {e.was for e in sources if own.stems.get(_stem(e.was)) != e.was or e.status == "deleted"}
    edited = [
        e.path for e in sources if e.status == "modified" and earlier.source(_stem(e.was)) and e.path not in paths
    ]
    earlier.learn(edited)
    own.learn(edited)
    lost: list[tuple[str, frozenset[str]]] = [(path, frozenset()) for path in sorted(paths)]
    for path in edited:
        old, new = earlier.names.get(path), own.names.get(path)
        if old is not None and new is not None and old - new:
            lost.append((path, old - new))
    if not lost:
        return []
    changed = {e.path for e in change.touched}
    here = set(selection.python_files(change.head, exclude)) & {e.path for e in change.base.files}
    return _broken(change, own, earlier, _mentioning(change, here - changed, lost), {path for path, _ in lost})


def _stem(path: str) -> str:
    stem = path.removesuffix(".py")
    return posixpath.dirname(stem) if posixpath.basename(stem) == "__init__" else stem


def _mentioning(change: Change, paths: Iterable[str], lost: list[tuple[str, frozenset[str]]]) -> list[str]:
    """Files that import something and mention a module that lost names together with one of these, or one that is gone;
    a package may be meant by its dots alone."""
    looks = [
        (_mention([posixpath.basename(_stem(path))], dots=path.endswith("__init__.py")), names) for path, names in lost
    ]
    patterns = [(module, _mention(names) if names else None) for module, names in looks]
    found = []
    for path in sorted(paths):
        try:
            content = change.head.read(path)
        except OSError:
            continue
        if b"import" in content and any(m.search(content) and (n is None or n.search(content)) for m, n in patterns):
            found.append(path)
    return found[:MOST]


def _mention(words: Iterable[str], *, dots: bool = False) -> re.Pattern[bytes]:
    any_of = b"|".join(re.escape(word.encode()) for word in sorted(words))
    return re.compile(rb"\b(" + any_of + rb")\b" + (rb"|\bfrom[ \t]+\.+[ \t]+import" if dots else b""))


def _broken(change: Change, own: Own, earlier: Own, paths: list[str], lost: set[str]) -> list[Finding]:
    imports = [
        (path, Import(**row))
        for path, answer in analysed(change.head, paths).items()
        for row in answer.get("imports", ())
        if not row["guard"]
    ]
    mine = [(path, each) for path, each in imports if not lost.isdisjoint(resolve.targets(earlier, path, each))]
    own.learn(source for path, each in mine for source in resolve.targets(own, path, each))
    found = []
    for path, each in mine:
        lack = resolve.missing(own, path, each)
        gone = lack is None and not each.level and not resolve.is_own(own, each)
        if lack is None and not gone:
            continue
        earlier.learn(resolve.targets(earlier, path, each))
        if resolve.missing(earlier, path, each) is None:
            fault = lack or resolve.Missing("module", each.module, each.module, None)
            found.append(notes.missing(path, each, fault, taken=True))
    return found
