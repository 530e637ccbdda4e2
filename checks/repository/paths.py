"""Which paths a change may name: everything that comes from a model, a payload or a report passes here."""

import re
import unicodedata

from checks.model.changes import ChangeSet
from checks.model.errors import Refusal


def check(change_set: ChangeSet) -> None:
    """Raises Refusal for the first path that leaves the tree or names git's own folder, and for one named twice."""
    seen = set()
    for change in change_set.files:
        reason = fault(change.path)
        if reason is None and change.path in seen:
            reason = "it is named twice"
        if reason:
            raise Refusal(f"The change to {change.path!r} is not applied: {reason}.", "Only plain relative paths are.")
        seen.add(change.path)


def fault(path: str) -> str | None:
    """What is wrong with a path that a change names, None where nothing is."""
    if not path or path.startswith("/"):
        return "the path is not relative"
    if "\0" in path or "\\" in path:
        return "the path holds a NUL or a backslash"
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return "the path cannot be written as bytes"
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "the path has an empty part, '.' or '..'"
    if len(path) > 4_000 or len(parts) > 100:
        return "the path is too long"
    if any(is_git(part) for part in parts):
        return "the path leads into git's own folder"
    return None


def is_git(part: str) -> bool:
    """Whether some file system takes a name for `.git`: other case, wide letters, code points that HFS+ ignores, and on
    NTFS trailing dots and blanks, streams, and short names."""
    folded = unicodedata.normalize("NFKC", part).casefold()
    plain = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc"))
    stem = plain.partition(":")[0].rstrip(" .")
    return stem == ".git" or re.fullmatch(r"git~\d+", stem) is not None
