"""What the verbs read of a repository before they begin: its configuration."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checks.model.errors import Refusal
from checks.repository import git, history
from checks.repository.snapshot import Snapshot, of_commit, of_working_tree

if TYPE_CHECKING:
    from checks import settings


@dataclass(frozen=True, slots=True)
class Found:
    """The bytes of a configuration, and how a person calls the file."""

    content: bytes
    place: str


def settings_of(path: Path, base: str | None = None) -> "settings.Settings":
    """The configuration that holds for a path: with a base, that of the base (a change never decides how it is judged);
    else the one that is there. The defaults where there is none. Raises Refusal for one that is not valid."""
    from checks import settings  # a tenth of a second that `--help` need not pay

    found = file_of(path, settings.PLACE, base)
    return settings.Settings() if found is None else settings.read(found.content, found.place)


def file_of(path: Path, name: str, base: str | None = None) -> Found | None:
    """A file of the repository that a path is in, by its path from the root: with a base, that of the base; else the
    one that is there. None where there is none. Raises Refusal for what is no regular file, or cannot be read."""
    if not os.path.lexists(path):
        raise Refusal(f"{path} does not exist or cannot be read.", "Name a file or a folder of the project.")
    git.refuse_outward(path)
    root = git.find_root(path)
    if root is None:
        place = path.resolve()
        # False, and no error, where nobody may look
        root = place if os.path.isdir(place) else place.parent  # noqa: PTH112
    if base is not None:
        if git.find_root(root) is None:
            raise git.outside(path, "--base has nothing to compare with", "Leave out --base.")
        return _read(of_commit(root, history.merge_base(root, base, "HEAD")), name, f" of {base}")
    if not os.path.lexists(root / name):
        return None
    # False, and no error, where nobody may look
    if os.path.isdir(root / name):  # noqa: PTH112
        raise Refusal(f"{name}: a folder is there.", "Make it a regular file.")
    found = _read(of_working_tree(root, (name,)), name)
    if found is None:
        raise Refusal(f"{name}: a link is in the way.", "Make its folder a real one.")
    return found


def _read(tree: Snapshot, name: str, whose: str = "") -> Found | None:
    """A file of a tree, None where it has no such file."""
    if name in {entry.path for entry in tree.files}:
        try:
            return Found(tree.read(name), name + whose)
        except OSError as error:
            raise Refusal(f"{name}{whose} cannot be read: {error.strerror}.", "Make it readable.") from None
    skipped = next((note for note in tree.skipped if note.file == name), None)
    if skipped is not None:
        raise Refusal(f"{name}{whose}: {skipped.reason}.", "Make it a regular file.")
    return None
