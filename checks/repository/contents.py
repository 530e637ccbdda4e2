"""Whole trees as they are laid out for a run: every file whatever its size, the executable ones as such, and links."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

from checks.model.errors import Refusal
from checks.model.trees import File, Mode
from checks.repository import objects
from checks.repository.history import shown

MODES: dict[str, Mode] = {mode: mode for mode in get_args(Mode)}
"""The modes of git that are laid out; a submodule has no content here, and is left out."""


def of_commit(root: Path, commit: str, limit: int) -> Iterator[File]:
    """All entries of a commit's tree (a full object name), sorted by path, but submodules: their content is elsewhere.

    Raises Refusal where they have more than `limit` bytes together, or one of them is not in the repository."""
    return of_entries(root, objects.tree(root, commit), limit)


def of_entries(root: Path, entries: dict[str, objects.Blob], limit: int) -> Iterator[File]:
    """As `of_commit`, for entries that were listed before. Nothing is read before their sizes are known to fit."""
    wanted = {path: blob for path, blob in entries.items() if blob.mode in MODES}
    total = sum(max(0, blob.size) for blob in wanted.values())
    if total > limit:
        raise too_large(total, limit)
    with closing(objects.Blobs(root)) as blobs:
        for path, blob in sorted(wanted.items()):
            try:
                content = blobs.read(blob.name, limit)
            except OSError as error:
                raise Refusal(
                    f"{shown(path)} is not read from git: {error}.", "Fetch what is missing: git fetch"
                ) from None
            yield File(path, content, MODES[blob.mode])


def too_large(total: int, limit: int) -> Refusal:
    """What is said of a tree of `total` bytes."""
    mib = 1024 * 1024
    return Refusal(
        f"The files have {total / mib:,.0f} MiB together: more than the {limit / mib:,.0f} MiB of the sandbox's disk.",
        "Raise the limit of the disk, or keep large data out of the repository.",
    )
