"""A repository of our own to merge in: it reads another's objects and has nothing else of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.model.errors import Refusal
from checks.repository import git, worktree
from checks.repository.scratch import folder


@contextmanager
def bench(root: Path) -> Iterator[Path]:
    """The work tree, empty, of a new repository that is gone at the end. It sees every object of the repository `root`
    and none of its hooks, filters, merge drivers, attributes and settings; what is made in it stays in it.

    Raises Refusal; one that is raised inside names `root` in the place of the temporary folder."""
    found = git.output(root, "rev-parse", "--path-format=absolute", "--git-path", "objects").rstrip(b"\n")
    kind = git.output(root, "rev-parse", "--show-object-format").decode().strip()
    with folder() as place:
        own = place / ".git"
        for part in ("objects/info", "refs"):
            (own / part).mkdir(parents=True)
        (own / "HEAD").write_text("ref: refs/heads/none\n")
        config = "[core]\n\trepositoryFormatVersion = 1\n\tbare = false\n"
        if kind != "sha1":
            config += f"[extensions]\n\tobjectFormat = {kind}\n"
        (own / "config").write_text(config)
        line = worktree.quoted(os.fsdecode(found)) + "\n"
        (own / "objects/info/alternates").write_bytes(os.fsencode(line))
        try:
            yield place
        except Refusal as refusal:
            raise Refusal(refusal.reason.replace(str(place), str(root)), refusal.hint) from None
