"""Real repositories, driven with the ordinary git as their owner would."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


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
        return self._head() or self.git("rev-parse", "HEAD").strip()

    def _head(self) -> str:
        """What HEAD names, read without another process; empty where that is not as simple as most often."""
        try:
            head = (self.root / ".git" / "HEAD").read_text("ascii").strip()
            name = head.removeprefix("ref: ")
            return head if name == head else (self.root / ".git" / name).read_text("ascii").strip()
        except (OSError, ValueError):
            return ""

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return (self.root / path).read_bytes()


def made(root: Path) -> Repository:
    """An empty repository on branch main."""
    root.mkdir(parents=True)
    repository = Repository(root)
    repository.git("init", "-q", "-b", "main", "--template=")
    return repository
