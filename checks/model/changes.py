"""Change sets: all edits against one base, as values."""

import hashlib
from dataclasses import dataclass


def digest(content: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after. `before` is the digest of what the change was made for, None where the file is new;
    `after` is None where the file is deleted."""

    path: str
    before: str | None
    after: bytes | None
    executable: bool = False


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All edits against one base. `base` is a commit's full object name, or None for a tree without git."""

    base: str | None
    files: tuple[FileChange, ...]
    summary: str = ""
