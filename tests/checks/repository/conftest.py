"""Real repositories in temporary folders."""

from pathlib import Path

import pytest

from tests.repositories import Repository, made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository on branch main."""
    return made(tmp_path / "work")


@pytest.fixture
def booby_trapped(repository: Repository, tmp_path: Path) -> tuple[Repository, Path]:
    """A repository with one commit in which every hook, filter, driver and program touches a marker; the marker."""
    marker = tmp_path / "marker"
    repository.put("a.py", "a = 1\nb = 2\n")
    repository.put(".gitattributes", "* filter=evil diff=evil merge=evil\n")
    repository.commit()
    touch = f"touch '{marker}'; cat"
    for hook in ("post-index-change", "reference-transaction", "pre-commit", "post-checkout", "post-commit"):
        place = repository.put(f".git/hooks/{hook}", f"#!/bin/sh\ntouch '{marker}'\n")
        place.chmod(0o755)
    for key in (
        "filter.evil.clean",
        "filter.evil.smudge",
        "diff.evil.textconv",
        "diff.evil.command",
        "merge.evil.driver",
    ):
        repository.git("config", key, touch)
    for key in ("core.fsmonitor", "core.sshCommand", "gpg.program", "diff.external", "core.pager", "core.editor"):
        repository.git("config", key, touch)
    repository.git("config", "core.hooksPath", str(repository.root / ".git/hooks"))
    repository.git("config", "commit.gpgSign", "true")
    for name in ("named=odd", "reference-transaction2"):
        repository.git("config", f"hook.{name}.command", touch)
        repository.git("config", "--add", f"hook.{name}.event", "reference-transaction")
        repository.git("config", "--add", f"hook.{name}.event", "post-index-change")
    marker.unlink(missing_ok=True)
    return repository, marker
