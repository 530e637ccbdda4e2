"""Who commits."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from checks.repository import git


@dataclass(frozen=True, slots=True)
class Person:
    """Who authors and commits."""

    name: str
    email: str

    def variables(self) -> dict[str, str]:
        """What git takes the author and the committer from."""
        return {
            "GIT_AUTHOR_NAME": self.name,
            "GIT_AUTHOR_EMAIL": self.email,
            "GIT_COMMITTER_NAME": self.name,
            "GIT_COMMITTER_EMAIL": self.email,
        }


def configured(root: Path, otherwise: Person) -> Person:
    """As git is told by the caller's variables or configuration; what it is told nothing of is that of `otherwise`."""
    return Person(
        os.environ.get("GIT_AUTHOR_NAME") or setting(root, "user.name") or otherwise.name,
        os.environ.get("GIT_AUTHOR_EMAIL") or setting(root, "user.email") or otherwise.email,
    )


def setting(root: Path, key: str) -> str:
    """One value of the configuration, the user's own included: reading it runs nothing. Empty where it is not set."""
    line, env = git.command(root, "config", "--get", key)
    for own in ("GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"):
        del env[own]
    env |= {name: os.environ[name] for name in ("HOME", "XDG_CONFIG_HOME") if name in os.environ}
    ran = subprocess.run(
        line, cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
    )
    return ran.stdout.decode("utf-8", "replace").strip()
