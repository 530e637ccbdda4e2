"""What the verbs read of a repository before they begin: its configuration."""

from pathlib import Path
from typing import TYPE_CHECKING

from checks.model.errors import Refusal
from checks.repository import git, history
from checks.repository.snapshot import of_commit, of_working_tree

if TYPE_CHECKING:
    from checks import settings


def settings_of(path: Path, base: str | None = None) -> "settings.Settings":
    """The configuration that holds for a path: with a base, that of the base (a change never decides how it is judged);
    else the one that is there. The defaults where there is none. Raises Refusal for one that is not valid."""
    from checks import settings  # a tenth of a second that `--help` need not pay

    if not path.exists():
        raise Refusal(f"{path} does not exist.", "Name a file or a folder of the project.")
    root = git.find_root(path)
    if root is None:
        root = path.resolve() if path.is_dir() else path.resolve().parent
    if base is not None:
        if not (root / ".git").exists():
            raise Refusal(
                f"{path} is not in a git repository: --base has nothing to compare with.", "Leave out --base."
            )
        commit = history.merge_base(root, base, "HEAD")
        tree = of_commit(root, commit)
        if settings.PLACE not in {entry.path for entry in tree.files}:
            return settings.Settings()
        return settings.read(tree.read(settings.PLACE))
    if not (root / settings.PLACE).exists():
        return settings.Settings()
    tree = of_working_tree(root, (settings.PLACE,))
    if not tree.files:
        why = tree.skipped[0].reason if tree.skipped else "it is not read"
        raise Refusal(f"{settings.PLACE}: {why}.", "Make it a regular file.")
    return settings.read(tree.read(settings.PLACE))
