"""What the verbs read of a repository before they begin: its configuration."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from checks.model.errors import Refusal
from checks.repository import git, history
from checks.repository.snapshot import Snapshot, of_commit, of_working_tree

if TYPE_CHECKING:
    from checks import settings


def settings_of(path: Path, base: str | None = None) -> "settings.Settings":
    """The configuration that holds for a path: with a base, that of the base (a change never decides how it is judged);
    else the one that is there. The defaults where there is none. Raises Refusal for one that is not valid."""
    from checks import settings  # a tenth of a second that `--help` need not pay

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
            raise Refusal(
                f"{path} is not in a git repository: --base has nothing to compare with.", "Leave out --base."
            )
        return _read(of_commit(root, history.merge_base(root, base, "HEAD")), f" of {base}") or settings.Settings()
    if not os.path.lexists(root / settings.PLACE):
        return settings.Settings()
    # False, and no error, where nobody may look
    if os.path.isdir(root / settings.PLACE):  # noqa: PTH112
        raise Refusal(f"{settings.PLACE}: a folder is there.", "Make it a regular file.")
    found = _read(of_working_tree(root, (settings.PLACE,)))
    if found is None:
        raise Refusal(f"{settings.PLACE}: a link is in the way.", "Make its folder a real one.")
    return found


def _read(tree: Snapshot, whose: str = "") -> "settings.Settings | None":
    """The settings of a tree, None where it has no such file."""
    from checks import settings

    if settings.PLACE in {entry.path for entry in tree.files}:
        try:
            return settings.read(tree.read(settings.PLACE), settings.PLACE + whose)
        except OSError as error:
            raise Refusal(f"{settings.PLACE}{whose} cannot be read: {error.strerror}.", "Make it readable.") from None
    skipped = next((note for note in tree.skipped if note.file == settings.PLACE), None)
    if skipped is not None:
        raise Refusal(f"{settings.PLACE}{whose}: {skipped.reason}.", "Make it a regular file.")
    return None
