"""Real repositories in temporary folders."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Repository:
    """A work tree and the ordinary git, which the tests use as its owner would."""

    root: Path

    def git(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> str:
        """Runs git and returns what it printed."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        env |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "protocol.file.allow=always")
        line = ["git", *who, *arguments]
        ran = subprocess.run(line, cwd=self.root, env=env, input=stdin, capture_output=True, check=False)
        assert not check or ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode("utf-8", "surrogateescape")

    def put(self, path: str, content: bytes | str) -> Path:
        """Writes a file, with the folders that it needs."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    def commit(self, **files: str) -> str:
        """Commits everything that is there and returns the commit."""
        for name, content in files.items():
            self.put(name + ".py", content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "work")
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository on branch main."""
    made = Repository(tmp_path / "work")
    made.root.mkdir()
    made.git("init", "-q", "-b", "main")
    return made


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
